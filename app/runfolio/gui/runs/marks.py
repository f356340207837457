"""What the view and the baseline make of a cell's value: its heat, its difference, its mark, and these in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from runfolio.core.cell_rules import CellRule, Tone, tone_of
from runfolio.core.columns import Column, Source
from runfolio.core.deltas import Delta, delta_of
from runfolio.core.direction import lower_of
from runfolio.core.eyes import Eyes, eyes_of
from runfolio.core.views import View
from runfolio.store.table import Row

JUDGED = {True: "better", False: "worse", None: ""}


@dataclass(frozen=True)
class CellMarks:
    """A view as cells show it.

    Attributes:
        view: how the runs are looked at.
        baseline: the run that the others are compared with; None for none.
        base: its values by column.
    """

    view: View = field(default_factory=View)
    baseline: Row | None = None
    base: Mapping[Column, object] = field(default_factory=dict)

    def paint_as(self, other: CellMarks) -> bool:
        """Whether cells look the same with others; which rows there are, and in which order, no cell shows."""
        view = replace(other.view, order=self.view.order, filter=self.view.filter)
        return view == self.view and other.baseline is self.baseline and other.base == self.base

    @cached_property
    def lower(self) -> dict[str, bool]:
        """The metrics for which a user has said whether lower is better."""
        return self.view.directions

    @cached_property
    def eyes(self) -> Eyes:
        """Which runs are in the charts."""
        return eyes_of(self.view)

    @cached_property
    def _rules(self) -> dict[Column, list[CellRule]]:
        found: dict[Column, list[CellRule]] = {}
        for rule in self.view.rules:
            found.setdefault(rule.column, []).append(rule)
        return found

    @cached_property
    def _warm(self) -> frozenset[Column]:
        return frozenset(self.view.heat)

    def is_lower(self, column: Column) -> bool:
        """Whether lower is better in a column; nobody can say of params."""
        return column.source is Source.METRIC and lower_of(column.key, self.lower)

    def heat(self, column: Column, share: float | None) -> float | None:
        """How good a value is in a column that is coloured by its values, 0 to 1; None for no colour.

        Where nobody can say what is good, more is stronger, and nothing is worse than the middle.
        """
        if share is None or column not in self._warm:
            return None
        if column.source is not Source.METRIC or column.statistic == "count":
            return 0.5 + share / 2
        return 1 - share if self.is_lower(column) else share

    def tone(self, column: Column, value: object) -> Tone | None:
        """The mark that a rule gives a cell."""
        rules = self._rules.get(column) if self._rules else None
        return tone_of(rules, column, value) if rules else None

    def delta(self, run: int, column: Column, value: object) -> Delta | None:
        """How far a run's value lies from the baseline's."""
        if self.baseline is None or run == self.baseline.id:
            return None
        return delta_of(column, value, self.base.get(column), self.lower)

    def delta_of_group(self, column: Column, value: object) -> Delta | None:
        """How far the number that stands for a group lies from the baseline's."""
        return None if self.baseline is None else delta_of(column, value, self.base.get(column), self.lower)

    def words_of_group(self, column: Column, value: object) -> str:
        """The same in words; empty if there is no difference."""
        return self._told(self.delta_of_group(column, value))

    def words(self, run: int, column: Column, value: object) -> str:
        """What is seen of this in a cell, in words; empty if nothing is."""
        delta, tone = self.delta(run, column, value), self.tone(column, value)
        return "\n".join(filter(None, (self._told(delta), f"marked as {tone}" if tone is not None else "")))

    def _told(self, delta: Delta | None) -> str:
        if delta is None or self.baseline is None:
            return ""
        amount = ", ".join(filter(None, (delta.text(), delta.percentage, JUDGED[delta.better])))
        return f"{amount} beside the baseline {self.baseline.name}"
