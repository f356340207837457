"""Asks for a computed column: its formula, checked and completed while it is typed, and what it is for one run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from runfolio.core import numbers
from runfolio.core.columns import Missing
from runfolio.core.errors import FilterError, InvalidValue
from runfolio.core.filter.complete import Known
from runfolio.core.formula_edits import LONGEST_NAME, default_name, set_formula
from runfolio.core.formulas import Formula, parse_formula
from runfolio.core.formulas.complete import complete, unknown_names
from runfolio.core.formulas.parse import MOST_CHARACTERS
from runfolio.core.views import FormulaColumn
from runfolio.gui.chrome.buttons import make_primary
from runfolio.gui.chrome.labels import Trouble, muted
from runfolio.gui.filter.completion import Completion
from runfolio.gui.filter.edit import FilterEdit
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.completion import known_names
from runfolio.store.formulas import preview
from runfolio.store.runs import get_run

PAUSE_MS = 150
HINT = "metrics.acc.best / duration"
EXAMPLES = "Such as metrics.acc.best / duration,  log10(params.lr),  if(tags.kaggle > 0.8, 1, 0)"
LETTERS = 84
NEW = FormulaColumn("", "")


@dataclass(frozen=True, slots=True)
class Tried:
    """A formula tried out: the run's name and value, and what may be wrong with the names in it."""

    known: Known
    run: str = ""
    value: float | Missing | None = None
    doubts: tuple[str, ...] = ()


class FormulaDialog(QDialog):
    """The name and the formula of a new column, or of one that there is.

    Attributes:
        name, edit: where they are typed.
        trouble: what is wrong.
        result_line: what the formula is for the run of the inspector.

    Signals:
        tried(): the formula, as it is typed now, has been tried out.
    """

    tried = Signal()

    def __init__(self, session: Session, column: FormulaColumn, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._old = column.name
        self._known: Known | None = None
        self.name = QLineEdit(column.name)
        self.edit = FilterEdit(session.theme.color, self, (HINT,), MOST_CHARACTERS)
        self.trouble = Trouble(self)
        self.result_line = muted()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._build()
        self._connect()
        self.edit.setPlainText(column.text)
        self._check()
        self.edit.setFocus()

    def _build(self) -> None:
        self.setWindowTitle("Formula column")
        self.edit.setAccessibleName("Formula")
        self.name.setPlaceholderText("As the formula")
        self.name.setMaxLength(LONGEST_NAME)
        labels = [QLabel("&Formula"), QLabel("&Name")]
        labels[0].setBuddy(self.edit)
        labels[1].setBuddy(self.name)
        help_line = muted(EXAMPLES)
        for label in (self.trouble, self.result_line, help_line):
            label.setWordWrap(True)
            label.setMinimumWidth(self.fontMetrics().averageCharWidth() * LETTERS)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        parts = (labels[0], self.edit, self.trouble, self.result_line, help_line, labels[1], self.name, self.buttons)
        for part in parts:
            layout.addWidget(part)
        make_primary(self.buttons, QDialogButtonBox.StandardButton.Ok).setText("Change" if self._old else "Add")

    def _connect(self) -> None:
        self.edit.textChanged.connect(self._on_typed)
        self.edit.committed.connect(self._on_return)
        self.edit.left.connect(self.reject)
        self.edit.refused.connect(partial(self._say, result=""))
        self._completion = Completion(self._session, self.edit, lambda: complete, "formula.complete", self.finished)
        self.name.textChanged.connect(self._on_typed)
        self._pause.timeout.connect(self._check)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    @property
    def text(self) -> str:
        """The formula as typed."""
        return self.edit.toPlainText()

    def accept(self) -> None:
        """Have the column in the view, which can be undone."""
        try:
            view = set_formula(self._session.view, self._old, self._name(), self.text)
        except InvalidValue as error:
            self._show_error(error)
            return
        self._session.set_view(view, "Change Formula" if self._old else "Add Formula Column")
        super().accept()

    def _name(self) -> str:
        return self.name.text().strip() or default_name(self.text)

    # While it is typed

    @Slot()
    def _on_typed(self) -> None:
        """What is half typed is not complained of until the hand rests."""
        self.edit.mark(None)
        self._pause.start()

    @Slot()
    def _on_return(self) -> None:
        """Return keeps it; the same is told when the keyboard goes elsewhere, which does not."""
        if self.edit.hasFocus():
            self.accept()

    @Slot()
    def _check(self) -> None:
        self._enable(False)
        if not self.text.strip():
            self._say("", "")
            return
        try:
            formula = parse_formula(self.text)
            set_formula(self._session.view, self._old, self._name(), self.text)
        except InvalidValue as error:
            self._show_error(error)
            return
        self._enable(True)
        work = partial(try_out, self._session.store, formula, self._session.selection.current, self._known)
        done = partial(self._on_tried, self.text)
        self._session.jobs.read(work, done, channel="formula.try", until=self.finished)

    def _on_tried(self, text: str, tried: Tried) -> None:
        self._known = tried.known
        if text != self.text:
            return
        where = f"In {tried.run}: " if tried.run else ""
        value = tried.value.reason if isinstance(tried.value, Missing) else ""
        if isinstance(tried.value, float):
            value = numbers.column_format([tried.value]).text(tried.value)
        self._say(" ".join(tried.doubts), f"{where}{value}")
        self.tried.emit()

    def _show_error(self, error: InvalidValue) -> None:
        if isinstance(error, FilterError):
            self.edit.mark(error.position, max(1, len(error.found)), error.message)
        self._say(str(error), "")

    def _say(self, trouble: str, result: str) -> None:
        self.trouble.tell(trouble)
        self.result_line.setText(result)
        self._make_room()

    def showEvent(self, event: QShowEvent) -> None:
        """The style sheet has told by now how high everything is."""
        super().showEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Words that break into more lines need more height."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))

    def _enable(self, ready: bool) -> None:
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(ready)


def try_out(store: Store, formula: Formula, run: int | None, known: Known | None) -> Tried:
    """A formula for one run, and which of its names no run has. For worker threads."""
    known = known_names(store) if known is None else known
    doubts = tuple(unknown_names(formula, known))
    if run is None:
        return Tried(known, doubts=doubts)
    name = get_run(store, run).name
    with store.reading() as connection:
        return Tried(known, name, preview(connection, formula, run), doubts)
