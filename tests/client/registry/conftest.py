"""A store that a script logs to, and a run of it with a model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import runfolio
from tests.store.registry.conftest import write_model


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the store."""
    folder = tmp_path / "store"
    monkeypatch.setenv("RUNFOLIO_STORE", str(folder))
    yield folder
    runfolio.end_run()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a model that no run has."""
    write_model(tmp_path / "saved")
    return tmp_path / "saved"


@pytest.fixture
def run_id(store: Path, folder: Path) -> str:
    """A run with a metric, a param and the model `model`."""
    with runfolio.start_run(run_name="calm-heron-17") as run:
        runfolio.log_param("lr", 0.1)
        runfolio.log_metric("val_auc", 0.947)
        runfolio.log_artifacts(str(folder), "model")
    return run.info.run_id


@pytest.fixture
def client(run_id: str) -> runfolio.Client:
    """The model `churn` with the versions 1, 2 and 3, of the same run."""
    for _ in range(3):
        runfolio.register_model(f"runs:/{run_id}/model", "churn")
    return runfolio.Client()
