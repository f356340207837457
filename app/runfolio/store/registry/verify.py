"""Proving the registry: the chain of the log, the tables beside what the log tells, and each file's hash."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from runfolio.core.copying import digest_of, kind_of, open_regular
from runfolio.core.errors import Stopped, UserError
from runfolio.core.parts import is_part
from runfolio.core.registry.chain import damages, digest_of_files
from runfolio.core.registry.history import replay
from runfolio.core.registry.names import composed
from runfolio.core.walking import walk_files
from runfolio.store.connection import Store
from runfolio.store.registry.audit import entries, head
from runfolio.store.registry.beside_log import differences
from runfolio.store.registry.evidence import CHECK_FILE
from runfolio.store.registry.reading import model_row, place_of, read_files
from runfolio.store.registry.tables import model_versions, registered_models
from runfolio.store.steps import TO_THE_END, Steps


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was written.

    Attributes:
        where: `log`, `tables` or `files`.
        what: which, and what is wrong with it.
        entry: the number of the entry, of the log alone.
        model, version: whose it is, if it is of one.
    """

    where: str
    what: str
    entry: int = 0
    model: str = ""
    version: int = 0

    def __str__(self) -> str:
        of = f"{self.model} v{self.version}: " if self.version else f"{self.model}: " if self.model else ""
        return f"{self.where}: {of}{self.what}"


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked at, and all faults; in the order of the log, then tables, then files."""

    entries: int
    versions: int
    files: int
    bytes: int
    last_hash: str
    faults: tuple[Fault, ...] = ()

    @property
    def good(self) -> bool:
        """Whether all is as it was written."""
        return not self.faults


def verify(store: Store, model: str | None = None, files: bool = True, steps: Steps = TO_THE_END) -> Proof:
    """Look at the whole log, and at the versions of one model or of all.

    Args:
        files: read all files too; else only the log and the tables are looked at.

    Raises:
        NotFound: there is no such model.
        Stopped: `steps` stopped it.
    """
    with store.reading() as connection:
        model = None if model is None else composed(model)
        log = entries(connection)
        last = head(connection)
        faults = [Fault("log", one.what, one.number) for one in damages(log, last)]
        versions = _versions(connection, model)
        told = {} if faults else replay(log)  # else the log tells nothing that tables could be measured by
        if model is not None and model not in told:
            model_row(connection, model, trashed=True)
        if not faults:
            found = [one for one in differences(connection, told) if model in (None, one.model)]
            faults += [Fault("tables", one.what, 0, one.model, one.version) for one in found]
        listed = {row.id: read_files(connection, row.id) for row in versions}
    for row in versions:
        if digest_of_files(listed[row.id]) != row.digest:
            faults.append(Fault("tables", "the list of its files has been changed", 0, row.name, row.version))
    count = size = 0
    if files:
        total, done = max(sum(row.size for row in versions), 1), 0
        for row in versions:
            place = place_of(store, row.folder, row.version)
            for one in listed[row.id]:
                if what := _fault_of(place / one.path, one.sha256, steps, (done, total)):
                    faults.append(Fault("files", f"{one.path} {what}", 0, row.name, row.version))
                count, size, done = count + 1, size + one.size, done + one.size
            faults += _strangers(place, {one.path for one in listed[row.id]}, row)
        faults = _without_purged(store, model, versions, faults)
    return Proof(len(log), len(versions), count, size, last[1], tuple(faults))


def _without_purged(store: Store, model: str | None, versions: list[Any], faults: list[Fault]) -> list[Fault]:
    """Faults but for files of versions that were removed for good while others were read."""
    with store.reading() as connection:
        there = {row.id for row in _versions(connection, model)} if faults else set()
    gone = {(row.name, row.version) for row in versions if row.id not in there}
    return [one for one in faults if one.where != "files" or (one.model, one.version) not in gone]


def _versions(connection: Connection, model: str | None) -> list[Any]:
    columns = model_versions.c.id, model_versions.c.version, model_versions.c.size, model_versions.c.digest
    query = select(*columns, registered_models.c.name, registered_models.c.folder).join(registered_models)
    if model is not None:
        query = query.where(registered_models.c.name == model)
    return list(connection.execute(query.order_by(registered_models.c.name, model_versions.c.version)))


def _fault_of(file: Path, sha256: str, steps: Steps, at: tuple[int, int]) -> str:
    """What is wrong with a file; "" if nothing is."""

    def told(read: int) -> None:
        if steps.stop():
            raise Stopped
        steps.progress(min(at[0] + read, at[1]), at[1])

    try:
        if what := kind_of(file.lstat().st_mode):
            return f"is {what}"
        with open_regular(file) as opened:
            found = digest_of(opened, told)
    except FileNotFoundError:
        return "is missing"
    except (OSError, UserError) as error:
        return f"cannot be read: {error}"
    return "" if found == sha256 else "has been changed"


def _strangers(place: Path, known: set[str], row: Any) -> Iterator[Fault]:
    """Files that are in the folder of a version and not of it: something may load them.

    What `runfolio models check` notes in a folder that it was given by its path is not the model's.
    """
    try:
        there = [path.relative_to(place).as_posix() for path, _ in walk_files(place)]
    except OSError:
        return  # missing, as all its files are
    for name in there:
        if name not in known and name != CHECK_FILE and not is_part(name):
            yield Fault("files", f"{name} does not belong to it", 0, row.name, row.version)
