"""Input examples on the disk: as they come back, in MLflow's forms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from runfolio.core.errors import InvalidValue, NotFound
from runfolio.models.input_example import read_example, read_example_params, save_example, serving_input
from runfolio.models.schema.infer import infer_schema

FRAME = pd.DataFrame(
    {
        "d": pd.Series(["2026-01-31 12:00", "NaT"], dtype="datetime64[ns]"),
        "b": [b"\x00", b"\xff"],
        "f": [0.5, None],
        "i": np.array([1, 2], "int32"),
        "s": ["x", None],
        "l": [[1, 2], [3]],
    }
)


def loaded(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"), parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


def test_a_table_comes_back_with_its_types(tmp_path: Path) -> None:
    info = save_example(tmp_path, FRAME)
    assert info == {
        "artifact_path": "input_example.json",
        "type": "dataframe",
        "pandas_orient": "split",
        "serving_input_path": "serving_input_example.json",
    }
    found = read_example(tmp_path, info, infer_schema(FRAME))
    assert found.drop(columns="s").equals(FRAME.drop(columns="s"))
    assert found["s"].isna().tolist() == [False, True]
    assert loaded(tmp_path / "serving_input_example.json") == {
        "dataframe_split": loaded(tmp_path / "input_example.json")
    }


def test_arrays_come_back_with_their_types(tmp_path: Path) -> None:
    images = {"x": np.arange(6, dtype="uint8").reshape(1, 2, 3), "y": np.array([np.nan, 1.5], "float32")}
    info = save_example(tmp_path, images)
    found = read_example(tmp_path, info, infer_schema(images))
    for name, array in images.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)
    assert loaded(tmp_path / "input_example.json")["y"] == [None, 1.5]


@pytest.mark.parametrize("kind", [sparse.csr_matrix, sparse.csc_matrix])
def test_sparse_matrices_come_back(tmp_path: Path, kind: Any) -> None:
    matrix = kind(np.array([[0.0, 1.5], [2.5, 0.0]]))
    found = read_example(tmp_path, save_example(tmp_path, matrix))
    assert type(found) is type(matrix)
    np.testing.assert_array_equal(found.toarray(), matrix.toarray())


def test_parameters_go_with_the_data(tmp_path: Path) -> None:
    info = save_example(tmp_path, (["a", "b"], {"temperature": 0.5}))
    assert info["params"] == "true"
    assert read_example(tmp_path, info) == ["a", "b"]
    assert read_example_params(tmp_path, info) == {"temperature": 0.5}
    assert loaded(tmp_path / "serving_input_example.json") == {"inputs": ["a", "b"], "params": {"temperature": 0.5}}


def test_a_request_to_a_language_model_is_sent_as_it_is() -> None:
    chat = {"messages": [{"role": "user", "content": "hello"}]}
    assert json.loads(serving_input((chat, {"temperature": 0.5}))) == {**chat, "temperature": 0.5}


values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=10,
)


@given(st.one_of(st.lists(values), st.dictionaries(st.text(), values), st.text(), st.integers()))
def test_plain_values_come_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, value: Any) -> None:
    folder = tmp_path_factory.mktemp("model")
    assert read_example(folder, save_example(folder, value)) == value


@pytest.mark.parametrize("example", [{1, 2}, [np.zeros(2)], {"x": np.zeros(2), "y": 1}, object()])
def test_what_json_has_no_form_for_is_refused(tmp_path: Path, example: Any) -> None:
    with pytest.raises(InvalidValue):
        save_example(tmp_path, example)
    assert not list(tmp_path.iterdir())


SPLIT = {"artifact_path": "input_example.json", "type": "dataframe", "pandas_orient": "split"}


@pytest.mark.parametrize(
    ("text", "info"),
    [
        ("{", SPLIT),
        ("[" * 100_000, SPLIT),
        ("[]", SPLIT),
        ('{"data": 1}', SPLIT),
        ('{"data": [[1]], "columns": [1, 2, 3]}', SPLIT),
        ("[]", {**SPLIT, "params": "true"}),
        ("{}", {**SPLIT, "type": "pickle"}),
        ("{}", {**SPLIT, "artifact_path": "../input_example.json"}),
        ('{"data": [1], "indices": [9], "indptr": [0, 1], "shape": [1, 1]}', {**SPLIT, "type": "sparse_matrix_csr"}),
        ('{"data": [1]}', {**SPLIT, "type": "sparse_matrix_csr"}),
    ],
)
def test_damaged_examples_are_told(tmp_path: Path, text: str, info: dict[str, Any]) -> None:
    (tmp_path / "input_example.json").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidValue):
        read_example(tmp_path, info)


def test_a_lost_example_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"input_example\.json"):
        read_example(tmp_path, SPLIT)
