"""Git as it fetches and checks out: it never prompts, tells how far it is, can be stopped, and runs nothing else."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from runfolio.core import git as asking
from runfolio.core.errors import EnvironmentProblem, Stopped
from runfolio.core.printable import printable
from runfolio.core.secrets import masked
from runfolio.environments.ending import end_tree
from runfolio.projects.sources.source import Watch

#: Seconds for all of a clone, and for one question to a server.
FETCH_TIMEOUT, ASK_TIMEOUT = 3600.0, 60.0
#: Seconds between two lines of progress, and between two looks at whether anybody waits still.
PACE, PATIENCE = 0.25, 0.05
MAX_ANSWER = 16 << 20
LAST_LINES = 20
# What git adds whenever another program has failed, which has said why.
_SAYS_NOTHING = (
    "fatal: could not read from remote repository",
    "please make sure you have the correct access rights",
    "and the repository exists",
)
# Nobody is asked for a password: not at the terminal, not in a window, and not by a helper.
_NO_PROMPTS = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS_REQUIRE": "never",
    "GCM_INTERACTIVE": "never",
}
_SSH = "-oBatchMode=yes -oConnectTimeout=20 -oServerAliveInterval=15"
# What of a user's own variables says how servers are reached.
_KEPT = re.compile(r"GIT_(SSH|SSH_VARIANT|SSL_.*|PROXY_SSL_.*|HTTP_.*|CONFIG_GLOBAL|CONFIG_SYSTEM|CONFIG_NOSYSTEM)")
# A bare repository is only ever one that was named, and large files are left to whoever wants them.
_SETTINGS = (*asking.SETTINGS, "safe.bareRepository=all", "gc.auto=0", "maintenance.auto=false")
_NETWORK = (
    "credential.interactive=false",
    "http.lowSpeedLimit=100",
    "http.lowSpeedTime=60",
    "fetch.recurseSubmodules=no",
)


@dataclass(frozen=True, slots=True)
class Done:
    """How git ended: its code (None if it took too long), its answer, and the last lines of what it said."""

    code: int | None
    answer: str
    said: tuple[str, ...]

    @property
    def last_line(self) -> str:
        """The line that tells most: the last that is marked as fatal or as an error, else the last."""
        telling = [line for line in self.said if line.lower().rstrip(".") not in _SAYS_NOTHING]
        marked = [line for line in telling if line.startswith(("fatal:", "error:", "ERROR:", "ssh:"))]
        return (marked or telling or ["it said nothing"])[-1]


def git_program() -> str:
    """Where git is. Raises EnvironmentProblem."""
    found = shutil.which("git")
    if found is None:
        raise EnvironmentProblem("git is not installed.", "Install it (git-scm.com), or give a folder or a zip file.")
    return found


def ask(folder: Path, *arguments: str) -> str | None:
    """What git answers at once about a repository here; None if it fails."""
    found = asking.ask_git(git_program(), folder, "-c", "safe.bareRepository=all", *arguments)
    return None if found is None else os.fsdecode(found)


def run_here(arguments: Sequence[str], folder: Path, watch: Watch) -> Done:
    """Git on repositories of this machine, without a user's settings: files become what was committed, byte by byte."""
    variables = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_LFS_SKIP_SMUDGE": "1"}
    return _run(arguments, folder, watch, FETCH_TIMEOUT, {**variables, "GIT_ALLOW_PROTOCOL": "file"})


def clone_here(arguments: Sequence[str], folder: Path, watch: Watch) -> Done:
    """The same with a user's settings, which say whose repositories are trusted (`safe.directory`)."""
    return _run(arguments, folder, watch, FETCH_TIMEOUT, {"GIT_ALLOW_PROTOCOL": "file"})


def run_remote(arguments: Sequence[str], folder: Path, watch: Watch, *, timeout: float = FETCH_TIMEOUT) -> Done:
    """Git as it asks a server, with a user's settings: proxies, certificates, keys and helpers that know passwords."""
    settings = [part for setting in _NETWORK for part in ("-c", setting)]
    variables = {"GIT_ALLOW_PROTOCOL": "https:http:ssh:git"}
    if "GIT_SSH" not in os.environ:
        variables["GIT_SSH_COMMAND"] = f"{_ssh()} {_SSH}"
    return _run([*settings, *arguments], folder, watch, timeout, variables)


def _ssh() -> str:
    """The user's own command for ssh, or the usual one."""
    if given := os.environ.get("GIT_SSH_COMMAND"):
        return given
    return (ask(Path(Path.home().anchor), "config", "--global", "--get", "core.sshCommand") or "").strip() or "ssh"


def _run(arguments: Sequence[str], folder: Path, watch: Watch, timeout: float, variables: Mapping[str, str]) -> Done:
    """Run git to its end. Raises Stopped, EnvironmentProblem."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or _KEPT.fullmatch(name)}
    kept.pop("SSH_ASKPASS", None)
    settings = [part for setting in _SETTINGS for part in ("-c", setting)]
    basic = {name: value for name, value in asking.ENVIRONMENT.items() if name != "GIT_CONFIG_NOSYSTEM"}
    watch.check()
    with TemporaryFile() as answer:
        child = subprocess.Popen(
            [git_program(), "--no-pager", *settings, *arguments],
            cwd=folder,
            env={**kept, **basic, **_NO_PROMPTS, **variables},
            stdin=subprocess.DEVNULL,
            stdout=answer,
            stderr=subprocess.PIPE,
            # Without a terminal of its own, ssh cannot ask at ours.
            start_new_session=os.name == "posix",
        )
        said = _attended(child, watch, time.monotonic() + timeout)
        answer.seek(0)
        text = os.fsdecode(answer.read(MAX_ANSWER))
    return Done(child.returncode if said.in_time else None, text, tuple(said.last))


class _Said:
    """What a child says on its stderr, read by a thread: progress is handed on, the rest is kept."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.last: deque[str] = deque(maxlen=LAST_LINES)
        self.progress: deque[str] = deque(maxlen=1)
        self.in_time = True
        self._stream = stream
        self._reader = threading.Thread(target=self._read, name="git says", daemon=True)
        self._reader.start()

    def _read(self) -> None:
        rest = b""
        with contextlib.suppress(OSError, ValueError):  # it was closed
            while block := self._stream.read1(1 << 16):  # type: ignore[attr-defined]
                *lines, rest = re.split(rb"[\r\n]", rest[-4096:] + block)
                self._take(lines)
        self._take([rest])

    def _take(self, lines: Sequence[bytes]) -> None:
        for line in lines:
            text = printable(masked(line.decode("utf-8", "replace").strip()))
            if re.search(r": +\d+% \(|^remote: (Enumerating|Counting|Compressing|Total)|^Enumerating", text):
                self.progress.append(text)
            elif text:
                self.last.append(text)

    def end(self) -> None:
        """Wait for the rest, unless somebody else holds the stream open."""
        self._reader.join(1.0)
        if not self._reader.is_alive():
            self._stream.close()


def _attended(child: subprocess.Popen[bytes], watch: Watch, until: float) -> _Said:
    assert child.stderr is not None
    said = _Said(child.stderr)
    told = 0.0
    try:
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(PATIENCE)
                return said
            if watch.stopped():
                raise Stopped
            if time.monotonic() > until:
                said.in_time = False
                return said
            if said.progress and time.monotonic() - told > PACE:
                watch.tell(said.progress.pop())
                told = time.monotonic()
    finally:
        end_tree(child)
        said.end()


def shown_command(*arguments: str) -> str:
    """A command with git, to be typed by a person."""
    return shlex.join(["git", *arguments])
