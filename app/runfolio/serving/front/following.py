"""Following a registered model: when its stage or alias comes to mean another version, that one takes over."""

from __future__ import annotations

import asyncio
import logging
import math
from pathlib import Path
from typing import TYPE_CHECKING

from runfolio.core.errors import UserError
from runfolio.models.safety.trust import require
from runfolio.serving.front.served import Found, Served

if TYPE_CHECKING:
    from runfolio.store import Store

log = logging.getLogger("runfolio.serving")
#: Seconds between two looks, which cost microseconds where nothing was committed.
LOOK = 0.5
#: Seconds until it is looked again for a version that could not be had: the store was busy, or it is trusted since.
AGAIN = 10.0
SCHEME = "models:"


def named(uri: str) -> tuple[str, str] | None:
    """The registered model and which version of it an address names: `models:/name/Production`, `models:/name@alias`.

    None where it names anything else, such as a model that was logged.
    """
    if not uri.startswith(SCHEME):
        return None
    rest = uri.removeprefix(SCHEME).lstrip("/")
    name, slash, which = rest.partition("/")
    if not slash and "@" in rest:
        name, _, alias = rest.partition("@")
        which = f"@{alias}"
    return (name, which.strip("/")) if name and which else None


def find(store: Store, name: str, which: str) -> Found:
    """The version that is meant now, whose files are whole and which may be loaded.

    Raises:
        NotFound: none is.
        EnvironmentProblem: its files are not as long as they were.
        UntrustedModel: it can run code, and moving it to a stage has not made anybody trust that.
    """
    # A model that is served from a folder needs no store, nor the libraries that it is read by.
    from runfolio.store.registry.known import check_sizes
    from runfolio.store.registry.reading import files_of, find_version, folder_of

    version = find_version(store, name, which)
    folder = folder_of(store, name, version.version)
    check_sizes(folder, files_of(store, version.id), f"{name} v{version.version}")
    require(folder)
    return Found(Path(folder), str(version.version))


async def follow(store: Store, name: str, which: str, served: Served) -> None:
    """Have the version that is meant answer, whenever that changes; until this is cancelled."""
    from runfolio.store.watch import Watch

    watch, loop = Watch(store), asyncio.get_running_loop()
    tried, due = served.version, loop.time()  # what has changed before there was a watch is looked for once
    try:
        while True:
            await asyncio.sleep(LOOK)
            if not watch.poll() and loop.time() < due:
                continue
            due = math.inf
            try:
                found = await asyncio.to_thread(find, store, name, which)
            except (UserError, OSError) as problem:  # nobody is in that stage, or who is not trusted
                served.refuse(str(problem))
                due = loop.time() + AGAIN
                continue
            if found.version == served.version:
                served.refuse("")
            elif found.version != tried:
                await served.try_to_take_over(found)
            tried = found.version
    finally:
        watch.close()
