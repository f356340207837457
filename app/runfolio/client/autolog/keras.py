"""Keras: `Model.fit`, through a callback."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from functools import partial
from types import ModuleType
from typing import Any

from runfolio.client.autolog.datasets import EVALUATION, TRAINING, note_data
from runfolio.client.autolog.models import log_trained, sample_rows
from runfolio.client.autolog.patching import Patch, patch
from runfolio.client.autolog.registry import recorder
from runfolio.client.autolog.session import Call, Session

NO_PARAMS = frozenset("self x y callbacks validation_data sample_weight verbose".split())
EARLY = ("monitor", "min_delta", "patience", "baseline", "restore_best_weights", "start_from_epoch")


def attach(module: ModuleType) -> Iterator[Patch | None]:
    """Wrap `fit` of all models."""
    yield patch(module.Model, "fit", recorder("keras", "fit", plan))


def plan(call: Call, session: Session) -> Generator[None, Any, None]:
    """The arguments of `fit` before, the epochs by a callback, what early stopping did after."""
    callbacks: list[Any] = []
    with session.step("params"):
        given = call.named(defaults=True)
        session.add_params({key: value for key, value in given.items() if key not in NO_PARAMS})
    rows = None
    with session.step("data"):
        data = call.named()
        rows = sample_rows(session, data.get("x"))
        note_data(session, data.get("x"), data.get("y"), TRAINING)
        if isinstance(judged := data.get("validation_data"), (tuple, list)) and len(judged) > 1:
            note_data(session, judged[0], judged[1], EVALUATION)
    with session.step("callback"):
        callbacks = _with_ours(call, session)
    try:
        yield
    finally:
        _take_back(call)
    for one in callbacks:
        if type(one).__name__ == "EarlyStopping":
            with session.step("early stopping"):
                log_early_stopping(session, one)
    model = call.args[0]
    log_trained(session, "keras", model, rows, partial(model.predict, verbose=0))


def _with_ours(call: Call, session: Session) -> list[Any]:
    """The call's callbacks, ours last, so that it sees what the others add to the metrics."""
    from runfolio.client.autolog.keras_callback import RunfolioCallback

    given = call.named().get("callbacks")
    group = getattr(given, "callbacks", None)  # of a CallbackList
    callbacks = list(group if group is not None else given if isinstance(given, (list, tuple)) else [given])
    callbacks = [one for one in callbacks if one is not None]
    if any(isinstance(one, RunfolioCallback) for one in callbacks):
        return callbacks
    steps = session.settings.options.get("log_every_n_steps")
    epochs = session.settings.options.get("log_every_epoch", True)
    ours = RunfolioCallback(log_every_epoch=epochs, log_every_n_steps=steps, session=session)
    ours.from_autolog = True
    if group is None:
        call.replace("callbacks", [*callbacks, ours])
    elif given is not None:  # Keras takes it as it is, with its model: a list in its place would lose what it holds
        ours.set_model(call.args[0])
        group.append(ours)
    return callbacks


def _take_back(call: Call) -> None:
    """Leave the user's list of callbacks as it was."""
    group: list[Any] = getattr(call.named().get("callbacks"), "callbacks", [])
    for one in [one for one in group if getattr(one, "from_autolog", False)]:
        group.remove(one)


def log_early_stopping(session: Session, callback: Any) -> None:
    """How the stop was set up, and where it stopped."""
    session.add_params({name: getattr(callback, name) for name in EARLY if hasattr(callback, name)})
    if callback.stopped_epoch:
        session.add_metrics({"stopped_epoch": callback.stopped_epoch, "restored_epoch": callback.best_epoch})
