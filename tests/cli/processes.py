"""Commands in real processes that start at once: each is forked from one that has loaded the program already.

Run as a program, it is that one: it takes a line of JSON for each command and answers with the exit code.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TypedDict

SECONDS = 120
# What most commands load; none of it starts a thread.
LOADED = ("runfolio.cli.main", "typer.rich_utils", "runfolio.store.bulk", "runfolio.store.recover")


class Asked(TypedDict):
    """A command to carry out: its arguments, environment and working folder, and the files that it prints to."""

    arguments: list[str]
    environment: dict[str, str]
    folder: str
    files: list[str]


def run_command(arguments: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run `runfolio` as `subprocess.run` would, without input; what it prints is told when it has ended."""
    if not hasattr(os, "fork"):
        command = [sys.executable, "-m", "runfolio", *arguments]
        return subprocess.run(command, env=dict(environment), capture_output=True, text=True, timeout=SECONDS)
    with tempfile.TemporaryDirectory() as folder:
        files = [str(Path(folder) / name) for name in ("out", "err")]
        code = _ask(Asked(arguments=[*arguments], environment={**environment}, folder=str(Path.cwd()), files=files))
        out, err = (Path(file).read_text("utf-8") for file in files)
    return subprocess.CompletedProcess(["runfolio", *arguments], code, out, err)


@cache
def _loaded() -> subprocess.Popen[str]:
    """The process that others are forked from; it ends when this one does, for then its input ends."""
    command = [sys.executable, str(Path(__file__).resolve())]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)


def _ask(asked: Asked) -> int:
    process = _loaded()
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(json.dumps(asked) + "\n")
    process.stdin.flush()
    return int(process.stdout.readline())


def _serve() -> None:
    """Fork for each question; returns in the child alone, which is to carry out the command, and at the end."""
    while line := sys.stdin.readline():
        child = os.fork()
        if not child:
            _become(json.loads(line))
            return
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()
    os._exit(0)


def _become(asked: Asked) -> None:
    """Take on arguments, environment, folder and streams, and end when the time is over."""
    signal.alarm(SECONDS)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.argv = ["runfolio", *asked["arguments"]]
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, file in enumerate(asked["files"], 1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600), number)


if __name__ == "__main__":
    from importlib import import_module

    for module in LOADED:
        import_module(module)
    _serve()
    import_module("runfolio.cli.main").main()
