"""Datasets of files: CSV and Parquet. Their content is digested as it is and not kept in memory."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runfolio.client.datasets import schema
from runfolio.client.datasets.dataset import Dataset, described
from runfolio.client.datasets.digest import file_digest
from runfolio.client.datasets.frames import from_pandas
from runfolio.client.datasets.source import file_source
from runfolio.core.errors import EnvironmentProblem, InvalidValue, NotFound

if TYPE_CHECKING:
    import pyarrow

ROWS_OF_A_BLOCK = 100_000


def from_csv(
    path: str | os.PathLike[str],
    targets: str | None = None,
    name: str | None = None,
    digest: str | None = None,
    **options: Any,
) -> Dataset:
    """A dataset of a CSV file; `options` go to `pandas.read_csv`. Types are those of the first rows.

    Raises:
        NotFound: there is no such file.
        InvalidValue: it is not CSV.
    """
    import pandas

    file = _file(path)
    rows, first = 0, None
    try:
        with pandas.read_csv(file, **{"chunksize": ROWS_OF_A_BLOCK, **options}) as blocks:
            for block in blocks:
                first = block if first is None else first
                rows += len(block)
    except (pandas.errors.ParserError, pandas.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise InvalidValue(f"{file} cannot be read as CSV: {error}.") from error
    sample = from_pandas(first if first is not None else pandas.DataFrame(), targets=targets)
    width = len(sample.data.columns)
    return described(
        name or file.name,
        digest,
        file_digest(file),
        file_source(file),
        schema=sample.schema,
        profile={"num_rows": rows, "num_elements": rows * width, "num_bytes": file.stat().st_size},
        targets=targets,
    )


def from_parquet(
    path: str | os.PathLike[str], targets: str | None = None, name: str | None = None, digest: str | None = None
) -> Dataset:
    """A dataset of a Parquet file, of which only the schema is read.

    Raises:
        NotFound: there is no such file.
        InvalidValue: it is not Parquet, or lacks the column of targets.
        EnvironmentProblem: pyarrow is not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise EnvironmentProblem("Parquet files need pyarrow.", "pip install 'runfolio[parquet]'") from error
    file = _file(path)
    try:
        metadata = pyarrow.parquet.read_metadata(file)
    except (pyarrow.ArrowException, OSError) as error:
        raise InvalidValue(f"{file} cannot be read as Parquet: {error}.") from error
    found = metadata.schema.to_arrow_schema()
    if targets is not None and targets not in found.names:
        raise InvalidValue(f"The table has no column {targets!r}.", f"It has {', '.join(found.names)}.")
    rows, width = metadata.num_rows, len(found.names)
    return described(
        name or file.name,
        digest,
        file_digest(file),
        file_source(file),
        schema=schema.columns({one.name: (_arrow_type(one.type), not one.nullable) for one in found}),
        profile={"num_rows": rows, "num_elements": rows * width, "num_bytes": file.stat().st_size},
        targets=targets,
    )


def _file(path: str | os.PathLike[str]) -> Path:
    file = Path(path)
    if not file.is_file():
        raise NotFound(f"There is no file {str(path)!r}.")
    return file


def _arrow_type(kind: pyarrow.DataType) -> dict[str, Any]:
    import pyarrow.types as types

    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return {"type": "array", "items": _arrow_type(kind.value_type)}
    if types.is_struct(kind):
        fields = [kind.field(number) for number in range(kind.num_fields)]
        properties = {one.name: {**_arrow_type(one.type), "required": not one.nullable} for one in fields}
        return {"type": "object", "properties": properties}
    if types.is_dictionary(kind):
        return _arrow_type(kind.value_type)
    if types.is_string(kind) or types.is_large_string(kind):
        return {"type": "string"}
    if types.is_binary(kind) or types.is_large_binary(kind):
        return {"type": "binary"}
    if types.is_timestamp(kind) or types.is_date(kind):
        return {"type": "datetime"}
    if types.is_decimal(kind):
        return {"type": "double"}
    try:
        name = schema.number_type(_numpy_dtype(kind))
    except NotImplementedError:
        name = None
    return {"type": name or "any"}


def _numpy_dtype(kind: pyarrow.DataType) -> Any:
    import numpy as np

    return np.dtype(kind.to_pandas_dtype())
