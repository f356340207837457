"""Archives: what is in them, by name and size; nothing is unpacked."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from runfolio.core import numbers
from runfolio.gui.session import Session
from runfolio.gui.viewers.list_model import ListColumn
from runfolio.gui.viewers.listing import Listing
from runfolio.gui.viewers.viewer import ViewedFile, Viewer
from runfolio.previews.archives import AskArchive, Entry
from runfolio.previews.archives import Listing as Listed

COLUMNS: tuple[ListColumn[Entry], ...] = (
    ListColumn("name", lambda entry: entry.name, role=lambda entry: "bad" if entry.warning else "text"),
    ListColumn("size", lambda entry: numbers.size(entry.size), lambda entry: entry.size, right=True),
    ListColumn(
        "packed",
        lambda entry: numbers.size(entry.packed) if entry.packed >= 0 else "",
        lambda entry: entry.packed,
        right=True,
    ),
    ListColumn("time", lambda entry: numbers.full_time(entry.time) if entry.time else "", lambda entry: entry.time),
    ListColumn("kind", lambda entry: entry.kind, role=lambda entry: "muted"),
    ListColumn("warning", lambda entry: entry.warning, role=lambda entry: "bad"),
)


class ArchiveViewer(Viewer):
    """An archive.

    Attributes:
        listing: its entries.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.listing: Listing[Entry] = Listing("Entries", COLUMNS, session.theme, lambda entry: entry.name)
        self._entries: list[Entry] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.listing)
        self.setFocusProxy(self.listing)

    def show_file(self, file: ViewedFile) -> None:
        """Ask for the entries, the first ones first."""
        self._entries = []
        self.listing.show_things(())
        self._ask()

    def _ask(self) -> None:
        assert self.file is not None
        self.ask(AskArchive(str(self.file.file), len(self._entries)), self._on_listed, "entries")

    def _on_listed(self, found: Listed) -> None:
        self._entries += found.entries
        unsafe = sum(bool(entry.warning) for entry in self._entries)
        warnings = [*found.notes]
        if unsafe:
            warnings.append(f"Entries that must not be unpacked as they are: {unsafe:,}.")
        self.listing.show_things(self._entries, " ".join(warnings))
        count = f"{len(self._entries):,} entries" if len(self._entries) != 1 else "1 entry"
        so_far = "" if found.complete else " so far"
        self.told.emit(f"{found.format} · {count}{so_far} · {numbers.size(found.total)} unpacked")
        if not found.complete:
            self._ask()
