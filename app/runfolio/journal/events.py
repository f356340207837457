"""What an event may hold. A reader must ask, for one that cannot go into the tables would keep all others out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from runfolio.core.entities import RunStatus

Event = dict[str, Any]

# By type: the fields it must have, and those it may have.
TEXT, INTEGER, TEXTS, TEXT_OR_NONE = "text", "integer", "texts", "text or none"
NEEDED = {
    "journal": {},
    "run": {"run": TEXT, "name": TEXT, "time": INTEGER, "journal": TEXT},
    "series": {"run": TEXT, "key": TEXT, "id": INTEGER},
    "params": {"run": TEXT, "values": TEXTS, "time": INTEGER},
    "tags": {"run": TEXT, "values": TEXTS, "time": INTEGER},
    "artifact": {"run": TEXT, "path": TEXT, "size": INTEGER, "time": INTEGER},
    "end": {"run": TEXT, "status": TEXT, "time": INTEGER},
}
ALLOWED = {
    "run": {
        "experiment": TEXT,
        "experiment_id": INTEGER,
        "parent": TEXT_OR_NONE,
        "user": TEXT,
        "source": TEXT,
    },
}


def is_sound(event: Event) -> bool:
    """Whether all that the tables need is there and can be stored."""
    kind = event.get("type")
    if not isinstance(kind, str) or kind not in NEEDED:
        return False
    given = {name: form for name, form in ALLOWED.get(kind, {}).items() if name in event}
    if not all(_fits(event.get(name), form) for name, form in (NEEDED[kind] | given).items()):
        return False
    if kind == "run":
        return "experiment" in event or "experiment_id" in event
    if kind == "params":
        return None not in event["values"].values()
    return kind != "end" or event["status"] in RunStatus.__members__


def of_type(events: Iterable[Event], kind: str) -> Iterator[Event]:
    """The events of one type."""
    return (event for event in events if event["type"] == kind)


def _fits(value: Any, form: str) -> bool:
    if form == TEXT:
        return _is_text(value)
    if form == INTEGER:
        return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63
    if form == TEXT_OR_NONE:
        return value is None or _is_text(value)
    return isinstance(value, dict) and all(
        _is_text(key) and (one is None or _is_text(one)) for key, one in value.items()
    )


def _is_text(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True
