"""Copies of a run's files elsewhere, as scripts ask for them: of what was left out or changed they are warned."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

from runfolio.client.progress import progress_line
from runfolio.core.copying import kind_of
from runfolio.core.entities import Artifact
from runfolio.core.errors import EnvironmentProblem
from runfolio.core.walking import walk_files
from runfolio.store.copying_out import copy_file
from runfolio.store.verify import Verdict

log = logging.getLogger("runfolio")


def copy_out(source: Path, target: Path, known: Mapping[str, Artifact]) -> None:
    """Copy a file, or what is below a folder, to a place that is made if it is missing; what is there is replaced.

    Args:
        known: what was logged, by the path below the folder; of a single file by "".

    Raises:
        EnvironmentProblem: a file cannot be read or written, or is damaged.
        InvalidValue: it is a pipe, a socket or a device.
    """
    if not source.is_dir():
        _copy(source, target, known.get(""))
        return
    try:
        target.mkdir(parents=True, exist_ok=True)
        inside = list(walk_files(source))
    except OSError as error:
        raise EnvironmentProblem(f"{error.filename or source} cannot be copied: {error.strerror or error}.") from error
    for file, about in inside:
        if what := kind_of(about.st_mode):
            log.warning("%s is %s, which is not followed: it was left out.", file, what)
        else:
            name = file.relative_to(source).as_posix()
            _copy(file, target / name, known.get(name))


def _copy(source: Path, target: Path, known: Artifact | None) -> None:
    size = source.stat().st_size if source.exists() else 0
    with progress_line(f"Copying {source.name}", size) as told:
        if copy_file(source, target, known, told) is Verdict.CHANGED:
            log.warning("%s was changed after it was logged.", source)
