"""What was started: the command line, the script, the folder it was started in, the Python that runs it."""

from __future__ import annotations

import platform
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from runfolio.client.notebook import in_notebook
from runfolio.core.captured import COMMAND, FOLDER, PYTHON, SCRIPT
from runfolio.core.secrets import masked_command

SOURCE_TYPE = "mlflow.source.type"


def program_tags() -> Mapping[str, str]:
    """The tags that say what runs: secrets in the command line are masked."""
    tags = {
        SOURCE_TYPE: "NOTEBOOK" if in_notebook() else "LOCAL",
        FOLDER: _folder(),
        PYTHON: platform.python_version(),
    }
    if not in_notebook():  # the command that started a kernel says nothing of the notebook
        original = getattr(sys, "orig_argv", None) or [sys.executable, *sys.argv]
        tags[COMMAND] = shlex.join(masked_command(original))
    script = entry_script()
    if script:
        tags[SCRIPT] = str(script)
    return tags


def entry_script() -> Path | None:
    """The file that was started, if one was."""
    # When the script is done, Python takes `__file__` away; what was captured then knows it from the arguments.
    file = getattr(sys.modules.get("__main__"), "__file__", None) or (sys.argv or [""])[0]
    path = Path(file).absolute() if file else None
    return path if path is not None and path.is_file() and not in_notebook() else None


def _folder() -> str:
    try:
        return str(Path.cwd())
    except OSError:  # it was removed
        return ""
