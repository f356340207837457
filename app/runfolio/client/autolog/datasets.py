"""What a model was trained on and judged by: described, with a digest of its content, and noted with the run."""

from __future__ import annotations

from typing import Any

from runfolio.client.autolog.session import Session
from runfolio.core.states import DATA_CONTEXT

# A digest reads all of the data: of more than this, in bytes, it would hold up the training.
LARGEST = 2**30
TRAINING, EVALUATION = "train", "eval"


def note_data(session: Session, features: Any, targets: Any, context: str) -> None:
    """Note arrays or tables, with the targets that belong to them; other kinds of data are passed over."""
    if not session.settings.log_datasets or session.inner or features is None:
        return
    with session.step("dataset"):
        found = _described(features, targets)
        if found is not None:
            from runfolio.client import inputs

            session.run.note_inputs([inputs.entry(found, {DATA_CONTEXT: context})])


def _described(features: Any, targets: Any) -> Any:
    import numpy as np

    if _is_table(features):
        return _of_table(features, targets) if features.memory_usage().sum() <= LARGEST else None
    arrays = [_array(features), _array(targets)]
    if arrays[0] is None or sum(array.nbytes for array in arrays if isinstance(array, np.ndarray)) > LARGEST:
        return None
    from runfolio.client.datasets.arrays import from_numpy

    return from_numpy(arrays[0], targets=arrays[1])


def _is_table(data: Any) -> bool:
    kind = type(data)
    return kind.__name__ == "DataFrame" and kind.__module__.partition(".")[0] == "pandas"


def _of_table(features: Any, targets: Any) -> Any:
    from runfolio.client.datasets.frames import from_pandas

    column = None
    if getattr(targets, "ndim", 1 if isinstance(targets, list) else 0) == 1:
        column = str(getattr(targets, "name", None) or "target")
        while column in features.columns:
            column = f"{column}_"
        features = features.assign(**{column: targets.array if hasattr(targets, "array") else targets})
    return from_pandas(features, targets=column)


def _array(data: Any) -> Any:
    """Data as an array; None for what is none, such as a loader."""
    import numpy as np

    if isinstance(data, np.ndarray):
        return data
    if isinstance(data, (list, tuple)) or type(data).__module__.partition(".")[0] == "pandas":
        return np.asarray(data)
    return None
