"""Pictures of an evaluation: one calm style, drawn without pyplot, so that the user's figures stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas

INK, MUTED, GRID = "#2b2f36", "#8a919c", "#e4e7eb"
# Colours that are told apart with colour-blind eyes, too (Okabe and Ito), the calmest first.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f", "#8c564b", "#bcbd22", "#000000")
MOST_NUMBERS, MOST_BARS = 20, 30
SMALL, DOTS = 8.5, 150

# What a curve's file is called: its columns across and up, their names, and whether it lies in the unit square.
AXES = {
    "roc_curve_plot": ("false_positive_rate", "true_positive_rate", "False positive rate", "True positive rate", True),
    "precision_recall_curve_plot": ("recall", "precision", "Recall", "Precision", True),
    "lift_curve_plot": ("share_of_rows", "lift", "Share of rows, most probable first", "Lift", False),
    "calibration_curve_plot": (
        "predicted_probability", "share_of_positives", "Predicted probability", "True share of positives", True,
    ),
}  # fmt: skip


def curves(table: pandas.DataFrame, name: str, title: str) -> Any:
    """Curves of one or several labels."""
    across, up, x_label, y_label, unit = AXES[name]
    figure, axes = _new(5.2, 4.6, title)
    groups = [(str(label), part) for label, part in table.groupby("label", sort=False)]
    for number, (label, part) in enumerate(groups):
        marker = "o" if name == "calibration_curve_plot" else None
        colour = COLOURS[number % len(COLOURS)]
        axes.plot(part[across], part[up], color=colour, lw=1.6, marker=marker, ms=3.5, label=label)
        if "low" in part and len(groups) == 1:
            axes.fill_between(part[across], part["low"], part["high"], color=colour, alpha=0.15, lw=0)
    if name in ("roc_curve_plot", "calibration_curve_plot"):
        axes.plot([0, 1], [0, 1], color=MUTED, lw=1, ls="--")
    elif name == "lift_curve_plot":
        axes.axhline(1, color=MUTED, lw=1, ls="--")
    if unit:
        axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    axes.set(xlabel=x_label, ylabel=y_label)
    if len(groups) > 1:
        axes.legend(frameon=False, fontsize=SMALL)
    else:
        axes.set_xlabel(f"{x_label} (positive: {groups[0][0]})")
    return figure


def matrix(shares: Any, counts: Any, labels: list[str]) -> Any:
    """A confusion matrix: true labels down, predicted ones across, with shares of each line and counts."""
    side = min(4.0 + 0.35 * len(labels), 10.0)
    figure, axes = _new(side + 0.8, side, "Confusion matrix", grid=False)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set(xlabel="Predicted", ylabel="True")
    if len(labels) <= MOST_NUMBERS:
        short = [label if len(label) <= 16 else f"{label[:15]}…" for label in labels]
        turned = 45 if max(map(len, short)) > 4 and len(short) > 3 else 0
        axes.set_xticks(range(len(short)), short, rotation=turned, ha="right" if turned else "center")
        axes.set_yticks(range(len(short)), short)
        for row, line in enumerate(shares):
            for place, value in enumerate(line):
                text = f"{value:.0%}" if len(labels) > 6 else f"{value:.1%}\n{counts[row][place]:,.6g}"
                axes.text(
                    place, row, text, ha="center", va="center", fontsize=7.5, color="white" if value > 0.55 else INK
                )
    return figure


def predicted_vs_true(table: pandas.DataFrame) -> Any:
    """A point for each row, and the line on which they should be."""
    figure, axes = _new(5.2, 4.8, "Predicted and true")
    low = min(table["true"].min(), table["predicted"].min())
    high = max(table["true"].max(), table["predicted"].max())
    axes.scatter(table["true"], table["predicted"], s=9, color=COLOURS[0], alpha=_alpha(len(table)), lw=0)
    axes.plot([low, high], [low, high], color=MUTED, lw=1, ls="--")
    axes.set(xlabel="True", ylabel="Predicted")
    return figure


def residuals(table: pandas.DataFrame) -> Any:
    """What is true less what was predicted, over predictions, and how often each occurs."""
    figure, axes = _new(6.6, 4.4, "Residuals")
    axes.scatter(table["predicted"], table["residual"], s=9, color=COLOURS[0], alpha=_alpha(len(table)), lw=0)
    axes.axhline(0, color=MUTED, lw=1, ls="--")
    axes.set(xlabel="Predicted", ylabel="True − predicted")
    beside = axes.inset_axes([1.02, 0, 0.22, 1], sharey=axes)
    beside.hist(table["residual"], bins=40, orientation="horizontal", color=COLOURS[0], alpha=0.75)
    beside.tick_params(labelleft=False, labelbottom=False, length=0)
    for spine in beside.spines.values():
        spine.set_visible(False)
    return figure


def bars(table: pandas.DataFrame, title: str, label: str) -> Any:
    """The largest values of a table of `feature`, `importance` and, where it is known, `deviation`, largest on top."""
    shown = table.iloc[:MOST_BARS].iloc[::-1]
    figure, axes = _new(6.4, 1.3 + 0.26 * len(shown), title)
    style = {"color": COLOURS[0], "ecolor": MUTED, "height": 0.7}
    axes.barh(shown["feature"].astype(str), shown["importance"], xerr=shown.get("deviation"), **style)
    axes.axvline(0, color=MUTED, lw=0.8)
    axes.set(xlabel=label)
    return figure


def _alpha(count: int) -> float:
    return 0.6 if count <= 500 else 0.3


def _new(width: float, height: float, title: str, *, grid: bool = True) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=DOTS, layout="constrained", facecolor="white")
    axes = figure.add_subplot()
    axes.set_title(title, loc="left", fontsize=10.5, color=INK)
    axes.tick_params(colors=INK, labelsize=SMALL, length=0)
    for label in (axes.xaxis.label, axes.yaxis.label):
        label.set(fontsize=SMALL + 0.5, color=INK)
    for side, spine in axes.spines.items():
        spine.set_visible(grid and side in ("left", "bottom"))
        spine.set_color(MUTED)
    if grid:
        axes.grid(color=GRID, lw=0.8)
        axes.set_axisbelow(True)
    return figure, axes
