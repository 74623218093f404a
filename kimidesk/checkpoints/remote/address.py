"""What a person may write to name a model on a server: http(s)://HOST[:PORT][/PATH][#MODEL]."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from kimidesk.errors import BadCheckpoint

SCHEMES = ("http://", "https://")


def is_remote(ref: str) -> bool:
    """Whether it names a server instead of a file."""
    return ref.lower().startswith(SCHEMES)


@dataclass(frozen=True, slots=True)
class Address:
    """A server, and the model that is meant on it; "" leaves the model to the server."""

    root: str  # scheme, host and port
    base: str  # `root` and the path below which chat/completions lies, such as …/v1
    host: str  # with the port where one was written
    model: str = ""

    @property
    def ref(self) -> str:
        """As a person would write it."""
        return f"{self.base}#{self.model}" if self.model else self.base

    @property
    def local(self) -> bool:
        """Whether it is this machine, so that nothing travels over a network."""
        name = urlsplit(self.root).hostname or ""
        try:
            return ip_address(name).is_loopback
        except ValueError:
            return name == "localhost"

    @property
    def encrypted(self) -> bool:
        return self.root.startswith("https://")


def parse(ref: str) -> Address:
    """Raises BadCheckpoint for what is no address, and for one that carries a password or a key."""
    try:
        parts = urlsplit(ref)
        port = parts.port
    except ValueError as error:
        raise BadCheckpoint(f"this is not an address: {error}") from error
    if parts.username is not None or parts.password is not None or parts.query:
        raise BadCheckpoint(
            "an address must not hold a name, a password or a query: traces keep it",
            hint="Put the key into the environment: KIMIDESK_API_KEY and KIMIDESK_API_HOST.",
        )
    if not parts.hostname:
        raise BadCheckpoint(
            f"{ref!r} names no server", hint="For example http://127.0.0.1:8080/v1#MODEL"
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    host = f"{host}:{port}" if port is not None else host
    root = f"{parts.scheme.lower()}://{host}"
    path = parts.path.rstrip("/").removesuffix("/chat/completions").removesuffix("/completions")
    return Address(root, root + (path or "/v1"), host, parts.fragment)
