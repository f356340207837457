"""MLflow's fluent functions that log: each to the active run, which is started if there is none."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from runfolio.client import active_runs, destination, files, media
from runfolio.client.active_run import ActiveRun
from runfolio.client.active_runs import run_to_log_to as _run


class RunOperations:
    """What a call with `synchronous=False` returns: what was logged, on its way into the tables."""

    def __init__(self, run: ActiveRun) -> None:
        self._run = run

    def wait(self) -> None:
        """Return once it is there, or the store cannot take it now; nothing is lost then either."""
        self._run.flush()


def log_metric(
    key: str,
    value: float,
    step: int | None = None,
    synchronous: bool | None = None,
    timestamp: int | None = None,
    run_id: str | None = None,
    model_id: str | None = None,
    dataset: Any = None,
) -> RunOperations | None:
    """Append a point to a metric: a number at a step (0 if not given) and a time (now; epoch milliseconds).

    With `synchronous`, it is in the tables on return. MLflow's `model_id` and `dataset` are taken and not used.
    """
    run = active_runs.active_run() if run_id is None else None
    run = run or _run(run_id)
    run.log_metric(key, value, step, timestamp)
    return None if synchronous is None else _settled(run, synchronous)


def log_metrics(
    metrics: Mapping[str, float],
    step: int | None = None,
    synchronous: bool | None = None,
    run_id: str | None = None,
    timestamp: int | None = None,
    model_id: str | None = None,
    dataset: Any = None,
) -> RunOperations | None:
    """Append a point to each of several metrics; all are checked before any is logged."""
    run = _run(run_id)
    run.log_metrics(metrics, step, timestamp)
    return _settled(run, synchronous)


def log_param(key: str, value: Any, synchronous: bool | None = None, *, overwrite: bool = False) -> Any:
    """Set a param, once and for all unless told to `overwrite`; returns the value, or what to wait for.

    Raises:
        InvalidValue: the param has another value already, which the message names.
    """
    pending = log_params({key: value}, synchronous, overwrite=overwrite)
    return value if pending is None else pending


def log_params(
    params: Mapping[str, Any], synchronous: bool | None = None, run_id: str | None = None, *, overwrite: bool = False
) -> RunOperations | None:
    """Set several params; either all or, when one breaks a rule, none."""
    run = _run(run_id)
    run.log_params(params, overwrite=overwrite)
    return _settled(run, synchronous)


def set_tag(key: str, value: Any, synchronous: bool | None = None) -> RunOperations | None:
    """Set a tag."""
    return set_tags({key: value}, synchronous)


def set_tags(tags: Mapping[str, Any], synchronous: bool | None = None) -> RunOperations | None:
    """Set several tags."""
    run = _run()
    run.set_tags(tags)
    return _settled(run, synchronous)


def delete_tag(key: str) -> None:
    """Remove a tag of the active run."""
    _run().delete_tag(key)


def log_artifact(
    local_path: str | os.PathLike[str], artifact_path: str | None = None, run_id: str | None = None
) -> None:
    """Copy a file or a folder into the run's files."""
    files.log_file(_run(run_id), local_path, artifact_path)


def log_artifacts(
    local_dir: str | os.PathLike[str], artifact_path: str | None = None, run_id: str | None = None
) -> None:
    """Copy everything in a folder into the run's files."""
    files.log_folder(_run(run_id), local_dir, artifact_path)


def log_text(text: str, artifact_file: str, run_id: str | None = None) -> None:
    """Store a text as a file of the run."""
    files.log_text(_run(run_id), text, artifact_file)


def log_dict(dictionary: Any, artifact_file: str, run_id: str | None = None) -> None:
    """Store a dictionary as a JSON or, by its suffix, YAML file of the run."""
    files.log_mapping(_run(run_id), dictionary, artifact_file)


def log_figure(
    figure: Any, artifact_file: str, *, save_kwargs: dict[str, Any] | None = None, run_id: str | None = None
) -> None:
    """Store a matplotlib or plotly figure as a file of the run."""
    media.log_figure(_run(run_id), figure, artifact_file, save_kwargs)


def log_image(
    image: Any,
    artifact_file: str | None = None,
    key: str | None = None,
    step: int | None = None,
    timestamp: int | None = None,
    synchronous: bool | None = False,
    *,
    run_id: str | None = None,
) -> None:
    """Store an array or PIL image as a file, or as one of a series by key and step."""
    run = _run(run_id)
    media.log_image(run, image, artifact_file, key, step, timestamp)
    if synchronous:
        run.flush()


def log_table(data: Any, artifact_file: str, run_id: str | None = None) -> None:
    """Store rows, a dictionary of columns or a pandas table, under a name; those logged there before stay."""
    from runfolio.client import tables  # brings all that reads runs, which a training script seldom needs

    tables.log_table(data, artifact_file, _run(run_id))


def load_table(
    artifact_file: str, run_ids: Sequence[str] | None = None, extra_columns: Sequence[str] | None = None
) -> Any:
    """The table of that name of several runs, or all of the active experiment, below each other as a pandas table.

    Args:
        extra_columns: what to add of each run, by the names of `search_runs`' columns, such as `run_id`.
    """
    from runfolio.client import tables

    numbers = [] if run_ids else [int(destination.active_experiment().experiment_id)]
    return tables.load_table(destination.current_tracker(), numbers, artifact_file, run_ids, extra_columns)


def log_stream(stream: IO[Any], artifact_file: str, run_id: str | None = None) -> None:
    """Store what a stream of bytes or text gives as a file of the run."""
    files.log_stream(_run(run_id), stream, artifact_file)


def get_artifact_uri(artifact_path: str | None = None) -> str:
    """Where the active run's files, or one of them, are on disk."""
    root = _run().info.artifact_uri
    return str(Path(root, artifact_path)) if artifact_path else root


def flush() -> bool:
    """Wait until everything logged is in the tables; False if the store cannot take it now."""
    return destination.current_tracker().flush()


def flush_async_logging() -> None:
    """Wait until everything logged is in the tables, by MLflow's name."""
    flush()


def flush_artifact_async_logging() -> None:
    """Files are in place when the call that logs them returns; MLflow's name for waiting until the tables know."""
    flush()


def _settled(run: ActiveRun, synchronous: bool | None) -> RunOperations | None:
    if synchronous:
        run.flush()
    return RunOperations(run) if synchronous is False else None
