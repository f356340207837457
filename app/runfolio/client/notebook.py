"""Whether a Jupyter kernel runs this, and which notebook it serves."""

from __future__ import annotations

import os
import sys


def in_notebook() -> bool:
    """Whether a Jupyter kernel runs this."""
    return "ipykernel" in sys.modules and "IPython" in sys.modules


def notebook_file() -> str:
    """The notebook's path as far as it can be known: Jupyter's server and VS Code tell it to the kernel; else ""."""
    if not in_notebook():
        return ""
    told = getattr(sys.modules.get("__main__"), "__vsc_ipynb_file__", None) or os.environ.get("JPY_SESSION_NAME", "")
    return told if isinstance(told, str) and told.endswith(".ipynb") else ""
