"""A server of a model in a process of its own, as a user starts it, and clients that are written by hand."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import psutil

JSON = "application/json"
SECONDS = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server has answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        """The body as JSON says it."""
        return json.loads(self.body)

    @property
    def predictions(self) -> Any:
        """Those of a request that went well."""
        assert self.status == 200, self.body
        return self.told["predictions"]


@dataclass
class Server:
    """A server: `with Server(folder) as server`, which is up then.

    Attributes:
        options: of the command line.
        fails: whether it may end before it is up.
        stderr: what it has printed for people, in full once it has ended.
    """

    model: str | Path
    options: Sequence[str] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    python: str = sys.executable
    fails: bool = False
    stderr: str = ""
    code: int | None = None

    def __enter__(self) -> Self:
        arguments = ["-m", "runfolio", "models", "serve", "-m", str(self.model), "--json", "--trust", *self.options]
        if "-p" not in self.options:
            arguments += ["-p", "0"]
        self.process = subprocess.Popen(
            [self.python, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **self.variables},
        )
        assert self.process.stderr is not None
        self._lines: list[str] = []
        self._reader = threading.Thread(target=self._lines.extend, args=(self.process.stderr,))
        self._reader.start()
        told = self._ready()
        assert told or self.fails, self.stderr
        self.address = str(told.get("address", ""))
        self.host, self.port = urlsplit(self.address).hostname or "", urlsplit(self.address).port or 0
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def _ready(self) -> dict[str, Any]:
        """What it prints once it answers; nothing where it ends before."""
        assert self.process.stdout is not None
        text = ""
        for line in self.process.stdout:
            text += line
            if line.rstrip() == "}":
                return dict(json.loads(text))
        self._ended()
        return {}

    def end(self, number: int = signal.SIGTERM) -> int:
        """Have it end, and wait for that; its exit code."""
        if self.code is None:
            self.process.send_signal(number)
            self._ended()
        assert self.code is not None
        return self.code

    def _ended(self) -> None:
        assert self.process.stdout is not None
        try:
            self.code = self.process.wait(SECONDS)
        finally:
            self.process.kill()
            self._reader.join(SECONDS)
            self.stderr = "".join(self._lines)
            self.process.stdout.close()
            assert self.process.stderr is not None
            self.process.stderr.close()

    def connection(self) -> http.client.HTTPConnection:
        """A connection, which the caller closes."""
        return http.client.HTTPConnection(self.host, self.port, timeout=SECONDS)

    def ask(
        self,
        body: Any = None,
        kind: str = JSON,
        *,
        method: str = "POST",
        path: str = "/invocations",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer to one request on a connection of its own; a body that is no bytes is sent as JSON."""
        connection = self.connection()
        sent = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        try:
            connection.request(method, path, sent, {**({"Content-Type": kind} if kind else {}), **(headers or {})})
            return read(connection)
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        """The answer to GET."""
        return self.ask(None, "", method="GET", path=path, headers=headers)

    @contextmanager
    def connection_of(self, body: Any) -> Iterator[None]:
        """A connection on which something is asked, which is closed without having read the answer."""
        with closing(self.connection()) as connection:
            connection.request("POST", "/invocations", json.dumps(body).encode(), {"Content-Type": JSON})
            yield

    def raw(self) -> socket.socket:
        """A bare connection, which the caller closes."""
        return socket.create_connection((self.host, self.port), SECONDS)

    @property
    def printed(self) -> str:
        """What it has printed for people until now."""
        return "".join(self._lines)

    @property
    def workers(self) -> list[int]:
        """The numbers of the model's processes."""
        return [int(number) for number in self.get("/status").told["processes"]]

    def lives(self) -> bool:
        """Whether it answers that it is well."""
        return self.get("/ping").status == 200


def read(connection: http.client.HTTPConnection) -> Answer:
    """The answer to what was asked on a connection."""
    reply = connection.getresponse()
    headers = {name.lower(): value for name, value in reply.getheaders()}
    return Answer(reply.status, headers, reply.read())


def until_closed(connection: socket.socket) -> bytes:
    """All that comes on a connection until the server closes it."""
    found = bytearray()
    try:
        while piece := connection.recv(1 << 16):
            found += piece
    except ConnectionError:
        pass
    return bytes(found)


def is_there(number: int) -> bool:
    """Whether a process runs."""
    try:
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
