"""The sections of the run table's header: their widths, and what it means when the user drags one."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, QObject, QRect, QSettings, QTimer, Slot

from runfolio.core import view_edits
from runfolio.core.columns import CREATED, DURATION, NAME, Column, Source, is_number, is_trend
from runfolio.gui.runs.cells import one_line
from runfolio.gui.runs.feed import RunFeed
from runfolio.gui.runs.group_paint import arrow_area
from runfolio.gui.runs.header import RunHeader
from runfolio.gui.runs.layout import ColumnWidths, default_width, group_width
from runfolio.gui.runs.rolling import Rolling
from runfolio.gui.session import Session
from runfolio.store.table import Row

# So many rows tell how wide a column of texts should be.
MEASURED, NAMES_MEASURED = 60, 200
WIDEN_MS = 250
# What groups come to, for room to be there before it is known: else columns would move about as they are summed up.
SUMMED, SUMMED_OF_SOME = "0.000 ± 0.000", "0.000 ± 0.000 (n=100)"
# To measure a column takes half a millisecond, and a frame has other things to do.
AT_ONCE = 2
# So many columns are wider than any screen.
ARRANGED = 200


class Arrangement(QObject):
    """Gives the sections their widths. The order is the model's, which has it from the view: a section that was
    dragged goes back at once, and the view is changed in its stead.
    """

    def __init__(
        self, header: RunHeader, feed: RunFeed, session: Session, settings: QSettings, rolling: Rolling
    ) -> None:
        super().__init__(header)
        self._header = header
        self._feed = feed
        self._session = session
        self._rolling = rolling
        self._widths = ColumnWidths(settings)
        self._busy = False
        self._about: tuple[object, ...] = ()
        self._moved: Column | None = None
        self._changed: set[Column] = set()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._take_order)
        self._widening = QTimer(self, singleShot=True)
        self._widening.timeout.connect(self._widen)
        header.sectionResized.connect(self._on_resized)
        header.sectionMoved.connect(self._on_moved)
        header.sectionHandleDoubleClicked.connect(self.fit)
        feed.model.columnsInserted.connect(self.arrange)
        feed.model.dataChanged.connect(self._on_data_changed)
        feed.folding.changed.connect(lambda: self._widen_soon([NAME]))

    @Slot()
    def arrange(self) -> None:
        """Give the sections their widths and the model's order. Of very many, those far right are measured later,
        a few at a time.
        """
        columns = self._feed.model.columns
        self._changed.clear()
        self._busy = True
        for section, column in enumerate(columns):
            width = self._width_of(column) if section < ARRANGED else self._named_width(column)
            self._header.resizeSection(section, width)
            self._header.moveSection(self._header.visualIndex(section), section)
        self._busy = False
        if columns[ARRANGED:]:
            self._widen_soon(columns[ARRANGED:])

    def follow(self) -> None:
        """Other rows: of other experiments or columns, in groups or not, they have their own widths; in another order,
        room is made where it is missing.
        """
        session = self._session
        about = session.selection.experiments, self._feed.model.columns, session.view.grouped, session.view.group_by
        if about == self._about:
            self._widen_soon(self._feed.model.columns)
        else:
            self._about = about
            self.arrange()

    @Slot(int)
    def fit(self, section: int) -> None:
        """Make a section as wide as its texts."""
        column = self._feed.model.column_at(section)
        self._widths.set_width(column, None)
        self._busy = True
        self._header.resizeSection(section, self._width_of(column))
        self._busy = False

    def fit_all(self) -> None:
        """Make all sections as wide as their texts."""
        for section in range(self._header.count()):
            self.fit(section)

    def widen(self, columns: Iterable[Column]) -> None:
        """Make room for longer values, or the signs of another order, in columns that the user has left alone."""
        self._busy = True
        for column in columns:
            section = self._feed.model.section_of(column)
            if section >= 0:
                self._header.resizeSection(section, max(self._width_of(column), self._header.sectionSize(section)))
        self._busy = False

    def _widen_soon(self, columns: Iterable[Column]) -> None:
        """These have other cells. What comes while it is waited does not put it off: runs log without a pause."""
        self._changed.update(columns)
        if not self._widening.isActive():
            self._widening.start(WIDEN_MS)

    @Slot()
    def _widen(self) -> None:
        if self._rolling.moving:
            self._widening.start(WIDEN_MS)
            return
        self.widen([self._changed.pop() for _ in range(min(AT_ONCE, len(self._changed)))])
        if self._changed:
            self._widening.start(0)

    def _width_of(self, column: Column) -> int:
        chosen = self._widths.width(column)
        return chosen or max(self._named_width(column, self._content_width(column)), self._group_width(column))

    def _content_width(self, column: Column) -> float:
        if column == NAME:
            return self._names_width()
        measured = column.source is not Source.CHECK and not is_trend(column)
        texts = self._feed.model.sample(column, MEASURED) if measured else []
        return max(map(self._header.look.plain.width, texts), default=0)

    def _named_width(self, column: Column, content: float = 0) -> int:
        """What a column takes whose values take so much."""
        width, table = self._header.look.plain.width, self._header.viewport().width()
        heading, delta = width(self._header.text_of(column)), bool(self._session.view.baseline) and is_number(column)
        usual = default_width(column, width("0"), heading, content, delta=delta, table=table)
        return self._widths.width(column) or usual

    def _names_width(self) -> float:
        """What names take with what stands before them where runs stand beneath each other."""
        look, folding = self._header.look, self._feed.folding
        outlined = folding.lines.outline is not None

        def taken(row: Row) -> float:
            depth = folding.depth(row.id)
            sign = look.plain.width("↳ ") if row.parent is not None and not depth else 0
            return look.strong.width(one_line(row.name)) + sign + (arrow_area(QRect(), depth).right() + 1) * outlined

        return max(map(taken, self._feed.model.last_read(NAMES_MEASURED)), default=0)

    def _group_width(self, column: Column) -> int:
        """What the cells of groups take or will take: a mean with its spread, or all that their runs have in common."""
        width, groups = self._header.look.plain.width, self._feed.model.groups
        texts = groups.sample(column, MEASURED) if groups is not None else []
        if self._session.view.grouped and not texts and is_number(column):
            is_partial = column.source is Source.METRIC or "" in self._feed.model.sample(column, MEASURED)
            texts = [SUMMED_OF_SOME if is_partial else SUMMED]
        table, widest = self._header.viewport().width(), max(map(width, texts), default=0)
        return group_width(width("0"), widest, name=column == NAME, table=table) if texts else 0

    def _on_data_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        changed = self._feed.model.columns[first.column() : last.column() + 1]
        only_time = len(changed) == 1 and changed[0] in (CREATED, DURATION)  # goes on, with a width for all ages
        if not only_time or self._session.view.grouped:
            self._widen_soon(changed)

    @Slot(int, int, int)
    def _on_resized(self, section: int, _old: int, new: int) -> None:
        if not self._busy and new > 0:
            self._widths.set_width(self._feed.model.column_at(section), new)
        self._header.viewport().update()

    @Slot(int, int, int)
    def _on_moved(self, section: int, _old: int, _new: int) -> None:
        """Qt is still in the middle of the drag: the view is changed when it is out of it."""
        if not self._busy:
            self._moved = self._feed.model.column_at(section)
            self._soon.start()
        self._header.viewport().update()

    @Slot()
    def _take_order(self) -> None:
        sections = (self._header.logicalIndex(visual) for visual in range(self._header.count()))
        order = [self._feed.model.column_at(section) for section in sections]
        view = view_edits.arrange(self._session.view, order, self._feed.natural, self._moved)
        self.arrange()
        self._session.set_view(view, "Move Column")
