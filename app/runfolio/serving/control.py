"""Starting and ending servers of models, each a process of its own (`runfolio models serve`)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from runfolio.core.errors import AlreadyExists, EnvironmentProblem
from runfolio.core.serving.records import ServerInfo, Wanted
from runfolio.serving import notes

#: The token is told by this, since everybody on a machine can read arguments.
TOKEN_VARIABLE = "RUNFOLIO_SERVING_TOKEN"
#: Seconds until a process must have noted itself, which is before it loads the model.
BEGINS = 60.0
#: Seconds that a server may take to answer what it was asked before it is ended.
ENDS = 15.0
#: Seconds between two looks at whether it is so.
LOOK = 0.05


@dataclass(frozen=True, slots=True)
class Started:
    """A server that this process has started.

    Attributes:
        info: as it was noted when it began; it does not answer yet.
        process: its process, which a thread waits for.
    """

    info: ServerInfo
    process: subprocess.Popen[bytes]

    def let_go(self) -> None:
        """Have a server that is not detached end by itself; nothing waits for that."""
        if self.process.stdin is not None:
            with suppress(OSError):
                self.process.stdin.close()


def start(store: Path, wanted: Wanted, *, server: str = "", trust: bool = False) -> Started:
    """Start a server, and wait until it has noted itself. It loads the model then.

    One that is not `detached` ends when this process does, or lets it go.

    Args:
        server: the id under which it is known already; a new one without.
        trust: whether the model is trusted from now on, if it can run code.

    Raises:
        AlreadyExists: the server that is known by this id runs.
        EnvironmentProblem: it has not begun; the message has what it printed.
        OSError: nothing can be written, or no process started.
    """
    info = notes.new_server(wanted)
    info = replace(info, id=server or info.id)
    folder = notes.folder_of(store, info.id)
    if notes.is_held(folder / notes.LOCK):  # what is noted of it must stay, by which it is stopped
        raise AlreadyExists(f"The server {info.id} runs already.", "Stop it first.")
    notes.write(store, info)
    with (folder / notes.LOG).open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "runfolio", *_arguments(wanted, trust), "--store", str(store)],
            stdin=subprocess.DEVNULL if wanted.detached else subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=_environment(wanted, info.id),
            # Python looks for modules in the folder where it starts: it must be one that nobody else can write to.
            cwd=Path(sys.executable).parent,
            start_new_session=os.name == "posix",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    threading.Thread(target=_outlast, args=(process,), name="server", daemon=True).start()
    _wait(lambda: _begun(store, info.id) is not None or process.poll() is not None, BEGINS)
    begun = _begun(store, info.id)
    if begun is None:
        process.kill()  # nobody knows of it, should it begin yet
        told = notes.output(store, info.id).strip()
        raise EnvironmentProblem(f"The server has not begun: {told or 'it printed nothing'}", "See its log.")
    return Started(begun, process)


def stop(store: Path, server: str, seconds: float = ENDS) -> None:
    """End a server: it answers what it was asked, and is ended at once if that takes longer."""
    info = notes.read(store, server)
    if info is None or not info.running or not info.process:
        return
    lock = notes.folder_of(store, server) / notes.LOCK
    for number, patience in ((signal.SIGTERM, seconds), (getattr(signal, "SIGKILL", signal.SIGTERM), ENDS)):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(info.process, number)
        if _wait(lambda: not notes.is_held(lock), patience):
            _note_end(store, server)
            return


def _note_end(store: Path, server: str) -> None:
    """Have one that could not do so itself known as ended in order, for somebody wanted its end."""
    info = notes.read(store, server)
    if info is not None and info.process and not info.running:
        with suppress(OSError):
            notes.write(store, replace(info, process=0))


def _begun(store: Path, server: str) -> ServerInfo | None:
    """A server once it has noted its process, which it does when it has its lock."""
    info = notes.read(store, server)
    return info if info is not None and info.running and info.process else None


def _outlast(process: subprocess.Popen[bytes]) -> None:
    """Take note of its end, or it would be left as a zombie for as long as this process lives."""
    process.wait()
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()


def _arguments(wanted: Wanted, trust: bool) -> list[str]:
    limits = wanted.limits
    given = ["models", "serve", "--json", "-m", wanted.uri, "--host", wanted.host]
    given += ["--port", str(wanted.port)] if wanted.port else []  # without, the next one that is free
    given += ["--workers", str(wanted.workers), "--env-manager", wanted.env_manager]
    given += ["--timeout", f"{limits.seconds:g}", "--max-body", str(max(1, limits.bytes >> 20))]
    given += ["--batch", str(limits.batch)]
    flags = {"--debug": wanted.debug, "--attached": not wanted.detached, "--trust": trust}
    return given + [flag for flag, is_set in flags.items() if is_set]


def _environment(wanted: Wanted, server: str) -> dict[str, str]:
    """Ours, with what must not be an argument."""
    kept = {name: value for name, value in os.environ.items() if name != TOKEN_VARIABLE}
    return kept | {notes.ID_VARIABLE: server} | ({TOKEN_VARIABLE: wanted.token} if wanted.token else {})


def _wait(is_so: Callable[[], bool], seconds: float) -> bool:
    """Whether it is so within that time."""
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(LOOK)
    return True
