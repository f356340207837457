"""The example of an input that goes with a model, in the files and the forms that MLflow writes and reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runfolio.core.errors import InvalidValue, NotFound
from runfolio.models.json_data import json_text, jsonable, split_table
from runfolio.models.schema.casting import cast_array, cast_table
from runfolio.models.schema.infer import infer_params, is_tensor, table_kind
from runfolio.models.schema.specs import Schema

FILE = "input_example.json"
SERVING_FILE = "serving_input_example.json"
INPUTS, PARAMS = "inputs", "params"
KINDS = ("dataframe", "ndarray", "json_object", "sparse_matrix_csr", "sparse_matrix_csc")
# Requests to language models have these keys at their top, and no others around them.
_UNWRAPPED = ("messages", "prompt", "input")
#: Of an example's file that is read; bytes.
MAX_BYTES = 256 << 20


def split_params(example: Any) -> tuple[Any, dict[str, Any] | None]:
    """An example's data and its parameters: a pair whose second is a dictionary has both.

    Raises:
        InvalidValue: the parameters are of no type that a signature knows.
    """
    if isinstance(example, tuple) and len(example) == 2 and isinstance(example[1], dict):
        infer_params(example[1])
        return example
    return example, None


def save_example(folder: str | Path, example: Any) -> dict[str, Any]:
    """Write an example into a model's folder, once as it is and once as the body of a request to a server of models.

    Args:
        example: data as the model takes them, or a pair of data and parameters.

    Returns:
        What the MLmodel file says of it as `saved_input_example_info`.

    Raises:
        InvalidValue: JSON has no form for it.
    """
    data, params = split_params(example)
    kind, stored, request = _forms(data)
    if params is not None:
        stored = {INPUTS: stored, PARAMS: jsonable(params)}
        request = {**request, **(params if _is_unwrapped(data) else {PARAMS: jsonable(params)})}
    info = {"artifact_path": FILE, **({PARAMS: "true"} if params else {}), **kind, "serving_input_path": SERVING_FILE}
    Path(folder, FILE).write_text(json_text(stored), encoding="utf-8")
    Path(folder, SERVING_FILE).write_text(json_text(request, indent=2), encoding="utf-8")
    return info


def convert_input_example_to_serving_input(input_example: Any) -> str | None:
    """MLflow's name for `serving_input`; None of None."""
    return None if input_example is None else serving_input(input_example)


def serving_input(example: Any) -> str:
    """An example as the body of a request to a server of models. Raises InvalidValue if JSON has no form for it."""
    data, params = split_params(example)
    request = _forms(data)[2]
    if params is not None:
        request = {**request, **(params if _is_unwrapped(data) else {PARAMS: jsonable(params)})}
    return json_text(request, indent=2)


def read_example(folder: str | Path, info: Mapping[str, Any], schema: Schema | None = None) -> Any:
    """The data of a model's example.

    Args:
        info: what the MLmodel file says of it.
        schema: the model's input; gives the types that JSON does not know.

    Raises:
        NotFound: the file is missing.
        InvalidValue: it is not what the MLmodel file says it is.
    """
    stored, kind = _stored(folder, info), info.get("type")
    if info.get(PARAMS):
        stored = _part(stored, INPUTS)
    if kind == "json_object":
        return stored
    try:
        if kind == "dataframe":
            return _read_table(stored, schema)
        return _read_arrays(stored, schema) if kind == "ndarray" else _read_sparse(stored, str(kind))
    except (ValueError, TypeError, KeyError) as problem:
        raise InvalidValue(f"The input example is no {kind}: {problem}.") from None


def read_example_params(folder: str | Path, info: Mapping[str, Any]) -> dict[str, Any] | None:
    """The parameters of a model's example; None if it has none. Raises as `read_example` does."""
    if not info.get(PARAMS):
        return None
    params = _part(_stored(folder, info), PARAMS)
    if not isinstance(params, dict):
        raise InvalidValue("The parameters of the input example are no dictionary.")
    return params


def _forms(data: Any) -> tuple[dict[str, str], Any, dict[str, Any]]:
    """The kind of data, what is stored of them, and the request with them."""
    if table_kind(data).endswith("Series"):
        data = data.to_frame()
    if table_kind(data):
        table = split_table(data)
        orient = "split" if "columns" in table else "values"
        return {"type": "dataframe", "pandas_orient": orient}, table, {"dataframe_split": table}
    if is_tensor(data) and hasattr(data, "indptr"):
        return {"type": f"sparse_matrix_{data.format}"}, _sparse(data), {INPUTS: jsonable(data)}
    arrays = list(data.values()) if isinstance(data, Mapping) else [data]
    if any(map(is_tensor, arrays)):
        if not all(map(is_tensor, arrays)):
            raise InvalidValue("An example is a dictionary of arrays or of other values, not of both.")
        return {"type": "ndarray"}, jsonable(data), {INPUTS: jsonable(data)}
    if isinstance(data, list) and _holds_array(data):
        raise InvalidValue("A list with arrays in it is no example.", "Give one array, or lists of numbers.")
    stored = jsonable(data)
    return {"type": "json_object"}, stored, stored if _is_unwrapped(data) else {INPUTS: stored}


def _is_unwrapped(data: Any) -> bool:
    return isinstance(data, Mapping) and any(key in data for key in _UNWRAPPED)


def _holds_array(value: Any) -> bool:
    if isinstance(value, list | dict):
        return any(map(_holds_array, value.values() if isinstance(value, dict) else value))
    return is_tensor(value) and bool(getattr(value, "ndim", 0))


def _sparse(matrix: Any) -> dict[str, Any]:
    parts = {name: jsonable(getattr(matrix, name)) for name in ("data", "indices", "indptr")}
    return {**parts, "shape": list(matrix.shape)}


def _stored(folder: str | Path, info: Mapping[str, Any]) -> Any:
    """What is in the file of an example, which may be only below the model's folder."""
    name = info.get("artifact_path")
    if info.get("type") not in KINDS or not isinstance(name, str):
        raise InvalidValue(f"The MLmodel file speaks of an input example of type {info.get('type')!r:.60}.")
    file = Path(folder, name).resolve()
    if not file.is_relative_to(Path(folder).resolve()):
        raise InvalidValue(f"The input example {name!r:.120} is outside of the model's folder.")
    try:
        if file.stat().st_size > MAX_BYTES:
            raise InvalidValue(f"The input example is larger than {MAX_BYTES >> 20} MB.")
        return json.loads(file.read_text(encoding="utf-8"))
    except OSError as problem:
        raise NotFound(f"The input example {name!r} cannot be read: {problem.strerror}.") from None
    except (ValueError, RecursionError) as problem:
        if isinstance(problem, InvalidValue):
            raise
        raise InvalidValue(f"The input example {name!r} is not JSON: {problem}.") from None


def _part(stored: Any, name: str) -> Any:
    if not isinstance(stored, dict) or name not in stored:
        raise InvalidValue(f"The input example has no {name!r}, although the MLmodel file says so.")
    return stored[name]


def _read_table(stored: Any, schema: Schema | None) -> Any:
    import pandas as pd

    if not isinstance(stored, dict) or not isinstance(stored.get("data"), list):
        raise InvalidValue("The input example is a table without rows in `data`.")
    table = pd.DataFrame(stored["data"], columns=stored.get("columns"), index=stored.get("index"))
    return table if schema is None else cast_table(table, schema)


def _read_arrays(stored: Any, schema: Schema | None) -> Any:
    named = schema.input_dict() if schema is not None and schema.has_input_names() else {}
    if isinstance(stored, dict):
        return {name: cast_array(values, named.get(name)) for name, values in stored.items()}
    return cast_array(stored, None if schema is None or named else schema.inputs[0])


def _read_sparse(stored: Any, kind: str) -> Any:
    from scipy import sparse

    matrix = sparse.csc_matrix if kind.endswith("csc") else sparse.csr_matrix
    found = matrix((stored["data"], stored["indices"], stored["indptr"]), shape=tuple(stored["shape"]))
    found.check_format(full_check=True)  # places beyond the shape would be written to unchecked
    return found
