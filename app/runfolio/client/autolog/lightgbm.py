"""LightGBM: `lightgbm.train` and its estimators, through a callback."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator
from types import ModuleType
from typing import Any

from runfolio.client.autolog.boosting import attach_estimators, attach_train, log_params, log_round
from runfolio.client.autolog.datasets import EVALUATION, TRAINING, note_data
from runfolio.client.autolog.importance import log_importance
from runfolio.client.autolog.models import log_trained, sample_rows
from runfolio.client.autolog.patching import Patch
from runfolio.client.autolog.quiet import quietly
from runfolio.client.autolog.session import Call, Session, explicit_session

NO_PARAMS = frozenset(
    "params train_set valid_sets valid_names fobj feval init_model evals_result learning_rates callbacks".split()
)


class RunfolioCallback:
    """Logs each evaluation metric as `<data>-<metric>` to the active run: `train(..., callbacks=[RunfolioCallback()])`.

    Attributes:
        order: LightGBM's: before early stopping, which ends the training.
    """

    def __init__(self, session: Session | None = None) -> None:
        self.order = 15
        self.last_step = -1
        self._given = self._session = session

    def __call__(self, environment: Any) -> None:
        """Log the round's metrics."""
        with quietly("lightgbm", "round"):
            if self._session is None or environment.iteration == environment.begin_iteration:
                self._session = self._given or explicit_session("lightgbm")
            results = {(str(one[0]), str(one[1])): one[2] for one in environment.evaluation_result_list or ()}
            log_round(self._session, environment.iteration, results)
            self.last_step = environment.iteration


def attach(module: ModuleType) -> Iterator[Patch | None]:
    """Wrap `train`, which the estimators call too, and `fit`."""
    estimators = sys.modules.get("lightgbm.sklearn")
    places = [module, sys.modules.get("lightgbm.engine"), estimators]
    yield from attach_train("lightgbm", plan, [place for place in places if place is not None])
    if estimators is not None and hasattr(estimators, "LGBMModel"):
        yield from attach_estimators("lightgbm", estimators, estimators.LGBMModel)


def plan(call: Call, session: Session) -> Generator[None, Any, None]:
    """Params before, metrics in each round, the best round and the features after."""
    with session.step("params"):
        log_params(call, session, NO_PARAMS)
    rows = None
    with session.step("data"):
        given = call.named()
        train = given.get("train_set")
        rows = sample_rows(session, getattr(train, "data", None))
        note_data(session, getattr(train, "data", None), getattr(train, "label", None), TRAINING)
        for one in given.get("valid_sets") or ():
            if one is not train:
                note_data(session, getattr(one, "data", None), getattr(one, "label", None), EVALUATION)
    recorder = RunfolioCallback(session)
    with session.step("callback"):
        callbacks = list(call.named().get("callbacks") or ())
        if not any(isinstance(one, RunfolioCallback) for one in callbacks):
            call.replace("callbacks", [recorder, *callbacks])
    booster = yield
    with session.step("best iteration"):
        log_best(session, booster, recorder.last_step)
    with session.step("feature importance"):
        for kind in ("split", "gain"):
            values = booster.feature_importance(importance_type=kind)
            log_importance(session, f"feature_importance_{kind}", values, booster.feature_name())
    log_trained(session, "lightgbm", booster, rows, booster.predict)


def log_best(session: Session, booster: Any, last_step: int) -> None:
    """Where early stopping found the best round, and the metrics there; nothing if nobody asked for it."""
    if booster.best_iteration <= 0:
        return
    session.add_metrics({"best_iteration": booster.best_iteration, "stopped_iteration": last_step + 1})
    best = {f"best_{data}-{name}": value for data, of in booster.best_score.items() for name, value in of.items()}
    session.add_metrics(best)
