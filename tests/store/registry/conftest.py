"""A model that a run has logged, and ways to register it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runfolio.core.folder import ARTIFACTS
from runfolio.store import Store
from runfolio.store.registry.registering import Registered, of_run, register
from tests.store.script import Script

MLMODEL = """\
artifact_path: model
flavors:
  python_function: {loader_module: runfolio.sklearn, python_version: 3.12.1}
  sklearn: {pickled_model: model.skops}
mlflow_version: 3.18.0
model_id: m-0123456789abcdef0123456789abcdef
saved_input_example_info: {artifact_path: input_example.json, type: dataframe}
signature:
  inputs: '[{"type": "long", "name": "tenure", "required": true}, {"type": "string", "name": "plan", "required": true}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
"""


def write_model(folder: Path, weights: bytes = b"weights") -> None:
    """A folder as a flavor saves it."""
    (folder / "data").mkdir(parents=True)
    (folder / "MLmodel").write_text(MLMODEL)
    (folder / "model.skops").write_bytes(weights)
    (folder / "data" / "more.bin").write_bytes(b"more")
    (folder / "input_example.json").write_text('{"columns": ["tenure", "plan"], "data": [[1, "a"]]}')


@pytest.fixture
def run_id(store: Store) -> Iterator[str]:
    """A run with a metric and a model."""
    with Script(store) as script:
        public = script.start(name="calm-heron-17")
        script.log(public, "val_auc", [0.947])
        script.params(public, {"lr": "0.1"})
        script.take()
        write_model(store.path / ARTIFACTS / public / "model")
        yield public


@pytest.fixture
def registered(store: Store, run_id: str) -> Callable[..., Registered]:
    """Registers the run's model under a name."""

    def registered(name: str = "churn", **options: object) -> Registered:
        return register(store, name, of_run(store, run_id, "model"), **options)  # type: ignore[arg-type]

    return registered
