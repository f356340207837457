"""Folders of experiments, which are but the beginnings of names: renaming and moving them, one transaction each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import pairwise

from sqlalchemy import bindparam, select, update

from runfolio.core import rules
from runfolio.core.clock import now_ms
from runfolio.core.errors import AlreadyExists, InvalidValue, NotFound
from runfolio.core.numbers import counted
from runfolio.core.states import LifecycleStage
from runfolio.store.batches import execute_many
from runfolio.store.connection import Store, Transaction
from runfolio.store.exchange import stays
from runfolio.store.operations import Outcome, moved_on
from runfolio.store.schema import experiments

Names = dict[int, str]


def move_paths(store: Store, paths: Mapping[str, str]) -> Outcome:
    """Give experiments and folders other names: old path -> new path. What is below a path goes with it.

    What is in the trash keeps its name.

    Raises:
        NotFound: there is nothing of an old path.
        AlreadyExists: a new name is that of another experiment, or of two that are moved.
        InvalidValue: a new name breaks a rule, or puts a folder into itself.
    """
    for new in paths.values():
        rules.experiment_name(new)
    with store.writing() as transaction:
        there = _in_use(transaction)
        _check_not_into_itself(there.values(), paths)
        new_names: Names = {}
        for old, new in paths.items():
            moved = {number: new + name[len(old) :] for number, name in there.items() if is_at(name, old)}
            if not moved:
                raise NotFound(f"There is no experiment or folder {old!r}.")
            new_names |= moved
        before = {number: there[number] for number in new_names if there[number] != new_names[number]}
        _write(transaction, {number: new_names[number] for number in before})
    if not before:
        return Outcome("Moved nothing: it was there already")
    after = {number: new_names[number] for number in before}
    back = {new: old for old, new in paths.items()}
    if met := _merged(paths, there.values()):
        told = f"Took the folder {met[0]} out of {met[1]} again", f"Merged the folder {met[0]} into {met[1]}"
    else:
        told = _told(back), _told(paths)
    return Outcome(told[1], lambda s: _rename_back(s, before, after, told))


def _check_not_into_itself(names: Collection[str], paths: Mapping[str, str]) -> None:
    """An experiment with nothing below it can have a folder of its own name above it."""
    for old, new in paths.items():
        if new.startswith(f"{old}/") and any(name.startswith(f"{old}/") for name in names):
            raise InvalidValue(f"The folder {old!r} cannot be put into itself.", "Choose another place.")


def is_at(name: str, path: str) -> bool:
    """Whether an experiment of that name is at a path, or below it."""
    return name == path or name.startswith(f"{path}/")


def _rename_back(store: Store, names: Names, expected: Names, told: tuple[str, str]) -> Outcome:
    """Give those experiments that nobody has renamed since the names that they had.

    What is said of it comes first in `told`, and then what is said when it is done again.
    """
    with store.writing() as transaction:
        there = {number: name for number, name in _in_use(transaction).items() if number in names}
        going = {number: name for number, name in names.items() if there.get(number) == expected[number]}
        if not going:
            raise moved_on("The experiments have been renamed or deleted since.")
        _write(transaction, going)
    left = [name for number, name in expected.items() if number not in going]
    text = told[0] + stays(left[0] if len(left) == 1 else counted(len(left), "experiment"), len(left))
    was = {number: expected[number] for number in going}
    return Outcome(text, lambda s: _rename_back(s, was, going, told[::-1]))


def _in_use(transaction: Transaction) -> Names:
    query = select(experiments.c.id, experiments.c.name)
    active = experiments.c.lifecycle_stage == LifecycleStage.ACTIVE
    return {number: name for number, name in transaction.connection.execute(query.where(active))}


def _write(transaction: Transaction, names: Names) -> None:
    """Name many at once; a name may go from one of them to another."""
    if not names:
        return
    _check_free(transaction, names)
    statement = update(experiments).where(experiments.c.id == bindparam("number")).values(name=bindparam("new"))
    # First to names that nobody can have, for each single step must leave all names different.
    execute_many(transaction, statement, [{"number": number, "new": f"//{number}"} for number in names])
    stamped = statement.values(last_update_time=now_ms(), revision=transaction.revision)
    execute_many(transaction, stamped, [{"number": number, "new": name} for number, name in names.items()])


def _check_free(transaction: Transaction, names: Names) -> None:
    wanted = sorted(names.values())
    twice = [name for name, other in pairwise(wanted) if name == other]
    if twice:
        raise AlreadyExists(f"Two of the experiments would both be called {twice[0]!r}.", "Move them one by one.")
    query = select(experiments.c.id, experiments.c.name, experiments.c.lifecycle_stage)
    taken = {name: (number, stage) for number, name, stage in transaction.connection.execute(query)}
    for name in wanted:
        rules.experiment_name(name)
        number, stage = taken.get(name, (None, ""))
        if number is not None and number not in names:
            _refuse(name, stage == LifecycleStage.DELETED)


def _refuse(name: str, deleted: bool) -> None:
    if deleted:
        raise AlreadyExists(f"There is already an experiment {name!r}, in the trash.", "Restore it and rename it.")
    raise AlreadyExists(f"There is already an experiment {name!r}.", "Choose another name, or merge the two.")


def _merged(paths: Mapping[str, str], names: Collection[str]) -> tuple[str, str] | None:
    """A folder and another one that it becomes a part of, which had its new name already."""
    if len(paths) != 1:
        return None
    (met,) = paths.items()
    old, new = (f"{path}/" for path in met)
    there = any(name.startswith(new) and not name.startswith(old) for name in names)
    return met if there and any(name.startswith(old) for name in names) and not new.startswith(old) else None


def _told(paths: Mapping[str, str]) -> str:
    if len(paths) == 1:
        ((old, new),) = paths.items()
        (folder, _, name), (other, _, after) = old.rpartition("/"), new.rpartition("/")
        if name == after and folder != other:
            return f"Moved {name} to {other or 'the top'}"
        return f"Renamed {old} to {new}"
    places = {new.rpartition("/")[0] for new in paths.values()}
    return f"Moved {len(paths):,} to {_only(places) or 'the top'}"


def _only(places: Iterable[str]) -> str:
    found = list(places)
    return found[0] if len(found) == 1 else "other folders"
