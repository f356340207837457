"""The child process of a model that MLflow loads: reads questions from stdin, writes answers to stdout."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from runfolio.models.bytecode import compile_anew
from runfolio.models.safety.handing import pack, unpack
from runfolio.previews.frames import read_frame, write_frame


def main() -> None:
    """Load the model that the first frame names, then answer the others, until there are none."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what the model prints is no answer
    model: Any = None
    while (frame := read_frame(sys.stdin.buffer)) is not None:
        head, blobs = frame
        packed: dict[str, Any] = {}
        given: list[bytes] = []
        try:
            if model is None:
                model = _loaded(head)
            else:
                packed = {"answer": pack(_predicted(model, unpack(head["data"], blobs), head["params"]), given)}
        except Exception as error:  # of MLflow, the library or the user's code: told to whoever asked
            packed, given = {"error": f"{type(error).__name__}: {error}"}, []
        write_frame(answers, packed, given)


def _loaded(head: dict[str, Any]) -> Any:
    import mlflow.pyfunc

    compile_anew(Path(head["folder"]), scratch=str(Path.cwd()))
    return mlflow.pyfunc.load_model(head["folder"], model_config=head["config"])


def _predicted(model: Any, data: Any, params: Any) -> Any:
    return model.predict(data) if params is None else model.predict(data, params=params)


if __name__ == "__main__":
    main()
