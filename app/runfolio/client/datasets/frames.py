"""Datasets of pandas and polars tables, and of the answers of databases."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from runfolio.client.datasets import schema
from runfolio.client.datasets.dataset import Dataset, described
from runfolio.client.datasets.digest import digest_of
from runfolio.client.datasets.source import sql_source
from runfolio.core.errors import InvalidValue

if TYPE_CHECKING:
    import pandas
    import polars


def from_pandas(
    df: pandas.DataFrame,
    source: Any = None,
    targets: str | None = None,
    name: str | None = None,
    digest: str | None = None,
    predictions: str | None = None,
) -> Dataset:
    """A dataset of a pandas table. Raises InvalidValue if it is none, or lacks a column that is named."""
    _check(df, "pandas", targets, predictions)
    return described(
        name,
        digest,
        digest_of(_pandas_parts(df)),
        source,
        schema=schema.columns({str(name): _pandas_type(column) for name, column in df.items()}),
        profile={"num_rows": len(df), "num_elements": int(df.size)},
        data=df,
        targets=targets,
        predictions=predictions,
    )


def from_polars(
    df: polars.DataFrame,
    source: Any = None,
    targets: str | None = None,
    name: str | None = None,
    digest: str | None = None,
    predictions: str | None = None,
) -> Dataset:
    """A dataset of a polars table. Raises InvalidValue if it is none, or lacks a column that is named."""
    _check(df, "polars", targets, predictions)
    content = io.BytesIO()
    df.rechunk().write_ipc(content, compression="uncompressed")
    return described(
        name,
        digest,
        digest_of([content.getbuffer()]),
        source,
        schema=schema.columns({name: _polars_type(df[name]) for name in df.columns}),
        profile={"num_rows": df.height, "num_elements": df.height * df.width},
        data=df,
        targets=targets,
        predictions=predictions,
    )


def from_sql(
    query: str,
    connection: Any,
    targets: str | None = None,
    name: str | None = None,
    digest: str | None = None,
    predictions: str | None = None,
) -> Dataset:
    """A dataset of what a query answers, as a pandas table.

    Args:
        connection: a database's URL, whose password is not kept, or an open connection as `pandas.read_sql` takes it.
    """
    import pandas

    df = pandas.read_sql(query, connection)
    return from_pandas(df, sql_source(query, connection), targets, name, digest, predictions)


def _check(df: Any, library: str, *named: str | None) -> None:
    kind = type(df)
    if kind.__name__ != "DataFrame" or kind.__module__.partition(".")[0] != library:
        raise InvalidValue(f"from_{library} takes a table of {library}, not {kind.__name__}.")
    for column in named:
        if column is not None and column not in df.columns:
            raise InvalidValue(f"The table has no column {column!r}.", f"It has {', '.join(map(str, df.columns))}.")


def _pandas_parts(df: pandas.DataFrame) -> Iterator[bytes | memoryview]:
    import numpy as np
    from pandas.util import hash_array, hash_pandas_object

    for name, column in df.items():
        yield str(name).encode(errors="backslashreplace")
        yield str(column.dtype).encode()
        try:
            hashes = hash_pandas_object(column, index=False).to_numpy()
        except TypeError:  # lists and the like have no hash, but a text
            hashes = hash_array(column.map(repr).to_numpy(dtype=object))
        yield hashes.view(np.uint8).data


def _pandas_type(column: pandas.Series[Any]) -> tuple[dict[str, Any], bool]:
    """MLflow's type of a column, and whether it is full; without values, any."""
    full = not bool(column.isna().any())
    dtype = getattr(column.dtype, "numpy_dtype", column.dtype)
    if hasattr(dtype, "categories"):
        column = column.astype(object)
        dtype = column.dtype
    name = schema.number_type(dtype) if getattr(dtype, "kind", "O") != "O" else None
    if name is not None:
        return {"type": name}, full
    present = column.dropna()
    return schema.value_type(present.iloc[0]) if len(present) else {"type": "any"}, full


def _polars_type(column: polars.Series) -> tuple[dict[str, Any], bool]:
    full = column.null_count() == 0
    kind = column.dtype
    small, large = ("Int8", "Int16", "Int32", "UInt8", "UInt16"), ("Int64", "UInt32", "UInt64")
    names = {
        **dict.fromkeys(small, "integer"), **dict.fromkeys(large, "long"), "Float32": "float", "Float64": "double",
        "Boolean": "boolean", "String": "string", "Categorical": "string", "Enum": "string", "Binary": "binary",
        "Date": "datetime", "Datetime": "datetime", "Decimal": "double",
    }  # fmt: skip
    if name := names.get(type(kind).__name__) or names.get(str(kind)):
        return {"type": name}, full
    present = column.drop_nulls()
    return schema.value_type(present.to_list()[0]) if len(present) else {"type": "any"}, full
