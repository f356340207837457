"""A model in a process of its own: it is loaded and asked there, within limits, and ended when it oversteps them."""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from runfolio.core.errors import EnvironmentProblem
from runfolio.models.mlmodel import MLmodel
from runfolio.models.pyfunc.model import enforced
from runfolio.models.safety.asked import LINE, AskedProcess, never
from runfolio.models.safety.asked import ModelFailed as ModelFailed
from runfolio.models.safety.handing import pack, unpack
from runfolio.models.safety.limits import Limits
from runfolio.models.safety.trust import UntrustedModel, nobody, require
from runfolio.previews.frames import MOST_BYTES


class ModelProcess:
    """A loaded model; a context manager that ends its process. One question at a time, from any thread.

    Attributes:
        held: which limits the system holds it to, besides time: "memory", "files", "network", "folder".
        metadata: what its MLmodel file says.

    Args:
        path: the model's folder.
        config: its configuration, as `load_model` takes it.
        stop: asked now and then while it loads; true ends it.
        ask: is told of the model where it is not trusted, and may trust it.

    Raises:
        NotFound, InvalidValue: there is no model, or its MLmodel file is none.
        UntrustedModel: it can run code, and nobody has trusted it.
        OSError: its files cannot be read.
        ModelFailed: it cannot be loaded, or oversteps a limit.
        EnvironmentProblem: no process can be started.
        Stopped: `stop` said so.
    """

    def __init__(
        self,
        path: str | Path,
        limits: Limits | None = None,
        *,
        config: Mapping[str, Any] | None = None,
        stop: Callable[[], bool] = never,
        ask: Callable[[UntrustedModel], None] = nobody,
    ) -> None:
        require(path, ask)
        self.metadata = MLmodel.load(path)
        self._limits = limits or Limits()
        self._asking = threading.Lock()
        # A model may have written what cannot be removed, such as folders without permissions.
        self._folder = tempfile.TemporaryDirectory(prefix="runfolio-model-", ignore_cleanup_errors=True)
        try:
            command = ["runfolio.models.safety.child", json.dumps(self._limits.to_dict())]
            self._child = AskedProcess(command, self._limits, Path(self._folder.name))
        except EnvironmentProblem:
            self._folder.cleanup()
            raise
        try:
            asked = {"folder": str(Path(path).resolve()), "config": dict(config) if config else None}
            answer, _ = self._ask(asked, [], "load", stop)
            self.held: tuple[str, ...] = tuple(map(str, answer.get("held", ())))
        except BaseException:
            self.close()
            raise

    def predict(self, data: Any, params: Mapping[str, Any] | None = None, *, stop: Callable[[], bool] = never) -> Any:
        """The model's answer: tables, arrays and plain values. After Stopped or an overstepped limit it is ended.

        Raises:
            ModelFailed: it raised an error, or oversteps a limit.
            InvalidValue: the data cannot be handed over, or the model does not take them.
            Stopped: `stop` said so.
        """
        data, params = enforced(self.metadata, data, params)
        blobs: list[bytes] = []
        asked = {"data": pack(data, blobs), "params": dict(params) if params else None}
        if sum(map(len, blobs)) > MOST_BYTES // 2:
            raise ModelFailed("This is more data than can be handed over at once.", hint="Ask in smaller parts.")
        with self._asking:
            answer, parts = self._ask(asked, blobs, "answer", stop)
        return unpack(answer.get("answer", {}), parts)

    def close(self) -> None:
        """End the process, with all that it has started, and remove its folder."""
        self._child.end()
        self._folder.cleanup()

    def __enter__(self) -> ModelProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(
        self, asked: dict[str, Any], blobs: list[bytes], what: str, stop: Callable[[], bool]
    ) -> tuple[dict[str, Any], list[bytes]]:
        answer, parts = self._child.ask(asked, blobs, what, stop)
        if "error" in answer:
            raise ModelFailed(f"The model could not {what}: {str(answer['error'])[:LINE]}", self._child.tail())
        return answer, parts
