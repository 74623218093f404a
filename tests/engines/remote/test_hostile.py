"""Servers that send others in their place, fill the memory, or hang; proxies; pace."""

import gzip
import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import pytest

from kimidesk.checkpoints import remote as servers
from kimidesk.engines.remote import Remote
from kimidesk.engines.remote.pace import MINUTE_S, Pace
from kimidesk.errors import BadCheckpoint, BadSettings
from kimidesk.records import Attempt, Ended, Message
from kimidesk.settings import Manners, load, settings_file
from tests.engines.remote.conftest import DONE, Handler, Told, event, serving, until_over

Open = Callable[..., Remote]
ASKED = (Message("user", "What is 17 + 25?"),)


def last_of(remote: Remote) -> tuple[Ended | None, str]:
    remote.add(Attempt("t", ASKED))
    last = until_over(remote)[-1]
    return last.ended, last.reason


def test_another_host_never_gets_the_key(
    told: Told, open_remote: Open, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("KIMIDESK_API_KEY", "sk-secret")
    with serving() as other:
        told.streams = [lambda h: h.raw(b"", 307, Location=f"{other.url}/chat/completions")]
        ended, reason = last_of(open_remote())
        assert ended is Ended.FAILED
        assert "elsewhere" in reason
        told.moved = f"{other.url}/models"
        with pytest.raises(BadCheckpoint, match="elsewhere"):
            open_remote()
        assert other.keys == []
        assert other.bodies == []


def test_a_compressed_bomb_is_refused_unread(told: Told, open_remote: Open):
    bomb = gzip.compress(bytes(64 << 20))
    told.streams = [lambda h: h.raw(bomb, 200, "text/event-stream", Content_Encoding="gzip")]
    ended, reason = last_of(open_remote())
    assert ended is Ended.FAILED
    assert "compressed (gzip)" in reason


def test_a_server_that_hangs_before_its_first_word_is_left(told: Told, open_remote: Open):
    told.streams = [lambda h: h.told.gone.wait(5)]
    begun = time.monotonic()
    ended, reason = last_of(open_remote())
    assert ended is Ended.FAILED
    assert "no first token within 1.5 s" in reason
    assert time.monotonic() - begun < 3


def test_a_refusal_that_never_ends_is_left(told: Told, open_remote: Open):
    def slow(handler: Handler) -> None:
        handler.send_response(400)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.told.gone.wait(5)

    told.streams = [slow]
    assert "did not end its answer within 1 s" in last_of(open_remote())[1]


def test_the_waits_are_a_persons_to_set(told: Told, open_remote: Open):
    told.streams = [lambda h: h.stream(event("4"), 5.0)]
    remote = open_remote(patience=None, manners=Manners(between_tokens_s=0.2))
    assert "no token within 0.2 s" in last_of(remote)[1]


def test_busy_without_a_word_when_is_asked_again_and_then_told(told: Told, open_remote: Open):
    told.streams = [lambda h: h.whole({"error": "busy"}, 429)]
    ended, reason = last_of(open_remote())
    assert ended is Ended.FAILED
    assert "asked too often" in reason
    assert "asked 3 times" in reason


def test_proxies_of_the_environment_are_obeyed(
    told: Told, open_remote: Open, monkeypatch: pytest.MonkeyPatch
):
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, told.url.removesuffix("/v1"))
    told.streams = [lambda h: h.stream(event("42", finish="stop"), DONE)]
    assert last_of(open_remote(ref="http://box.invalid/v1"))[0] is Ended.ANSWERED
    assert "box.invalid" in told.hosts
    with serving() as other:
        told.hosts.clear()
        open_remote(ref=other.url)  # NO_PROXY names it
        assert told.hosts == []


def test_a_key_of_the_keyring_is_for_its_host(monkeypatch: pytest.MonkeyPatch):
    keyring = pytest.importorskip("keyring")
    from keyring.backend import KeyringBackend

    from kimidesk.checkpoints.remote.keys import key_of

    class InMemory(KeyringBackend):
        priority = 1
        kept: ClassVar[dict[tuple[str, str], str]] = {}

        def get_password(self, service: str, username: str) -> str | None:
            return self.kept.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            self.kept[service, username] = password

    before = keyring.get_keyring()
    keyring.set_keyring(InMemory())
    try:
        keyring.set_password("kimidesk", "box.lan", "sk-kept")
        assert key_of(servers.parse("http://box.lan:8000/v1")) == "sk-kept"
        assert key_of(servers.parse("http://other.lan:8000/v1")) == ""
        monkeypatch.setenv("KIMIDESK_API_KEY_BOX_LAN", "sk-own")
        assert key_of(servers.parse("http://box.lan:8000/v1")) == "sk-own"
    finally:
        keyring.set_keyring(before)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_minute_sees_no_more_requests_than_are_allowed():
    clock = Clock()
    pace = Pace(Manners(requests_per_minute=2), clock)
    for now in (0.0, 1.0):
        clock.now = now
        assert pace.wait_s() == 0
        pace.began()
    assert pace.wait_s() == MINUTE_S - 1
    clock.now = MINUTE_S
    assert pace.wait_s() == 0


def test_tokens_that_were_spent_delay_the_next_request():
    clock = Clock()
    pace = Pace(Manners(tokens_per_minute=100), clock)
    pace.took(70)
    clock.now = 5.0
    pace.took(60)
    assert pace.wait_s() == MINUTE_S - 5
    clock.now = MINUTE_S + 1
    assert pace.wait_s() == 0
    assert Pace(Manners(), clock).wait_s() == 0


def test_a_pace_is_kept_between_traces(told: Told, open_remote: Open):
    told.streams = [lambda h: h.stream(event("42", finish="stop"), DONE)]
    remote = open_remote(manners=Manners(requests_per_minute=1))
    for trace in ("a", "b"):
        remote.add(Attempt(trace, ASKED))
    begun, ended = time.monotonic(), []
    while time.monotonic() - begun < 0.7:
        ended += [step.trace for step in remote.step() if step.ended]
    assert ended == ["a"]
    assert remote.live == 1


def test_manners_stand_in_the_settings_by_host(home: Path):
    settings_file().parent.mkdir(parents=True)
    settings_file().write_text('[servers."box.lan:8000"]\nrequests_per_minute = 60\n')
    kept = load().servers
    assert servers.manners_for("http://box.lan:8000/v1#m", kept).requests_per_minute == 60
    assert servers.manners_for("http://box.lan/v1", kept) == Manners()
    assert servers.manners_for("file.gguf", kept) == Manners()
    settings_file().write_text('[servers."box.lan:8000"]\nconnect_s = 0\n')
    with pytest.raises(BadSettings, match="connect_s of box"):
        load()
