"""Why nearly each run is a group of its own where all settings but some make the groups, and what would mend that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

#: So many settings are left out one after the other, at most, to have runs in common.
MOST = 6
#: Runs are alone if more than this share of them are groups of their own; they are together if on average two are.
ALONE, TOGETHER = 0.75, 2


def are_alone(sizes: Sequence[int]) -> bool:
    """Whether most runs share their group with no other run."""
    return len(sizes) > 1 and sum(size == 1 for size in sizes) > ALONE * sum(sizes)


def keeping_apart(settings: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """The settings, by name, without which runs have company; none if only without all of them.

    Those that are another one in each run come first: nothing is in common with them. Then, one after the other, that
    without which there are the fewest groups. `settings` are those of each run, or of each group of one.
    """
    names = sorted({name for own in settings for name in own})
    values = {name: [own.get(name) for own in settings] for name in names}
    varying = [name for name in names if len(set(values[name])) > 1]
    out = [name for name in varying if len(set(values[name])) == len(settings)]

    def groups(without: Sequence[str]) -> int:
        kept = [values[name] for name in varying if name not in without]
        return len(set(zip(*kept, strict=True))) if kept else 1

    while groups(out) * TOGETHER > len(settings) and len(out) < len(varying):
        out.append(min((name for name in varying if name not in out), key=lambda name: groups([*out, name])))
    return tuple(out) if len(out) < len(varying) and len(out) <= MOST else ()
