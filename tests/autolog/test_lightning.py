"""PyTorch Lightning's trainings are logged, where it is installed; in both packages it comes in."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import textwrap
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import runfolio
import runfolio.pytorch
from runfolio.core.errors import InvalidValue
from runfolio.core.states import RunStatus
from tests.autolog.conftest import Logged

torch: Any = pytest.importorskip("torch")
PACKAGES = ["lightning.pytorch", "pytorch_lightning"]
pytestmark = pytest.mark.filterwarnings("ignore")  # others' warnings are not ours to fail on


@pytest.fixture(params=PACKAGES)
def pl(request: pytest.FixtureRequest, logged: Logged) -> Any:
    """One of the packages, with autologging."""
    pytest.importorskip(request.param)
    runfolio.pytorch.autolog()
    return sys.modules[request.param]


def module(pl: Any) -> Any:
    class Line(pl.LightningModule):  # type: ignore[misc]
        def __init__(self, lr: float = 0.25) -> None:
            super().__init__()
            self.save_hyperparameters()
            self.line = torch.nn.Linear(3, 1)

        def loss(self, batch: Any) -> Any:
            return ((self.line(batch[0])[:, 0] - batch[1]) ** 2).mean()

        def training_step(self, batch: Any, index: int) -> Any:
            loss = self.loss(batch)
            self.log("train_loss", loss, on_step=False, on_epoch=True)
            self.log("last_step", loss)
            return loss

        def validation_step(self, batch: Any, index: int) -> None:
            self.log("val_loss", self.loss(batch))
            self.log("val_one", 1.0)

        def test_step(self, batch: Any, index: int) -> None:
            self.log("test_loss", self.loss(batch))

        def configure_optimizers(self) -> Any:
            return torch.optim.SGD(self.parameters(), lr=self.hparams.lr)

    torch.manual_seed(0)
    return Line()


def data() -> Any:
    features = torch.linspace(0, 1, 96).reshape(32, 3)
    return torch.utils.data.DataLoader(torch.utils.data.TensorDataset(features, features.sum(1)), batch_size=8)


def trainer(pl: Any, folder: Path, **options: Any) -> Any:
    quiet = {"enable_progress_bar": False, "enable_model_summary": False, "accelerator": "cpu", "logger": False}
    return pl.Trainer(**{**quiet, "default_root_dir": folder, "max_epochs": 4, **options})


def test_each_epoch_is_a_step(pl: Any, logged: Logged, tmp_path: Path) -> None:
    fitted = trainer(pl, tmp_path, check_val_every_n_epoch=2)
    model = module(pl)
    fitted.fit(model, data(), data())
    (tested,) = fitted.test(model, data(), verbose=False)
    run = logged.run()
    assert run.status is RunStatus.FINISHED and run.tags["mlflow.autologging"] == "pytorch"
    assert run.params["lr"] == "0.25" and run.params["optimizer_name"] == "SGD" and run.params["epochs"] == "4"
    assert [step for step, _ in logged.points(run, "train_loss")] == [0, 1, 2, 3]
    assert [step for step, _ in logged.points(run, "last_step")] == [0, 1, 2, 3]
    assert [step for step, _ in logged.points(run, "val_loss")] == [1, 3]
    assert logged.points(run, "val_one") == [(1, 1.0), (3, 1.0)]
    losses = [value for _, value in logged.points(run, "train_loss")]
    assert losses[-1] < losses[0] and losses[-1] == fitted.callback_metrics.get("train_loss", losses[-1])
    assert run.metrics["test_loss"].last == pytest.approx(tested["test_loss"])
    assert "line" in logged.text(run, "model_summary.txt")


def test_how_often_can_be_chosen(pl: Any, logged: Logged, tmp_path: Path) -> None:
    runfolio.pytorch.autolog(log_every_n_epoch=2)
    trainer(pl, tmp_path).fit(module(pl), data())
    runfolio.pytorch.autolog(log_every_n_step=3)
    trainer(pl, tmp_path, max_epochs=1).fit(module(pl), data())
    epochs, steps = logged.runs()
    assert [step for step, _ in logged.points(epochs, "train_loss")] == [1, 3]
    assert [step for step, _ in logged.points(steps, "last_step")] == [0, 3]
    with pytest.raises(InvalidValue):
        runfolio.pytorch.autolog(log_every_n_epoch=0)


def test_early_stopping_is_told(pl: Any, logged: Logged, tmp_path: Path) -> None:
    stop = pl.callbacks.EarlyStopping("val_loss", patience=1, min_delta=100)
    trainer(pl, tmp_path, callbacks=[stop]).fit(module(pl), data(), data())
    run = logged.run()
    assert run.params["monitor"] == "val_loss" and run.params["patience"] == "1"
    assert run.metrics["stopped_epoch"].last == stop.stopped_epoch == 1
    assert run.metrics["restored_epoch"].last == 0
    assert run.metrics["best_score"].last == stop.best_score.item()


def test_a_training_that_fails(pl: Any, logged: Logged, tmp_path: Path) -> None:
    class Stop(pl.Callback):  # type: ignore[misc]
        def on_train_epoch_end(self, *_args: Any) -> None:
            raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        trainer(pl, tmp_path, callbacks=[Stop()]).fit(module(pl), data())
    own = runfolio.pytorch.RunfolioLogger(run_name="own")
    with pytest.raises(LookupError, match="enough"):
        trainer(pl, tmp_path, callbacks=[Stop()], logger=own).fit(module(pl), data())
    assert [run.status for run in logged.runs()] == [RunStatus.FAILED] * 2


def test_training_gives_the_same(pl: Any, logged: Logged, tmp_path: Path) -> None:
    weights = []
    for disable in (False, True):
        runfolio.pytorch.autolog(disable=disable)
        model = module(pl)
        trainer(pl, tmp_path, max_epochs=2).fit(model, data())
        weights.append(model.line.weight.tolist())
    assert weights[0] == weights[1] and len(logged.runs()) == 1


def test_the_logger_has_a_run_of_its_own(pl: Any, logged: Logged, tmp_path: Path) -> None:
    mine = runfolio.pytorch.MLFlowLogger("vision/lines", run_name="mine", tags={"team": "a"}, prefix="x")
    mine.log_hyperparams({"model": {"width": 3, "deep": SimpleNamespace(a=1)}, "seed": 7})
    model = module(pl)
    fitted = trainer(pl, tmp_path, logger=mine, log_every_n_steps=1, max_epochs=2)
    fitted.fit(model, data(), data())
    fitted.test(model, data(), verbose=False)
    assert runfolio.active_run() is None
    run = logged.run()
    assert (run.name, run.experiment_name, run.tags["team"]) == ("mine", "vision/lines", "a")
    assert run.status is RunStatus.FINISHED
    assert run.params == {"model/width": "3", "model/deep": "namespace(a=1)", "seed": "7", "lr": "0.25"}
    assert [step for step, _ in logged.points(run, "x-last_step")] == list(range(8))
    assert {"x-val_loss", "x-train_loss", "x-test_loss"} <= run.metrics.keys()
    assert (mine.version, mine.run_id) == (run.run_id, run.run_id)


def test_the_logger_joins_the_active_run(pl: Any, logged: Logged, tmp_path: Path) -> None:
    with runfolio.start_run() as active:
        trainer(pl, tmp_path, logger=runfolio.pytorch.RunfolioLogger(), max_epochs=1).fit(module(pl), data())
        assert runfolio.active_run() is active
    assert "train_loss" in logged.run().metrics


def test_callback_and_logger_can_be_sent_to_another_process(pl: Any, logged: Logged, tmp_path: Path) -> None:
    callback = runfolio.pytorch.RunfolioCallback()
    with runfolio.start_run():
        callback.on_test_end(SimpleNamespace(is_global_zero=True, callback_metrics={"here": 1.0}), None)
        runfolio.flush()
        sent = pickle.loads(pickle.dumps(callback))
        sent.on_test_end(SimpleNamespace(is_global_zero=True, callback_metrics={"there": 1.0}), None)
        logger = runfolio.pytorch.RunfolioLogger()
        assert pickle.loads(pickle.dumps(logger)).version == logger.version
    assert {"here", "there"} == logged.run().metrics.keys()


RANKS = """
    import sys
    import lightning.pytorch as pl
    import runfolio
    import torch
    from lightning.pytorch.demos.boring_classes import BoringModel

    class Model(BoringModel):
        def training_step(self, batch, batch_idx):
            loss = self.step(batch)
            self.log("loss", loss)
            return loss

    if __name__ == "__main__":
        runfolio.autolog()
        quiet = {"logger": False, "enable_checkpointing": False, "enable_progress_bar": False}
        pl.Trainer(max_epochs=2, accelerator="cpu", devices=2, strategy=sys.argv[1], **quiet).fit(Model())
"""


@pytest.mark.slow
@pytest.mark.parametrize("strategy", ["ddp", "ddp_spawn", "ddp_fork"])
def test_ranks_of_one_training_are_one_run(strategy: str, logged: Logged, tmp_path: Path) -> None:
    pytest.importorskip("lightning")
    script = tmp_path / "ranks.py"
    script.write_text(textwrap.dedent(RANKS), encoding="utf-8")
    environment = {**os.environ, "RUNFOLIO_STORE": str(logged.folder)}
    command = [sys.executable, str(script), strategy]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    run = logged.run()
    assert run.status is RunStatus.FINISHED and run.params["optimizer_name"] == "SGD"
    assert [step for step, _ in logged.points(run, "loss")] == [0, 1]
