"""Which commands and addresses a person lets be told of moves, each of one store; kept in the person's own folder.

Who writes a policy allows what it says. A store that came from somebody else says what they want to be run and posted:
nothing of that is done before this person has allowed it.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from runfolio.core.clock import now_ms
from runfolio.core.registry.chain import canonical_text
from runfolio.core.registry.events import Event
from runfolio.core.settings import settings_file
from runfolio.store.connection import Store

log = logging.getLogger("runfolio")
NAME = "allowed_events.jsonl"


def allow(store: Store, events: Iterable[Event]) -> None:
    """Let these be told of moves in a store; where that cannot be kept, they have to be allowed later."""
    lines = [{"mark": mark_of(store, one.written()), "what": one.written(), "time": now_ms()} for one in events]
    if not lines:
        return
    try:
        _append("".join(json.dumps(line) + "\n" for line in lines))
    except OSError as error:
        log.warning("It cannot be kept that %s may be told of moves: %s", store.path, error)


def is_allowed(store: Store, target: Mapping[str, Any]) -> bool:
    """Whether that may be told; `target` is an event as it is written."""
    return mark_of(store, target) in _marks()


def mark_of(store: Store, target: Mapping[str, Any]) -> str:
    """What stands for an event of a store: the folder and every letter of the command or the address."""
    told = canonical_text({"store": str(store.path.resolve()), "target": dict(target)})
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def _file() -> Path:
    return settings_file().with_name(NAME)


def _append(lines: str) -> None:
    """Lines are only added, by one write, so that several processes may do so at once."""
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    opened = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(opened, lines.encode())
    finally:
        os.close(opened)


def _marks() -> set[str]:
    """All that is allowed; lines that cannot be read count for nothing."""
    try:
        lines = _file().read_bytes().splitlines()
    except FileNotFoundError:
        return set()
    found = set()
    for line in lines:
        try:
            found.add(str(json.loads(line)["mark"]))
        except (ValueError, KeyError, TypeError):  # cut off by a full disk
            log.debug("A line of %s cannot be read.", _file())
    return found
