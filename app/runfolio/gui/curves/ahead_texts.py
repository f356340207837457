"""What a chart says of runs that go on and have said how far: how long they will still take. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from runfolio.core.known_total import left_text, seconds_left
from runfolio.gui.curves.lineup import Ahead


def left(aheads: Sequence[Ahead], now: int) -> str:
    """When the last of the runs will be done; empty if nobody knows of any of them. `now` is in epoch milliseconds."""
    known = [seconds for one in aheads if (seconds := seconds_left(one.recent, one.end, now)) is not None]
    if not known:
        return ""
    last = left_text(max(known))
    return last if len(aheads) == 1 else f"{last} for the last of {len(aheads):,} running"


def details(aheads: Iterable[tuple[str, Ahead]], now: int) -> str:
    """A line for each run: how far it is, and how long the rest takes."""
    return "\n".join(f"{name}: {_of(ahead, now)}" for name, ahead in aheads)


def _of(ahead: Ahead, now: int) -> str:
    told = f"step {int(ahead.recent.steps[-1]):,} of {ahead.end:,}"
    seconds = seconds_left(ahead.recent, ahead.end, now)
    return f"{told}, {left_text(seconds)}" if seconds is not None else f"{told}; how long that takes is not known"
