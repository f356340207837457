"""What differs among several runs, each beside a baseline: settings, code, environment, data and results.

What was not captured of a run is told as such, and is neither the same nor another.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from runfolio.core import captured as names
from runfolio.core.differences import (
    CODE,
    MACHINE,
    Snapshot,
    captured_tags,
    digests,
    is_better,
    same_setting,
    signed,
)
from runfolio.core.direction import best_of
from runfolio.core.file_facts import Held, held
from runfolio.core.leaves import nested_settings
from runfolio.core.numbers import NumberFormat, column_format, counted
from runfolio.core.ordering import natural
from runfolio.core.packages import normal_name, read_lock
from runfolio.core.patches import read_patch
from runfolio.core.run_titles import run_titles
from runfolio.core.system_tags import is_system_metric, is_system_tag
from runfolio.core.table_texts import Shape, write_table

NOT_CAPTURED, COMMITTED, NOT_COMPARED = "not captured", "as committed", "not compared"
IS = ("is", "are")


class Kind(StrEnum):
    """What things there are, by the headings over them."""

    PARAMS = "Parameters"
    METRICS = "Best metrics"
    TAGS = "Tags"
    CODE = "Code"
    ENVIRONMENT = "Environment"
    DATA = "Data"
    FILES = "Files"
    OUTPUT = "Output"
    LAST = "Metrics"
    SIGNATURE = "Signature"
    ABOUT = "About"


@dataclass(frozen=True, slots=True)
class Cell:
    """What one run has.

    Attributes:
        text: as it is shown; None for nothing.
        differs: whether it is something else than the baseline has.
        known: False where it was not captured.
        change: by how much a metric differs.
        better: which way; None where nobody can say.
    """

    text: str | None
    differs: bool = False
    known: bool = True
    change: str = ""
    better: bool | None = None


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One thing that runs have, the baseline's first."""

    key: str
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        """Whether any run has something else than the baseline."""
        return any(cell.differs for cell in self.cells)

    @property
    def first_other(self) -> int:
        """The first run that has something else than the baseline; of none, the first one beside it."""
        return next((at for at, cell in enumerate(self.cells) if at and cell.differs), 1)

    def nearest_given(self, place: int) -> int:
        """The run, beside the baseline, that is nearest to a place and has it at all; the place itself if none has."""
        given = [at for at, cell in enumerate(self.cells) if at and cell.text is not None]
        return min(given, key=lambda at: abs(at - place), default=place)


@dataclass(frozen=True, slots=True)
class Lacking:
    """What was not captured, and of which runs by their titles; none means all of them."""

    what: str
    runs: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """In a sentence."""
        of = f" of {', '.join(self.runs)} was not captured." if self.runs else " was not captured of any run."
        return f"{self.what}{of}"


@dataclass(frozen=True, slots=True)
class DifferencePart:
    """All things of one kind, what was not captured of them, and what else is not known, in sentences."""

    title: Kind
    lines: tuple[DifferenceLine, ...]
    lacking: tuple[Lacking, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def doubts(self) -> tuple[str, ...]:
        """All that is not known, in sentences."""
        return (*(one.said for one in self.lacking), *self.unread)


# A text and, where that shows less of it, what tells it from others: None of what is not there.
Value: TypeAlias = tuple[str | None, str | None]
# What a run has; None where nothing was captured.
Told: TypeAlias = Mapping[str, Value] | None


def difference_table(runs: Sequence[Snapshot], lower: Mapping[str, bool] | None = None) -> tuple[DifferencePart, ...]:
    """All that some runs have, of which the first one is the baseline; `lower` as in `core.differences`."""
    git, machines, packages, patches = ([*map(of, runs)] for of in (_git, _machine, _packages, _uncommitted))
    settings = [_plain(nested_settings(one.run.params)) for one in runs]
    code = [*_lines(git), *_lines([*map(_command, runs)]), *_lines(patches, COMMITTED)]
    return (
        DifferencePart(Kind.PARAMS, tuple(_lines(settings, same=same_setting))),
        DifferencePart(Kind.METRICS, tuple(_metrics(runs, lower or {}))),
        DifferencePart(Kind.TAGS, tuple(_lines([_plain(_tags(one)) for one in runs]))),
        DifferencePart(Kind.CODE, tuple(code), _lacking(runs, ("The commit", git), ("What was uncommitted", patches))),
        DifferencePart(
            Kind.ENVIRONMENT,
            (*_lines(machines), *_lines(packages)),
            _lacking(runs, ("The machine", machines), ("The list of packages", packages)),
        ),
        DifferencePart(Kind.DATA, tuple(_lines([_plain(digests(one.data)) for one in runs]))),
        *_files(runs),
    )


def values_part(kind: Kind, found: Sequence[Mapping[str, str]]) -> DifferencePart:
    """Values of some runs by name, the baseline's first."""
    return DifferencePart(kind, tuple(_lines([_plain(one) for one in found], same=same_setting)))


def only_different(parts: Iterable[DifferencePart]) -> tuple[DifferencePart, ...]:
    """The same with nothing that all runs have in common."""
    kept = (replace(part, lines=tuple(line for line in part.lines if line.differs)) for part in parts)
    return tuple(part for part in kept if part.lines or part.doubts)


def doubts_together(parts: Iterable[DifferencePart]) -> list[str]:
    """What is not known of all parts, in few sentences: that of the same runs in one."""
    parts, lacking = list(parts), dict[tuple[str, ...], list[str]]()
    for part in parts:
        for one in part.lacking:
            lacking.setdefault(one.runs, []).append(f"{one.what[0].lower()}{one.what[1:]}")
    told = [f"Not captured of {', '.join(runs) or 'any run'}: {', '.join(whats)}." for runs, whats in lacking.items()]
    return [*told, *(sentence for part in parts for sentence in part.unread)]


def as_markdown(titles: Sequence[str], parts: Iterable[DifferencePart]) -> str:
    """A table for a report, a run in each column; `titles` are theirs."""
    rows = [(part.title, line.key, *(cell_text(cell) for cell in line.cells)) for part in parts for line in part.lines]
    return write_table(Shape.MARKDOWN, ("", "", *titles), rows, [False] * (len(titles) + 2))


def cell_text(cell: Cell) -> str:
    """A cell in words; empty where there is nothing."""
    if not cell.known:
        return cell.text or NOT_CAPTURED
    return " ".join(filter(None, (cell.text, f"({cell.change})" if cell.change else "")))


def _plain(found: Mapping[str, str]) -> Told:
    return {key: (text, text) for key, text in found.items()}


def _lines(
    told: Sequence[Told], absent: str | None = None, same: Callable[[str, str], bool] = str.__eq__
) -> Iterable[DifferenceLine]:
    """A line for each key of any run; `absent` is what stands for one that is not there."""
    keys = {key for found in told for key in found or ()}
    for key in sorted(keys, key=natural):
        values = [None if found is None else found.get(key, (absent, None)) for found in told]
        yield DifferenceLine(key, tuple(_cell(values[0], value, same) for value in values))


def _cell(first: Value | None, value: Value | None, same: Callable[[str, str], bool]) -> Cell:
    """What one run has beside the baseline, each None where it was not captured."""
    if value is None:
        return Cell(None, known=False)
    if first is None:
        return Cell(value[0])
    if first[1] is None or value[1] is None:
        return Cell(value[0], differs=first[1] is not value[1])
    return Cell(value[0], differs=not same(first[1], value[1]))


def _lacking(runs: Sequence[Snapshot], *asked: tuple[str, Sequence[Told]]) -> tuple[Lacking, ...]:
    """What is not known of which runs."""
    gaps, titles = list[Lacking](), run_titles([one.run.name for one in runs], [one.run.run_id for one in runs])
    for what, told in asked:
        lacking = [title for title, found in zip(titles, told, strict=True) if found is None]
        if len(lacking) == len(runs):
            gaps.append(Lacking(what))
        elif lacking:
            gaps.append(Lacking(what, tuple(lacking)))
    return tuple(gaps)


def _tags(one: Snapshot) -> dict[str, str]:
    return {key: text for key, text in one.run.tags.items() if not is_system_tag(key)}


def _git(one: Snapshot) -> Told:
    if names.COMMIT not in one.run.tags:
        return None
    return _plain({title: text for title, text in captured_tags(one, CODE).items() if title != CODE[names.COMMAND]})


def _command(one: Snapshot) -> Told:
    return _plain(captured_tags(one, {names.COMMAND: CODE[names.COMMAND]}))


def _machine(one: Snapshot) -> Told:
    return _plain(captured_tags(one, MACHINE)) if names.PYTHON in one.run.tags else None


def _packages(one: Snapshot) -> Told:
    if one.lock is None:
        return None
    return _plain({normal_name(name): version for name, version in read_lock(one.lock).packages.items()})


def _uncommitted(one: Snapshot) -> Told:
    """By file, what was changed beside the commit. Of files that are not in git only the names are known."""
    if one.patch is None and one.run.tags.get(names.DIRTY) != "False":
        return None
    patch = read_patch(one.patch or "")
    changed = {file.path: (f"{file.summary} uncommitted", file.text) for file in patch.files}
    return changed | {path: ("not in git", "not in git") for path in patch.unknown}


def _files(runs: Sequence[Snapshot]) -> Iterable[DifferencePart]:
    """What was stored, and what was printed."""
    found = [held(one.files) for one in runs]
    lines = [
        DifferenceLine(name, tuple(_file(found[0].get(name), of_run.get(name)) for of_run in found))
        for name in sorted({name for of_run in found for name in of_run}, key=natural)
    ]
    unread = sum(not all(cell.known for cell in line.cells) for line in lines)
    doubt = f"{counted(unread, 'file')} of the same size {IS[unread > 1]} not compared by content."
    stored = tuple(line for line in lines if not names.is_console(line.key))
    yield DifferencePart(Kind.FILES, stored, unread=(doubt,) if unread else ())
    yield DifferencePart(Kind.OUTPUT, tuple(line for line in lines if names.is_console(line.key)))


def _file(first: Held | None, one: Held | None) -> Cell:
    if first is None or one is None:
        return Cell(None if one is None else one.text, differs=first is not one)
    same = one.is_same(first) if one is not first else True
    return Cell(f"{one.text}, {NOT_COMPARED}", known=False) if same is None else Cell(one.text, differs=not same)


def _metrics(runs: Sequence[Snapshot], lower: Mapping[str, bool]) -> Iterable[DifferenceLine]:
    keys = {key for one in runs for key in one.run.metrics if not is_system_metric(key)}
    for key in sorted(keys, key=natural):
        found = [one.run.metrics.get(key) for one in runs]
        best = [None if metric is None else best_of(metric, lower) for metric in found]
        form = column_format([one[1] for one in best if one is not None])
        last = [None if metric is None else metric.last for metric in found]
        values = [one[1] if one is not None else end for one, end in zip(best, last, strict=True)]
        yield DifferenceLine(key, tuple(_result(key, values[0], value, form, lower) for value in values))


def figure_lines(found: Sequence[Mapping[str, float]], lower: Mapping[str, bool]) -> Iterable[DifferenceLine]:
    """Metrics by name, each as one figure; `lower` as in `core.differences`."""
    for key in sorted({key for one in found for key in one}, key=natural):
        values = [one.get(key) for one in found]
        form = column_format([value for value in values if value is not None])
        yield DifferenceLine(key, tuple(_result(key, values[0], value, form, lower) for value in values))


def _result(key: str, first: float | None, value: float | None, form: NumberFormat, lower: Mapping[str, bool]) -> Cell:
    text = None if value is None else form.text(value)
    if first is None or value is None:
        return Cell(text, differs=first is not value)
    change = value - first
    if first == value or (math.isnan(first) and math.isnan(value)):
        return Cell(text)
    if math.isnan(change):
        return Cell(text, differs=True)
    return Cell(text, True, True, signed(change, form), is_better(key, change, lower))
