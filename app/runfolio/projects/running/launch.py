"""What is to be started, once it is clear: everything that can be wrong with a request was found before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from runfolio.core.projects.command import ShellCommand
from runfolio.core.projects.records import DeclaredEnvironment
from runfolio.core.projects.request import RunRequest


@dataclass(frozen=True, slots=True)
class Launch:
    """A process to be, and the run that it is to have.

    Attributes:
        folder: where it works.
        params: of the run, as they were given.
        tags: of the run, beside those that every run of a project has.
        patch: what is not committed of its code; empty if there is nothing.
        words: the command for a system that has no POSIX shell; empty for where there is one.
        lock: the exact packages of an environment that was before; "" to make what is declared.
    """

    request: RunRequest
    folder: Path
    command: ShellCommand
    environment: DeclaredEnvironment
    params: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    patch: bytes = b""
    lock: str = ""
    words: Sequence[str] = ()
