"""What gates that somebody is writing would say of a model's newest version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from runfolio.core.registry.gates import Judgement
from runfolio.core.registry.policy import Policy
from runfolio.store.connection import Store
from runfolio.store.registry.evidence import judged
from runfolio.store.registry.reading import list_versions


@dataclass(frozen=True, slots=True)
class DraftVerdict:
    """What came of it: the version that was judged, None of a model without any, and a judgement for each stage."""

    version: int | None = None
    by_stage: Mapping[str, Judgement] = field(default_factory=dict)


def judge_draft(store: Store, name: str, policy: Policy) -> DraftVerdict:
    """Judge the newest version by the gates of a policy, whoever has it. Raises NotFound."""
    versions = list_versions(store, name)
    if not versions:
        return DraftVerdict()
    newest = versions[0]
    with store.reading() as connection:
        found = {stage: judged(connection, gate, newest, stage) for stage, gate in policy.gates.items()}
    return DraftVerdict(newest.version, found)
