"""Pictures in cells of logged tables: small, read one after another as they come into sight."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from runfolio.core.errors import UserError
from runfolio.gui.aliases import Index
from runfolio.gui.jobs import Job
from runfolio.gui.viewers.data_table import DataTable
from runfolio.gui.viewers.picture_questions import AskPicture
from runfolio.gui.viewers.viewer import ViewedFile, Viewer
from runfolio.gui.viewers.window_model import CELL_ROLE
from runfolio.previews.table.source import Column
from runfolio.store.artifacts import artifact_file

#: Pixels on a side, and how many pictures are kept.
SIDE, MOST = 72, 500


class CellPictures:
    """The pictures of one table.

    Attributes:
        delegate: paints the cells.
    """

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self.delegate = _Delegate(self, viewer)
        self._table: DataTable | None = None
        self._columns: frozenset[int] = frozenset()
        self._images: OrderedDict[str, QImage] = OrderedDict()
        self._asked = ""

    def begin(self, file: ViewedFile) -> None:
        """Forget those of the last table."""
        self._images.clear()
        self._asked, self._columns = "", frozenset()

    def set_columns(self, table: DataTable, columns: Sequence[Column]) -> None:
        """Make room for pictures where a column has some."""
        self._table = table
        self._columns = frozenset(at for at, column in enumerate(columns) if column.kind == "picture")
        table.set_row_height(SIDE + 8 if self._columns else 0)

    def fit_columns(self) -> None:
        """Make columns of pictures as wide as these, for nobody reads their names."""
        if self._table is not None:
            for column in self._columns:
                heading = self._table.horizontalHeader().sectionSizeHint(column)
                self._table.setColumnWidth(column, max(SIDE + 8, heading))

    def image(self, index: Index) -> QImage | None:
        """The picture of a cell; None if there is none, or not yet."""
        if index.column() not in self._columns:
            return None
        path = index.data(CELL_ROLE)
        if not path:
            return None
        if path not in self._images and not self._asked:
            self._ask(path)
        return self._images.get(path)

    def _ask(self, path: str) -> None:
        self._asked = path
        file = self._viewer.file
        if file is not None:
            self._viewer.read(partial(self._read, file.run, path), partial(self._take, path), "picture")

    def _read(self, run: int, path: str, job: Job) -> QImage:
        """On a worker. An empty one if it cannot be shown: the cell has its name then."""
        session = self._viewer.session
        try:
            place = artifact_file(session.store, run, path)
            question = AskPicture(str(place), 2 * SIDE, 4 * SIDE * SIDE)
            return session.previews.ask(question, lambda: job.cancelled).image()
        except UserError:
            return QImage()

    def _take(self, path: str, image: QImage) -> None:
        self._images[path] = image
        self._asked = ""
        while len(self._images) > MOST:
            self._images.popitem(last=False)
        if self._table is not None:
            self._table.viewport().update()


class _Delegate(QStyledItemDelegate):
    """Pictures in place of their names."""

    def __init__(self, pictures: CellPictures, parent: Viewer) -> None:
        super().__init__(parent)
        self._pictures = pictures

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The picture in the middle of the cell's height, not enlarged but for tiny ones."""
        image = self._pictures.image(index)
        if image is None or image.isNull():
            super().paint(painter, option, index)
            return
        area: QRect = option.rect.adjusted(4, 4, -4, -4)
        size = image.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(area.topLeft(), size)
        place.moveTop(area.top() + (area.height() - size.height()) // 2)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, size.width() < image.width())
        painter.drawImage(place, image)
