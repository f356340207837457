"""Input examples, read by the real MLflow where they were written here, and here where it has written them."""

from __future__ import annotations

import importlib.util
import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from runfolio.models.input_example import read_example, read_example_params, save_example, serving_input
from runfolio.models.model import Model
from runfolio.models.signature import infer_signature

pytestmark = [
    pytest.mark.interop,
    pytest.mark.skipif(importlib.util.find_spec("mlflow") is None, reason="MLflow is not installed"),
]
MOMENTS = np.array(["2026-01-31T12:00"], "datetime64[ns]")
EXAMPLES: dict[str, Any] = {
    "table": pd.DataFrame({"a": [1, 2], "b": [0.5, np.nan], "c": ["x", "y"], "d": [True, False]}),
    "dates and bytes": pd.DataFrame({"d": MOMENTS, "b": [b"\x00\xff"]}),
    "without names": pd.DataFrame(np.arange(6.0).reshape(2, 3)),
    "lists in cells": pd.DataFrame({"l": [[1, 2], [3]]}),
    "array": np.arange(6, dtype="float32").reshape(2, 3),
    "arrays by name": {"x": np.arange(3), "y": np.array([0.5, np.nan])},
    "sparse": sparse.csr_matrix(np.eye(3)),
    "sparse columns": sparse.csc_matrix(np.eye(3)),
    "texts": ["x", "y"],
    "objects": [{"a": 1, "b": {"c": [0.5]}}],
    "dict": {"a": "x", "b": [1, 2]},
    "text": "hello",
    "number": 3.5,
    "chat": {"messages": [{"role": "user", "content": "hello"}]},
    "with parameters": (pd.DataFrame({"a": [1.5]}), {"temperature": 0.5}),
    "chat with parameters": ({"messages": [{"role": "user", "content": "hello"}]}, {"temperature": 0.5}),
}
CHILD = """
import json, pickle, sys, logging, warnings
sys.modules["runfolio"] = None
logging.disable(); warnings.simplefilter("ignore")
from mlflow.models import Model, infer_signature
from mlflow.models.utils import _read_example, _read_example_params, _save_example
from mlflow.models.utils import convert_input_example_to_serving_input
import os
root = sys.argv[1]
examples = pickle.load(open(root + "/examples.pickle", "rb"))
read, told = {}, {}
for name, example in examples.items():
    ours = f"{root}/ours/{name}"
    model = Model.load(ours + "/MLmodel")
    read[name] = (_read_example(model, ours), _read_example_params(model, ours))
    theirs = f"{root}/theirs/{name}"
    os.makedirs(theirs)
    data = example[0] if isinstance(example, tuple) else example
    model = Model(signature=infer_signature(data))
    _save_example(model, example, theirs)
    model.save(theirs + "/MLmodel")
    told[name] = convert_input_example_to_serving_input(example)
pickle.dump((read, told), open(root + "/answer.pickle", "wb"))
"""


@pytest.fixture(scope="module")
def exchanged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any, Any]:
    """The folder with all examples of both, what MLflow read of ours, and the requests it makes of them."""
    root = tmp_path_factory.mktemp("examples")
    for name, example in EXAMPLES.items():
        folder = root / "ours" / name
        folder.mkdir(parents=True)
        data = example[0] if isinstance(example, tuple) else example
        model = Model(signature=infer_signature(data), saved_input_example_info=save_example(folder, example))
        model.save(folder / "MLmodel")
    (root / "examples.pickle").write_bytes(pickle.dumps(EXAMPLES))
    done = subprocess.run([sys.executable, "-c", CHILD, str(root)], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    read, told = pickle.loads((root / "answer.pickle").read_bytes())
    return root, read, told


def assert_same(one: Any, other: Any) -> None:
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other, check_dtype=False)
    elif sparse.issparse(one):
        np.testing.assert_array_equal(one.toarray(), other.toarray())
    elif isinstance(one, dict) and any(isinstance(value, np.ndarray) for value in one.values()):
        assert one.keys() == other.keys()
        for name, value in one.items():
            np.testing.assert_array_equal(value, other[name])
    elif isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other)
    else:
        assert one == other


@pytest.mark.parametrize("name", EXAMPLES)
def test_mlflow_reads_our_examples(exchanged: tuple[Path, Any, Any], name: str) -> None:
    example = EXAMPLES[name]
    data, params = example if isinstance(example, tuple) else (example, None)
    read, read_params = exchanged[1][name]
    assert_same(data, read)
    assert read_params == params


@pytest.mark.parametrize("name", EXAMPLES)
def test_we_read_the_examples_of_mlflow(exchanged: tuple[Path, Any, Any], name: str) -> None:
    folder = exchanged[0] / "theirs" / name
    model = Model.load(folder)
    assert model.saved_input_example_info is not None and model.signature is not None
    example = EXAMPLES[name]
    data, params = example if isinstance(example, tuple) else (example, None)
    assert_same(data, read_example(folder, model.saved_input_example_info, model.signature.inputs))
    assert read_example_params(folder, model.saved_input_example_info) == params


@pytest.mark.parametrize("name", sorted(set(EXAMPLES) - {"dates and bytes"}))
def test_requests_are_those_of_mlflow(exchanged: tuple[Path, Any, Any], name: str) -> None:
    theirs = json.loads(exchanged[2][name], parse_constant=lambda _: None)
    assert json.loads(serving_input(EXAMPLES[name])) == theirs
