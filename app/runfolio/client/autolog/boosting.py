"""What XGBoost and LightGBM share: both train by rounds, through `train` or an estimator around it."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from types import ModuleType
from typing import Any

from runfolio.client.autolog import sklearn
from runfolio.client.autolog.datasets import EVALUATION, note_data
from runfolio.client.autolog.patching import Patch, patch, patch_everywhere
from runfolio.client.autolog.registry import recorder
from runfolio.client.autolog.session import Call, Plan, Session

ROUNDS = "rounds"


def attach_train(library: str, plan: Plan, modules: Sequence[ModuleType]) -> Iterator[Patch | None]:
    """Wrap `train` wherever the library keeps it."""
    yield from patch_everywhere(modules, "train", recorder(library, ROUNDS, plan))


def attach_estimators(library: str, module: ModuleType, base: type) -> Iterator[Patch | None]:
    """Wrap `fit` of the estimators that a module defines."""
    for kind in list(vars(module).values()):
        if isinstance(kind, type) and issubclass(kind, base) and "fit" in vars(kind):
            yield patch(kind, "fit", recorder(library, "estimator", estimator_plan))


def estimator_plan(call: Call, session: Session) -> Generator[None, Any, None]:
    """An estimator as scikit-learn's; the rounds below it are logged to the same run."""
    session.admits = ROUNDS
    with session.step("data"):
        for features, target in judged_by(call.named()):
            note_data(session, features, target, EVALUATION)
    yield from sklearn.estimator_plan(call, session)


def judged_by(arguments: dict[str, Any]) -> list[tuple[Any, Any]]:
    """The data that an estimator is evaluated on in each round, but for the training data itself."""
    pairs = list(arguments.get("eval_set") or ())
    several = arguments.get("eval_X")
    if several is not None:
        targets = arguments["eval_y"]
        pairs += zip(several, targets, strict=True) if isinstance(several, tuple) else [(several, targets)]
    return [(features, target) for features, target in pairs if features is not arguments.get("X")]


def log_params(call: Call, session: Session, leave_out: frozenset[str]) -> None:
    """The booster's params and the settings of `train`; an estimator's own params say the same already."""
    if session.inner:
        return
    given = call.named(defaults=True)
    session.add_params(dict(given["params"]))
    session.add_params({key: value for key, value in given.items() if key not in leave_out})


def log_round(session: Session, step: int, results: dict[tuple[str, str], Any]) -> None:
    """The metrics of one round, by data and metric; named `<data>-<metric>`, as MLflow names them."""
    session.add_metrics({f"{data}-{metric}": value for (data, metric), value in results.items()}, step)
