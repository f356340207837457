"""The command that a form amounts to: what the shell is given, and the same for the command line."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from runfolio.core.projects.records import EntryPoint
from runfolio.core.projects.request import EnvManager, Needs, RunRequest


def command_line(request: RunRequest) -> str:
    """The line that does the same in a terminal."""
    words = ["runfolio", "run", request.uri]
    if request.entry_point:
        words += ["-e", request.entry_point]
    if request.version:
        words += ["-v", request.version]
    for name, value in request.parameters.items():
        words += ["-P", f"{name}={value}"]
    options: Mapping[str, str] = {
        "--experiment-name": request.experiment,
        "--run-name": request.run_name,
        "--env-manager": "" if request.env_manager is EnvManager.AUTO else str(request.env_manager),
        "--timeout": f"{request.timeout:g}" if request.timeout else "",
        "--retries": str(request.retries) if request.retries else "",
    }
    for option, value in options.items():
        words += [option, value] if value else []
    return shlex.join(words)


def template(entry: EntryPoint) -> str:
    """What stands for the command while values are missing."""
    return entry.command.strip()


def needs_told(needs: Needs) -> str:
    """What a job holds, for a tool tip."""
    parts = [f"{needs.cpu:g} CPU", f"{needs.memory_gb:g} GB" if needs.memory_gb else ""]
    return ", ".join(part for part in [*parts, f"{needs.gpu} GPU" if needs.gpu else ""] if part)
