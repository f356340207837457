"""The small dialog for where the axes of all charts begin and end; an empty field is as far as there is something."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from runfolio.core.numbers import exact
from runfolio.gui.chrome.labels import Trouble, muted
from runfolio.gui.columns.popup import Popup
from runfolio.gui.curves.options import ENDS, Options
from runfolio.gui.curves.x_axes import X_AXES

TITLES = {"x_low": "x from", "x_high": "to", "y_low": "y from", "y_high": "to"}
NAMES = {"x_low": "Least x", "x_high": "Greatest x", "y_low": "Least y", "y_high": "Greatest y"}


class RangesPopup(Popup):
    """Calls `choose` with the options as the fields say, when Enter is pressed or Set is clicked.

    Attributes:
        fields: by the names of the options.
        trouble: what is wrong.
    """

    def __init__(self, options: Options, choose: Callable[[Options], None], parent: QWidget) -> None:
        super().__init__("Axis ranges", parent)
        self._options, self._choose = options, choose
        self.fields: Mapping[str, QLineEdit] = {name: QLineEdit(placeholderText="automatic") for name in ENDS}
        self.trouble = Trouble(self)
        grid = QGridLayout()
        for place, (name, field) in enumerate(self.fields.items()):
            value: float | None = getattr(options, name)
            field.setText("" if value is None else exact(value))
            field.setAccessibleName(NAMES[name])
            field.setClearButtonEnabled(True)
            field.returnPressed.connect(self.accept)
            grid.addWidget(QLabel(TITLES[name]), place // 2, 2 * (place % 2))
            grid.addWidget(field, place // 2, 2 * (place % 2) + 1)
        self.body.addLayout(grid)
        x = X_AXES[options.x]
        for name in ("x_low", "x_high"):
            self.fields[name].setEnabled(x.number)
        if x.unit:
            self.body.addWidget(muted(f"x: {x.unit}"))
        self.body.addWidget(self.trouble)
        clear, done = QPushButton("Automatic"), QPushButton("Set")
        done.setProperty("kind", "primary")
        clear.clicked.connect(self._clear)
        done.clicked.connect(self.accept)
        self.add_buttons(clear, done)

    @Slot()
    def accept(self) -> None:
        """Have the axes as the fields say, if they make sense."""
        try:
            ends = {name: _number(field.text(), NAMES[name]) for name, field in self.fields.items()}
            for axis in ("x", "y"):
                low, high = ends[f"{axis}_low"], ends[f"{axis}_high"]
                if low is not None and high is not None and low >= high:
                    raise ValueError(f"The least {axis} must be below the greatest one.")
        except ValueError as error:
            self.trouble.tell(str(error))
            self.adjustSize()
            return
        self._choose(replace(self._options, **ends))  # type: ignore[arg-type]  # all of them are numbers or None
        super().accept()

    @Slot()
    def _clear(self) -> None:
        for field in self.fields.values():
            field.clear()
        self.accept()


def _number(text: str, name: str) -> float | None:
    """What a field says. Raises ValueError, with what is wrong."""
    given = text.strip().replace("\N{MINUS SIGN}", "-")
    if not given:
        return None
    try:
        value = float(given)
    except ValueError:
        raise ValueError(f"{name}: {given[:40]} is no number.") from None
    if not math.isfinite(value):
        raise ValueError(f"{name}: an axis ends at a finite number.")
    return value
