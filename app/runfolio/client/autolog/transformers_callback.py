"""A callback for Hugging Face's trainer that logs its arguments, the model's configuration and all it reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import transformers

from runfolio.client.autolog.quiet import quietly
from runfolio.client.autolog.session import Session, explicit_session


class RunfolioCallback(transformers.TrainerCallback):  # type: ignore[misc]
    """Logs to the active run, or to one that ends with the training: `Trainer(callbacks=[RunfolioCallback()])`."""

    def __init__(self) -> None:
        super().__init__()
        self._session: Session | None = None
        self._by_autolog = False

    def begin(self, session: Session) -> None:
        """Log the next training to this session's run."""
        self._session, self._by_autolog = session, True

    def on_train_begin(self, args: Any, state: Any, control: Any, model: Any = None, **_more: Any) -> None:
        """Log the arguments of the training and the configuration of the model."""
        if not state.is_world_process_zero:
            return
        with quietly("transformers", "start"):
            session = self._session if self._by_autolog else explicit_session("transformers")
            assert session is not None
            self._session = session
            with session.step("params"):
                session.add_params(args.to_dict())
            with session.step("model"):
                config = getattr(model, "config", None)
                known = set(args.to_dict())
                params = {} if config is None else config.to_dict()
                session.add_params({key: value for key, value in params.items() if key not in known})

    def on_log(self, args: Any, state: Any, control: Any, logs: Mapping[str, Any] | None = None, **_more: Any) -> None:
        """Log what the trainer reports: loss, learning rate, evaluations, totals."""
        if state.is_world_process_zero and logs and self._session is not None:
            with quietly("transformers", "metrics"):
                self._session.add_metrics(logs, state.global_step)

    def on_train_end(self, args: Any, state: Any, control: Any, **_more: Any) -> None:
        """End the run if it was started for this training; an evaluation that follows is still logged to it."""
        if self._session is not None and not self._by_autolog:
            self._session.close()
        self._by_autolog = False
