"""What answers now: the processes of one version of a model, which another version takes over from without a gap."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runfolio.core.errors import UserError
from runfolio.core.serving.records import Limits
from runfolio.models.mlmodel import MLmodel
from runfolio.serving.front.figures import Figures
from runfolio.serving.front.pool import Pool, late
from runfolio.serving.front.worker import ModelWorker, NotLoaded
from runfolio.serving.worker.replies import Reply

log = logging.getLogger("runfolio.serving")
#: Bytes of an example that is told.
LARGEST_EXAMPLE = 1 << 20


@dataclass(frozen=True, slots=True)
class Found:
    """A model that is to answer.

    Attributes:
        version: of a registered model; "" of others.
    """

    folder: Path
    version: str = ""


class Served:
    """What answers now.

    Args:
        title: the model's address.
        start: starts a process of a model. Raises NotLoaded; for the first one of a version also UserError, OSError.

    Attributes:
        model: what its MLmodel file says.
        example: a request that it was saved with; None of one without.
        version: of a registered model; "" of others.
    """

    def __init__(
        self,
        title: str,
        start: Callable[[Found], Awaitable[ModelWorker]],
        workers: int,
        limits: Limits,
        figures: Figures,
    ) -> None:
        self.title, self.version = title, ""
        self.model: MLmodel
        self.example: Any = None
        self._start, self._workers, self._limits, self._figures = start, workers, limits, figures
        self._pool: Pool | None = None
        self._refused, self._pending = "", 0
        self._closing: set[asyncio.Task[None]] = set()

    @property
    def pending(self) -> int:
        """How many requests wait for an answer."""
        return self._pending

    @property
    def ready(self) -> bool:
        """Whether a prediction can be answered."""
        return self._pool is not None and self._pool.ready

    async def ask(self, kind: str, body: bytes) -> tuple[Reply, str]:
        """The answer to a request, within the time that it may take, and the version that it was put to."""
        assert self._pool is not None
        version = self.version  # which may be another one until it has answered
        self._pending += 1
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await self._pool.ask(kind, body), version
        except TimeoutError:
            return late(self._limits.seconds), version
        finally:
            self._pending -= 1

    async def take_over(self, found: Found) -> None:
        """Have a model answer from now on; the one before answers what it was asked, and ends.

        Raises:
            NotLoaded, UserError, OSError: it cannot be loaded; the one before goes on.
        """
        model = MLmodel.load(found.folder)
        example = _example(model, found.folder)
        pool = Pool(lambda: self._start(found), self._workers, self._limits, self._figures)
        await pool.open()
        before, self._pool = self._pool, pool
        self.model, self.example, self.version, self._refused = model, example, found.version, ""
        if before is not None:
            self._figures.swaps += 1
            log.info("Version %s answers now.", found.version)
            task = asyncio.create_task(before.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def try_to_take_over(self, found: Found) -> None:
        """The same; what cannot be loaded is told, and the one before goes on."""
        try:
            await self.take_over(found)
        except (NotLoaded, UserError, OSError) as problem:
            self.refuse(f"Version {found.version} cannot be loaded: {problem}")

    def refuse(self, reason: str) -> None:
        """Tell why another version has not taken over, once for each reason; "" where none is to."""
        if reason and reason != self._refused:
            log.error("%s", reason)
        self._refused = reason

    async def close(self) -> None:
        """Answer what was asked, and end all processes."""
        if self._pool is not None:
            await self._pool.close()
        await asyncio.gather(*self._closing, return_exceptions=True)

    def give_up(self) -> None:
        """Answer nothing more, also not what was asked."""
        if self._pool is not None:
            self._pool.give_up()
        for task in self._closing:
            task.cancel()

    def told(self) -> dict[str, Any]:
        """For people: which model answers, by which processes, and how many requests wait for an answer."""
        pool = self._pool
        return {
            "model": self.title,
            "version": self.version,
            "ready": self.ready,
            "problem": (pool.problem if pool is not None else "") or self._refused,
            "pending": self._pending,
            "processes": [] if pool is None else pool.processes,
            "log": [] if pool is None else pool.tail[-50:],
        }


def _example(model: MLmodel, folder: Path) -> Any:
    """A request that a model was saved with; None where it has none that is small and can be read."""
    named = str((model.saved_input_example_info or {}).get("serving_input_path", ""))
    try:
        file = folder / named
        small = bool(named) and Path(named).name == named and file.stat().st_size <= LARGEST_EXAMPLE
        return json.loads(file.read_bytes()) if small else None
    except (OSError, ValueError, RecursionError) as problem:
        log.info("The model's example cannot be read: %s", problem)
        return None
