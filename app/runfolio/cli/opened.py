"""Opening the store for a command, and finding in it what the command's words name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from runfolio.cli.options import chosen
from runfolio.cli.printing import warn
from runfolio.core.entities import Run
from runfolio.core.errors import InvalidValue, NotFound, StoreBusy
from runfolio.core.states import ViewType

if TYPE_CHECKING:
    from pathlib import Path

    import typer

    from runfolio.store import Store

# A prefix of a run's id that may stand for it has at least so many characters.
SHORTEST = 4
# The length of a run's id.
WHOLE = 32


@contextmanager
def opened(context: typer.Context, store: Path | None) -> Iterator[Store]:
    """The store, which must be there, with all that was logged brought in. Raises StoreError."""
    from runfolio.store import open_store
    from runfolio.store.recover import recover

    found = open_store(chosen(context, store), create=False)
    try:
        if not found.read_only:
            try:
                recover(found)
            except StoreBusy as error:
                warn(f"{error.message} What was logged last may be missing.")
        yield found
    finally:
        found.close()


def made_or_there(context: typer.Context, store: Path | None) -> Path:
    """The folder of the store for a command that makes one where none is, and says so. Raises StoreError."""
    from runfolio.core.paths import store_path
    from runfolio.store.opening import is_there

    folder = store_path(chosen(context, store))
    if not is_there(folder):
        warn(f"making a new store in {folder}.")
    return folder


def runs_named(store: Store, words: Sequence[str], view: ViewType = ViewType.ACTIVE_ONLY) -> list[Run]:
    """The runs whose ids, or unambiguous beginnings of ids, are given. Raises NotFound, InvalidValue."""
    from runfolio.store.bulk import read_runs

    return read_runs(store, [_number(store, word, view) for word in words])


def is_whole(address: str) -> bool:
    """Whether an address names no run, or names it by its whole id."""
    return not address.startswith("runs:") or len(_parts(address)[0]) == WHOLE


def whole_address(store: Store, address: str) -> str:
    """An address with the whole id of its run, of which the beginning is enough. Raises NotFound, InvalidValue."""
    if is_whole(address):
        return address
    word, slash, path = _parts(address)
    (run,) = runs_named(store, [word], ViewType.ALL)
    return f"runs:/{run.run_id}{slash}{path}"


def _parts(address: str) -> tuple[str, str, str]:
    return address.removeprefix("runs:").lstrip("/").partition("/")


def experiment_named(store: Store, word: str, view: ViewType = ViewType.ACTIVE_ONLY) -> int:
    """The number of an experiment by its name or, if none has that name, by its id. Raises NotFound."""
    from runfolio.store.experiments import list_experiments

    found = list_experiments(store, view)
    named = [one.id for one in found if one.name == word] or [one.id for one in found if str(one.id) == word]
    if not named:
        raise NotFound(f"There is no experiment {word!r} in {store.path}.", "runfolio experiments list")
    return named[0]


def _number(store: Store, word: str, view: ViewType) -> int:
    from runfolio.store.search import find_runs

    if not word.isalnum() or len(word) < SHORTEST:
        raise InvalidValue(f"{word!r} is not the id of a run, nor {SHORTEST} or more characters of its beginning.")
    found = find_runs(store, filter=f"run_id LIKE '{word}%'", view=view, limit=2)
    if not found:
        where = "in the trash of" if view == ViewType.DELETED_ONLY else "in"
        raise NotFound(f"There is no run {word!r} {where} {store.path}.", "runfolio runs list")
    if len(found) > 1:
        raise InvalidValue(f"More than one run begins with {word!r}.", "Give more of its id.")
    return found[0]
