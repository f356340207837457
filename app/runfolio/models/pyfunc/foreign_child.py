"""The child process of a model that MLflow loads: reads questions from stdin, writes answers to stdout."""

from __future__ import annotations

import os
import sys
from typing import Any

from runfolio.models.pyfunc import values


def main() -> None:
    """Load the model that the first frame names, then answer the others, until there are none."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what the model prints is no answer
    model: Any = None
    while (frame := values.read_frame(sys.stdin.buffer)) is not None:
        head, parts = frame
        kind, content = "json", b"null"
        try:
            if model is None:
                model = _loaded(head)
            else:
                data = values.decode(head["kind"], parts[0])
                kind, content = values.encode(_predicted(model, data, head["params"]))
        except Exception as error:  # of MLflow, the library or the user's code: told to whoever asked
            values.write_frame(answers, {"error": f"{type(error).__name__}: {error}"})
            continue
        values.write_frame(answers, {"kind": kind}, content)


def _loaded(head: dict[str, Any]) -> Any:
    import mlflow.pyfunc

    return mlflow.pyfunc.load_model(head["folder"], model_config=head["config"])


def _predicted(model: Any, data: Any, params: Any) -> Any:
    return model.predict(data) if params is None else model.predict(data, params=params)


if __name__ == "__main__":
    main()
