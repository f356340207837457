"""Whether single values, lists, objects and maps are of their types; they are given back with widened numbers."""

from __future__ import annotations

from typing import Any

from runfolio.models.schema.data_type import DataType
from runfolio.models.schema.enforce_columns import ColumnMisfit, enforce_column
from runfolio.models.schema.misfit import Misfit, not_of
from runfolio.models.schema.scalars import is_missing
from runfolio.models.schema.types import AnyType, Array, Map, Object, Type

# Values of these types are of the type already, as nearly all are.
_EXACT = {
    bool: (DataType.boolean,),
    float: (DataType.double,),
    str: (DataType.string,),
    bytes: (DataType.binary,),
}
_LONG = range(-(1 << 63), 1 << 63)


def enforce_value(value: Any, kind: Type, required: bool = True) -> Any:
    """A value of the type; what is given is left as it is.

    Raises:
        Misfit: it is none, with the place in it that is at fault.
    """
    if isinstance(kind, AnyType):
        return value
    if isinstance(kind, DataType):
        return _single(value, kind, required)
    if isinstance(kind, Array):
        return _list(value, kind, required)
    if isinstance(kind, Map):
        return _map(value, kind, required)
    return _object(value, kind, required)


def _single(value: Any, kind: DataType, required: bool) -> Any:
    if not required and is_missing(value):
        return None
    if kind in _EXACT.get(type(value), ()) or (type(value) is int and kind is DataType.long and value in _LONG):
        return value
    if value is None or isinstance(value, list | dict | tuple | set) or getattr(value, "ndim", 0) > 0:
        raise not_of(value, repr(kind))
    import pandas as pd

    try:
        return enforce_column(pd.Series([value]), kind)[0]
    except ColumnMisfit:
        raise not_of(value, repr(kind)) from None


def _list(values: Any, kind: Array, required: bool) -> Any:
    """A list, or an array, of values of one type; arrays stay arrays."""
    is_array = hasattr(values, "tolist") and getattr(values, "ndim", 0) > 0
    if (not required or isinstance(kind.dtype, AnyType)) and (values is None or _is_empty(values, is_array)):
        return values
    if not isinstance(values, list) and not is_array:
        raise not_of(values, repr(kind))
    if _is_empty(values, is_array):
        return values
    if isinstance(kind.dtype, DataType):
        return _singles(values, kind.dtype, is_array)
    found = []
    for place, value in enumerate(values):
        try:
            found.append(enforce_value(value, kind.dtype, required))
        except Misfit as misfit:
            raise misfit.under(f"[{place}]") from None
    return _array(found) if is_array else found


def _singles(values: Any, kind: DataType, is_array: bool) -> Any:
    import pandas as pd

    if is_array and values.ndim > 1:
        raise not_of(values, f"Array({kind!r})")
    nested = (number for number, value in enumerate(values) if isinstance(value, list | dict))
    if not is_array and (number := next(nested, None)) is not None:
        raise not_of(values[number], repr(kind)).under(f"[{number}]")
    try:
        found = enforce_column(pd.Series(values), kind)
    except ColumnMisfit as misfit:
        place = "" if misfit.row is None else f"[{misfit.row}]"
        raise Misfit(values if misfit.row is None else misfit.value, repr(kind), misfit.reason, place) from None
    if not is_array:
        return found.tolist()
    # Texts of numpy's have one length for all; they stay so if they came so.
    return found.to_numpy() if values.dtype.kind not in "US" else values


def _object(value: Any, kind: Object, required: bool) -> Any:
    if not required and (value is None or value == {}):
        return value
    if not isinstance(value, dict):
        raise not_of(value, repr(kind))
    properties = {one.name: one for one in kind.properties}
    if missing := [name for name, one in properties.items() if one.required and name not in value]:
        raise Misfit(value, repr(kind), f"It lacks {', '.join(map(repr, missing))}, which the model requires.")
    if unknown := [name for name in value if name not in properties]:
        raise Misfit(value, repr(kind), f"The model does not know {', '.join(map(repr, unknown))}.")
    found = {}
    for name, one in value.items():
        try:
            found[name] = enforce_value(one, properties[name].dtype, properties[name].required)
        except Misfit as misfit:
            raise misfit.under(f".{name}") from None
    return found


def _map(value: Any, kind: Map, required: bool) -> Any:
    if (not required or isinstance(kind.value_type, AnyType)) and (value is None or value == {}):
        return value
    if not isinstance(value, dict):
        raise not_of(value, repr(kind))
    found = {}
    for name, one in value.items():
        if not isinstance(name, str):
            raise Misfit(name, "string", f"The keys of a map are texts, not {name!r:.60}.")
        try:
            found[name] = enforce_value(one, kind.value_type, required)
        except Misfit as misfit:
            raise misfit.under(f"[{name!r}]") from None
    return found


def _is_empty(values: Any, is_array: bool) -> bool:
    return (isinstance(values, list) or is_array) and len(values) == 0


def _array(values: list[Any]) -> Any:
    import numpy as np

    try:
        return np.array(values)
    except ValueError:  # lists of different lengths
        found = np.empty(len(values), dtype=object)
        found[:] = values
        return found
