"""A server that can be told to misbehave: real sockets, one thread a connection."""

import json
import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from kimidesk.engines.remote import Remote
from kimidesk.engines.remote.patience import Patience
from kimidesk.settings import Manners
from kimidesk.wire.messages import OpenCheckpoint
from tests.engines.remote.llama import free_port, start_llama

Answer = Callable[["Handler"], None]
Opens = Callable[[], Remote]
TEMPLATE = (
    "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}"
    "{% if add_generation_prompt %}[assistant]<think>{% endif %}"
)
NO_MANNERS = Manners()
QUICK = Patience(connect_s=2, first_s=1.5, between_s=1, tries=3, pause_s=0.01, longest_s=0.5)


@dataclass
class Told:
    """What the server does, and what it was asked."""

    streams: list[Answer] = field(default_factory=list)  # one a request; the last one stays
    models: tuple[str, ...] = ("m",)
    context: int = 0  # as the list of models tells it; 0: it does not
    trial: dict[str, Any] = field(default_factory=dict)  # the message of the trial's answer
    logprobs: bool = False
    owner: str = "somebody"
    raw: bool = False  # takes raw completions
    props: tuple[int, dict[str, Any]] = (404, {})  # status and facts of a llama-server
    echo: bool = False  # and rates what it is given
    moved: str = ""  # where the list of models is said to be
    picky: Callable[["Handler", dict[str, Any]], bool] = lambda *_: False  # has it refused?
    paths: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    gone: threading.Event = field(default_factory=threading.Event)  # a client has hung up
    url: str = ""


class Handler(BaseHTTPRequestHandler):
    told: Told

    def do_GET(self) -> None:
        self.told.keys.append(self.headers.get("Authorization", ""))
        path = urlsplit(self.path).path  # a proxy is told the whole address
        self.told.hosts.append(self.headers.get("Host", ""))
        if self.told.moved:
            self.raw(b"", 301, Location=self.told.moved)
        elif path == "/v1/models":
            about = {"owned_by": self.told.owner, "max_model_len": self.told.context}
            rows = [{"id": name} | about for name in self.told.models]
            self.whole({"data": rows})
        elif path == "/props":
            status, facts = self.told.props
            self.whole(facts, status)
        else:
            self.whole({"error": "no such page"}, 404)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.told.bodies.append(body)
        self.path = urlsplit(self.path).path
        self.told.paths.append(self.path)
        if self.told.picky(self, body):
            return
        if self.path == "/v1/completions" and not body.get("stream"):
            self.complete(body)
            return
        if not body.get("stream"):
            row = {"token": "H", "logprob": -0.1, "top_logprobs": [{"token": "H", "logprob": -0.1}]}
            choice = {"message": {"content": "Hi"} | self.told.trial}
            if self.told.logprobs:
                choice["logprobs"] = {"content": [row]}
            self.whole({"choices": [choice]})
            return
        streams = self.told.streams
        (streams.pop(0) if len(streams) > 1 else streams[0])(self)

    def complete(self, body: dict[str, Any]) -> None:
        """A raw completion of one word; with echo the prompt comes back, a token a word."""
        if not self.told.raw or (body.get("echo") and not self.told.echo):
            self.whole({"error": "not here"}, 404)
            return
        tokens = re.findall(r"\s*\S+|\s+$", body["prompt"]) if body.get("echo") else []
        tokens = [*tokens, " Hi"]
        numbers = [None if body.get("echo") and not n else -0.5 for n in range(len(tokens))]
        tops = [{token: -0.5, " else": -1.5} for token in tokens]
        told = {"tokens": tokens, "token_logprobs": numbers, "top_logprobs": tops}
        choice = {"text": "".join(tokens), "logprobs": told, "finish_reason": "length"}
        usage = {"prompt_tokens": len(tokens) - 1, "completion_tokens": 1}
        self.whole({"choices": [choice], "usage": usage})

    def whole(self, table: Any, status: int = 200, **headers: str) -> None:
        self.raw(json.dumps(table).encode(), status, "application/json", **headers)

    def raw(self, data: bytes, status: int = 200, kind: str = "", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def stream(self, *parts: bytes | float) -> None:
        """Events as they are; a number is a pause. The connection ends with them."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            for part in parts:
                if isinstance(part, bytes):
                    self.wfile.write(part)
                    self.wfile.flush()
                elif self.told.gone.wait(part):
                    break
        except OSError:
            self.told.gone.set()

    def log_message(self, format: str, *args: object) -> None:
        """A test's output is its own."""


def event(content: str = "", finish: str | None = None, **delta: Any) -> bytes:
    told = {"content": content} | delta if content or delta else {}
    return said({"choices": [{"delta": told, "finish_reason": finish}]})


def word(text: str = "", finish: str | None = None, logprob: float = -0.5) -> bytes:
    """An event of a raw completion: one token, with numbers."""
    told = {"tokens": [text], "token_logprobs": [logprob], "top_logprobs": [{text: logprob}]}
    choice = {"text": text, "logprobs": told if text else None, "finish_reason": finish}
    return said({"choices": [choice]})


def said(table: Any) -> bytes:
    return f"data: {json.dumps(table)}\n\n".encode()


DONE = b"data: [DONE]\n\n"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as told:
        yield told


@contextmanager
def serving() -> Iterator[Told]:
    told = Told()
    handler = type("Told", (Handler,), {"told": told})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    told.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield told
    finally:
        told.gone.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def open_remote(told: Told) -> Iterator[Callable[..., Remote]]:
    opened: list[Remote] = []

    def open_(
        patience: Patience | None = QUICK,
        slots: int = 4,
        ref: str = "",
        manners: Manners = NO_MANNERS,
        context: int = 0,
    ) -> Remote:
        options = OpenCheckpoint(ref or told.url, slots=slots, context=context, manners=manners)
        opened.append(Remote(options, patience))
        return opened[-1]

    yield open_
    for remote in opened:
        remote.close()


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A file that a person names: the chat template of a model that thinks."""
    file = tmp_path / "think.jinja"
    file.write_text(TEMPLATE)
    return file


@pytest.fixture
def raw(told: Told, open_remote: Callable[..., Remote], template: Path) -> Opens:
    """Opens a server that completes text."""
    told.raw, told.owner, told.models = True, "vllm", ("m-thinking",)
    return lambda: open_remote(manners=Manners(chat_template=str(template)))


def until_over(remote: Remote, limit_s: float = 10) -> list[Any]:
    """Every step until nothing grows."""
    steps, begun = [], time.monotonic()
    while remote.live:
        steps += remote.step()
        assert time.monotonic() - begun < limit_s, "it goes on and on"
    return steps


@pytest.fixture(scope="session")
def llama_binary() -> str:
    """A real llama-server: KIMIDESK_TEST_LLAMA_SERVER=FILE, or the one on the path, if any."""
    binary = os.environ.get("KIMIDESK_TEST_LLAMA_SERVER") or shutil.which("llama-server")
    if binary is None:
        pytest.skip("no llama-server: KIMIDESK_TEST_LLAMA_SERVER names none, nor does the path")
    return binary


@pytest.fixture(scope="session")
def llama_server(gguf: Path, llama_binary: str) -> Iterator[str]:
    """The address of one."""
    port = free_port()
    process = start_llama(llama_binary, gguf, port)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()
