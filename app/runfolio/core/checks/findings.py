"""What checks look at, and what they find."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from runfolio.core.cell_rules import Tone
from runfolio.core.curves import Points
from runfolio.core.entities import MetricSummary, Run
from runfolio.core.packages import Lock
from runfolio.core.patches import Patch
from runfolio.core.system_tags import is_system_metric


def rank(tone: Tone) -> int:
    """The greater the worse."""
    return list(Tone).index(tone)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check says of a run.

    Attributes:
        check: the check's name.
        tone: how bad it is.
        text: what was seen and where, in one short sentence.
        metric: the metric that it was seen in; empty if in none.
        step: where in it; None if nowhere in particular.
    """

    check: str
    tone: Tone
    text: str
    metric: str = ""
    step: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a cell shows of a run's checks: what was found wrong, the worst first. Nothing is fine."""

    findings: tuple[Finding, ...] = ()

    @property
    def tone(self) -> Tone:
        """How bad the worst is."""
        return max((one.tone for one in self.findings), key=rank, default=Tone.OK)

    @property
    def text(self) -> str:
        """The sign of the worst, and how many there are: `! 2`, or `✓`."""
        return f"{self.tone.shape} {len(self.findings)}" if self.findings else self.tone.shape

    @property
    def names(self) -> str:
        """What was found, for files: `overfit, plateau`, or `ok`."""
        return ", ".join(one.check for one in self.findings) or "ok"

    @property
    def sentences(self) -> str:
        """A line for each."""
        return "\n".join(f"{one.tone.shape} {one.text}" for one in self.findings) or "Nothing found"


#: Reads the points of one metric by step; with True all of them, else as many as tell its course.
Reader = Callable[[str, bool], Points]


@dataclass(frozen=True, slots=True)
class Facts:
    """A run as checks see it.

    Attributes:
        run: everything small about it.
        read: its curves.
        lock: the packages it ran with; None where they were not captured.
        patch: what was not committed; None where nothing is known.
        children: how many runs are nested in it.
        twin: the name of an earlier run with the same params, code, data and script; empty if there is none.
    """

    run: Run
    read: Reader
    lock: Lock | None = None
    patch: Patch | None = None
    children: int = 0
    twin: str = ""
    metrics: Mapping[str, MetricSummary] = field(init=False)

    def __post_init__(self) -> None:
        own = {key: one for key, one in self.run.metrics.items() if not is_system_metric(key)}
        object.__setattr__(self, "metrics", own)
