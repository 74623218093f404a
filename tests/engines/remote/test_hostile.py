"""Servers that send others in their place, fill the memory, or hang; proxies; pace."""

import base64
import gzip
import io
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from kimidesk.checkpoints import remote as servers
from kimidesk.checkpoints.remote.keys import key_of
from kimidesk.engines.remote import Remote
from kimidesk.engines.remote.pace import MINUTE_S, Pace
from kimidesk.engines.remote.pictures import data_uri
from kimidesk.errors import BadCheckpoint, BadSettings, Refused
from kimidesk.records import Attempt, Ended, Message
from kimidesk.settings import Manners, load, settings_file
from tests.engines.remote.conftest import DONE, Handler, Told, event, said, serving, until_over

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
    for name in ("connect_s", "tries"):
        settings_file().write_text(f'[servers."box.lan:8000"]\n{name} = 0\n')
        with pytest.raises(BadSettings, match=f"{name} of box"):
            load()


def test_the_general_key_goes_to_no_host_that_was_not_meant(monkeypatch: pytest.MonkeyPatch):
    """An address may come from a file of anybody's."""
    monkeypatch.setenv("KIMIDESK_API_KEY", "sk-general")
    assert key_of(servers.parse("https://evil.example/v1")) == ""
    assert key_of(servers.parse("http://127.0.0.1:8000/v1")) == "sk-general"
    monkeypatch.setenv("KIMIDESK_API_HOST", "api.example.com")
    assert key_of(servers.parse("https://api.example.com/v1")) == "sk-general"
    assert key_of(servers.parse("http://api.example.com/v1")) == "", "not over an open wire"
    assert key_of(servers.parse("https://evil.example/v1")) == ""


def test_a_key_that_a_stream_says_back_is_not_told(
    told: Told, open_remote: Open, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("KIMIDESK_API_KEY", "sk-secret")
    told.streams = [lambda h: h.stream(said({"error": {"message": "wrong key: sk-secret"}}))]
    remote = open_remote()
    remote.add(Attempt("t", (Message("user", "?"),)))
    reason = until_over(remote)[-1].reason
    assert "wrong key" in reason
    assert "sk-secret" not in reason


@pytest.mark.parametrize("asked", ["²", "½", "soon", "-1", "1e9"])
def test_a_pause_that_is_no_number_ends_no_trace_for_ever(
    told: Told, open_remote: Open, asked: str
):
    told.streams = [
        lambda h: h.raw(
            b"{}", 429, "application/json", Retry_After=asked.encode().decode("latin1")
        ),
        lambda h: h.stream(event("42", finish="stop"), DONE),
    ]
    remote = open_remote()
    remote.add(Attempt("t", (Message("user", "?"),)))
    assert until_over(remote)[-1].ended is Ended.ANSWERED


def test_a_refusal_whose_words_never_come_is_asked_again(told: Told, open_remote: Open):
    def half(handler: Handler) -> None:
        handler.send_response(503)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.flush()
        time.sleep(1.5)  # longer than a token may take

    told.streams = [half, lambda h: h.stream(event("42", finish="stop"), DONE)]
    remote = open_remote()
    remote.add(Attempt("t", (Message("user", "?"),)))
    assert until_over(remote)[-1].ended is Ended.ANSWERED


@pytest.mark.parametrize("aliases", [None, 5, {"m": 1}, [["m"]]])
def test_a_list_of_models_may_hold_anything(
    told: Told, open_remote: Open, monkeypatch: pytest.MonkeyPatch, aliases: object
):
    rows = [{"id": "other", "aliases": aliases}, {"id": "m", "aliases": aliases}]
    monkeypatch.setattr(Handler, "do_GET", lambda handler: handler.whole({"data": rows}))
    assert open_remote(ref=f"{told.url}#m").info.name == "m"


def test_json_that_is_too_deep_is_no_list_of_models(
    open_remote: Open, monkeypatch: pytest.MonkeyPatch
):
    deep = b'{"data":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    monkeypatch.setattr(Handler, "do_GET", lambda handler: handler.raw(deep, 200, "a/json"))
    with pytest.raises(BadCheckpoint, match="does not answer with a list"):
        open_remote()


def test_a_proxy_that_cannot_be_used_is_told(open_remote: Open, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    with pytest.raises(BadCheckpoint, match="through the proxy of the environment"):
        open_remote()


def test_a_picture_is_sent_upright_and_without_what_else_its_file_knows(tmp_path: Path):
    image = Image.new("RGB", (60, 40), "red")
    about = image.getexif()
    about[0x0112], about[0x010F] = 6, "a camera's name"  # turned by a quarter
    image.save(tmp_path / "p.jpg", exif=about)

    uri = data_uri(tmp_path / "p.jpg")

    raw = base64.b64decode(uri.split(",")[1])
    assert b"camera" not in raw
    assert Image.open(io.BytesIO(raw)).size == (40, 60)
    (tmp_path / "t.png").write_bytes(b"no picture")
    with pytest.raises(Refused, match="no PNG, JPEG or WebP"):
        data_uri(tmp_path / "t.png")
