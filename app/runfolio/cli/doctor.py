"""`runfolio doctor`: whether a store and this machine are in order. Changes nothing."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import typer

from runfolio.cli import shapes
from runfolio.cli.options import StoreOption, chosen
from runfolio.cli.runs import JsonOption
from runfolio.core.errors import UserError

if TYPE_CHECKING:
    from runfolio.store import Store

#: With less room than this on the disk there is trouble ahead; bytes.
LITTLE_ROOM = 1 << 30
LIBRARIES = ("PySide6-Essentials", "pyqtgraph", "SQLAlchemy", "numpy", "pandas", "psutil", "pyarrow")


@dataclass(frozen=True)
class Finding:
    """What was looked at, whether it is in order, and what was found."""

    check: str
    ok: bool
    found: str


def doctor(context: typer.Context, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Look whether the store and this machine are in order. The exit code is 1 if something is wrong."""
    from runfolio.store import open_store

    findings = list(_machine())
    try:
        opened = open_store(chosen(context, store), create=False, read_only=True)
    except UserError as error:
        findings.append(Finding("store", False, str(error)))
    else:
        try:
            findings += _store(opened)
        finally:
            opened.close()
    if as_json:
        shapes.print_json([asdict(one) for one in findings])
    else:
        for one in findings:
            typer.echo(f"{'ok ' if one.ok else 'BAD'}  {one.check}: {one.found}")
    if not all(one.ok for one in findings):
        raise typer.Exit(1)


def _machine() -> Iterator[Finding]:
    import runfolio

    yield Finding("Runfolio", True, f"{runfolio.__version__} on Python {sys.version.split()[0]}")
    yield Finding("libraries", True, ", ".join(f"{name} {_version(name)}" for name in LIBRARIES))
    from runfolio.gui import guards

    try:
        guards.check_libraries()
    except UserError as error:
        yield Finding("window", False, str(error))
    else:
        yield Finding("window", True, "all that Qt needs is there")


def _store(store: Store) -> Iterator[Finding]:
    from runfolio.store import health

    yield Finding("store", True, f"{store.path}, {store.size() / 1e6:,.1f} MB in the database")
    damage = health.integrity(store)
    yield Finding("database", not damage, "; ".join(damage) if damage else "whole")
    state = health.state_of_journals(store)
    yield Finding("journals", True, f"{state.writing} being written, {state.waiting} waiting to be taken in")
    yield Finding("damaged journals", not state.aside, f"{state.aside} kept aside")
    lost = health.missing_files(store)
    yield Finding("files", not lost, f"{len(lost):,} are missing, such as {lost[0]}" if lost else "all there")
    orphans = health.orphans(store)
    yield Finding(
        "folders of no run", not orphans, f"{len(orphans):,}, such as {orphans[0].name}" if orphans else "none"
    )
    free = shutil.disk_usage(store.path).free
    yield Finding("room on the disk", free >= LITTLE_ROOM, f"{free / 1e9:,.1f} GB")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
