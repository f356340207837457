"""Pickles: what they would import and call if somebody loaded them. They are never loaded here."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from runfolio.core.numbers import counted
from runfolio.gui.session import Session
from runfolio.gui.viewers.list_model import ListColumn
from runfolio.gui.viewers.listing import Listing
from runfolio.gui.viewers.viewer import ViewedFile, Viewer
from runfolio.previews.pickle_names import ORDER, Grade
from runfolio.previews.pickled import AskPickle, Imported, Pickled

WORDS = {
    Grade.HARMLESS: "makes plain data",
    Grade.KNOWN: "a class of a known library",
    Grade.UNKNOWN: "somebody's code",
    Grade.CODE: "code that is in the file itself",
    Grade.DANGEROUS: "runs commands or programs",
}
ROLES = {Grade.HARMLESS: "ok", Grade.KNOWN: "text", Grade.UNKNOWN: "warn", Grade.CODE: "warn", Grade.DANGEROUS: "bad"}
VERDICTS = {
    Grade.HARMLESS: "",
    Grade.KNOWN: "This file can run code when it is loaded: load it only if you trust who made it.",
    Grade.UNKNOWN: "This file can run code when it is loaded, of which nothing is known here.",
    Grade.CODE: "This file holds code of its own, which runs when it is loaded.",
    Grade.DANGEROUS: "Do not load this file: it runs commands or programs.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """An import, and the pickle of an archive that has it."""

    found: Imported
    where: str


def _grade(row: Row) -> Grade:
    return Grade(row.found.grade)


COLUMNS: tuple[ListColumn[Row], ...] = (
    ListColumn("imports", lambda row: row.found.name),
    ListColumn("called", lambda row: "called" if row.found.called else "", role=lambda row: "muted"),
    ListColumn(
        "what it is",
        lambda row: WORDS[_grade(row)],
        lambda row: ORDER.index(_grade(row)),
        role=lambda row: ROLES[_grade(row)],
    ),
    ListColumn("in", lambda row: row.where, role=lambda row: "muted"),
)


class PickleViewer(Viewer):
    """A pickle, or an archive that has some.

    Attributes:
        listing: what they import.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.listing: Listing[Row] = Listing("Imports", COLUMNS, session.theme, lambda row: row.found.name)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.listing)
        self.setFocusProxy(self.listing)

    def show_file(self, file: ViewedFile) -> None:
        """Ask what it would do."""
        self.listing.show_things(())
        self.ask(AskPickle(str(file.file)), self._on_pickles, "pickles")

    def _on_pickles(self, found: tuple[Pickled, ...]) -> None:
        rows = [Row(one, pickled.where) for pickled in found for one in pickled.imports]
        worst = max((Grade(pickled.grade) for pickled in found), key=ORDER.index)
        troubles = [one.trouble for one in found if one.trouble]
        self.listing.show_things(rows, " ".join(filter(None, [VERDICTS[worst], *troubles])))
        self.listing.table.setColumnHidden(3, len(found) == 1)
        operations = counted(sum(pickled.operations for pickled in found), "operation")
        safe = "imports nothing that could run code" if worst is Grade.HARMLESS and not troubles else "can run code"
        self.told.emit(f"Pickle of protocol {max(one.protocol for one in found)} · {operations} · {safe}")
