"""Small figures of what a training gave, drawn without pyplot: the user's own figures and backend stay as they are."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import Any

# More rows than this in a matrix cannot be read with a number in each cell.
MOST_NUMBERS = 20
MOST_BARS = 30


def available() -> bool:
    """Whether matplotlib is there."""
    return importlib.util.find_spec("matplotlib") is not None


def matrix(values: Any, labels: Sequence[str] | None) -> Any:
    """A confusion matrix: true classes down, predicted ones across, with the share of each row."""
    figure, axes = _new(6, 5)
    shown = axes.imshow(values, cmap="Blues", vmin=0, vmax=1)
    figure.colorbar(shown, ax=axes)
    axes.set(xlabel="Predicted", ylabel="True")
    if labels is not None and len(labels) <= MOST_NUMBERS:
        axes.set_xticks(range(len(labels)), labels, rotation=45 if max(map(len, labels)) > 3 else 0)
        axes.set_yticks(range(len(labels)), labels)
        for row, line in enumerate(values):
            for column, value in enumerate(line):
                colour = "white" if value > 0.5 else "black"
                axes.text(column, row, f"{value:.2f}", ha="center", va="center", color=colour, fontsize=8)
    return figure


def curve(x: Any, y: Any, x_label: str, y_label: str) -> Any:
    """A line in the unit square."""
    figure, axes = _new(5, 5)
    axes.plot(x, y)
    axes.set(xlabel=x_label, ylabel=y_label, xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    axes.grid(alpha=0.3)
    return figure


def bars(names: Sequence[str], values: Sequence[float], label: str) -> Any:
    """The largest values as bars, the largest on top."""
    order = sorted(range(len(values)), key=values.__getitem__)[-MOST_BARS:]
    figure, axes = _new(7, 1.2 + 0.25 * len(order))
    axes.barh([str(names[index]) for index in order], [values[index] for index in order])
    axes.set(xlabel=label)
    return figure


def _new(width: float, height: float) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.add_subplot()
