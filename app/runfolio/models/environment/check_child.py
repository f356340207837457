"""The child process that tries a model in its own environment, where nothing but that is installed.

It is run as a script, by the environment's Python, so that it needs nothing but the standard library. MLflow loads the
model if it is there; else Runfolio does, whose modules alone are let in from outside, so that no package that the model
did not declare is found by accident.
"""

from __future__ import annotations

import importlib.machinery
import json
import pathlib
import sys
import traceback
from typing import Any


class RunfolioAlone:
    """Finds Runfolio in a folder, and nothing else there."""

    def __init__(self, place: str) -> None:
        self._place = place

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Where a module is, as the import system asks."""
        return importlib.machinery.PathFinder.find_spec(name, [self._place]) if name == "runfolio" else None


def main() -> None:
    """Load the model, predict its example, and write what came of it into a file."""
    asked = json.load(sys.stdin)
    told: dict[str, Any] = {"stage": "load", "python": sys.version.partition(" ")[0]}
    try:
        model, example, params = (_by_mlflow if asked["mlflow"] else _by_runfolio)(asked)
        told["loader"] = _loader(asked)
        if example is not None:
            told["stage"] = "predict"
            output = model.predict(example) if params is None else model.predict(example, params=params)
            told["stage"] = "output"
            told["output"] = _jsonable(output, asked)
        told["stage"] = "done"
    except BaseException as error:  # whatever a model does here is what is to be found out
        told["error"] = {
            "kind": [kind.__name__ for kind in type(error).__mro__],
            "message": str(error),
            "module": getattr(error, "name", None),
            "trace": traceback.format_exc(),
        }
    pathlib.Path(asked["answer"]).write_text(json.dumps(told), encoding="utf-8")


def _by_mlflow(asked: dict[str, Any]) -> tuple[Any, Any, Any]:
    import mlflow.pyfunc

    model = mlflow.pyfunc.load_model(asked["folder"])
    if not model.metadata.saved_input_example_info:
        return model, None, None
    return model, model.input_example, model.metadata.load_input_example_params(asked["folder"])


def _by_runfolio(asked: dict[str, Any]) -> tuple[Any, Any, Any]:
    sys.meta_path.append(RunfolioAlone(asked["runfolio"]))
    from runfolio.models.input_example import read_example, read_example_params
    from runfolio.models.loading import as_function
    from runfolio.models.model import Model

    folder = pathlib.Path(asked["folder"])
    model = as_function(folder, Model.from_dict(asked["model"]))
    info, signature = model.metadata.saved_input_example_info, model.metadata.signature
    if not info:
        return model, None, None
    example = read_example(folder, info, None if signature is None else signature.inputs)
    return model, example, read_example_params(folder, info)


def _loader(asked: dict[str, Any]) -> str:
    if not asked["mlflow"]:
        return "runfolio"
    import mlflow

    return f"mlflow {mlflow.__version__}"


def _jsonable(output: Any, asked: dict[str, Any]) -> Any:
    """The output as JSON has it; Runfolio is let in for that, once the model has done its work without."""
    if asked["mlflow"]:
        sys.meta_path.append(RunfolioAlone(asked["runfolio"]))
    from runfolio.models.json_data import jsonable

    return jsonable(output)


if __name__ == "__main__":
    main()
