"""PyTorch Lightning: `Trainer.fit`, through a callback; for both packages it comes in."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

from runfolio.client import files
from runfolio.client.autolog.models import log_trained
from runfolio.client.autolog.patching import Patch, patch
from runfolio.client.autolog.registry import recorder
from runfolio.client.autolog.session import Call, Session

PACKAGES = ("lightning.pytorch", "pytorch_lightning")


def attach(module: ModuleType) -> Iterator[Patch | None]:
    """Wrap `fit` of the package's trainer."""
    yield patch(module.Trainer, "fit", recorder("pytorch", "fit", plan, is_ours))


def is_ours(trainer: Any, *_args: Any, **_kwargs: Any) -> bool:
    """Whether to log: in the first process of a data-parallel training, unless a logger of ours does so."""
    by_logger = any(getattr(one, "is_runfolio", False) for one in trainer.loggers)
    return bool(trainer.is_global_zero) and not by_logger


def plan(call: Call, session: Session) -> Generator[None, Any, None]:
    """The model before, epochs by a callback, what early stopping did after."""
    trainer, model = call.args[0], None
    with session.step("callback"):
        add_callback(trainer, session)
    with session.step("params"):
        model = call.named().get("model")
        for source in (model, call.named().get("datamodule")):
            session.add_params(dict(getattr(source, "hparams", None) or {}))
    with session.step("early stopping"):
        log_early_stopping(session, trainer)
    yield
    with session.step("early stopping"):
        log_stop(session, trainer)
    with session.step("summary"):
        log_summary(session, trainer, model)
    log_trained(session, "pytorch", model, serialization_format="pickle")


def add_callback(trainer: Any, session: Session) -> None:
    """Have a trainer call us, unless the user gave a callback of ours. It stays, for `Trainer.test`."""
    from runfolio.client.autolog import lightning_callback

    known = [one for one in trainer.callbacks if getattr(one, "is_runfolio", False)]
    for one in known:
        if one.from_autolog:
            one.begin(session)
    if known:
        return
    ours = lightning_callback.callback_class(package_of(trainer))(session.settings.options.get("log_every_n_epoch", 1))
    ours.every_step = session.settings.options.get("log_every_n_step")
    ours.from_autolog = True
    ours.begin(session)
    trainer.callbacks.append(ours)


def package_of(trainer: Any) -> str:
    """Which of the two packages a trainer is from."""
    origins = [kind.__module__ for kind in type(trainer).__mro__]
    return next(name for name in PACKAGES if any(origin.startswith(name) for origin in origins))


def log_early_stopping(session: Session, trainer: Any) -> None:
    """How an early stop is set up."""
    for one in trainer.early_stopping_callbacks:
        session.add_params({name: getattr(one, name) for name in ("monitor", "mode", "patience", "min_delta")})


def log_stop(session: Session, trainer: Any) -> None:
    """Where it stopped, and the best that it saw."""
    for one in trainer.early_stopping_callbacks:
        if one.stopped_epoch:
            restored = one.stopped_epoch - max(1, one.patience)
            session.add_metrics({"stopped_epoch": one.stopped_epoch, "restored_epoch": restored})
        session.add_metrics({"best_score": one.best_score})


def log_summary(session: Session, trainer: Any, model: Any) -> None:
    """The layers as Lightning sums them up."""
    summary = import_module(f"{package_of(trainer)}.utilities.model_summary").ModelSummary(model, max_depth=-1)
    files.log_text(session.run, f"{summary}\n", "model_summary.txt")
