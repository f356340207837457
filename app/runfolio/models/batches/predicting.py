"""Predicting a whole file: batch after batch is read, predicted and written, so that memory does not grow with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

from runfolio.core.errors import InvalidValue, SchemaMismatch
from runfolio.core.printable import Progress, quietly
from runfolio.models.batches.reading import ROWS, Batch, batches
from runfolio.models.batches.writing import Writer, as_table
from runfolio.models.schema.infer import table_kind

if TYPE_CHECKING:
    from runfolio.models.mlmodel import MLmodel


class Predicts(Protocol):
    """A loaded model, in this process or in one of its own."""

    @property
    def metadata(self) -> MLmodel:
        """What its MLmodel file says."""

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        """Its answer."""


def predict_file(
    model: Predicts,
    source: Path,
    target: IO[bytes],
    writer: type[Writer],
    *,
    params: Mapping[str, Any] | None = None,
    rows: int = ROWS,
    with_input: bool = False,
    progress: Progress = quietly,
) -> int:
    """Predict the rows of a file into another; how many there were.

    Args:
        params: win over those in the file.
        rows: how many are predicted together.
        with_input: whether the rows stand beside what was predicted of them.

    Raises:
        NotFound, InvalidValue, EnvironmentProblem: the file cannot be read, or the model does not take it; where that
            is a row, it is counted from the beginning of the file.
    """
    schema = model.metadata.get_input_schema()
    out = writer(target)
    before = 0
    for batch in batches(source, schema, rows):
        output = _predicted(model, batch, params, before)
        out.add(_beside(batch.data, output) if with_input else output)
        before += len(batch.data) if hasattr(batch.data, "__len__") else 1
        progress(batch.done, batch.total)
    out.close()
    return out.rows


def _predicted(model: Predicts, batch: Batch, params: Mapping[str, Any] | None, before: int) -> Any:
    asked = {**(batch.params or {}), **(params or {})}
    try:
        return model.predict(batch.data, params=asked or None)
    except SchemaMismatch as mismatch:
        if mismatch.row is None or not before:
            raise
        message = mismatch.message.replace(f", row {mismatch.row}", f", row {mismatch.row + before}", 1)
        row = mismatch.row + before
        where = {"column": mismatch.column, "value": mismatch.value, "expected": mismatch.expected}
        raise SchemaMismatch(message, mismatch.hint, row=row, **where) from None  # type: ignore[arg-type]


def _beside(data: Any, output: Any) -> Any:
    """The rows and what was predicted of them, as one table. Raises InvalidValue if there is not one for each."""
    import pandas as pd

    given = (
        data.reset_index(drop=True) if table_kind(data) == "pandas.DataFrame" else pd.DataFrame({"input": list(data)})
    )
    found = as_table(output)
    if len(found) != len(given):
        raise InvalidValue(f"The model gave {len(found)} rows for {len(given)}, which cannot stand beside each other.")
    new = {name: f"{name}_predicted" for name in found.columns if name in given.columns}
    return pd.concat([given, found.rename(columns=new)], axis=1)
