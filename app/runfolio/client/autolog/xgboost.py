"""XGBoost: `xgboost.train` and its estimators, through a training callback."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator
from types import ModuleType
from typing import Any

from runfolio.client.autolog.boosting import attach_estimators, attach_train, log_params
from runfolio.client.autolog.importance import log_importance
from runfolio.client.autolog.models import log_trained
from runfolio.client.autolog.patching import Patch
from runfolio.client.autolog.session import Call, Session

NO_PARAMS = frozenset(
    "params dtrain evals obj custom_metric feval evals_result xgb_model callbacks learning_rates".split()
)


def attach(module: ModuleType) -> Iterator[Patch | None]:
    """Wrap `train`, which the estimators call too, and `fit`."""
    estimators = sys.modules.get("xgboost.sklearn")
    places = [module, sys.modules.get("xgboost.training"), estimators]
    yield from attach_train("xgboost", plan, [place for place in places if place is not None])
    if estimators is not None and hasattr(estimators, "XGBModel"):
        yield from attach_estimators("xgboost", estimators, estimators.XGBModel)


def plan(call: Call, session: Session) -> Generator[None, Any, None]:
    """Params before, metrics in each round, the best round and the features after."""
    from runfolio.client.autolog.xgboost_callback import RunfolioCallback

    with session.step("params"):
        log_params(call, session, NO_PARAMS)
    with session.step("callback"):
        callbacks = list(call.named().get("callbacks") or ())
        if not any(isinstance(one, RunfolioCallback) for one in callbacks):
            # First, for XGBoost asks no callback behind one that ends the training.
            call.replace("callbacks", [RunfolioCallback(session), *callbacks])
    booster = yield
    with session.step("best iteration"):
        log_best(session, booster)
    with session.step("feature importance"):
        for kind in session.settings.options.get("importance_types") or ["weight"]:
            scores = booster.get_score(importance_type=kind)
            log_importance(session, f"feature_importance_{kind}", list(scores.values()), list(scores))
    log_trained(session, "xgboost", booster, model_format=session.settings.options.get("model_format", "ubj"))


def log_best(session: Session, booster: Any) -> None:
    """Where early stopping found the best round; nothing if nobody asked for it."""
    best = booster.attr("best_iteration")
    if best is None:
        return
    session.add_metrics(
        {
            "best_iteration": int(best),
            "stopped_iteration": booster.num_boosted_rounds() - 1,
            "best_score": float(booster.attr("best_score")),
        }
    )
