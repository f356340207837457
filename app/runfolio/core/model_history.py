"""The models of a run, as MLflow's tag has them: a JSON list with an entry for each, the oldest first."""

from __future__ import annotations

import json
from typing import Any

#: The tag.
HISTORY = "mlflow.log-model.history"

Entry = dict[str, Any]


def entries(text: str | None) -> list[Entry]:
    """The models that the tag names; none where there is no tag, or somebody has written something else into it."""
    try:
        found = json.loads(text or "[]")
    except (ValueError, RecursionError):
        return []
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def with_entry(text: str | None, entry: Entry) -> str:
    """The tag with one more model. Of two at one place of the run, the one that was made later stays.

    Processes that log to one run add what they logged in any order, and the outcome is the same.
    """
    there = entries(text)
    later = [one for one in there if _place(one) == _place(entry) and _time(one) > _time(entry)]
    kept = later[-1] if later else entry
    others = [one for one in there if _place(one) != _place(entry)]
    return json.dumps(sorted([*others, kept], key=_time))


def _place(entry: Entry) -> Any:
    return entry.get("artifact_path")


def _time(entry: Entry) -> str:
    """When it was made, as `datetime` writes a time in UTC, so that texts are in the order of times."""
    return str(entry.get("utc_time_created") or "")
