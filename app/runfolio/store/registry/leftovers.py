"""Folders below `registry/` that no version knows: what a killed process has left, or somebody has put there."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from runfolio.core.folder import REGISTRY
from runfolio.core.parts import is_part
from runfolio.store.connection import Store
from runfolio.store.registry.reading import place_of
from runfolio.store.registry.tables import model_versions, registered_models


def unknown_folders(store: Store) -> list[Path]:
    """All such folders, those in the trash being known; what is being registered is left out."""
    root = store.path / REGISTRY
    # In this order: what is there before the tables are looked at may be in them; what came later is not looked for.
    there = [folder for folder in _folders(root) if not is_part(folder.name)]
    inside = {folder: _folders(folder) for folder in there}
    columns = registered_models.c.folder, model_versions.c.version
    with store.reading() as connection:
        models = {root / name for name in connection.execute(select(registered_models.c.folder)).scalars()}
        rows = connection.execute(select(*columns).join(model_versions)).all()
    known = {place_of(store, row.folder, row.version) for row in rows}
    of_models = (one for folder in there if folder in models for one in inside[folder] if one not in known)
    return sorted([*(folder for folder in there if folder not in models), *of_models])


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [one for one in folder.iterdir() if one.is_dir() and not one.is_symlink()]
