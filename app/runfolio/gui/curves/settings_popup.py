"""What is set for a chart or a section otherwise than around it: a line for each setting but the ends of axes."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from itertools import count
from typing import Protocol

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QPushButton, QWidget

from runfolio.core.chart_page import Setting, Settings
from runfolio.gui.chrome.labels import plain_label
from runfolio.gui.columns.popup import Popup
from runfolio.gui.curves.cascade import OVERRIDABLE, Overridable, set_names
from runfolio.gui.curves.options import CHOICES, ENDS, Options
from runfolio.gui.undo import NO_BURST

# Those of other parts are above 0.
_bursts = count(NO_BURST - 1, -1)


# Beside the text of a spin box, in pixels.
BUTTONS, MARGIN = 52, 4


class Keep(Protocol):
    """Sets something in the view; of one burst all is one step of undo."""

    def __call__(self, name: str, value: Setting, burst: int) -> None:
        """Do so."""


class SettingsPopup(Popup):
    """Each setting is as around the chart or section, or its own.

    Args:
        around: the options that count where nothing is set.
        where: what these belong to, in a word.
        settings: what is set now.
        keep: sets one.
        inherit: has some be as around again.
    """

    def __init__(
        self,
        title: str,
        around: Options,
        where: str,
        settings: Settings,
        keep: Keep,
        inherit: Callable[[list[str]], None],
        parent: QWidget,
    ) -> None:
        super().__init__(title, parent)
        self._keep, self._inherit = keep, inherit
        own = dict(settings)
        for name, about in ((name, about) for name, about in OVERRIDABLE.items() if name not in ENDS):
            usual = getattr(around, name)
            control = self._spin if isinstance(usual, float) else self._box
            self._add(about.title, control(name, about, usual, own.get(name), where))
        reset = QPushButton(f"Reset to the {where}'s")
        reset.setAutoDefault(False)
        reset.setEnabled(bool(set_names(settings)))
        reset.clicked.connect(self._on_reset)
        self.add_buttons(reset)

    def _add(self, title: str, control: QWidget) -> None:
        control.setAccessibleName(title)
        self.add_row(plain_label(title), control).setStretch(1, 1)

    def _box(self, name: str, _about: Overridable, usual: Setting, own: Setting, where: str) -> QComboBox:
        box = QComboBox()
        values: list[object] = [True, False] if isinstance(usual, bool) else list(CHOICES[name])
        box.addItem(f"As the {where}: {_told(usual)}", None)
        for value in values:
            box.addItem(_told(value).capitalize(), value)
        box.setCurrentIndex(values.index(own) + 1 if own in values else 0)
        box.activated.connect(lambda _: self._set(name, box.currentData(), next(_bursts)))
        return box

    def _spin(self, name: str, about: Overridable, usual: float, own: Setting, where: str) -> QDoubleSpinBox:
        """The least value of all stands for that of what is around."""
        spin, burst = QDoubleSpinBox(), next(_bursts)
        spin.setRange(-about.step, about.most)
        spin.setSingleStep(about.step)
        spin.setSpecialValueText(f"As the {where}: {usual:.2f}")
        text = spin.fontMetrics().horizontalAdvance(spin.specialValueText())
        spin.lineEdit().setTextMargins(MARGIN, 0, 0, 0)
        spin.setMinimumWidth(text + BUTTONS)
        spin.setValue(own if isinstance(own, int | float) else -about.step)
        spin.valueChanged.connect(lambda value: self._set(name, value if value >= 0 else None, burst))
        return spin

    def _set(self, name: str, value: Setting, burst: int) -> None:
        if value is None:
            self._inherit([name])
        else:
            self._keep(name, str(value) if isinstance(value, StrEnum) else value, burst)

    def _on_reset(self) -> None:
        self._inherit(list(OVERRIDABLE))
        self.close()


def _told(value: object) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else str(value)


def open_settings(popup: SettingsPopup, at: QPoint) -> None:
    """Show it at a place of the screen."""
    popup.open_at(at)
    popup.setFocus()
