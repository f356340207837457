"""A model with two versions, and a server on this machine that is told of its moves."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from runfolio.store import Store
from runfolio.store.registry.policies import set_policy
from runfolio.store.registry.registering import Source, register


@dataclass
class Heard:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: str


@dataclass
class Listener:
    """What a server was asked, and how it answers: each request takes the next answer, the last one stays."""

    url: str
    answers: list[Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)


def status(code: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answers with a status and a few words."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(b"words of the server")

    return answer


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A server on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            found.heard.append(Heard(self.path, dict(self.headers.items()), body))
            (found.answers.pop(0) if len(found.answers) > 1 else found.answers[0])(self)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found = Listener(f"http://127.0.0.1:{server.server_port}", [status(200)])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def churn(store: Store, tmp_path: Path) -> Callable[[str], None]:
    """A model with two versions; the function gives it events, written in YAML."""
    (tmp_path / "weights.bin").write_bytes(b"weights")
    for _ in range(2):
        register(store, "churn", Source(tmp_path / "weights.bin", "weights.bin"))

    def tell(events: str) -> None:
        set_policy(store, "churn", f"events: {events}")

    return tell
