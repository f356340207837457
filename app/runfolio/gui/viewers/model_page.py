"""The page of a model's folder: flavors, signature, environment, safety, and the lines that load it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from runfolio.gui.chrome.snippet import copy_button
from runfolio.gui.icons import icon
from runfolio.gui.inspector.code_view import CodeView
from runfolio.gui.inspector.rows import TableRow, muted, plain
from runfolio.gui.inspector.section import Section, page
from runfolio.gui.inspector.text_table import TextTable
from runfolio.gui.session import Session
from runfolio.gui.viewers.model_address import elsewhere, uri_of
from runfolio.gui.viewers.model_questions import AskModel, ModelFacts, Rows
from runfolio.gui.viewers.model_safety import SafetyPart
from runfolio.gui.viewers.viewer import ViewedFile, Viewer

TITLES = ("About", "Flavors", "Inputs", "Outputs", "Params", "Environment", "Requirements")
#: More lines of code than any model needs, wrapped where there is little room.
MOST_LINES = 20


class ModelViewer(Viewer):
    """A model.

    Attributes:
        snippet: the lines that load it.
        copy, serve: the buttons below them.
        safety: whether it can run code.
        tables, sections: what is known of it, by the titles of `TITLES`.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.snippet = CodeView("Code that loads the model", MOST_LINES, wraps=True)
        self.safety = SafetyPart(session)
        self.tables = {title: TextTable(title, session.theme.color, tight=True) for title in TITLES}
        self.sections = {title: Section(title, table) for title, table in self.tables.items()}
        code = QWidget()
        lines = QVBoxLayout(code)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self.snippet)
        row = QHBoxLayout()
        self.copy = copy_button(self.snippet.toPlainText, "Copy the code that loads the model")
        self.serve = QPushButton(icon("serving", "muted"), "Serve…")
        self.serve.clicked.connect(self._on_serve)
        for button in (self.copy, self.serve):
            row.addWidget(button)
        row.addStretch()
        lines.addLayout(row)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(page([Section("Load it", code), Section("Safety", self.safety), *self.sections.values()]))
        session.theme.theme_changed.connect(self._on_theme)
        self.setFocusProxy(self.copy)

    def show_file(self, file: ViewedFile) -> None:
        """Read what is known, and the run's public id, by which scripts load it."""
        self.ask(AskModel(str(file.file)), self._show)
        self.safety.begin(self, file)

    def _show(self, facts: ModelFacts) -> None:
        assert self.file is not None
        for title, rows in zip(TITLES, _parts(facts), strict=True):
            self.tables[title].set_rows([_row(place, *row) for place, row in enumerate(rows)])
            self.sections[title].setVisible(bool(rows))
            self.sections[title].set_title(title, *([f"{len(rows):,}"] if title != "About" else []))
        uri = partial(uri_of, self.session.store, self.file)
        self.read(lambda _job: uri(), partial(self._show_snippet, facts), "uri")
        self.told.emit(", ".join(name for name, _ in facts.flavors))

    def _show_snippet(self, facts: ModelFacts, uri: str) -> None:
        self.snippet.show_text(snippet(facts, uri, elsewhere(self.session.store)))

    def _on_serve(self) -> None:
        if self.file is not None:
            uri = partial(uri_of, self.session.store, self.file)
            self.read(lambda _job: uri(), self.session.serving.serve_asked.emit, "serve")

    def _on_theme(self) -> None:
        for table in self.tables.values():
            table.recolor()


def _parts(facts: ModelFacts) -> Sequence[Rows]:
    needed = tuple((_name(line), line.removeprefix(_name(line)).strip()) for line in facts.requirements)
    return facts.about, facts.flavors, facts.inputs, facts.outputs, facts.params, facts.environment, needed


def _name(line: str) -> str:
    """The package that a line of requirements is about."""
    return next((line[:at] for at, letter in enumerate(line) if letter in "=<>!~[; @"), line)


def _row(place: int, name: str, value: str) -> TableRow:
    return TableRow(f"{place} {name}", muted(name), lambda: (plain(value),), full=lambda: value)


def snippet(facts: ModelFacts, uri: str, store: str = "") -> str:
    """The lines that load a model; they name the store only if scripts would not find it by themselves."""
    lines = ["import runfolio"]
    if store:
        lines.append(f"runfolio.set_tracking_uri({store!r})")
    native = next((name for name, _ in facts.flavors if name != "python_function"), "")
    if facts.is_function:
        lines += ["import runfolio.pyfunc", f"model = runfolio.pyfunc.load_model({uri!r})"]
        if facts.has_example:
            lines.append("print(model.predict(model.input_example))")
    elif native:
        lines += [f"import runfolio.{native}", f"model = runfolio.{native}.load_model({uri!r})"]
    return "\n".join(lines)
