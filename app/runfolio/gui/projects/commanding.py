"""A form as the line that does the same in a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from runfolio.core.projects.request import EnvManager, RunRequest


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
