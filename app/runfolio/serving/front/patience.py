"""How long, and how much, a client may send before the head of a request is whole, and how long it may read nothing.

uvicorn itself sets no limit to these.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

#: Bytes that a client may send before a head is whole.
MOST_HEAD = 64 << 10
_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\n"
    b"connection: close\r\n"
    b"\r\n"
)  # fmt: skip


class Patient(HttpToolsProtocol):
    """uvicorn's protocol, which ends a connection whose client is too slow.

    It is so where the head of a request takes longer, or is too large, and where nothing of an answer is taken for so
    long. What a client sends between two requests is uvicorn's to wait for.

    Attributes:
        patience: seconds.
    """

    patience = 15.0
    _silence: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None
    _head = 0

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        if self._unread is not None:
            self._unread.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._between_requests() and self._silence is None:
            self._wait_for_head()
        super().data_received(data)
        if self._silence is not None and not self.transport.is_closing():
            self._head += len(data)
            if self._head > MOST_HEAD:
                self.transport.write(_TOO_LARGE)
                self.transport.close()

    def on_headers_complete(self) -> None:
        self._wait_no_more()
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._unread is None:
            self._wait_for_reader(0)

    def _wait_for_reader(self, before: int) -> None:
        """End a connection of which no more was taken than before, also one that is closed and waits for that."""
        self._unread, left = None, self.transport.get_write_buffer_size()
        if left and left == before:
            self.transport.abort()
        elif left:
            self._unread = asyncio.get_running_loop().call_later(self.patience, self._wait_for_reader, left)

    def _between_requests(self) -> bool:
        cycle = self.cycle
        return cycle is None or (cycle.response_complete and not cycle.more_body)

    def _wait_for_head(self) -> None:
        self._head = 0
        self._silence = asyncio.get_running_loop().call_later(self.patience, self.transport.close)

    def _wait_no_more(self) -> None:
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None


def patient(seconds: float) -> type[asyncio.Protocol]:
    """The protocol with so much patience."""

    class Limited(Patient):
        patience = seconds

    return Limited
