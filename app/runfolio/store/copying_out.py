"""Copies of runs' files elsewhere: each whole or not at all, and compared with what was logged."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from runfolio.core.copying import Told, copy_hashed, digest_of, open_regular, untold
from runfolio.core.entities import Artifact
from runfolio.core.errors import EnvironmentProblem
from runfolio.core.parts import part_name
from runfolio.store.verify import Verdict, verdict_on


def copy_file(source: Path, target: Path, known: Artifact | None = None, told: Told = untold) -> Verdict:
    """Copy a file to a place in a folder that is made if it is missing; what is there is replaced.

    Args:
        known: what was logged; None of a file that is in no store.
        told: how many bytes have been copied; what it raises, such as Stopped, ends the copying.

    Returns:
        Whether it is what was logged: CHANGED, of which users are to be told, if somebody has written to it since.

    Raises:
        EnvironmentProblem: it cannot be read or written, or is damaged.
        InvalidValue: it is a pipe, a socket or a device.
    """
    part = target.with_name(part_name())
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with open_regular(source) as file, part.open("x+b") as copy:
            about = os.fstat(file.fileno())
            digest = copy_hashed(file, copy, told)
        verdict = _good(source, known, about, digest)
        part.replace(target)
    except OSError as error:
        raise EnvironmentProblem(f"{source} cannot be copied to {target}: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):  # it is in place, or was not made
            part.unlink()
    return verdict


def check_file(source: Path, known: Artifact | None, told: Told = untold) -> Verdict:
    """As `copy_file`, of a file that is to be copied in another way; nothing is read where nothing is known."""
    if known is None or not known.sha256:
        return Verdict.NEW
    try:
        with open_regular(source) as file:
            return _good(source, known, os.fstat(file.fileno()), digest_of(file, told))
    except OSError as error:
        raise EnvironmentProblem(f"{source} cannot be read: {error.strerror or error}.") from error


def _good(source: Path, known: Artifact | None, about: os.stat_result, digest: str) -> Verdict:
    verdict = Verdict.NEW if known is None or not known.sha256 else verdict_on(known, about, digest)
    if verdict is Verdict.DAMAGED:
        raise EnvironmentProblem(f"{source} is damaged: it is not what was logged.", "Take it from a backup.")
    return verdict
