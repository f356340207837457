"""Notebooks: cells and what they have put out, as they were saved; nothing is run."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QSizePolicy, QTextEdit, QVBoxLayout, QWidget

from runfolio.core.errors import CannotShow
from runfolio.gui.chrome.labels import fixed_font, muted, plain_label
from runfolio.gui.inspector.code_view import CodeView
from runfolio.gui.inspector.highlight import CODE_ROLES, plain_html
from runfolio.gui.inspector.highlight_questions import AskHtml
from runfolio.gui.inspector.note import MOST_LETTERS, Note
from runfolio.gui.session import Session
from runfolio.gui.viewers.aside import ask_aside
from runfolio.gui.viewers.markdown_questions import DEEPEST
from runfolio.gui.viewers.viewer import ViewedFile, Viewer
from runfolio.previews.inner_pictures import InnerPicture
from runfolio.previews.notebook import AskNotebook, AskNotebookCells, NotebookCell, NotebookFacts, Output

#: Cells are asked for, and shown, so many at a time.
PART = 20
MOST_LINES = 40


class NotebookViewer(Viewer):
    """A notebook.

    Attributes:
        cells: the column of its cells.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._facts: NotebookFacts | None = None
        self._shown: list[NotebookCell] = []
        self._codes: dict[int, QTextEdit] = {}  # by the number of their cell
        self.area, self.cells = QScrollArea(), QVBoxLayout()
        self.more = QPushButton("Show More Cells")
        self.more.clicked.connect(self._ask)
        self.more.hide()
        inner = QWidget()
        outer = QVBoxLayout(inner)
        outer.setContentsMargins(0, 0, 8, 0)
        outer.setSpacing(10)
        self.cells.setSpacing(10)
        outer.addLayout(self.cells)
        outer.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        outer.addStretch(1)
        self.area.setWidget(inner)
        self.area.setWidgetResizable(True)
        self.area.setAccessibleName("Cells of the notebook")
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.area)
        self.setFocusProxy(self.area)
        session.theme.theme_changed.connect(self._recolor)

    def show_file(self, file: ViewedFile) -> None:
        """Ask for the first cells."""
        self._facts, self._shown = None, []
        self._clear()
        self.more.hide()
        self.ask(AskNotebook(str(file.file)), self._on_facts, "facts")

    def _on_facts(self, facts: NotebookFacts) -> None:
        self._facts = facts
        cells = f"{facts.cells:,} cell{'' if facts.cells == 1 else 's'}"
        self.told.emit(" · ".join(filter(None, [cells, facts.kernel or facts.language])))
        self._ask()

    @Slot()
    def _ask(self) -> None:
        if self.file is not None:
            self.ask(AskNotebookCells(str(self.file.file), len(self._shown), PART), self._on_cells, "cells")

    def _on_cells(self, cells: tuple[NotebookCell, ...]) -> None:
        assert self._facts is not None
        for cell in cells:
            self._shown.append(cell)
            self.cells.addWidget(self._card(cell, len(self._shown)))
        self.more.setVisible(len(self._shown) < self._facts.cells)

    @Slot()
    def _recolor(self) -> None:
        """Code has the colours of the theme in it."""
        if self.file is not None and self._shown:
            self._clear()
            for number, cell in enumerate(self._shown, 1):
                self.cells.addWidget(self._card(cell, number))

    def _clear(self) -> None:
        self._codes.clear()
        while (item := self.cells.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    # One cell

    def _card(self, cell: NotebookCell, number: int) -> QWidget:
        card = QFrame()
        card.setProperty("role", "card")
        layout = QVBoxLayout(card)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(6)
        count = f" [{cell.count}]" if cell.count else ""
        layout.addWidget(muted(f"{number} · {cell.kind}{count}"))
        if cell.source.strip():
            layout.addWidget(self._source(cell, number))
        for output in cell.outputs:
            layout.addWidget(self._output(output, number))
        return card

    def _source(self, cell: NotebookCell, number: int) -> QWidget:
        if cell.kind != "code":
            if cell.kind == "markdown" and not too_deep(cell.source):
                note = Note()
                note.setAccessibleName(f"Text of cell {number}")
                note.setMinimumWidth(1)
                note.set_markdown(cell.source)
                return note
            label = plain_label(cell.source)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setMinimumWidth(1)
            return label
        colors = {role: self.session.theme.color(role).name() for role in CODE_ROLES}
        language = self._facts.language if self._facts is not None else "python"
        ending = {"python": "py", "r": "r", "julia": "jl"}.get(language.lower(), "py")
        text = QTextEdit()
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        text.setLineWrapMode(QTextEdit.LineWrapMode.NoWrap)
        text.document().setDefaultFont(fixed_font(self.font()))
        text.setHtml(plain_html(cell.source))
        self._codes[number] = text
        question = AskHtml(f"cell.{ending}", cell.source, tuple(colors.items()))
        ask_aside(self, question, partial(self._show_colors, number, text), f"colours {number}")
        text.setAccessibleName(f"Code of cell {number}")
        lines = min(cell.source.count("\n") + 1, MOST_LINES)
        text.setFixedHeight(text.fontMetrics().lineSpacing() * (lines + 1) + 22)
        return text

    def _show_colors(self, number: int, text: QTextEdit, html: str | CannotShow) -> None:
        """What takes too long stays plain; so does what another theme has replaced meanwhile."""
        if isinstance(html, str) and self._codes.get(number) is text:
            text.setHtml(html)

    def _output(self, output: Output, number: int) -> QWidget:
        if output.picture is not None:
            return Shown(_image(output.picture), f"Picture of cell {number}")
        view = CodeView(f"Output of cell {number}", MOST_LINES, wraps=True)
        view.show_text(output.text)
        if output.kind == "error":
            view.setStyleSheet(f"color: {self.session.theme.color('bad').name()}")
        return view


def _image(found: InnerPicture) -> QImage:
    """The pixels as Qt has them; a copy of its own."""
    return QImage(found.data, found.width, found.height, found.width * 4, QImage.Format.Format_RGBA8888).copy()


def too_deep(markdown: str) -> bool:
    """Whether a text could be nested so deeply, or is so long, that laying it out would take a while."""
    return len(markdown) > MOST_LETTERS or any(
        len(line) - len(line.lstrip(" \t>-*+0123456789.)")) > DEEPEST for line in markdown.splitlines()
    )


class Shown(QWidget):
    """A picture in its own size, or as wide as there is room."""

    def __init__(self, image: QImage, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = image
        self.setAccessibleName(title)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """Its own."""
        return self._image.size()

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(40, 10)

    def hasHeightForWidth(self) -> bool:
        """The height follows the picture's shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Of the picture in so much width."""
        return self._fitted(width).height()

    def _fitted(self, width: int) -> QSize:
        size = self._image.size()
        return size if size.width() <= width else size.scaled(width, 10**6, Qt.AspectRatioMode.KeepAspectRatio)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRect(QPoint(0, 0), self._fitted(self.width())), self._image)
