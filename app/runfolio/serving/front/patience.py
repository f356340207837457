"""How long a client may keep a connection without sending the head of a request: uvicorn itself waits for ever."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


def patient(seconds: float) -> type[asyncio.Protocol]:
    """uvicorn's protocol, closing a connection on which no whole head of a request comes in so many seconds."""

    class Patient(HttpToolsProtocol):
        _silence: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._silence = asyncio.get_running_loop().call_later(seconds, self._close_if_silent)

        def connection_lost(self, exc: Exception | None) -> None:
            if self._silence is not None:
                self._silence.cancel()
            super().connection_lost(exc)

        def _close_if_silent(self) -> None:
            if self.cycle is None and not self.transport.is_closing():
                self.transport.close()

    return Patient
