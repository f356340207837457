"""
Every exception Runfolio raises on purpose.

* RunfolioError
  + UserError: the world is not as it should be; has a message, a hint and leaves all data alone
    - InvalidValue (also a ValueError): a wrong name, key, type or number in a call; names the rule
      . FilterError: a filter, an order or a formula that cannot be read; points at the character
      . AlreadyExists: the name is taken
      . SchemaMismatch: data that a model does not take; points at the column, the row and the value
    - NotFound (also a KeyError): no such run, experiment, metric or file
    - CannotShow: a file, or a part of it, that cannot be shown; says why
    - RunStateError: a call that does not fit the state of the run, such as starting a second one
    - StoreError: the folder or its database
      . NotAStore: the folder is something else
      . StoreTooNew: written by a newer Runfolio
      . StoreReadOnly: it may be read but not written
      . StoreDamaged: the database cannot be read
      . StoreBusy: another process holds the write lock for too long
      . StoreGone: the folder has been deleted, moved or replaced since it was opened
    - EnvironmentProblem: a library, a display or a permission is missing on this machine
    - NotBuilt: an environment cannot be made of what a model or a project asks for
      . NoPython: the version of Python that it asks for is not to be had
    - GateFailed: a version that the gates of a stage do not let pass
    - UntrustedModel: a model that can run code, and that nobody has trusted (models/safety/trust.py)
    - ModelFailed: a model that cannot be loaded or asked in a process of its own (models/safety/asked.py)
    - ExecutionException: a project that was run from a script and has not finished well
    - ModelValidationFailedException: a model that is not as good as was asked for (models/evaluation/thresholds.py)
  + Stopped: nobody waits for what was being read any more

Anything else that escapes is a bug of ours.
"""

from __future__ import annotations


class RunfolioError(Exception):
    """Base of all errors raised on purpose."""


class UserError(RunfolioError):
    """Something a user can put right.

    Attributes:
        message: what happened, in one sentence of the user's world.
        hint: what to do about it; may be empty.
        error_code: what MLflow calls errors of the kind.
    """

    error_code = "INTERNAL_ERROR"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class Stopped(RunfolioError):
    """What was being read is not wanted any more: no trouble, and nothing to tell."""


class InvalidValue(UserError, ValueError):
    """A value that breaks a rule; the message names value and rule."""

    error_code = "INVALID_PARAMETER_VALUE"


class AlreadyExists(InvalidValue):
    """A name that something else has already."""

    error_code = "RESOURCE_ALREADY_EXISTS"


class FilterError(InvalidValue):
    """A filter, an order or a formula that cannot be read.

    Attributes:
        text: the whole of it.
        position: where it goes wrong, in characters from 0; the length of the text if the end came too early.
        found: the characters from there on that do not fit; empty at the end.
        expected: what could stand there, in words; may be empty.
    """

    def __init__(
        self, message: str, text: str, position: int, found: str = "", expected: tuple[str, ...] = (), hint: str = ""
    ) -> None:
        super().__init__(message, hint)
        self.text = text
        self.position = position
        self.found = found
        self.expected = expected

    def within(self, start: int) -> FilterError:
        """The same of the text from a place on, for who has written only that."""
        position = max(self.position - start, 0)
        message = self.message.replace(at_character(self.position), at_character(position))
        return FilterError(message, self.text[start:], position, self.found, self.expected, self.hint)

    @property
    def pointer(self) -> str:
        """Two lines: the line of the text with the fault, and a mark below it."""
        start = self.text.rfind("\n", 0, self.position) + 1
        line = self.text[start:].partition("\n")[0]
        return f"{line}\n{' ' * (self.position - start)}{'^' * max(1, len(self.found.partition(chr(10))[0]))}"


class SchemaMismatch(InvalidValue):
    """Data that do not fit the signature of a model.

    Attributes:
        column: the name of the column or the tensor, None if it has none or all are concerned.
        row: the place of the first row that does not fit, from 0; None if the whole column does not.
        value: what stands there.
        expected: the type that should, as signatures print it; empty if something is missing.
    """

    error_class = "SCHEMA_ENFORCEMENT_FAILED"

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        column: str | int | None = None,
        row: int | None = None,
        value: object = None,
        expected: str = "",
    ) -> None:
        super().__init__(message, hint)
        self.column = column
        self.row = row
        self.value = value
        self.expected = expected


class ColumnMismatch(SchemaMismatch):
    """A column that is there, with values of another type than the signature has."""


def at_character(position: int) -> str:
    """How a message calls a place in a text, given in characters from 0."""
    return f"at character {position + 1}"


class NotFound(UserError, KeyError):
    """Something that was asked for by name or id does not exist."""

    error_code = "RESOURCE_DOES_NOT_EXIST"


class CannotShow(UserError):
    """A file is damaged, too large or of a kind that is not read; the message is the reason.

    Attributes:
        report: where it went wrong in our code, if that is our fault; else empty.
    """

    def __init__(self, message: str, hint: str = "", report: str = "") -> None:
        super().__init__(message, hint)
        self.report = report


class RunStateError(UserError):
    """The call does not fit the state of the run."""

    error_code = "INVALID_STATE"


class GateFailed(UserError):
    """The gates of a stage do not let a version pass, or ask for a reason that was not given.

    Attributes:
        judgement: what they said (`core.registry.gates.Judgement`).
    """

    error_code = "INVALID_STATE"

    def __init__(self, message: str, hint: str = "", judgement: object = None) -> None:
        super().__init__(message, hint)
        self.judgement = judgement


class StoreError(UserError):
    """The store's folder or database cannot serve."""


class NotAStore(StoreError):
    """The path exists and is no Runfolio store."""


class StoreTooNew(StoreError):
    """The store was written by a newer version."""


class StoreReadOnly(StoreError):
    """The store can be read, and the call wanted to write."""


class StoreDamaged(StoreError):
    """The database is not readable as one."""


class StoreBusy(StoreError):
    """The write lock could not be had in time."""


class StoreGone(StoreError):
    """The database that was opened is not in its folder any more."""


class EnvironmentProblem(UserError):
    """Something this machine lacks."""


class NotBuilt(UserError):
    """An environment that cannot be made of the files that describe it; the hint has the last words of what tried."""


class NoPython(NotBuilt):
    """The version of Python that is asked for is neither here nor to be had."""


class ExecutionException(UserError):
    """A project that a script has run, and that has not finished well; MLflow's name."""


#: MLflow's name for what it raises.
MlflowException = UserError
