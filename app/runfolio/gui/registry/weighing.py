"""What would come of moving versions to a stage: what gates say, who makes room, and what is still asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from runfolio.core.numbers import counted
from runfolio.core.people import user_name
from runfolio.core.registry.gates import Judged, Judgement
from runfolio.core.registry.names import ARCHIVED
from runfolio.core.registry.people_checks import SignOff
from runfolio.core.registry.policy import Policy
from runfolio.gui.registry.cards import named
from runfolio.store import Store
from runfolio.store.registry.transitions import preview

DROP = "Drop to "


@dataclass(frozen=True, slots=True)
class Weighed:
    """A move that is not made yet.

    Attributes:
        stage: where to.
        versions: those that would move; the ones that are there already are not among them.
        archived: those that would make room.
        plain: what the gates say of each version.
        signed: the same if the user signs it off; empty where nobody is asked to.
        promotes: whether it leads up, towards use.
        crowded: whether there is room for one alone, and these are several.
    """

    stage: str
    versions: tuple[int, ...]
    archived: tuple[int, ...] = ()
    plain: dict[int, Judgement] = field(default_factory=dict)
    signed: dict[int, Judgement] = field(default_factory=dict)
    promotes: bool = False
    crowded: bool = False

    @property
    def clear(self) -> bool:
        """Whether it can be made as it is."""
        return not self.crowded and all(one.passed for one in self.plain.values())

    @property
    def can_sign(self) -> bool:
        """Whether it helps if the user signs it off."""
        fails = sum(len(one.failing) for one in self.plain.values())
        return bool(self.signed) and sum(len(one.failing) for one in self.signed.values()) < fails

    def allows(self, reason: str, signed: bool) -> bool:
        """Whether it can be made with a reason, which may be blank, and signed off or not."""
        judged = (self.signed if signed and self.signed else self.plain).values()
        return not self.crowded and all(one.passed or (one.needs_reason and reason.strip()) for one in judged)

    @property
    def open(self) -> bool:
        """Whether there is any way to make it."""
        return self.allows("a reason", signed=True) or self.allows("a reason", signed=False)

    @property
    def takes_reason(self) -> bool:
        """Whether a reason makes up for what fails."""
        return self.open and any(one.needs_reason for one in (*self.plain.values(), *self.signed.values()))

    @property
    def needs_reason(self) -> bool:
        """Whether it cannot be made without a reason, be it signed off."""
        return not (self.allows("", signed=True) or self.allows("", signed=False))

    @property
    def title(self) -> str:
        """What a drop does, in a line."""
        if not self.versions:
            return f"In {self.stage} already"
        what = named(self.versions)
        if self.crowded:
            return f"One version at a time is in {self.stage}"
        if not self.open:
            return f"{what} cannot move to {self.stage}"
        if self.stage == ARCHIVED:
            return f"{DROP}archive {what}"
        return f"{DROP}{'promote' if self.promotes else 'move'} {what} to {self.stage}"

    @property
    def checks(self) -> list[tuple[str, Judged]]:
        """What gates have looked at: of one version each check, of several each version's verdict."""
        if len(self.plain) == 1:
            (judged,) = self.plain.values()
            return [("", one) for one in judged.checks]
        return [(f"v{version} ", Judged(one.summary, one.passed)) for version, one in self.plain.items() if one.summary]

    @property
    def room(self) -> str:
        """Who makes room, in a sentence; empty for nobody."""
        verb = "moves" if len(self.archived) == 1 else "move"
        return f"{named(self.archived)} {verb} to {ARCHIVED}" if self.archived and not self.crowded else ""

    @property
    def summary(self) -> str:
        """All in one line, for a menu: empty where there is nothing to tell."""
        if not self.plain:
            return ""
        (first, *others), failing = self.plain.values(), [one for one in self.plain.values() if not one.passed]
        told = f"✓ {first.summary}" if first.summary else ""
        if failing and others:
            told = f"✗ {len(failing):,} of {counted(len(self.plain), 'version')} do not pass"
        elif failing:
            told = f"✗ {', '.join(map(str, first.failing))}"
        return "; ".join(part for part in (told, self.room) if part)


def weigh(store: Store, name: str, policy: Policy, homes: dict[int, str]) -> dict[str, Weighed]:
    """What would come of moving versions, whose stages these are, by where they would go. Raises NotFound."""
    return {stage: _weighed(store, name, policy, homes, stage) for stage in policy.stages}


def _weighed(store: Store, name: str, policy: Policy, homes: dict[int, str], stage: str) -> Weighed:
    going = tuple(version for version, home in homes.items() if home != stage)
    if not going:
        return Weighed(stage, ())
    found = {version: preview(store, name, version, stage) for version in going}
    archived = {one: None for preview in found.values() for one in preview.archived if stage != ARCHIVED}
    signs = any(isinstance(check, SignOff) for check in policy.gate(stage).checks)
    who = user_name()
    signed = {version: preview(store, name, version, stage, who).judgement for version in going if signs and who}
    return Weighed(
        stage=stage,
        versions=going,
        archived=tuple(archived),
        plain={version: one.judgement for version, one in found.items()},
        signed=signed,
        promotes=stage != ARCHIVED and _is_up(policy.stages, [homes[one] for one in going], stage),
        crowded=policy.is_single(stage) and len(going) > 1,
    )


def _is_up(stages: Sequence[str], homes: Sequence[str], stage: str) -> bool:
    """An archived version that comes back is not led up: it was there before."""
    return all(home != ARCHIVED and stages.index(home) < stages.index(stage) for home in homes if home in stages)
