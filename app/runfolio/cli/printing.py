"""What commands print: nothing that was logged can steer a terminal, and no character stops a command."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import typer

from runfolio.core.printable import Progress, printable, quietly

#: Seconds that work takes before a bar tells of it.
PATIENCE = 1.0


def say(text: object) -> None:
    """Print a line to standard output."""
    typer.echo(printable(str(text)))


def warn(text: object) -> None:
    """Print a line to standard error."""
    typer.echo(f"runfolio: {printable(str(text))}", err=True)


def write_bytes(content: bytes) -> None:
    """Write a whole file to standard output; a terminal gets the text of it, in which nothing steers it."""
    if sys.stdout.isatty():
        typer.echo(printable(content.decode("utf-8-sig")), nl=False)
        return
    sys.stdout.flush()
    left = memoryview(content)
    while left:  # without a buffer (PYTHONUNBUFFERED) a write may take only a part
        left = left[sys.stdout.buffer.write(left) :]
    sys.stdout.buffer.flush()


def prepare_streams() -> None:
    """Have what a terminal's or a pipe's encoding lacks shown as escapes, and what has no place to go go nowhere."""
    for name in ("stdin", "stdout", "stderr"):  # in this order, each takes the number that belongs to it
        if getattr(sys, name) is None:  # closed by whoever started us; the next file opened would be taken for it
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), "r" if name == "stdin" else "w"))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def silence(stream: TextIO) -> None:
    """Have what is printed go nowhere from now on: nobody reads it, and the interpreter is not to find that out."""
    with contextlib.suppress(OSError, ValueError):  # no file at all
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


@contextmanager
def progress_bar(what: str) -> Iterator[Progress]:
    """A bar on the terminal, if standard error is one, as soon as the work takes long; it goes with the work."""
    if not sys.stderr.isatty():
        yield quietly
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    bar = Bar(console=Console(stderr=True), transient=True)
    task = bar.add_task(what, total=None)
    start = threading.Timer(PATIENCE, bar.start)
    start.daemon = True
    start.start()
    try:
        yield lambda done, total: bar.update(task, completed=done, total=total)
    finally:
        start.cancel()
        start.join()
        if bar.live.is_started:
            bar.stop()
