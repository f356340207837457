"""The files that nothing may delete, whoever asks: those of registered versions."""

from __future__ import annotations

from collections.abc import Mapping

from runfolio.store.connection import Store

#: Of runs by their public ids: files, and folders with all that is in them; "" is all of a run.
Protected = Mapping[str, frozenset[str]]


def protected_files(_store: Store) -> Protected:
    """What must stay. Whatever deletes files of runs asks here: the trash of files, retention, emptying the trash.

    Versions are registered nowhere yet, so there are none.
    """
    return {}


def is_protected(protected: Protected, run: str, path: str) -> bool:
    """Whether a file of a run must stay."""
    return any(path == one or not one or path.startswith(f"{one}/") for one in protected.get(run, ()))
