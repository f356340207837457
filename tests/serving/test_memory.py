"""However many large requests come at one time, the server keeps only so many bytes of them."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any, cast

from runfolio.core.serving.records import Limits
from runfolio.serving.front.access import Access
from runfolio.serving.front.app import App
from runfolio.serving.front.figures import Figures
from runfolio.serving.front.pool import Pool
from runfolio.serving.front.served import Served
from runfolio.serving.front.worker import ModelWorker
from runfolio.serving.worker.replies import Reply

SCOPE = {
    "type": "http",
    "method": "POST",
    "path": "/invocations",
    "headers": [(b"host", b"localhost"), (b"content-type", b"application/json")],
}


class Model:
    """Answers once it may."""

    version = ""

    def __init__(self) -> None:
        self.may_answer, self.asked = asyncio.Event(), 0

    async def ask(self, _kind: str, body: bytes) -> tuple[Reply, str]:
        self.asked += 1
        await self.may_answer.wait()
        return Reply(200, body), ""


async def status(app: App, *pieces: bytes) -> int:
    """What a request is answered with whose body comes in pieces."""
    coming = iter(pieces)
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        piece = next(coming, None)
        if piece is None:  # the client waits for its answer
            await asyncio.Event().wait()
        return {"type": "http.request", "body": piece, "more_body": piece is not pieces[-1]}

    async def send(event: MutableMapping[str, Any]) -> None:
        sent.append(event)

    await app(SCOPE, receive, send)
    return int(sent[0]["status"])


async def _asked_at_one_time() -> None:
    model = Model()
    app = App(cast(Served, model), Access("localhost", ""), Limits(bytes=10, held=25), Figures())
    first = [asyncio.create_task(status(app, b"12345", b"67890")) for _ in range(2)]
    while model.asked < 2:
        await asyncio.sleep(0)
    assert await status(app, b"123456", b"end") == 503
    assert await status(app, b"12345678901") == 413
    third = asyncio.create_task(status(app, b"12345"))
    while model.asked < 3:
        await asyncio.sleep(0)
    model.may_answer.set()
    assert [await one for one in (*first, third)] == [200, 200, 200]
    assert await status(app, b"12345", b"67890") == 200


async def _never() -> ModelWorker:
    raise AssertionError("the pool is not opened")


async def _asked_and_waited_for_no_more() -> None:
    pool = Pool(_never, 1, Limits(waiting=1), Figures())
    for _ in range(2):
        waits = asyncio.create_task(pool.ask("application/json", b"{}"))
        await asyncio.sleep(0)
        assert not waits.done(), "there is room for it"
        assert (await pool.ask("application/json", b"{}")).status == 503
        waits.cancel()
        await asyncio.gather(waits, return_exceptions=True)


def test_who_waits_no_more_leaves_room_for_others() -> None:
    asyncio.run(_asked_and_waited_for_no_more())


def test_more_bytes_than_are_held_are_told_to_come_back() -> None:
    asyncio.run(_asked_at_one_time())
