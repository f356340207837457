"""Checks of what people have said of a version: its description, its tags, their word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from runfolio.core.registry import fields
from runfolio.core.registry.gates import Check, Evidence, Judged

# More of a tag's value is not read in a line.
LONGEST = 40


@dataclass(frozen=True, slots=True)
class Description(Check):
    """Somebody has written what the version is."""

    KEY: ClassVar[str] = "description"
    EXAMPLE: ClassVar[str] = "description"
    text: ClassVar[str] = "description written"

    def judge(self, evidence: Evidence) -> Judged:
        """See Check."""
        return Judged(self.text, True) if evidence.description.strip() else Judged("no description", False)


@dataclass(frozen=True, slots=True)
class Tagged(Check):
    """The version has a tag.

    Attributes:
        tag: its key.
        value: what it must say, letter by letter; None if anything will do.
    """

    tag: str
    value: str | None = None
    KEY: ClassVar[str] = "tag"
    FIELDS: ClassVar[tuple[str, ...]] = ("tag", "value")
    ALONE: ClassVar[bool] = False
    EXAMPLE: ClassVar[str] = '{tag: reviewed, value: "yes"}'

    @classmethod
    def read(cls, given: Mapping[str, Any], place: str) -> Self:
        """See Check."""
        tag = fields.key(given[cls.KEY], fields.below(place, cls.KEY), "tag")
        if "value" not in given:
            return cls(tag)
        return cls(tag, fields.text(given["value"], fields.below(place, "value"), "the value of a tag"))

    def written(self) -> dict[str, object]:
        """See Check."""
        found: dict[str, object] = {"tag": self.tag}
        return found if self.value is None else found | {"value": self.value}

    @property
    def text(self) -> str:
        """See Check."""
        return f"tag {self.tag}" if self.value is None else f"tag {self.tag} = {_brief(self.value)}"

    def judge(self, evidence: Evidence) -> Judged:
        """See Check."""
        found = evidence.tags.get(self.tag)
        if found is None:
            return Judged(self.text, False, "not set")
        passed = self.value is None or found == self.value
        return Judged(self.text, passed, "" if found == self.value else _brief(found))


@dataclass(frozen=True, slots=True)
class SignOff(Check):
    """A person says yes with the move.

    Attributes:
        people: who may; anybody if empty.
    """

    people: tuple[str, ...] = ()
    KEY: ClassVar[str] = "sign_off"
    FIELDS: ClassVar[tuple[str, ...]] = ("sign_off",)
    EXAMPLE: ClassVar[str] = "{sign_off: [anna, bert]}"

    @classmethod
    def read(cls, given: Mapping[str, Any], place: str) -> Self:
        """See Check."""
        there = fields.below(place, cls.KEY)
        people = [fields.text(one, at, "a person") for one, at in fields.listed(given[cls.KEY], there)]
        if not people:
            raise fields.wrong(there, "nobody is named.", f"Write {cls.KEY} alone if anybody may sign.")
        return cls(fields.once(people, there))

    def written(self) -> str | dict[str, object]:
        """See Check."""
        return {self.KEY: list(self.people)} if self.people else self.KEY

    @property
    def text(self) -> str:
        """See Check."""
        return f"signed off by {' or '.join(self.people)}" if self.people else "signed off"

    def judge(self, evidence: Evidence) -> Judged:
        """See Check."""
        person = evidence.signed_off_by
        if not person:
            return Judged(self.text, False, "not yet")
        if self.people and person not in self.people:
            return Judged(self.text, False, person)
        return Judged(f"signed off by {person}", True)


def _brief(text: str) -> str:
    """A text in one short line."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
