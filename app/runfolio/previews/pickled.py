"""What a pickle would do: the names that it imports and calls. It is looked at, and never loaded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from runfolio.core.errors import CannotShow
from runfolio.previews.files import open_plain
from runfolio.previews.kept import Kept
from runfolio.previews.pickle_names import ORDER, Grade, grade
from runfolio.previews.records import Question
from runfolio.previews.risks.budget import Budget
from runfolio.previews.risks.contents import NO_KIND, look_into
from runfolio.previews.risks.reasons import Reason

#: How long a file is looked at, in seconds, how many bytes of it are unpacked, and how many files in it.
LONGEST, MOST_UNPACKED, MOST_FILES = 8.0, 1024**3, 10_000


@dataclass(frozen=True, slots=True)
class Imported:
    """A name that a pickle imports, whether it is called, and how much it is to be feared: a value of `Grade`."""

    name: str
    called: bool
    grade: str


@dataclass(frozen=True, slots=True)
class Pickled:
    """What a pickle would do.

    Attributes:
        where: the file in an archive; empty if it is the file itself.
        protocol, operations: of the pickle.
        imports: the worst first.
        grade: the worst of them.
        trouble: why it could not be followed to its end, in a sentence; empty if it could.
    """

    where: str
    protocol: int
    operations: int
    imports: tuple[Imported, ...]
    grade: str
    trouble: str


@dataclass(frozen=True, slots=True)
class AskPickle(Question[tuple[Pickled, ...]]):
    """What would the pickles of a file do?"""

    path: str
    seconds: ClassVar[float] = 20.0

    def answer(self, kept: Kept) -> tuple[Pickled, ...]:
        """That."""
        return kept.get(read_pickles, self.path)


def read_pickles(path: str) -> tuple[Pickled, ...]:
    """What the pickles of a file would do, in whatever it packs them, and what of it cannot be looked through."""
    budget = Budget(seconds=LONGEST, unpacked=MOST_UNPACKED, files=MOST_FILES)
    with open_plain(path) as stream:
        if not stream.read(1):
            raise CannotShow("This file is empty.")
        stream.seek(0)
        name = Path(path).name
        found = tuple(_told(one, name) for one in look_into(stream, name, budget, named=True) if _concerns_pickles(one))
    if not found:
        raise CannotShow("There is no pickle in this file.", "It can be looked at as bytes, or as an archive.")
    return found


def _concerns_pickles(reason: Reason) -> bool:
    """Python files, descriptions that name code, and what is of no known kind are no pickles."""
    return reason.scan is not None or (reason.grade == Grade.UNKNOWN and reason.what != NO_KIND)


def _told(reason: Reason, name: str) -> Pickled:
    where = reason.where.removeprefix(name).strip("!")
    scan = reason.scan
    if scan is None:
        return Pickled(where, 0, 0, (), reason.grade, f"It is {reason.what}.")
    trouble = f"It could not be followed to its end: {scan.trouble}." if scan.trouble else ""
    imports = [Imported(str(one)[:300], one.called, grade(one.module, one.name)) for one in scan.imports]
    imports.sort(key=lambda one: ORDER.index(Grade(one.grade)), reverse=True)
    return Pickled(where, scan.protocol, scan.operations, tuple(imports), reason.grade, trouble)
