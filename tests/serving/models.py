"""Models that the tests serve, each saved into a folder by what users call."""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import runfolio.pyfunc
import runfolio.sklearn
from runfolio.models import infer_signature

TABLE = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0], "b": [4.0, 3.0, 2.0, 1.0]})
TARGET = [0, 0, 1, 1]
TYPED = pd.DataFrame(
    {
        "whole": np.array([1, 2], dtype="int64"),
        "number": [1.5, 2.5],
        "text": ["x", "y"],
        "flag": [True, False],
        "day": pd.to_datetime(["2024-01-01", "2024-01-02"]),
        "more": [1.0, None],
    }
)


def classifier(folder: Path) -> Path:
    """Of scikit-learn, of a table with two columns of numbers."""
    from sklearn.linear_model import LogisticRegression

    runfolio.sklearn.save_model(LogisticRegression().fit(TABLE, TARGET), folder, input_example=TABLE)
    return folder


def of_arrays(folder: Path) -> Path:
    """Of scikit-learn, of rows of an array."""
    from sklearn.linear_model import LogisticRegression

    rows = TABLE.to_numpy()
    runfolio.sklearn.save_model(LogisticRegression().fit(rows, TARGET), folder, input_example=rows)
    return folder


def unsigned(folder: Path) -> Path:
    """Of scikit-learn, without a signature."""
    from sklearn.linear_model import LogisticRegression

    runfolio.sklearn.save_model(LogisticRegression().fit(TABLE, TARGET), folder)
    return folder


def odd(folder: Path) -> Path:
    """A class of the user's, of a table with columns of all kinds, with params."""

    def _left() -> int:
        """A process that has the pipes of this one and goes on by itself; its number."""
        if number := os.fork():
            return number
        os.setsid()
        time.sleep(600)
        os._exit(0)

    class Odd(runfolio.pyfunc.PythonModel):
        """Does as its params say."""

        def predict(self, context: Any, model_input: Any, params: Any = None) -> Any:
            """What `answer` names; else the types of the columns."""
            known = params or {}
            if known.get("sleep"):
                time.sleep(known["sleep"])
            if known.get("end"):
                os._exit(3)
            if known.get("leave"):
                return [_left()]
            return self.forms(model_input)[known.get("answer") or "types"]()

        def forms(self, table: Any) -> dict[str, Any]:
            """What predictions can be."""
            return {
                "types": lambda: {name: str(kind) for name, kind in table.dtypes.items()},
                "table": lambda: table[["whole", "number"]],
                "column": lambda: table["number"],
                "array": lambda: table[["number"]].to_numpy(),
                "list": lambda: [1, "a", None, 2.5],
                "missing": lambda: np.array([1.0, float("nan")]),
                "infinite": lambda: np.array([float("-inf"), 1.0]),
                "bytes": lambda: [b"\x00\xff"],
                "dates": lambda: [dt.datetime(2024, 1, 2, 3), dt.date(2024, 1, 2)],
                "days": lambda: table[["day"]],
                "nothing": lambda: None,
                "object": lambda: [object()],
                "error": self.fails,
            }

        def fails(self) -> Any:
            """Raise."""
            raise RuntimeError("the model's own trouble")

    signature = infer_signature(TYPED, None, {"answer": "", "sleep": 0.0, "end": False, "leave": False})
    runfolio.pyfunc.save_model(folder, python_model=Odd(), signature=signature)
    return folder


def hinted(folder: Path) -> Path:
    """A class that says by hints of types what it takes."""

    class Lengths(runfolio.pyfunc.PythonModel):
        def predict(self, model_input: list[str]) -> list[int]:  # type: ignore[override]
            return [len(text) for text in model_input]

    runfolio.pyfunc.save_model(folder, python_model=Lengths())
    return folder


def echo(folder: Path) -> Path:
    """A class of the user's, with no signature."""

    class Echo(runfolio.pyfunc.PythonModel):
        """Gives back what it is given."""

        def predict(self, context: Any, model_input: Any, params: Any = None) -> Any:
            """The same, and the params."""
            return {"given": model_input, "params": params}

    runfolio.pyfunc.save_model(folder, python_model=Echo())
    return folder


KINDS = {
    "classifier": classifier,
    "of_arrays": of_arrays,
    "unsigned": unsigned,
    "odd": odd,
    "hinted": hinted,
    "echo": echo,
}
