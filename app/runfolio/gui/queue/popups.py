"""Small dialogs of the page: what jobs may hold together, and what a job holds."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QPushButton, QSpinBox, QWidget

from runfolio.core.projects.request import Needs
from runfolio.core.queue.records import Slots
from runfolio.gui.chrome.labels import muted, plain_label
from runfolio.gui.columns.popup import Popup

MOST_JOBS, MOST_CPU, MOST_GB, MOST_GPU = 1_000, 4_096.0, 65_536.0, 1_024
NO_LIMIT = "no limit"


class SlotsPopup(Popup):
    """Calls `choose` with what is chosen, when Enter is pressed or Set is clicked.

    Attributes:
        jobs, cpu, memory, gpu: the fields.
    """

    def __init__(self, slots: Slots, choose: Callable[[Slots], None], parent: QWidget) -> None:
        super().__init__("What jobs may hold at one time", parent)
        self._choose = choose
        self.jobs = _whole(1, MOST_JOBS, slots.jobs)
        self.cpu, self.memory = _number(MOST_CPU, slots.cpu), _number(MOST_GB, slots.memory_gb, " GB")
        self.gpu = _whole(0, MOST_GPU, slots.gpu)
        for field in (self.cpu, self.memory):
            field.setSpecialValueText(NO_LIMIT)
        self.gpu.setSpecialValueText("none")
        _add_rows(self, {"Jobs": self.jobs, "Processors": self.cpu, "Memory": self.memory, "Graphics cards": self.gpu})
        self.body.addWidget(_note("Jobs at work go on when there is room for fewer."))
        _add_set(self)

    @Slot()
    def accept(self) -> None:
        """Have it as the fields say."""
        chosen = Slots(self.jobs.value(), self.cpu.value(), self.memory.value(), self.gpu.value())
        super().accept()
        self._choose(chosen)


class NeedsPopup(Popup):
    """The same for what one job holds while it runs."""

    def __init__(self, title: str, needs: Needs, choose: Callable[[Needs], None], parent: QWidget) -> None:
        super().__init__(title, parent)
        self._choose = choose
        self.cpu, self.memory = _number(MOST_CPU, needs.cpu), _number(MOST_GB, needs.memory_gb, " GB")
        self.gpu = _whole(0, MOST_GPU, needs.gpu)
        _add_rows(self, {"Processors": self.cpu, "Memory": self.memory, "Graphics cards": self.gpu})
        _add_set(self)

    @Slot()
    def accept(self) -> None:
        """Have it as the fields say."""
        chosen = Needs(self.cpu.value(), self.memory.value(), self.gpu.value())
        super().accept()
        self._choose(chosen)


def _whole(least: int, most: int, value: int) -> QSpinBox:
    field = QSpinBox(minimum=least, maximum=most)
    field.setValue(value)
    return field


def _number(most: float, value: float, suffix: str = "") -> QDoubleSpinBox:
    field = QDoubleSpinBox(minimum=0.0, maximum=most, decimals=1, suffix=suffix)
    field.setStepType(QAbstractSpinBox.StepType.DefaultStepType)
    field.setValue(value)
    return field


def _add_rows(popup: Popup, fields: dict[str, QSpinBox | QDoubleSpinBox]) -> None:
    for title, field in fields.items():
        field.setAccessibleName(title)
        field.setMinimumWidth(popup.fontMetrics().averageCharWidth() * 18)
        popup.add_row(plain_label(title), field)


def _note(text: str) -> QWidget:
    label = muted(text)
    label.setWordWrap(True)
    return label


def _add_set(popup: Popup) -> None:
    done = QPushButton("Set")
    done.setProperty("kind", "primary")
    done.setDefault(True)
    done.clicked.connect(popup.accept)
    popup.add_buttons(done)
