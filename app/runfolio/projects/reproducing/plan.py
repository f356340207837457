"""What is to be done to run something again, and what cannot be brought back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from runfolio.core.projects.request import RunRequest
from runfolio.projects.sources.checkout import Origin


@dataclass(frozen=True, slots=True)
class Problem:
    """What will not be as it was, in a sentence; a `fatal` one keeps it from being run at all."""

    text: str
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """Where the code is.

    Attributes:
        origin: the repository that has the commit; None where the code was not in git, and is taken as it is now.
        commit: "" likewise.
        folder: where it ran: relative to the top of the repository, with `/`; without one, a whole path.
        top: of the repository that it ran in on this machine, if that is there still; paths below it mean the checkout.
        patch: what was not committed, for `git apply`; empty if there was nothing, or it is not kept.
        remote: the address to be noted with the new run.
    """

    origin: Origin | None = None
    commit: str = ""
    folder: str = ""
    top: Path | None = None
    patch: bytes = b""
    remote: str = ""


@dataclass(frozen=True, slots=True)
class Data:
    """A file that the run read and that is not in its commit: where it is, and where in the checkout it belongs."""

    file: Path
    inside: str
    digest: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done to run something again.

    Attributes:
        run_id: of the run that is done again; the new one gets the tag `runfolio.reproduces` with it.
        request: for the new run; of a project, what is asked of it, and with what values.
        code: what is checked out for it.
        data: what is put into the checkout.
        words: the command of a script, to be run in the checkout's folder by the environment's Python; () of a
            project, whose entry point the request names.
        lock: the exact packages that it ran with, as a requirements file; "" if they are not known.
        changed: the values that are other than they were.
        tags: for the new run; what it says of its code, and which run it does again.
        problems: what will not be as it was; the fatal ones first.
    """

    run_id: str
    request: RunRequest
    code: Code = field(default_factory=Code)
    data: tuple[Data, ...] = ()
    words: tuple[str, ...] = ()
    lock: str = ""
    changed: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def is_project(self) -> bool:
        """Whether an entry point of a project is run, and not a command."""
        return not self.words

    @property
    def is_possible(self) -> bool:
        """Whether it can be run at all."""
        return not any(problem.fatal for problem in self.problems)
