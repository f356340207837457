"""MLflow's `search_runs` and `search_experiments`: runs as a pandas table or as a list."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from runfolio.client import reading
from runfolio.client.destination import active_experiment, current_tracker
from runfolio.client.entities import Experiment, Run
from runfolio.client.tracker import Tracker
from runfolio.core import rules
from runfolio.core.errors import InvalidValue
from runfolio.core.folder import ARTIFACTS
from runfolio.core.states import ViewType

if TYPE_CHECKING:
    import pandas

log = logging.getLogger("runfolio")

MAX_RESULTS = 100_000
# What a frame of the store has for our own use.
NOT_SHOWN = ("user_id", "run_name", "source_name", "parent", "lifecycle_stage")


@overload
def search_runs(
    experiment_ids: Sequence[str] | None = None,
    filter_string: str = "",
    run_view_type: int = ViewType.ACTIVE_ONLY,
    max_results: int = MAX_RESULTS,
    order_by: Sequence[str] | None = None,
    *,
    output_format: Literal["list"],
    search_all_experiments: bool = False,
    experiment_names: Sequence[str] | None = None,
) -> list[Run]: ...


@overload
def search_runs(
    experiment_ids: Sequence[str] | None = None,
    filter_string: str = "",
    run_view_type: int = ViewType.ACTIVE_ONLY,
    max_results: int = MAX_RESULTS,
    order_by: Sequence[str] | None = None,
    output_format: Literal["pandas"] = "pandas",
    search_all_experiments: bool = False,
    experiment_names: Sequence[str] | None = None,
) -> pandas.DataFrame: ...


def search_runs(
    experiment_ids: Sequence[str] | None = None,
    filter_string: str = "",
    run_view_type: int = ViewType.ACTIVE_ONLY,
    max_results: int = MAX_RESULTS,
    order_by: Sequence[str] | None = None,
    output_format: str = "pandas",
    search_all_experiments: bool = False,
    experiment_names: Sequence[str] | None = None,
) -> pandas.DataFrame | list[Run]:
    """The runs that a filter lets pass: of the experiments named, of all, or else of the active one.

    Returns:
        A table with a row for each run and the columns `run_id`, `experiment_id`, `status`, `artifact_uri`,
        `start_time` and `end_time` (UTC), `metrics.*` (last values), `params.*`, `tags.*`; or a list of runs.

    Raises:
        FilterError: the filter or the order cannot be read.
        InvalidValue: experiments are given by id and by name, or the format is neither "pandas" nor "list".
    """
    if output_format not in ("pandas", "list"):
        raise InvalidValue(f"The output format is 'pandas' or 'list', not {output_format!r}.")
    target = current_tracker()
    chosen = _experiments(target, experiment_ids, experiment_names, search_all_experiments)
    asked: dict[str, Any] = {"filter": filter_string, "view": rules.view(run_view_type), "order_by": order_by or ()}
    asked["limit"] = _limit(max_results)
    # Of no experiment there are no runs; the store takes none for all.
    numbers = reading.find_runs(target, experiments=chosen, **asked) if chosen else []
    return _frame(target, numbers) if output_format == "pandas" else reading.runs_by_number(target, numbers)


def search_experiments(
    view_type: int = ViewType.ACTIVE_ONLY,
    max_results: int | None = None,
    filter_string: str | None = None,
    order_by: list[str] | None = None,
) -> list[Experiment]:
    """The experiments that a filter lets pass, the newest first by default. Raises FilterError."""
    limit = _limit(max_results)
    return reading.search_experiments(current_tracker(), rules.view(view_type), filter_string, order_by, limit)


def _limit(max_results: Any) -> int | None:
    if max_results is not None and (not isinstance(max_results, int) or max_results < 0):
        raise InvalidValue(f"max_results is a number of results, not {max_results!r}.")
    return max_results


def _experiments(
    target: Tracker, ids: Sequence[str] | None, names: Sequence[str] | None, everywhere: bool
) -> list[int]:
    """The experiments to search. Names that there are not are left out with a warning, as in MLflow."""
    if ids and names:
        raise InvalidValue("Give the experiments either by id or by name.")
    if ids:
        return [rules.experiment_id(one) for one in rules.listed(ids, "experiment ids")]
    if names:
        found = {name: reading.experiment_by_name(target, name) for name in rules.listed(names, "experiment names")}
        for name in (name for name, one in found.items() if one is None):
            log.warning("There is no experiment %r.", name)
        return [int(one.experiment_id) for one in found.values() if one is not None]
    if everywhere:
        return [int(one.experiment_id) for one in reading.search_experiments(target)]
    return [int(active_experiment().experiment_id)]


def _frame(target: Tracker, numbers: list[int]) -> pandas.DataFrame:
    import pandas

    from runfolio.store import bulk

    columns: dict[str, Any] = bulk.read_frame(target.opened_store(), numbers)
    shown = {
        "run_id": columns["run_id"],
        "experiment_id": columns["experiment_id"].astype(str).astype(object),
        "status": columns["status"],
        "artifact_uri": f"{target.folder / ARTIFACTS}{os.sep}" + columns["run_id"],
        "start_time": pandas.to_datetime(columns["start_time"], unit="ms", utc=True),
        "end_time": pandas.to_datetime(columns["end_time"], unit="ms", utc=True),
    }
    rest = {name: values for name, values in columns.items() if name not in shown and name not in NOT_SHOWN}
    # Texts stay objects, as in MLflow: a newer pandas would else turn each of them into its own kind.
    typed = {name: pandas.Series(values, dtype=values.dtype, copy=False) for name, values in (shown | rest).items()}
    return pandas.DataFrame(typed, copy=False)
