"""What an event may hold. A reader must ask, for one that cannot go into the tables would keep all others out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from runfolio.core.states import RunStatus

Event = dict[str, Any]

# By type: the fields it must have, and those it may have.
TEXT, INTEGER, TEXTS, TEXT_OR_NONE = "text", "integer", "texts", "text or none"
FLAG, STATUS, INPUTS = "flag", "status", "inputs"
NEEDED = {
    "journal": {},
    "run": {"run": TEXT, "name": TEXT, "time": INTEGER, "journal": TEXT},
    "series": {"run": TEXT, "key": TEXT, "id": INTEGER},
    "params": {"run": TEXT, "values": TEXTS, "time": INTEGER},
    "tags": {"run": TEXT, "values": TEXTS, "time": INTEGER},
    "artifact": {"run": TEXT, "path": TEXT, "size": INTEGER, "time": INTEGER},
    "inputs": {"run": TEXT, "inputs": INPUTS, "time": INTEGER},
    "update": {"run": TEXT, "time": INTEGER},
    "end": {"run": TEXT, "status": STATUS, "time": INTEGER},
    "experiment": {"name": TEXT, "time": INTEGER},
    "experiment_tags": {"values": TEXTS, "time": INTEGER},
}
ALLOWED = {
    "params": {"overwrite": FLAG},
    "update": {"name": TEXT, "status": STATUS, "end_time": INTEGER},
    "experiment": {"values": TEXTS},
    "experiment_tags": {"experiment": TEXT, "experiment_id": INTEGER},
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
    if kind in ("run", "experiment_tags"):
        return "experiment" in event or "experiment_id" in event
    return kind != "params" or None not in event["values"].values()


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
    if form == FLAG:
        return isinstance(value, bool)
    if form == STATUS:
        return isinstance(value, str) and value in RunStatus.__members__
    if form == INPUTS:
        return isinstance(value, list) and all(_is_input(one) for one in value)
    return isinstance(value, dict) and all(
        _is_text(key) and (one is None or _is_text(one)) for key, one in value.items()
    )


def _is_input(value: Any) -> bool:
    """Whether it is a dataset as a run used it."""
    if not isinstance(value, dict):
        return False
    needed = {name: TEXT for name in ("name", "digest", "source_type", "source")}
    given = {name: TEXT_OR_NONE for name in ("schema", "profile")}
    tags = value.get("tags", {})
    return (
        all(_fits(value.get(name), form) for name, form in (needed | given).items())
        and _fits(tags, TEXTS)
        and None not in tags.values()
    )


def _is_text(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return value.isascii() or bool(value.encode())
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
