"""A server of files on 127.0.0.1 that may behave badly."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kimidesk.checkpoints import download

CONTENT = bytes(range(256)) * 8192  # 2 MiB: more than one block


@dataclass
class Hub:
    """What the server serves and how badly, and what it was asked."""

    content: bytes = CONTENT
    files: dict[str, bytes] = field(default_factory=dict)  # by path; else `content`
    ranges: bool = True
    etag: str = ""
    lengths: bool = True  # whether it says how long an answer is
    status: int = 0  # answer only this
    moved: dict[str, str] = field(default_factory=dict)  # a path to an address
    break_after: int = 0  # bytes of an answer, once
    asked: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    address: str = ""


class Handler(BaseHTTPRequestHandler):
    """Answers for `served`."""

    served: Hub

    def do_GET(self) -> None:
        served = self.served
        wanted = self.headers.get("Range", "")
        served.asked.append(wanted)
        served.paths.append(self.path)
        if served.status:
            self.send_error(served.status)
            return
        if self.path in served.moved:
            self.send_response(302)
            self.send_header("Location", served.moved[self.path])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        content = served.files.get(self.path, served.content)
        same = self.headers.get("If-Range", served.etag) == served.etag
        start = int(wanted[6:-1]) if wanted and served.ranges and same else 0
        if start > len(content):
            self.send_error(416)
            return
        self._answer(content, start)

    def _answer(self, content: bytes, start: int) -> None:
        body = content[start:]
        self.send_response(206 if start else 200)
        if self.served.lengths:
            self.send_header("Content-Length", str(len(body)))
        if self.served.etag:
            self.send_header("ETag", self.served.etag)
        if start:
            end = len(content)
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{end}")
        self.end_headers()
        if self.served.break_after:
            body, self.served.break_after = body[: self.served.break_after], 0
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


def serving(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """The server, and the variable that points the program to it."""
    served = Hub()
    handler = type("Serving", (Handler,), {"served": served})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    served.address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("HF_ENDPOINT", f"{served.address}/")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(download, "PAUSE_S", 0.01)
    yield served
    server.shutdown()
    thread.join()
    server.server_close()
