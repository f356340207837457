"""The tab of lineage: the graph of all versions of a model, or of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from runfolio.core.numbers import counted
from runfolio.core.registry.lineage import Kind, Lineage, Node
from runfolio.gui.chrome.elided import ElidedLabel
from runfolio.gui.chrome.welcome import Notice
from runfolio.gui.registry.following import FollowingTab
from runfolio.gui.registry.lineage.view import LineageView
from runfolio.gui.registry.version.panel import go_to
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.registry.lineage import lineage_of
from runfolio.store.registry.policies import policy_of
from runfolio.store.registry.reading import list_versions

DRAWN, NOTHING = range(2)
EMPTY = "When a version is registered, this shows the data, the run and the files it comes from, and its stage."
HINT = "Arrows and Tab go through it, Return opens"


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What was read: which version was asked for (None for all), those there are, and the graph."""

    wanted: int | None
    versions: Sequence[int]
    stages: Sequence[str]
    graph: Lineage


class LineageTab(FollowingTab[Answer]):
    """Follows the registry.

    Attributes:
        which: of which version.
        view: the graph.
    """

    complaint = "The lineage could not be read."

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.which = QComboBox()
        self.which.setAccessibleName("Version")
        self.which.addItem("All versions", None)
        self.view = LineageView(session.theme)
        self.summary = ElidedLabel()
        self.summary.setProperty("role", "muted")
        tools = QHBoxLayout()
        tools.setSpacing(8)
        tools.addWidget(self.which)
        tools.addWidget(self.summary, 1)
        for title, name, slot in (
            ("−", "Smaller (-)", self.view.smaller),
            ("+", "Larger (+)", self.view.larger),
            ("Fit", "Show all (0)", self.view.fit),
        ):
            button = QPushButton(title)
            button.setProperty("narrow", "true")
            button.setToolTip(name)
            button.setAccessibleName(name.partition(" (")[0])
            button.clicked.connect(slot)
            tools.addWidget(button)
        drawn = QWidget()
        inner = QVBoxLayout(drawn)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        inner.addLayout(tools)
        inner.addWidget(self.view, 1)
        self._stack = QStackedLayout()
        self._stack.addWidget(drawn)
        self._stack.addWidget(Notice("No version yet", EMPTY))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 8)
        layout.addLayout(self._stack)
        self.setFocusProxy(self.view)
        self.which.currentIndexChanged.connect(self.refresh.ask_now)
        self.view.chosen.connect(self._on_chosen)
        self.view.opened.connect(self._on_opened)

    def forget(self) -> None:
        """Versions of another model."""
        self.which.setCurrentIndex(0)

    def question(self) -> Callable[[Store], Answer]:
        """What reads the graph."""
        return partial(_read, self.model, self.which.currentData())

    def show_answer(self, answer: Answer) -> None:
        """Draw it, unless another version is asked for by now."""
        self._offer(answer.versions)
        if answer.wanted != self.which.currentData():
            self.refresh.read_again()
            return
        self._stack.setCurrentIndex(DRAWN if answer.graph.nodes else NOTHING)
        self.view.setAccessibleName(f"Lineage of {self.model}")
        self.view.show_graph(answer.graph, answer.stages)
        kinds = [node.kind for node in answer.graph.nodes.values()]
        told = [counted(kinds.count(kind), str(kind)) for kind in (Kind.DATASET, Kind.RUN, Kind.VERSION)]
        if answer.graph.left_out:
            told.append(f"{counted(answer.graph.left_out, 'older version')} not drawn")
        self.summary.setText(" · ".join([*told, HINT]))

    def _offer(self, versions: Sequence[int]) -> None:
        if list(versions) == [self.which.itemData(at) for at in range(1, self.which.count())]:
            return
        chosen = self.which.currentData()
        self.which.blockSignals(True)
        self.which.clear()
        self.which.addItem("All versions", None)
        for number in versions:
            self.which.addItem(f"v{number}", number)
        self.which.setCurrentIndex(max(self.which.findData(chosen), 0))
        self.which.blockSignals(False)

    @Slot(object)
    def _on_chosen(self, node: Node) -> None:
        """A version of this model is shown in the inspector."""
        if node.kind is Kind.VERSION and node.model == self.model:
            self.session.registry.select((node.version,))

    @Slot(object)
    def _on_opened(self, node: Node) -> None:
        """To a run, its files, or a version; of a stage, to who is there."""
        if node.kind is Kind.STAGE:
            self.session.jobs.read(
                partial(_in_stage, self.session.store, node), self.session.registry.select, channel="registry.stage"
            )
        else:
            go_to(self.session, node)


def _read(name: str, wanted: int | None, store: Store) -> Answer:
    versions = [one.version for one in list_versions(store, name)]
    wanted = wanted if wanted in versions else None
    return Answer(wanted, versions, policy_of(store, name).stages, lineage_of(store, name, wanted))


def _in_stage(store: Store, node: Node) -> list[int]:
    """The versions of a stage, the newest last."""
    return [one.version for one in reversed(list_versions(store, node.model)) if one.stage == node.stage]
