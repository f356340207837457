"""What changed between two runs, as rows and sentences; without Qt."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import PurePath

from runfolio.core import numbers
from runfolio.core.differences import Difference, Group
from runfolio.core.entities import Run
from runfolio.gui.inspector.rows import Span, TableRow, muted, plain
from runfolio.store.comparing import Comparison

RESULTS = "Best metrics"
#: Of more differences of one kind only so many are shown until all are wanted.
MOST = 8
# Of each of two values about so many letters are shown, those in which they differ among them.
LETTERS = 26
ABSENT = "not set"
# A disc is better and a ring worse, so that colour is not all that tells them apart.
BETTER, WORSE = "●", "○"


def change_rows(groups: Sequence[Group], *, everything: bool = False) -> list[TableRow]:
    """The differences under their headings, each with its old and its new value."""
    rows = []
    for group in groups:
        if group.differences:
            count = muted(numbers.count(len(group.differences)))
            rows.append(TableRow(group.title, plain(group.title), partial(_one, count)))
        shown = group.differences if everything else group.differences[:MOST]
        rows += [
            TableRow(f"{group.title}\0{one.key}", muted(one.key), partial(_spans, one), full=partial(full_text, one))
            for one in shown
        ]
    return rows


def left_out(groups: Sequence[Group]) -> int:
    """How many differences there are beside those that are shown at first."""
    return sum(max(len(group.differences) - MOST, 0) for group in groups)


def _one(span: Span) -> tuple[Span, ...]:
    return (span,)


def _spans(one: Difference) -> tuple[Span, ...]:
    old, new = contrast(one.old if one.old is not None else ABSENT, one.new if one.new is not None else ABSENT)
    spans = muted(old), muted(" → "), plain(new) if one.new is not None else muted(new)
    if one.better is None:
        return spans
    shape, role = (BETTER, "ok") if one.better else (WORSE, "warn")
    return *spans, (role, f"  {shape} {one.change}")


def full_text(one: Difference) -> str:
    """Both values in full, for tool tips and the clipboard."""
    word = "" if one.better is None else " better" if one.better else " worse"
    old, new = (ABSENT if value is None else value for value in (one.old, one.new))
    return f"{old} → {new}" + (f"  {one.change}{word}" if one.change else "")


def contrast(old: str, new: str, most: int = LETTERS) -> tuple[str, str]:
    """Two texts, shortened so that what differs can be seen: `…/train.csv` and `…/test.csv`."""
    if len(old) <= most and len(new) <= most:
        return old, new
    same = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    # Whole words before the first letter that differs.
    start = max(same - most // 3, 0)
    return _cut(old, start, most), _cut(new, start, most)


def _cut(text: str, start: int, most: int) -> str:
    if len(text) <= most:
        return text
    part = text[start : start + most - 1] if start else text[: most - 1]
    before = "…" if start else ""
    after = "…" if start + len(part) < len(text) else ""
    return f"{before}{part}{after}"


def verdict(comparison: Comparison) -> str:
    """What there is to say in a sentence: what is the same, or that nothing changed."""
    causes = [group for group in comparison.groups if group.title != RESULTS]
    same = [group.title.lower() for group in causes if not group.differences and not group.unknown]
    if not comparison.groups:
        return ""
    if len(same) == len(causes):
        return f"Nothing changed: the same {_listed(same)}."
    if not any(group.differences for group in causes):
        return f"No change is known: the same {_listed(same)}." if same else "No change is known."
    return f"The same {_listed(same)}." if same else ""


def unknown(comparison: Comparison) -> list[str]:
    """What could not be compared, in sentences."""
    return [sentence for group in comparison.groups for sentence in group.unknown]


def script_name(run: Run) -> str:
    """The name of the script that a run is of; empty if it is not known."""
    return PurePath(run.source.replace("\\", "/")).name


def first_of_its_kind(run: Run) -> str:
    """What to say when there is nothing to compare a run with."""
    name = script_name(run)
    where = "nested in its parent" if run.parent_run_id else "in this experiment"
    return f"The first run of {name} {where}." if name else "No earlier run to compare with."


def distance(run: Run, other: Run) -> str:
    """How far apart two runs began: `9m 02s earlier`."""
    apart = run.start_time - other.start_time
    return f"{numbers.duration(abs(apart))} {'earlier' if apart >= 0 else 'later'}"


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""
