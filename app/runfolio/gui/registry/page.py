"""The page of the registry: what is known of one registered model, in tabs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFont, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedLayout, QTabBar, QVBoxLayout, QWidget

from runfolio.core.entities import Changes
from runfolio.core.errors import NotFound
from runfolio.core.numbers import counted
from runfolio.core.registry.records import RegisteredModel
from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.chrome.labels import HEADING, muted, scaled
from runfolio.gui.chrome.welcome import Notice
from runfolio.gui.refresh import Refresh
from runfolio.gui.registry.tabs import TABS, RegistryTab
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.registry.reading import get_model, list_models

PACE = 100
NOTHING = (
    "A registered model is a name that versions of a trained model are kept under, with stages such as Production. "
    "Register the model of a run from the run's menu, or with these lines."
)
SNIPPET = 'import runfolio\nrunfolio.register_model("runs:/<run id>/model", "churn-classifier")'
EMPTY, SHOWN = range(2)


@dataclass(frozen=True, slots=True)
class Answer:
    """What there is: the model that is asked for, or, if it is not there, the one that was changed last."""

    asked: str
    model: RegisteredModel | None
    latest: RegisteredModel | None


class RegistryPage(QWidget):
    """Follows `session.registry` and the store.

    Attributes:
        tabs: which part is shown.
        title, summary: the model's name, and what is told of it.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._made: dict[int, RegistryTab] = {}
        self.tabs = QTabBar()
        self.title, self.summary = ElidedLabel(), muted()
        self._whole, self._stack = QStackedLayout(self), QStackedLayout()
        self._place()
        complaint = "The registered models could not be read."
        self._refresh: Refresh[Answer] = Refresh(session, self._job, self._on_read, complaint, self, PACE)
        self.tabs.currentChanged.connect(self._show_tab)
        session.registry.model_changed.connect(self._on_model)
        session.registry.move_asked.connect(lambda: self.show_tab(TABS[0].title))
        session.changed.connect(self._on_changed)
        self._show_tab()
        self._refresh.ask_now()

    @property
    def shown(self) -> RegistryTab:
        """The tab that is shown, made if it is the first time."""
        number = self.tabs.currentIndex()
        if number not in self._made:
            self._made[number] = TABS[number].make(self._session)
            self._stack.addWidget(self._made[number])
        return self._made[number]

    def show_tab(self, title: str) -> RegistryTab:
        """Go to the tab of that title."""
        self.tabs.setCurrentIndex([one.title for one in TABS].index(title))
        return self.shown

    def _place(self) -> None:
        for tab in TABS:
            self.tabs.addTab(tab.title)
        self.tabs.setAccessibleName("What is shown of the model")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.title.setFont(scaled(self.font(), HEADING, QFont.Weight.DemiBold))
        top = QHBoxLayout()
        top.setContentsMargins(16, 14, 16, 0)
        top.setSpacing(10)
        top.addWidget(self.title)
        top.addWidget(self.summary, 1, Qt.AlignmentFlag.AlignBottom)
        bar = QHBoxLayout()
        bar.setContentsMargins(16, 0, 16, 0)
        bar.addWidget(self.tabs)
        line = QFrame()
        line.setObjectName("line")
        line.setFixedHeight(1)
        shown = QWidget()
        layout = QVBoxLayout(shown)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (top, bar):
            layout.addLayout(part)
        layout.addWidget(line)
        layout.addLayout(self._stack, 1)
        self._whole.addWidget(Notice("No registered models", NOTHING, SNIPPET))
        self._whole.addWidget(shown)
        self.setFocusProxy(self.tabs)

    @Slot()
    def _show_tab(self) -> None:
        tab = self.shown
        self._stack.setCurrentWidget(tab)
        if self._session.registry.model:
            tab.show_model(self._session.registry.model)

    @Slot(str)
    def _on_model(self, name: str) -> None:
        self.title.setText(name)
        self.summary.clear()
        if name:
            self._whole.setCurrentIndex(SHOWN)
        self._show_tab()
        self._refresh.ask_now()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.registry:
            self._refresh.ask()

    def showEvent(self, event: QShowEvent) -> None:
        """With no model chosen, the one that was changed last is shown."""
        super().showEvent(event)
        self._refresh.ask_now()

    def _job(self) -> Callable[[], Answer]:
        return partial(_read, self._session.store, self._session.registry.model)

    def _on_read(self, answer: Answer) -> None:
        """A model that is gone is let go for the next one; not for the one that was asked about before."""
        if answer.asked != self._session.registry.model:
            self._refresh.read_again()
            return
        if answer.model is None:
            if answer.latest is None:
                self._whole.setCurrentIndex(EMPTY)
            self._session.registry.show_model(answer.latest.name if answer.latest is not None else "")
            return
        self._whole.setCurrentIndex(SHOWN)
        self.title.setText(answer.model.name)
        self.summary.setText(f"{counted(answer.model.versions, 'version')} · registered model")


def _read(store: Store, name: str) -> Answer:
    with suppress(NotFound):
        return Answer(name, get_model(store, name), None)
    return Answer(name, None, max(list_models(store), key=lambda one: one.last_update_time, default=None))
