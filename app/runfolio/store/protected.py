"""The files that nothing may delete, whoever asks: those of registered versions."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

#: Of runs by their public ids: files, and folders with all that is in them; "" is all of a run.
Protected = Mapping[str, frozenset[str]]


def protected_files(_connection: Connection) -> Protected:
    """What must stay. Whatever deletes files of runs asks here, by the transaction that it deletes in.

    These are the trash of files, emptying the trash, retention, reports that are taken back, and the client where it
    replaces what is there; also who tells what could go: duplicates, and the totals of storage.
    Versions are registered nowhere yet, so there are none.
    """
    return {}


def is_protected(protected: Protected, run: str, path: str) -> bool:
    """Whether a file of a run must stay, or something that is in a folder of it."""
    return any(
        path == one or not one or path.startswith(f"{one}/") or one.startswith(f"{path}/")
        for one in protected.get(run, ())
    )
