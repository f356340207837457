"""The choice of another server to compare with."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox

from runfolio.core.serving.records import ServerInfo, Wanted
from runfolio.gui.serving.rows import ServerRow


def fill_others(choice: QComboBox, rows: Sequence[ServerRow], chosen: ServerRow | None, nobody: str) -> None:
    """Offer the servers that answer, but for the selected one; the same one stays chosen."""
    there = [row for row in rows if row.answers and (chosen is None or row.info.id != chosen.info.id)]
    entries = [(nobody, None), *((named(row.info.wanted, row.version), row.info) for row in there)]
    before = choice.currentData()
    if entries == [(choice.itemText(at), choice.itemData(at)) for at in range(choice.count())]:
        return
    ids = [info.id if info is not None else "" for _, info in entries]
    choice.blockSignals(True)
    choice.clear()
    for title, info in entries:
        choice.addItem(title, info)
    kept = before.id if isinstance(before, ServerInfo) else ""
    choice.setCurrentIndex(ids.index(kept) if kept in ids else 0)
    choice.blockSignals(False)
    choice.setEnabled(len(entries) > 1)
    if kept and kept not in ids:
        choice.currentIndexChanged.emit(0)


def named(wanted: Wanted, version: str) -> str:
    """A server in a few words: its model, the version, and its port, which no two have."""
    return f"{wanted.title}{f' v{version}' if version else ''} :{wanted.port}"
