"""Copies of a run's files elsewhere: each whole or not at all, and compared with what was logged."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from runfolio.client.progress import progress_line
from runfolio.core.copying import copy_hashed, kind_of, open_regular
from runfolio.core.entities import Artifact
from runfolio.core.errors import EnvironmentProblem
from runfolio.store.verify import Verdict, verdict_on

log = logging.getLogger("runfolio")


def copy_out(source: Path, target: Path, known: Mapping[str, Artifact]) -> None:
    """Copy a file, or what is below a folder, to a place that is made if it is missing; what is there is replaced.

    Args:
        known: what was logged, by the path below the folder; of a single file by "".

    Raises:
        EnvironmentProblem: a file cannot be written, or is damaged.
        InvalidValue: it is a pipe, a socket or a device.
    """
    try:
        if not source.is_dir():
            _copy_file(source, target, known.get(""))
            return
        target.mkdir(parents=True, exist_ok=True)
        for folder, inside, names in os.walk(source):
            place = target / Path(folder).relative_to(source)
            for name in inside:
                _make_folder(Path(folder, name), place / name)
            for name in names:
                _copy_below(source, Path(folder, name), place / name, known)
    except OSError as error:
        raise EnvironmentProblem(f"{target} cannot be written: {error.strerror or error}.") from error


def _make_folder(source: Path, target: Path) -> None:
    if source.is_symlink():
        log.warning("%s is a link, which is not followed: it was left out.", source)
    else:
        target.mkdir(exist_ok=True)


def _copy_below(root: Path, source: Path, target: Path, known: Mapping[str, Artifact]) -> None:
    if what := kind_of(source.lstat().st_mode):
        log.warning("%s is %s, which is not followed: it was left out.", source, what)
    else:
        _copy_file(source, target, known.get(source.relative_to(root).as_posix()))


def _copy_file(source: Path, target: Path, known: Artifact | None) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{os.urandom(16).hex()}.part")
    try:
        with open_regular(source) as file, part.open("x+b") as copy:
            about = os.fstat(file.fileno())
            with progress_line(f"Copying {source.name}", about.st_size) as told:
                digest = copy_hashed(file, copy, told)
        if known is not None and known.sha256:
            _check(source, verdict_on(known, about, digest))
        part.replace(target)
    finally:
        with suppress(FileNotFoundError):  # it is in place
            part.unlink()


def _check(source: Path, verdict: Verdict) -> None:
    if verdict is Verdict.CHANGED:
        log.warning("%s was changed after it was logged.", source)
    if verdict is Verdict.DAMAGED:
        raise EnvironmentProblem(f"{source} is damaged: it is not what was logged.", "Take it from a backup.")
