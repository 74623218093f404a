"""How a server is named, and where its key may go."""

import pytest

from kimidesk.checkpoints.catalog import for_worker, look_up
from kimidesk.checkpoints.remote import is_remote, parse
from kimidesk.checkpoints.remote.keys import key_of, variable_of
from kimidesk.engines.remote.patience import Patience, seconds_of
from kimidesk.errors import BadCheckpoint


@pytest.mark.parametrize(
    ("ref", "base", "model"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1", ""),
        ("http://127.0.0.1:8080/v1/", "http://127.0.0.1:8080/v1", ""),
        ("https://api.openai.com/v1/chat/completions", "https://api.openai.com/v1", ""),
        ("https://h.example/v1#a/b c", "https://h.example/v1", "a/b c"),
        ("http://[::1]:1234#m", "http://[::1]:1234/v1", "m"),
    ],
)
def test_an_address_is_tidied(ref: str, base: str, model: str):
    assert is_remote(ref)
    address = parse(ref)
    assert (address.base, address.model) == (base, model)
    assert parse(address.ref) == address
    assert for_worker(ref) == address.ref


@pytest.mark.parametrize(
    "ref", ["http://me:secret@host/v1", "https://host/v1?key=secret", "http://", "http://h:99999"]
)
def test_an_address_with_a_secret_or_without_a_server_is_refused(ref: str):
    with pytest.raises(BadCheckpoint) as caught:
        parse(ref)
    assert "secret" not in str(caught.value)


def test_a_server_has_no_file_to_describe():
    with pytest.raises(BadCheckpoint, match="no file"):
        look_up("http://127.0.0.1:1/v1")


def test_the_general_key_does_not_cross_a_network_unencrypted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KIMIDESK_API_KEY", "general")
    plain, safe = parse("http://box.lan:8000"), parse("https://box.lan")
    assert key_of(plain) == ""
    assert key_of(safe) == "", "it is not the host that was meant"
    monkeypatch.setenv("KIMIDESK_API_HOST", "box.lan")
    assert key_of(plain) == ""
    assert key_of(safe) == "general"
    assert key_of(parse("http://localhost:1")) == "general"
    assert variable_of(plain) == "KIMIDESK_API_KEY_BOX_LAN"
    monkeypatch.setenv("KIMIDESK_API_KEY_BOX_LAN", "own")
    assert key_of(plain) == key_of(safe) == "own"


def test_pauses_double_up_to_a_limit_and_heed_the_server():
    patience = Patience(pause_s=1, longest_s=8)
    for failed, most in ((1, 1), (2, 2), (4, 8), (9, 8)):
        assert most / 2 <= patience.pause(failed) <= most
    assert patience.pause(1, "3") == 3
    assert patience.pause(1, "99") == 8
    assert seconds_of("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert seconds_of("soon") is None
