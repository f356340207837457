"""The tab of gates: a model's policy is written on the left, and stands in words with a verdict on the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPushButton, QSplitter, QVBoxLayout, QWidget

from runfolio.core.registry.check_kinds import CHECKS
from runfolio.core.registry.events import Event
from runfolio.core.registry.policy import Policy
from runfolio.core.registry.policy_places import Checked, check_policy, with_check
from runfolio.core.registry.policy_text import parse_policy
from runfolio.gui.chrome.labels import muted
from runfolio.gui.icons import icon
from runfolio.gui.messages import Message
from runfolio.gui.registry.following import FollowingTab
from runfolio.gui.registry.gates.editor import PolicyEditor
from runfolio.gui.registry.gates.summary import PolicySummary
from runfolio.gui.registry.gates.words import EXAMPLE, gated_stages
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.registry.allowed import allow, is_allowed
from runfolio.store.registry.deliveries import Delivery, list_deliveries, start_sender
from runfolio.store.registry.drafts import DraftVerdict, judge_draft
from runfolio.store.registry.policies import policy_text, set_policy

#: So many deliveries are told.
LATEST = 10
ELSEWHERE = "Somebody else has changed the gates since. Revert shows theirs."


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What was read.

    Attributes:
        saved: the policy that the model has.
        draft: the one that was looked at, be it that or what is being written.
        checked, verdict: what came of it.
        deliveries: the latest, the newest first.
        waiting: the events of the saved policy that nobody has allowed on this machine.
    """

    saved: str
    draft: str
    checked: Checked
    verdict: DraftVerdict
    deliveries: Sequence[Delivery]
    waiting: Sequence[Event]


class GatesTab(FollowingTab[Answer]):
    """Follows the policy of a model; what is being written stays until it is saved or reverted.

    Attributes:
        editor, summary: its halves.
        add, example, revert, reason, save: what can be done.
        state: whether there is something to be saved.
    """

    complaint = "The gates could not be read."

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        #: The model whose policy is in the editor, and that policy as it was read; None before it is.
        self._loaded: tuple[str, str] | None = None
        self._drafts: dict[str, tuple[str, str]] = {}
        self._answer: Answer | None = None
        self.editor = PolicyEditor(session.theme)
        self.summary = PolicySummary(session.theme)
        self.add, self.example = QPushButton(icon("plus", "muted"), "Add Check"), QPushButton("Begin With the Example")
        self.revert, self.save = QPushButton("Revert"), QPushButton("Save")
        self.reason = QLineEdit(placeholderText="Why (kept in the log)")
        self.state = muted()
        self._menu = QMenu(self)
        self._place()
        self._connect()
        self._enable()

    def _place(self) -> None:
        self.reason.setAccessibleName("Reason")
        self.save.setProperty("kind", "primary")
        self.add.setMenu(self._menu)
        self.state.setWordWrap(True)
        above, below = QHBoxLayout(), QHBoxLayout()
        for row in (above, below):
            row.setSpacing(8)
        for button in (self.add, self.example):
            above.addWidget(button)
        above.addWidget(self.state, 1)
        below.addWidget(self.reason, 1)
        for button in (self.revert, self.save):
            below.addWidget(button)
        written = QWidget()
        left = QVBoxLayout(written)
        left.setContentsMargins(0, 0, 8, 0)
        left.setSpacing(8)
        left.addLayout(above)
        left.addWidget(self.editor, 1)
        left.addLayout(below)
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.addWidget(written)
        halves.addWidget(self.summary)
        halves.setStretchFactor(0, 5)
        halves.setStretchFactor(1, 4)
        halves.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 8, 8)
        layout.addWidget(halves)
        self.setFocusProxy(self.editor)

    def _connect(self) -> None:
        self.editor.text.textChanged.connect(self._on_typed)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.example.clicked.connect(self._on_example)
        self.revert.clicked.connect(self._on_revert)
        self.save.clicked.connect(self.keep)
        self.summary.allow.clicked.connect(self._on_allow)
        self.reason.returnPressed.connect(self.keep)
        self.session.presence_changed.connect(self._enable)

    # Reading

    @property
    def text(self) -> str:
        """What is in the editor."""
        return self.editor.text.toPlainText()

    @property
    def modified(self) -> bool:
        """Whether there is something to be saved."""
        return self._loaded is not None and self.text != self._loaded[1]

    def forget(self) -> None:
        """What is being written for the model before is there when one comes back to it."""
        if self._loaded is not None:
            name, saved = self._loaded
            self._drafts.pop(name, None)
            if self.modified:
                self._drafts[name] = saved, self.text
        self._loaded = self._answer = None
        self.editor.show_checked(Checked(None))
        self.reason.clear()

    def question(self) -> Callable[[Store], Answer]:
        """What reads the policy and looks at what is being written."""
        return partial(_read, self.model, self.text if self._loaded is not None else None)

    def show_answer(self, answer: Answer) -> None:
        """Show the policy, unless another one is being written, and what came of either."""
        self._answer = answer
        if self._loaded is None or self._is_news(answer.saved, self._loaded[1]):
            self._load(answer.saved)
        if answer.draft != self.text:
            self.refresh.read_again()
            return
        self.editor.show_checked(answer.checked)
        if answer.checked.policy is not None:
            own = bool(answer.draft.strip())
            saved = answer.waiting if answer.draft == answer.saved else ()
            self.summary.show_policy(answer.checked.policy, answer.verdict, answer.deliveries, saved, own=own)
        self._enable()

    def _is_news(self, saved: str, known: str) -> bool:
        """Whether the model's policy is another, and nothing else is being written."""
        return saved != known and self.text in (saved, known)

    def _load(self, saved: str) -> None:
        was, text = self._drafts.pop(self.model, (saved, saved))
        self._loaded = self.model, was
        if text != self.text:
            self.editor.text.blockSignals(True)
            self.editor.text.setPlainText(text)
            self.editor.text.blockSignals(False)

    @property
    def _policy(self) -> Policy | None:
        return self._answer.checked.policy if self._answer is not None else None

    @Slot()
    def _enable(self) -> None:
        writable = not (self.session.read_only or self.session.store.read_only)
        good = self._policy is not None
        self.editor.text.setReadOnly(not writable)
        self.add.setEnabled(writable and good)
        self.example.setVisible(writable and not self.text.strip())
        self.revert.setEnabled(self.modified)
        self.save.setEnabled(writable and good and self.modified and not self._elsewhere)
        told = ELSEWHERE if self._elsewhere else "Not saved yet" if self.modified else ""
        self.state.setText(told)

    @property
    def _elsewhere(self) -> bool:
        """Whether somebody has saved something else since what is being written was begun."""
        return self._answer is not None and self._loaded is not None and self._answer.saved != self._loaded[1]

    # What the user does

    @Slot()
    def _on_typed(self) -> None:
        self._enable()
        self.refresh.ask_now()

    @Slot()
    def _fill_menu(self) -> None:
        """Each kind of check, as it is written, for each stage."""
        self._menu.clear()
        policy = self._policy
        for stage in gated_stages(policy) if policy is not None else ():
            part = self._menu.addMenu(stage.replace("&", "&&"))
            for kind in CHECKS.values():
                part.addAction(kind.EXAMPLE.replace("&", "&&"), partial(self.add_check, stage, kind.EXAMPLE))

    def add_check(self, stage: str, example: str) -> None:
        """Ask for one thing more in a stage; the figures are to be changed by who writes the policy."""
        if self._policy is not None:
            self.editor.replace(with_check(self.text, stage, example))
            self.editor.text.setFocus()

    @Slot()
    def _on_example(self) -> None:
        self.editor.replace(EXAMPLE)
        self.editor.text.setFocus()

    @Slot()
    def _on_revert(self) -> None:
        if self._answer is not None and self._loaded is not None:
            self._loaded = self._loaded[0], self._answer.saved
            self.editor.replace(self._answer.saved)
            self._on_typed()

    @Slot()
    def _on_allow(self) -> None:
        """Let what is shown be told; what waits is told now."""
        waiting = self._answer.waiting if self._answer is not None else ()
        work = partial(_allow, self.session.store, waiting)
        self.session.jobs.write(work, lambda _: self.refresh.ask_now(), title="Allowing")

    @Slot()
    def keep(self) -> None:
        """Have the model judge by this from now on."""
        if self.save.isEnabled() and self._loaded is not None:
            name, saved = self._loaded
            change = partial(set_policy, name=name, text=self.text, reason=self.reason.text().strip(), expected=saved)
            self.session.run(change, then=self._on_kept, failed=self._on_refused)

    def _on_kept(self, _done: bool) -> None:
        self.reason.clear()

    def _on_refused(self, error: Exception) -> None:
        """What was written stays, to be mended."""
        self.session.message.emit(Message.of_error(error, "The gates were not changed."))


def _read(name: str, draft: str | None, store: Store) -> Answer:
    saved = policy_text(store, name)
    draft = saved if draft is None else draft
    checked = check_policy(draft)
    verdict = judge_draft(store, name, checked.policy) if checked.policy is not None else DraftVerdict()
    deliveries = [one for one in reversed(list_deliveries(store)) if one.entry.model == name][:LATEST]
    waiting = [one for one in parse_policy(saved).events if not is_allowed(store, one.written())]
    return Answer(saved, draft, checked, verdict, deliveries, waiting)


def _allow(store: Store, events: Sequence[Event]) -> None:
    allow(store, events)
    start_sender(store)
