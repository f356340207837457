"""What the server answers: MLflow's routes, and those that tell how it fares. An ASGI application."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from email.message import Message
from http import HTTPStatus
from typing import Any, TypeAlias

import runfolio
from runfolio.core.serving.records import Limits
from runfolio.serving.front.access import Access
from runfolio.serving.front.document import openapi, page
from runfolio.serving.front.figures import Figures
from runfolio.serving.front.pool import unavailable
from runfolio.serving.front.served import Served
from runfolio.serving.worker.replies import Reply, of_error
from runfolio.serving.worker.requests import TYPES

Event: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Event]]
#: Counts so many more bytes; whether there is room for them.
Hold: TypeAlias = Callable[[int], bool]
Send: TypeAlias = Callable[[Event], Awaitable[None]]
TEXT, HTML, PROMETHEUS = "text/plain; charset=utf-8", "text/html; charset=utf-8", "text/plain; version=0.0.4"
#: Seconds that a request is still read for which is refused before it was read.
READ_ON = 1.0


class _Gone(Exception):
    """Who has asked has closed the connection."""


class _NoRoom(Exception):
    """With this request, all that come and wait would take too much memory."""


class App:
    """The application of a server.

    Args:
        served: what answers.
    """

    def __init__(self, served: Served, access: Access, limits: Limits, figures: Figures) -> None:
        self._served, self._access, self._limits, self._figures = served, access, limits, figures
        self._held = 0
        self._routes: dict[tuple[str, str], Callable[[], Reply]] = {
            ("GET", "/ping"): self._health,
            ("GET", "/health"): self._health,
            ("GET", "/version"): lambda: Reply(HTTPStatus.OK, runfolio.__version__.encode()),
            ("GET", "/metrics"): lambda: Reply(HTTPStatus.OK, figures.prometheus().encode(), PROMETHEUS),
            ("GET", "/status"): lambda: _json(served.told() | figures.told()),
            ("GET", "/openapi.json"): lambda: _json(openapi(served.model, served.title, served.example)),
            ("GET", "/docs"): lambda: Reply(HTTPStatus.OK, page(served.model, served.title).encode(), HTML),
        }

    async def __call__(self, scope: Event, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        path = scope["path"]
        refused = self._access.refusal(path, headers)
        if refused is not None:
            if "expect" not in headers:
                await _read_on(receive)
            await _reply(send, refused, close=True)
        elif path == "/invocations" and scope["method"] == "POST":
            await self._invoked(headers, receive, send)
        else:
            await _reply(send, self._plain(scope["method"], path), posted=path == "/invocations")

    async def _invoked(self, headers: dict[str, str], receive: Receive, send: Send) -> None:
        """Answer a request for predictions, unless its client goes away before that."""
        began = time.monotonic()
        try:
            with self._holding() as hold:
                refused, kind, body = await self._read(headers, receive, hold)
                reply, version = (refused, "") if refused is not None else await self._asked(kind, body, receive)
        except _Gone:
            return
        self._figures.note(reply.status, time.monotonic() - began)
        if refused is not None and "expect" not in headers:
            await _read_on(receive)
        await _reply(send, reply, close=refused is not None, version=version)

    @contextlib.contextmanager
    def _holding(self) -> Iterator[Hold]:
        """Counts bytes of a request for as long as the block lasts, and tells whether there was room for them."""
        held = 0

        def hold(number: int) -> bool:
            nonlocal held
            held += number
            self._held += number
            return self._held <= self._limits.held

        try:
            yield hold
        finally:
            self._held -= held

    def _plain(self, method: str, path: str) -> Reply:
        found = self._routes.get(("GET" if method == "HEAD" else method, path))
        if found is not None:
            return found()
        if path == "/invocations" or any(path == known for _, known in self._routes):
            return of_error(HTTPStatus.METHOD_NOT_ALLOWED, "BAD_REQUEST", f"{path} is not asked by {method}.")
        return of_error(
            HTTPStatus.NOT_FOUND, "ENDPOINT_NOT_FOUND", f"There is no {path[:100]} here; /docs tells what is."
        )

    def _health(self) -> Reply:
        ready = self._served.ready
        return Reply(HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE, b"\n")

    async def _read(self, headers: dict[str, str], receive: Receive, hold: Hold) -> tuple[Reply | None, str, bytes]:
        """Why a request is refused before all of it was read, or None; its type and its body."""
        kind, wrong = _kind(headers)
        if wrong:  # as MLflow's server says it
            return Reply(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, wrong.encode("utf-8", "replace"), TEXT), kind, b""
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length[:20]) > self._limits.bytes:
            return self._too_large(), kind, b""
        try:
            async with asyncio.timeout(self._limits.idle):
                body = await _body(receive, self._limits.bytes, hold)
        except TimeoutError:
            message = f"The request took longer than {self._limits.idle:g} seconds to come."
            return of_error(HTTPStatus.REQUEST_TIMEOUT, "BAD_REQUEST", message), kind, b""
        except _NoRoom:
            return unavailable("Too many bytes of requests wait for the model."), kind, b""
        if body is None:
            return self._too_large(), kind, b""
        return None, kind, body

    async def _asked(self, kind: str, body: bytes, receive: Receive) -> tuple[Reply, str]:
        """The answer, and the version that it was put to. Raises _Gone as soon as nobody waits for it any more."""
        asked = asyncio.ensure_future(self._served.ask(kind, body))
        gone = asyncio.ensure_future(_until_gone(receive))
        try:
            await asyncio.wait((asked, gone), return_when=asyncio.FIRST_COMPLETED)
            if not asked.done():
                raise _Gone
            return asked.result()
        finally:
            asked.cancel()
            gone.cancel()

    def _too_large(self) -> Reply:
        message = f"A request has at most {self._limits.bytes:,} bytes."
        return of_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "BAD_REQUEST", message)


async def _body(receive: Receive, most: int, hold: Hold) -> bytes | None:
    """All of a request's body; None where it is larger. Raises _Gone, _NoRoom."""
    parts: list[bytes] = []
    size = 0
    while True:
        event = await receive()
        if event["type"] != "http.request":
            raise _Gone
        parts.append(event.get("body", b""))
        size += len(parts[-1])
        if size > most:
            return None
        if not hold(len(parts[-1])):
            raise _NoRoom
        if not event.get("more_body"):
            return b"".join(parts)


async def _until_gone(receive: Receive) -> None:
    """Return when who has asked, and sent all of it, closes the connection."""
    while (await receive())["type"] == "http.request":
        pass


async def _read_on(receive: Receive) -> None:
    """Read what is refused for a while: who still sends would not see the answer on a connection that is closed."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(READ_ON):
            while (event := await receive()).get("more_body") and event["type"] == "http.request":
                pass


async def _reply(send: Send, reply: Reply, *, close: bool = False, posted: bool = False, version: str = "") -> None:
    status, body = reply.status, reply.body
    headers = [(b"content-type", reply.type.encode()), (b"content-length", str(len(body)).encode())]
    if close:
        headers.append((b"connection", b"close"))
    if status == HTTPStatus.UNAUTHORIZED:
        headers.append((b"www-authenticate", b"Bearer"))
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append((b"retry-after", b"1"))
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers.append((b"allow", b"GET, HEAD" if not posted else b"POST"))
    if version:
        headers.append((b"x-model-version", version.encode("latin-1", "replace")))
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _kind(headers: Mapping[str, str]) -> tuple[str, str]:
    """The type of a request, and what is wrong with it."""
    if headers.get("content-encoding", "identity") != "identity":
        return "", "Requests are taken as they are, not compressed."
    header, parsed = headers.get("content-type", ""), Message()
    parsed["content-type"] = header
    kind = parsed.get_content_type() if header else ""
    more = {name: value for name, value in parsed.get_params([])[1:]} if header else {}
    if kind not in TYPES:
        return kind, f"The content type is {kind[:100] or 'missing'}, and must be one of {', '.join(TYPES)}."
    if more and (set(more) != {"charset"} or more["charset"].lower() not in ("utf-8", "utf8")):
        return kind, f"{kind} may have the parameter charset=utf-8 alone."
    return kind, ""


def _json(value: Any) -> Reply:
    return Reply(HTTPStatus.OK, json.dumps(value).encode())
