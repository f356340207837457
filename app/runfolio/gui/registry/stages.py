"""What stages look like."""

from __future__ import annotations

from collections.abc import Sequence

from runfolio.core.registry.names import ARCHIVED, NONE, PRODUCTION, STAGING

OWN = ("stage_own_1", "stage_own_2", "stage_own_3")
ROLES = {
    NONE: "stage_none",
    STAGING: "stage_staging",
    PRODUCTION: "stage_production",
    ARCHIVED: "stage_archived",
}


def stage_role(stage: str, stages: Sequence[str]) -> str:
    """The colour of a stage, by its role in the theme; stages of a model's own take turns."""
    if stage in ROLES:
        return ROLES[stage]
    own = [one for one in stages if one not in ROLES]
    return OWN[own.index(stage) % len(OWN)] if stage in own else "muted"
