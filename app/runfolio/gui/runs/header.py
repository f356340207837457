"""The run table's header: the names of the columns, above them what groups of columns are about, below a frozen row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QHeaderView, QToolTip, QWidget

from runfolio.core.columns import NAME, Column, SortKey, Source
from runfolio.gui.chrome.labels import tool_tip
from runfolio.gui.runs.cells import right_aligned
from runfolio.gui.runs.look import TableLook
from runfolio.gui.runs.model import GROUPS

MARGIN = 10
NAME_INDENT = 24
DESCENDING, ASCENDING, FOLDED = "▾", "▴", "▸"
FUNNEL = 11
# Columns that are kept in sight must leave room for those that scroll.
MOST_HELD = 2 / 3

PaintCell = Callable[[QPainter, QRect, Column], None]


@dataclass(frozen=True, slots=True)
class Marks:
    """What the header tells of its columns beside their names.

    Attributes:
        order: the keys of the order, the first one leading.
        filters: the conditions on single columns, as text.
        behind: how many columns of its folded group a column stands for.
        pinned: so many columns at the left stay in sight while the others scroll.
        folded: the groups that are folded.
        tips: what is told of single columns beside their ids.
        names: of columns that are called otherwise here than by themselves.
    """

    order: tuple[SortKey, ...] = ()
    filters: Mapping[Column, str] = field(default_factory=dict)
    behind: Mapping[Column, int] = field(default_factory=dict)
    pinned: int = 0
    folded: tuple[str, ...] = ()
    tips: Mapping[Column, str] = field(default_factory=dict)
    names: Mapping[Column, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring columns of one source, from `left` to `right` in pixels; `held` if they stay in sight."""

    source: Source
    left: int
    right: int
    held: bool = False


class RunHeader(QHeaderView):
    """Painted here; resizing, moving and clicking are Qt's, which is told of places as if nothing were pinned.

    Signals:
        menu_asked(int, QPoint): the user wants the menu of a section, at this place of the screen.
        group_clicked(Source): the user has clicked on what a group of columns is about.
        frozen_clicked(): the user has clicked on the frozen row.
    """

    menu_asked = Signal(int, object)
    group_clicked = Signal(object)
    frozen_clicked = Signal()

    def __init__(self, column_at: Callable[[int], Column], look: TableLook, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._column_at = column_at
        self._look = look
        self._marks = Marks()
        self._current = -1
        self._shift = 0
        self._frozen: tuple[PaintCell, int] | None = None
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(self.fontMetrics().averageCharWidth() * 5)
        self.setAccessibleName("Columns of the run table")
        # Every pixel is painted here, so that nothing that lies under it is.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @property
    def look(self) -> TableLook:
        """The colours and fonts of the table."""
        return self._look

    @property
    def marks(self) -> Marks:
        """What is told of the columns."""
        return self._marks

    def set_look(self, look: TableLook) -> None:
        """Another theme or font."""
        self._look = look
        self.viewport().update()

    def set_marks(self, marks: Marks) -> None:
        """Tell something else of the columns."""
        if marks != self._marks:
            self._marks = marks
            self.viewport().update()

    def set_current(self, section: int) -> None:
        """Show in which column the keyboard is; -1 for none."""
        if section != self._current:
            self._current = section
            self.viewport().update()

    def freeze(self, paint: PaintCell | None, height: int = 0) -> None:
        """Keep a row of this height in sight under the names, painted cell by cell; None for no row."""
        if paint is None and self._frozen is None:
            return
        before = self.sizeHint()
        self._frozen = None if paint is None else (paint, height)
        if self.sizeHint() != before:
            self.updateGeometry()
            self.geometriesChanged.emit()
        self.viewport().update()

    # Places

    def held(self) -> int:
        """So many pixels at the left belong to pinned columns, over those that have scrolled under them."""
        if not self._marks.pinned or not self.offset():
            return 0
        width = self.pinned_width()
        return width if width <= self.viewport().width() * MOST_HELD else 0

    def pinned_width(self) -> int:
        """What the pinned columns take, wherever they are."""
        return sum(self.sectionSize(self.logicalIndex(visual)) for visual in range(self._marks.pinned))

    def is_held(self, section: int) -> bool:
        """Whether a section stays where it is while others scroll."""
        return self.visualIndex(section) < self._marks.pinned and bool(self.held())

    def left_of(self, section: int) -> int:
        """Where a section is seen to begin."""
        return self.sectionPosition(section) if self.is_held(section) else self.sectionViewportPosition(section)

    def section_at(self, x: int) -> int:
        """The section that is seen at a place; -1 for none."""
        return self.logicalIndexAt(x - self.offset() if x < self.held() else x)

    def in_sight(self) -> Iterator[int]:
        """The sections that are seen, from left to right, with some of those that others may lie over; of thousands of
        columns, that is few.
        """
        first, edge = max(self.visualIndexAt(0), 0), self.viewport().width()
        sections = map(self.logicalIndex, (*range(min(self._marks.pinned, first)), *range(first, self.count())))
        return takewhile(lambda section: self.left_of(section) < edge, sections)

    def groups(self) -> Iterator[Group]:
        """The groups in sight, from left to right; a source comes again if columns were moved apart."""
        group: Group | None = None
        for logical in self.in_sight():
            source, left, held = self._column_at(logical).source, self.left_of(logical), self.is_held(logical)
            right = left + self.sectionSize(logical)
            if group is not None and (group.source, group.held) == (source, held):
                group = Group(source, group.left, right, held)
                continue
            if group is not None:
                yield group
            group = Group(source, left, right, held)
        if group is not None:
            yield group

    @property
    def names_height(self) -> int:
        """Two lines of text with room around them."""
        return 2 * self.fontMetrics().height() + 20

    def sizeHint(self) -> QSize:
        """The names, and the row below them; Qt would measure the names of all columns."""
        return QSize(self.length(), self.names_height + (self._frozen[1] if self._frozen else 0))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """What scrolls, and over it what is pinned."""
        painter = QPainter(self.viewport())
        held = self.held()
        self._paint_part(painter, QRect(held, 0, self.viewport().width() - held, self.height()), False)
        if held:
            self._paint_part(painter, QRect(0, 0, held, self.height()), True)
            painter.drawLine(held - 1, self.names_height // 2, held - 1, self.height())

    def _paint_part(self, painter: QPainter, part: QRect, pinned: bool) -> None:
        painter.setClipRect(part)
        painter.fillRect(part, self._look.window)
        below = self.names_height
        painter.setPen(self._look.line)
        painter.drawLine(part.left(), below - 1, part.right(), below - 1)
        painter.setFont(self._look.label)
        painter.setPen(self._look.muted)
        for group in self.groups():
            if group.held is pinned:
                area, label = self._label_area(group), self._label(group.source)
                shown = painter.fontMetrics().elidedText(label, Qt.TextElideMode.ElideRight, area.width())
                painter.drawText(area, _side(False), shown)
        for logical in self.in_sight():
            left, width = self.left_of(logical), self.sectionSize(logical)
            if left <= part.right() and left + width > part.left() and self.is_held(logical) is pinned:
                names = QRect(left, below // 2 - 1, width, below // 2 - 2)
                self._paint_name(painter, names, logical)
                if self._frozen is not None:
                    self._frozen[0](painter, QRect(left, below, width, self._frozen[1]), self._column_at(logical))
        painter.setPen(self._look.line)

    def _label(self, source: Source) -> str:
        return f"{GROUPS[source]} {FOLDED}" if source in self._marks.folded else GROUPS[source]

    def _label_area(self, group: Group) -> QRect:
        """The label stays in sight while any of its columns is."""
        width = self.fontMetrics().horizontalAdvance(self._label(group.source))
        edge = 0 if group.held else self.held()
        left = min(max(group.left, edge) + MARGIN, group.right - MARGIN - width)
        left = max(left, group.left + MARGIN)
        return QRect(left, 5, group.right - left, self.names_height // 2 - 6)

    def _paint_name(self, painter: QPainter, area: QRect, section: int) -> None:
        column = self._column_at(section)
        key, ending = self._ending(column)
        painter.setFont(self._look.body)
        area = area.adjusted(NAME_INDENT + MARGIN // 2 if column == NAME else MARGIN, 0, -MARGIN, 0)
        if section == self._current:
            painter.fillRect(area.left(), area.bottom() - 1, area.width(), 2, self._look.accent)
        if column in self._marks.filters:
            _paint_funnel(painter, area, self._look)
            area.setLeft(area.left() + FUNNEL + 3)
        room = area.width() - painter.fontMetrics().horizontalAdvance(ending)
        name = painter.fontMetrics().elidedText(self._name(column), Qt.TextElideMode.ElideMiddle, room)
        painter.setPen(self._look.text if key is not None else self._look.muted)
        painter.drawText(area, _side(right_aligned(column)), name + ending)

    def text_of(self, column: Column) -> str:
        """A column's name with the signs of the order behind it."""
        return self._name(column) + self._ending(column)[1]

    def _name(self, column: Column) -> str:
        return self._marks.names.get(column, column.heading)

    def _ending(self, column: Column) -> tuple[SortKey | None, str]:
        """The key that a column is of the order, and what follows its name."""
        order = self._marks.order
        number, key = next(((n, k) for n, k in enumerate(order, 1) if k.column == column), (0, None))
        behind = self._marks.behind.get(column, 0)
        ending = f" {FOLDED}{behind}" if behind else ""
        if key is not None:
            ending += f" {DESCENDING if key.descending else ASCENDING}{number if len(order) > 1 else ''}"
        return key, ending

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """On a group's label it is folded, on the frozen row its run is shown; anything else is Qt's."""
        place = event.position().toPoint()
        group = next((one for one in self.groups() if self._label_hit(one, place)), None)
        if event.button() is Qt.MouseButton.LeftButton and place.y() >= self.names_height:
            self.frozen_clicked.emit()
        elif event.button() is Qt.MouseButton.LeftButton and group is not None:
            self.group_clicked.emit(group.source)
        else:
            self._shift = -self.offset() if place.x() < self.held() else 0
            super().mousePressEvent(_shifted(event, self._shift))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Where the columns are seen is not where Qt has them, if they are pinned."""
        if not event.buttons():
            self._shift = -self.offset() if event.position().x() < self.held() else 0
        super().mouseMoveEvent(_shifted(event, self._shift))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """As above."""
        super().mouseReleaseEvent(_shifted(event, self._shift))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """As above."""
        super().mouseDoubleClickEvent(_shifted(event, self._shift))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu is made where the view is known."""
        section = self.section_at(event.pos().x())
        if section >= 0:
            self.menu_asked.emit(section, event.globalPos())

    def viewportEvent(self, event: QEvent) -> bool:
        """Tool tips belong to the columns as they are seen."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            section = self.section_at(event.pos().x())
            QToolTip.showText(event.globalPos(), tool_tip(self.tip_of(section)) if section >= 0 else "", self)
            return True
        return super().viewportEvent(event)

    def tip_of(self, section: int) -> str:
        """What is told of a section's column: its id, and what was chosen for it."""
        column = self._column_at(section)
        told = (column.id, self._marks.tips.get(column, ""), self._marks.filters.get(column, ""))
        return "\n".join(filter(None, told))

    def _label_hit(self, group: Group, place: QPoint) -> bool:
        area = self._label_area(group)
        area.setWidth(min(area.width(), self.fontMetrics().horizontalAdvance(self._label(group.source))))
        return area.contains(place) and (group.held or place.x() >= self.held())


def _side(right: bool) -> int:
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)


def _shifted(event: QMouseEvent, shift: int) -> QMouseEvent:
    """The event at another place of the header."""
    if not shift:
        return event
    place = QPointF(event.position().x() + shift, event.position().y())
    where = event.scenePosition(), event.globalPosition()
    return QMouseEvent(event.type(), place, *where, event.button(), event.buttons(), event.modifiers())


def _paint_funnel(painter: QPainter, area: QRect, look: TableLook) -> None:
    """The sign of a column that has a filter of its own."""
    left, top, wide = area.left(), area.center().y() - FUNNEL / 2 + 1, FUNNEL - 1
    corners = ((0, 0), (wide, 0), (wide * 0.6, wide * 0.5), (wide * 0.6, wide), (wide * 0.4, wide * 0.85))
    points = [QPointF(left + x, top + y) for x, y in (*corners, (wide * 0.4, wide * 0.5))]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.accent)
    painter.drawPolygon(QPolygonF(points))
    painter.restore()
