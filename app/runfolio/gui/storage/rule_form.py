"""The rule of retention as a form."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from runfolio.core.direction import lower_is_better
from runfolio.core.retention import CHECKPOINTS, EXPERIMENT, RUN, Rule

GROUPS = (("run", RUN), ("experiment", EXPERIMENT))
WAYS = ("less is better", "more is better")
MOST, MOST_DAYS = 1_000, 10_000


class RuleForm(QWidget):
    """What is kept of which files.

    Attributes:
        pattern, judge, way, best, last, per, days, chosen: the fields.
        look: the button that asks what would go.

    Signals:
        asked(): the user wants to know what would go.
        changed(): the rule is another, and what is listed may not be what it takes.
    """

    asked = Signal()
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pattern = QLineEdit(CHECKPOINTS)
        self.judge = QLineEdit(placeholderText="No metric: only the last are kept")
        self.way = QComboBox()
        self.way.addItems(WAYS)
        self.best, self.last = _count(1), _count(1)
        self.per = QComboBox(editable=True)
        for title, name in GROUPS:
            self.per.addItem(title, name)
        self.days = QSpinBox(maximum=MOST_DAYS, suffix=" days")
        self.days.setSpecialValueText("any age")
        self.chosen = QCheckBox("Only the chosen experiments")
        self.look = QPushButton("Show What Would Go")
        self.look.setProperty("kind", "primary")
        self._name()
        self._place()
        self._connect()

    @property
    def rule(self) -> Rule:
        """What is typed."""
        per = self.per.currentText().strip()
        named = dict(GROUPS).get(per, per)
        lower = self.way.currentIndex() == 0
        metric = self.judge.text().strip()
        return Rule(self.pattern.text(), metric, lower, self.best.value(), self.last.value(), named, self.days.value())

    def offer_metrics(self, names: Sequence[str]) -> None:
        """What may be typed as a metric."""
        completer = QCompleter(list(names), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.judge.setCompleter(completer)

    def _name(self) -> None:
        names = {
            self.pattern: "Patterns of files",
            self.judge: "Metric that says which are the best",
            self.way: "Which way the metric is better",
            self.best: "How many of the best are kept",
            self.last: "How many of the last are kept",
            self.per: "What a group is: run, experiment, or params. and a key",
            self.days: "Only files older than this go",
        }
        for widget, name in names.items():
            widget.setAccessibleName(name)
            widget.setToolTip(name)

    def _place(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        rows = (
            ("Files", (self.pattern,)),
            ("Best by", (self.judge, self.way)),
            ("Keep", (self.best, QLabel("best and"), self.last, QLabel("last of each"), self.per)),
            ("Older than", (self.days, self.chosen, self.look)),
        )
        for at, (title, widgets) in enumerate(rows):
            label = QLabel(title)
            label.setProperty("role", "muted")
            label.setBuddy(widgets[0])
            row = QHBoxLayout()
            row.setSpacing(8)
            for widget in widgets:
                stretches = isinstance(widget, QLineEdit) or widget is self.per or widget is self.chosen
                row.addWidget(widget, 1 if stretches else 0)
            grid.addWidget(label, at, 0)
            grid.addLayout(row, at, 1)
        grid.setColumnStretch(1, 1)
        self.setFocusProxy(self.pattern)

    def _connect(self) -> None:
        self.look.clicked.connect(self.asked)
        for line in (self.pattern, self.judge):
            line.returnPressed.connect(self.asked)
            line.textChanged.connect(self.changed)
        self.judge.editingFinished.connect(self._guess_way)
        for box in (self.best, self.last, self.days):
            box.valueChanged.connect(self.changed)
        self.way.currentIndexChanged.connect(self.changed)
        self.per.currentTextChanged.connect(self.changed)
        self.chosen.toggled.connect(self.changed)

    @Slot()
    def _guess_way(self) -> None:
        """As the metric's name says it, which a user may know better."""
        if self.judge.isModified():
            self.judge.setModified(False)
            self.way.setCurrentIndex(0 if lower_is_better(self.judge.text()) else 1)


def _count(value: int) -> QSpinBox:
    box = QSpinBox(maximum=MOST)
    box.setValue(value)
    return box
