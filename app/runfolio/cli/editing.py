"""Having a text edited in the user's own editor."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from runfolio.core.errors import EnvironmentProblem

#: What is there where nobody has said what to edit with.
USUAL = "notepad" if os.name == "nt" else "vi"


def edited(text: str, suffix: str) -> str:
    """The text as it is when the editor of VISUAL or EDITOR ends. Raises EnvironmentProblem: it cannot be used."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or USUAL
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"policy{suffix}"
        file.write_text(text, encoding="utf-8")
        try:
            code = subprocess.run([*shlex.split(editor, posix=os.name != "nt"), str(file)], check=False).returncode
            found = file.read_text(encoding="utf-8-sig")
        except (OSError, ValueError) as problem:
            raise EnvironmentProblem(f"{editor} cannot be used: {problem}.", "Set EDITOR.") from problem
    if code:
        raise EnvironmentProblem(f"{editor} ended with {code}: nothing is changed.", "Set EDITOR to another one.")
    return found
