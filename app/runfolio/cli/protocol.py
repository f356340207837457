"""The lines that `runfolio log stdin` takes: words, or one JSON object a line.

    metric loss 0.25 3          a point of a metric, at a step (0 if not given)
    param lr 0.001              the rest of the line is the value
    tag note first try
    {"metrics": {"loss": 0.25, "acc": 0.9}, "step": 3, "timestamp": 1700000000000}
    {"params": {"lr": 0.001}, "tags": {"note": "first try"}}

Empty lines, and those that begin with #, are passed over.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from runfolio.core import rules
from runfolio.core.errors import InvalidValue

if TYPE_CHECKING:
    from runfolio.client.active_run import ActiveRun

FIELDS = {"metrics", "params", "tags", "step", "timestamp"}
KINDS = "metric KEY VALUE [STEP], param KEY VALUE, tag KEY VALUE, or a JSON object"


def take_line(run: ActiveRun, line: str) -> None:
    """Log what a line says. Raises InvalidValue, and logs nothing, if it cannot be read."""
    line = line.strip()
    if not line or line.startswith("#"):
        return
    if line.startswith("{"):
        _take_object(run, line)
        return
    kind, _, rest = line.partition(" ")
    key, _, value = rest.strip().partition(" ")
    value = value.strip()
    if not key or not value or kind not in ("metric", "param", "tag"):
        raise InvalidValue(f"{line!r:.80} cannot be read.", f"A line is {KINDS}.")
    if kind == "param":
        run.log_params({key: value})
    elif kind == "tag":
        run.set_tags({key: value})
    else:
        number, _, step = value.partition(" ")
        run.log_metric(key, rules.metric_value(key, number), _step(step))


def _take_object(run: ActiveRun, line: str) -> None:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidValue(f"This is not JSON: {error}.") from error
    unknown = sorted(given.keys() - FIELDS)
    if unknown:
        raise InvalidValue(f"There is no field {unknown[0]!r}.", f"The fields are {', '.join(sorted(FIELDS))}.")
    parts: dict[str, Any] = {name: rules.mapping(given.get(name, {}), name) for name in ("params", "tags", "metrics")}
    # All is checked before any of it is logged; what a param was before is known to the run alone.
    for key, value in parts["metrics"].items():
        rules.metric_value(rules.key(key, "metric"), value)
    step, timestamp = rules.step(given.get("step")), given.get("timestamp")
    if parts["params"]:
        run.log_params(parts["params"])
    if parts["tags"]:
        run.set_tags(parts["tags"])
    if parts["metrics"]:
        run.log_metrics(parts["metrics"], step, timestamp)


def _step(text: str) -> int:
    text = text.strip()
    try:
        return rules.step(int(text)) if text else 0
    except ValueError as error:
        raise InvalidValue(f"A step must be a whole number, not {text!r:.60}.") from error
