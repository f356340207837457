"""The columns of lists and exports: all that was logged, or those named as in filters, or computed by formulas."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from runfolio.core.errors import FilterError, InvalidValue
from runfolio.core.filter.tree import Entity, Field, Statistic

if TYPE_CHECKING:
    from runfolio.core.formulas import Formula
    from runfolio.store import Store

# What lists and filters call the name of a run's experiment.
EXPERIMENT = ("experiment", "experiment_name")
# What can only be meant as a name; anything else is told how a formula is written.
NAME = re.compile(r"[\w.:/`\" -]+")


def read_columns(store: Store, numbers: Sequence[int], names: str = "") -> dict[str, Any]:
    """The runs as columns: those named, with commas between, or all if none is. See `store.bulk.read_frame`.

    Raises:
        InvalidValue: there are runs, and none of the store has a column of that name.
        FilterError: a formula cannot be read.
    """
    from runfolio.store.bulk import read_frame

    frame = read_frame(store, numbers, gaps=None)
    wanted = split(names)
    if not len(frame["run_id"]):
        return {name: frame.get(name, frame["run_id"]) for name in wanted or frame}
    return dict(_column(store, frame, name) for name in wanted) if wanted else frame


def split(names: str) -> list[str]:
    """The names between commas; quotes and parentheses may hold commas of their own, where they are closed."""
    parts, depth, quote = [""], 0, ""
    for letter in names:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in '`"':
            quote = letter
        else:
            depth = max(0, depth + (letter == "(") - (letter == ")"))
        if letter == "," and not (depth or quote):
            parts.append("")
        else:
            parts[-1] += letter
    found = names.split(",") if depth or quote else parts
    return [name for part in found if (name := part.strip())]


def _column(store: Store, frame: Mapping[str, Any], name: str) -> tuple[str, Any]:
    """A column as it was logged, under its own name, or as it is computed, under the name it was asked for by."""
    from runfolio.core.formulas import Reference, parse_formula

    if name in frame:
        return name, frame[name]
    if name in EXPERIMENT:
        return name, _experiments(store, frame)
    if name in _known(store):
        return name, _nothing(frame)
    try:
        formula = parse_formula(name)
    except FilterError:
        if NAME.fullmatch(name):
            raise _unknown(frame, name) from None
        raise
    if isinstance(formula.root, Reference) and (plain := _logged(formula.root.field, frame)):
        return plain, frame[plain]
    for field in formula.fields():
        if not _is_there(field, frame) and _name(field) not in _known(store):
            raise _unknown(frame, _name(field))
    return name, _computed(store, frame, formula)


def _known(store: Store) -> set[str]:
    """What any run of the store has, be it none of these: of which runs a command lists, a script knows nothing."""
    from runfolio.store.column_choice import tag_columns
    from runfolio.store.table import columns

    return {column.id for column in (*columns(store), *tag_columns(store))}


def _nothing(frame: Mapping[str, Any]) -> Any:
    import numpy as np

    return np.full(len(frame["run_id"]), None, object)


def _experiments(store: Store, frame: Mapping[str, Any]) -> Any:
    """The names of the runs' experiments, which the window has as a column too."""
    import numpy as np

    from runfolio.core.states import ViewType
    from runfolio.store.experiments import list_experiments

    names = {one.id: one.name for one in list_experiments(store, ViewType.ALL)}
    return np.array([names.get(number) for number in frame["experiment_id"].tolist()], object)


def _computed(store: Store, frame: Mapping[str, Any], formula: Formula) -> Any:
    """What a formula is for each of the runs; None where it has no value."""
    import numpy as np

    from runfolio.store.formulas import formula_numbers
    from runfolio.store.runs import numbers_of

    run_ids = frame["run_id"].tolist()
    found = numbers_of(store, run_ids)
    values = formula_numbers(store, [found.get(run_id, 0) for run_id in run_ids], formula)
    cells = values.astype(object)
    cells[np.isnan(values)] = None
    return cells


def _logged(field: Field, frame: Mapping[str, Any]) -> str | None:
    """The frame's column that holds just this field, if one does."""
    name = _name(field)
    return name if name in frame and field.statistic is Statistic.LAST and field.step is None else None


def _is_there(field: Field, frame: Mapping[str, Any]) -> bool:
    whole = f"{_name(field)}.{field.statistic}"
    return field.entity is Entity.ATTRIBUTE or _name(field) in frame or (field.loose and whole in frame)


def _name(field: Field) -> str:
    return field.key if field.entity is Entity.ATTRIBUTE else f"{field.entity}.{field.key}"


def _unknown(frame: Mapping[str, Any], name: str) -> InvalidValue:
    alike = difflib.get_close_matches(name, frame, 5, 0.5) or list(frame)[:10]
    return InvalidValue(f"No run has a column {name!r}.", f"There are {', '.join(alike)}, among others.")
