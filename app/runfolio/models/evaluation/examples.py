"""The data that a model is evaluated on, in whatever form it is given: features, targets, predictions and weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runfolio.core.errors import InvalidValue

if TYPE_CHECKING:
    import numpy as np
    import pandas


@dataclass(frozen=True, eq=False, slots=True)
class Examples:
    """Rows of data.

    Attributes:
        features: what the model is given, in the form the caller gave it: a pandas table or an array.
        frame: the features and all other columns but targets and predictions, as a table.
        targets: what is true, one for each row; with several outputs rows x outputs; None if not given.
        predictions: what was predicted, likewise; None if a model is asked.
        weights: how much each row counts; None if all count the same.
        target_names: the names of the outputs.
        source: the data as it was given, to be noted as an input of the run.
    """

    features: Any
    frame: pandas.DataFrame
    targets: np.ndarray[Any, Any] | None
    predictions: np.ndarray[Any, Any] | None
    weights: np.ndarray[Any, Any] | None
    target_names: tuple[str, ...]
    source: Any

    def __len__(self) -> int:
        return len(self.frame)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns, or values, are what."""

    targets: Any = None
    predictions: Any = None
    weights: Any = None
    features: Sequence[str] | None = None


def read_examples(data: Any, columns: Columns) -> Examples:
    """Put data in order.

    Args:
        data: a pandas or polars table, an array, a list of rows, or a dataset of `runfolio.data`.
        columns: of a table names of columns, else the values themselves.

    Raises:
        InvalidValue: it is empty, a column is missing, lengths differ, or targets have missing values.
    """
    if data is None:
        raise InvalidValue("There is no data to evaluate on.", "Give a table, an array or a dataset.")
    source = data
    data, columns = _of_dataset(data, columns)
    table = _table(data)
    examples = _of_array(data, columns, source) if table is None else _of_table(table, columns, source)
    if not len(examples):
        raise InvalidValue("There is no row to evaluate on.", "The data is empty.")
    return examples


def _of_dataset(data: Any, columns: Columns) -> tuple[Any, Columns]:
    """What a dataset was made of; it says itself which columns are what."""
    if not (hasattr(data, "digest") and hasattr(data, "to_dict")):
        return data, columns
    if columns.targets is not None:
        raise InvalidValue("A dataset says itself what its targets are.", "Leave out the argument targets.")
    inner = data.df if getattr(data, "df", None) is not None else getattr(data, "features", None)
    if inner is None:
        raise InvalidValue("The dataset does not hold its data, only where it is.", "Read it and give the table.")
    predictions = getattr(data, "predictions", None)
    return inner, Columns(data.targets, columns.predictions or predictions, columns.weights, columns.features)


def _table(data: Any) -> pandas.DataFrame | None:
    import pandas as pd

    library = type(data).__module__.partition(".")[0]
    if library == "polars" and hasattr(data, "to_dict"):
        return pd.DataFrame(data.to_dict(as_series=False))
    if isinstance(data, Mapping):
        return pd.DataFrame(dict(data))
    return data if isinstance(data, pd.DataFrame) else None


def _of_table(table: pandas.DataFrame, columns: Columns, source: Any) -> Examples:
    import numpy as np

    taken: list[Any] = []

    def values(given: Any, what: str) -> Any:
        if given is None:
            return None
        names = _names(given, table)
        if names is None:
            return _sized(given, len(table), what)
        if missing := [name for name in names if name not in table.columns]:
            has = ", ".join(map(str, table.columns[:20]))
            raise InvalidValue(f"The table has no column {missing[0]!r} of {what}.", f"It has {has}.")
        taken.extend(names)
        found = table[names[0]] if len(names) == 1 else table[names]
        return np.asarray(found)

    targets = values(columns.targets, "targets")
    predictions = values(columns.predictions, "predictions")
    weights = values(columns.weights, "weights")
    rest = table[[name for name in table.columns if name not in taken]]
    features = rest if columns.features is None else _chosen(rest, columns.features)
    named = _names(columns.targets, table) or _target_names(targets)
    return _checked(features, rest, targets, predictions, weights, named, source)


def _names(given: Any, table: pandas.DataFrame) -> list[Any] | None:
    """The columns that are meant; None where values are given."""
    if isinstance(given, str):
        return [given]
    if isinstance(given, (list, tuple)) and given and len(given) != len(table):
        return list(given) if all(isinstance(name, str) for name in given) else None
    if isinstance(given, (list, tuple)) and given and all(isinstance(name, str) and name in table for name in given):
        return list(given)
    return None


def _chosen(table: pandas.DataFrame, names: Sequence[str]) -> pandas.DataFrame:
    if missing := [name for name in names if name not in table.columns]:
        raise InvalidValue(f"The table has no feature {missing[0]!r}.", "feature_names names columns of the data.")
    return table[list(names)]


def _of_array(data: Any, columns: Columns, source: Any) -> Examples:
    import numpy as np
    import pandas as pd

    if hasattr(data, "tocsr"):  # sparse
        features = data.tocsr()
        table = pd.DataFrame.sparse.from_spmatrix(features)  # type: ignore[attr-defined]
    else:
        features = np.asarray(data)
        if not features.ndim:
            raise InvalidValue(f"Data is a table, an array or a list of rows, not {type(data).__name__}.")
        table = pd.DataFrame(features.reshape(len(features), -1))
    width = table.shape[1]
    if columns.features is not None and len(columns.features) != width:
        raise InvalidValue(f"There are {width} features, but {len(columns.features)} names of features.")
    digits = len(str(width))
    table.columns = pd.Index(columns.features or [f"feature_{number:0{digits}}" for number in range(1, width + 1)])
    if isinstance(columns.targets, str):
        raise InvalidValue("An array has no names of columns.", "Give the targets themselves, or a table.")
    given = [(columns.targets, "targets"), (columns.predictions, "predictions"), (columns.weights, "weights")]
    targets, predictions, weights = (None if one is None else _sized(one, len(table), what) for one, what in given)
    return _checked(features, table, targets, predictions, weights, _target_names(targets), source)


def _sized(given: Any, rows: int, what: str) -> np.ndarray[Any, Any]:
    import numpy as np

    found = np.asarray(given)
    if not found.ndim or len(found) != rows:
        count = len(found) if found.ndim else 1
        raise InvalidValue(f"There are {rows:,} rows of data, but {count:,} {what}.", "There must be one for each row.")
    return found


def _target_names(targets: Any) -> list[str]:
    several = targets is not None and targets.ndim > 1 and targets.shape[1] > 1
    return [f"output_{number}" for number in range(1, targets.shape[1] + 1)] if several else ["target"]


def _checked(
    features: Any, frame: Any, targets: Any, predictions: Any, weights: Any, names: list[str], source: Any
) -> Examples:
    if targets is not None:
        targets = plain(targets)
        no_gaps(targets, "targets")
    if predictions is not None:
        predictions = plain(predictions)
        no_gaps(predictions, "predictions")
    return Examples(features, frame, targets, predictions, _weights(weights), tuple(map(str, names)), source)


def plain(values: Any) -> np.ndarray[Any, Any]:
    """An array without a needless second dimension, and without pandas' own types."""
    import numpy as np

    found = np.asarray(values)
    if found.ndim == 2 and found.shape[1] == 1:
        found = found[:, 0]
    if found.dtype == object and found.size and all(isinstance(one, (bool, np.bool_)) for one in found.flat):
        return found.astype(bool)
    return found


def no_gaps(values: np.ndarray[Any, Any], what: str) -> None:
    """Raises InvalidValue, naming the first place, if values are missing or infinite."""
    import numpy as np
    import pandas as pd

    bad = np.asarray(pd.isna(values))
    if values.dtype.kind in "fc":
        bad = bad | ~np.isfinite(values)
    if bad.any():
        row = int(np.argwhere(bad)[0][0])
        raise InvalidValue(
            f"{int(bad.sum()):,} of the {what} are missing or infinite, the first one in row {row}.",
            "Leave out these rows, or fill them.",
        )


def _weights(given: Any) -> np.ndarray[Any, Any] | None:
    import numpy as np

    if given is None:
        return None
    try:
        weights = np.asarray(given, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidValue("Weights are numbers.", "Name a column of numbers, or give a list of them.") from error
    if weights.ndim != 1 or not np.isfinite(weights).all() or (weights < 0).any() or not weights.sum() > 0:
        raise InvalidValue("Weights are finite numbers from 0 on, and not all of them 0.")
    return weights
