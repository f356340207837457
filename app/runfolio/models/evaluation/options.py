"""The options of `evaluator_config`: which there are, so that a misspelt one is refused and not left out silently."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Mapping, Sequence
from typing import Any

from runfolio.core.errors import InvalidValue

#: Ours, most of which are MLflow's too.
KNOWN = frozenset({
    "average", "col_mapping", "explainability_algorithm", "explainability_nsamples", "explainability_seconds",
    "label_list", "log_model_explainability", "max_classes_for_multiclass_roc_pr", "metric_prefix", "pos_label",
    "sample_weights",
})  # fmt: skip
#: Those of MLflow's that are taken and change nothing here.
IDLE = frozenset(
    {"eval_results_path", "eval_results_mode", "explainability_kernel_link", "log_explainer", "retriever_k"}
)


def read_options(given: Mapping[str, Any] | None, metrics: Sequence[Any]) -> Mapping[str, Any]:
    """The options, also where they are given for the evaluator called "default".

    Raises:
        InvalidValue: there is no such option, and none of the user's metrics asks for it.
    """
    options = dict(given or {})
    if isinstance(inner := options.get("default"), Mapping):
        del options["default"]
        options |= inner
    mapping = options.get("col_mapping")
    meant = mapping.values() if isinstance(mapping, Mapping) else ()
    known = KNOWN | IDLE | _asked(metrics) | {one for one in meant if isinstance(one, str)}
    for name in options:
        if name not in known:
            close = difflib.get_close_matches(str(name), KNOWN, 1)
            hint = f"Is it {close[0]!r}?" if close else f"There are {', '.join(sorted(KNOWN))}."
            raise InvalidValue(f"evaluator_config has no option {name!r}.", hint)
    return options


def _asked(metrics: Sequence[Any]) -> frozenset[str]:
    """The names of the parameters of a user's metrics."""
    functions = [getattr(one, "eval_fn", one) for one in metrics]
    return frozenset(name for one in functions if callable(one) for name in inspect.signature(one).parameters)
