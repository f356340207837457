"""The parts of the page: what each lists, in which columns, and what reads it. A new one is an entry here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from runfolio.gui.storage import lines
from runfolio.gui.storage.lines import Asked, Line
from runfolio.store import Store


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A part of the page; it is a key by itself.

    Attributes:
        title: its tab.
        columns: their headings, each with its width in letters; 0 takes what is left.
        right: the columns of numbers.
        bar: the one in which the share is drawn.
        nothing: what is said where there is nothing to list.
        read: what reads it at once; None if it takes long, and is looked for on request.
        look: what looks for it.
        looking: what is told meanwhile.
        asks: whether it has a rule.
        spare: the button that selects what can go and nothing is lost.
        first: the column that it is ordered by at first, descending or not.
    """

    title: str
    columns: tuple[tuple[str, int], ...]
    right: tuple[int, ...]
    bar: int
    nothing: str
    read: Callable[[Store], list[Line]] | None = None
    look: Callable[[Store, Asked], list[Line]] | None = None
    looking: str = ""
    asks: bool = False
    spare: str = "Select All"
    first: tuple[int, bool] = (2, True)


PARTS = (
    Part(
        "Experiments",
        (("Experiment", 0), ("Files", 10), ("Size", 18), ("Curves", 14)),
        (1, 2, 3),
        2,
        "There are no experiments yet.",
        lines.experiments,
    ),
    Part(
        "Runs",
        (("Run", 0), ("Experiment", 28), ("Files", 10), ("Size", 18)),
        (2, 3),
        3,
        "No run has files.",
        lines.runs,
        first=(3, True),
    ),
    Part(
        "Kinds",
        (("Kind of file", 0), ("Files", 10), ("Size", 18)),
        (1, 2),
        2,
        "No run has files.",
        lines.kinds,
    ),
    Part(
        "Metrics",
        (("Metric", 0), ("Points", 14), ("Curves", 18)),
        (1, 2),
        2,
        "No run has metrics.",
        lines.metrics,
    ),
    Part(
        "Duplicates",
        (("File", 0), ("Run", 0), ("Logged", 15), ("Size", 12), ("Copies, wasted", 22)),
        (3,),
        4,
        "No two files have the same in them.",
        look=lines.duplicates,
        looking="Looking for equal files",
        spare="Select All but the Oldest",
        first=(4, True),
    ),
    Part(
        "Orphans",
        (("File", 0), ("Run", 18), ("What is wrong", 36), ("Size", 14)),
        (3,),
        3,
        "All files are in the tables, and all in the tables are on the disk.",
        look=lines.orphans,
        looking="Looking for orphans",
        first=(3, True),
    ),
    Part(
        "Retention",
        (("File", 0), ("Run", 0), ("Logged", 15), ("Size", 14), ("What becomes of it", 26)),
        (3,),
        3,
        "No file fits the patterns.",
        look=lines.retention,
        looking="Looking what would go",
        asks=True,
        first=(4, False),
    ),
)
