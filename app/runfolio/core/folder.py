"""The folder of a store: what lies in it, and the look at it that needs no database."""

from __future__ import annotations

from pathlib import Path

from runfolio.core.errors import NotAStore

DATABASE, JOURNAL, ARTIFACTS, BACKUPS, LOCK = "runfolio.db", "journal", "artifacts", "backups", ".lock"
#: Single files that were deleted, until the trash is emptied.
TRASH = "trash"
#: Files of registered versions, in `<model>/v<N>/`; many of them are names of runs' files too.
REGISTRY = "registry"
#: Servers of models, in a folder each; they are of this machine, so that copies of a store have none.
SERVING = "serving"
#: What files of users are in, all of which belongs to a copy of a store.
FILES = ARTIFACTS, TRASH, REGISTRY
OURS = frozenset(
    [DATABASE, *(f"{DATABASE}-{end}" for end in ("wal", "shm", "journal")), JOURNAL, BACKUPS, SERVING, LOCK]
)
# A file manager's own.
HARMLESS = frozenset([".DS_Store"])
KNOWN = OURS.union(FILES, HARMLESS)


def check_folder(folder: Path) -> bool:
    """Whether there is a store in a folder; False if one may be made there.

    Raises:
        NotAStore: it is a file, or holds something else.
    """
    if folder.exists() and not folder.is_dir():
        raise NotAStore(f"{folder} is a file, not the folder of a store.", "Give a folder.")
    if (folder / DATABASE).exists():
        return True
    strangers = sorted(p.name for p in folder.iterdir() if p.name not in KNOWN) if folder.exists() else []
    if strangers:
        raise NotAStore(f"{folder} is not a store: it holds {strangers[0]!r}.", "Give a new or an empty folder.")
    return False
