"""Trainings of Hugging Face's trainer are logged, where it is installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import runfolio
import runfolio.transformers
from runfolio.core.states import RunStatus
from tests.autolog.conftest import Logged

torch: Any = pytest.importorskip("torch")
transformers: Any = pytest.importorskip("transformers")
pytest.importorskip("accelerate")
pytestmark = pytest.mark.filterwarnings("ignore")  # others' warnings are not ours to fail on


@pytest.fixture(autouse=True)
def on(logged: Logged, monkeypatch: pytest.MonkeyPatch) -> Logged:
    """Autologging, as scripts turn it on; and no way to the hub."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    runfolio.transformers.autolog()
    return logged


def trainer(folder: Path, **options: Any) -> Any:
    size = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1, "intermediate_size": 8}
    torch.manual_seed(0)
    model = transformers.BertForSequenceClassification(transformers.BertConfig(vocab_size=20, **size))
    data = [{"input_ids": torch.arange(6) + index, "labels": torch.tensor(index % 2)} for index in range(8)]
    chosen = {"report_to": [], "eval_strategy": "epoch", "num_train_epochs": 2, **options}
    arguments = transformers.TrainingArguments(
        str(folder), per_device_train_batch_size=4, logging_steps=1, save_strategy="no", use_cpu=True,
        disable_tqdm=True, learning_rate=0.125, **chosen
    )  # fmt: skip
    return transformers.Trainer(model, arguments, train_dataset=data, eval_dataset=data)


def test_all_that_the_trainer_reports_is_logged(logged: Logged, tmp_path: Path) -> None:
    used = trainer(tmp_path)
    result = used.train()
    evaluated = used.evaluate()
    assert runfolio.active_run() is None
    run = logged.run()
    assert run.status is RunStatus.FINISHED and run.tags["mlflow.autologging"] == "transformers"
    assert run.params["learning_rate"] == "0.125" and run.params["hidden_size"] == "8"
    reported = [(entry["step"], entry["loss"]) for entry in used.state.log_history if "loss" in entry]
    assert [step for step, _ in reported] == [1, 2, 3, 4]
    assert logged.points(run, "loss") == reported
    assert run.metrics["train_loss"].last == result.training_loss
    assert run.metrics["eval_loss"].last == evaluated["eval_loss"]
    assert [step for step, _ in logged.points(run, "eval_loss")] == [2, 4, 4]
    assert {"total_flos", "train_runtime", "grad_norm"} <= run.metrics.keys()


def test_training_twice_is_two_runs(logged: Logged, tmp_path: Path) -> None:
    used = trainer(tmp_path)
    used.train()
    used.train()
    assert [len(logged.points(run, "loss")) for run in logged.runs()] == [4, 4]


def test_a_training_that_fails(logged: Logged, tmp_path: Path) -> None:
    class Stop(transformers.TrainerCallback):  # type: ignore[misc]
        def on_step_end(self, *_args: Any, **_kwargs: Any) -> None:
            raise LookupError("enough")

    used = trainer(tmp_path)
    used.add_callback(Stop())
    with pytest.raises(LookupError, match="enough"):
        used.train()
    assert logged.run().status is RunStatus.FAILED


def test_training_gives_the_same(logged: Logged, tmp_path: Path) -> None:
    losses = []
    for disable in (False, True):
        runfolio.transformers.autolog(disable=disable)
        losses.append(trainer(tmp_path).train().training_loss)
    assert losses[0] == losses[1] and len(logged.runs()) == 1


def test_reporting_to_runfolio(logged: Logged, tmp_path: Path) -> None:
    trainer(tmp_path, report_to="runfolio").train()
    runfolio.autolog(disable=True)
    trainer(tmp_path, report_to="runfolio").train()
    with runfolio.start_run(run_name="mine") as active:
        trainer(tmp_path, report_to="runfolio").train()
        assert runfolio.active_run() is active
    runs = logged.runs()
    assert [run.status for run in runs] == [RunStatus.FINISHED] * 3 and runs[2].name == "mine"
    assert [len(logged.points(run, "loss")) for run in runs] == [4, 4, 4]


def test_the_callback_by_hand(logged: Logged, tmp_path: Path) -> None:
    runfolio.autolog(disable=True)
    used = trainer(tmp_path)
    used.add_callback(runfolio.transformers.MLflowCallback())
    used.train()
    assert runfolio.active_run() is None and "loss" in logged.run().metrics
