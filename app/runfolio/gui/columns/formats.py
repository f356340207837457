"""The conditional formats of one column, edited: when its cells are marked as good, doubtful or bad."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from runfolio.core.cell_rules import NUMERIC, CellRule, Comparison, Tone, rule_of, typed_value
from runfolio.core.columns import Column, Kind, is_number
from runfolio.core.errors import InvalidValue
from runfolio.core.view_edits import with_rules
from runfolio.gui.chrome.labels import Trouble, muted
from runfolio.gui.columns.popup import Popup
from runfolio.gui.icons import icon
from runfolio.gui.session import Session

TONES = {Tone.OK: "good", Tone.WARN: "doubtful", Tone.BAD: "bad"}


class RuleLine(QWidget):
    """One rule, as it is being typed.

    Attributes:
        comparison, value, tone: its parts.
        remove: the button that takes it away.
    """

    def __init__(self, column: Column, rule: CellRule | None) -> None:
        super().__init__()
        self._column = column
        self.comparison, self.value, self.tone = QComboBox(), QLineEdit(), QComboBox()
        self.remove = QToolButton()
        for comparison in Comparison:
            self.comparison.addItem(str(comparison), comparison)
        for tone, word in TONES.items():
            self.tone.addItem(f"{tone.shape} {word}", tone)
        for part, name in ((self.comparison, "Comparison"), (self.value, "Value"), (self.tone, "Mark")):
            part.setAccessibleName(name)
        self.remove.setIcon(icon("close", "muted"))
        self.remove.setAccessibleName("Remove the rule")
        self.comparison.setCurrentText(
            str(Comparison.GREATER if is_number(column) or column.kind is Kind.DURATION else Comparison.CONTAINS)
        )
        if rule is not None:
            self.comparison.setCurrentText(str(rule.comparison))
            self.value.setText(typed_value(rule))
            self.tone.setCurrentIndex(list(TONES).index(rule.tone))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.comparison)
        row.addWidget(self.value, 1)
        row.addWidget(self.tone)
        row.addWidget(self.remove)

    def rule(self) -> CellRule | None:
        """The rule; None without a value. Raises InvalidValue: it compares with what is no number."""
        comparison, text = Comparison(self.comparison.currentData()), self.value.text().strip()
        if not text and (comparison in NUMERIC or comparison is Comparison.CONTAINS):
            return None
        return rule_of(self._column, comparison, text, Tone(self.tone.currentData()))


class FormatsEditor(Popup):
    """The rules of a column; the first one that fits a value counts.

    Attributes:
        lines: one for each rule.
        trouble: why they cannot be applied.
    """

    def __init__(self, session: Session, column: Column, parent: QWidget) -> None:
        super().__init__(f"Formats of {column.heading}", parent)
        self._session = session
        self._column = column
        self.lines: list[RuleLine] = []
        self._place = QVBoxLayout()
        self._place.setSpacing(6)
        self.body.addWidget(muted("Cells are marked if their value is"))
        self.body.addLayout(self._place)
        self.trouble = Trouble(self)
        self.body.addWidget(self.trouble)
        self._add_buttons()
        for rule in session.view.rules:
            if rule.column == column:
                self.add_line(rule)
        if not self.lines:
            self.add_line()

    def _add_buttons(self) -> None:
        more, apply = QPushButton("Add Rule"), QPushButton("Apply")
        more.setAutoDefault(False)
        apply.setDefault(True)
        apply.setProperty("kind", "primary")
        more.clicked.connect(lambda: self.add_line())
        apply.clicked.connect(self.apply)
        self.add_buttons(more, apply)

    def add_line(self, rule: CellRule | None = None) -> None:
        """One more rule, with the keyboard in its value."""
        line = RuleLine(self._column, rule)
        line.remove.clicked.connect(lambda: self._remove(line))
        self.lines.append(line)
        self._place.addWidget(line)
        line.value.setFocus()
        self.adjustSize()

    def _remove(self, line: RuleLine) -> None:
        self.lines.remove(line)
        self._place.removeWidget(line)
        line.deleteLater()
        self.adjustSize()

    @Slot()
    def apply(self) -> None:
        """Mark the cells, or say what is wrong."""
        try:
            rules = [rule for line in self.lines if (rule := line.rule()) is not None]
        except InvalidValue as error:
            self.trouble.tell(str(error))
            self.adjustSize()
            return
        self._session.set_view(with_rules(self._session.view, self._column, rules), "Formats")
        self.close()
