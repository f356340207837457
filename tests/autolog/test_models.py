"""Models that are logged by themselves when their training has ended."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV

import runfolio
from runfolio.core.entities import Run
from runfolio.core.errors import InvalidValue
from runfolio.models import Model
from tests.autolog.conftest import Logged

TABLE = pd.DataFrame({"a": np.arange(20.0), "b": np.arange(20.0)[::-1]})
TARGET = (TABLE["a"] > 9).astype("int64")

pytestmark = pytest.mark.filterwarnings("ignore")


def model_of(logged: Logged, run: Run, name: str = "model") -> Model:
    return Model.load(logged.folder / "artifacts" / run.run_id / name)


def test_an_estimator_is_logged_with_its_signature(logged: Logged) -> None:
    runfolio.sklearn.autolog()
    trained = LogisticRegression().fit(TABLE, TARGET)
    run = logged.run()
    model = model_of(logged, run)
    assert model.run_id == run.run_id and model.model_id is not None
    assert model.flavors["sklearn"]["serialization_format"] == "cloudpickle"
    inputs = model.get_input_schema()
    assert inputs is not None and inputs.input_names() == ["a", "b"]
    assert model.saved_input_example_info is None
    assert json.loads(run.tags["mlflow.log-model.history"])[0]["artifact_path"] == "model"
    loaded = runfolio.pyfunc.load_model(f"runs:/{run.run_id}/model")
    assert loaded.predict(TABLE).tolist() == trained.predict(TABLE).tolist()


def test_what_is_logged_is_what_was_asked_for(logged: Logged) -> None:
    runfolio.sklearn.autolog(log_input_examples=True, log_model_signatures=False, serialization_format="skops")
    LogisticRegression().fit(TABLE, TARGET)
    model = model_of(logged, logged.run())
    assert model.signature is None
    assert model.load_input_example(logged.folder / "artifacts" / logged.run().run_id / "model").equals(TABLE[:5])
    assert model.flavors["sklearn"]["serialization_format"] == "skops"


def test_no_model_is_logged_where_none_is_wanted(logged: Logged) -> None:
    runfolio.sklearn.autolog(log_models=False)
    LogisticRegression().fit(TABLE, TARGET)
    assert not any("MLmodel" in file for file in logged.files(logged.run()))


def test_a_search_has_its_best_estimator_too(logged: Logged) -> None:
    runfolio.sklearn.autolog(max_tuning_runs=1)
    search = GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}, cv=2).fit(TABLE, TARGET)
    run = next(run for run in logged.runs() if "model/MLmodel" in logged.files(run))
    best = runfolio.sklearn.load_model(f"runs:/{run.run_id}/best_estimator")
    assert search.best_params_["C"] == best.C


def test_a_model_that_cannot_be_saved_leaves_the_training_alone(
    logged: Logged, caplog: pytest.LogCaptureFixture
) -> None:
    class Stubborn(LogisticRegression):  # type: ignore[misc]
        def __reduce__(self) -> Any:
            raise TypeError("not me")

    runfolio.sklearn.autolog()
    trained = Stubborn().fit(TABLE, TARGET)
    assert trained.score(TABLE, TARGET) == 1.0
    assert "model: InvalidValue: Stubborn cannot be pickled: not me" in caplog.text
    assert not any(file.startswith("model") for file in logged.files(logged.run()))


def test_models_of_xgboost_are_logged(logged: Logged) -> None:
    xgboost = pytest.importorskip("xgboost")
    runfolio.xgboost.autolog(model_format="json")
    with runfolio.start_run() as by_estimator:
        xgboost.XGBClassifier(n_estimators=2).fit(TABLE, TARGET)
    with runfolio.start_run() as by_train:
        xgboost.train({}, xgboost.DMatrix(TABLE, TARGET), 2)
    for run in (by_estimator, by_train):
        flavors = Model.load(f"runs:/{run.info.run_id}/model").flavors
        assert flavors["xgboost"]["data"] == "model.json"
    assert Model.load(f"runs:/{by_estimator.info.run_id}/model").signature is not None
    kinds = [type(runfolio.xgboost.load_model(f"runs:/{run.info.run_id}/model")) for run in (by_estimator, by_train)]
    assert kinds == [xgboost.XGBClassifier, xgboost.Booster]


def test_models_of_lightgbm_are_logged(logged: Logged) -> None:
    lightgbm = pytest.importorskip("lightgbm")
    runfolio.lightgbm.autolog()
    params = {"min_child_samples": 1, "verbose": -1}
    with runfolio.start_run() as by_estimator:
        lightgbm.LGBMClassifier(n_estimators=2, **params).fit(TABLE, TARGET)
    with runfolio.start_run() as by_train:
        lightgbm.train(params, lightgbm.Dataset(TABLE, TARGET), 2)
    for run in (by_estimator, by_train):
        assert runfolio.pyfunc.load_model(f"runs:/{run.info.run_id}/model").predict(TABLE).shape == (20,)
        assert Model.load(f"runs:/{run.info.run_id}/model").signature is not None


def test_models_of_keras_are_logged(logged: Logged) -> None:
    keras = pytest.importorskip("keras")
    runfolio.keras.autolog()
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(TABLE.to_numpy(), TARGET.to_numpy(), verbose=0)
    run = logged.run()
    loaded = runfolio.pyfunc.load_model(f"runs:/{run.run_id}/model")
    assert np.allclose(loaded.predict(TABLE.to_numpy()), model.predict(TABLE.to_numpy(), verbose=0))
    assert loaded.metadata.signature is not None


def test_models_of_lightning_are_logged(logged: Logged) -> None:
    lightning = pytest.importorskip("lightning.pytorch", exc_type=ImportError)
    import torch

    class Line(lightning.LightningModule):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.layer = torch.nn.Linear(2, 1)

        def forward(self, x: Any) -> Any:
            return self.layer(x)

        def training_step(self, batch: Any, _index: int) -> Any:
            return self(batch[0]).sum()

        def configure_optimizers(self) -> Any:
            return torch.optim.SGD(self.parameters(), 0.01)

    runfolio.pytorch.autolog()
    model, data = Line(), torch.utils.data.TensorDataset(torch.ones(4, 2))
    quiet = {"logger": False, "enable_checkpointing": False, "enable_progress_bar": False}
    lightning.Trainer(max_epochs=1, **quiet).fit(model, torch.utils.data.DataLoader(data))
    loaded = runfolio.pytorch.load_model(f"runs:/{logged.run().run_id}/model")
    assert torch.equal(loaded.layer.weight, model.layer.weight)


def test_a_model_is_registered_as_it_is_logged(logged: Logged) -> None:
    runfolio.sklearn.autolog(registered_model_name="mine")
    trained = LogisticRegression().fit(TABLE, TARGET)
    run = logged.run()
    version = runfolio.Client().get_model_version("mine", 1)
    assert (version.run_id, version.source) == (run.run_id, f"runs:/{run.run_id}/model")
    assert runfolio.pyfunc.load_model("models:/mine/latest").predict(TABLE).tolist() == trained.predict(TABLE).tolist()
    with runfolio.start_run():
        for number in (2, 3):
            LogisticRegression().fit(TABLE, TARGET)
            assert runfolio.Client().get_registered_model("mine").latest_versions[0].version == number


def test_a_wrong_name_for_the_registry_is_told_at_once(logged: Logged) -> None:
    with pytest.raises(InvalidValue, match="'/'"):
        runfolio.sklearn.autolog(registered_model_name="a/b")
