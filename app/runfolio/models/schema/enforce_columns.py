"""Whether a pandas column is of a type, or can be made so without loss: MLflow's rules.

Taken as they are: the type itself, any objects for texts, and dates of any precision. Widened: whole numbers to longer
ones, float to double, whole numbers of up to 32 bits to double, whole numbers that are all 0 or 1 to float and double,
decimals to double. Nothing else is.
"""

from __future__ import annotations

from typing import Any

from runfolio.models.schema.data_type import DataType
from runfolio.models.schema.misfit import described, not_of
from runfolio.models.schema.scalars import is_missing, scalar_type

_NULLABLE_INTEGER = (
    "Whole numbers with missing values become fractions in pandas: infer the signature from data that have missing "
    "values too, or declare the column as double."
)
_NO_ZONE = "Convert dates with .dt.tz_convert('UTC').dt.tz_localize(None), and leave the zone out of texts."
_LONG_AS_DOUBLE = "Whole numbers of 64 bits are no doubles by MLflow's rules: convert it with astype('float64')."


class ColumnMisfit(Exception):
    """A column that is not of its type.

    Attributes:
        reason: a sentence.
        row: the place of the first value that does not fit, from 0; None if none does.
        value: what stands there.
        place: the way to it in a nested value, such as `.address[2]`; else empty.
    """

    def __init__(self, reason: str, hint: str = "", row: int | None = None, value: Any = None, place: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint
        self.row = row
        self.value = value
        self.place = place


def enforce_column(values: Any, kind: DataType) -> Any:
    """The column, of the type. Raises ColumnMisfit."""
    import numpy as np
    import pandas as pd

    if is_objects(values.dtype) and kind not in (DataType.binary, DataType.string):
        values = values.infer_objects()
    dtype = values.dtype
    if kind is DataType.datetime and (dtype.kind == "M" or is_objects(dtype)):
        return _dates(values)
    if _is_of_type(dtype, kind):
        return values
    if is_objects(dtype) and kind is DataType.double:
        return _numbers(values)
    target = kind.to_numpy()
    is_flags = dtype == np.int64 and target.kind == "f" and bool(values.isin([0, 1]).all())
    if is_flags or (not isinstance(dtype, pd.CategoricalDtype) and _is_wider(dtype, target)):
        return _widened(values, target, kind)
    raise _misfit(values, kind)


def overflows(values: Any) -> Any:
    """Which numbers of 64 bits would be infinite as ones of 32 bits, and are not."""
    import numpy as np

    return np.isfinite(values) & (np.abs(values) > np.finfo(np.float32).max)


def is_objects(dtype: Any) -> bool:
    """Whether a column, or an array, of the type holds Python's objects of any kind."""
    import numpy as np

    return isinstance(dtype, np.dtype) and dtype.hasobject


def _is_of_type(dtype: Any, kind: DataType) -> bool:
    """Whether columns of a pandas type are taken as they are. Objects may hold None beside flags and bytes."""
    import pandas as pd

    if kind in (DataType.string, DataType.binary) and isinstance(dtype, pd.StringDtype):
        return True
    if kind is DataType.string and isinstance(dtype, pd.CategoricalDtype):
        return is_objects(dtype.categories.dtype) or isinstance(dtype.categories.dtype, pd.StringDtype)
    if is_objects(dtype):
        return kind in (DataType.string, DataType.binary, DataType.boolean)
    if kind is DataType.binary:
        return bool(dtype.kind == "S")
    return bool(kind.to_pandas() == dtype or kind.to_numpy() == dtype)


def _is_wider(dtype: Any, target: Any) -> bool:
    """Whether every number of a type is one of the other."""
    if dtype.kind == target.kind:
        return bool(dtype.itemsize <= target.itemsize)
    if dtype.kind == "u" and target.kind == "i":
        return bool(dtype.itemsize < target.itemsize)
    return bool(dtype.kind in "iu" and target == "float64" and dtype.itemsize < 8)


def _widened(values: Any, target: Any, kind: DataType) -> Any:
    try:
        return values.astype(target)
    except (ValueError, TypeError):  # pandas' own types have missing values that numpy's have no room for
        raise _misfit(values, kind) from None


def _dates(values: Any) -> Any:
    import numpy as np

    try:
        return values.astype(np.dtype("datetime64[ns]"))
    except (ValueError, TypeError):
        if values.dtype.kind == "M":
            zone = "The dates have a time zone, and the model expects datetime without one."
            raise ColumnMisfit(zone, _NO_ZONE) from None
        raise _misfit(values, DataType.datetime) from None


def _has_zone(value: Any) -> bool:
    import pandas as pd

    if not isinstance(value, str):
        return getattr(value, "tzinfo", None) is not None
    try:
        return pd.Timestamp(value).tzinfo is not None
    except (ValueError, OverflowError):
        return False


def _numbers(values: Any) -> Any:
    """Decimals, and texts that are numbers, as double."""
    import pandas as pd

    try:
        return pd.to_numeric(values, errors="raise").astype("float64")
    except (ValueError, TypeError, OverflowError):
        raise _misfit(values, DataType.double) from None


def _misfit(values: Any, kind: DataType) -> ColumnMisfit:
    """What is wrong with a column, by its first value that is not of the type where one can be found."""
    import numpy as np

    zoned = (row for row, one in enumerate(values) if _has_zone(one))
    if kind is DataType.datetime and (row := next(zoned, None)) is not None:
        reason = f"{values.iloc[row]!r:.80} has a time zone, and the model expects datetime without one."
        return ColumnMisfit(reason, _NO_ZONE, row, values.iloc[row])
    whole = kind in (DataType.integer, DataType.long)
    if whole and values.dtype.kind == "f":
        missing = values.isna()
        fractions = ~missing & (values != np.floor(values))
        place = int(np.argmax(fractions)) if fractions.any() else int(np.argmax(missing)) if missing.any() else None
        return _at(values, kind, place, _NULLABLE_INTEGER if missing.any() and not fractions.any() else "")
    if values.dtype == np.int64 and kind.to_numpy().kind == "f":
        return _at(values, kind, None, _LONG_AS_DOUBLE if kind is DataType.double else "")
    if values.dtype.kind == "O":
        wrong = next((row for row, one in enumerate(values) if not _is_taken(one, kind)), None)
        if wrong is not None:
            return _at(values, kind, wrong)
    if kind is DataType.float and values.dtype == np.float64:
        return _at(values, kind, int(np.argmax(overflows(values))) if overflows(values).any() else None)
    return _at(values, kind, int(np.argmax(values.isna())) if values.isna().any() else None)


def _at(values: Any, kind: DataType, row: int | None, hint: str = "") -> ColumnMisfit:
    if row is None:
        return ColumnMisfit(f"It is of type {values.dtype}, and the model expects {kind!r}.", hint)
    value = values.iloc[row]
    if is_missing(value):
        return ColumnMisfit(f"The value is missing, and the model expects {kind!r}.", hint, row, value)
    reason = not_of(value, repr(kind)).reason
    if described(value) == kind.name:
        reason = f"The column is of type {values.dtype}, and the model expects {kind!r}."
    return ColumnMisfit(reason, hint, row, value)


def _is_taken(value: Any, kind: DataType) -> bool:
    """Whether a single value among objects would do."""
    if is_missing(value):
        return True
    if kind is DataType.double and isinstance(value, str):
        try:
            float(value)
        except ValueError:
            return False
        return True
    return scalar_type(value) is kind
