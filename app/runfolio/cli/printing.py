"""What commands print: nothing that was logged can steer a terminal, and no character stops a command."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

# Control characters but tabs and ends of lines, and those that turn the direction of writing around.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """A text as it may be printed: what would steer a terminal is shown as an escape."""
    return _STEERING.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def say(text: object) -> None:
    """Print a line to standard output."""
    typer.echo(printable(str(text)))


def warn(text: object) -> None:
    """Print a line to standard error."""
    typer.echo(f"runfolio: {printable(str(text))}", err=True)


def write_bytes(content: bytes) -> None:
    """Write a whole file to standard output."""
    sys.stdout.flush()
    left = memoryview(content)
    while left:  # without a buffer (PYTHONUNBUFFERED) a write may take only a part
        left = left[sys.stdout.buffer.write(left) :]
    sys.stdout.buffer.flush()


def prepare_streams() -> None:
    """Have what a terminal's or a pipe's encoding lacks shown as escapes, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on the terminal, if there is one, which moves as it is told how many of how many are done."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
