"""Replaying a file: its rows go to one server or two, and the distribution of what they answer is drawn meanwhile."""

from __future__ import annotations

from functools import partial
from itertools import zip_longest
from pathlib import Path

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QPushButton, QSpinBox, QVBoxLayout, QWidget

from runfolio.core.numbers import counted
from runfolio.core.serving.records import ServerInfo
from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.chrome.labels import muted, plain_label
from runfolio.gui.chrome.wheel import still_combo
from runfolio.gui.icons import icon
from runfolio.gui.jobs import Job
from runfolio.gui.serving.bars import ROLES, DistributionBars
from runfolio.gui.serving.others import fill_others, named
from runfolio.gui.serving.rows import ServerRow
from runfolio.gui.session import Session
from runfolio.gui.storage.work_bar import WorkBar
from runfolio.serving.replaying import ROWS, Answers, distribution, replay

#: Milliseconds between two drawings while answers come.
DRAWN_MS = 250
#: So many answers are drawn, which takes 25 ms of two servers; of more, every other one, or fewer.
MOST_DRAWN = 50_000
MOST_ROWS = 100_000
#: How bars and outline are told apart in the legend.
SIGNS = "■", "╍╍"
NOTHING = "Choose a CSV file: its rows go to this server, and the distribution of the answers is shown here."


class ReplayPanel(QWidget):
    """Follows the selected server.

    Attributes:
        choose, other, output, rows: the controls: the file, another server, which output is drawn, rows in a batch.
        bars, told: the distribution, and what is pointed to of it, or how many rows were answered.
        legend: whose answers they are.
        work: how far it is.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._row: ServerRow | None = None
        self._answers: tuple[Answers, ...] = ()
        self._file: Path | None = None
        self.choose, self.again = QPushButton(icon("folder-open", "muted"), "Replay a CSV file…"), QPushButton("Again")
        self.other, self.output = still_combo(), still_combo()
        self.rows = QSpinBox(minimum=1, maximum=MOST_ROWS, value=ROWS, suffix=" rows")
        self.bars, self.told = DistributionBars(session.theme), ElidedLabel()
        self.legend = tuple(plain_label() for _ in ROLES)
        self.work = WorkBar()
        self._nothing = muted(NOTHING)
        self._place()
        self._drawing = QTimer(self, interval=DRAWN_MS)
        self._connect()
        self.show_server(None)

    def _place(self) -> None:
        self.other.setAccessibleName("Server to replay to as well")
        self.other.setMinimumContentsLength(12)
        self.other.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.output.setAccessibleName("Output that is drawn")
        self.rows.setAccessibleName("Rows that are sent together")
        self.rows.setToolTip("Rows that are sent together")
        self.again.setToolTip("Replay the same file once more")
        self.told.setProperty("role", "muted")
        for label, role in zip(self.legend, ROLES, strict=True):
            label.setProperty("role", role)
        bar = QHBoxLayout()
        bar.setSpacing(8)
        for widget in (self.choose, self.again, plain_label("Compare with"), self.other, self.rows, self.output):
            bar.addWidget(widget)
        bar.addStretch(1)
        texts = QHBoxLayout()
        texts.setSpacing(12)
        for label in self.legend:
            texts.addWidget(label)
        texts.addWidget(self.told, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.setSpacing(6)
        self._nothing.setWordWrap(True)
        layout.addLayout(bar)
        layout.addWidget(self.work)
        layout.addLayout(texts)
        layout.addWidget(self._nothing, 1)
        layout.addWidget(self.bars, 1)
        self.setFocusProxy(self.choose)

    def _connect(self) -> None:
        self.choose.clicked.connect(self._on_choose)
        self.again.clicked.connect(self._on_again)
        self.output.currentIndexChanged.connect(self._draw)
        self.bars.told.connect(lambda text: self.told.setText(text or self._summary()))
        self.work.stopped.connect(self._over)
        self._drawing.timeout.connect(self._draw)

    @property
    def settled(self) -> bool:
        """True when nothing is under way."""
        return self.work.job is None

    def show_server(self, row: ServerRow | None) -> None:
        """Replay to this server."""
        self._row = row
        fill_others(self.other, self._session.serving.rows, row, "nothing")
        self._enable()

    @Slot()
    def _on_choose(self) -> None:
        file, _ = QFileDialog.getOpenFileName(self, "File to replay", "", "CSV (*.csv);;All files (*)")
        if file:
            self.replay(Path(file))

    @Slot()
    def _on_again(self) -> None:
        if self._file is not None:
            self.replay(self._file)

    def replay(self, file: Path) -> None:
        """Send the rows of a file."""
        if self._row is None or not self._row.answers or self.work.job is not None:
            return
        servers = [self._row.info]
        if isinstance(other := self.other.currentData(), ServerInfo):
            servers.append(other)
        self._file = file
        self._answers = tuple(map(Answers, servers))
        work = partial(_replay, file, self._answers, self.rows.value())
        title = f"Replaying {file.name}"
        job = self._session.jobs.read_long(work, lambda _: self._over(), title=title, failed=self._on_failed)
        self.work.follow(job)
        self._drawing.start()
        self._enable()

    def _on_failed(self, error: Exception) -> None:
        self._over()
        self.told.setText(f"✕ {error}")

    @Slot()
    def _over(self) -> None:
        """What was answered until now stays."""
        self.work.finish()
        self._drawing.stop()
        self._enable()
        self._draw()

    @Slot()
    def _draw(self) -> None:
        answers = self._answers
        self._fill_outputs()
        output = self.output.currentData() or ""
        series = [_thinned(one.outputs.get(output, [])) for one in answers]
        there = any(series)
        self.bars.show_distribution(distribution(series) if there else None, tuple(map(_named, answers)))
        self.bars.setVisible(there)
        self._nothing.setVisible(not there)
        for label, sign, one in zip_longest(self.legend, SIGNS, answers):
            label.setText(f"{sign} {_named(one)}" if one is not None else "")
            label.setVisible(one is not None and there)
        self.told.setText(self._summary())

    def _fill_outputs(self) -> None:
        """A model with several outputs has one of them drawn."""
        names = list(self._answers[0].outputs) if self._answers else []
        if names != [self.output.itemData(at) for at in range(self.output.count())]:
            self.output.blockSignals(True)
            self.output.clear()
            for name in names:
                self.output.addItem(f"output {name}", name)
            self.output.blockSignals(False)
        self.output.setVisible(len(names) > 1)

    def _summary(self) -> str:
        if not self._answers or not self._answers[0].rows:
            return ""
        rows = counted(self._answers[0].rows, "row")
        drawn = max(map(len, self._answers[0].outputs.values()), default=0)
        thinned = f", of which {_step(drawn)} in each {_step(drawn)} is drawn" if _step(drawn) > 1 else ""
        return f"{rows} of {self._file.name if self._file else ''} answered{thinned}"

    def _enable(self) -> None:
        ready = self._row is not None and self._row.answers and self.work.job is None
        self.choose.setEnabled(ready)
        self.again.setEnabled(ready and self._file is not None)
        self.again.setVisible(self._file is not None)
        self.rows.setEnabled(self.work.job is None)
        if not self._answers:
            self.bars.hide()
            self.output.hide()

    def showEvent(self, event: QShowEvent) -> None:
        """What has come while nobody looked is drawn with what comes."""
        super().showEvent(event)
        if self.work.job is not None:
            self._drawing.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """It goes on; nobody looks."""
        super().hideEvent(event)
        self._drawing.stop()


def _replay(file: Path, answers: tuple[Answers, ...], rows: int, job: Job) -> None:
    def progress(share: float) -> None:
        job.progress = share

    replay(file, answers, progress=progress, stopped=lambda: job.cancelled, rows=rows)


def _named(answers: Answers) -> str:
    return named(answers.server.wanted, answers.version)


def _step(values: int) -> int:
    return -(-values // MOST_DRAWN)


def _thinned(values: list[float | str]) -> list[float | str]:
    """A copy, since a thread adds to it: all of them, or evenly some."""
    return values[:: max(_step(len(values)), 1)]
