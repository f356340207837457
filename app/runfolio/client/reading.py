"""What a store holds, read in MLflow's shape. Everything this process logged is brought in first."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from runfolio.client.entities import (
    Dataset,
    DatasetInput,
    Experiment,
    FileInfo,
    InputTag,
    Metric,
    Run,
    RunData,
    RunInfo,
    RunInputs,
)
from runfolio.client.tracker import Tracker
from runfolio.core import entities as core
from runfolio.core import rules
from runfolio.core.errors import NotFound
from runfolio.core.folder import ARTIFACTS
from runfolio.core.states import ViewType
from runfolio.core.system_tags import FOLLOWING, SYSTEM_TAGS

log = logging.getLogger("runfolio")


def number_of_run(target: Tracker, run_id: str) -> int:
    """The store's number of a run. Raises NotFound."""
    from runfolio.store import runs

    number = runs.find_run(target.opened_store(), rules.run_id(run_id))
    if number is None:
        raise NotFound(f"There is no run {run_id!r} in {target.folder}.")
    return number


def run(target: Tracker, run_id: str) -> Run:
    """A run, with the datasets it used. Raises NotFound."""
    return runs_by_number(target, [number_of_run(target, run_id)])[0]


def runs_by_number(target: Tracker, numbers: Iterable[int]) -> list[Run]:
    """Runs by the store's numbers; those that are gone are left out."""
    from runfolio.store import bulk, datasets

    store, asked = target.opened_store(), list(numbers)
    inputs = datasets.inputs_of_many(store, asked)
    return [_run(target, one, inputs.get(one.id, [])) for one in bulk.read_runs(store, asked)]


def find_runs(target: Tracker, *, filter: str | None, **asked: Any) -> list[int]:
    """`store.search.find_runs`; warns where a filter asks what health checks found in runs not looked at yet."""
    from runfolio.store import search

    store = target.opened_store()
    found = search.find_runs(store, filter=filter, **asked)
    if filter and "check" in filter:
        from runfolio.store import checks

        _warn_once(target.folder, checks.unchecked(store, filter))
    return found


@cache
def _warn_once(_folder: Path, told: str) -> None:
    if told:
        log.warning(told)


def parent_run(target: Tracker, run_id: str) -> Run | None:
    """The run that a run is nested in."""
    parent = run(target, run_id).data.tags.get("mlflow.parentRunId")
    return run(target, parent) if parent else None


def metric_history(target: Tracker, run_id: str, key: str) -> list[Metric]:
    """All points of a metric, by step. Raises NotFound for an unknown run; empty for an unknown metric."""
    from runfolio.store import series

    found = series.points(target.opened_store(), number_of_run(target, run_id), key)
    columns = found.values.tolist(), found.times.tolist(), found.steps.tolist()
    return [Metric(key, *point) for point in zip(*columns, strict=True)]


def experiment(target: Tracker, experiment_id: str) -> Experiment:
    """An experiment by its id. Raises NotFound."""
    from runfolio.store import experiments

    return shaped(target, experiments.get_experiment(target.opened_store(), rules.experiment_id(experiment_id)))


def experiment_by_name(target: Tracker, name: str) -> Experiment | None:
    """An experiment by its name, be it in use or in the trash."""
    from runfolio.store import experiments

    if not isinstance(name, str) or rules.text(name) != name:  # no experiment can be called so
        return None
    number = experiments.find_experiment(target.opened_store(), name)
    return None if number is None else experiment(target, str(number))


def search_experiments(
    target: Tracker,
    view_type: ViewType = ViewType.ACTIVE_ONLY,
    filter_string: str | None = None,
    order_by: list[str] | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[Experiment]:
    """The experiments that a filter lets pass, in order. Raises FilterError."""
    from runfolio.store import search

    found = search.find_experiments(
        target.opened_store(),
        filter=filter_string or "",
        view=view_type,
        order_by=order_by or (),
        limit=limit,
        offset=offset,
    )
    return [shaped(target, one) for one in found]


def files_of(target: Tracker, run_id: str, path: str | None = None) -> list[FileInfo]:
    """The files and folders of a run directly in a folder of it; a file's path gives nothing, as in MLflow."""
    from runfolio.store import artifacts

    folder = path.strip("/") if path else ""
    listed = artifacts.list_artifacts(target.opened_store(), number_of_run(target, run_id), folder)
    return directly_in(((one.path, one.size) for one in listed), folder)


def directly_in(files: Iterable[tuple[str, int]], folder: str) -> list[FileInfo]:
    """Of files that are below a folder, each with its size, those that are in it itself, and the folders there."""
    inside = f"{folder}/" if folder else ""
    found: dict[str, FileInfo] = {}
    for path, size in files:
        name, slash, _ = path.removeprefix(inside).partition("/")
        if path.startswith(inside) and (not slash or name not in found):
            found[name] = FileInfo(inside + name, bool(slash), None if slash else size)
    return [found[name] for name in sorted(found)]


def shaped(target: Tracker, found: core.Experiment) -> Experiment:
    """An experiment of the store in MLflow's shape."""
    return Experiment(
        found.experiment_id,
        found.name,
        str(target.folder / ARTIFACTS),
        str(found.lifecycle_stage),
        found.tags,
        found.creation_time,
        found.last_update_time,
    )


def _run(target: Tracker, found: core.Run, inputs: list[core.DatasetInput]) -> Run:
    info = RunInfo(
        found.run_id,
        found.name,
        str(found.experiment),
        found.user,
        str(found.status),
        found.start_time,
        found.end_time,
        str(found.lifecycle_stage),
        str(target.folder / ARTIFACTS / found.run_id),
    )
    attributes = {
        "run_name": found.name,
        "user_id": found.user,
        "source_name": found.source,
        "parent": found.parent_run_id,
    }
    own = {tag: value for tag, name in SYSTEM_TAGS.items() if (value := attributes[name])}
    metrics = {key: summary.last for key, summary in found.metrics.items()}
    tags = {**own, **found.tags, **{tag: own[tag] for tag in FOLLOWING if tag in own}}
    return Run(info, RunData(metrics, found.params, tags), RunInputs([_input(one) for one in inputs]))


def _input(found: core.DatasetInput) -> DatasetInput:
    one = found.dataset
    dataset = Dataset(one.name, one.digest, one.source_type, one.source, one.schema, one.profile)
    return DatasetInput(dataset, [InputTag(key, value) for key, value in found.tags.items()])
