"""What is known of the files of runs that are compared: which belong together, and whether one is what the other is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from runfolio.core import captured
from runfolio.core.numbers import counted, size
from runfolio.core.picture_series import is_copy, logged_at, series_of

#: So much of a digest is shown.
DIGITS = 6
#: Where files of several runs stand beside each other: a path or, of a series of pictures, its name and a step.
Slot: TypeAlias = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class FileFact:
    """What is known of a file.

    Attributes:
        path: its name in the run.
        size: in bytes.
        digest: SHA-256 of what is in it; empty where that has not been read.
    """

    path: str
    size: int
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """What a run has in one line of a comparison: one file, or all pictures of a series by their steps."""

    files: Mapping[int | None, FileFact]

    @property
    def text(self) -> str:
        """How much that is and, of one file, how what is in it begins to be told from others."""
        total = size(sum(file.size for file in self.files.values()))
        if (one := self.files.get(None)) is None:
            return f"{counted(len(self.files), 'picture')}, {total}"
        return f"{total} · {one.digest[:DIGITS]}" if one.digest else total

    def is_same(self, other: Held) -> bool | None:
        """Whether the other is the same to the byte; None where that has not been read."""
        if self.files.keys() != other.files.keys():
            return False
        pairs = [(file, other.files[step]) for step, file in self.files.items()]
        if any(one.size != two.size or (one.digest and two.digest and one.digest != two.digest) for one, two in pairs):
            return False
        return None if any(not (one.digest and two.digest) for one, two in pairs) else True


def slots_of(paths: Sequence[Iterable[str]]) -> list[dict[Slot, str]]:
    """Of several runs, where their files stand; smaller copies of pictures stand nowhere."""
    names = series_of(path for of_run in paths for path in of_run)
    return [dict(_slots(of_run, names)) for of_run in paths]


def _slots(paths: Iterable[str], names: Mapping[str, object]) -> Iterator[tuple[Slot, str]]:
    for path in sorted(paths):
        if is_copy(path):
            continue
        logged = logged_at(path)
        yield ((logged.series, logged.step) if logged is not None and logged.series in names else (path, None)), path


def to_be_read(sizes: Sequence[Mapping[Slot, int]]) -> list[tuple[int, Slot]]:
    """Which files have to be read, each with the number of its run: those as large as the first run's at that place."""
    first = sizes[0] if sizes else {}
    same = [
        (number, slot)
        for number, of_run in enumerate(sizes[1:], 1)
        for slot, bytes_ in of_run.items()
        if first.get(slot) == bytes_
    ]
    return [*((0, slot) for slot in dict.fromkeys(slot for _, slot in same)), *same]


def held(facts: Mapping[Slot, FileFact]) -> dict[str, Held]:
    """By name, what a run has."""
    found: dict[str, dict[int | None, FileFact]] = {}
    for (name, step), fact in facts.items():
        found.setdefault(name, {})[step] = fact
    return {name: Held(files) for name, files in found.items()}


def is_compared(path: str) -> bool:
    """Whether a file is compared: not if it has lines of its own, as the list of packages does, nor are reports."""
    return path not in (captured.PATCH, captured.PACKAGES) and not path.startswith(f"{captured.REPORTS}/")
