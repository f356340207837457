"""Hugging Face transformers: `Trainer.train`, through a callback, also to be had by `report_to="runfolio"`."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from types import ModuleType
from typing import Any

from runfolio.client.autolog.patching import Patch, patch
from runfolio.client.autolog.registry import recorder
from runfolio.client.autolog.session import Call, Session

INTEGRATION = "runfolio"


def attach(module: ModuleType) -> Iterator[Patch | None]:
    """Wrap `train` of all trainers; make the name known to `report_to`."""
    if hasattr(module, "INTEGRATION_TO_CALLBACK"):
        register(module)
    if hasattr(module, "Trainer"):
        yield patch(module.Trainer, "train", recorder("transformers", "train", plan, is_first_rank))


def register(integrations: Any) -> None:
    """Have `report_to="runfolio"` mean our callback."""
    from runfolio.client.autolog.transformers_callback import RunfolioCallback

    integrations.INTEGRATION_TO_CALLBACK.setdefault(INTEGRATION, RunfolioCallback)


def is_first_rank(trainer: Any, *_args: Any, **_kwargs: Any) -> bool:
    """Whether this process is the one of a data-parallel training that logs."""
    return bool(trainer.is_world_process_zero())


def plan(call: Call, session: Session) -> Generator[None, Any, None]:
    """All is logged by the callback, which stays with the trainer, for `Trainer.evaluate`."""
    from runfolio.client.autolog.transformers_callback import RunfolioCallback

    trainer = call.args[0]
    with session.step("callback"):
        ours = [one for one in trainer.callback_handler.callbacks if isinstance(one, RunfolioCallback)]
        if not ours:
            ours = [RunfolioCallback()]
            # First: the trainer's own printing takes values away from those behind it.
            trainer.callback_handler.callbacks.insert(0, ours[0])
        ours[0].begin(session)
    yield
