"""The MLmodel file: read, written, and refused where it is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.errors import InvalidValue, NotFound
from runfolio.models import Model
from runfolio.models.yaml_file import MAX_BYTES

# As MLflow 1.30 wrote it for scikit-learn.
OLD = """
artifact_path: model
flavors:
  python_function:
    env: conda.yaml
    loader_module: mlflow.sklearn
    model_path: model.pkl
    python_version: 3.8.13
  sklearn:
    code: null
    pickled_model: model.pkl
    serialization_format: cloudpickle
    sklearn_version: 1.1.3
mlflow_version: 1.30.0
model_uuid: 5d2fd4e0a4d44d6e8b0e2d1d9c7f5a11
run_id: 0af0ac9b7f2f4b7c8d9e0f1a2b3c4d5e
signature:
  inputs: '[{"name": "a", "type": "double"}]'
  outputs: '[{"type": "long"}]'
utc_time_created: '2022-10-21 09:12:13.123456'
"""

plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
values = st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


def test_what_an_old_version_wrote_is_read_and_written_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "MLmodel").write_text(OLD)
    model = Model.load(tmp_path)
    assert model.run_id == "0af0ac9b7f2f4b7c8d9e0f1a2b3c4d5e"
    assert model.mlflow_version == "1.30.0"
    inputs = model.get_input_schema()
    assert inputs is not None and inputs.input_names() == ["a"]
    written = yaml.safe_load(model.to_yaml())
    for key, value in yaml.safe_load(OLD).items():
        if key != "signature":
            assert written[key] == value


@given(st.dictionaries(st.text(min_size=1).map(lambda name: f"x_{name}"), values))
def test_keys_that_nobody_knows_are_kept(unknown: dict[str, Any]) -> None:
    assert yaml.safe_load(Model.from_dict({"flavors": {}, **unknown}).to_yaml()).items() >= unknown.items()


def test_a_new_model_has_what_mlflow_writes() -> None:
    written = Model().add_flavor("sklearn", pickled_model="model.pkl").to_dict()
    assert sorted(written) == [
        "flavors",
        "mlflow_version",
        "model_id",
        "model_uuid",
        "prompts",
        "utc_time_created",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "names and values"),
        ("- 1\n- 2\n", "names and values"),
        ("flavors: [1]\n", "no flavors"),
        ("flavors: {sklearn: 3}\n", "no flavors"),
        ("flavors: {}\nsignature: 3\n", "signature"),
        ("a: " + "[" * 20_000, "nested deeper"),
        ("a: !!python/object/apply:os.system ['true']\n", "not YAML"),
        ("\x00\x01", "not YAML"),
    ],
)
def test_what_is_no_mlmodel_file_is_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "MLmodel").write_text(text)
    with pytest.raises(InvalidValue, match=says):
        Model.load(tmp_path)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "MLmodel").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(InvalidValue, match="larger than"):
        Model.load(tmp_path)


def test_a_folder_without_the_file_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="not a model"):
        Model.load(tmp_path)
