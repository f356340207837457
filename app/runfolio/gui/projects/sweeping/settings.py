"""How a sweep searches, what it is judged by, and when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QCompleter, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from runfolio.core.direction import lower_is_better
from runfolio.core.projects.parameters import is_float
from runfolio.core.sweeps.falling_behind import METHODS
from runfolio.core.sweeps.judging import MAXIMIZE, MINIMIZE
from runfolio.core.sweeps.records import Method, Pruning, StopRules, Sweep
from runfolio.core.sweeps.spec import BEST, LAST
from runfolio.gui.chrome.labels import plain_label
from runfolio.gui.chrome.wheel import still_combo
from runfolio.gui.projects.form.options import LONGEST, number, whole
from runfolio.gui.projects.form.parameters import NAME_LETTERS
from runfolio.gui.projects.sweeping.typed import plain

METHOD_TITLES = {
    Method.GRID: "Grid: all combinations",
    Method.RANDOM: "Random",
    Method.LATIN_HYPERCUBE: "Latin hypercube: random, but even",
    Method.TPE: "TPE: goes on where it was good",
}
GOALS = {MINIMIZE: "the less the better", MAXIMIZE: "the more the better"}
TAKES = {LAST: "its last value", BEST: "its best value"}
MOST = 100_000


class SweepSettings(QWidget):
    """All of a sweep but its parameters.

    Attributes:
        judge, goal, take, method, trials, parallel, seed: the fields.
        target, patience, failures, time: when it is over.
        pruning, warmup_steps, warmup_trials: when trials are ended that will not be among the best.

    Signals:
        changed(): one of them is another.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.judge = QLineEdit(placeholderText="val_loss")
        self.goal, self.take = _choice("Goal", GOALS), _choice("Which value of the metric counts", TAKES)
        self.method = _choice("How values are chosen", METHOD_TITLES)
        self.trials = whole("How many trials", MOST, " trials", "All of the grid")
        self.parallel = whole("How many at one time", 1024, " at a time")
        self.seed = whole("Seed of what is drawn", 2**31 - 1)
        self.target = QLineEdit(placeholderText="No target")
        self.patience = whole("Stop after so many trials in a row that were no better", MOST, " trials", "No patience")
        self.failures = whole("Stop after so many failures", MOST, " failures", "However many fail")
        self.time = number("Stop after so many minutes", LONGEST, " min", "No time limit")
        self.pruning = _choice("Which trials are ended early", {"": "None", **{one: one.title() for one in METHODS}})
        self.warmup_steps = whole("Steps of a trial that are waited for", MOST, " steps", "No warm-up")
        self.warmup_trials = whole("Trials that are run whole first", MOST, " trials", "No whole trials")
        self._place()
        self._connect()
        self.fill(Sweep((), ""))

    def fill(self, sweep: Sweep) -> None:
        """Show a sweep."""
        self.judge.setText(sweep.metric)
        for box, value in (
            (self.goal, sweep.goal),
            (self.take, sweep.take),
            (self.method, sweep.method),
            (self.pruning, sweep.pruning.method),
        ):
            box.setCurrentIndex(box.findData(value))
        self.trials.setValue(sweep.trials)
        self.parallel.setValue(sweep.parallel)
        self.seed.setValue(sweep.seed)
        self.target.setText("" if sweep.stop.target is None else plain(sweep.stop.target))
        self.patience.setValue(sweep.stop.patience)
        self.failures.setValue(sweep.stop.failures)
        self.time.setValue(sweep.stop.seconds / 60)
        self.warmup_steps.setValue(sweep.pruning.warmup_steps)
        self.warmup_trials.setValue(sweep.pruning.warmup_trials)
        self._show_pruning()

    def filled(self, start: Sweep) -> Sweep:
        """A sweep with what is filled in; what has no field here stays as it is."""
        target = self.target.text().strip()
        stop = StopRules(
            seconds=round(self.time.value() * 60, 1),
            target=float(target) if is_float(target) else None,
            patience=self.patience.value(),
            failures=self.failures.value(),
        )
        pruning = Pruning(
            str(self.pruning.currentData()),
            self.warmup_steps.value(),
            self.warmup_trials.value(),
            start.pruning.percentile,
        )
        return replace(
            start,
            metric=self.judge.text().strip(),
            goal=str(self.goal.currentData()),
            take=str(self.take.currentData()),
            method=Method(self.method.currentData()),
            trials=self.trials.value(),
            parallel=max(self.parallel.value(), 1),
            seed=self.seed.value(),
            stop=stop,
            pruning=pruning,
        )

    @property
    def problem(self) -> str:
        """What is wrong with what is typed; empty if nothing is."""
        target = self.target.text().strip()
        if not self.judge.text().strip():
            return "A sweep needs a metric that its trials are judged by."
        return f"The target is a number, not {target!r}." if target and not is_float(target) else ""

    def offer_metrics(self, names: Sequence[str]) -> None:
        """What may be typed as a metric."""
        completer = QCompleter(list(names), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.judge.setCompleter(completer)

    def _place(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        self.parallel.setMinimum(1)
        self.judge.setAccessibleName("Metric that trials are judged by")
        self.target.setAccessibleName("Stop once the metric is as good as this")
        self.target.setMaximumWidth(self.fontMetrics().averageCharWidth() * 16)
        lines: tuple[tuple[str, tuple[QWidget, ...]], ...] = (
            ("Metric", (self.judge, self.goal, self.take)),
            ("Method", (self.method, self.trials)),
            ("At work", (self.parallel, plain_label("seed"), self.seed)),
            ("Stop at", (self.target, self.patience)),
            ("or after", (self.time, self.failures)),
            ("Ending early", (self.pruning, self.warmup_steps, self.warmup_trials)),
        )
        for at, (title, widgets) in enumerate(lines):
            label = plain_label(title)
            label.setBuddy(widgets[0])
            label.setMinimumWidth(self.fontMetrics().averageCharWidth() * NAME_LETTERS)
            row = QHBoxLayout()
            row.setSpacing(8)
            for widget in widgets:
                row.addWidget(widget, 1 if widget is self.judge else 0)
            if widgets[0] is not self.judge:
                row.addStretch()
            grid.addWidget(label, at, 0)
            grid.addLayout(row, at, 1)
        self.setFocusProxy(self.judge)

    def _connect(self) -> None:
        for line in (self.judge, self.target):
            line.textChanged.connect(self.changed)
        self.judge.editingFinished.connect(self._guess_goal)
        for box in (self.goal, self.take, self.method, self.pruning):
            box.currentIndexChanged.connect(self.changed)
        numbers = (self.trials, self.parallel, self.seed, self.patience, self.failures)
        for field in (*numbers, self.time, self.warmup_steps, self.warmup_trials):
            field.valueChanged.connect(self.changed)
        self.pruning.currentIndexChanged.connect(self._show_pruning)

    @Slot()
    def _show_pruning(self) -> None:
        """What is waited for has a meaning only where trials are ended."""
        for box in (self.warmup_steps, self.warmup_trials):
            box.setEnabled(bool(self.pruning.currentData()))

    @Slot()
    def _guess_goal(self) -> None:
        """As the metric's name says it, which a user may know better."""
        if self.judge.isModified() and self.judge.text().strip():
            self.judge.setModified(False)
            goal = MINIMIZE if lower_is_better(self.judge.text().strip()) else MAXIMIZE
            self.goal.setCurrentIndex(self.goal.findData(goal))


def _choice(name: str, titles: dict[Method, str] | dict[str, str]) -> QComboBox:
    box = still_combo()
    for value, title in titles.items():
        box.addItem(title, value)
    box.setAccessibleName(name)
    box.setToolTip(name)
    return box
