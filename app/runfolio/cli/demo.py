"""`runfolio demo`: a real sweep trains in a child process while the window shows it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from runfolio import demo as training
from runfolio.cli import shapes
from runfolio.cli.options import StoreOption, chosen
from runfolio.cli.runs import JsonOption
from runfolio.core.errors import EnvironmentProblem, InvalidValue, UserError
from runfolio.core.paths import store_path

PROGRESS = re.compile(r"(\d+)/(\d+) (.*)")


def demo(
    context: typer.Context,
    store: StoreOption = None,
    no_window: Annotated[bool, typer.Option("--no-window", help="Train and print a summary.")] = False,
    screenshot: Annotated[
        Path | None, typer.Option("--screenshot", help="Train, then render the window to this PNG, without a display.")
    ] = None,
    theme: Annotated[str, typer.Option(help="Colours of the screenshot: dark or light.")] = "dark",
    size: Annotated[str, typer.Option(help="Size of the screenshot in pixels.")] = "1600x1000",
    runs: Annotated[int, typer.Option(min=0, help="How many models to train.")] = 24,
    epochs: Annotated[int, typer.Option(min=1, help="How long to train each.")] = 40,
    as_json: JsonOption = False,
) -> None:
    """Train a sweep on handwritten digits and watch it live."""
    folder = store_path(chosen(context, store))
    options = ["--runs", str(runs), "--epochs", str(epochs)]
    if screenshot is not None:
        pixels = _pixels(size)
        if theme not in ("dark", "light"):
            raise InvalidValue(f"There is no theme {theme!r}.", "Use dark or light.")
        _check_picture(screenshot)
        if runs:
            _train(folder, options)
        _picture(folder, screenshot, theme == "dark", pixels)
        shapes.print_done(str(screenshot), as_json, target=str(screenshot))
    elif no_window:
        _train(folder, options)
        _summarise(folder, as_json)
    elif as_json:
        raise InvalidValue("A window is not JSON.", "Use --json with --no-window or --screenshot.")
    else:
        raise typer.Exit(_watch(folder, options))


def _watch(folder: Path, options: list[str]) -> int:
    """The window first, then the training; what is still training when the window closes is stopped."""
    from runfolio.gui import guards

    guards.check_all()
    from runfolio.gui.app import main

    child: list[subprocess.Popen[str]] = []
    try:
        return main(folder, started=lambda: child.append(training.start(folder, options)))
    finally:
        for process in child:
            training.stop(process, folder)


def _train(folder: Path, options: list[str]) -> None:
    """Train with a progress bar, if there is a terminal to show it on."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    texts = TextColumn("Training"), TextColumn("{task.description}")
    columns = (texts[0], BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), texts[1])
    bar = Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty())
    with _child(folder, options) as process, bar as progress:
        task = progress.add_task("", total=None)
        assert process.stdout is not None
        for line in process.stdout:
            if match := PROGRESS.match(line):
                done, total, text = match.groups()
                progress.update(task, completed=int(done), total=int(total), description=text)
    if process.returncode:
        raise UserError(f"The training ended with exit code {process.returncode}.", "Its message is above.")


@contextmanager
def _child(folder: Path, options: list[str]) -> Iterator[subprocess.Popen[str]]:
    process = training.start(folder, options, subprocess.PIPE)
    try:
        yield process
        process.wait()
    finally:
        training.stop(process, folder)


def _summarise(folder: Path, as_json: bool) -> None:
    from runfolio.cli.runs import print_runs
    from runfolio.store import open_store

    store = open_store(folder, create=False)
    try:
        print_runs(store, training.EXPERIMENT, 24, as_json)
    finally:
        store.close()


def _picture(folder: Path, file: Path, dark: bool, size: tuple[int, int]) -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from runfolio.gui import guards

    guards.check_all()
    from runfolio.gui.app import screenshot

    screenshot(folder, file, dark=dark, size=size)


def _pixels(size: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{3,5})x(\d{3,5})", size)
    if match is None:
        raise InvalidValue(f"{size!r} is not a size.", "Give width and height in pixels, such as 1600x1000.")
    return int(match[1]), int(match[2])


def _check_picture(file: Path) -> None:
    """Before an hour of training, not after it."""
    if file.suffix.lower() != ".png":
        raise InvalidValue(f"{file.name!r} is not the name of a PNG file.", "Let it end in .png.")
    if not file.absolute().parent.is_dir():
        raise EnvironmentProblem(f"There is no folder {file.absolute().parent} for the picture.")
