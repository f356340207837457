"""Files outside the store that are written for the user: whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from runfolio.core.errors import EnvironmentProblem


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
