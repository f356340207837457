"""A callback for PyTorch Lightning that logs the optimizer and the metrics of each epoch."""

from __future__ import annotations

import functools
import sys
from importlib import import_module
from typing import Any

from runfolio.client.autolog.quiet import quietly
from runfolio.client.autolog.session import Session, explicit_session
from runfolio.client.autolog.settings import natural

NAMES = {"lightning.pytorch": "RunfolioCallback", "pytorch_lightning": "RunfolioCallbackOfPytorchLightning"}


class Recorder:
    """What the callback does; the class of it is made for the package that is used.

    Attributes:
        every_epoch, every_step: how often metrics are logged; no steps with None.
        from_autolog: whether autologging gave it to the trainer.
    """

    is_runfolio = True

    def __init__(self, log_every_n_epoch: int = 1, log_every_n_step: int | None = None) -> None:
        super().__init__()
        self.every_epoch = natural("log_every_n_epoch", log_every_n_epoch) or 1
        self.every_step = natural("log_every_n_step", log_every_n_step)
        self.from_autolog = False
        self._session: Session | None = None
        self._of_other_loops: set[str] = set()

    def begin(self, session: Session) -> None:
        """Log to this session's run from now on."""
        self._session = session

    def on_fit_start(self, trainer: Any, pl_module: Any) -> None:
        """Log how long it is to train, and the optimizer."""
        if not trainer.is_global_zero:
            return
        with quietly("pytorch", "params"):
            session = self._found()
            params = {"epochs": trainer.max_epochs}
            for optimizer in trainer.optimizers[:1]:
                params["optimizer_name"] = type(optimizer).__name__
                params |= getattr(optimizer, "defaults", {})
            session.add_params(params)

    def on_train_batch_end(self, trainer: Any, *_more: Any) -> None:
        """Log the metrics of the step, if it is one to log."""
        if self.every_step and trainer.global_step % self.every_step == 0:
            self._log(trainer, trainer.global_step)

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        """Log the metrics of the training, as they were last where they are of single steps."""
        if (trainer.current_epoch + 1) % self.every_epoch == 0 and trainer.is_global_zero:
            with quietly("pytorch", "metrics"):
                latest = trainer.callback_metrics.items()
                steps = {key: value for key, value in latest if key not in self._of_other_loops}
                self._found().add_metrics({**steps, **current_metrics(trainer)}, trainer.current_epoch)

    def on_validation_end(self, trainer: Any, pl_module: Any) -> None:
        """Log the metrics of a validation, but not of the trial before the training."""
        with quietly("pytorch", "metrics"):
            self._of_other_loops.update(current_metrics(trainer))
        if not trainer.sanity_checking and (trainer.current_epoch + 1) % self.every_epoch == 0:
            self._log(trainer, trainer.current_epoch)

    def on_test_end(self, trainer: Any, pl_module: Any) -> None:
        """Log the metrics of a test."""
        self._log(trainer, None)

    def _log(self, trainer: Any, step: int | None) -> None:
        if trainer.is_global_zero:
            with quietly("pytorch", "metrics"):
                self._found().add_metrics(current_metrics(trainer), step)

    def _found(self) -> Session:
        if self._session is None:
            self._session = explicit_session("pytorch")
        return self._session


def current_metrics(trainer: Any) -> dict[str, Any]:
    """The metrics of the loop that runs; Lightning's public table has all others too, as they were last."""
    try:
        return dict(trainer._logger_connector.metrics["callback"])
    except (AttributeError, KeyError, AssertionError):
        return dict(trainer.callback_metrics)


@functools.cache
def callback_class(package: str) -> type[Any]:
    """The callback for `lightning.pytorch` or `pytorch_lightning`, under a name by which pickle finds it."""
    base = import_module(f"{package}.callbacks").Callback
    return type(NAMES[package], (Recorder, base), {"__module__": __name__, "__doc__": Recorder.__doc__})


def preferred() -> str:
    """The package in use, or the one that is installed."""
    found = [name for name in NAMES if name in sys.modules]
    return found[0] if found else next((name for name in NAMES if _importable(name)), "lightning.pytorch")


def _importable(name: str) -> bool:
    try:
        import_module(name)
    except ImportError:
        return False
    return True


def __getattr__(name: str) -> Any:
    for package, known in NAMES.items():
        if name == known:
            return callback_class(package)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
