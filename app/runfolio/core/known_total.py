"""How far a run is to go, where it has said so, and how long that will take at its pace of late."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from runfolio.core.curves import Points

#: The tag that says it in so many words.
TOTAL_TAG = "runfolio.total_steps"
#: Params that count steps, and those that count epochs, as scripts and libraries call them; the first one counts.
STEP_PARAMS = ("max_steps", "total_steps", "num_steps")
EPOCH_PARAMS = ("epochs", "num_epochs", "max_epochs", "n_epochs")
#: The pace is that of so many of the last points at most.
RECENT = 100
#: Where nothing has come for so long, in seconds and in times of the longest wait before, nobody knows any more.
SILENCE, WAITS = 60.0, 5.0
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


@dataclass(frozen=True, slots=True)
class Total:
    """How many steps, or epochs, there are to be, and what has said so."""

    number: int
    said_by: str
    epochs: bool = False


def known_total(params: Mapping[str, str], tags: Mapping[str, str]) -> Total | None:
    """What a run's params and tags say; numbers that are not whole or not above 0, such as Lightning's -1, say nothing.

    The tag comes first, then steps, then epochs.
    """
    sources = (tags, (TOTAL_TAG,), False), (params, STEP_PARAMS, False), (params, EPOCH_PARAMS, True)
    for values, names, epochs in sources:
        for name in names:
            number = _whole(values.get(name, ""))
            if number is not None:
                return Total(number, name, epochs)
    return None


def _whole(text: str) -> int | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return int(value) if math.isfinite(value) and 0 < value < 2**62 and value == int(value) else None


def last_step(total: Total, recent: Points) -> int | None:
    """The step that the axis goes up to, given the last points of a metric; None where these do not fit the total.

    Epochs count only where each of these points is one step after the one before: else steps are something smaller.
    """
    if not len(recent) or int(recent.steps[-1]) > total.number:
        return None
    if total.epochs and (len(recent) < 2 or not np.all(np.diff(np.unique(recent.steps)) == 1)):
        return None
    return total.number


def seconds_left(recent: Points, end: int, now: int) -> float | None:
    """How long it takes until a step at the pace of the last points, in seconds from `now` (epoch milliseconds).

    None where nobody knows: of fewer than two steps, where time stands still, or where nothing has come for far longer
    than before.
    """
    steps, times = recent.steps[-RECENT:], recent.times[-RECENT:].astype(np.float64) / 1000
    if len(steps) < 2 or steps[-1] <= steps[0] or times[-1] <= times[0]:
        return None
    pace = float(times[-1] - times[0]) / float(steps[-1] - steps[0])
    silent = max(now / 1000 - float(times[-1]), 0.0)
    if silent > max(SILENCE, WAITS * float(np.max(np.abs(np.diff(times))))):
        return None
    return max(float(end - int(steps[-1])) * pace - silent, 0.0)


def left_text(seconds: float) -> str:
    """A remaining time as rough as it is known: `about 12 min left`, `about 2 h 30 min left`, `about 3 days left`."""
    if seconds < MINUTE:
        return "less than a minute left"
    if seconds < 20 * MINUTE:
        return f"about {round(seconds / MINUTE)} min left"
    if seconds < 57.5 * MINUTE:
        return f"about {5 * round(seconds / MINUTE / 5)} min left"
    if seconds < 6 * HOUR:
        hours, half = divmod(max(2, round(seconds / HOUR * 2)), 2)
        return f"about {hours} h{' 30 min' if half else ''} left"
    if seconds < 36 * HOUR:
        return f"about {round(seconds / HOUR)} h left"
    days = seconds / DAY
    return f"about {days:.0f} days left" if days < 1000 else "years left"
