"""What a chart says of points that have no place along x, and of groups whose runs cannot be put together. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from runfolio.core.numbers import counted
from runfolio.gui.curves.lineup import Lack


def nothing(lacks: Sequence[Lack]) -> str:
    """Why there is no line at all; empty if that has other reasons."""
    if not lacks:
        return ""
    metric = lacks[0].metric
    if all(one.missing for one in lacks):
        return f"no values of {metric}"
    if all(one.missing or one.apart for one in lacks):
        return f"no common steps with {metric}"
    if any(one.non_finite for one in lacks):
        return f"no finite value of {metric}"
    return "nothing above 0 along x"


def some(lacks: Sequence[Lack]) -> str:
    """What is missing beside lines that are there, in a few words."""
    without = sum(one.missing or one.apart for one in lacks)
    left_out = sum(one.non_finite + one.below for one in lacks)
    return " · ".join(
        filter(
            None,
            (
                f"{without} without common steps" if without else "",
                f"{counted(left_out, 'point')} left out" if left_out else "",
                "each run by itself" if any(one.single for one in lacks) else "",
            ),
        )
    )


def details(lacks: Iterable[tuple[str, Lack]]) -> str:
    """A line for each run or group that lacks something."""
    return "\n".join(f"{name}: {'; '.join(_of(lack))}" for name, lack in lacks)


def _of(lack: Lack) -> list[str]:
    told = []
    if lack.missing:
        told.append(f"has not logged {lack.metric}")
    if lack.apart:
        told.append(f"no step has this metric and {lack.metric}")
    if lack.non_finite:
        told.append(f"{counted(lack.non_finite, 'step')} left out, where {lack.metric} is NaN or infinite")
    if lack.below:
        told.append(f"{counted(lack.below, 'point')} left out, where x is not above 0")
    if lack.single:
        told.append(f"{lack.metric} goes back and forth, so that there is no band: each run has its own line")
    return told
