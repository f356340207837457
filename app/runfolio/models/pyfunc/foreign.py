"""Models whose loader is none of ours: MLflow itself loads them, in a child process that answers for them."""

from __future__ import annotations

import tempfile
import threading
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runfolio.core.errors import EnvironmentProblem, InvalidValue
from runfolio.models.flavors.flavor import Opened
from runfolio.models.mlmodel import PYFUNC
from runfolio.models.pyfunc.of_mlflow import is_installed
from runfolio.models.safety.asked import LINE, AskedProcess
from runfolio.models.safety.handing import pack, unpack
from runfolio.models.safety.limits import Limits

#: What such a model may take to load, and for each answer.
LIMITS = Limits(seconds=600.0)


class ForeignModel:
    """A model in a child process, which ends with this object.

    Raises:
        InvalidValue: MLflow cannot load it.
        ModelFailed: it oversteps its limits.
    """

    def __init__(self, folder: str, config: Mapping[str, Any] | None, limits: Limits = LIMITS) -> None:
        self._asking = threading.Lock()
        scratch = tempfile.TemporaryDirectory(prefix="runfolio-model-", ignore_cleanup_errors=True)
        self._child = AskedProcess(["runfolio.models.pyfunc.foreign_child"], limits, Path(scratch.name))
        self._end = weakref.finalize(self, _end, self._child, scratch)
        self._ask({"folder": str(Path(folder).resolve()), "config": dict(config) if config else None}, [], "load")

    def predict(self, data: Any, params: Mapping[str, Any] | None = None) -> Any:
        """The answer of the model.

        Raises:
            InvalidValue: what MLflow says of it, or data that cannot be handed over.
            ModelFailed: it oversteps its limits.
        """
        blobs: list[bytes] = []
        asked = {"data": pack(data, blobs), "params": dict(params) if params else None}
        answer, parts = self._ask(asked, blobs, "answer")
        return unpack(answer.get("answer", {}), parts)

    def _ask(self, asked: dict[str, Any], blobs: list[bytes], what: str) -> tuple[dict[str, Any], list[bytes]]:
        with self._asking:
            answer, parts = self._child.ask(asked, blobs, what)
        if "error" in answer:
            raise InvalidValue(f"MLflow says of this model: {str(answer['error'])[:LINE]}")
        return answer, parts


def load_with_mlflow(opened: Opened) -> ForeignModel:
    """A model that MLflow loads. Raises EnvironmentProblem where it is not installed."""
    loader = opened.entries(PYFUNC)["loader_module"]
    if not is_installed("mlflow"):
        raise EnvironmentProblem(
            f"This model is loaded by {loader}, of which Runfolio has none, and MLflow is not installed.",
            "pip install mlflow",
        )
    return ForeignModel(str(opened.folder), opened.config)


def _end(child: AskedProcess, scratch: tempfile.TemporaryDirectory[str]) -> None:
    child.end()
    scratch.cleanup()
