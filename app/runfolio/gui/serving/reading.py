"""What the page reads: which servers there are, how they fare, and what the selected one has printed. For workers."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil

from runfolio.core.registry.names import ARCHIVED, NONE
from runfolio.core.serving.records import ServerInfo
from runfolio.gui.serving.rows import ServerRow
from runfolio.serving import notes
from runfolio.serving.asking import Status, status_of
from runfolio.store import Store
from runfolio.store.registry.reading import list_models, list_versions

#: Versions of each model that are offered by their numbers.
NEWEST = 20
#: Servers that are asked at one time.
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """What was read.

    Attributes:
        chosen: the server that the log is of; "" for none.
        log: the end of what it and the model's processes have printed.
    """

    rows: tuple[ServerRow, ...]
    chosen: str
    log: str


def read_servers(store: Path, chosen: str, stopped: Callable[[], bool] = lambda: False) -> Answer:
    """All servers of a store; those that run are asked how they fare, until nobody waits."""
    with ThreadPoolExecutor(AT_ONCE) as pool:  # one that does not answer holds up no others
        rows = list(pool.map(lambda info: ServerRow(info) if stopped() else _row(info), notes.servers(store)))
    of_chosen = next((row.status for row in rows if row.info.id == chosen), None)
    return Answer(tuple(rows), chosen, _log(store, chosen, of_chosen))


def addresses(store: Store) -> list[str]:
    """What can be served of the registry: of each model its stages and aliases first, then its newest versions."""
    found: list[str] = []
    for model in list_models(store):
        versions = sorted(list_versions(store, model.name), key=lambda one: one.version, reverse=True)
        stages = dict.fromkeys(one.stage for one in versions if one.stage not in (NONE, ARCHIVED))
        found += [f"models:/{model.name}/{stage}" for stage in stages]
        found += [f"models:/{model.name}@{alias}" for one in versions for alias in one.aliases]
        found += [f"models:/{model.name}/{one.version}" for one in versions[:NEWEST]]
    return found


def _row(info: ServerInfo) -> ServerRow:
    status = status_of(info)
    return ServerRow(info, status, _memory(info, status))


def _memory(info: ServerInfo, status: Status | None) -> int | None:
    if status is None:
        return None
    try:
        return sum(psutil.Process(one).memory_info().rss for one in (info.process, *status.processes))
    except psutil.Error:
        return None


def _log(store: Path, chosen: str, status: Status | None) -> str:
    if not chosen:
        return ""
    parts = [notes.output(store, chosen).strip(), *(status.log if status is not None else ())]
    return "\n".join(filter(None, parts))
