"""What differs between two texts line by line, in a time that grows with their length and not with its square.

Lines that are in both texts exactly once hold them together, as in Bram Cohen's patience diff; what lies between two of
these is compared the same way. Only short stretches without any are compared with `difflib`, for that is quadratic.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TypeAlias

CONTEXT = 3
#: Stretches with more pairs of lines than this are taken for replaced; nested deeper than this, too.
MOST_PAIRS, DEEPEST = 250_000, 40
#: How the end of a line is shown where it is that of Windows.
RETURN = "\N{SYMBOL FOR CARRIAGE RETURN}"

# Where a stretch begins and ends, in the old lines and in the new ones.
Stretch: TypeAlias = tuple[int, int, int, int]
# The places of a line that both have, in the old lines and in the new ones.
Pair: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class LineDiff:
    """What differs.

    Attributes:
        text: in the unified format, with three lines around each change; empty where nothing differs.
        added, removed: how many lines, of all.
        left_out: how many lines of `text` were left out at its end.
    """

    text: str = ""
    added: int = 0
    removed: int = 0
    left_out: int = 0


def diff_lines(old: str, new: str, most: int = 2_000) -> LineDiff:
    """What differs, in no more than so many lines."""
    before, after = _lines(old), _lines(new)
    common = pairs(before, after)
    lines = list(_unified(before, after, common))
    shown = lines[:most]
    removed, added = len(before) - len(common), len(after) - len(common)
    return LineDiff("\n".join(shown), added, removed, len(lines) - len(shown))


def _lines(text: str) -> list[str]:
    """The lines of a text; nothing comes after the end of the last one."""
    lines = text.removesuffix("\n").split("\n") if text else []
    return [f"{line[:-1]}{RETURN}" if line.endswith("\r") else line for line in lines]


def pairs(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Lines that both have in the same order, each with its place in either."""
    found: list[Pair] = []
    waiting: list[tuple[Stretch, int]] = [((0, len(old), 0, len(new)), 0)]
    while waiting:
        stretch, depth = waiting.pop()
        same, inner = _trimmed(old, new, stretch)
        found += same
        left, right, low, high = inner
        if left == right or low == high or depth == DEEPEST:
            continue
        anchors = _anchors(old, new, inner)
        found += anchors or _compared(old, new, inner)
        ends = [(left - 1, low - 1), *anchors, (right, high)]
        between = pairwise(ends) if anchors else ()
        waiting += (((a + 1, c, b + 1, d), depth + 1) for (a, b), (c, d) in between)
    return sorted(found)


def _trimmed(old: Sequence[str], new: Sequence[str], stretch: Stretch) -> tuple[list[Pair], Stretch]:
    """What both begin and end with, and what is between."""
    left, right, low, high = stretch
    found = []
    while left < right and low < high and old[left] == new[low]:
        found.append((left, low))
        left, low = left + 1, low + 1
    while left < right and low < high and old[right - 1] == new[high - 1]:
        right, high = right - 1, high - 1
        found.append((right, high))
    return found, (left, right, low, high)


def _anchors(old: Sequence[str], new: Sequence[str], stretch: Stretch) -> list[Pair]:
    """Lines that are in both stretches exactly once: the longest row of them that is in order in both."""
    left, right, low, high = stretch
    counts = Counter(old[left:right]), Counter(new[low:high])
    places = {new[at]: at for at in range(low, high)}
    once = [
        (at, places[old[at]]) for at in range(left, right) if counts[0][old[at]] == 1 and counts[1].get(old[at]) == 1
    ]
    return _in_order(once)


def _in_order(once: Sequence[Pair]) -> list[Pair]:
    """The longest ascending row of the second numbers, by patience sorting."""
    tops: list[int] = []  # of each pile the least second number on its top
    last: list[int] = []  # and which of `once` that is
    before: list[int] = []
    for at, (_, place) in enumerate(once):
        pile = bisect_left(tops, place)
        before.append(last[pile - 1] if pile else -1)
        tops[pile : pile + 1], last[pile : pile + 1] = [place], [at]
    found, at = [], last[-1] if last else -1
    while at >= 0:
        found.append(once[at])
        at = before[at]
    return found[::-1]


def _compared(old: Sequence[str], new: Sequence[str], stretch: Stretch) -> list[Pair]:
    left, right, low, high = stretch
    if (right - left) * (high - low) > MOST_PAIRS:
        return []
    matcher = SequenceMatcher(None, old[left:right], new[low:high], autojunk=False)
    blocks = matcher.get_matching_blocks()
    return [(left + one.a + at, low + one.b + at) for one in blocks for at in range(one.size)]


def _changes(old: int, new: int, common: Sequence[Pair]) -> Iterator[Stretch]:
    """The stretches that differ, in order."""
    left = low = 0
    for at, place in [*common, (old, new)]:
        if (left, low) != (at, place):
            yield left, at, low, place
        left, low = at + 1, place + 1


def _hunks(old: int, new: int, common: Sequence[Pair]) -> list[list[Stretch]]:
    """Changes that share lines around them."""
    hunks: list[list[Stretch]] = []
    for change in _changes(old, new, common):
        if hunks and change[0] - hunks[-1][-1][1] <= 2 * CONTEXT:
            hunks[-1].append(change)
        else:
            hunks.append([change])
    return hunks


def _unified(old: Sequence[str], new: Sequence[str], common: Sequence[Pair]) -> Iterator[str]:
    for hunk in _hunks(len(old), len(new), common):
        before = min(CONTEXT, hunk[0][0])
        after = min(CONTEXT, len(old) - hunk[-1][1])
        left, low, right, high = hunk[0][0] - before, hunk[0][2] - before, hunk[-1][1] + after, hunk[-1][3] + after
        yield f"@@ -{_range(left, right)} +{_range(low, high)} @@"
        for begin, end, start, stop in hunk:
            yield from (f" {line}" for line in old[left:begin])
            yield from (f"-{line}" for line in old[begin:end])
            yield from (f"+{line}" for line in new[start:stop])
            left = end
        yield from (f" {line}" for line in old[left:right])


def _range(begin: int, end: int) -> str:
    """Lines as hunks tell them: they count from one, and of none the one before is told."""
    return f"{begin + 1 if end > begin else begin},{end - begin}"
