"""What runs are called where several are seen together: those of one name are told apart by the start of their ids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

#: An id's first characters tell runs apart mostly; as many more as it takes.
SHORT = 4


def run_titles(names: Sequence[str], ids: Sequence[str]) -> list[str]:
    """The names of runs, those that are not theirs alone with the start of the run's id: `baseline · 3f2a`."""
    marks = marks_of(shared_names(names), ids)
    return [titled(name, marks.get(place, "")) for place, name in enumerate(names)]


def titled(name: str, mark: str) -> str:
    """A name with what tells it apart, if anything does."""
    return " · ".join(filter(None, (name, mark)))


def shared_names(names: Sequence[str]) -> list[list[int]]:
    """The places of runs that have the same name, or none, as others."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, name in enumerate(names):
        places[name].append(place)
    return [found for name, found in places.items() if len(found) > 1 or not name]


def marks_of(shared: Sequence[Sequence[int]], ids: Sequence[str] | Mapping[int, str]) -> dict[int, str]:
    """What tells runs apart that share a name, by their places: as much of their ids as all of these need."""
    found: dict[int, str] = {}
    for places in shared:
        own = [ids[place] for place in places]
        longest = max(map(len, own), default=0)
        short = next((size for size in range(SHORT, longest) if len({one[:size] for one in own}) == len(own)), longest)
        found.update({place: one[:short] for place, one in zip(places, own, strict=True)})
    return found
