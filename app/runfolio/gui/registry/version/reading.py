"""Reads all that the inspector shows of a version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from runfolio.core.errors import NotFound
from runfolio.core.registry.chain import Entry
from runfolio.core.registry.history import previous_holder
from runfolio.core.registry.lineage import Lineage
from runfolio.core.registry.names import ARCHIVED, NONE
from runfolio.core.registry.records import ModelVersion
from runfolio.store import Store
from runfolio.store.registry.audit import read_entries
from runfolio.store.registry.lineage import lineage_of
from runfolio.store.registry.reading import folder_of, get_version
from runfolio.store.registry.transitions import Preview, previews


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What is known of a version.

    Attributes:
        version: itself.
        lineage: where it comes from.
        history: what was done with it, the newest first.
        previews: what the gates of each stage say to it.
        folder: where its files are.
        before: who was in its stage before it and could be rolled back to; None if nobody was.
    """

    version: ModelVersion
    lineage: Lineage
    history: Sequence[Entry]
    previews: Mapping[str, Preview]
    folder: Path
    before: int | None


def read_version(store: Store, name: str, number: int) -> Found | None:
    """All of it; None of a version that is gone or in the trash."""
    try:
        version = get_version(store, name, number)
        entries = read_entries(store, name)
        serving = version.stage not in (NONE, ARCHIVED)
        return Found(
            version,
            lineage_of(store, name, number),
            [one for one in reversed(entries) if one.version == number],
            previews(store, name, number),
            folder_of(store, name, number),
            previous_holder(entries, name, version.stage) if serving else None,
        )
    except NotFound:
        return None
