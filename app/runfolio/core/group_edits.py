"""What a user does to the groups of a view: each function gives the view as it is afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from runfolio.core.columns import MORE, STATUS, Column, Source
from runfolio.core.views import View

#: Attributes in which many runs are the same.
ATTRIBUTES = (STATUS, *(one for one in MORE if one.key in ("user_id", "experiment_name", "source_name")))
SEED = re.compile(r"(?<![a-z])(seed|random_state|random_seed|rng_seed)(?![a-z])")


def toggle_level(view: View, column: Column) -> View:
    """Group by a column too, within the groups that there are; or not any more."""
    rest = tuple(one for one in view.group_by if one != column)
    return replace(view, group_by=rest if column in view.group_by else (*rest, column))


def move_level(view: View, column: Column, by: int) -> View:
    """Group by a column so many levels further in."""
    levels = list(view.group_by)
    place = levels.index(column)
    levels.insert(min(max(place + by, 0), len(levels) - 1), levels.pop(place))
    return replace(view, group_by=tuple(levels))


def toggle_exception(view: View, column: Column) -> View:
    """Group by all params but one more, or but one less; by none if that was the last one."""
    rest = tuple(one for one in view.group_except if one != column)
    return replace(view, group_except=rest if column in view.group_except else (*rest, column))


def all_but(view: View, columns: Iterable[Column]) -> View:
    """Group by all params but these, and by nothing else."""
    return replace(view, group_by=(), group_except=tuple(columns))


def ungroup(view: View) -> View:
    """Show runs, not groups."""
    return replace(view, group_by=(), group_except=())


def seeds(columns: Iterable[Column]) -> list[Column]:
    """The params that are there to repeat a run, such as `seed` or `model.random_state`."""
    return [one for one in columns if one.source is Source.PARAM and SEED.search(one.key.lower())]


def caption(view: View) -> str:
    """What a view groups by, in a few words; empty if by nothing."""
    levels = [one.heading for one in view.group_by]
    if view.group_except:
        levels.append(f"all but {', '.join(one.heading for one in view.group_except)}")
    return ", ".join(levels)
