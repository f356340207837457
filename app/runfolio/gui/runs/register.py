"""Registering the model of a run: says which one it would be, until there is a registry that takes it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from runfolio.core.entities import Run
from runfolio.gui.messages import Message
from runfolio.store import Store
from runfolio.store.artifacts import list_artifacts
from runfolio.store.runs import get_run

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow
    from runfolio.gui.session import Session

#: The file that makes a folder of artifacts a model, in MLflow's format.
MODEL = "MLmodel"


def register(window: MainWindow) -> None:
    """Say what would be registered of the current run, and that nothing can be yet."""
    session = window.session
    run = session.selection.current
    if run is not None:
        session.jobs.read(partial(_models, session.store, run), partial(_tell, session), title="Looking for models")


def _tell(session: Session, found: tuple[Run, list[str]]) -> None:
    session.message.emit(Message(explained(*found)))


def _models(store: Store, run: int) -> tuple[Run, list[str]]:
    """The run, and the folders that are models; the run's own is empty."""
    paths = [file.path for file in list_artifacts(store, run)]
    return get_run(store, run), [path[: -len(MODEL)].rstrip("/") for path in paths if path.rsplit("/", 1)[-1] == MODEL]


def explained(run: Run, models: list[str]) -> str:
    """What is told of a run with these models."""
    if not models:
        return f"{run.name} has no model to register: none of its files is called {MODEL}."
    named = ", ".join(model or "its files" for model in models)
    what, it = ("the model", "it") if len(models) == 1 else ("the models", "them")
    return f"{run.name} has {what} {named}. There is no registry yet that could take {it}; nothing was changed."
