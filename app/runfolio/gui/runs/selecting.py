"""Between Qt's selection of rows and runs by their ids, at the cost of the ranges and not of the rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractItemModel, QItemSelection, QItemSelectionRange

from runfolio.gui.aliases import Ids


def spans(selection: QItemSelection) -> list[tuple[int, int]]:
    """First and last row of each range, ascending, without overlaps."""
    found: list[tuple[int, int]] = []
    parts = filter(QItemSelectionRange.isValid, map(selection.at, range(selection.size())))
    for top, bottom in sorted({(part.top(), part.bottom()) for part in parts}):
        if found and top <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], bottom))
        else:
            found.append((top, bottom))
    return found


def spans_of(ids: Ids, runs: Ids | Sequence[int]) -> list[tuple[int, int]]:
    """The ranges of rows in which these runs stand."""
    return stretches(np.flatnonzero(np.isin(ids, np.asarray(runs, np.int64))))


def stretches(rows: NDArray[np.intp]) -> list[tuple[int, int]]:
    """First and last of each stretch of neighbours among ascending rows."""
    if not len(rows):
        return []
    breaks = np.flatnonzero(np.diff(rows) > 1)
    firsts, lasts = rows[np.concatenate([[0], breaks + 1])], rows[np.concatenate([breaks, [len(rows) - 1]])]
    return list(zip(firsts.tolist(), lasts.tolist(), strict=True))


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
