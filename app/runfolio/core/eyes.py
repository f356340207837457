"""Which runs the charts show: all that are selected, but for those that are hidden, or only some."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from runfolio.core.views import View


@dataclass(frozen=True, slots=True)
class Eyes:
    """Runs by their public ids.

    Attributes:
        hidden: those that are not shown.
        only: where there are any, no others are shown, whatever is selected; in their order.
    """

    hidden: frozenset[str] = frozenset()
    only: dict[str, None] = field(default_factory=dict)

    def sees(self, run_id: str) -> bool:
        """Whether a run is shown."""
        return run_id not in self.hidden and (not self.only or run_id in self.only)


def eyes_of(view: View) -> Eyes:
    """Which runs a view shows in charts."""
    return Eyes(frozenset(view.hidden_runs), dict.fromkeys(view.only_runs))


def toggled(view: View, run_ids: Collection[str]) -> View:
    """The view with these runs hidden if any of them is shown, else with all of them shown."""
    eyes, wanted = eyes_of(view), dict.fromkeys(run_ids)
    if any(map(eyes.sees, wanted)):
        return replace(view, hidden_runs=(*view.hidden_runs, *(one for one in wanted if one not in eyes.hidden)))
    hidden = tuple(one for one in view.hidden_runs if one not in wanted)
    more = tuple(one for one in wanted if one not in eyes.only) if eyes.only else ()
    return replace(view, hidden_runs=hidden, only_runs=(*view.only_runs, *more))


def only_shown(view: View, run_ids: Iterable[str]) -> View:
    """The view with these runs shown and no others."""
    return replace(view, hidden_runs=(), only_runs=tuple(run_ids))


def all_shown(view: View) -> View:
    """The view with no run hidden."""
    return replace(view, hidden_runs=(), only_runs=())
