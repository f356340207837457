"""Digests of tables: of the names, types and values of their columns, a block of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from runfolio.client.datasets.digest import ROWS, array_parts, object_parts
from runfolio.core.digests import Part, digest_of

if TYPE_CHECKING:
    import pandas
    import polars


def pandas_digest(df: pandas.DataFrame) -> str:
    """The digest of a pandas table. An index of plain numbers does not count: it tells rows apart, and no more."""

    def parts() -> Iterator[Part]:
        for name, column in df.items():
            yield from object_parts([name])
            yield from _pandas_column(column)
        if _index_is_data(df.index):
            for level in range(df.index.nlevels):
                yield b"index"
                yield from object_parts([df.index.names[level]])
                yield from _pandas_column(df.index.get_level_values(level).to_series())

    return digest_of(parts())


def polars_digest(df: polars.DataFrame) -> str:
    """The digest of a polars table."""

    def parts() -> Iterator[Part]:
        for column in df:
            yield from object_parts([column.name])
            yield from _polars_column(column)

    return digest_of(parts())


def _index_is_data(index: Any) -> bool:
    return bool(index.nlevels > 1 or index.name is not None or getattr(index.dtype, "kind", "O") not in "iu")


def _pandas_column(column: pandas.Series[Any]) -> Iterator[Part]:
    import numpy as np
    import pandas

    dtype: Any = column.dtype
    if isinstance(dtype, np.dtype) and not dtype.hasobject:
        yield from array_parts(column.to_numpy())
    elif isinstance(dtype, pandas.CategoricalDtype):
        yield f"categories, ordered: {dtype.ordered}".encode()
        yield from _pandas_column(dtype.categories.to_series())
        yield from array_parts(column.cat.codes.to_numpy())
    elif isinstance(dtype, pandas.DatetimeTZDtype):
        yield str(dtype).encode()
        yield from array_parts(column.dt.tz_convert(None).to_numpy())
    elif getattr(getattr(dtype, "numpy_dtype", None), "kind", "O") in "iufb":
        yield dtype.name.encode()
        yield from array_parts(column.isna().to_numpy(bool))
        yield from array_parts(column.to_numpy(dtype.numpy_dtype, na_value=0))
    else:
        yield b"objects" if pandas.api.types.is_string_dtype(dtype) else str(dtype).encode()
        for start in range(0, len(column), ROWS):
            block = column.iloc[start : start + ROWS]
            yield from object_parts(block.astype(object).where(block.notna(), None).tolist())


def _polars_column(column: polars.Series) -> Iterator[Part]:
    dtype = column.dtype
    yield str(dtype).encode()
    if dtype.is_float() or dtype.is_temporal() or (dtype.is_integer() and "128" not in str(dtype)):
        numbers = column.to_physical()
        yield from array_parts(numbers.is_null().to_numpy())
        yield from array_parts(numbers.fill_null(0).to_numpy())
        return
    plain = str(dtype) != "Object"
    for start in range(0, len(column), ROWS):
        yield from object_parts(column[start : start + ROWS].to_list(), plain=plain)
