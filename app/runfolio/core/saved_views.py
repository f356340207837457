"""Views with a name, as a store keeps them and as files hand them on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from runfolio.core import rules
from runfolio.core.errors import InvalidValue
from runfolio.core.views import View, read_view

SUFFIX = ".runfolio-view"
MAX_NAME_LENGTH = 250
#: A file of more bytes is none of ours.
MOST_BYTES = 4_000_000
MOST_EXPERIMENTS = 10_000

Charts = Mapping[str, str | float | bool]


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view and what belongs to it.

    Attributes:
        name: what it is called.
        view: how the runs are looked at.
        experiments: the names of those whose runs are listed; empty for whichever are chosen.
        charts: the options of the charts, by name.
    """

    name: str
    view: View
    experiments: tuple[str, ...] = ()
    charts: Charts = field(default_factory=dict)

    def to_json(self) -> str:
        """All of it as a text for the store, and for a file."""
        about = {"name": self.name, "experiments": list(self.experiments), "charts": dict(self.charts)}
        return json.dumps(about | json.loads(self.view.to_json()), ensure_ascii=False, indent=1)


def read_saved_view(text: str, name: str = "") -> tuple[SavedView, list[str]]:
    """The saved view that a text holds, with what could not be understood; `name` counts where it has none.

    Raises:
        InvalidValue: it is no view, or one of a later version.
    """
    if len(text) > MOST_BYTES:
        raise InvalidValue("This is no view: it is too long.")
    view, problems = read_view(text)
    given = json.loads(text)
    called = given.get("name")
    kept = called if isinstance(called, str) and called.strip() else name
    experiments = _names(given.get("experiments", []), problems)
    return SavedView(view_name(kept or "View"), view, experiments, _charts(given.get("charts", {}), problems)), problems


def view_name(name: str) -> str:
    """The name of a view: not blank, up to 250 characters. Raises InvalidValue."""
    name = rules.text(" ".join(name.split()))
    if not name:
        raise InvalidValue("A view needs a name.")
    if len(name) > MAX_NAME_LENGTH:
        raise InvalidValue(f"A view's name has at most {MAX_NAME_LENGTH} characters; this one has {len(name)}.")
    return name


def _names(given: Any, problems: list[str]) -> tuple[str, ...]:
    if isinstance(given, list) and len(given) <= MOST_EXPERIMENTS and all(isinstance(one, str) for one in given):
        return tuple(given)
    problems.append("experiments: not a list of names")
    return ()


def _charts(given: Any, problems: list[str]) -> Charts:
    if isinstance(given, dict) and all(isinstance(one, (str, int, float, bool)) for one in given.values()):
        return given
    problems.append("charts: not an object of options")
    return {}
