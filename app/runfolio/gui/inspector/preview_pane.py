"""Shows a preview: a picture as large as there is room, a text with its colours, and a line of words below."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QTextEdit, QVBoxLayout, QWidget

from runfolio.gui.chrome.labels import fixed_font, muted, tool_tip
from runfolio.gui.inspector.preview import Preview
from runfolio.gui.theme import Theme

CHECKER = 8
MOST_LETTERS = 36
TEXT_LINES = 14


class Picture(QWidget):
    """An image scaled to the width, never above its own size but for tiny ones; see-through parts show a checker."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._image = QImage()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_image(self, image: QImage, name: str) -> None:
        """Show a picture; `name` is for assistive tools."""
        self._image = image
        self.setAccessibleName(f"Picture {name}")
        self.updateGeometry()
        self.update()

    def _scaled(self, width: int) -> QSize:
        size = self._image.size()
        if size.isEmpty():
            return QSize(0, 0)
        # Matrices of a few pixels are enlarged, photographs are not blown up.
        enlarged = max(1, min(width, 160) // max(size.width(), 1))
        return (size * enlarged).scaled(min(width, size.width() * enlarged), 4096, Qt.AspectRatioMode.KeepAspectRatio)

    def hasHeightForWidth(self) -> bool:
        """The height follows the picture's shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The scaled picture's height."""
        return self._scaled(width).height()

    def sizeHint(self) -> QSize:
        """At a usual width."""
        return self._scaled(300)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture."""
        if self._image.isNull():
            return
        painter = QPainter(self)
        area = QRect(0, 0, self._scaled(self.width()).width(), self._scaled(self.width()).height())
        if self._image.hasAlphaChannel():
            paint_checker(painter, area, self._theme.color("raised"), self._theme.color("line"))
        smooth = area.width() < self._image.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(area, self._image)


def paint_checker(painter: QPainter, area: QRect, light: QColor, dark: QColor) -> None:
    """What is seen behind a picture that is not opaque."""
    painter.fillRect(area, light)
    for top in range(0, area.height(), CHECKER):
        for left in range(top // CHECKER % 2 * CHECKER, area.width(), 2 * CHECKER):
            painter.fillRect(QRect(left, top, CHECKER, CHECKER).intersected(area), dark)


class PreviewPane(QWidget):
    """One preview at a time, or nothing."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = Picture(theme, self)
        self.text = QTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QTextEdit.LineWrapMode.NoWrap)
        self.text.document().setDefaultFont(fixed_font(self.font()))
        self.text.setFixedHeight(self.fontMetrics().lineSpacing() * TEXT_LINES)
        self.note = muted()
        self.note.setWordWrap(True)
        self.note.setMinimumWidth(1)  # one long word must not make the panel wider than the window
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for widget in (self.picture, self.text, self.note):
            layout.addWidget(widget)
        self.clear()

    def clear(self) -> None:
        """Show nothing."""
        for widget in (self.picture, self.text, self.note):
            widget.hide()

    def show_preview(self, preview: Preview) -> None:
        """Show what was read of a file."""
        self.picture.setVisible(preview.image is not None)
        if preview.image is not None:
            self.picture.set_image(preview.image, preview.path)
        self.text.setVisible(bool(preview.html))
        if preview.html:
            self.text.setAccessibleName(f"Text of {preview.path}")
            self._set_html(preview.html)
        note = preview.note
        if preview.full_size is not None and not note:
            name = shortened(preview.path.rsplit("/", 1)[-1])
            note = f"{name} · {preview.full_size.width()} × {preview.full_size.height()}"
        self.note.setText(note)
        self.note.setToolTip(tool_tip(preview.path))
        self.note.setVisible(bool(note))

    def _set_html(self, html: str) -> None:
        """A text that grows while it is being read stays where it is."""
        down, across = self.text.verticalScrollBar().value(), self.text.horizontalScrollBar().value()
        self.text.setHtml(html)
        self.text.verticalScrollBar().setValue(down)
        self.text.horizontalScrollBar().setValue(across)


def shortened(name: str) -> str:
    """A name without its middle where it is long, as those are that `log_image` makes of key, step and time."""
    return name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 13]}…{name[-12:]}"
