"""Datasets of pandas and polars tables, and of the answers of databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runfolio.client.datasets import schema
from runfolio.client.datasets.dataset import Dataset, PandasDataset, PolarsDataset, described
from runfolio.client.datasets.frame_digest import pandas_digest, polars_digest
from runfolio.client.datasets.source import sql_source
from runfolio.core.errors import InvalidValue

if TYPE_CHECKING:
    import pandas
    import polars

# MLflow's names of polars' types, by their own.
_POLARS = {
    **dict.fromkeys(("Int8", "Int16", "Int32", "UInt8", "UInt16"), "integer"),
    **dict.fromkeys(("Int64", "UInt32", "UInt64"), "long"),
    **dict.fromkeys(("String", "Categorical", "Enum"), "string"),
    **dict.fromkeys(("Date", "Datetime"), "datetime"),
    "Float32": "float", "Float64": "double", "Decimal": "double", "Boolean": "boolean", "Binary": "binary",
}  # fmt: skip


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
        pandas_digest(df),
        source,
        kind=PandasDataset,
        schema=schema_of(df),
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
    return described(
        name,
        digest,
        polars_digest(df),
        source,
        kind=PolarsDataset,
        schema=_polars_columns(df),
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


def schema_of(df: pandas.DataFrame) -> dict[str, Any]:
    """The columns of a pandas table in MLflow's form."""
    return schema.columns((str(name), *_pandas_type(column)) for name, column in df.items())


def _pandas_type(column: pandas.Series[Any]) -> tuple[dict[str, Any], bool]:
    """MLflow's type of a column, and whether it is full; without values, any."""
    missing = column.isna()
    dtype: Any = column.dtype
    dtype = getattr(dtype, "numpy_dtype", None) or getattr(dtype, "subtype", dtype)
    kind = getattr(dtype, "kind", "O")
    if kind == "M":
        found: dict[str, Any] = {"type": "datetime"}
    elif kind != "O" and hasattr(dtype, "itemsize"):
        found = {"type": schema.number_type(dtype) or "any"}
    else:
        if hasattr(dtype, "categories"):
            column = column.astype(object)
        found = schema.values_type(column[~missing])
    return found, not bool(missing.any())


def _polars_columns(df: polars.DataFrame) -> dict[str, Any]:
    return schema.columns((column.name, _polars_type(column.dtype), column.null_count() == 0) for column in df)


def _polars_type(dtype: Any) -> dict[str, Any]:
    kind = type(dtype).__name__
    if kind in ("List", "Array"):
        return {"type": "array", "items": _polars_type(dtype.inner)}
    if kind == "Struct":
        fields = {field.name: {**_polars_type(field.dtype), "required": True} for field in dtype.fields}
        return {"type": "object", "properties": fields}
    return {"type": _POLARS.get(kind, "any")}
