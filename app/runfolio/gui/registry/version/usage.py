"""How a registered version is used: the lines that are shown and copied."""

from __future__ import annotations

import shlex


def load_lines(model: str, which: str | int) -> str:
    """How it is loaded in Python; `which` is its number, a stage or `latest`."""
    return f'import runfolio\nmodel = runfolio.pyfunc.load_model("models:/{model}/{which}")'


def predict_line(model: str, which: str | int) -> str:
    """How it is asked from a shell, without a program: a file of data becomes a file of predictions."""
    return f"runfolio models predict -m {shlex.quote(f'models:/{model}/{which}')} -i data.csv -o predictions.csv"
