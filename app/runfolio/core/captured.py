"""What is captured with every run, by name: its tags, and its files under `runfolio/`."""

from __future__ import annotations

from pathlib import Path

COMMAND, FOLDER, SCRIPT = "runfolio.command", "runfolio.folder", "runfolio.script"
COMMIT, BRANCH = "mlflow.source.git.commit", "mlflow.source.git.branch"
REMOTE, DIRTY = "mlflow.source.git.repoURL", "mlflow.source.git.dirty"
PYTHON, HOST, SYSTEM = "runfolio.python", "runfolio.host", "runfolio.system"
PROCESSOR, MEMORY, GRAPHICS = "runfolio.cpu", "runfolio.memory", "runfolio.gpu"
#: The script as MLflow names it; a run's own attribute stands for it where a run has no such tag.
SOURCE = "mlflow.source.name"

#: What is not committed, the packages that are installed, and the traceback of a run that failed.
PATCH, PACKAGES = "runfolio/changes.patch", "runfolio/requirements.txt"
TRACEBACK = "runfolio/traceback.txt"
#: Reports about the run and others beside it, each in a folder of its own.
REPORTS = "runfolio/reports"
#: What was printed; a run that is gone on with has a second file, `runfolio/console-2.log`.
CONSOLE = "runfolio/console"


def is_console(path: str) -> bool:
    """Whether a run's file is what one of its processes printed."""
    return path.startswith(CONSOLE) and path.endswith(".log")


def is_printed(path: str) -> bool:
    """Whether a file is that, or a piece of it that a process left apart which was killed."""
    return is_console(path) or (path.endswith((".1", ".2")) and is_console(path[:-2]))


def console_pieces(first: Path) -> list[Path]:
    """The files that output goes to, one after another, until they become one; short output has the first only."""
    return [first, *(first.with_name(f"{first.name}.{number}") for number in (1, 2))]
