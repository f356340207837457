"""What a policy comes to, beside its text: the gates of each stage with a verdict, and who is told of moves."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from runfolio.core.clock import now_ms
from runfolio.core.registry.events import Event
from runfolio.core.registry.gates import Gate, Judgement
from runfolio.core.registry.policy import Policy
from runfolio.gui.chrome.labels import muted, plain_label
from runfolio.gui.inspector.section import Section, page
from runfolio.gui.inspector.text_table import TextTable
from runfolio.gui.registry.gates import words
from runfolio.gui.registry.stage_dot import StageDot
from runfolio.gui.registry.stages import stage_role
from runfolio.gui.theme import Theme
from runfolio.store.registry.deliveries import Delivery
from runfolio.store.registry.drafts import DraftVerdict


class StageGate(QFrame):
    """One stage: what it asks for, and what of that the newest version has.

    Attributes:
        words, verdict, checks: its parts.
    """

    def __init__(self, stage: str, policy: Policy, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setAccessibleName(f"Gates of {stage}")
        name = plain_label(stage)
        font = name.font()
        font.setWeight(QFont.Weight.DemiBold)
        name.setFont(font)
        self.words, self.verdict = muted(), plain_label()
        self.words.setWordWrap(True)
        self.checks = TextTable(f"Checks of {stage}", theme.color, tight=True)
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(StageDot(theme, stage_role(stage, policy.stages)))
        top.addWidget(name)
        top.addStretch()
        top.addWidget(self.verdict)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(self.words)
        layout.addWidget(self.checks)

    def show_gate(self, stage: str, policy: Policy, version: int | None, judgement: Judgement | None) -> None:
        """What is asked for, and a verdict if a version was judged."""
        gate = policy.gates.get(stage, Gate())
        self.words.setText(words.stage_words(policy, stage))
        self.checks.set_rows(words.check_rows(gate, judgement))
        self.checks.setVisible(bool(gate.checks))
        told = ""
        if judgement is not None and judgement.checks and version is not None:
            told = f"v{version} {'passes ✓' if judgement.passed else 'fails ✗'}"
        self.verdict.setText(told)
        self.verdict.setProperty("role", "ok" if judgement is not None and judgement.passed else "bad")
        self.verdict.style().unpolish(self.verdict)
        self.verdict.style().polish(self.verdict)


class PolicySummary(QWidget):
    """All stages and events of a policy.

    Attributes:
        stages: the gates, by stage.
        events, deliveries: who is told, and what was told lately.
        allow: the button that lets events of a policy that somebody else has written be told from here.
        note: what holds where nobody has written anything.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.stages: dict[str, StageGate] = {}
        self._order: tuple[str, ...] = ()
        self.note = muted()
        self.note.setWordWrap(True)
        self.events = TextTable("Events", theme.color, tight=True)
        self.deliveries = TextTable("Deliveries", theme.color, tight=True)
        self.allow = QPushButton("Allow on This Machine")
        self.allow.setProperty("kind", "small")
        self.allow.setToolTip("Let these commands be run and these addresses be posted to from here")
        self._sections = (
            Section("Events", self.events, tools=(self.allow,)),
            Section("Latest deliveries", self.deliveries),
        )
        self._places = QVBoxLayout()
        self._places.setSpacing(10)
        stages = QWidget()
        stages.setLayout(self._places)
        self._places.setContentsMargins(0, 0, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(page([self.note, stages, *self._sections]))
        theme.theme_changed.connect(self._on_theme)

    def show_policy(
        self,
        policy: Policy,
        verdict: DraftVerdict,
        deliveries: Sequence[Delivery],
        waiting: Sequence[Event],
        *,
        own: bool,
    ) -> None:
        """Show a policy; `own` tells whether anybody has written it, `waiting` what is not allowed here."""
        if policy.stages != self._order:
            self._make(policy)
        for stage, card in self.stages.items():
            card.show_gate(stage, policy, verdict.version, verdict.by_stage.get(stage))
        self.note.setText("" if own else words.DEFAULT)
        self.note.setVisible(not own)
        self.events.set_rows(words.event_rows(policy.events, waiting))
        self.allow.setVisible(bool(waiting))
        self.deliveries.set_rows(words.delivery_rows(deliveries, now_ms()))
        for section, table in zip(self._sections, (self.events, self.deliveries), strict=True):
            section.setVisible(table.rows.rowCount() > 0)

    def _make(self, policy: Policy) -> None:
        self._order = policy.stages
        for card in self.stages.values():
            self._places.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.stages = {stage: StageGate(stage, policy, self._theme) for stage in words.gated_stages(policy)}
        for card in self.stages.values():
            self._places.addWidget(card)

    @Slot()
    def _on_theme(self) -> None:
        for table in self.findChildren(TextTable):
            table.recolor()
