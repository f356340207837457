"""Whether parameters of a prediction are what the schema says: MLflow's rules, which let whole numbers be fractions."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runfolio.core.errors import InvalidValue
from runfolio.models.schema.data_type import DataType
from runfolio.models.schema.misfit import Misfit
from runfolio.models.schema.scalars import scalar_type

if TYPE_CHECKING:
    from runfolio.models.schema.params import ParamSchema
    from runfolio.models.schema.types import Object

log = logging.getLogger("runfolio")

# What each type of parameter takes beside its own. Python's int and float stand for both widths.
_ALSO = {
    DataType.integer: (),
    DataType.long: (DataType.integer,),
    DataType.float: (DataType.integer, DataType.long),
    DataType.double: (DataType.integer, DataType.long, DataType.float),
}
_WIDE = {int: (DataType.integer, DataType.long), float: (DataType.float, DataType.double)}


def enforce_params(params: Mapping[str, Any] | None, schema: ParamSchema | None) -> dict[str, Any]:
    """The parameters for a prediction: those given, as the schema has them, and the defaults of the others.

    Those that the schema does not know are left out with a warning, as MLflow does.

    Raises:
        InvalidValue: they are no dictionary, or values are not of their types; all of these are named.
    """
    if params is not None and not isinstance(params, Mapping):
        raise InvalidValue(f"Parameters are given as a dictionary, not as {type(params).__name__}.")
    given = {str(name): value for name, value in (params or {}).items()}
    specs = {} if schema is None else {one.name: one for one in schema.params}
    if unknown := [name for name in given if name not in specs]:
        known = f"it takes {', '.join(specs)}" if specs else "its signature has no parameters"
        log.warning("The model does not know these parameters, they are left out: %s; %s.", ", ".join(unknown), known)
    taken, problems = {}, []
    for name, spec in specs.items():
        try:
            value = given.get(name, spec.default)
            taken[name] = fitting(name, value, spec.dtype, is_list=spec.shape is not None) if name in given else value
        except InvalidValue as problem:
            problems.append(problem.message)
    if problems:
        raise InvalidValue(" ".join(problems))
    return taken


def fitting(name: str, value: Any, kind: DataType | Object, *, is_list: bool) -> Any:
    """The value of a parameter, of Python's own types. Raises InvalidValue."""
    if is_list:
        values = _listed(value)
        if values is None or not isinstance(kind, DataType):
            raise InvalidValue(f"Parameter {name!r} is a list of {kind!r}, not {type(value).__name__} {value!r:.60}.")
        return [_single(f"{name}[{place}]", one, kind) for place, one in enumerate(values)]
    if isinstance(kind, DataType):
        return _single(name, value, kind)
    from runfolio.models.schema.enforce_values import enforce_value

    try:
        enforce_value(value, kind)
    except Misfit as misfit:
        raise InvalidValue(f"Parameter {name!r}{misfit.place}: {misfit.reason}") from None
    return value


def _listed(value: Any) -> list[Any] | None:
    """The values of a list or an array with one axis; None for anything else."""
    if isinstance(value, list):
        return None if any(isinstance(one, list) for one in value) else value
    return list(value) if getattr(value, "ndim", None) == 1 and hasattr(value, "tolist") else None


def _single(name: str, value: Any, kind: DataType) -> Any:
    """A value of Python's type for the kind; None is let through, since defaults may be so."""
    if value is None:
        return None
    if kind is DataType.datetime:
        return _date(name, value)
    of = _WIDE.get(type(value)) or (scalar_type(value),)
    if kind in of or any(one in _ALSO.get(kind, ()) for one in of):
        return kind.to_python()(value)
    raise InvalidValue(f"Parameter {name!r} is {kind!r}, and {value!r:.60} is {_kind_of(value)}.")


def _date(name: str, value: Any) -> Any:
    """A date, or a date with a time, from one or from an ISO 8601 text."""
    import numpy as np

    try:
        moment = np.datetime64(value)
        found = moment.astype("datetime64[us]").item() if np.datetime_data(moment)[0] in ("ns", "ps") else moment.item()
    except (ValueError, TypeError):
        found = None
    if found is None or isinstance(found, int):
        raise InvalidValue(f"Parameter {name!r} is a date such as 2026-01-31T12:00:00, not {value!r:.60}.")
    return found


def _kind_of(value: Any) -> str:
    kind = scalar_type(value)
    return kind.name if kind is not None else f"of type {type(value).__name__}"
