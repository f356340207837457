"""Keras's trainings are logged, where it is installed."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest

import runfolio
import runfolio.keras
import runfolio.tensorflow
from runfolio.core.errors import InvalidValue
from runfolio.core.states import RunStatus
from tests.autolog.conftest import Logged

os.environ.setdefault("KERAS_BACKEND", "torch")
keras: Any = pytest.importorskip("keras")
pytestmark = pytest.mark.filterwarnings("ignore")  # others' warnings are not ours to fail on

X = np.linspace(0, 1, 96, dtype="float32").reshape(32, 3)
Y = X.sum(axis=1)


@pytest.fixture(autouse=True)
def on(logged: Logged) -> Logged:
    """Autologging, as scripts turn it on."""
    runfolio.keras.autolog()
    return logged


def model() -> Any:
    keras.utils.set_random_seed(0)
    made = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(2, name="narrow"), keras.layers.Dense(1)])
    made.compile(keras.optimizers.SGD(0.25), "mse", metrics=["mae"])
    return made


def test_each_epoch_is_a_step(logged: Logged) -> None:
    history = model().fit(X, Y, epochs=3, batch_size=8, validation_split=0.25, verbose=0).history
    run = logged.run()
    assert run.status is RunStatus.FINISHED and run.tags["mlflow.autologging"] == "keras"
    assert set(history) == {"loss", "mae", "val_loss", "val_mae"} == run.metrics.keys()
    for key, values in history.items():
        assert logged.points(run, key) == list(enumerate(values))
    assert run.params["epochs"] == "3" and run.params["batch_size"] == "8"
    assert run.params["optimizer_name"].lower() == "sgd" and run.params["optimizer_learning_rate"] == "0.25"
    assert "narrow" in logged.text(run, "model_summary.txt")
    assert [context for context, *_ in logged.datasets(run)] == ["train"]


def test_steps_can_be_logged_instead(logged: Logged) -> None:
    runfolio.tensorflow.autolog(log_every_epoch=False, log_every_n_steps=2)
    model().fit(X, Y, epochs=2, batch_size=8, verbose=0)
    assert [step for step, _ in logged.points(logged.run(), "loss")] == [2, 4, 6, 8]


def test_early_stopping_is_told(logged: Logged) -> None:
    stop = keras.callbacks.EarlyStopping("val_loss", min_delta=100, patience=1)
    callbacks = [stop]
    model().fit(X, Y, epochs=9, validation_split=0.25, verbose=0, callbacks=callbacks)
    run = logged.run()
    assert callbacks == [stop]
    assert run.params["monitor"] == "val_loss" and run.params["patience"] == "1"
    assert run.metrics["stopped_epoch"].last == 1 and run.metrics["restored_epoch"].last == 0
    assert len(logged.points(run, "val_loss")) == 2


def test_a_list_of_callbacks_of_keras_is_left_as_it_was(logged: Logged) -> None:
    trained = model()
    callbacks = keras.callbacks.CallbackList([keras.callbacks.History()], model=trained)
    for _ in range(2):
        trained.fit(X, Y, epochs=2, verbose=0, callbacks=callbacks)
        assert [type(one).__name__ for one in callbacks.callbacks] == ["History"]
    assert [len(logged.points(run, "loss")) for run in logged.runs()] == [2, 2]


def test_a_training_that_fails(logged: Logged) -> None:
    def stop(epoch: int, logs: Any) -> None:
        if epoch == 1:
            raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        model().fit(X, Y, epochs=3, verbose=0, callbacks=[keras.callbacks.LambdaCallback(on_epoch_begin=stop)])
    run = logged.run()
    assert run.status is RunStatus.FAILED and len(logged.points(run, "loss")) == 1


def test_training_gives_the_same(logged: Logged) -> None:
    losses = []
    for disable in (False, True):
        runfolio.keras.autolog(disable=disable)
        losses.append(model().fit(X, Y, epochs=2, verbose=0).history["loss"])
    assert losses[0] == losses[1] and len(logged.runs()) == 1
    assert "fit" not in vars(keras.Model)


def test_the_callback_by_hand(logged: Logged) -> None:
    callback = runfolio.keras.MlflowCallback()
    trained = model()
    with runfolio.start_run():
        trained.fit(X, Y, epochs=2, verbose=0, callbacks=[callback])
        loss = trained.evaluate(X, Y, verbose=0, callbacks=[callback])[0]
    run = logged.run()
    assert len(logged.points(run, "loss")) == 2
    assert run.metrics["validation_loss"].last == pytest.approx(loss)


@pytest.mark.parametrize("wrong", [{"log_every_epoch": False}, {"log_every_n_steps": 3}])
def test_epochs_or_steps(wrong: dict[str, Any]) -> None:
    for function in (runfolio.keras.autolog, runfolio.keras.RunfolioCallback):
        with pytest.raises(InvalidValue, match="log_every_epoch=False"):
            function(**wrong)
