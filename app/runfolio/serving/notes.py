"""What a store's folder says of servers on this machine: each has a folder with what it is, and a lock that it holds.

<store>/serving/<id>/server.json   a `ServerInfo`; only the person can read it, for it may have a token
<store>/serving/<id>/lock          held by the server's process, so that it is free as soon as that has ended
<store>/serving/<id>/log           what it prints, where the window or a program has started it
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import platform
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from secrets import token_hex
from typing import Any

from runfolio.core.clock import now_ms
from runfolio.core.errors import AlreadyExists
from runfolio.core.folder import DATABASE, SERVING
from runfolio.core.serving.records import ServerInfo, Wanted, read_wanted
from runfolio.journal.locks import acquire

log = logging.getLogger("runfolio.serving")
SERVER, LOCK, LOG = "server.json", "lock", "log"
#: Tells a server's process under which id it is known already.
ID_VARIABLE = "RUNFOLIO_SERVING_ID"
#: Bytes of a server's output that are read, from its end.
TAIL = 64 << 10
#: Seconds after which a lock is not held by somebody who only looks whether it is.
LOOKS = 2.0
_ID_LETTERS = frozenset("0123456789abcdef")


def folder_of(store: Path, server: str) -> Path:
    """Where a server is noted."""
    return store / SERVING / server


def new_server(wanted: Wanted) -> ServerInfo:
    """One that has not been started."""
    return ServerInfo(token_hex(6), wanted, "", "", 0, now_ms(), running=False)


def write(store: Path, info: ServerInfo) -> None:
    """Note how a server is, at once as a whole. Raises OSError."""
    folder = folder_of(store, info.id)
    folder.mkdir(parents=True, exist_ok=True)
    written = asdict(info) | {"wanted": info.wanted.written()}
    written.pop("running")  # the lock says that
    written["machine"] = platform.node()
    beside = folder / f"{SERVER}.{os.getpid()}"
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(written, file, indent=1)
    beside.replace(folder / SERVER)


def read(store: Path, server: str) -> ServerInfo | None:
    """A server; None if nothing that can be read is noted of it, or it is of another machine with the same store."""
    folder = folder_of(store, server)
    try:
        written = json.loads((folder / SERVER).read_text("utf-8"))
        if written["machine"] != platform.node():  # its address and its process mean nothing here
            return None
        return _read(server, written, running=is_held(folder / LOCK))
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as problem:
        log.debug("%s cannot be read: %s", folder, problem)
        return None


def servers(store: Path) -> list[ServerInfo]:
    """All that are noted, those that were started last first."""
    try:
        names = [entry.name for entry in os.scandir(store / SERVING) if set(entry.name) <= _ID_LETTERS]
    except FileNotFoundError:
        return []
    found = [info for name in names if (info := read(store, name)) is not None]
    return sorted(found, key=lambda info: (info.started, info.id), reverse=True)


def output(store: Path, server: str) -> str:
    """The end of what a server has printed; empty of one that prints to a terminal."""
    try:
        with (folder_of(store, server) / LOG).open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - TAIL))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


def forget(store: Path, server: str) -> bool:
    """Remove what is noted of a server that has ended; whether it had. Raises OSError."""
    folder = folder_of(store, server)
    if is_held(folder / LOCK):
        return False
    shutil.rmtree(folder)
    return True


def is_held(lock: Path) -> bool:
    """Whether somebody has the lock of a file."""
    try:
        descriptor = acquire(lock, create=False, shared=True)  # others who look at it do not count as holding it
    except OSError:
        return False
    if descriptor is None:
        return True
    os.close(descriptor)
    return False


@contextmanager
def noted(store: Path, wanted: Wanted) -> Iterator[Callable[[str, str], None]]:
    """Have this process found as a server of a store as long as the block lasts.

    Yields what notes its address and version once it answers. Where nothing can be written, it is served all the same.
    A server that was started in a terminal is forgotten in the end; another is there to be started again, with no
    process, unless it has come to an end that nobody wanted.

    Raises:
        AlreadyExists: a server that is known by the same id runs.
    """
    given = os.environ.pop(ID_VARIABLE, "")
    if not (store / DATABASE).exists():
        yield lambda _address, _version: None
        return
    info = replace(new_server(wanted), process=os.getpid())
    if given and set(given) <= _ID_LETTERS:
        info = replace(info, id=given)
    held = _hold(store, info)

    def note(address: str, version: str) -> None:
        nonlocal info
        info = replace(info, address=address, version=version)
        if held is not None:
            _try_to_write(store, info)

    try:
        yield note
    finally:
        if held is not None:
            if given and not isinstance(sys.exception(), Exception):
                _try_to_write(store, replace(info, process=0))
            os.close(held)
            if not given:
                with contextlib.suppress(OSError):
                    forget(store, info.id)


def _hold(store: Path, info: ServerInfo) -> int | None:
    """Take a server's lock and note it; None where nothing can be written. Raises AlreadyExists."""
    lock, until = folder_of(store, info.id) / LOCK, time.monotonic() + LOOKS
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        while (held := acquire(lock)) is None:
            if time.monotonic() > until:
                raise AlreadyExists(f"The server {info.id} runs already.", "Stop it, or start another one.")
            time.sleep(0.01)
    except OSError as problem:
        _warn(store, problem)
        return None
    _try_to_write(store, info)
    return held


def _try_to_write(store: Path, info: ServerInfo) -> None:
    try:
        write(store, info)
    except OSError as problem:
        _warn(store, problem)


def _warn(store: Path, problem: OSError) -> None:
    log.warning("The server cannot be noted in %s: %s. The window does not find it.", store, problem.strerror)


def _read(server: str, written: Mapping[str, Any], *, running: bool) -> ServerInfo:
    address = str(written["address"])
    return ServerInfo(
        server,
        read_wanted(written["wanted"]),
        address if address.startswith("http://") else "",  # a browser is sent there
        str(written["version"]),
        int(written["process"]),
        int(written["started"]),
        running,
    )
