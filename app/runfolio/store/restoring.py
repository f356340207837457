"""Taking whatever is in the trash out of it, as one step."""

from __future__ import annotations

from collections.abc import Sequence

from runfolio.store.connection import Store
from runfolio.store.file_trash import restore_files
from runfolio.store.operations import Outcome
from runfolio.store.registry.models import restore_model
from runfolio.store.registry.versions import restore_version
from runfolio.store.steps import InSteps, Steps, carried_out
from runfolio.store.trash import restore
from runfolio.store.trashed import Kind, Trashed, ids_of_files


def restore_trashed(store: Store, those: Sequence[Trashed], steps: Steps) -> Outcome:
    """Take whatever it is out of the trash. Raises NotFound, RunStateError."""
    files = [one for one in those if one.kind is Kind.FILES]
    runs = [one.id for one in those if one.kind is Kind.RUN]
    places = [one.id for one in those if one.kind is Kind.EXPERIMENT]
    outcomes = [restore(store, runs, places, steps)] if runs or places else []
    if files and not steps.stop():
        with store.reading() as connection:
            ids = ids_of_files(connection, files)
        outcomes.append(restore_files(store, ids, steps))
    for one in those:
        if one.model and not steps.stop():
            outcomes.append(_of_registry(store, one))
    return together(outcomes)


def _of_registry(store: Store, one: Trashed) -> Outcome:
    if one.kind is Kind.MODEL:
        return restore_model(store, one.model)
    return restore_version(store, one.model, one.version)


def together(outcomes: Sequence[Outcome]) -> Outcome:
    """Several outcomes as one, whose inverse takes all of them back, the last one first."""
    if len(outcomes) == 1:
        return outcomes[0]
    text = "; ".join(one.text if not at else one.text[:1].lower() + one.text[1:] for at, one in enumerate(outcomes))
    inverses = [one.inverse for one in reversed(outcomes) if one.inverse is not None]

    def back(store: Store, steps: Steps) -> Outcome:
        return together([carried_out(inverse, store, steps) for inverse in inverses])

    return Outcome(text or "Restored nothing", InSteps(back, "Taking back") if inverses else None)
