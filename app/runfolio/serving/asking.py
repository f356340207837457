"""Asking a server over HTTP, from a thread that can be told to wait no more."""

from __future__ import annotations

import http.client
import json
import selectors
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from runfolio.core.errors import EnvironmentProblem
from runfolio.core.serving.records import LOOPBACK, ServerInfo

JSON = "application/json"
#: Bytes of an answer that are read.
LARGEST = 64 << 20
#: Seconds that a server has to take a connection, and to send the rest of what it has begun to.
PATIENCE = 5.0
#: Seconds between two looks at whether anybody waits.
LOOK = 0.1


class NoAnswer(EnvironmentProblem):
    """The server could not be reached, or did not answer in time."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server has answered.

    Attributes:
        status: of HTTP.
        version: of the model that answered; "" where it has none.
        seconds: until the whole answer was there.
    """

    status: int
    body: bytes
    version: str
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether the server did what it was asked."""
        return self.status < 400

    def json(self) -> Any:
        """The body as JSON; None of what is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True, slots=True)
class Status:
    """How a server fares, as its `/status` tells.

    Attributes:
        ready: whether it answers.
        problem: why a version has not taken over; "" for nothing.
        processes: of the model.
        per_second: requests, of late.
        p50, p99: latencies in milliseconds; None before the first request.
        log: the last lines that the model's processes have printed.
    """

    version: str = ""
    ready: bool = False
    problem: str = ""
    processes: tuple[int, ...] = ()
    requests: int = 0
    errors: int = 0
    per_second: float = 0.0
    p50: float | None = None
    p99: float | None = None
    restarts: int = 0
    swaps: int = 0
    log: tuple[str, ...] = ()


def ask(
    server: ServerInfo,
    path: str,
    body: bytes | None = None,
    *,
    kind: str = JSON,
    seconds: float = PATIENCE,
    stopped: Callable[[], bool] = lambda: False,
) -> Reply:
    """Ask a server: GET, or POST with a body. No proxy is used.

    Args:
        kind: the body's content type.
        seconds: that it has until it begins to answer.
        stopped: whether nobody waits any more; it is asked every 0.1 s.

    Raises:
        NoAnswer: it cannot be reached, does not answer in time, or nobody waits.
    """
    place = urlsplit(server.address)
    began = time.monotonic()
    connection = http.client.HTTPConnection(place.hostname or LOOPBACK, place.port, timeout=PATIENCE)
    try:
        with closing(connection):
            connection.request("GET" if body is None else "POST", path, body, _headers(server, body, kind))
            _wait(connection, began + seconds, stopped)
            response = connection.getresponse()
            read = response.read(LARGEST + 1)
    except (OSError, http.client.HTTPException) as problem:
        raise NoAnswer(f"{server.address} does not answer: {problem or type(problem).__name__}.") from problem
    if len(read) > LARGEST:
        raise NoAnswer(f"The answer has more than {LARGEST:,} bytes.", "Ask for fewer rows.")
    return Reply(response.status, read, response.headers.get("x-model-version", ""), time.monotonic() - began)


def status_of(server: ServerInfo) -> Status | None:
    """How a server fares; None while it does not answer."""
    if not server.running or not server.address:
        return None
    try:
        told = ask(server, "/status").json()
    except NoAnswer:
        return None
    return read_status(told) if isinstance(told, Mapping) else None


def read_status(told: Mapping[str, Any]) -> Status:
    """What `/status` tells; what is not of its kind counts for nothing."""
    latency = told.get("latency_ms")
    latencies = latency if isinstance(latency, Mapping) else {}
    return Status(
        _text(told.get("version")),
        told.get("ready") is True,
        _text(told.get("problem")),
        tuple(one for one in _list(told.get("processes")) if isinstance(one, int)),
        int(_number(told.get("requests")) or 0),
        int(_number(told.get("errors")) or 0),
        _number(told.get("per_second")) or 0.0,
        _number(latencies.get("p50")),
        _number(latencies.get("p99")),
        int(_number(told.get("restarts")) or 0),
        int(_number(told.get("swaps")) or 0),
        tuple(_text(line) for line in _list(told.get("log"))),
    )


def _headers(server: ServerInfo, body: bytes | None, kind: str) -> dict[str, str]:
    headers = {"Accept": JSON} if body is None else {"Content-Type": kind}
    if server.wanted.token:
        headers["Authorization"] = f"Bearer {server.wanted.token}"
    return headers


def _wait(connection: http.client.HTTPConnection, until: float, stopped: Callable[[], bool]) -> None:
    """Return when the answer begins. Raises TimeoutError, InterruptedError."""
    with selectors.DefaultSelector() as selector:  # `select` takes none but the first 1,024 files of a process
        selector.register(connection.sock, selectors.EVENT_READ)
        while not selector.select(LOOK):
            if stopped():
                raise InterruptedError("nobody waits any more")
            if time.monotonic() > until:
                raise TimeoutError("it took too long")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
