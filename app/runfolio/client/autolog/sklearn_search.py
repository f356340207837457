"""A search over params: the best of it in the run, the best few candidates as runs nested in it."""

from __future__ import annotations

from typing import Any

from runfolio.client import files
from runfolio.client.autolog.session import AUTOLOGGED, Session, clean_key, number
from runfolio.client.experiment import ExperimentHandle
from runfolio.client.tracker import tracker
from runfolio.core.states import RunStatus


def is_search(estimator: Any) -> bool:
    """Whether it tries params, as GridSearchCV does."""
    from sklearn.model_selection._search import BaseSearchCV

    return isinstance(estimator, BaseSearchCV)


def log_search(session: Session, search: Any) -> None:
    """`best_<param>`, `best_cv_score`, the table of results, and a nested run for each of the best candidates."""
    if hasattr(search, "best_params_"):
        session.add_params({f"best_{key}": value for key, value in search.best_params_.items()})
    if hasattr(search, "best_score_"):
        session.add_metrics({"best_cv_score": search.best_score_})
    results = search.cv_results_
    log_results(session, results)
    experiment = ExperimentHandle(session.run.store, number=session.run.info.experiment_id)
    for index in best(results, search, session.settings.options.get("max_tuning_runs", 5)):
        with session.step("nested run"):
            log_candidate(session, experiment, search, results, index)


def log_results(session: Session, results: dict[str, Any]) -> None:
    """All results as `cv_results.csv`."""
    import pandas as pd

    files.log_text(session.run, pd.DataFrame(results).to_csv(index=False), "cv_results.csv")


def best(results: dict[str, Any], search: Any, most: int | None) -> list[int]:
    """The candidates by rank, the best first; by the metric that decides, if there are several."""
    refit = search.refit if isinstance(search.refit, str) else None
    ranks = results.get(f"rank_test_{refit}" if refit else "rank_test_score")
    if ranks is None:
        ranks = next((values for key, values in results.items() if key.startswith("rank_test_")), [])
    return sorted(range(len(results["params"])), key=lambda index: ranks[index] if len(ranks) else index)[:most]


def log_candidate(
    session: Session, experiment: ExperimentHandle, search: Any, results: dict[str, Any], index: int
) -> None:
    """One candidate's params and scores as a run nested in the search's."""
    from sklearn.base import clone

    from runfolio.client import active_runs

    estimator = type(search.estimator)
    tags = {
        AUTOLOGGED: session.library,
        "estimator_name": estimator.__name__,
        "estimator_class": f"{estimator.__module__}.{estimator.__name__}",
    }
    params, metrics = results["params"][index], {}
    with session.step("params of a candidate"):
        params = clone(search.estimator).set_params(**params).get_params(deep=True)
    for key, values in results.items():
        if key.startswith(("mean_", "std_", "rank_")) and (value := number(values[index])) is not None:
            metrics[clean_key(key)] = value
    # Not `start_run`: nothing runs here whose machine, output or load could be kept.
    run = active_runs.open_run(tracker(session.run.store), experiment, None, session.run.info.run_id)
    try:
        run.set_tags(tags)
        run.log_params({clean_key(key): str(value) for key, value in params.items()})
        run.log_metrics(metrics)
    finally:
        run.end(RunStatus.FINISHED)
