"""A callback for Keras that logs the optimizer, the layers and the metrics of each epoch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras

from runfolio.client import files
from runfolio.client.autolog.quiet import quietly
from runfolio.client.autolog.session import Session, explicit_session
from runfolio.client.autolog.settings import natural
from runfolio.core.errors import InvalidValue


class RunfolioCallback(keras.callbacks.Callback):  # type: ignore[misc]
    """Logs to the active run, or to a new one, which stays active: `model.fit(..., callbacks=[RunfolioCallback()])`.

    Metrics of training and validation by epoch, or every so many steps; those of `evaluate` as `validation_<name>`.
    """

    def __init__(
        self,
        log_every_epoch: bool = True,
        log_every_n_steps: int | None = None,
        model_id: str | None = None,
        session: Session | None = None,
    ) -> None:
        super().__init__()
        if log_every_epoch == (log_every_n_steps is not None):
            raise InvalidValue("Give log_every_n_steps with log_every_epoch=False, and not otherwise.")
        self._every_epoch, self._every = log_every_epoch, natural("log_every_n_steps", log_every_n_steps)
        self._session = session
        self.from_autolog = False
        self._training = False
        self._step = 0

    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        """Log the optimizer's settings, the loss and the layers."""
        self._training = True
        with quietly("keras", "start"):
            session = self._found()
            with session.step("optimizer"):
                self._step = int(self.model.optimizer.iterations)
                config = self.model.optimizer.get_config()
                session.add_params({f"optimizer_{key}": value for key, value in config.items()})
            with session.step("summary"):
                lines: list[str] = []
                self.model.summary(print_fn=lambda line, **_more: lines.append(line))
                files.log_text(session.run, "\n".join(lines) + "\n", "model_summary.txt")

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Log the epoch's metrics, of validation too."""
        if self._every_epoch and logs:
            self._log(logs, epoch)

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Log the metrics so far, if it is the step for it."""
        self._step += 1
        if self._every and logs and self._step % self._every == 0:
            self._log(logs, self._step)

    def on_train_end(self, logs: Mapping[str, Any] | None = None) -> None:
        """What comes after is not of this training."""
        self._training = False

    def on_test_end(self, logs: Mapping[str, Any] | None = None) -> None:
        """Log what `evaluate` found; a validation within the training is in the epoch's metrics."""
        if logs and not self._training:
            self._log({f"validation_{key}": value for key, value in logs.items()}, None)

    def _log(self, logs: Mapping[str, Any], step: int | None) -> None:
        with quietly("keras", "metrics"):
            self._found().add_metrics(logs, step)

    def _found(self) -> Session:
        if self._session is None:
            self._session = explicit_session("keras")
        return self._session
