"""Signatures beside the real MLflow's: the same texts, the same types of the same data, the same verdicts on data."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest

from runfolio.core.errors import InvalidValue
from runfolio.models.schema.enforce import enforce_input, enforce_params
from runfolio.models.signature import ModelSignature, infer_signature

pytestmark = [
    pytest.mark.interop,
    pytest.mark.skipif(importlib.util.find_spec("mlflow") is None, reason="MLflow is not installed"),
]

PRELUDE = """
import datetime as dt, decimal
import numpy as np, pandas as pd
from scipy import sparse
"""
FRAME = "pd.DataFrame({'a': [1, 2], 'b': [0.5, 1.5], 'c': ['x', 'y'], 'd': [True, False]})"
# What is written as Python, so that both processes make the same of it.
INPUTS = {
    "frame": FRAME,
    "missing values": "pd.DataFrame({'a': [1.0, None], 'b': ['x', None], 'c': pd.Series([True, None], dtype=object)})",
    "narrow": "pd.DataFrame({t: np.array([1, 0], t) for t in ['int8', 'int16', 'int32', 'uint8', 'uint16', 'uint32']})",
    "floats": "pd.DataFrame({t: np.array([1, 0], t) for t in ['float16', 'float32', 'float64']})",
    "nullable": "pd.DataFrame({'i': pd.array([1, None], 'Int64'), 'b': pd.array([True, None], 'boolean')})",
    "category": "pd.DataFrame({'c': pd.Categorical(['x', 'y'])})",
    "dates": "pd.DataFrame({'d': pd.to_datetime(['2026-01-31', None])})",
    "decimals": "pd.DataFrame({'d': [decimal.Decimal('1.5')]})",
    "arrays of small numbers in cells": "pd.DataFrame({'v': [np.zeros(3, 'uint8')]})",
    "pandas moment": "pd.Timestamp('2026-01-31')",
    "empty arrays": "{'a': np.zeros(0), 'b': 1}",
    "zone": "pd.DataFrame({'d': pd.to_datetime(['2026-01-31']).tz_localize('UTC')})",
    "python dates": "pd.DataFrame({'d': [dt.date(2026, 1, 31)]})",
    "bytes": "pd.DataFrame({'b': [b'1', b'2']})",
    "lists in cells": "pd.DataFrame({'l': [[1, 2], [3]], 'n': [[[0.5]], [[]]]})",
    "dicts in cells": "pd.DataFrame({'o': [{'a': 1, 'b': None}, {'a': 2, 'c': 'x'}]})",
    "arrays in cells": "pd.DataFrame({'v': [np.zeros(3), np.ones(3)]})",
    "none only": "pd.DataFrame({'n': [None, None]})",
    "mixed cells": "pd.DataFrame({'m': [1, 'x']})",
    "numbers as names": "pd.DataFrame(np.zeros((2, 2)))",
    "timedelta": "pd.DataFrame({'t': pd.to_timedelta([1])})",
    "uint64": "pd.DataFrame({'u': np.array([1], 'uint64')})",
    "series": "pd.Series([1.5, 2.5], name='y')",
    "series without a name": "pd.Series(['x', 'y'])",
    "array": "np.zeros((2, 3), 'float32')",
    "array of one axis": "np.arange(3)",
    "array of texts": "np.array(['x', 'yy'])",
    "array of bytes": "np.array([b'x'])",
    "array of objects": "np.array([1, 'x'], dtype=object)",
    "array without axes": "np.array(1.5)",
    "arrays by name": "{'x': np.zeros((2, 28, 28), 'uint8'), 'y': np.zeros(2, bool)}",
    "sparse rows": "sparse.csr_matrix(np.eye(3))",
    "sparse columns": "sparse.csc_matrix(np.eye(3, dtype='float32'))",
    "text": "'hello'",
    "number": "3.5",
    "whole number": "3",
    "flag": "True",
    "some bytes": "b'x'",
    "moment": "dt.datetime(2026, 1, 31)",
    "numpy number": "np.float32(1)",
    "nan": "float('nan')",
    "texts": "['x', 'y']",
    "texts and none": "['x', None]",
    "no values": "[]",
    "numbers and texts": "[1, 'x']",
    "whole numbers and fractions": "[1, 1.5]",
    "lists in lists": "[[1, 2], [], None]",
    "rows by name": "[{'a': 1, 'b': 'x'}, {'a': 2}]",
    "rows with objects": "[{'m': [{'role': 'user', 'n': None}]}, {'m': [{'role': 'x', 'n': 1, 'z': 0.5}]}]",
    "rows with none": "[{'a': None}, {'a': None}]",
    "empty row": "[{}]",
    "dict of values": "{'a': 'x', 'b': [1, 2], 'c': {'d': [0.5]}, 'e': None, 'f': [], 'g': {}}",
    "dict of lists with none": "{'a': ['x', None], 'b': [None]}",
    "dict with an array": "{'a': np.zeros(3), 'b': 1}",
    "empty dict": "{}",
    "keys that are no texts": "{1: 'x'}",
    "tuple": "(1, 2)",
    "set": "{1, 2}",
    "complex": "1j",
}
PARAMS = {
    "values": "{'a': 1, 'b': 0.5, 'c': 'x', 'd': True, 'e': dt.date(2026, 1, 31), 'f': dt.datetime(2026, 1, 31, 12)}",
    "lists": "{'a': [1, 2], 'b': [1, 2.5], 'c': ['x'], 'd': np.array([1, 2], 'int32'), 'e': [dt.date(2026, 1, 1)]}",
    "numpy": "{'a': np.int32(1), 'b': np.float32(0.5), 'c': np.int64(1), 'd': np.bool_(True)}",
    "objects": "{'a': {'b': 1, 'c': {'d': ['x']}}}",
    "none": "{'a': None}",
    "bytes": "{'a': b'x'}",
    "lists in lists": "{'a': [[1], [2]]}",
    "numbers and texts": "{'a': [1, 'x']}",
    "a set": "{'a': {1}}",
}
SCHEMAS = {
    "numbers": "[C('double', 'a'), C('long', 'b')]",
    "optional": "[C('double', 'a'), C('long', 'b', False)]",
    "unnamed": "[C('double'), C('long')]",
    "one text": "[C('string')]",
    "one named": "[C('double', 'a')]",
    **{kind: f"[C({kind!r}, 'x')]" for kind in "boolean integer long float double string binary datetime".split()},
    "list": "[C(A('double'), 'x')]",
    "list of texts": "[C(A('string'), 'x')]",
    "optional list": "[C(A('long'), 'x', False)]",
    "list of lists": "[C(A(A('long')), 'x')]",
    "list of any": "[C(A(Any()), 'x')]",
    "object": "[C(O([P('a', 'string'), P('b', 'long', False)]), 'x')]",
    "map": "[C(M('double'), 'x')]",
    "any": "[C(Any(), 'x')]",
    "tensor": "[T(np.dtype('float32'), (-1, 3))]",
    "tensors": "[T(np.dtype('float32'), (-1, 3), 'p'), T(np.dtype('int64'), (-1,), 'q')]",
    "ragged": "[T(np.dtype('float64'), (-1, -1, 3))]",
    "objects": "[T(np.dtype('O'), (-1,))]",
}
DATA = {
    "numbers": "pd.DataFrame({'b': [1, 2], 'a': [0.5, 1.5]})",
    "numbers and more": "pd.DataFrame({'z': ['x', 'y'], 'b': [1, 2], 'a': [0.5, 1.5]})",
    "without b": "pd.DataFrame({'a': [0.5, 1.5]})",
    "a of whole numbers": "pd.DataFrame({'a': [5, 7], 'b': [1, 2]})",
    "a of flags as numbers": "pd.DataFrame({'a': [0, 1], 'b': [1, 2]})",
    "row": "{'a': 0.5, 'b': 1}",
    "columns": "{'a': [0.5, 1.5], 'b': [1, 2]}",
    "arrays by name": "{'a': np.array([0.5]), 'b': np.array([1])}",
    "rows": "[{'a': 0.5, 'b': 1}]",
    "lists": "[[0.5, 1], [1.5, 2]]",
    "array": "np.array([[0.5, 1.0]])",
    "narrow array": "np.zeros((2, 3), 'float32')",
    "wide array": "np.zeros((2, 3))",
    "flat array": "np.zeros(3)",
    "array of four columns": "np.zeros((2, 4), 'float32')",
    "texts": "['x', 'y']",
    "text": "'x'",
    "number": "1.5",
    "none": "None",
    "column of texts": "pd.Series(['x', None], name='x')",
    "table of floats": "pd.DataFrame(np.zeros((2, 3), 'float32'))",
    "lists for tensors": "pd.DataFrame({'p': [[1.0, 2.0, 3.0]], 'q': [1]})",
    "tensors": "{'p': np.zeros((1, 3), 'float32'), 'q': np.zeros(1, 'int64')}",
    "tensors and more": "{'p': np.zeros((1, 3), 'float32'), 'q': np.zeros(1, 'int64'), 'r': np.zeros(1)}",
    "tensors of other types": "{'p': np.zeros((1, 3)), 'q': np.zeros(1, 'int64')}",
    "ragged": "np.array([np.zeros((2, 3)), np.zeros((1, 3))], dtype=object)",
    "three axes": "np.zeros((2, 5, 3))",
    "sparse": "sparse.csr_matrix(np.eye(3, dtype='float32'))",
    **{
        f"x of {kind}": f"pd.DataFrame({{'x': np.array([1, 0], {kind!r})}})"
        for kind in "bool int8 int32 int64 uint8 uint32 uint64 float16 float32 float64 datetime64[s]".split()
    },
    "x of larger numbers": "pd.DataFrame({'x': [5, 7]})",
    "x of fractions": "pd.DataFrame({'x': [0.5, float('nan')]})",
    "x of texts": "pd.DataFrame({'x': ['a', 'b']})",
    "x of numbers as objects": "pd.DataFrame({'x': pd.Series([1, 2.5], dtype=object)})",
    "x of texts as objects": "pd.DataFrame({'x': pd.Series(['a', None], dtype=object)})",
    "x of number texts as objects": "pd.DataFrame({'x': pd.Series(['1.5', '2'], dtype=object)})",
    "x of mixed objects": "pd.DataFrame({'x': pd.Series([1, 'a'], dtype=object)})",
    "x of flags as objects": "pd.DataFrame({'x': pd.Series([True, None], dtype=object)})",
    "x of bytes": "pd.DataFrame({'x': [b'a', b'b']})",
    "x of dates": "pd.DataFrame({'x': [dt.date(2026, 1, 31)]})",
    "x of moments": "pd.DataFrame({'x': pd.to_datetime(['2026-01-31'])})",
    "x of moments in a zone": "pd.DataFrame({'x': pd.to_datetime(['2026-01-31']).tz_localize('UTC')})",
    "x of decimals": "pd.DataFrame({'x': [decimal.Decimal('1.5')]})",
    "x of categories": "pd.DataFrame({'x': pd.Categorical(['a', 'b'])})",
    "x of numbers as categories": "pd.DataFrame({'x': pd.Categorical([1, 2])})",
    "x of nullable numbers": "pd.DataFrame({'x': pd.array([1, 2], 'Int64')})",
    "x of nullable numbers, one missing": "pd.DataFrame({'x': pd.array([1, None], 'Int64')})",
    "x of lists": "pd.DataFrame({'x': [[0.5, 1.5], [2.5]]})",
    "x of lists of whole numbers": "pd.DataFrame({'x': [[5, 6], [7]]})",
    "x of lists of texts": "pd.DataFrame({'x': [['a', None]]})",
    "x of lists of lists": "pd.DataFrame({'x': [[[5, 6], [7]]]})",
    "x of arrays": "pd.DataFrame({'x': [np.zeros(3)]})",
    "x of empty lists": "pd.DataFrame({'x': [[], []]})",
    "x of none": "pd.DataFrame({'x': [None, None]})",
    "x of objects": "pd.DataFrame({'x': [{'a': 's'}, {'a': 't', 'b': 5}]})",
    "x of objects that lack a": "pd.DataFrame({'x': [{'b': 5}]})",
    "x of objects with more": "pd.DataFrame({'x': [{'a': 's', 'z': 5}]})",
    "x of objects with a wrong b": "pd.DataFrame({'x': [{'a': 's', 'b': 'no'}]})",
    "x of maps": "pd.DataFrame({'x': [{'k': 0.5}, {}]})",
    "x of maps of texts": "pd.DataFrame({'x': [{'k': 'v'}]})",
    "x by name": "{'x': [0.5, 1.5]}",
    "two columns": "pd.DataFrame([[0.5, 1], [1.5, 2]])",
    "one column": "pd.DataFrame([0.5])",
}
GIVEN = "{'n': 5, 'f': 0.5, 's': 'x', 'l': [1.5, 2.5], 'd': '2026-01-31', 'o': {'a': 1}}"
SPECS = (
    "[S('n', 'long', 1), S('f', 'double', 0.1), S('s', 'string', None), S('l', 'double', [0.5], (-1,)), "
    "S('d', 'datetime', None), S('o', O([P('a', 'long')]), {'a': 2})]"
)
PARAM_CASES = [
    GIVEN, "None", "{}", "{'n': 1.5}", "{'n': True}", "{'n': np.int32(1)}", "{'n': '1'}", "{'f': 1}", "{'f': 'x'}",
    "{'f': np.float32(1)}", "{'s': 1}", "{'s': None}", "{'l': [1, 2]}", "{'l': 1.5}", "{'l': [[1.5]]}",
    "{'l': np.array([1.5])}", "{'l': ['x']}", "{'d': dt.date(2026, 1, 31)}", "{'d': 'no date'}", "{'d': 5}",
    "{'o': {'a': 'x'}}", "{'o': {}}", "{'o': {'a': 5, 'b': 1}}", "{'unknown': 1}", "{1: 2}", "[1]",
]  # fmt: skip

# Where this one says more than MLflow's "anything", and where it takes what MLflow refuses; never the other way.
SAYS_MORE = {"decimals", "arrays of small numbers in cells", "pandas moment", "empty arrays"}
TAKES_MORE = {("string", "x of categories"), ("one text", "x of categories")}

CHILD = (
    "import json, sys, logging, warnings; sys.modules['runfolio'] = None; logging.disable(); "
    "warnings.simplefilter('ignore')"
    + PRELUDE
    + """
from mlflow.models import ModelSignature, infer_signature
from mlflow.models.model import Model
from mlflow.models.utils import _enforce_params_schema, _enforce_schema, _read_example, _save_example
from mlflow.types.schema import AnyType as Any, Array as A, ColSpec as C, Map as M, Object as O, Property as P
from mlflow.types.schema import ParamSchema, ParamSpec as S, Schema, TensorSpec as T

def tried(function):
    try:
        return function()
    except Exception as error:
        return f"{type(error).__name__}: {error}"

def example(folder):
    model = Model.load(folder + "/MLmodel")
    return str(_read_example(model, folder))

for line in sys.stdin:
    asked = json.loads(line)
    answer = {}
    for name, arguments in asked.get("infer", {}).items():
        answer[name] = tried(lambda: infer_signature(*eval(arguments)).to_dict())
    for name, told in asked.get("read", {}).items():
        signature = tried(lambda: ModelSignature.from_dict(told))
        answer[name] = [repr(signature), signature.to_dict()]
    if "schemas" in asked:
        schemas = {name: Schema(eval(text)) for name, text in asked["schemas"].items()}
        for name, schema in schemas.items():
            for what, text in asked["data"].items():
                answer[f"{name} / {what}"] = tried(lambda: bool(_enforce_schema(eval(text), schema) is None))
    if "specs" in asked:
        schema = ParamSchema(eval(asked["specs"]))
        for text in asked["params"]:
            answer[text] = tried(lambda: repr(_enforce_params_schema(eval(text), schema)))
    print(json.dumps(answer), flush=True)
"""
)


Ask: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.fixture(scope="module")
def of_mlflow() -> Iterator[Ask]:
    """Asks the real MLflow, in a process that has no Runfolio: one for all tests, for it takes seconds to start."""
    command = [sys.executable, "-c", CHILD]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        asking, telling = process.stdin, process.stdout
        assert asking is not None and telling is not None

        def ask(asked: dict[str, Any]) -> dict[str, Any]:
            asking.write(json.dumps(asked) + "\n")
            asking.flush()
            found: dict[str, Any] = json.loads(telling.readline())
            return found

        yield ask
        asking.close()


def evaluated(text: str) -> Any:
    names: dict[str, Any] = {}
    exec(PRELUDE, names)
    from runfolio.models.schema import params, specs, types

    names |= {"C": specs.ColSpec, "T": specs.TensorSpec, "S": params.ParamSpec, "A": types.Array, "O": types.Object}
    names |= {"P": types.Property, "M": types.Map, "Any": types.AnyType}
    return eval(text, names)


def tried(function: Any) -> Any:
    try:
        return function()
    except InvalidValue as error:
        return f"InvalidValue: {error}"


def refused(verdict: Any) -> bool:
    return isinstance(verdict, str)


def test_the_same_data_have_the_same_signature(of_mlflow: Ask) -> None:
    asked = {name: f"({text}, {text})" for name, text in INPUTS.items()}
    theirs = of_mlflow({"infer": asked})
    ours = {name: tried(lambda text=text: infer_signature(*evaluated(text)).to_dict()) for name, text in asked.items()}
    different = {name for name in INPUTS if ours[name] != theirs[name]}
    assert {name: (ours[name], theirs[name]) for name in different - SAYS_MORE} == {}
    assert different == SAYS_MORE
    assert all('"any"' in theirs[name]["inputs"] for name in SAYS_MORE)


def test_the_same_parameters_have_the_same_schema(of_mlflow: Ask) -> None:
    asked = {name: f"(None, None, {text})" for name, text in PARAMS.items()}
    theirs = of_mlflow({"infer": asked})
    ours = {name: tried(lambda text=text: infer_signature(*evaluated(text)).to_dict()) for name, text in asked.items()}
    for name in PARAMS:
        assert (refused(ours[name]) and refused(theirs[name])) or ours[name] == theirs[name], name


def test_mlflow_reads_our_signatures_and_we_read_its(of_mlflow: Ask) -> None:
    ours = {
        name: ModelSignature(evaluated(f"__import__('runfolio.models.schema.specs', fromlist=['x']).Schema({text})"))
        for name, text in SCHEMAS.items()
    }
    theirs = of_mlflow({"read": {name: one.to_dict() for name, one in ours.items()}})
    for name, one in ours.items():
        assert theirs[name] == [repr(one), one.to_dict()]
        assert ModelSignature.from_dict(theirs[name][1]) == one


def test_the_same_data_are_taken_and_refused(of_mlflow: Ask) -> None:
    from runfolio.models.schema.specs import Schema

    theirs = of_mlflow({"schemas": SCHEMAS, "data": DATA})
    different = {}
    for name, text in SCHEMAS.items():
        schema = Schema(evaluated(text))
        for what, data in DATA.items():
            ours = tried(lambda data=data, schema=schema: enforce_input(evaluated(data), schema) is None)
            if refused(ours) != refused(theirs[f"{name} / {what}"]):
                different[name, what] = (ours, theirs[f"{name} / {what}"])
    assert {case: verdicts for case, verdicts in different.items() if case not in TAKES_MORE} == {}
    assert set(different) == TAKES_MORE
    assert not any(refused(ours) for ours, _ in different.values())


def test_the_same_parameters_are_taken_and_refused(of_mlflow: Ask) -> None:
    from runfolio.models.schema.params import ParamSchema

    schema = ParamSchema(evaluated(SPECS))
    theirs = of_mlflow({"specs": SPECS, "params": PARAM_CASES})
    for text in PARAM_CASES:
        ours = tried(lambda text=text: repr(enforce_params(evaluated(text), schema)))
        if refused(ours) and ours.startswith("InvalidValue"):
            assert theirs[text].startswith("MlflowException"), text
        else:
            assert eval(ours, {"datetime": __import__("datetime")}) == eval(
                theirs[text], {"datetime": __import__("datetime")}
            ), text
