"""What an event may hold. A reader must ask, for one that cannot go into the tables would keep all others out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from runfolio.core.states import RunStatus

Event = dict[str, Any]


def is_sound(event: Event) -> bool:
    """Whether all that the tables need is there and can be stored."""
    kind = event.get("type")
    if not isinstance(kind, str) or kind not in NEEDED:
        return False
    if not _has(event, NEEDED[kind]) or not _may_have(event, ALLOWED.get(kind, {})):
        return False
    if kind in ("run", "experiment_tags"):
        return "experiment" in event or "experiment_id" in event
    return kind != "params" or None not in event["values"].values()


def as_written_now(event: Event) -> Event:
    """An event of a journal that an older version has left, as this one would have written it.

    A metric was once defined by an event of its own, as `{"type": "series", "run": …, "id": 7, "key": "loss"}`.
    """
    if event.get("type") == "series" and isinstance(event.get("key"), str) and "id" in event:
        rest = {name: value for name, value in event.items() if name not in ("id", "key")}
        return {**rest, "numbers": {event["key"]: event["id"]}}
    return event


def of_type(events: Iterable[Event], kind: str) -> Iterator[Event]:
    """The events of one type."""
    return (event for event in events if event["type"] == kind)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and _can_be_stored(value)


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63


def _is_text_or_none(value: Any) -> bool:
    return value is None or _is_text(value)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_status(value: Any) -> bool:
    return isinstance(value, str) and value in RunStatus.__members__


def _is_sha256(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 64 and not value.strip("0123456789abcdef")


def _are_texts(value: Any) -> bool:
    """Whether it is a dictionary of texts, of which the values may be None. Looked at as one text: there are many."""
    if not isinstance(value, dict):
        return False
    try:
        return _can_be_stored("".join([*value, *(one for one in value.values() if one is not None)]))
    except TypeError:
        return False


def _are_numbers(value: Any) -> bool:
    return isinstance(value, dict) and _are_texts(dict.fromkeys(value)) and all(map(_is_integer, value.values()))


def _are_inputs(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_input, value))


def _is_input(value: Any) -> bool:
    """Whether it is a dataset as a run used it."""
    if not isinstance(value, dict):
        return False
    needed = dict.fromkeys(("name", "digest", "source_type", "source"), _is_text)
    given = dict.fromkeys(("schema", "profile"), _is_text_or_none)
    tags = value.get("tags", {})
    return _has(value, needed) and _may_have(value, given) and _are_texts(tags) and None not in tags.values()


def _is_model(value: Any) -> bool:
    """Whether it is what the tag of a run's models has of one."""
    return isinstance(value, dict) and _is_text(value.get("artifact_path"))


def _can_be_stored(text: str) -> bool:
    try:
        return text.isascii() or bool(text.encode())
    except UnicodeEncodeError:  # half of a surrogate pair
        return False


Fields = Mapping[str, Callable[[Any], bool]]

# By type: the fields it must have, and those it may have.
NEEDED: dict[str, Fields] = {
    "journal": {},
    "run": {"run": _is_text, "name": _is_text, "time": _is_integer, "journal": _is_text},
    "series": {"run": _is_text, "numbers": _are_numbers},
    "params": {"run": _is_text, "values": _are_texts, "time": _is_integer},
    "tags": {"run": _is_text, "values": _are_texts, "time": _is_integer},
    "artifact": {"run": _is_text, "path": _is_text, "size": _is_integer, "time": _is_integer},
    "artifact_gone": {"run": _is_text, "path": _is_text, "time": _is_integer},
    "model": {"run": _is_text, "entry": _is_model, "time": _is_integer},
    "inputs": {"run": _is_text, "inputs": _are_inputs, "time": _is_integer},
    "update": {"run": _is_text, "time": _is_integer},
    "end": {"run": _is_text, "status": _is_status, "time": _is_integer},
    "experiment": {"name": _is_text, "time": _is_integer},
    "experiment_tags": {"values": _are_texts, "time": _is_integer},
}
ALLOWED: dict[str, Fields] = {
    "artifact": {"sha256": _is_sha256},
    "params": {"overwrite": _is_flag},
    "update": {"name": _is_text, "status": _is_status, "end_time": _is_integer},
    "experiment": {"values": _are_texts},
    "experiment_tags": {"experiment": _is_text, "experiment_id": _is_integer},
    "run": {
        "experiment": _is_text,
        "experiment_id": _is_integer,
        "parent": _is_text_or_none,
        "user": _is_text,
        "source": _is_text,
    },
}


def _has(event: Event, fields: Fields) -> bool:
    return all([fits(event.get(name)) for name, fits in fields.items()])


def _may_have(event: Event, fields: Fields) -> bool:
    return all([fits(event[name]) for name, fits in fields.items() if name in event])
