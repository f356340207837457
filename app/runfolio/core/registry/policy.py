"""A model's policy: its stages, what is asked for in each, what its cards show, and what is told of moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from runfolio.core.errors import InvalidValue
from runfolio.core.registry import fields
from runfolio.core.registry.events import Event
from runfolio.core.registry.gates import Gate
from runfolio.core.registry.names import PRODUCTION, STAGES, STAGING


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of a registered model; those that hold where nobody has written any are the defaults.

    Attributes:
        stages: all of them, in their order, from None to Archived.
        single: those that one version holds: the holder is archived when another moves there.
        card: the metrics that cards show, in their order.
        gates: what is asked for, by stage; neither None nor Archived has any.
        events: what is told of moves.
    """

    stages: tuple[str, ...] = STAGES
    single: tuple[str, ...] = (STAGING, PRODUCTION)
    card: tuple[str, ...] = ()
    gates: Mapping[str, Gate] = field(default_factory=dict)
    events: tuple[Event, ...] = ()

    def stage(self, name: str) -> str:
        """A stage as the policy writes it; the case does not matter. Raises InvalidValue with the nearest one."""
        for one in self.stages:
            if isinstance(name, str) and one.casefold() == name.casefold():
                return one
        raise InvalidValue(f"The model has no stage {fields.shown(name)}.", fields.meant(name, self.stages))

    def is_single(self, stage: str) -> bool:
        """Whether one version alone holds a stage. Raises InvalidValue."""
        return self.stage(stage) in self.single

    def gate(self, stage: str) -> Gate:
        """What is asked for in a stage, which may be nothing. Raises InvalidValue."""
        return self.gates.get(self.stage(stage), Gate())

    def events_on(self, stage: str) -> tuple[Event, ...]:
        """What is told of moves into a stage. Raises InvalidValue."""
        name = self.stage(stage)
        return tuple(one for one in self.events if not one.on or name in one.on)
