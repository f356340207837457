"""Registering in the window: a run's model, or a folder, becomes a version; the user is asked what is not clear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QWidget

from runfolio.core.errors import NotFound, Stopped, UserError
from runfolio.core.registry.names import NONE
from runfolio.gui.messages import Message
from runfolio.gui.registry.arrivals import Arrival
from runfolio.gui.registry.register_dialog import RegisterDialog
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.artifacts import list_artifacts
from runfolio.store.operations import Outcome
from runfolio.store.registry.reading import list_models
from runfolio.store.registry.registering import Registered, Source, of_run, register
from runfolio.store.registry.transitions import transition
from runfolio.store.restoring import together
from runfolio.store.runs import find_run, get_run
from runfolio.store.steps import InSteps, Steps

#: The file that makes a folder of artifacts a model, in MLflow's format.
MODEL_FILE = "MLmodel"


@dataclass(frozen=True, slots=True)
class Found:
    """What could be registered.

    Attributes:
        title: where it is from.
        sources: one for each model, by what it is called.
        names: the registered models there are.
    """

    title: str
    sources: dict[str, Source]
    names: tuple[str, ...] = ()


def register_arrival(session: Session, parent: QWidget, what: Arrival, name: str = "", stage: str = NONE) -> None:
    """Register what was dropped or chosen; ask which model of it, and under which name, unless both are clear."""
    done = partial(_on_found, session, parent, name, stage)
    session.jobs.read(partial(find_models, session.store, what), done, title="Looking for models")


def find_models(store: Store, what: Arrival) -> Found:
    """The models of a run, or of a folder of its files, or a folder. Raises NotFound: it is gone."""
    names = tuple(one.name for one in list_models(store))
    if what.folder is not None:
        return Found(what.title, {what.title: Source(what.folder, str(what.folder))}, names)
    number = what.run or find_run(store, what.run_id)
    if number is None:
        raise NotFound("The run of these files is not there any more.")
    run = get_run(store, number)
    paths = [file.path for file in list_artifacts(store, number)]
    models = [path[: -len(MODEL_FILE)].rstrip("/") for path in paths if path.rsplit("/", 1)[-1] == MODEL_FILE]
    below = [one for one in models if not what.path or one == what.path or one.startswith(f"{what.path}/")]
    if what.path and not below:  # files that are no model in MLflow's format can be a version too
        below = [what.path]
    return Found(run.name, {one or "its files": of_run(store, run.run_id, one) for one in below}, names)


def _on_found(session: Session, parent: QWidget, name: str, stage: str, found: Found) -> None:
    if not found.sources:
        told = f"{found.title} has no model to register: none of its files is called {MODEL_FILE}."
        session.message.emit(Message(told))
    elif name and len(found.sources) == 1:
        (source,) = found.sources.values()
        carry_out(session, name, source, stage=stage)
    else:
        dialog = RegisterDialog(found.title, list(found.sources), found.names, name, parent.window())
        dialog.asked.connect(lambda model, to, text: carry_out(session, to, found.sources[model], text, stage))
        dialog.open()


def carry_out(session: Session, name: str, source: Source, description: str = "", stage: str = NONE) -> None:
    """Register files under a name, and move the version to a stage."""
    work = partial(_register, name=name, source=source, description=description, stage=stage)

    def failed(error: Exception) -> None:
        told = Message("Nothing was registered.") if isinstance(error, Stopped) else Message.of_error(error)
        session.message.emit(told)

    session.run(InSteps(work, f"Registering {name}"), failed=failed)


def _register(store: Store, steps: Steps, name: str, source: Source, description: str, stage: str) -> Outcome:
    """On the writing thread. A version that something keeps from its stage is registered all the same."""
    made = register(store, name, source, description=description, steps=steps)
    if stage == NONE:
        return told(made)
    try:
        moved = transition(store, name, made.version, stage)
    except UserError as error:
        return told(made, f"It stays in {NONE}: {error.message}")
    return told(made, f"{moved.text}.", together([made.outcome, moved]))


def told(made: Registered, more: str = "", whole: Outcome | None = None) -> Outcome:
    """What was registered, with what it lacks of a candidate."""
    sentences: Sequence[str] = (f"{made.outcome.text}.", more, *made.advice)
    return Outcome(" ".join(one for one in sentences if one), (whole or made.outcome).inverse)
