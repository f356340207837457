"""What a board shows, as it is read on a worker: the cards of a model's versions, and what gates say of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from runfolio.core import numbers
from runfolio.core.clock import now_ms
from runfolio.core.registry.card import card_metrics
from runfolio.core.registry.names import ARCHIVED
from runfolio.core.registry.policy import Policy
from runfolio.core.registry.records import ModelVersion
from runfolio.store import Store
from runfolio.store.registry.policies import policy_of
from runfolio.store.registry.reading import list_versions
from runfolio.store.registry.transitions import preview


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gates of a stage would say of a version: in one line, empty where nothing is asked for."""

    stage: str = ""
    text: str = ""
    passed: bool = True

    def __str__(self) -> str:
        return f"{self.stage}: {self.text}" if self.text else ""


@dataclass(frozen=True, slots=True)
class Card:
    """One version as it is shown.

    Attributes:
        version: what is known of it.
        metrics: of these, what is shown, in one line.
        verdict: of the gates of the next stage that asks for something.
    """

    version: ModelVersion
    metrics: str = ""
    verdict: Verdict = field(default_factory=Verdict)

    @property
    def number(self) -> int:
        """The number of the version."""
        return self.version.version

    @property
    def age(self) -> str:
        """How long ago it was registered."""
        return numbers.age(self.version.creation_time, now_ms())

    @property
    def run(self) -> str:
        """Where it comes from, in words; empty if that is no run of this store."""
        return f"from {self.version.run_name or 'its run'}" if self.version.run is not None else ""

    def told(self, note: str = "") -> str:
        """All of it in a sentence, for assistive tools."""
        aliases = ", ".join(f"@{one}" for one in self.version.aliases)
        parts = f"v{self.number}", self.version.stage, self.age, aliases, self.metrics, str(self.verdict), self.run
        return ", ".join(part for part in (*parts, note) if part)

    def has(self, words: Sequence[str]) -> bool:
        """Whether it is searched for by these words, which are in lower case."""
        one = self.version
        tags = (f"{name}={value}" for name, value in one.tags.items())
        texts = f"v{one.version}", one.stage, one.run_name, one.user, one.description, *one.facts.flavors, *tags
        known = "\n".join((*texts, *(f"@{alias}" for alias in one.aliases), self.metrics)).lower()
        return all(word in known for word in words)


@dataclass(frozen=True, slots=True)
class Shown:
    """A model as its board shows it.

    Attributes:
        name: of the model.
        policy: its stages, and what is asked for in them.
        cards: the newest version first.
    """

    name: str
    policy: Policy = field(default_factory=Policy)
    cards: tuple[Card, ...] = ()

    def card(self, version: int) -> Card | None:
        """The card of a version; None if there is none."""
        return next((one for one in self.cards if one.number == version), None)


def read_board(store: Store, name: str) -> Shown:
    """The versions of a model with their metrics, without what gates say of them. Raises NotFound."""
    policy = policy_of(store, name)
    versions = list_versions(store, name)
    shown = card_metrics(policy.card, [one.metrics for one in versions])
    # All cards show as many digits of a metric, so that they can be compared at a glance.
    formats = {key: numbers.column_format(one.metrics[key] for one in versions if key in one.metrics) for key in shown}
    return Shown(name, policy, tuple(Card(one, _metrics(one, formats)) for one in versions))


def read_verdicts(store: Store, shown: Shown, versions: Collection[int]) -> dict[int, Verdict]:
    """What the gates of the next stage that asks for something say of some of the versions. Raises NotFound."""
    found = dict.fromkeys(versions, Verdict())
    for card in shown.cards:
        stage = next_gate(shown.policy, card.version.stage) if card.number in found else ""
        if stage:
            judged = preview(store, shown.name, card.number, stage).judgement
            found[card.number] = Verdict(stage, judged.summary, judged.passed)
    return found


def next_gate(policy: Policy, stage: str) -> str:
    """The next stage up from this one that asks for something; empty if none does, and for the archived."""
    if stage == ARCHIVED or stage not in policy.stages:
        return ""
    later = policy.stages[policy.stages.index(stage) + 1 :]
    return next((one for one in later if policy.gate(one).checks), "")


def named(versions: Iterable[int]) -> str:
    """Versions as a text names them: `v4`, `v4 and v5`, `v4, v5 and v6`."""
    listed = [f"v{one}" for one in versions]
    return " and ".join(part for part in (", ".join(listed[:-1]), *listed[-1:]) if part)


def _metrics(version: ModelVersion, formats: Mapping[str, numbers.NumberFormat]) -> str:
    known = version.metrics
    return " · ".join(f"{key} {form.text(known[key])}" for key, form in formats.items() if key in known)
