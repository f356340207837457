"""Which two dimensions of an array are looked at, and at which places of the others."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSpinBox, QWidget

from runfolio.gui.chrome.labels import muted

MOST = 2**31 - 1


class AxesRow(QWidget):
    """There while there is something to choose.

    Attributes:
        down, across: the dimensions; `down` is -1 for an array of one.
        places: of every dimension.

    Signals:
        changed(): another plane is wanted.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape: tuple[int, ...] = ()
        self._single = False
        self.rows, self.columns = QComboBox(), QComboBox()
        self.rows.setAccessibleName("Dimension downwards")
        self.columns.setAccessibleName("Dimension to the right")
        self._rows_label, self._columns_label = muted("rows"), muted("columns")
        self._spins: list[tuple[QLabel, QSpinBox]] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        for widget in (self._rows_label, self.rows, self._columns_label, self.columns):
            self._row.addWidget(widget)
        self._row.addStretch(1)
        self.rows.currentIndexChanged.connect(self._on_rows)
        self.columns.currentIndexChanged.connect(self._on_columns)

    @property
    def down(self) -> int:
        return self.rows.currentIndex() if len(self._shape) > 1 else -1

    @property
    def across(self) -> int:
        return self.columns.currentIndex() if len(self._shape) > 1 else 0

    @property
    def places(self) -> tuple[int, ...]:
        return tuple(spin.value() for _, spin in self._spins)

    def begin(self, shape: tuple[int, ...]) -> None:
        """Choose of another array: at first its last two dimensions, at the first place of the others."""
        self._shape = shape
        with QSignalBlocker(self.rows), QSignalBlocker(self.columns):
            for box, place in ((self.rows, len(shape) - 2), (self.columns, len(shape) - 1)):
                box.clear()
                box.addItems([f"{number}: {size:,}" for number, size in enumerate(shape)])
                box.setCurrentIndex(max(place, 0))
                box.setMinimumWidth(box.sizeHint().width())  # what it says is not cut off
        for label, spin in self._spins:
            for widget in (label, spin):
                self._row.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
        self._spins = [self._spin(number, size) for number, size in enumerate(shape)]
        self._arrange()

    def set_single(self, single: bool) -> None:
        """Whether only one dimension is looked at."""
        self._single = single
        self._arrange()

    def _spin(self, number: int, size: int) -> tuple[QLabel, QSpinBox]:
        label, spin = muted(f"{number}:"), QSpinBox()
        spin.setRange(0, max(min(size, MOST) - 1, 0))
        spin.setWrapping(True)
        spin.setAccessibleName(f"Place of dimension {number}")
        spin.setToolTip(f"Of {size:,}")
        spin.valueChanged.connect(self.changed)
        for widget in (label, spin):
            self._row.insertWidget(self._row.count() - 1, widget)
        return label, spin

    def _arrange(self) -> None:
        several = len(self._shape) > 1
        for widget in (self._columns_label, self.columns):
            widget.setVisible(several)
        for widget in (self._rows_label, self.rows):
            widget.setVisible(several and not self._single)
        self._columns_label.setText("along" if self._single else "columns")
        for number, (label, spin) in enumerate(self._spins):
            shown = several and number != self.across and (self._single or number != self.down)
            label.setVisible(shown)
            spin.setVisible(shown)
        self.setVisible(several)

    @Slot()
    def _on_rows(self) -> None:
        self._apart(self.columns, self.rows.currentIndex())

    @Slot()
    def _on_columns(self) -> None:
        self._apart(self.rows, self.columns.currentIndex())

    def _apart(self, other: QComboBox, taken: int) -> None:
        """The two are never the same."""
        if other.currentIndex() == taken and other.count() > 1:
            with QSignalBlocker(other):
                other.setCurrentIndex(next(place for place in range(other.count()) if place != taken))
        self._arrange()
        self.changed.emit()
