"""A process with one of the two libraries alone, the other blocked: makes models, or loads and asks them.

    python -m tests.interop.exchange mlflow make FOLDER KIND...
    python -m tests.interop.exchange runfolio use FOLDER KIND...

Writes what each model says, as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from tests.models.samples import ARRAY, KINDS, TABLE, plain, sample

OTHER = {"mlflow": "runfolio", "runfolio": "mlflow"}


def scales(library: Any) -> dict[str, Any]:
    """A class of a user's own, with a file and a configuration."""

    class Scales(library.pyfunc.PythonModel):  # type: ignore[misc]
        def load_context(self, context: Any) -> None:
            self.factor = float(Path(context.artifacts["factor"]).read_text())

        def predict(self, context: Any, model_input: Any, params: Any = None) -> Any:
            return model_input * self.factor + context.model_config["add"]

    Path("factor.txt").write_text("10")
    return {"python_model": Scales(), "artifacts": {"factor": "factor.txt"}, "model_config": {"add": 1}}


def hinted(library: Any) -> dict[str, Any]:
    """A class that says by hints of types what it takes."""

    class Lengths(library.pyfunc.PythonModel):  # type: ignore[misc]
        def predict(self, model_input: list[str]) -> list[int]:
            return [len(text) for text in model_input]

    return {"python_model": Lengths()}


def objects(library: Any) -> dict[str, Any]:
    """A class that takes models of pydantic, which rows of JSON become."""
    import pydantic

    message: Any = pydantic.create_model("Message", role=(str, ...), score=(float | None, None))

    def predict(self: Any, model_input: Any) -> list[float]:
        return [len(row.role) + (row.score or 0.0) for row in model_input]

    # Not as texts, which name what is not there where the function is unpickled.
    predict.__annotations__ = {"model_input": list[message], "return": list[float]}
    return {"python_model": type("Roles", (library.pyfunc.PythonModel,), {"predict": predict})()}


def function(_library: Any) -> dict[str, Any]:
    """A plain function."""

    def total(model_input: Any) -> Any:
        return model_input.sum(axis=1)

    return {"python_model": total, "input_example": TABLE}


def script(_library: Any) -> dict[str, Any]:
    """A script that tells of its model."""
    Path("doubles.py").write_text(
        "import mlflow\n"
        "class Doubles(mlflow.pyfunc.PythonModel):\n"
        "    def predict(self, context, model_input, params=None):\n"
        "        return model_input * 2\n"
        "mlflow.models.set_model(Doubles())\n"
    )
    return {"python_model": "doubles.py"}


def loader(_library: Any) -> dict[str, Any]:
    """Data, and a module of the user's that makes a model of it."""
    Path("loader_of_adds.py").write_text(
        "from pathlib import Path\n"
        "class Adds:\n"
        "    def __init__(self, number):\n"
        "        self.number = number\n"
        "    def predict(self, data):\n"
        "        return data + self.number\n"
        "def _load_pyfunc(path):\n"
        "    return Adds(float(Path(path).read_text()))\n"
    )
    Path("number.txt").write_text("3")
    return {"loader_module": "loader_of_adds", "data_path": "number.txt", "code_paths": ["loader_of_adds.py"]}


#: What a user writes: what makes the arguments of `save_model`, the data, and the answer.
PYTHON: dict[str, tuple[Callable[[Any], dict[str, Any]], Any, Any]] = {
    "class": (scales, TABLE, TABLE * 10 + 1),
    "hints": (hinted, ["a", "bcd"], [1, 3]),
    "objects": (objects, [{"role": "a"}, {"role": "bcd", "score": 0.5}], [1, 3.5]),
    "function": (function, TABLE, TABLE.sum(axis=1)),
    "script": (script, ARRAY, ARRAY * 2),
    "loader": (loader, ARRAY, ARRAY + 3),
}


def make(library: Any, name: str, kind: str, folder: Path) -> Any:
    """Save a model, and return what it should say."""
    if kind in PYTHON:
        arguments, _, answer = PYTHON[kind]
        library.pyfunc.save_model(str(folder), **arguments(library), pip_requirements=[])
        return plain(answer)
    one, flavor = sample(kind), import_module(f"{name}.{KINDS[kind].flavor}")
    options = dict(one.options)
    if kind == "pytorch-program" and name == "mlflow":
        options["input_example"] = one.data  # of one row, MLflow's program takes no more
    if KINDS[kind].flavor == "keras":
        options["signature"] = library.models.infer_signature(one.data, one.answer)
        if name == "mlflow":
            folder.mkdir()
    flavor.save_model(one.model, str(folder), **options, pip_requirements=[])
    return plain(one.answer)


def use(library: Any, name: str, kind: str, folder: Path) -> Any:
    """Load a model as a function, and as the library's own; return what the function says."""
    data = PYTHON[kind][1] if kind in PYTHON else sample(kind).data
    found = library.pyfunc.load_model(str(folder))
    if kind in KINDS:
        assert import_module(f"{name}.{KINDS[kind].flavor}").load_model(str(folder)) is not None
    elif kind in ("class", "hints", "objects"):
        assert found.unwrap_python_model().predict_type_hints is not None
    return plain(found.predict(data if not isinstance(data, np.ndarray) else data.copy()))


def main(name: str, action: str, place: str, *kinds: str) -> None:
    """Make or use models of some kinds below a folder."""
    sys.modules[OTHER[name]] = None  # type: ignore[assignment]
    warnings.simplefilter("ignore")
    library: Any = import_module(name)
    import_module(f"{name}.pyfunc")
    root = Path(place).absolute()
    scratch = root / f"of-{os.getpid()}"
    scratch.mkdir(parents=True)
    os.chdir(scratch)
    do = make if action == "make" else use
    sys.stdout.write(f"{json.dumps({kind: do(library, name, kind, root / kind) for kind in kinds})}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
