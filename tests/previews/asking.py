"""Every question there is, of any file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from runfolio.gui.viewers.picture_questions import AskPicture
from runfolio.previews.archives import AskArchive
from runfolio.previews.arrays.questions import AskArrays, AskFigures, AskLine, AskPlane, SumUpArray
from runfolio.previews.arrays.raster import AskRaster
from runfolio.previews.hexed import AskBytes, AskSize, FindBytes
from runfolio.previews.notebook import AskNotebook, AskNotebookCells
from runfolio.previews.onnx_graph import AskOnnx
from runfolio.previews.pickled import AskPickle
from runfolio.previews.records import Question
from runfolio.previews.table.questions import AskCell, AskCells, AskTable, SortRows, SumUp
from runfolio.previews.text import AskLines, AskText, FindText
from runfolio.previews.tree.questions import AskBelow, AskNode, AskValue, FindNodes


def questions(path: str) -> Iterator[Question[Any]]:
    """All of them."""
    yield from (AskSize(path), AskBytes(path, 0, 4096), AskBytes(path, 10**15, 16), FindBytes(path, b"lol", 0))
    yield from (AskText(path), AskLines(path, 0, 200), AskLines(path, 10**9, 5), FindText(path, "a", 0))
    yield from (AskTable(path), AskCells(path, 0, 100, 0, 20), AskCell(path, 0, 0), SumUp(path, 0), SumUp(path, 1))
    yield from (SortRows(path, 0, False), SortRows(path, 0, True), AskCells(path, 0, 50, 0, 5, 0, True))
    yield from (AskNode(path), AskBelow(path, (), 0, 100), AskBelow(path, (0,), 0, 100), AskValue(path, ()))
    yield from (FindNodes(path, "a"), AskArrays(path), AskPicture(path))
    for name in ("", "a", "objects"):
        yield from (SumUpArray(path, name), AskPlane(path, name, 0, 1, (0, 0)), AskLine(path, name, 0, (0,)))
        yield AskRaster(path, name)
        yield AskFigures(path, name, 0, 1, (0, 0), 0, 10, 0, 10)
    yield from (AskOnnx(path), AskArchive(path), AskNotebook(path), AskNotebookCells(path, 0, 10), AskPickle(path))
