"""The pane under the table of differences in which one of its rows is laid open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from runfolio.core.difference_table import DifferenceLine, DifferencePart, Kind, only_different
from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.chrome.labels import muted, tool_tip
from runfolio.gui.compare.details.asked import Asked, Curves, Detail, Pictures, Said, Text, Values
from runfolio.gui.compare.details.curves import CurveDetail
from runfolio.gui.compare.details.pictures import PictureDetail
from runfolio.gui.compare.details.reading import read_detail
from runfolio.gui.compare.difference_model import DifferenceModel
from runfolio.gui.compare.difference_view import DifferenceTable
from runfolio.gui.curves.look import ChartLook
from runfolio.gui.icons import icon
from runfolio.gui.inspector.code_view import CodeView, PatchColors
from runfolio.gui.inspector.text_model import one_line
from runfolio.gui.refresh import Refresh
from runfolio.gui.session import Session
from runfolio.store import Store

LINES = 24
#: More values of files are not shown at once.
MOST_VALUES = 500
NO_CURVE = "None of these runs has logged a point of it."


class DetailPane(QWidget):
    """Shows what a row is laid open to; hidden until one is.

    Attributes:
        other: which run is looked at beside the baseline.
        text, values, pictures, curves: what is shown of each kind of row; one at a time.
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
        self._title, self.other, self.close_button = ElidedLabel(), QComboBox(), QToolButton()
        self._with = muted("beside the baseline:")
        self.text = CodeView("Lines that differ", LINES)
        self._colors = PatchColors(self.text.document(), session.theme.color)
        self.values = DifferenceTable(DifferenceModel(session.theme), "Values that differ")
        self.pictures = PictureDetail(session.theme)
        self.curves = CurveDetail(self._look())
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
        self.close_button.setAutoRaise(True)
        self.close_button.setAccessibleName("Close")
        self.close_button.setToolTip("Close (Escape)")
        self.note.setWordWrap(True)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._title, 1)
        for widget in (self._with, self.other, self.close_button):
            top.addWidget(widget)
        for content in (self.text, self.values, self.pictures, self.curves):
            self._stack.addWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 4)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self._stack)
        layout.addWidget(self.note)

    def _connect(self) -> None:
        self.other.currentIndexChanged.connect(self._on_other)
        self.close_button.clicked.connect(self.closed)
        self.pictures.step_chosen.connect(self._on_step)
        self.curves.zoomed.connect(self._on_zoomed)
        self.curves.plot.hovered.connect(self._session.highlighted)
        self._session.theme.theme_changed.connect(self._on_theme)
        self._session.colors.changed.connect(self._on_theme)
        self._on_theme()

    def _look(self) -> ChartLook:
        return ChartLook.of(self._session.theme, self._session.colors.chosen)

    @property
    def settled(self) -> bool:
        """True when what is shown is what was opened."""
        return self._asked is None or (self._refresh.idle and self._found is not None and self._found[0] == self._asked)

    # What is opened

    def open_row(self, kind: Kind, line: DifferenceLine, runs: Sequence[int], names: Sequence[str], other: int) -> None:
        """Lay open a row of some runs, the baseline's first, with one of them beside it."""
        if self._asked is not None and (self._asked.kind, self._asked.line.key) != (kind, line.key):
            self.curves.forget_zoom()
        self._names = names
        self._title.setText(one_line(line.key))
        self._title.setToolTip(tool_tip(line.key))
        self.other.blockSignals(True)
        self.other.clear()
        self.other.addItems([one_line(name) for name in names[1:]])
        self.other.setCurrentIndex(other - 1)
        self.other.blockSignals(False)
        self._ask(Asked(kind, line, tuple(runs), other, pixels=max(self.curves.plot.pixels(), 300)))

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
            self._ask(replace(asked, line=line))

    def close_row(self) -> None:
        """Show nothing any more."""
        self._asked = self._found = None
        self.hide()

    @property
    def opened(self) -> tuple[Kind, str] | None:
        """Which row is laid open."""
        return None if self._asked is None else (self._asked.kind, self._asked.line.key)

    def _ask(self, asked: Asked) -> None:
        self._asked = asked
        self._refresh.ask_now()

    def _job(self) -> Callable[[], tuple[Asked, Detail]] | None:
        return None if self._asked is None else partial(_read, self._session.store, self._asked)

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
        names = dict(zip(self._asked.runs, self._names, strict=True))
        for widget in (self._with, self.other):
            widget.setVisible(isinstance(detail, (Text, Pictures, Said)))
        match detail:
            case Text(diff, note):
                self.text.show_text(diff.text)
                self._say(note, self.text if diff.text else None)
            case Values(part, note):
                self._show_values(part, note)
            case Pictures():
                first, *others = map(one_line, self._names)
                self.pictures.show_pictures(detail, [f"{first} (baseline)", *others])
                self._say("", self.pictures)
            case Curves(lines):
                self.curves.show_curves(self._asked.line.key, names, lines)
                self._say("" if lines else NO_CURVE, self.curves if lines else None)
            case Said(text):
                self._say(text, None)

    def _show_values(self, part: DifferencePart, note: str) -> None:
        differing = only_different([part])
        lines = differing[0].lines if differing else ()
        self.values.differences.set_parts(self._names, [replace(part, lines=lines[:MOST_VALUES])], headings=False)
        more = f"{len(lines) - MOST_VALUES:,} more values differ." if len(lines) > MOST_VALUES else ""
        same = f"All {len(part.lines):,} values are the same." if not lines else ""
        self._say(" ".join(filter(None, (note, more, same))), self.values if lines else None)

    def _say(self, note: str, shown: QWidget | None) -> None:
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self._stack.setVisible(shown is not None)
        if shown is not None:
            self._stack.setCurrentWidget(shown)

    # What the user chooses

    @Slot(int)
    def _on_other(self, place: int) -> None:
        if self._asked is not None and place >= 0:
            self._ask(replace(self._asked, other=place + 1))

    @Slot(object)
    def _on_step(self, step: int) -> None:
        if self._asked is not None:
            self._ask(replace(self._asked, step=step))

    @Slot(object)
    def _on_zoomed(self, span: tuple[float, float] | None) -> None:
        if self._asked is not None:
            self._ask(replace(self._asked, span=span))

    @Slot()
    def _on_theme(self) -> None:
        self.close_button.setIcon(icon("close", "muted"))
        self._colors.rehighlight()
        self.curves.set_look(self._look())
        self.values.viewport().update()
        self.pictures.pair.update()

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


def _read(store: Store, asked: Asked) -> tuple[Asked, Detail]:
    return asked, read_detail(store, asked)
