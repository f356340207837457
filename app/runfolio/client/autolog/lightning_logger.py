"""A logger for PyTorch Lightning: `Trainer(logger=RunfolioLogger())`."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from runfolio.client.active_run import ActiveRun
from runfolio.client.autolog.lightning_callback import preferred
from runfolio.client.autolog.quiet import quietly
from runfolio.client.autolog.session import Session
from runfolio.client.autolog.settings import Settings
from runfolio.client.experiment import ExperimentHandle
from runfolio.core.states import RunStatus

_package = preferred()
_base: Any = import_module(f"{_package}.loggers").Logger
_rank_zero: Any = import_module(f"{_package}.utilities.rank_zero")
_ENDS = {"success": RunStatus.FINISHED, "finished": RunStatus.FINISHED, "failed": RunStatus.FAILED}


class RunfolioLogger(_base):  # type: ignore[misc]
    """Logs what a module logs to the active run, or to a run of its own that ends with the training.

    Args:
        experiment_name: where a run of its own goes; else to the active experiment.
        run_name, tags, run_id: of a run of its own; with any of them, the active run is left alone.
        tracking_uri: the store, for all of this process that follows.
        save_dir: where Lightning's checkpoints go.
        prefix: put before each metric's name, with `-`.
        log_model, artifact_location, synchronous: taken for MLflow's sake; they change nothing.
    """

    def __init__(
        self,
        experiment_name: str | None = None,
        run_name: str | None = None,
        tracking_uri: str | None = None,
        tags: Mapping[str, Any] | None = None,
        save_dir: str | None = None,
        log_model: bool | str = False,
        prefix: str = "",
        artifact_location: str | None = None,
        run_id: str | None = None,
        synchronous: bool | None = None,
    ) -> None:
        super().__init__()
        self._where, self._save_dir, self._prefix = (experiment_name, tracking_uri), save_dir, prefix
        self._run_name, self._run_id, self._tags = run_name, run_id, dict(tags or {})
        self._session: Session | None = None

    @property
    def is_runfolio(self) -> bool:
        """Whether autologging can leave the logging to this."""
        return True

    @property
    def experiment(self) -> ActiveRun:
        """The run; started on first use."""
        return self._found().run

    @property
    def name(self) -> str:
        """The id of the experiment, which Lightning names a folder after."""
        return str(self.experiment.info.experiment_id)

    @property
    def version(self) -> str:
        """The id of the run, which Lightning names a folder after."""
        return str(self.experiment.info.run_id)

    @property
    def run_id(self) -> str:
        """The id of the run."""
        return self.version

    @property
    def save_dir(self) -> str | None:
        """Where Lightning writes checkpoints; its own default if None."""
        return self._save_dir

    def log_hyperparams(self, params: Mapping[str, Any] | Namespace, *_args: Any, **_kwargs: Any) -> None:
        """Set params; those within others have their names joined by `/`."""
        if self._logs():
            with quietly("pytorch", "params"):
                self._found().add_params(flat(vars(params) if isinstance(params, Namespace) else params))

    def log_metrics(self, metrics: Mapping[str, float], step: int | None = None) -> None:
        """Append a point to each metric."""
        if self._logs():
            with quietly("pytorch", "metrics"):
                prefix = f"{self._prefix}-" if self._prefix else ""
                self._found().add_metrics({prefix + key: value for key, value in metrics.items()}, step)

    def finalize(self, status: str) -> None:
        """End the run, if it is this logger's own, as the training ended."""
        session = self._session
        if session is not None and session.owned and self._logs():
            session.owned = False
            with quietly("pytorch", "end of the run"):
                from runfolio.client import active_runs

                active_runs.leave(session.run, _ENDS.get(status, RunStatus.KILLED))

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_session": None, "_run_id": self._session.run.info.run_id if self._session else None}

    def _logs(self) -> bool:
        return not getattr(_rank_zero.rank_zero_only, "rank", 0)

    def _found(self) -> Session:
        if self._session is None:
            self._session = self._started()
        return self._session

    def _started(self) -> Session:
        from runfolio.client import active_runs, destination

        experiment_name, uri = self._where
        if uri is not None:
            destination.set_tracking_uri(uri)
        active = active_runs.active_run()
        own = (experiment_name, self._run_name, self._run_id, self._tags or None) != (None,) * 4
        if active is not None and not own:
            return Session("pytorch", Settings(), active, owned=False)
        number = (
            ExperimentHandle(destination.current_tracker().folder, experiment_name).experiment_id
            if experiment_name
            else None
        )
        run = active_runs.start_run(self._run_id, number, self._run_name, nested=active is not None, tags=self._tags)
        return Session("pytorch", Settings(), run, owned=True)


def flat(params: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Params within params, their names joined by `/`."""
    found: dict[str, Any] = {}
    for key, value in params.items():
        name = f"{above}/{key}" if above else str(key)
        value = vars(value) if isinstance(value, Namespace) else value
        found.update(flat(value, name) if isinstance(value, Mapping) and value else {name: value})
    return found
