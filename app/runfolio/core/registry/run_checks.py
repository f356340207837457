"""Checks of the run that a version is from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from runfolio.core import numbers
from runfolio.core.registry import fields
from runfolio.core.registry.gates import Check, Evidence, Judged

# So many characters of a commit are enough for a glance.
COMMIT = 6


@dataclass(frozen=True, slots=True)
class CleanGit(Check):
    """All code of the version's run was committed."""

    KEY: ClassVar[str] = "clean_git"
    EXAMPLE: ClassVar[str] = "clean_git"
    text: ClassVar[str] = "git state clean"

    def judge(self, evidence: Evidence) -> Judged:
        """See Check."""
        if evidence.git_clean is None:
            return Judged(self.text, False, "not known")
        commit = evidence.git_commit[:COMMIT]
        changed = "" if evidence.git_clean else "with changes"
        return Judged(self.text, evidence.git_clean, f"{commit} {changed}".strip())


@dataclass(frozen=True, slots=True)
class RunsInGroup(Check):
    """So many runs differ from the version's run by the seed alone, with itself.

    Attributes:
        least: how many there must be.
    """

    least: int
    KEY: ClassVar[str] = "runs_in_group"
    FIELDS: ClassVar[tuple[str, ...]] = ("runs_in_group",)
    ALONE: ClassVar[bool] = False
    EXAMPLE: ClassVar[str] = "{runs_in_group: 3}"

    @classmethod
    def read(cls, given: Mapping[str, Any], place: str) -> Self:
        """See Check."""
        return cls(fields.whole(given[cls.KEY], fields.below(place, cls.KEY), cls.KEY))

    def written(self) -> dict[str, object]:
        """See Check."""
        return {self.KEY: self.least}

    @property
    def text(self) -> str:
        """See Check."""
        return f"{numbers.counted(self.least, 'run')} in its group"

    def judge(self, evidence: Evidence) -> Judged:
        """See Check."""
        number = evidence.runs_in_group
        if number is None:
            return Judged(self.text, False, "it is of no run")
        return Judged(self.text, number >= self.least, f"{number:,}")
