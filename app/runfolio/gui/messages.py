"""What is told to the user in one line, without stopping anybody."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass

from runfolio.core.errors import UserError
from runfolio.gui.history import Step


@dataclass(frozen=True, slots=True)
class Message:
    """One line for the message strip.

    Attributes:
        text: what happened.
        error: True for something that went wrong.
        step: what did it and can take it back, as the strip offers while nothing was done since.
        details: what a Details button shows; empty for none.
        show: what a Show button does: goes to what was made; None for none.
    """

    text: str
    error: bool = False
    step: Step | None = None
    details: str = ""
    show: Callable[[], object] | None = None

    @classmethod
    def of_error(cls, error: Exception, what: str = "") -> Message:
        """An error as the user should read it; one of ours with its traceback for the report.

        `what` is a sentence about what did not work, or the title of the job that failed.
        """
        if isinstance(error, UserError):
            return cls(_introduced(what, str(error)), error=True)
        details = "".join(traceback.format_exception(error))
        return cls(_introduced(what or "That did not work", str(error)), error=True, details=details)


def _introduced(what: str, text: str) -> str:
    """A sentence stands before what went wrong as it is; the title of a job, such as `Saving`, with a colon."""
    if not what or what.endswith((".", ":")):
        return f"{what} {text}".strip()
    return f"{what}: {text}".strip()
