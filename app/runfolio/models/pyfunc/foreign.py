"""Models whose loader is none of ours: MLflow itself loads them, in a child process that answers for them."""

from __future__ import annotations

import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping
from typing import Any

from runfolio.core.errors import EnvironmentProblem, InvalidValue
from runfolio.models.flavors.flavor import Opened
from runfolio.models.mlmodel import PYFUNC
from runfolio.models.pyfunc import values
from runfolio.models.pyfunc.of_mlflow import is_installed


class ForeignModel:
    """A model in a child process, which ends with this object."""

    def __init__(self, folder: str, config: Mapping[str, Any] | None) -> None:
        command = [sys.executable, "-m", "runfolio.models.pyfunc.foreign_child"]
        self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._asking = threading.Lock()
        self._end = weakref.finalize(self, _end, self._child)
        self._ask({"folder": folder, "config": dict(config) if config else None})

    def predict(self, data: Any, params: Mapping[str, Any] | None = None) -> Any:
        """The answer of the model. Raises InvalidValue with what the child says."""
        kind, content = values.encode(data)
        head, parts = self._ask({"kind": kind, "params": params}, content)
        return values.decode(head["kind"], parts[0])

    def _ask(self, head: dict[str, Any], *parts: bytes) -> tuple[dict[str, Any], list[bytes]]:
        assert self._child.stdin is not None and self._child.stdout is not None
        with self._asking:
            try:
                values.write_frame(self._child.stdin, head, *parts)  # type: ignore[arg-type]
                answer = values.read_frame(self._child.stdout)  # type: ignore[arg-type]
            except BrokenPipeError:
                answer = None
        if answer is None:
            code = self._child.wait()
            raise InvalidValue(f"MLflow, which loads this model in a process of its own, ended with code {code}.")
        if "error" in answer[0]:
            raise InvalidValue(f"MLflow says of this model: {answer[0]['error']}")
        return answer


def load_with_mlflow(opened: Opened) -> ForeignModel:
    """A model that MLflow loads. Raises EnvironmentProblem where it is not installed."""
    loader = opened.entries(PYFUNC)["loader_module"]
    if not is_installed("mlflow"):
        raise EnvironmentProblem(
            f"This model is loaded by {loader}, of which Runfolio has none, and MLflow is not installed.",
            "pip install mlflow",
        )
    return ForeignModel(str(opened.folder), opened.config)


def _end(child: subprocess.Popen[bytes]) -> None:
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            stream.close()
    try:
        child.wait(timeout=5)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
