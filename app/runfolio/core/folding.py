"""Groups of the run table's columns that are folded: of each, the first column stands for all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from runfolio.core.columns import Column, Source


def groups_of(column: Column) -> tuple[str, ...]:
    """The groups that a column is in, the widest first: `metrics`, and `metrics.val/` of `metrics.val/loss`."""
    prefix, slash, _ = column.key.partition("/")
    inner = (f"{column.source}.{prefix}/",) if slash and column.source is not Source.ATTRIBUTE else ()
    return (str(column.source), *inner)


def group_title(group: str) -> str:
    """What a group is called: `val/` or the name of a source."""
    return group.partition(".")[2] or group


def folded_columns(columns: Sequence[Column], folded: Iterable[str]) -> dict[Column, tuple[Column, ...]]:
    """The columns that stay in sight, in order, each with those that it stands for."""
    closed = set(folded)
    standing: dict[str, Column] = {}
    found: dict[Column, list[Column]] = {}
    for column in columns:
        group = next((one for one in groups_of(column) if one in closed), None)
        if group in standing:
            found[standing[str(group)]].append(column)
        else:
            found[column] = []
            if group is not None:
                standing[group] = column
    return {column: tuple(behind) for column, behind in found.items()}
