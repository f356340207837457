"""Gates: what a version must have before it moves into a stage, and whether it has.

A gate is a list of checks (their kinds: `check_kinds.py`). Each is judged by evidence that somebody has collected, and
says in few words what it asks for and what it found: `auc ≥ 0.93 (0.947)`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Self

from runfolio.core import numbers


class WhenFailing(StrEnum):
    """What a gate does that does not let a version pass: it blocks the move, or asks for a written reason."""

    BLOCK = "block"
    REASON = "reason"


@dataclass(frozen=True, slots=True)
class Holder:
    """The version that is in a stage, before another moves there.

    Attributes:
        version: its number.
        metrics: its last values.
    """

    version: int
    metrics: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a version that is to move into a stage.

    Attributes:
        stage: where it is to go, as the policy writes it.
        metrics: its last values; they may be NaN.
        tags: of the version.
        description: of the version.
        has_signature: whether its model says what it takes.
        has_input_example: whether its model comes with an example.
        holder: the version that is in the stage now; None if nobody is.
        environment: whether its environment could be made of its files and it predicted there; None if nobody tried.
        environment_time: when that was tried, in epoch milliseconds.
        git_clean: whether all code of its run was committed; None if that is not known.
        git_commit: the commit of its run; may be empty.
        runs_in_group: how many runs differ from its run by the seed alone, with itself; None if it is of no run.
        signed_off_by: who says yes with the move; empty for nobody.
        now: the moment that ages are counted from, in epoch milliseconds.
    """

    stage: str
    metrics: Mapping[str, float] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    description: str = ""
    has_signature: bool = False
    has_input_example: bool = False
    holder: Holder | None = None
    environment: bool | None = None
    environment_time: int | None = None
    git_clean: bool | None = None
    git_commit: str = ""
    runs_in_group: int | None = None
    signed_off_by: str = ""
    now: int = 0


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a check.

    Attributes:
        text: what it asks for, or what is missing: `auc ≥ 0.93`, `no signature`.
        passed: whether the version has it.
        found: what it has instead or in particular: `0.947`; may be empty.
    """

    text: str
    passed: bool
    found: str = ""

    def __str__(self) -> str:
        return f"{self.text} ({self.found})" if self.found else self.text


class Check(ABC):
    """A kind of check; one of it is a frozen dataclass.

    Attributes:
        KEY: the word in a policy that tells which kind it is.
        FIELDS: the keys it is written with; none for what is a single word.
        ALONE: whether the word says enough.
        EXAMPLE: how one is written.
    """

    __slots__ = ()
    KEY: ClassVar[str]
    FIELDS: ClassVar[tuple[str, ...]] = ()
    ALONE: ClassVar[bool] = True
    EXAMPLE: ClassVar[str]

    @classmethod
    def read(cls, given: Mapping[str, Any], place: str) -> Self:
        """The check that was written, with its keys, which are known ones. Raises InvalidValue."""
        return cls()

    def written(self) -> str | dict[str, object]:
        """Plain values that are read as the same check."""
        return self.KEY

    @property
    @abstractmethod
    def text(self) -> str:
        """What it asks for."""

    @abstractmethod
    def judge(self, evidence: Evidence) -> Judged:
        """Whether the version has it."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What is asked of versions that move into a stage.

    Attributes:
        checks: in the order in which they are told.
        when_failing: what happens if one of them fails.
    """

    checks: tuple[Check, ...] = ()
    when_failing: WhenFailing = WhenFailing.BLOCK


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of a gate.

    Attributes:
        checks: one for each of the gate's.
        when_failing: as the gate has it.
    """

    checks: tuple[Judged, ...] = ()
    when_failing: WhenFailing = WhenFailing.BLOCK

    @property
    def passed(self) -> bool:
        """Whether all checks have."""
        return not self.failing

    @property
    def failing(self) -> tuple[Judged, ...]:
        """Those that have not."""
        return tuple(one for one in self.checks if not one.passed)

    @property
    def blocked(self) -> bool:
        """Whether the move is refused."""
        return not self.passed and self.when_failing is WhenFailing.BLOCK

    @property
    def needs_reason(self) -> bool:
        """Whether the move must be given a written reason."""
        return not self.passed and self.when_failing is WhenFailing.REASON

    @property
    def summary(self) -> str:
        """All in one line: `4 of 4 gates`, `1 gate fails: no signature`; empty where nothing is asked for."""
        number = len(self.checks)
        if self.passed:
            return f"{number} of {numbers.counted(number, 'gate')}" if number else ""
        fail = "fails" if len(self.failing) == 1 else "fail"
        return f"{numbers.counted(len(self.failing), 'gate')} {fail}: {', '.join(map(str, self.failing))}"


def judge(gate: Gate, evidence: Evidence) -> Judgement:
    """Judge each check of a gate by what is known of a version."""
    return Judgement(tuple(check.judge(evidence) for check in gate.checks), gate.when_failing)
