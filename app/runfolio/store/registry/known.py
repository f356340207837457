"""What the files of versions must be, in the shape by which copies out of the store are compared."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import select

from runfolio.core.entities import Artifact
from runfolio.core.errors import EnvironmentProblem
from runfolio.core.folder import REGISTRY
from runfolio.core.registry.records import VersionFile
from runfolio.store.connection import Store
from runfolio.store.registry.reading import read_files
from runfolio.store.registry.tables import model_versions, registered_models

#: A time that no file has, in epoch milliseconds: a version's file that is not as it was is damaged, not written to.
NOBODY_WRITES = 1 << 53


def known_files(files: Iterable[VersionFile], path: str = "") -> dict[str, Artifact]:
    """What is known of the files below a folder of a version, each by its path from there on; of a file alone by ""."""
    inside = f"{path}/" if path else ""
    listed = {one.path: Artifact(one.path, one.size, NOBODY_WRITES, one.sha256) for one in files}
    if path in listed:
        return {"": listed[path]}
    return {name.removeprefix(inside): one for name, one in listed.items() if name.startswith(inside)}


def check_sizes(folder: Path, files: Iterable[VersionFile], called: str) -> None:
    """Look whether the files of a version are there and as long as they were; what is in them only `verify` reads.

    Raises:
        EnvironmentProblem: one of them is not.
    """
    for one in files:
        try:
            size = (folder / one.path).lstat().st_size
        except OSError:
            size = -1
        if size != one.size:
            what = "is missing" if size < 0 else f"has {size:,} bytes, and had {one.size:,} when it was registered"
            raise EnvironmentProblem(f"The file {one.path} of {called} {what}.", "Look with runfolio registry verify.")


def known_at(store: Store, folder: Path) -> dict[str, Artifact]:
    """The same of a folder on disk; nothing where it is not one of a version, or below."""
    try:
        model, version, *path = folder.resolve().relative_to((store.path / REGISTRY).resolve()).parts
    except ValueError:  # it is elsewhere, or above
        return {}
    number = version.removeprefix("v")
    if not number.isdecimal():
        return {}
    query = select(model_versions.c.id).join(registered_models).where(registered_models.c.folder == model)
    with store.reading() as connection:
        found = connection.execute(query.where(model_versions.c.version == int(number))).scalar()
        return {} if found is None else known_files(read_files(connection, found), "/".join(path))
