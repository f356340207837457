"""The dialog that says how a run is run again, and puts that into the queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from runfolio.core.entities import Run
from runfolio.core.projects.records import EntryPoint, Parameter
from runfolio.core.projects.request import EnvManager
from runfolio.core.queue.records import JobKind
from runfolio.gui.chrome.buttons import make_primary
from runfolio.gui.chrome.labels import fixed_font, heading, muted, plain_label, section_label
from runfolio.gui.chrome.wheel import still_combo
from runfolio.gui.jobs import Job
from runfolio.gui.projects.environments import TITLES
from runfolio.gui.projects.form.parameters import ParametersForm
from runfolio.gui.projects.loading import reason_of
from runfolio.gui.projects.reproducing.following import follow
from runfolio.gui.projects.reproducing.words import problem_text, steps
from runfolio.gui.projects.running import put
from runfolio.gui.session import Session
from runfolio.projects.reproducing import Plan, plan
from runfolio.store import Store
from runfolio.store.runs import get_run

#: After the last letter that is typed, so long is waited before the plan is made anew, in milliseconds.
PAUSE_MS = 400
#: For what is below the part that scrolls, in pixels.
ROOM = 140
LOOKING = "Looking for its code, its packages and its data…"
AS_IT_WAS = "As it was"


@dataclass(frozen=True, slots=True)
class Planned:
    """A run and how it is run again."""

    run: Run
    plan: Plan


class ReproduceDialog(QDialog):
    """What will be done, what cannot be brought back, and the params, which may be others.

    Attributes:
        planned: what was found out; None while that goes on.
        parameters: the params; None before.
        manager: what makes the environment.
        steps, problems: what is told.
    """

    def __init__(self, session: Session, run: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Reproduce a run")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session, self._run = session, run
        self._job: Job | None = None
        self.planned: Planned | None = None
        self.parameters: ParametersForm | None = None
        self.manager = still_combo()
        self._title, self._looking = heading("Reproduce"), muted(LOOKING)
        self._busy = QProgressBar(maximum=0, textVisible=False)
        self.steps, self.problems, self._params = QGridLayout(), QVBoxLayout(), QVBoxLayout()
        ok, cancel = QDialogButtonBox.StandardButton.Ok, QDialogButtonBox.StandardButton.Cancel
        self.buttons = QDialogButtonBox(ok | cancel)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._place(parent)
        self._pause.timeout.connect(self._ask)
        self.manager.activated.connect(self._ask)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.finished.connect(self._let_go)
        self._ask()

    def _place(self, parent: QWidget) -> None:
        self.manager.addItem(AS_IT_WAS, None)
        for manager, title in TITLES.items():
            if manager is not EnvManager.AUTO:
                self.manager.addItem(title, manager)
        self.manager.setAccessibleName("What makes the environment")
        self._busy.setAccessibleName("The plan is being made")
        self.steps.setHorizontalSpacing(12)
        self.steps.setVerticalSpacing(6)
        self.steps.setColumnStretch(1, 1)
        page = QWidget()
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 8, 0)
        inner.setSpacing(10)
        inner.addLayout(self.problems)
        inner.addLayout(self.steps)
        inner.addLayout(self._params)
        inner.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(page)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        for widget in (self._title, self._busy, self._looking, area, self.buttons):
            layout.addWidget(widget, 1 if widget is area else 0)
        make_primary(self.buttons, QDialogButtonBox.StandardButton.Ok).setText("Run Again")
        self._ready(False)
        letter = self.fontMetrics().averageCharWidth()
        self.resize(letter * 100, min(self.fontMetrics().height() * 40, parent.height() - ROOM))

    def values(self) -> dict[str, str]:
        """The params that are to be other than they were."""
        return self.parameters.given() if self.parameters is not None else {}

    def accept(self) -> None:
        """Put it into the queue."""
        if self.planned is None:
            return
        run, made = self.planned.run, self.planned.plan
        request = replace(made.request, tags={**made.request.tags, **made.tags})
        job = {"run_id": run.run_id, "parameters": self.values(), "run": request.written()}
        then = partial(follow, self._session, run.run_id, run.name)
        put(self._session, JobKind.REPRODUCE, f"{run.name} again", job, then=then)
        super().accept()

    # Planning

    @Slot()
    def _ask(self) -> None:
        self._ready(False)
        work = partial(_planned, self._session.store, self._run, self.values(), self.manager.currentData())
        self._let_go()
        self._job = self._session.jobs.read_long(work, self._show, title="Planning", failed=self._on_failed)

    @Slot()
    def _let_go(self) -> None:
        """Nobody waits any more for what is being looked for."""
        if self._job is not None:
            self._job.cancel()
        self._pause.stop()

    @Slot()
    def _on_typed(self) -> None:
        self._ready(False)
        self._pause.start()

    def _ready(self, ready: bool) -> None:
        self._busy.setVisible(not ready)
        self._looking.setVisible(not ready)
        possible = ready and self.planned is not None and self.planned.plan.is_possible
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(possible)

    def _on_failed(self, error: Exception) -> None:
        self._busy.hide()
        self._looking.setText("\n".join(part for part in reason_of(error) if part))

    def _show(self, planned: Planned) -> None:
        first = self.planned is None
        self.planned = planned
        self._title.setText(f"Reproduce {planned.run.name}")
        _clear(self.problems)
        for problem in planned.plan.problems:
            text, role = problem_text(problem)
            self.problems.addWidget(_line(text, role))
        _clear(self.steps)
        for at, (caption, text) in enumerate(steps(planned.plan)):
            self.steps.addWidget(muted(caption), at, 0, Qt.AlignmentFlag.AlignTop)
            shown = _line(text)
            if caption == "Command":
                shown.setFont(fixed_font(shown.font()))
            self.steps.addWidget(shown, at, 1)
        if first:
            self._show_params(planned.run.params)
        self._ready(True)

    def _show_params(self, params: Mapping[str, str]) -> None:
        """The environment and the params, of which those that the run had are the defaults."""
        entry = EntryPoint("", "", tuple(Parameter(name, default=value) for name, value in sorted(params.items())))
        self.parameters = ParametersForm(entry, lambda one: f"It was {one.default}" if one.default else "It was empty")
        self.parameters.add.hide()
        self.parameters.changed.connect(self._on_typed)
        for widget in (section_label("Environment"), self.manager, section_label("Params")):
            self._params.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
        self._params.addWidget(self.parameters)


def _planned(store: Store, run: int, values: Mapping[str, str], manager: EnvManager | None, job: Job) -> Planned:
    found = get_run(store, run)
    return Planned(found, plan(store, found, values, env_manager=manager, stopped=lambda: job.cancelled))


def _line(text: str, role: str = "") -> QLabel:
    label = plain_label(text)
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _clear(layout: QVBoxLayout | QGridLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
