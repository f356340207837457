"""The inspector of a version: it follows the one that is selected last and shows everything about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from runfolio.core import numbers
from runfolio.core.clock import now_ms
from runfolio.core.entities import Changes
from runfolio.core.registry.lineage import Kind, Node
from runfolio.gui.inspector.code_view import CodeView
from runfolio.gui.inspector.flow import FlowLayout
from runfolio.gui.inspector.memory import Memory
from runfolio.gui.inspector.note_edit import NoteView
from runfolio.gui.inspector.panel import LEAST_LETTERS
from runfolio.gui.inspector.section import Section, page
from runfolio.gui.inspector.text_table import TextTable
from runfolio.gui.messages import Message
from runfolio.gui.refresh import Refresh
from runfolio.gui.registry.commands import VersionCommands
from runfolio.gui.registry.version import rows
from runfolio.gui.registry.version.chain_line import ChainLine
from runfolio.gui.registry.version.heading import VersionHeading
from runfolio.gui.registry.version.reading import Found, read_version
from runfolio.gui.registry.version.usage import code_section, code_view, load_lines, predict_line
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.registry.versions import describe_version

PACE = 100
REQUIREMENTS = 12
GONE = "This version is gone."
#: A model's name and the number of a version.
Asked = tuple[str, int]


class VersionPanel(QWidget):
    """The right zone while a version is looked at.

    Attributes:
        found: what is shown; None for nothing.
        heading, note, sections, chain: its parts.
        load, back, serve, open: the buttons.
    """

    def __init__(self, session: Session, memory: Memory) -> None:
        super().__init__()
        self.setObjectName("versionInspector")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.session = session
        self.found: Found | None = None
        self._described: dict[int, tuple[Asked, str]] = {}
        self._commands = VersionCommands(session, self)
        self.heading = VersionHeading(session.theme, self)
        self.note = NoteView(not session.store.read_only)
        color = session.theme.color
        self.lineage, self.gates = TextTable("Lineage", color, tight=True), TextTable("Gates", color, tight=True)
        self.signature, self.facts = TextTable("Signature", color), TextTable("Details", color)
        self.metrics, self.history = TextTable("Metrics", color), TextTable("History", color, tight=True)
        self.requirements = CodeView("Requirements", REQUIREMENTS)
        self.chain = ChainLine(session)
        self.snippet, self.shell = code_view("Load in Python"), code_view("Predict from a shell")
        self.load, self.back = QPushButton("Load in Python"), QPushButton("Roll Back…")
        self.open, self.serve = QPushButton("Open Folder"), QPushButton("Serve…")
        self.sections = self._sections(memory)
        self._place()
        complaint = "The version could not be read."
        self._refresh: Refresh[tuple[Asked, Found | None]] = Refresh(
            session, self._job, self._take, complaint, self, PACE
        )
        self._connect()

    def _sections(self, memory: Memory) -> dict[str, Section]:
        history = _stacked(self.history, self.chain)
        parts: dict[str, tuple[str, QWidget]] = {
            "note": ("Description", self.note),
            "lineage": ("Lineage", self.lineage),
            "gates": ("Gates", self.gates),
            "metrics": ("Metrics", self.metrics),
            "signature": ("Signature", self.signature),
            "history": ("History", history),
            "facts": ("Details", self.facts),
            "requirements": ("Requirements", self.requirements),
        }
        made = {key: Section(title, part, memory, f"version.{key}") for key, (title, part) in parts.items()}
        made["load"] = code_section(self.snippet, memory, "version.load")
        made["shell"] = code_section(self.shell, memory, "version.shell")
        return made

    def _place(self) -> None:
        buttons, row, below = QWidget(), FlowLayout(8), QVBoxLayout()
        buttons.setLayout(row)
        below.setContentsMargins(14, 8, 14, 12)
        below.addWidget(buttons)
        for button in (self.load, self.serve, self.back, self.open):
            row.addWidget(button)
        self.area = page([*self.sections.values()])
        self.setMinimumWidth(LEAST_LETTERS * self.fontMetrics().averageCharWidth())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.heading)
        layout.addWidget(self.area, 1)
        layout.addLayout(below)

    def _connect(self) -> None:
        session = self.session
        session.registry.versions_changed.connect(self._on_selected)
        session.changed.connect(self._on_changed)
        session.theme.theme_changed.connect(self._on_theme)
        session.presence_changed.connect(self._enable)
        self.heading.run_wanted.connect(self._on_run)
        self.lineage.followed.connect(self.follow)
        self.note.changed.connect(self._on_described)
        self.load.clicked.connect(self.copy_snippet)
        self.back.clicked.connect(self._commands.roll_back)
        self.open.clicked.connect(self._on_open)
        self.serve.clicked.connect(self._commands.serve)

    # Reading

    @property
    def asked(self) -> Asked | None:
        """The version that is selected last."""
        state = self.session.registry
        return (state.model, state.versions[-1]) if state.model and state.versions else None

    @property
    def settled(self) -> bool:
        """True when what is shown is what is selected."""
        return self._refresh.idle and self.chain.settled

    def _job(self) -> Callable[[], tuple[Asked, Found | None]] | None:
        asked = self.asked
        return None if asked is None or not self.isVisible() else partial(_read, self.session.store, asked)

    def _take(self, answer: tuple[Asked, Found | None]) -> None:
        asked, found = answer
        if asked != self.asked:
            self._refresh.read_again()
        elif found is None:
            self.found = None
            state = self.session.registry
            state.select([one for one in state.versions if one != asked[1]])
        else:
            other = self.found is None or self.found.version.id != found.version.id
            self.found = found
            self._show(found)
            if other:
                self.area.verticalScrollBar().setValue(0)
                self.chain.follow(asked[0])

    def _show(self, found: Found) -> None:
        version, now = found.version, now_ms()
        if not self.note.editing or version.id not in self._described:  # else what is written replaces what was there
            self._described[version.id] = (version.name, version.version), version.description
        self.heading.show_version(found, now)
        self.note.set_note(version.id, version.description)
        form = numbers.column_format(version.metrics.values())
        self.metrics.set_rows(rows.metric_rows(version, {key: form.text(one) for key, one in version.metrics.items()}))
        self.lineage.set_rows(rows.lineage_rows(found.lineage))
        self.gates.set_rows(rows.gate_rows(found.previews, version.stage))
        self.signature.set_rows(rows.signature_rows(version.facts))
        self.history.set_rows(rows.history_rows(found.history, now))
        self.facts.set_rows(rows.fact_rows(version))
        self.requirements.show_text("\n".join(version.facts.requirements))
        self.snippet.show_text(load_lines(version.name, version.version))
        self.shell.show_text(predict_line(version.name, version.version))
        for name, table in (("gates", self.gates), ("metrics", self.metrics), ("signature", self.signature)):
            self.sections[name].setVisible(table.rows.rowCount() > 0)
        self.sections["requirements"].setVisible(bool(version.facts.requirements))
        self.sections["requirements"].set_title("Requirements", numbers.count(len(version.facts.requirements)))
        self._enable()

    @Slot()
    def _enable(self) -> None:
        found, writable = self.found, not (self.session.read_only or self.session.store.read_only)
        before = found.before if found is not None else None
        self.back.setEnabled(before is not None and writable)
        told = f"Move v{before} back to {found.version.stage}" if found is not None and before is not None else ""
        self.back.setToolTip(told or "Nobody was in this stage before")

    # What happens

    @Slot()
    def _on_selected(self) -> None:
        self.note.finish()
        self._refresh.ask_now()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.registry or changes.moved:
            self._refresh.ask()
        if changes.registry:
            self.chain.ask()

    @Slot()
    def _on_theme(self) -> None:
        self.note.render_again()
        for table in self.findChildren(TextTable):
            table.recolor()

    def showEvent(self, event: QShowEvent) -> None:
        """What has changed meanwhile is read now."""
        super().showEvent(event)
        self._refresh.ask_now()

    # What the user does

    @Slot()
    def copy_snippet(self) -> None:
        """Put the lines that load it on the clipboard."""
        QGuiApplication.clipboard().setText(self.snippet.toPlainText())
        self.session.message.emit(Message("Copied the lines that load this version"))

    @Slot()
    def _on_open(self) -> None:
        if self.found is not None:
            open_folder(self.found.folder)

    @Slot()
    def _on_run(self) -> None:
        if self.found is not None:
            self.follow(self.found.lineage.nodes.get(f"run {self.found.version.run_id}"))

    @Slot(object)
    def follow(self, node: Node | None) -> None:
        """Go to what a version comes from."""
        if node is not None:
            go_to(self.session, node)

    @Slot(int, str)
    def _on_described(self, number: int, text: str) -> None:
        """The description was written of the version that was shown then."""
        (name, version), before = self._described[number]
        describe = partial(describe_version, name=name, version=version, text=text, expected=before)
        again = partial(self._on_refused, number, text)
        self.session.run(describe, failed=again)

    def _on_refused(self, number: int, text: str, error: Exception) -> None:
        """Who keeps it once more has read what is there now."""
        self.session.message.emit(Message.of_error(error))
        if self.found is not None and self.found.version.id == number:
            self._described[number] = self._described[number][0], self.found.version.description
        self.note.edit_again(number, text)


def go_to(session: Session, node: Node) -> None:
    """To a run, with its files if it is these, or to a version."""
    if node.version:
        session.registry.go_to(node.model, node.version)
    elif node.run:
        session.run_wanted.emit(node.run, node.experiment)
        if node.kind is Kind.ARTIFACT:
            session.file_wanted.emit(f"{node.path}/MLmodel".lstrip("/"))


def open_folder(folder: Path) -> None:
    """Have the system show a folder."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _read(store: Store, asked: Asked) -> tuple[Asked, Found | None]:
    return asked, read_version(store, *asked)


def _stacked(*widgets: QWidget) -> QWidget:
    outer = QWidget()
    layout = QVBoxLayout(outer)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(6)
    for widget in widgets:
        layout.addWidget(widget)
    return outer
