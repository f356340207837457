"""`runfolio doctor`: whether a store and this machine are in order. Changes nothing."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import typer

from runfolio.cli import shapes
from runfolio.cli.exit_codes import ExitCode
from runfolio.cli.options import StoreOption, chosen
from runfolio.cli.printing import say
from runfolio.cli.runs import JsonOption
from runfolio.core.environment import value_of
from runfolio.core.errors import NotFound, UserError
from runfolio.core.numbers import counted

if TYPE_CHECKING:
    from runfolio.store import Store

#: With less room than this on the disk there is trouble ahead; bytes.
LITTLE_ROOM = 1 << 30
#: Whether it is in order, and what was found.
Answer: TypeAlias = tuple[bool, str]
SEE_ORPHANS = "see what is in them with runfolio storage orphans"
LIBRARIES = ("PySide6-Essentials", "pyqtgraph", "SQLAlchemy", "numpy", "pandas", "psutil", "pyarrow")


Check: TypeAlias = "Callable[[Store], Answer]"


@dataclass(frozen=True)
class Finding:
    """What was looked at, whether it is in order, and what was found."""

    check: str
    ok: bool
    found: str


def doctor(context: typer.Context, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Look whether the store and this machine are in order. The exit code is 1 if something is wrong."""
    findings = [*_machine(), *_store(chosen(context, store))]
    if as_json:
        shapes.print_json([asdict(one) for one in findings])
    else:
        for one in findings:
            say(f"{'ok ' if one.ok else 'BAD'}  {one.check}: {one.found}")
    if not all(one.ok for one in findings):
        raise typer.Exit(ExitCode.TROUBLE)


def _machine() -> Iterator[Finding]:
    import runfolio

    versions = f"Python {platform.python_version()}, {platform.platform()}"
    yield Finding("Runfolio", True, f"{runfolio.__version__} on {versions}")
    yield Finding("libraries", True, ", ".join(f"{name} {_version(name)}" for name in LIBRARIES))
    from runfolio.gui import guards

    try:
        guards.check_libraries()
    except UserError as error:
        yield Finding("window", False, str(error))
    else:
        yield Finding("window", True, "all that Qt needs is there")


def _store(given: Path | None) -> list[Finding]:
    from runfolio.store import open_store

    try:
        opened = open_store(given, create=False, read_only=True)
    except NotFound as error:
        # Who has not logged anything yet, and names no store, lacks nothing.
        return [Finding("store", given is None and not value_of("STORE"), error.message)]
    except UserError as error:
        return [Finding("store", False, str(error))]
    try:
        return [_looked(name, look, opened) for name, look in CHECKS.items()]
    finally:
        opened.close()


def _looked(name: str, look: Check, store: Store) -> Finding:
    """What a check finds; damage may well keep it from finding anything."""
    try:
        ok, found = look(store)
    except (UserError, OSError) as error:
        ok, found = False, str(error)
    return Finding(name, ok, found)


def _size(store: Store) -> Answer:
    from runfolio.store.opening import SCHEMA_VERSION

    return True, f"{store.path}, format {SCHEMA_VERSION}, {store.size() / 1e6:,.1f} MB in the database"


def _database(store: Store) -> Answer:
    from runfolio.store import health

    damage = health.integrity(store)
    return not damage, "; ".join(damage) or f"whole, as {health.engine()} sees it"


def _journals(store: Store) -> Answer:
    from runfolio.store import health

    state = health.state_of_journals(store)
    text = f"{state.writing} being written, {state.waiting} of processes that are gone, {state.aside} kept aside"
    if state.damaged:
        text += f"; {state.damaged} damaged, of which all that is whole is brought in when the store is opened next"
    elif state.aside:
        text += "; what was whole in those is in the tables"
    return not state.aside and not state.damaged, text


def _running(store: Store) -> Answer:
    from runfolio.store import health

    left = health.without_writer(store)
    hint = "end them with runfolio log end --status KILLED --run ID"
    return not left, _some(left, f"runs count as running and no process can end them, such as {{}}; {hint}", "none")


def _files(store: Store) -> Answer:
    from runfolio.store import health

    lost = health.missing_files(store)
    return not lost, _some(lost, "are missing, such as {}", "all there")


def _orphans(store: Store) -> Answer:
    from runfolio.store import health

    there = [path.name for path in health.orphans(store)]
    return not there, _some(there, f"in artifacts/, such as {{}}; {SEE_ORPHANS}", "none")


def _strays(store: Store) -> Answer:
    from runfolio.store.strays import Kind, find_strays

    there = [f"{one.file.run}/{one.file.path}" for one in find_strays(store) if one.kind is not Kind.NO_FILE]
    return not there, _some(there, f"in artifacts/, such as {{}}; {SEE_ORPHANS}", "none")


def _registry(store: Store) -> Answer:
    """The log and the tables; files are read by `runfolio registry verify` alone, for that takes long."""
    from runfolio.store.registry.verify import verify

    proof = verify(store, files=False)
    whole = f"{proof.entries:,} entries of the log and {counted(proof.versions, 'version')}, as they were written"
    return proof.good, _some(proof.faults, "faults, such as {0}; see runfolio registry verify", whole)


def _unknown(store: Store) -> Answer:
    from runfolio.store.registry.leftovers import unknown_folders

    there = [path.relative_to(store.path).as_posix() for path in unknown_folders(store)]
    return not there, _some(there, "in registry/, such as {}", "none")


def _room(store: Store) -> Answer:
    free = shutil.disk_usage(store.path).free
    return free >= LITTLE_ROOM, f"{free / 1e9:,.1f} GB"


def _some(found: Sequence[object], text: str, none: str) -> str:
    return f"{len(found):,} {text.format(found[0])}" if found else none


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


#: What is looked at in a store, in this order; the names are printed, and stay as they are.
CHECKS: dict[str, Check] = {
    "store": _size,
    "database": _database,
    "journals": _journals,
    "runs without a process": _running,
    "files": _files,
    "folders of no run": _orphans,
    "files that no run knows": _strays,
    "registry": _registry,
    "folders of no version": _unknown,
    "room on the disk": _room,
}
