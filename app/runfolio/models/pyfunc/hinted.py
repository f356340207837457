"""What a Python model says of its data by hints of types: its signature, and its data as it wants them."""

from __future__ import annotations

import typing
from typing import TYPE_CHECKING, Any

from runfolio.core.errors import InvalidValue, SchemaMismatch

if TYPE_CHECKING:
    from runfolio.models.pyfunc.python_model import TypeHints
    from runfolio.models.schema.signature import ModelSignature


def signature_of(hints: TypeHints | None) -> ModelSignature | None:
    """The signature by hints; None where the input's is not a list of something that schemas know."""
    if hints is None or typing.get_origin(hints.input) is not list:
        return None
    from runfolio.models.schema.hints import schema_of_hint
    from runfolio.models.schema.signature import ModelSignature
    from runfolio.models.schema.specs import ColSpec, Schema
    from runfolio.models.schema.types import AnyType

    try:
        inputs = schema_of_hint(hints.input)
    except InvalidValue:
        return None
    try:
        outputs = schema_of_hint(hints.output)
    except InvalidValue:
        outputs = Schema([ColSpec(AnyType())])
    return ModelSignature(inputs, outputs)


def conformed(data: Any, hint: Any) -> Any:
    """Data as a list of what the hint says, dictionaries as pydantic's models; other hints change nothing.

    Raises:
        SchemaMismatch: they are no list, or a row is not what the hint says.
    """
    if typing.get_origin(hint) is not list or len(typing.get_args(hint)) != 1:
        return data
    from runfolio.models.schema.hints import type_of_hint

    (wanted,) = typing.get_args(hint)
    try:
        kind = type_of_hint(wanted)
    except InvalidValue:
        return data
    rows = _rows(data, wanted)
    if not isinstance(rows, list):
        raise SchemaMismatch(f"The model takes a list of {kind!r}, not {type(data).__name__}.", expected=repr(kind))
    return [_row(value, wanted, kind, row) for row, value in enumerate(rows)]


def _rows(data: Any, wanted: Any) -> Any:
    """A table as a list: of its only column, or of its rows by name."""
    if type(data).__name__ == "Series":
        return data.to_list()
    if type(data).__name__ == "ndarray" and data.ndim == 1:
        return data.tolist()
    if type(data).__name__ != "DataFrame":
        return data
    by_name = typing.get_origin(wanted) is dict or hasattr(wanted, "__annotations__")
    return data.to_dict(orient="records") if by_name or data.shape[1] != 1 else data.iloc[:, 0].to_list()


def _row(value: Any, wanted: Any, kind: Any, row: int) -> Any:
    from runfolio.models.schema.enforce_values import enforce_value
    from runfolio.models.schema.misfit import Misfit

    if isinstance(wanted, type) and hasattr(wanted, "model_validate"):
        try:
            return value if isinstance(value, wanted) else wanted.model_validate(value)
        except ValueError as problem:  # pydantic's own is one
            reason = "; ".join(str(problem).splitlines())
            raise SchemaMismatch(f"Row {row}: {reason}.", row=row, value=value, expected=repr(kind)) from None
    try:
        enforce_value(value, kind, required=type(None) not in typing.get_args(wanted))
    except Misfit as misfit:
        message = f"Row {row}{f' ({misfit.place})' if misfit.place else ''}: {misfit.reason}"
        raise SchemaMismatch(message, row=row, value=misfit.value, expected=repr(kind)) from None
    return value
