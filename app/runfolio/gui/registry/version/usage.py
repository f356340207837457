"""How a registered version is used: the lines that are shown and copied."""

from __future__ import annotations

import shlex

from runfolio.gui.chrome.snippet import copy_button
from runfolio.gui.inspector.code_view import CodeView
from runfolio.gui.inspector.memory import Memory
from runfolio.gui.inspector.section import Section

#: More than any of them has, wrapped where there is little room.
MOST_LINES = 10


def load_lines(model: str, which: str | int) -> str:
    """How it is loaded in Python; `which` is its number, a stage or `latest`."""
    return f'import runfolio\nmodel = runfolio.pyfunc.load_model("models:/{model}/{which}")'


def predict_line(model: str, which: str | int) -> str:
    """How it is asked from a shell, without a program: a file of data becomes a file of predictions."""
    return f"runfolio models predict -m {shlex.quote(f'models:/{model}/{which}')} -i data.csv -o predictions.csv"


def code_view(title: str) -> CodeView:
    """A view of such lines, all of which can be read."""
    return CodeView(title, MOST_LINES, wraps=True)


def code_section(view: CodeView, memory: Memory, key: str) -> Section:
    """A section with a view of lines and a button that copies them."""
    title = view.accessibleName()
    copy = copy_button(view.toPlainText, f"Copy: {title}")
    copy.setProperty("kind", "small")
    return Section(title, view, memory, key, (copy,))
