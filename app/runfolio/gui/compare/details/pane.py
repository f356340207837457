"""The pane under the table of differences in which one of its rows is laid open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from runfolio.core.difference_table import DifferenceLine, DifferencePart, Kind
from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.chrome.labels import muted, tool_tip
from runfolio.gui.compare.details.asked import Asked, Detail, DetailView
from runfolio.gui.compare.details.curves import CurveDetail, Curves
from runfolio.gui.compare.details.picture_pair import Pictures
from runfolio.gui.compare.details.pictures import PictureDetail
from runfolio.gui.compare.details.reading import read_detail
from runfolio.gui.compare.details.texts import Text, TextDetail, no_such_file
from runfolio.gui.compare.details.values import ValueDetail, Values
from runfolio.gui.icons import icon
from runfolio.gui.inspector.text_model import one_line
from runfolio.gui.refresh import Refresh
from runfolio.gui.session import Session

#: What shows each kind of detail.
VIEWS: Mapping[type[Detail], Callable[[Session], DetailView[Any]]] = {
    Curves: CurveDetail,
    Pictures: PictureDetail,
    Text: TextDetail,
    Values: ValueDetail,
}
#: The box of runs is no wider than so many letters, and shows so many at least.
NAMES, LEAST_NAMES = 34, 10
OF_FILES = (Kind.FILES, Kind.OUTPUT)


class DetailPane(QWidget):
    """Shows what a row is laid open to; hidden until one is.

    Attributes:
        other: which run is looked at beside the baseline.
        note: what is said below it.

    Signals:
        closed(): the user is done with it.
        shown(): what was read has been laid out.
    """

    closed = Signal()
    shown = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._asked: Asked | None = None
        self._found: tuple[Asked, Detail] | None = None
        self._names: Sequence[str] = ()
        self._lacking = ""  # what is said of the run that was wanted and has no such file
        self._title, self.other, self.close_button = ElidedLabel(), QComboBox(), QToolButton()
        self._with = muted("beside the baseline:")
        self._views = {kind: view(session) for kind, view in VIEWS.items()}
        self.note: QLabel = muted()
        self._stack = Current()
        self._place()
        complaint = "What differs could not be read."
        self._refresh: Refresh[tuple[Asked, Detail]] = Refresh(session, self._job, self._take, complaint, self)
        self._connect()
        self.hide()

    def _place(self) -> None:
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        self._title.setFont(bold)
        self.other.setAccessibleName("Run beside the baseline")
        self.other.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.other.setMaximumWidth(NAMES * self.fontMetrics().averageCharWidth())
        self.other.setMinimumContentsLength(LEAST_NAMES)
        self.other.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.close_button.setAutoRaise(True)
        self.close_button.setAccessibleName("Close")
        self.close_button.setToolTip("Close (Escape)")
        self.note.setWordWrap(True)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._title, 1)
        for widget in (self._with, self.other, self.close_button):
            top.addWidget(widget)
        for view in self._views.values():
            self._stack.addWidget(view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 4)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self._stack)
        layout.addWidget(self.note)

    def _connect(self) -> None:
        self.other.currentIndexChanged.connect(self._on_other)
        self.close_button.clicked.connect(self.closed)
        for view in self._views.values():
            view.wanted.connect(self._on_wanted)
        self._session.theme.theme_changed.connect(self._on_theme)
        self._on_theme()

    @property
    def settled(self) -> bool:
        """True when what is shown is what was opened."""
        return self._asked is None or (self._refresh.idle and self._found is not None and self._found[0] == self._asked)

    # What is opened

    def open_row(
        self,
        kind: Kind,
        line: DifferenceLine,
        runs: Sequence[int],
        names: Sequence[str],
        other: int,
        step: int | None = None,
    ) -> None:
        """Lay open a row of some runs, the baseline's first, with one of them beside it: of files, the nearest one
        that has it; of a series of pictures, at that step."""
        given = line.nearest_given(other) if kind in OF_FILES else other
        self._lacking = no_such_file(names[other]) if given != other else ""
        other = given
        asked, other_row = Asked(kind, line, tuple(runs), other, step), self.opened != (kind, line.key)
        for view in self._views.values():
            asked = view.opening(asked, other_row)
        self._names = names
        self._title.setText(one_line(line.key))
        self._title.setToolTip(tool_tip(line.key))
        self.other.blockSignals(True)
        self.other.clear()
        self.other.addItems([one_line(name) for name in names[1:]])
        for place, name in enumerate(names[1:]):
            self.other.setItemData(place, tool_tip(name), Qt.ItemDataRole.ToolTipRole)
        self.other.setCurrentIndex(other - 1)
        self.other.blockSignals(False)
        self._ask(asked)

    def follow(self, parts: Iterable[DifferencePart], runs: Sequence[int], names: Sequence[str]) -> None:
        """Read what is laid open anew, where these runs have it still; of other runs nothing stays open."""
        asked = self._asked
        if asked is None:
            return
        lines = (line for part in parts if part.title is asked.kind for line in part.lines)
        line = next((line for line in lines if line.key == asked.line.key), None)
        if line is None or tuple(runs) != asked.runs:
            self.close_row()
        else:
            self._names = names
            self._asked = replace(asked, line=line)
            self._refresh.ask_now()

    def close_row(self) -> None:
        """Show nothing any more."""
        self._asked = self._found = None
        self._refresh.ask_instead()
        self.hide()

    @property
    def opened(self) -> tuple[Kind, str] | None:
        """Which row is laid open."""
        return None if self._asked is None else (self._asked.kind, self._asked.line.key)

    def _ask(self, asked: Asked) -> None:
        self._asked = asked
        self._refresh.ask_instead()

    def _job(self) -> Callable[[], tuple[Asked, Detail]] | None:
        return None if self._asked is None else partial(_read, self._session, self._asked)

    def _take(self, found: tuple[Asked, Detail]) -> None:
        if found[0] != self._asked:
            self._refresh.read_again()
            return
        fresh = self._found is None or self._found[0].line is not found[0].line
        self._found = found
        self._show(found[1])
        self.show()
        if fresh:
            self.shown.emit()

    # What is shown

    def _show(self, detail: Detail) -> None:
        assert self._asked is not None
        view = self._views[type(detail)]
        for widget in (self._with, self.other):
            widget.setVisible(view.beside)
        seen, note = view.show_detail(detail, self._asked, self._names)
        note = " ".join(filter(None, (self._lacking if view.beside else "", note)))
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self._stack.setVisible(seen)
        if seen:
            self._stack.setCurrentWidget(view)

    # What the user chooses

    @Slot(int)
    def _on_other(self, place: int) -> None:
        if self._asked is not None and place >= 0:
            self._lacking = ""
            self._ask(replace(self._asked, other=place + 1))

    @Slot(object)
    def _on_wanted(self, other: Mapping[str, Any]) -> None:
        if self._asked is not None:
            self._ask(replace(self._asked, **other))

    @Slot()
    def _on_theme(self) -> None:
        self.close_button.setIcon(icon("close", "muted"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes it, and leads back to the row."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


class Current(QStackedWidget):
    """As high as what is shown."""

    def sizeHint(self) -> QSize:
        """That of the widget in front."""
        shown = self.currentWidget()
        return QSize() if shown is None else shown.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """That of the widget in front."""
        shown = self.currentWidget()
        return QSize() if shown is None else shown.minimumSizeHint()


def _read(session: Session, asked: Asked) -> tuple[Asked, Detail]:
    return asked, read_detail(session.store, asked, session.ask)
