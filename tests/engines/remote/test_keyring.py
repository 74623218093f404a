"""Keys that the system's keyring keeps, or does not tell."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kimidesk.checkpoints.remote import look_up, parse
from kimidesk.checkpoints.remote.keys import key_of
from kimidesk.engines.remote import Remote
from kimidesk.errors import BadCheckpoint
from tests.engines.remote.conftest import Handler, Told

keyring = pytest.importorskip("keyring")
Kept = dict[tuple[str, str], str]


@pytest.fixture
def kept() -> Iterator[Kept]:
    """What a keyring in memory keeps; "locked" in it locks it."""
    from keyring.backend import KeyringBackend
    from keyring.errors import KeyringLocked

    kept: Kept = {}

    class InMemory(KeyringBackend):
        priority = 1

        def get_password(self, service: str, username: str) -> str | None:
            if ("locked", "") in kept:
                raise KeyringLocked("nobody unlocked it")
            return kept.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            kept[service, username] = password

    before = keyring.get_keyring()
    keyring.set_keyring(InMemory())
    yield kept
    keyring.set_keyring(before)


def test_a_key_of_the_keyring_is_for_its_host(kept: Kept, monkeypatch: pytest.MonkeyPatch):
    keyring.set_password("kimidesk", "box.lan", "sk-kept")
    assert key_of(parse("http://box.lan:8000/v1")) == "sk-kept"
    assert key_of(parse("http://other.lan:8000/v1")) == ""
    monkeypatch.setenv("KIMIDESK_API_KEY_BOX_LAN", "sk-own")
    assert key_of(parse("http://box.lan:8000/v1")) == "sk-own"


def test_a_locked_keyring_is_told_where_the_server_wants_a_key(
    kept: Kept, told: Told, monkeypatch: pytest.MonkeyPatch
):
    kept["locked", ""] = ""
    monkeypatch.setattr(Handler, "do_GET", lambda handler: handler.whole({"error": "no"}, 401))
    with pytest.raises(BadCheckpoint, match="without a key") as caught:
        look_up(told.url)
    assert "is it locked? (nobody unlocked it)" in caught.value.hint


def test_a_locked_keyring_is_no_matter_where_no_key_is_wanted(
    kept: Kept, told: Told, open_remote: Callable[..., Remote]
):
    kept["locked", ""] = ""
    remote: Any = open_remote()
    assert remote.info.name == "m"
    assert set(told.keys) == {""}
