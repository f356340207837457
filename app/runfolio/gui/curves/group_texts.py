"""What a chart of groups says of its lines: what they are, and of how many runs. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from runfolio.core import numbers
from runfolio.core.bands import counts_text, title
from runfolio.gui.curves.lineup import Shown, ShownGroup, Spread


def caption(spreads: Sequence[Spread]) -> str:
    """The legend of a chart in one line: `mean ± std · n 3 to 5, interpolated`."""
    least = min((one.counts[0] for one in spreads if one.counts[0]), default=0)
    counts = counts_text(least, max(one.counts[1] for one in spreads))
    interpolated = ", interpolated" if any(one.interpolated for one in spreads) else ""
    first = spreads[0]
    return f"{title(first.line, first.band)} · {counts}{interpolated}"


def details(groups: Iterable[tuple[Shown, Spread]]) -> str:
    """One line for each group: of how many runs and points it is made, and what these lack."""
    return "\n".join(f"{group.name}: {_of(group, spread)}" for group, spread in groups)


def _of(group: Shown, spread: Spread) -> str:
    members, total = (len(group.members), group.total) if isinstance(group, ShownGroup) else (1, 1)
    told = [counts_text(*spread.counts), numbers.counted(spread.points, "point")]
    if spread.left_out:
        told.append(
            f"of the first {spread.runs:,} runs with this metric, for {spread.left_out:,} more have too many points"
        )
    elif spread.runs < members:
        told[0] += f" of {members:,} runs, for the others have no such metric"
    if total > members:
        told.append(f"of the first {members:,} of {total:,} runs")
    if spread.interpolated:
        told.append("interpolated between the steps that a run has, never beyond its first and last one")
    if spread.every > 1:
        told.append(f"at one of {spread.every:,} steps, for there are too many; zoom in to see more")
    if spread.non_finite:
        are = "is NaN or infinite and leaves a gap" if spread.non_finite == 1 else "are NaN or infinite and leave gaps"
        told.append(f"of which {spread.non_finite:,} {are}")
    if len(spread.members) < spread.runs and spread.members:
        told.append(f"the first {len(spread.members):,} of them are faint behind")
    return "; ".join(told)
