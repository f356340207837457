"""What a run has beside its parameters: its experiment and name, the version, the environment, limits and needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCompleter,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from runfolio.core import rules
from runfolio.core.errors import InvalidValue
from runfolio.core.projects.request import EnvManager, Needs, RunRequest
from runfolio.core.states import DEFAULT_EXPERIMENT
from runfolio.gui.chrome.labels import Trouble, plain_label
from runfolio.gui.chrome.wheel import only_with_keyboard
from runfolio.gui.projects.environments import Told
from runfolio.gui.projects.form.environment import EnvironmentLine
from runfolio.gui.projects.form.parameters import NAME_LETTERS

#: A week, in minutes; more than anybody waits.
LONGEST = 7 * 24 * 60.0
#: The style sheet's padding is not given to the text in such a field.
INSET = (8, 0, 0, 0)
MOST_CPU, MOST_MEMORY, MOST_GPU, MOST_RETRIES = 1024, 65_536, 64, 100


def number(name: str, most: float, suffix: str = "", none: str = "") -> QDoubleSpinBox:
    """A field for a number on a page that scrolls; `none` is what 0 means."""
    field = QDoubleSpinBox(maximum=most, suffix=suffix, decimals=1)
    _set_up(field, name, none)
    return field


def whole(name: str, most: int, suffix: str = "", none: str = "") -> QSpinBox:
    """The same for whole numbers."""
    field = QSpinBox(maximum=most, suffix=suffix)
    _set_up(field, name, none)
    return field


def _set_up(field: QAbstractSpinBox, name: str, none: str) -> None:
    only_with_keyboard(field)
    field.setSpecialValueText(none)
    field.lineEdit().setTextMargins(*INSET)
    field.setAccessibleName(name)
    field.setToolTip(name)


class RunOptions(QWidget):
    """The part of a request that every entry point has.

    Attributes:
        experiment, run_name, version, environment, timeout, retries, cpu, memory, gpu: the fields.

    Signals:
        changed(): one of them is another.
        version_changed(str): another version of the project is wanted.
    """

    changed = Signal()
    version_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.experiment = QLineEdit(placeholderText=DEFAULT_EXPERIMENT)
        self.run_name = QLineEdit(placeholderText="A name of two words and a number")
        self.version = QLineEdit(placeholderText="What is there now; or a branch, a tag or a commit")
        self.environment = EnvironmentLine()
        self.timeout = number("Time limit in minutes", LONGEST, " min", "No time limit")
        self.retries = whole("How often it is tried again when it fails", MOST_RETRIES, " retries", "No retries")
        self.cpu = number("Processors it needs", MOST_CPU, " CPU")
        self.memory = number("Gigabytes of memory it needs", MOST_MEMORY, " GB", "Any memory")
        self.gpu = whole("Graphics cards it needs", MOST_GPU, " GPU", "No GPU")
        self._trouble = Trouble(self)
        self._left: dict[QWidget, QWidget] = {}
        self._place()
        self._connect()
        self.fill(RunRequest(""))

    def request(self, start: RunRequest) -> RunRequest:
        """A request with what is filled in."""
        return replace(
            start,
            version=self.version.text().strip(),
            experiment=self.experiment.text().strip(),
            run_name=self.run_name.text().strip(),
            env_manager=self.environment.manager,
            timeout=round(self.timeout.value() * 60, 1),
            retries=self.retries.value(),
            needs=Needs(self.cpu.value(), self.memory.value(), self.gpu.value()),
        )

    def fill(self, request: RunRequest) -> None:
        """Show a request."""
        self.version.setText(request.version)
        self.experiment.setText(request.experiment)
        self.run_name.setText(request.run_name)
        self.environment.set_manager(request.env_manager)
        self.timeout.setValue(request.timeout / 60)
        self.retries.setValue(request.retries)
        self.cpu.setValue(request.needs.cpu)
        self.memory.setValue(request.needs.memory_gb)
        self.gpu.setValue(request.needs.gpu)

    @property
    def problem(self) -> str:
        """What is wrong with the experiment's name; empty if nothing is."""
        try:
            if name := self.experiment.text().strip():
                rules.experiment_name(name)
        except InvalidValue as error:
            return error.message
        return ""

    def offer_experiments(self, names: Sequence[str]) -> None:
        """What may be typed as an experiment."""
        completer = QCompleter(list(names), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.experiment.setCompleter(completer)

    def show_environments(self, known: Mapping[EnvManager, Told]) -> None:
        """Tell how the environment is."""
        self.environment.show_status(known)

    def show_version(self, shown: bool) -> None:
        """Have a version chosen, or not, where the project has none."""
        self.version.setVisible(shown)
        self._left[self.version].setVisible(shown)

    def _place(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        limits, needs = QHBoxLayout(), QHBoxLayout()
        for row, widgets in ((limits, (self.timeout, self.retries)), (needs, (self.cpu, self.memory, self.gpu))):
            row.setSpacing(8)
            for widget in widgets:
                row.addWidget(widget)
            row.addStretch()
        lines: tuple[tuple[str, QWidget, QWidget | QHBoxLayout], ...] = (
            ("Experiment", self.experiment, self.experiment),
            ("Run name", self.run_name, self.run_name),
            ("Version", self.version, self.version),
            ("Environment", self.environment, self.environment),
            ("Limits", self.timeout, limits),
            ("Needs", self.cpu, needs),
        )
        for title, first, content in lines:
            self._add(grid, title, first, content)
        grid.addWidget(self._trouble, grid.rowCount(), 1)

    def _add(self, grid: QGridLayout, title: str, first: QWidget, content: QWidget | QHBoxLayout) -> None:
        label, at = plain_label(title), grid.rowCount()
        label.setBuddy(first)
        label.setContentsMargins(0, 5, 0, 0)
        label.setMinimumWidth(self.fontMetrics().averageCharWidth() * NAME_LETTERS)
        if isinstance(first, QLineEdit):
            first.setAccessibleName(title)
        self._left[first] = label
        grid.addWidget(label, at, 0, Qt.AlignmentFlag.AlignTop)
        if isinstance(content, QWidget):
            grid.addWidget(content, at, 1)
        else:
            grid.addLayout(content, at, 1)

    def _connect(self) -> None:
        for line in (self.experiment, self.run_name, self.version):
            line.textChanged.connect(self.changed)
        self.experiment.textChanged.connect(lambda: self._trouble.tell(self.problem))
        self.version.editingFinished.connect(self._on_version)
        self.environment.changed.connect(self.changed)
        for box in (self.timeout, self.retries, self.cpu, self.memory, self.gpu):
            box.valueChanged.connect(self.changed)

    def _on_version(self) -> None:
        if self.version.isModified():
            self.version.setModified(False)
            self.version_changed.emit(self.version.text().strip())
