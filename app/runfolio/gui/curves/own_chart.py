"""Asks for a chart of several metrics: a name, and an expression that is tried while it is typed, or a list."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from runfolio.core.chart_fits import MOST_METRICS, NOTHING, fits_of
from runfolio.core.chart_page import LONGEST_TITLE, Fits, OwnChart
from runfolio.core.numbers import counted
from runfolio.gui.chrome.buttons import make_primary
from runfolio.gui.chrome.labels import Trouble, fixed_font, muted
from runfolio.gui.curves.arranger import Arranger
from runfolio.gui.session import Session

PAUSE_MS = 150
LETTERS, LINES, LINE_ROOM = 64, 10, 8
#: More metrics are not listed at once; words narrow them down.
MOST_LISTED = 500
LONGEST_PATTERN = 500
NEW = OwnChart("", "")


class OwnChartDialog(QDialog):
    """The name of a new chart, or of one that there is, and what it shows.

    Attributes:
        name, pattern, search: where the name, the expression, and words in the metrics' names are typed.
        by_pattern, by_list: which of the two counts.
        list: the metrics: those that fit, or to be ticked.
        trouble: what is wrong.
        note: how many metrics the chart shows.
    """

    def __init__(
        self, session: Session, arranger: Arranger, own: OwnChart | None, parent: QWidget, section: str = ""
    ) -> None:
        super().__init__(parent)
        self._session, self._arranger, self._section = session, arranger, section
        self._own = own or NEW
        self._ticked = dict.fromkeys(self._own.metrics)
        self._fits = Fits()
        self.name = QLineEdit(self._own.name, maxLength=LONGEST_TITLE)
        self.pattern = QLineEdit(self._own.pattern, maxLength=LONGEST_PATTERN, placeholderText="^(train|val)/loss$")
        self.by_pattern = QRadioButton("Metrics in whose names this regular e&xpression is found")
        self.by_list = QRadioButton("&Metrics of this list")
        self.search = QLineEdit(placeholderText="Search metrics")
        self.list = QListWidget()
        self.trouble, self.note = Trouble(self), muted()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._build()
        self._connect()
        (self.by_list if self._own.metrics and not self._own.pattern else self.by_pattern).setChecked(True)
        self._on_kind()

    def _build(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Chart of several metrics")
        self.name.setPlaceholderText("As what it shows")
        self.name.setAccessibleName("Name")
        self.pattern.setFont(fixed_font(self.font()))
        self.pattern.setAccessibleName("Regular expression")
        self.search.setAccessibleName("Search metrics")
        self.search.setClearButtonEnabled(True)
        self.list.setAccessibleName("Metrics")
        self.list.setUniformItemSizes(True)
        self.list.setFixedHeight(LINES * (self.fontMetrics().height() + LINE_ROOM))
        label = QLabel("&Name")
        label.setBuddy(self.name)
        for one in (self.trouble, self.note):
            one.setMinimumWidth(self.fontMetrics().averageCharWidth() * LETTERS)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        parts: tuple[QWidget, ...] = (label, self.name, self.by_pattern, self.pattern, self.by_list, self.search)
        for part in (*parts, self.list, self.trouble, self.note, self.buttons):
            layout.addWidget(part)
        make_primary(self.buttons, QDialogButtonBox.StandardButton.Ok).setText("Change" if self._own.id else "Add")

    def _connect(self) -> None:
        self.by_pattern.toggled.connect(self._on_kind)
        self.pattern.textChanged.connect(self._on_typed)
        self.search.textChanged.connect(self._fill)
        self.list.itemChanged.connect(self._on_ticked)
        self._pause.timeout.connect(self._try_out)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    @property
    def chosen(self) -> OwnChart:
        """The chart as it is chosen now."""
        by_pattern = self.by_pattern.isChecked()
        pattern = self.pattern.text().strip() if by_pattern else ""
        metrics = () if by_pattern else tuple(self._ticked)
        name = " ".join(self.name.text().split()) or pattern or ", ".join(metrics)
        return OwnChart(self._own.id, name[:LONGEST_TITLE], pattern, metrics)

    def accept(self) -> None:
        """Have the chart on the page, which can be undone."""
        chosen = self.chosen
        if self._own.id:
            self._arranger.change_own(chosen)
        else:
            self._arranger.add(chosen.name, chosen.pattern, chosen.metrics, self._section)
        super().accept()

    # While it is chosen

    @Slot()
    def _on_kind(self) -> None:
        by_pattern = self.by_pattern.isChecked()
        self.pattern.setEnabled(by_pattern)
        self.search.setEnabled(not by_pattern)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus if by_pattern else Qt.FocusPolicy.StrongFocus)
        (self.pattern if by_pattern else self.search).setFocus()
        self._try_out()

    @Slot()
    def _on_typed(self) -> None:
        """What is half typed is not complained of until the hand rests."""
        self._enable(False)
        self._pause.start()

    @Slot(QListWidgetItem)
    def _on_ticked(self, item: QListWidgetItem) -> None:
        if item.checkState() is Qt.CheckState.Checked:
            self._ticked[item.text()] = None
        else:
            self._ticked.pop(item.text(), None)
        self._show(Fits(tuple(self._ticked)[:MOST_METRICS], len(self._ticked)))

    @Slot()
    def _try_out(self) -> None:
        """Look for what fits: in a job, for an expression may take long."""
        chosen = self.chosen
        if not chosen.pattern:
            self._show(Fits(chosen.metrics[:MOST_METRICS], len(chosen.metrics)))
            self._fill()
            return
        work = partial(fits_of, [chosen], self._arranger.metrics)
        done = partial(self._on_tried, chosen)
        self._session.jobs.read(work, done, channel="chart.try", until=self.finished)

    def _on_tried(self, chosen: OwnChart, found: tuple[tuple[str, Fits], ...]) -> None:
        if chosen == self.chosen:
            self._show(found[0][1])
            self._fill()

    def _show(self, fits: Fits) -> None:
        """Say how many metrics there are; an expression that fits none yet can be kept all the same."""
        self._fits = fits
        self.trouble.tell(fits.problem if self.chosen.pattern else "")
        cut = f"; the first {MOST_METRICS} of them are shown" if fits.total > MOST_METRICS else ""
        self.note.setText(f"{counted(fits.total, 'metric')} of the runs that are shown now{cut}" if fits.total else "")
        self._enable(bool(self.chosen.pattern or self.chosen.metrics) and fits.problem in ("", NOTHING))

    @Slot()
    def _fill(self) -> None:
        """List the metrics that fit, or those among which the user chooses, the ticked ones first."""
        by_list = self.by_list.isChecked()
        words = self.search.text().lower().split() if by_list else []
        metrics = list(dict.fromkeys([*self._ticked, *self._arranger.metrics])) if by_list else self._fits.metrics
        found = [metric for metric in metrics if all(word in metric.lower() for word in words)]
        self.list.blockSignals(True)
        self.list.clear()
        for metric in found[:MOST_LISTED]:
            item = QListWidgetItem(metric)
            item.setToolTip(metric)
            if by_list:
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(Qt.CheckState.Checked if metric in self._ticked else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(False)

    def _enable(self, ready: bool) -> None:
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(ready)


def ask_for_chart(
    session: Session, arranger: Arranger, parent: QWidget, own: OwnChart | None = None, section: str = ""
) -> None:
    """Show the dialog for a new chart in a section, or for one that there is."""
    OwnChartDialog(session, arranger, own, parent.window(), section).open()
