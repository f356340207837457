"""The script that predicts where there is no Runfolio: what it reads, and how each library loads its model."""

from __future__ import annotations

import pprint
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from runfolio.core.errors import InvalidValue
from runfolio.models.flavors import catboost, lightgbm, onnx, sklearn, xgboost
from runfolio.models.flavors.flavor import Opened
from runfolio.models.mlmodel import PYFUNC
from runfolio.models.schema.data_type import DataType
from runfolio.models.schema.specs import Schema

#: What pandas calls types of columns.
_TYPES = {
    DataType.boolean: "bool",
    DataType.integer: "int32",
    DataType.long: "int64",
    DataType.float: "float32",
    DataType.double: "float64",
    DataType.string: "object",
    DataType.datetime: "datetime64[ns]",
}
_CLASS = re.compile(r"xgboost(\.[A-Za-z_]\w*)+")


@dataclass(frozen=True, slots=True)
class LoadedBy:
    """How a model is loaded.

    Attributes:
        library: what does it.
        lines: of a function's body that returns what predicts; the model's folder is `MODEL` there.
    """

    library: str
    lines: Sequence[str]


def loaded_by(opened: Opened) -> LoadedBy:
    """How a model is loaded by its own library. Raises InvalidValue for one that needs a loader besides."""
    for name, lines in _LINES.items():
        if name in opened.model.flavors:
            return LoadedBy(name, [*_code(opened), *lines(opened)])
    raise InvalidValue(
        f"A model of {', '.join(opened.model.flavors) or 'no flavor'} does not run by its library alone.",
        "Export it without --self-contained, and load it by MLflow or Runfolio; or make an image that serves it.",
    )


def of_graph(file: str) -> LoadedBy:
    """How a graph is loaded."""
    return LoadedBy(
        onnx.NAME,
        [
            "import onnxruntime",
            f"session = onnxruntime.InferenceSession({_at(file)}, providers=['CPUExecutionProvider'])",
            "inputs, names = session.get_inputs(), [one.name for one in session.get_outputs()]",
            "def predict(rows):",
            "    parts = [rows[one.name] if len(inputs) > 1 else rows for one in inputs]",
            "    kinds = ['float32' if one.type == 'tensor(float)' else None for one in inputs]",
            "    feed = {one.name: np.asarray(part, kind) for one, part, kind in zip(inputs, parts, kinds)}",
            "    return dict(zip(names, session.run(names, feed)))",
            "return predict",
        ],
    )


def _code(opened: Opened) -> list[str]:
    """Makes code that was saved with the model importable."""
    named = opened.model.flavors.get(PYFUNC, {}).get("code")
    if not named:
        return []
    if not opened.path(str(named)).is_dir():
        raise InvalidValue(f"{named} is no folder of code.")
    return [f"sys.path.insert(0, {_at(str(named))})"]


def _estimator(file: str, form: str, trusted: Sequence[str] | None, predict: str = "predict") -> list[str]:
    sklearn.check_format(form)
    if not predict.isidentifier():
        raise InvalidValue(f"{predict!r}, which the MLmodel file names, is no method.")
    if form == sklearn.SKOPS:
        return ["import skops.io", f"return skops.io.load({_at(file)}, trusted={list(trusted or ())!r}).{predict}"]
    return [f"import {form}", f"with open({_at(file)}, 'rb') as stream:", f"    return {form}.load(stream).{predict}"]


def _sklearn(opened: Opened) -> list[str]:
    entries, function = opened.entries(sklearn.NAME), opened.model.flavors.get(PYFUNC, {})
    named = entries.get("pickled_model") or function.get("model_path") or function.get("data")
    file = _file(opened, named, *sklearn.FILES.values())
    form, trusted = entries.get("serialization_format", sklearn.PICKLE), entries.get("skops_trusted_types")
    return _estimator(file, form, trusted, str(function.get("predict_fn", "predict")))


def _lightgbm(opened: Opened) -> list[str]:
    entries = opened.entries(lightgbm.NAME)
    file = _file(opened, entries.get("data"), lightgbm.FILE, "model.pkl")
    if entries.get("model_class", lightgbm.BOOSTER) == lightgbm.BOOSTER:
        return ["import lightgbm", f"return lightgbm.Booster(model_file={_at(file)}).predict"]
    form = entries.get("serialization_format", sklearn.CLOUDPICKLE)
    return _estimator(file, form, entries.get("skops_trusted_types"))


def _xgboost(opened: Opened) -> list[str]:
    entries = opened.entries(xgboost.NAME)
    name = str(entries.get("model_class", xgboost.BOOSTER))
    if not _CLASS.fullmatch(name):
        raise InvalidValue(f"{name!r}, which the MLmodel file names, is no class of XGBoost's.")
    module, _, kind = name.rpartition(".")
    file = _file(opened, entries.get("data"), "model.ubj", "model.xgb")
    lines = ["import xgboost", f"from {module} import {kind}", f"model = {kind}()", f"model.load_model({_at(file)})"]
    if name == xgboost.BOOSTER:
        return [*lines, "return lambda rows: model.predict(xgboost.DMatrix(rows))"]
    return [*lines, "return model.predict"]


def _catboost(opened: Opened) -> list[str]:
    entries = opened.entries(catboost.NAME)
    kind, form = entries.get("model_type", catboost.KINDS[0]), str(entries.get("save_format", "cbm"))
    if kind not in catboost.KINDS:
        raise InvalidValue(f"{kind!r}, which the MLmodel file names, is no model of CatBoost's.")
    file = _file(opened, entries.get("data"), catboost.FILE)
    return ["import catboost", f"return catboost.{kind}().load_model({_at(file)}, {form!r}).predict"]


_LINES: dict[str, Callable[[Opened], Sequence[str]]] = {
    sklearn.NAME: _sklearn,
    lightgbm.NAME: _lightgbm,
    xgboost.NAME: _xgboost,
    catboost.NAME: _catboost,
    onnx.NAME: lambda opened: of_graph(_file(opened, opened.entries(onnx.NAME).get("data"), onnx.FILE)).lines,
}


def _file(opened: Opened, named: str | None, *otherwise: str) -> str:
    found = opened.path(named, *otherwise)
    return found.resolve().relative_to(opened.folder.resolve()).as_posix()


def _at(file: str) -> str:
    return f"str(MODEL / {str(PurePosixPath(file))!r})"


_SCRIPT = '''\
"""Predict the rows of a CSV file: python predict.py ROWS.csv PREDICTIONS.csv (or .json)."""
import sys
from pathlib import Path

import numpy as np
import pandas as pd

MODEL = Path(__file__).resolve().parent / "model"
# The columns that the model takes, their types, and those that it can do without; none: whatever there is.
TYPES = {types}
OPTIONAL = {optional}
# Where the model takes an array and no table: the type of its numbers, and the shape of a row.
ARRAY = {array}


def load():
{body}


def read(file):
    # A text of digits stays one: pandas would take it for a number.
    rows = pd.read_csv(file, dtype={{name: str for name, kind in TYPES.items() if kind == "object"}})
    missing = [name for name in TYPES if name not in rows and name not in OPTIONAL]
    if missing:
        sys.exit(f"{{file}} has no column {{', '.join(missing)}}.")
    if TYPES:
        names = [name for name in TYPES if name in rows]
        rows = rows[names].astype({{name: TYPES[name] for name in names}})
    return rows if ARRAY is None else rows.to_numpy(ARRAY[0]).reshape(-1, *ARRAY[1])


def table(found):
    if not isinstance(found, dict):
        return found if isinstance(found, pd.DataFrame) else pd.DataFrame(columns("prediction", found))
    return pd.DataFrame({{k: v for name, values in found.items() for k, v in columns(name, values).items()}})


def columns(name, values):
    values = np.asarray(values)
    if values.ndim < 2 or values.shape[1] == 1:
        return {{name: values.reshape(-1)}}
    return {{f"{{name}}_{{place}}": values[:, place] for place in range(values.shape[1])}}


if __name__ == "__main__":
    if len(sys.argv) != 3 or not sys.argv[2].endswith((".csv", ".json")):
        sys.exit(__doc__)
    result = table(load()(read(sys.argv[1])))
    if sys.argv[2].endswith(".json"):
        result.to_json(sys.argv[2], orient="records", double_precision=15)
    else:
        result.to_csv(sys.argv[2], index=False)
'''


def script(schema: Schema | None, by: LoadedBy) -> str:
    """The script of a model. Raises InvalidValue where no CSV file has what it takes."""
    types: dict[str, str] = {}
    optional: list[str] = []
    array: tuple[str, tuple[int, ...]] | None = None
    if schema is not None and schema.is_tensor_spec():
        first, *others = schema.inputs
        if others or getattr(first, "name", None):
            raise InvalidValue("The model takes several arrays, which no CSV file has.")
        array = str(first.type), tuple(int(one) for one in first.shape[1:])
    elif schema is not None and schema.has_input_names():
        for one in schema.inputs:
            kind = one.type if isinstance(one.type, DataType) else None
            if kind not in _TYPES:
                raise InvalidValue(f"The column {one.name} is of {one.type}, which no CSV file has.")
            types[str(one.name)] = _TYPES[kind]
            optional += [] if getattr(one, "required", True) else [str(one.name)]
    body = "\n".join(f"    {line}" for line in by.lines)
    shown = pprint.pformat(types, width=1 << 20, sort_dicts=False)
    return _SCRIPT.format(types=shown, optional=repr(optional), array=repr(array), body=body)
