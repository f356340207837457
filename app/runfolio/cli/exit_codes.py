"""The exit codes of every command; scripts rely on them, so that they stay as they are."""

from __future__ import annotations

from enum import IntEnum

from runfolio.core.errors import EnvironmentProblem, InvalidValue, NotFound, StoreError, UserError


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    TROUBLE = 1  # the doctor found something, or some of the lines could not be logged
    USAGE = 2
    NOT_FOUND = 3
    STORE = 4  # the store cannot serve: busy, read-only, damaged, too new, or no store at all
    MACHINE = 5  # a library or a display is missing, or a file cannot be written
    INTERRUPTED = 130
    NOBODY_READS = 141  # what a shell shows of any command whose reader has gone, as in `runfolio runs list | head`


_CODES = (
    (InvalidValue, ExitCode.USAGE),
    (NotFound, ExitCode.NOT_FOUND),
    (StoreError, ExitCode.STORE),
    (EnvironmentProblem, ExitCode.MACHINE),
)


def code_of(error: UserError) -> ExitCode:
    """The exit code of a command that an error has stopped."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), ExitCode.TROUBLE)
