"""The page about the code of a run: its command, its commit, what was not committed, and how to run it again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from runfolio.core import captured as names
from runfolio.core import numbers
from runfolio.core.patches import Patch, read_patch
from runfolio.core.reproduce import Recipe, recipe
from runfolio.gui.chrome.labels import muted
from runfolio.gui.inspector import facts
from runfolio.gui.inspector.code_view import CodeView, PatchColors
from runfolio.gui.inspector.facts import Details
from runfolio.gui.inspector.memory import Memory
from runfolio.gui.inspector.pages import Page, Reader
from runfolio.gui.inspector.rows import TableRow, plain, simple
from runfolio.gui.inspector.rows import muted as muted_span
from runfolio.gui.inspector.section import Section
from runfolio.gui.inspector.sparks import Sparks
from runfolio.gui.inspector.text_table import TextTable
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.captured import captured_text

TITLES = {
    names.COMMAND: "command",
    names.SCRIPT: "script",
    names.FOLDER: "folder",
    names.COMMIT: "commit",
    names.BRANCH: "branch",
    names.REMOTE: "repository",
}
#: Of a longer patch the beginning is shown, in bytes.
MOST_PATCH = 128 * 1024
MOST_LINES = 40


@dataclass(frozen=True, slots=True)
class FoundCode:
    """What was not committed, and how to run it again. `cut` says of a longer patch how much of it is shown."""

    text: str
    patch: Patch
    cut: str
    recipe: Recipe


def read_code(store: Store, details: Details) -> FoundCode:
    """The captured files about a run's code."""
    run = details.run
    patch = captured_text(store, run, names.PATCH) if details.has(names.PATCH) else None
    lock = captured_text(store, run, names.PACKAGES, 0) if details.has(names.PACKAGES) else None
    found = recipe(
        run.run_id,
        run.tags,
        None if patch is None else patch.text,
        "" if patch is None else str(patch.file),
        "" if lock is None else str(lock.file),
    )
    if patch is None:
        return FoundCode("", Patch(), "", found)
    cut = f"The first {numbers.size(MOST_PATCH)} of {numbers.size(patch.size)}." if patch.size > MOST_PATCH else ""
    return FoundCode(patch.text[:MOST_PATCH].rstrip("\n"), read_patch(patch.text), cut, found)


class CodePage(Page):
    """Command, git, patch, and the commands to run it again."""

    title = "Code"

    def __init__(self, session: Session, memory: Memory, sparks: Sparks) -> None:
        super().__init__(session, memory, sparks)
        self.facts = TextTable("Code", session.theme.color)
        self.files = TextTable("Uncommitted files", session.theme.color)
        self.patch = CodeView("Uncommitted changes", MOST_LINES)
        self._colors = PatchColors(self.patch.document(), session.theme.color)
        self.note = muted()
        self.commands = CodeView("Commands to reproduce the run", MOST_LINES, wraps=True)
        self.copy = QPushButton("Copy")
        self.copy.setProperty("kind", "small")
        self.copy.setAccessibleName("Copy the commands to reproduce the run")
        self.copy.clicked.connect(self.copy_commands)
        self.sections = {
            "code": Section("Code", self.facts, memory),
            "patch": Section("Uncommitted changes", _stacked(self.files, self.patch, self.note), memory),
            "reproduce": Section("Reproduce", self.commands, memory, tools=(self.copy,)),
        }
        self.place([*self.sections.values()])

    @staticmethod
    def applies(details: Details) -> bool:
        """With anything captured of the code."""
        return bool(facts.tag_rows(details.run, TITLES)) or details.has(names.PATCH)

    def reader(self) -> Reader:
        """The patch and the places of the files."""
        return read_code

    def show_run(self, details: Details, found: Any) -> None:
        """Show a run."""
        self.update_run(details)
        self._show_patch(found)
        self.commands.show_text(found.recipe.text)
        self.sections["reproduce"].setVisible(bool(found.recipe.lines))

    def update_run(self, details: Details) -> None:
        """What the tags say."""
        self.facts.set_rows(code_rows(details))

    def _show_patch(self, found: FoundCode) -> None:
        patch = found.patch
        self.files.set_rows(file_rows(patch))
        self.files.setVisible(self.files.rows.rowCount() > 0)
        self.patch.show_text(found.text)
        self.patch.setVisible(bool(patch.files))
        self.note.setText(found.cut)
        self.note.setVisible(bool(found.cut))
        count = len(patch.files) + len(patch.unknown)
        self.sections["patch"].set_title("Uncommitted changes", numbers.counted(count, "file"))
        self.sections["patch"].setVisible(bool(found.text))

    @Slot()
    def copy_commands(self) -> None:
        """Put the commands that run it again on the clipboard."""
        QGuiApplication.clipboard().setText(self.commands.toPlainText())

    def recolor(self) -> None:
        """Another theme."""
        super().recolor()
        self._colors.rehighlight()


def code_rows(details: Details) -> list[TableRow]:
    """What was captured of the code."""
    rows = facts.tag_rows(details.run, TITLES)
    if details.run.tags.get(names.DIRTY) in ("True", "False"):
        dirty = details.run.tags[names.DIRTY] == "True"
        rows.append(simple("uncommitted", "yes, see below" if dirty else "nothing"))
    return rows


def file_rows(patch: Patch) -> list[TableRow]:
    """The changed files, each with its lines, and those that git does not know."""
    rows = [TableRow(file.path, plain(file.path), partial(_summary, file.summary)) for file in patch.files]
    return rows + [TableRow(name, plain(name), partial(_summary, "not in git, not kept")) for name in patch.unknown]


def _summary(text: str) -> tuple[tuple[str, str], ...]:
    return (muted_span(text),)


def _stacked(*widgets: QWidget) -> QWidget:
    outer = QWidget()
    layout = QVBoxLayout(outer)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(6)
    for widget in widgets:
        layout.addWidget(widget)
    layout.setAlignment(Qt.AlignmentFlag.AlignTop)
    return outer
