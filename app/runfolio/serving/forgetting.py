"""Forgetting servers that have ended; they can be remembered again."""

from __future__ import annotations

from collections.abc import Sequence

from runfolio.core.numbers import counted
from runfolio.core.serving.records import ServerInfo
from runfolio.serving import notes
from runfolio.store import Store
from runfolio.store.operations import Outcome


def forget_servers(store: Store, servers: Sequence[str]) -> Outcome:
    """Remove what is noted of those of some servers that have ended. Raises OSError."""
    known = [(info, notes.output(store.path, info.id)) for one in servers if (info := notes.read(store.path, one))]
    gone = [(info, output) for info, output in known if notes.forget(store.path, info.id)]
    what = gone[0][0].wanted.uri if len(gone) == 1 else counted(len(gone), "server")
    return Outcome(f"Forgot {what}", lambda again: _remember(again, gone))


def _remember(store: Store, gone: Sequence[tuple[ServerInfo, str]]) -> Outcome:
    for info, output in gone:
        notes.write(store.path, info)
        (notes.folder_of(store.path, info.id) / notes.LOG).write_text(output, encoding="utf-8")
    ids = [info.id for info, _ in gone]
    return Outcome(f"Remembered {counted(len(gone), 'server')}", lambda again: forget_servers(again, ids))
