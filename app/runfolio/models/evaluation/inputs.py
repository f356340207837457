"""Noting the data of an evaluation as an input of its run."""

from __future__ import annotations

from typing import Any

from runfolio.client import inputs
from runfolio.client.active_run import ActiveRun
from runfolio.client.datasets.arrays import from_numpy
from runfolio.client.datasets.frames import from_pandas, from_polars
from runfolio.core.states import DATA_CONTEXT
from runfolio.models.evaluation.examples import Columns, Examples

CONTEXT = "evaluation"


def note(run: ActiveRun, examples: Examples, columns: Columns, path: str | None, prefix: str) -> None:
    """Note the data as it was given, for the evaluation, or for what its metrics' prefix says."""
    dataset = _dataset(examples, columns, path)
    run.note_inputs([inputs.entry(dataset, {DATA_CONTEXT: prefix or CONTEXT})])


def _dataset(examples: Examples, columns: Columns, path: str | None) -> Any:
    data = examples.source
    if hasattr(data, "digest") and hasattr(data, "to_dict"):
        return data
    target = columns.targets if isinstance(columns.targets, str) else None
    library = type(data).__module__.partition(".")[0]
    if library == "polars":
        return from_polars(data, source=path, targets=target)
    if hasattr(data, "iloc"):
        return from_pandas(data, source=path, targets=target)
    if hasattr(examples.features, "iloc"):
        return from_pandas(examples.features, source=path)
    if hasattr(examples.features, "tocsr") or examples.features.dtype.kind == "O":
        return from_pandas(examples.frame, source=path)
    return from_numpy(examples.features, source=path, targets=examples.targets)
