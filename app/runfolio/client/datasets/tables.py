"""Datasets of files: CSV and Parquet. Their content is digested as it is and not kept in memory."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runfolio.client.datasets import schema
from runfolio.client.datasets.dataset import Dataset, described
from runfolio.client.datasets.frames import schema_of
from runfolio.client.datasets.source import file_source
from runfolio.core.digests import digest_of_files, file_digest, parquet_files
from runfolio.core.errors import EnvironmentProblem, InvalidValue, NotFound

if TYPE_CHECKING:
    import pandas
    import pyarrow

ROWS_OF_A_BLOCK = 100_000


def from_csv(
    path: str | os.PathLike[str],
    targets: str | None = None,
    name: str | None = None,
    digest: str | None = None,
    **options: Any,
) -> Dataset:
    """A dataset of a CSV file; `options` go to `pandas.read_csv`. It is read in blocks.

    Raises:
        NotFound: there is no such file.
        InvalidValue: it is not CSV.
    """
    import pandas

    file = _file(path)
    rows, found = 0, None
    try:
        with pandas.read_csv(file, **{"chunksize": ROWS_OF_A_BLOCK, **options}) as blocks:
            for block in blocks:
                found = schema.joined_columns(found, _columns(block))
                rows += len(block)
    except (pandas.errors.ParserError, pandas.errors.EmptyDataError, UnicodeError) as error:
        raise InvalidValue(f"{file} cannot be read as CSV: {error}.") from error
    found = found or schema.columns([])
    names = [column["name"] for column in found["mlflow_colspec"]]
    return _described(file, targets, name, digest, found, names, rows)


def from_parquet(
    path: str | os.PathLike[str], targets: str | None = None, name: str | None = None, digest: str | None = None
) -> Dataset:
    """A dataset of a Parquet file, or a folder of them, of which only the schema is read.

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
    parts = _parquet_parts(file)
    try:
        rows = sum(pyarrow.parquet.read_metadata(part).num_rows for part in parts)
        fields = list(pyarrow.parquet.read_schema(parts[0]))
    except (pyarrow.ArrowException, OSError) as error:
        raise InvalidValue(f"{file} cannot be read as Parquet: {error}.") from error
    found = schema.columns((one.name, _arrow_type(one.type), not one.nullable) for one in fields)
    return _described(file, targets, name, digest, found, [one.name for one in fields], rows)


def _described(
    path: Path,
    targets: str | None,
    name: str | None,
    digest: str | None,
    found: dict[str, Any],
    names: list[str],
    rows: int,
) -> Dataset:
    if targets is not None and targets not in names:
        raise InvalidValue(f"The table has no column {targets!r}.", f"It has {', '.join(names)}.")
    files = _parquet_parts(path)
    sizes = sum(file.stat().st_size for file in files)
    return described(
        name or path.name,
        digest,
        file_digest(path) if path.is_file() else digest_of_files(files),
        file_source(path),
        schema=found,
        profile={"num_rows": rows, "num_elements": rows * len(names), "num_bytes": sizes},
        targets=targets,
    )


def _parquet_parts(path: Path) -> list[Path]:
    """The files of a table that is a file, or a folder of files, of which the hidden ones are none of it."""
    if path.is_file():
        return [path]
    files = parquet_files(path)
    if not files:
        raise NotFound(f"There is no Parquet file in {str(path)!r}.")
    return files


def _columns(block: pandas.DataFrame) -> dict[str, Any]:
    """The types of a block of a table; of a column without values nothing is known."""
    found = schema_of(block)
    for column, values in zip(found["mlflow_colspec"], block.columns, strict=True):
        if block[values].isna().all():
            column["type"] = "any"
    return found


def _file(path: str | os.PathLike[str]) -> Path:
    file = Path(path)
    if not file.exists():
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
    except NotImplementedError:  # pyarrow of a type that numpy has none for
        name = None
    return {"type": name or "any"}


def _numpy_dtype(kind: pyarrow.DataType) -> Any:
    import numpy as np

    return np.dtype(kind.to_pandas_dtype())
