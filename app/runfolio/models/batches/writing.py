"""Predictions as CSV, JSON, JSON lines and Parquet, a batch at a time."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from pathlib import Path
from typing import IO, Any

from runfolio.core.errors import EnvironmentProblem, InvalidValue
from runfolio.models.json_data import jsonable
from runfolio.models.schema.infer import is_tensor, table_kind

NAME = "prediction"


def as_table(output: Any) -> Any:
    """A model's output as a pandas table, a row for each row of the input.

    Tables and lists of dictionaries keep their columns; an array of two axes has `prediction_0` and so on; what has
    more, or is nested, is in one column as lists.
    """
    import pandas as pd

    if table_kind(output).startswith("polars"):
        output = output.to_dict(as_series=False) if table_kind(output).endswith("DataFrame") else output.to_list()
    if table_kind(output) == "pandas.DataFrame":
        return output.reset_index(drop=True)
    if table_kind(output) == "pandas.Series":
        return output.rename(output.name if output.name is not None else NAME).reset_index(drop=True).to_frame()
    if isinstance(output, dict):
        return pd.DataFrame({name: _column(values) for name, values in output.items()})
    if isinstance(output, list) and output and all(isinstance(row, dict) for row in output):
        return pd.DataFrame(output)
    if is_tensor(output) and len(output.shape) == 2:
        names = [f"{NAME}_{place}" for place in range(output.shape[1])]
        return pd.DataFrame(jsonable(output), columns=names)
    return pd.DataFrame({NAME: _column(output)})


def _column(values: Any) -> Any:
    if table_kind(values).endswith("Series"):
        return values.to_list()
    if is_tensor(values):
        return values if getattr(values, "ndim", 0) == 1 and type(values).__name__ == "ndarray" else jsonable(values)
    return values if isinstance(values, list) else [values]


class Writer(ABC):
    """Takes batch after batch into a file that is open for bytes."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.rows = 0

    @abstractmethod
    def add(self, output: Any) -> None:
        """Write a batch of a model's output."""

    @abstractmethod
    def close(self) -> None:
        """Write what comes after the last batch; the file stays open."""


class Csv(Writer):
    """Columns below their names; nested values as JSON."""

    def add(self, output: Any) -> None:
        """Write a batch."""
        table = as_table(output)
        nested = [name for name in table.columns if table[name].map(lambda cell: isinstance(cell, list | dict)).any()]
        table = table.assign(**{str(name): table[name].map(lambda cell: json.dumps(jsonable(cell))) for name in nested})
        self.file.write(table.to_csv(index=False, header=self.rows == 0, lineterminator="\n").encode())
        self.rows += len(table)

    def close(self) -> None:
        """Nothing comes after the last row."""


class Json(Writer):
    """What MLflow's server answers: `predictions` with a value, or an object, for each row."""

    def add(self, output: Any) -> None:
        """Write a batch."""
        rows = _row_values(output)
        for row in rows:
            self.file.write(b", " if self.rows else b'{"predictions": [')
            self.file.write(json.dumps(row).encode())
            self.rows += 1

    def close(self) -> None:
        """Close the list."""
        self.file.write(b"]}\n" if self.rows else b'{"predictions": []}\n')


class Lines(Writer):
    """A line of JSON for each row."""

    def add(self, output: Any) -> None:
        """Write a batch."""
        rows = _row_values(output)
        self.file.write(b"".join(json.dumps(row).encode() + b"\n" for row in rows))
        self.rows += len(rows)

    def close(self) -> None:
        """Nothing comes after the last line."""


class Parquet(Writer):
    """A row group for each batch; the first says the types."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        self._writer: Any = None

    def add(self, output: Any) -> None:
        """Write a batch. Raises InvalidValue if it has other columns or types than the first."""
        try:
            import pyarrow as pa
            from pyarrow import parquet
        except ImportError as error:
            raise EnvironmentProblem("Parquet needs pyarrow.", "pip install 'runfolio[parquet]'") from error
        table = as_table(output)
        table.columns = [str(name) for name in table.columns]
        try:
            if self._writer is None:
                found = pa.Table.from_pandas(table, preserve_index=False)
                self._writer = parquet.ParquetWriter(self.file, found.schema)
            else:
                found = pa.Table.from_pandas(table, schema=self._writer.schema, preserve_index=False)
            self._writer.write_table(found)
        except (pa.ArrowException, KeyError) as problem:
            raise InvalidValue(f"Parquet cannot hold this output: {problem}.", "Write JSON lines.") from problem
        self.rows += len(table)

    def close(self) -> None:
        """Write the end of the file."""
        if self._writer is None:
            self.add([])
        self._writer.close()


def _row_values(output: Any) -> list[Any]:
    """The rows of an output as JSON has them: tables as objects, all else as it is."""
    if isinstance(output, dict) or table_kind(output).endswith("DataFrame"):
        table = as_table(output)
        names, columns = list(map(str, table.columns)), [jsonable(table.iloc[:, n]) for n in range(table.shape[1])]
        return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    found = jsonable(output)
    return found if isinstance(found, list) else [found]


WRITERS: dict[str, type[Writer]] = {
    ".csv": Csv,
    ".json": Json,
    ".jsonl": Lines,
    ".ndjson": Lines,
    ".parquet": Parquet,
}


def writer_for(file: Path) -> type[Writer]:
    """What writes a file, by its suffix. Raises InvalidValue."""
    found = WRITERS.get(file.suffix.lower())
    if found is None:
        raise InvalidValue(f"{file.name!r} does not tell its format.", f"Known: {', '.join(WRITERS)}.")
    return found
