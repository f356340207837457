"""What the tables of the page say: one reader for each, from what the store tells to texts. Knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from runfolio.core import numbers
from runfolio.core.clock import now_ms
from runfolio.core.retention import Rule
from runfolio.store import Store, storage
from runfolio.store.duplicates import find_duplicates
from runfolio.store.file_trash import FileOf
from runfolio.store.retention import planned
from runfolio.store.strays import find_strays

GONE = "Goes to the trash"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table.

    Attributes:
        cells: what it says, by column.
        keys: what the columns are ordered by.
        share: how long its bar is, from 0 to 1.
        icon: the symbol before the first cell.
        files: what of it can go to the trash.
        bytes: of those.
        run, experiment: the store's numbers of where Return goes; 0 where that is nowhere.
        spare: whether it can go and nothing is lost, as with all copies but the oldest.
        quiet: whether it is only told for the sake of completeness.
    """

    cells: tuple[str, ...]
    keys: tuple[Any, ...]
    share: float = 0.0
    icon: str = ""
    files: tuple[FileOf, ...] = ()
    bytes: int = 0
    run: int = 0
    experiment: int = 0
    spare: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for by who looks for something that takes long.

    Attributes:
        rule: that of retention.
        places: the experiments that it is about; None for all.
        progress, stop: of the work.
    """

    rule: Rule
    places: tuple[int, ...] | None
    progress: Callable[[int, int], None]
    stop: Callable[[], bool]


def experiments(store: Store) -> list[Line]:
    """Experiments by what their files and curves take."""
    found = storage.by_experiment(store)
    most = max((one.bytes for one in found), default=0)
    return [
        Line(
            (_named(one), f"{one.count:,}", numbers.size(one.bytes), numbers.size(one.row_bytes)),
            (one.name.lower(), one.count, one.bytes, one.row_bytes),
            one.bytes / most if most else 0.0,
            "experiment",
            experiment=0 if one.trashed else one.id,
            quiet=one.trashed,
        )
        for one in found
    ]


def runs(store: Store) -> list[Line]:
    """Runs by what their files take."""
    found = storage.by_run(store)
    most = max((one.bytes for one in found), default=0)
    return [
        Line(
            (_named(one), one.place, f"{one.count:,}", numbers.size(one.bytes)),
            (one.name.lower(), one.place.lower(), one.count, one.bytes),
            one.bytes / most if most else 0.0,
            "run",
            run=0 if one.trashed else one.id,
            experiment=one.experiment,
            quiet=one.trashed,
        )
        for one in found
    ]


def kinds(store: Store) -> list[Line]:
    """Kinds of files."""
    return _plain(storage.by_kind(store), "file")


def metrics(store: Store) -> list[Line]:
    """Metrics by what their curves take."""
    return _plain(storage.by_metric(store), "metric")


def duplicates(store: Store, asked: Asked) -> list[Line]:
    """Copies of files, those of one content beneath each other."""
    found, now = find_duplicates(store, asked.progress, asked.stop), now_ms()
    most = max((one.wasted for one in found), default=0)
    return [
        Line(
            (
                copy.file.path,
                f"{copy.place} / {copy.name}",
                numbers.age(copy.time, now),
                numbers.size(one.size),
                f"{numbers.counted(len(one.copies), 'copy').replace('copys', 'copies')}, {numbers.size(one.wasted)}",
            ),
            (copy.file.path, copy.name.lower(), copy.time, one.size, (one.wasted, one.sha256, -at)),
            one.wasted / most if most else 0.0,
            "file",
            (copy.file,),
            one.size,
            copy.run,
            copy.experiment,
            spare=copy.spare,
            quiet=not copy.spare,
        )
        for one in found
        for at, copy in enumerate(one.copies)
    ]


def orphans(store: Store, asked: Asked) -> list[Line]:
    """What is on the disk and in no table, or in a table and not on the disk."""
    found = find_strays(store, asked.progress, asked.stop)
    most = max((one.size for one in found), default=0)
    return [
        Line(
            (one.file.path, one.name or one.file.run, _sentence(one.kind), numbers.size(one.size)),
            (one.file.path, one.name.lower(), str(one.kind), one.size),
            one.size / most if most else 0.0,
            "file",
            (one.file,),
            one.size,
            one.run,
            one.experiment,
            spare=True,
        )
        for one in found
    ]


def retention(store: Store, asked: Asked) -> list[Line]:
    """What a rule would take, and what it keeps."""
    found, now = planned(store, asked.rule, asked.places, asked.progress, asked.stop), now_ms()
    reasons = [(one, "") for one in found.plan.going] + list(found.plan.kept)
    most = max((one.bytes for one, _ in reasons), default=0)
    lines = []
    for one, reason in reasons:
        run = found.runs[one.run]
        becomes = f"Stays: {reason}" if reason else GONE
        size = numbers.size(one.bytes)
        lines.append(
            Line(
                (one.path, f"{run.place} / {run.name}", numbers.age(one.time, now), size, becomes),
                (one.path, run.name.lower(), one.time, one.bytes, (bool(reason), becomes, run.number, one.path)),
                one.bytes / most if most else 0.0,
                "file",
                () if reason else tuple(FileOf(one.run, path) for path in one.files),
                0 if reason else one.bytes,
                run.number,
                run.experiment,
                spare=not reason,
                quiet=bool(reason),
            )
        )
    return lines


def arranged(lines: Sequence[Line], text: str, column: int, *, descending: bool) -> list[Line]:
    """Those that have all words of a text, in the order of a column; equals stay in theirs."""
    words = text.lower().split()
    found = [one for one in lines if all(word in " ".join(one.cells).lower() for word in words)] if words else lines
    return sorted(found, key=lambda one: one.keys[column], reverse=descending)


def _plain(found: Sequence[storage.Share], icon: str) -> list[Line]:
    most = max((one.bytes for one in found), default=0)
    return [
        Line(
            (one.name, f"{one.count:,}", numbers.size(one.bytes)),
            (one.name.lower(), one.count, one.bytes),
            one.bytes / most if most else 0.0,
            icon,
        )
        for one in found
    ]


def _named(one: storage.Share) -> str:
    return f"{one.name} (in the trash)" if one.trashed else one.name


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
