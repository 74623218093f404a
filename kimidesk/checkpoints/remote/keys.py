"""Where the key of a server comes from: the environment, or the system's keyring. Never a file."""

import importlib.util
import os
import re
from urllib.parse import urlsplit

from kimidesk.checkpoints.remote.address import Address
from kimidesk.errors import BadCheckpoint

VARIABLE = "KIMIDESK_API_KEY"
HOST_VARIABLE = "KIMIDESK_API_HOST"  # whom that is for; without it, servers of this machine
SERVICE = "kimidesk"  # in the keyring; the name of the user is the host


def variable_of(address: Address) -> str:
    """The variable for one host alone: api.openai.com → KIMIDESK_API_KEY_API_OPENAI_COM."""
    name = urlsplit(address.root).hostname or ""
    return f"{VARIABLE}_{re.sub('[^A-Z0-9]', '_', name.upper())}"


def key_of(address: Address) -> str:
    """The key, or "" where there is none; raises BadCheckpoint for one that no header can carry.

    The general variable is for servers of this machine, and for the host that HOST_VARIABLE names:
    an address may come from anywhere, and a key must not follow it. Unencrypted over a network only
    the variable of the host is sent.
    """
    own = os.environ.get(variable_of(address), "")
    host = urlsplit(address.root).hostname or ""
    meant = address.encrypted and host == os.environ.get(HOST_VARIABLE, "").strip().lower()
    general = os.environ.get(VARIABLE, "") if meant or address.local else ""
    key = (own or general or _from_keyring(address)[0]).strip()
    if not key.isascii() or not key.isprintable():
        raise BadCheckpoint(
            f"the key for {address.host} holds characters that no key has",
            hint=f"Check {variable_of(address)} and {VARIABLE}.",
        )
    return key


def hidden(text: str, key: str) -> str:
    """A server's words without the key, should it repeat it."""
    return text.replace(key, "…") if key else text


def where_to_put(address: Address) -> str:
    """What to do where a key is asked for and none was found."""
    what = f"Set {variable_of(address)}, or keep the key in the keyring: keyring set {SERVICE} "
    fault = _from_keyring(address)[1]
    what += urlsplit(address.root).hostname or ""
    return f"{what}\n{fault}" if fault else what


def _from_keyring(address: Address) -> tuple[str, str]:
    """The key that is kept there, and why none is told where there is a keyring."""
    if importlib.util.find_spec("keyring") is None:
        return "", ""
    import keyring
    from keyring.errors import KeyringError, NoKeyringError

    try:
        return keyring.get_password(SERVICE, urlsplit(address.root).hostname or "") or "", ""
    except NoKeyringError:
        return "", ""
    except KeyringError as error:
        return "", f"The keyring tells no key; is it locked? ({error or type(error).__name__})"
