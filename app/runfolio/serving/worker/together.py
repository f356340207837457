"""Requests that are predicted as one table: what a prediction costs is then shared by all that wait for one.

Only for models that look at each row by itself; of scikit-learn's, those that are made of its own estimators alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from runfolio.models.mlmodel import PYFUNC, MLmodel
from runfolio.models.schema.infer import table_kind
from runfolio.serving.worker.plain import Plain

#: Flavors whose models look at each row by itself.
BY_ROW = ("sklearn", "xgboost", "lightgbm", "catboost")
#: What they are asked so. `score` is one number for all rows.
METHODS = ("predict", "predict_proba", "predict_log_proba", "predict_joint_log_proba", "decision_function")
#: Those of scikit-learn's that call a function of the user's.
_CALLING = ("FunctionTransformer",)


def looks_at_rows(model: MLmodel, estimator: Callable[[], Any]) -> bool:
    """Whether a model's answer to a row does not depend on the others.

    Args:
        estimator: gives the library's own model.
    """
    entries = model.flavors.get(PYFUNC, {})
    flavor = str(entries.get("loader_module", "")).rpartition(".")[2]
    if flavor not in BY_ROW or entries.get("predict_fn", "predict") not in METHODS:
        return False
    return flavor != "sklearn" or _is_of_sklearn(estimator())


def groups(plain: Mapping[int, Plain]) -> Iterator[list[int]]:
    """The places of requests that go together."""
    found: dict[Any, list[int]] = {}
    for place, one in plain.items():
        found.setdefault((one.names, one.kinds), []).append(place)
    yield from found.values()


def split(output: Any, counts: Sequence[int]) -> list[Any] | None:
    """The answer to each of several requests; None where there is not one for each row."""
    kind = table_kind(output)
    if not hasattr(output, "__len__") or isinstance(output, dict | str | bytes) or len(output) != sum(counts):
        return None
    parts, at = [], 0
    for number in counts:
        parts.append(output.iloc[at : at + number] if kind.startswith("pandas") else output[at : at + number])
        at += number
    return parts


def _is_of_sklearn(estimator: Any) -> bool:
    """Whether an estimator, and all that it is made of, is scikit-learn's own and calls nothing of the user's."""
    if not hasattr(estimator, "get_params"):
        return False
    parts = [estimator, *(one for one in estimator.get_params(deep=True).values() if _may_predict(one))]
    return all(
        type(one).__module__.partition(".")[0] == "sklearn" and type(one).__name__ not in _CALLING for one in parts
    )


def _may_predict(value: Any) -> bool:
    return not isinstance(value, type) and (hasattr(value, "fit") or callable(value))
