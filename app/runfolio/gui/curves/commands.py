"""What the window's commands for charts do; each is given the window. Drawing is loaded when it is first wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runfolio.gui.messages import Message

if TYPE_CHECKING:
    from runfolio.gui.curves.card import ChartCard
    from runfolio.gui.main_window import MainWindow

NOTHING = "There is no chart in view."


def export_chart(window: MainWindow) -> None:
    """Ask how the chart that was used last is drawn, and where to."""
    card = _chosen(window)
    if card is not None:
        from runfolio.gui.curves.chart_menu import open_export

        open_export(card, window.session)


def copy_chart(window: MainWindow) -> None:
    """Put the chart that was used last on the clipboard, in the size that was chosen last."""
    card = _chosen(window)
    if card is not None:
        from runfolio.gui.curves.chart_menu import copy

        copy(card, window.session)


def annotate(window: MainWindow) -> None:
    """Ask for an annotation in the chart that was used last."""
    card = _chosen(window)
    if card is not None:
        from runfolio.gui.curves.annotating import annotate

        annotate(card, window.session)


def show_annotations(window: MainWindow) -> None:
    """List the annotations of the chart that was used last."""
    card = _chosen(window)
    if card is not None:
        from runfolio.gui.curves.annotating import show_annotations

        show_annotations(card, window.session)


def show_best(window: MainWindow) -> None:
    """Have charts show the best runs by the metric of the chart that was used last."""
    card = _chosen(window)
    if card is not None:
        from runfolio.gui.curves.best_runs import show_best

        show_best(window.session, card.chart.metrics[0])


def new_chart(window: MainWindow) -> None:
    """Ask for a chart of several metrics."""
    if window.page.charts is not None:
        from runfolio.gui.curves.own_chart import ask_for_chart

        ask_for_chart(window.session, window.page.charts.arranger, window)


def fold_all(window: MainWindow, folded: bool) -> None:
    """Fold or unfold all sections of charts."""
    if window.page.charts is not None:
        window.page.charts.arranger.fold_all(folded)


def put_back(window: MainWindow) -> None:
    """Show all charts again that were left out."""
    if window.page.charts is not None:
        window.page.charts.arranger.put_back()


def reset(window: MainWindow) -> None:
    """Arrange charts as if nothing had been chosen; those of the user's own stay."""
    if window.page.charts is not None:
        window.page.charts.arranger.reset()


def _chosen(window: MainWindow) -> ChartCard | None:
    """The chart in view that had the keyboard last, else the first one; None, which is told, if there is none."""
    charts = window.page.charts
    cards = [card for card in charts.grid.visible_cards() if card.has_lines] if charts is not None else []
    if not cards:
        window.session.message.emit(Message(NOTHING))
    return max(cards, key=lambda card: card.used, default=None)
