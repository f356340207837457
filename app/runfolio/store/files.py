"""Files and folders outside the store that are written for the user: whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from runfolio.core.errors import AlreadyExists, EnvironmentProblem


def write_whole(output: Path, write: Callable[[Path], object]) -> None:
    """Have `write` fill a temporary file beside `output`, and put it in place when it is done.

    A link stays, and what it leads to is replaced; whatever ends the writing leaves nothing behind.

    Raises:
        EnvironmentProblem: the file cannot be written.
    """
    try:
        target = output.resolve()
        temporary = target.with_name(f".{target.name}.part")
        try:
            write(temporary)
            temporary.replace(target)
        finally:
            with suppress(OSError):  # it was not made, it is in place, or it cannot be removed
                temporary.unlink()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise EnvironmentProblem(f"{output} cannot be written: {error.strerror}.") from error


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """A place beside a folder that is not there yet, or empty, to be filled in the block and put in its place after it.

    Whatever ends the block leaves nothing behind.

    Raises:
        AlreadyExists: there is something in the target.
        OSError: the disk.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise AlreadyExists(f"{target} is there already and is not empty.", "Name another folder.")
    part = target.absolute().parent / f".{os.urandom(8).hex()}.part"
    try:
        yield part
        if target.exists():
            target.rmdir()
        part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
