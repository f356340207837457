"""Between Qt's selection of rows and runs by their ids, at the cost of the ranges and not of the rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from PySide6.QtCore import QAbstractItemModel, QItemSelection, QItemSelectionRange

from runfolio.gui.aliases import Ids


def spans(selection: QItemSelection) -> list[tuple[int, int]]:
    """First and last row of each range, ascending, without overlaps."""
    found: list[tuple[int, int]] = []
    parts = (selection.at(index) for index in range(selection.size()))
    for top, bottom in sorted({(part.top(), part.bottom()) for part in parts}):
        if found and top <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], bottom))
        else:
            found.append((top, bottom))
    return found


def size(ranges: Iterable[tuple[int, int]]) -> int:
    """How many rows the ranges hold."""
    return sum(last - first + 1 for first, last in ranges)


def runs_of(ids: Ids, ranges: Sequence[tuple[int, int]], most: int | None = None) -> Ids:
    """The runs in these ranges from the top, at most so many."""
    parts, left = [], most if most is not None else len(ids)
    for first, last in ranges:
        if left <= 0:
            break
        part = ids[first : min(last + 1, first + left)]
        parts.append(part)
        left -= len(part)
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else ids[:0]


def spans_of(ids: Ids, runs: Ids | Sequence[int]) -> list[tuple[int, int]]:
    """The ranges of rows in which these runs stand."""
    if not len(runs):
        return []
    rows = np.flatnonzero(np.isin(ids, np.asarray(runs, np.int64)))
    breaks = np.flatnonzero(np.diff(rows) > 1)
    firsts = rows[np.concatenate([[0], breaks + 1])] if len(rows) else rows
    lasts = rows[np.concatenate([breaks, [len(rows) - 1]])] if len(rows) else rows
    return list(zip(firsts.tolist(), lasts.tolist(), strict=True))


def holds(ids: Ids | None, run: int) -> bool:
    """Whether a run is among sorted ones."""
    place = 0 if ids is None else int(np.searchsorted(ids, run))
    return ids is not None and place < len(ids) and int(ids[place]) == run


def selection_of(model: QAbstractItemModel, ranges: Iterable[tuple[int, int]]) -> QItemSelection:
    """Qt's selection of whole rows."""
    selection = QItemSelection()
    right = model.columnCount() - 1
    for first, last in ranges:
        selection.append(QItemSelectionRange(model.index(first, 0), model.index(last, right)))
    return selection


def place_of(ids: Ids, run: int | None) -> int:
    """The row of a run; -1 if it is not there."""
    found = np.flatnonzero(ids == run) if run is not None else ids[:0]
    return int(found[0]) if len(found) else -1
