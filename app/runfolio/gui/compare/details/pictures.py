"""Pictures of runs with what the user chooses about them: how they are compared, how far, and at which step."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSlider, QVBoxLayout, QWidget

from runfolio.gui.chrome.labels import muted
from runfolio.gui.compare.details.asked import Asked, DetailView
from runfolio.gui.compare.details.picture_pair import Mode, PicturePair, Pictures
from runfolio.gui.compare.details.seen_part import WHOLE
from runfolio.gui.inspector.text_model import one_line
from runfolio.gui.session import Session

PARTS = 100


class PictureDetail(DetailView[Pictures]):
    """Shows what was read of pictures.

    Attributes:
        pair: the pictures.
        mode, share, steps: the controls: how they are compared, how far, at which step of the series.
    """

    beside = True

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found = Pictures(())
        self.pair = PicturePair(session.theme)
        self.mode = QComboBox()
        self.share, self.steps = QSlider(Qt.Orientation.Horizontal), QSlider(Qt.Orientation.Horizontal)
        self._step = muted()
        self._place()
        self.mode.currentIndexChanged.connect(self._on_mode)
        self.share.valueChanged.connect(self._on_mode)
        self.steps.valueChanged.connect(self._on_step)
        session.theme.theme_changed.connect(self.pair.update)
        self.pair.swiped.connect(lambda share: self.share.setValue(round(share * PARTS)))

    def _place(self) -> None:
        for mode in Mode:
            self.mode.addItem(mode)
        self.mode.setAccessibleName("How pictures are compared")
        self.share.setRange(0, PARTS)
        self.share.setValue(PARTS // 2)
        self.share.setAccessibleName("How much of the second picture is seen")
        self.share.setMaximumWidth(180)
        self.share.hide()
        self.steps.setAccessibleName("Step of the pictures")
        self.steps.setPageStep(1)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.mode)
        row.addWidget(self.share, 1)
        row.addWidget(self._step)
        row.addWidget(self.steps, 2)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self.pair)

    def opening(self, asked: Asked, other_row: bool) -> Asked:
        """Of other pictures, all is seen at first."""
        if other_row:
            self.pair.see(WHOLE)
        return asked

    def show_detail(self, found: Pictures, _asked: Asked, names: Sequence[str]) -> tuple[bool, str]:
        """Show the pictures of runs with these names."""
        self._found = found
        first, *others = map(one_line, names)
        self.pair.show_pictures(found, found.titled([f"{first} (baseline)", *others]))
        series = len(found.steps) > 1
        self.steps.setVisible(series)
        self._step.setVisible(found.step is not None)
        self._step.setText("" if found.step is None else f"step {found.step:,}")
        if series and found.step is not None:
            self.steps.blockSignals(True)
            self.steps.setRange(0, len(found.steps) - 1)
            self.steps.setValue(found.steps.index(found.step))
            self.steps.blockSignals(False)
        self._on_mode()
        return True, ""

    @Slot()
    def _on_mode(self) -> None:
        mode = Mode(self.mode.currentText())
        self.mode.setEnabled(None not in self._found.pair)
        self.share.setVisible(mode in (Mode.SWIPE, Mode.ONION) and self.mode.isEnabled())
        self.pair.set_mode(mode, self.share.value() / PARTS)

    @Slot(int)
    def _on_step(self, place: int) -> None:
        if place < len(self._found.steps):
            self.wanted.emit({"step": self._found.steps[place]})
