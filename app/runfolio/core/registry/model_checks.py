"""Checks of the files of a version: what its model says of itself, and whether it works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from runfolio.core import numbers
from runfolio.core.registry.gates import Check, Evidence, Judged


@dataclass(frozen=True, slots=True)
class Signature(Check):
    """The model says what it takes."""

    KEY: ClassVar[str] = "signature"
    EXAMPLE: ClassVar[str] = "signature"
    text: ClassVar[str] = "has a signature"

    def judge(self, evidence: Evidence) -> Judged:
        """See Check."""
        return Judged(self.text, True) if evidence.has_signature else Judged("no signature", False)


@dataclass(frozen=True, slots=True)
class InputExample(Check):
    """The model comes with an example of what it takes."""

    KEY: ClassVar[str] = "input_example"
    EXAMPLE: ClassVar[str] = "input_example"
    text: ClassVar[str] = "has an input example"

    def judge(self, evidence: Evidence) -> Judged:
        """See Check."""
        return Judged(self.text, True) if evidence.has_input_example else Judged("no input example", False)


@dataclass(frozen=True, slots=True)
class Environment(Check):
    """The model's environment could be made of its files, and it predicted there."""

    KEY: ClassVar[str] = "environment"
    EXAMPLE: ClassVar[str] = "environment"
    text: ClassVar[str] = "environment rebuilt and predicts"

    def judge(self, evidence: Evidence) -> Judged:
        """See Check."""
        if evidence.environment is None:
            return Judged(self.text, False, "never checked")
        when = "" if evidence.environment_time is None else numbers.age(evidence.environment_time, evidence.now)
        found = when if evidence.environment else f"failed {when}".strip()
        return Judged(self.text, evidence.environment, found)
