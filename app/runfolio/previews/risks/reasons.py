"""Why a model can run code: what is in which file, and how much that is to be feared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from runfolio.previews.pickle_names import ORDER, Grade, grade, worst
from runfolio.previews.pickle_scan import PickleScan

# More names than these are counted only.
MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class Name:
    """Something that is imported, and how much it is to be feared."""

    text: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class Reason:
    """Why code can run.

    Attributes:
        where: the file in the model's folder; what is in an archive stands behind "!".
        what: what is there, in a few words, such as "a pickle".
        grade: how much it is to be feared.
        names: what it imports, the worst first.
        scan: what a pickle would do.
    """

    where: str
    what: str
    grade: Grade
    names: tuple[Name, ...] = ()
    scan: PickleScan | None = None

    def __str__(self) -> str:
        return f"{self.where}: {self.what}{told(self.names)}"


def told(names: Iterable[Name]) -> str:
    """Names as the end of a sentence."""
    every = list(names)
    listed = [f"{one.text} ({one.grade})" if one.grade == Grade.DANGEROUS else one.text for one in every[:MOST_NAMES]]
    more = [f"{len(every) - MOST_NAMES} more"] if len(every) > MOST_NAMES else []
    return f" that imports {', '.join([*listed, *more])}" if every else ""


def graded(pairs: Iterable[tuple[str, str]]) -> tuple[Name, ...]:
    """Modules and names in them, the worst first."""
    names = [Name(f"{module}.{name}"[:200], grade(module, name)) for module, name in pairs]
    return tuple(sorted(names, key=lambda one: (-ORDER.index(one.grade), one.text)))


def of_pickle(where: str, scan: PickleScan, what: str = "a pickle") -> Reason:
    """Why a pickle can run code; harmless if all that it imports is."""
    names = graded((one.module, one.name) for one in scan.imports)
    judged = worst(one.grade for one in names)
    if scan.trouble:
        trouble = f"{what} that cannot be followed to its end ({scan.trouble[:200]})"
        return Reason(where, trouble, worst([judged, Grade.UNKNOWN]), names, scan)
    feared = tuple(one for one in names if one.grade != Grade.HARMLESS)
    return Reason(where, what, judged, feared, scan)
