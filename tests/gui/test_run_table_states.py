"""The run table's model against its store, whatever is done to either and in whatever order.

A machine of hypothesis has a script start, log and end runs, deletes and restores them, renames and tags them, and
looks at them in every way: filtered, sorted, in groups of one or two levels or by all but the seed, with groups and
parents open or closed. After each step the model must show what plain Python makes of the store's records.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from PySide6.QtCore import QObject
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from runfolio.core import numbers
from runfolio.core.columns import NAME, Column, SortKey, metric, param
from runfolio.core.entities import Run
from runfolio.core.states import RunStatus
from runfolio.core.views import View
from runfolio.gui import session
from runfolio.gui.runs import feed
from runfolio.gui.runs.feed import RunFeed, State
from runfolio.gui.session import Session
from runfolio.gui.theme import Mode, Theme
from runfolio.store.bulk import read_runs
from runfolio.store.operations import rename_run, set_tag
from runfolio.store.run_order import run_ids
from runfolio.store.search import find_runs
from runfolio.store.trash import delete_runs, restore_runs
from runfolio.store.watch import current_revision
from tests.store.script import Script, new_store

OPTIMIZER, SEED, ACC = param("optimizer"), param("seed", numeric=True), metric("acc")
GROUPINGS: dict[str, View] = {
    "none": View(),
    "optimizer": View(group_by=(OPTIMIZER,)),
    "both": View(group_by=(OPTIMIZER, SEED)),
    "all but seed": View(group_except=(SEED,)),
}
ORDERS = ((), (SortKey(ACC, descending=True),), (SortKey(NAME), SortKey(ACC)), (SortKey(SEED),))
FILTERS = ("", "params.seed > 0", "metrics.acc > 0.5", "optimizer", "status = 'FAILED'")
# Each step waits for the table, so that shrinking a failure would take minutes: what is told of it must do.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
optimizers = st.none() | st.sampled_from(["adam", "sgd"])
seeds = st.none() | st.integers(0, 2)
logged = st.sampled_from([[], [0.25], [0.5], [0.75], [math.nan], [0.75, 0.25]])
some_values = st.sampled_from([[0.25], [0.75], [0.5, math.nan]])
picks = st.integers(0, 1000)
# How far a change has come before the next one is made.
SEEN = ("", "known", "while it is read")
HURRIED = ("start", "log", "log", "delete", "restore", "group", "sort", "filter", "undo")


# Run, depth, name and value of a row.
Shown = tuple[int | None, int, str, str]


@dataclass(frozen=True)
class Line:
    """A row as it should be: its run or None of a group, how deep it stands, what is seen of it, what is beneath."""

    run: int | None
    depth: int
    name: str
    acc: str
    path: tuple[object, ...]


class Machine(RuleBasedStateMachine):
    """One store with its table; `waited` has the application wait until something holds."""

    waited: Callable[[Callable[[], bool]], None]
    view: View

    @initialize(name=st.sampled_from(sorted(GROUPINGS)), order=st.sampled_from(ORDERS))
    def begin(self, name: str, order: tuple[SortKey, ...]) -> None:
        self._open = new_store()
        self.store = self._open.__enter__()
        self.script = Script(self.store)
        self.started: list[str] = []
        for optimizer, seed, acc in ((None, None, []), ("adam", 0, [0.5]), ("adam", 1, [0.25]), ("sgd", 0, [0.75])):
            self.start(optimizer, seed, acc, None)
        self.session = Session(self.store, Theme(Mode.DARK))
        self.owner = QObject()
        self.feed = RunFeed(self.session, self.owner)
        fail = QAbstractItemModelTester.FailureReportingMode.Fatal
        self.tester = QAbstractItemModelTester(self.feed.model, fail, self.owner)
        self.session.start()
        self.session.select_experiments([1])
        self._look(replace(GROUPINGS[name], order=order))
        self.opened: dict[tuple[object, ...], bool] = {}

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.session.close()
            self.owner.deleteLater()
            self.session.deleteLater()
            self.script.die()
            self._open.__exit__(None, None, None)

    # What happens in the store

    @rule(optimizer=optimizers, seed=seeds, acc=logged, parent=st.none() | picks)
    def start(self, optimizer: str | None, seed: int | None, acc: list[float], parent: int | None) -> None:
        above = None if parent is None else self.started[parent % len(self.started)]
        run = self.script.start(name=f"run {len(self.started)}", parent=above)
        given = {"optimizer": optimizer, "seed": seed}
        self.script.params(run, {key: str(value) for key, value in given.items() if value is not None})
        self.script.log(run, "acc", acc)
        self.script.take()
        self.started.append(run)

    @rule(pick=picks, acc=some_values)
    def log(self, pick: int, acc: list[float]) -> None:
        self.script.log(self.started[pick % len(self.started)], "acc", acc, [7] * len(acc))
        self.script.take()

    @rule(pick=picks, status=st.sampled_from([RunStatus.FINISHED, RunStatus.FAILED]))
    def end(self, pick: int, status: RunStatus) -> None:
        self.script.end(self.started[pick % len(self.started)], status)
        self.script.take()

    @rule(pick=picks)
    def delete(self, pick: int) -> None:
        delete_runs(self.store, [self._number(pick)])

    @rule(pick=picks)
    def restore(self, pick: int) -> None:
        restore_runs(self.store, [self._number(pick)])

    @rule(pick=picks, name=st.sampled_from(["a", "z", "optimizer"]))
    def rename(self, pick: int, name: str) -> None:
        rename_run(self.store, self._number(pick), name)

    @rule(pick=picks, note=st.sampled_from(["optimizer", "x"]))
    def tag(self, pick: int, note: str) -> None:
        set_tag(self.store, self._number(pick), "note", note)

    def _number(self, pick: int) -> int:
        return self.script.number(self.started[pick % len(self.started)])

    # How it is looked at

    @rule(name=st.sampled_from(sorted(GROUPINGS)))
    def group(self, name: str) -> None:
        chosen = GROUPINGS[name]
        if (chosen.group_by, chosen.group_except) != (self.view.group_by, self.view.group_except):
            self.opened = {path: opened for path, opened in self.opened.items() if path[0] == "run"}
        self._look(replace(self.view, group_by=chosen.group_by, group_except=chosen.group_except))

    @rule(order=st.sampled_from(ORDERS))
    def sort(self, order: tuple[SortKey, ...]) -> None:
        self._look(replace(self.view, order=order))

    @rule(text=st.sampled_from(FILTERS))
    def filter(self, text: str) -> None:
        self._look(replace(self.view, filter=text))

    @rule(nested=st.booleans())
    def nest(self, nested: bool) -> None:
        self._look(replace(self.view, nested=nested))

    @rule()
    def undo(self) -> None:
        if self.session.undo.last is not None:
            before = self.view
            self.session.undo.undo()
            self.view = self.session.view
            if (before.group_by, before.group_except) != (self.view.group_by, self.view.group_except):
                self.opened = {path: opened for path, opened in self.opened.items() if path[0] == "run"}

    @rule(pick=picks)
    def toggle(self, pick: int) -> None:
        self._settle()
        rows = [line for line in self._expected() if self._has_some(line)]
        if rows and self.feed.state is State.RUNS:
            line = rows[pick % len(rows)]
            row = int(self.feed.model.ids[self._expected().index(line)])
            self.opened[line.path] = not self.feed.folding.is_open(row)
            self.feed.folding.toggle(row)

    def _look(self, view: View) -> None:
        self.view = view
        self.session.set_view(view, "Look")

    @rule(steps=st.lists(st.tuples(st.sampled_from(HURRIED), picks, st.sampled_from(SEEN)), min_size=2, max_size=6))
    def hurry(self, steps: list[tuple[str, int, str]]) -> None:
        """Change store and view in one go, each time before the table has been read, or while it is being read."""
        for name, pick, seen in steps:
            if name == "start":
                self.start(("adam", "sgd", None)[pick % 3], pick % 2, [pick % 5 / 4], None)
            elif name == "log":
                self.log(pick, [pick % 7 / 4])
            elif name == "group":
                self.group(sorted(GROUPINGS)[pick % len(GROUPINGS)])
            elif name == "sort":
                self.sort(ORDERS[pick % len(ORDERS)])
            elif name == "filter":
                self.filter(FILTERS[pick % len(FILTERS)])
            elif name == "undo":
                self.undo()
            else:
                (self.delete if name == "delete" else self.restore)(pick)
            if seen:
                self.waited(lambda: self.session.revision == current_revision(self.store))
            if seen == "while it is read":
                self.waited(lambda: self.feed.listing or self._quiet())

    # What must hold

    @invariant()
    def the_model_shows_what_the_store_holds(self) -> None:
        if not hasattr(self, "session"):
            return
        self._settle()
        expected, model = self._expected(), self.feed.model
        if self.feed.state is not State.RUNS:
            assert not expected
            return
        section, acc = model.section_of(NAME), model.section_of(ACC)

        def shown() -> list[Shown]:
            found: list[Shown] = []
            for place, row in enumerate(model.ids.tolist()):
                name = str(model.index(place, section).data())
                value = "" if acc < 0 else str(model.index(place, acc).data())
                found.append((row if row >= 0 else None, self.feed.folding.depth(row), name, value))
            return found

        wanted: list[Shown] = [(line.run, line.depth, line.name, "" if acc < 0 else line.acc) for line in expected]
        try:
            self.waited(lambda: self._quiet() and _same(shown(), wanted))
        except Exception as error:
            raise AssertionError(f"shown: {shown()}\nexpected: {wanted}") from error

    def _settle(self) -> None:
        self.waited(lambda: self.session.revision == current_revision(self.store) and self._quiet())

    def _quiet(self) -> bool:
        """Whether the table has read all that is known to have changed; rows that wait to be sorted again are."""
        if self.feed.settled:
            self.feed.apply_order()
        return self.feed.settled

    def _expected(self) -> list[Line]:
        """What plain Python makes of the store's records."""
        ids = run_ids(self.store, self.session.query).tolist()
        assert sorted(ids) == sorted(find_runs(self.store, filter=self.view.filter, experiments=[1]))
        records = {run.id: run for run in read_runs(self.store, ids)}
        runs = [records[number] for number in ids]
        if self.view.grouped:
            return list(self._grouped(runs, [*self.view.group_by, *self.view.group_except[:1]], ()))
        return list(self._nested(runs, None if self._is_nested() else 0, 0))

    def _is_nested(self) -> bool:
        return self.view.nested and not self.view.order

    def _grouped(self, runs: list[Run], levels: list[Column], path: tuple[object, ...]) -> Iterator[Line]:
        if not levels:
            yield from (Line(run.id, len(path), run.name, _acc(run), (*path, run.id)) for run in runs)
            return
        column = OPTIMIZER if levels[0] in self.view.group_except else levels[0]
        groups = [
            (value, list(members))
            for value, members in groupby(sorted(runs, key=lambda run: _rank(run, column)), _value(column))
        ]
        order = {run.id: place for place, run in enumerate(runs)}
        for value, members in sorted(groups, key=lambda group: self._group_rank(column, group)):
            members.sort(key=lambda run: order[run.id])
            own = (*path, value)
            said = self._title(column, value, groups)
            yield Line(None, len(path), f"{said} ({len(members)})", _mean(members), own)
            if self.opened.get(own, False):
                yield from self._grouped(members, levels[1:], own)

    def _title(self, column: Column, value: object, groups: list[tuple[object, list[Run]]]) -> str:
        if self.view.group_except and len(groups) == 1:
            return "the same settings"
        return f"{column.heading} {'not set' if value is None else value}"

    def _group_rank(self, column: Column, group: tuple[object, list[Run]]) -> tuple[object, ...]:
        members = group[1]
        ranks: list[object] = []
        for key in self.view.order:
            if key.column == NAME or (key.column == column and not self.view.group_except):
                ranks.append(_rank(members[0], column))
            else:
                found = _finite(members) if key.column == ACC else [float(s) for s in _all(members, "seed")]
                mean = statistics.fmean(found) if found else math.nan
                ranks.append((math.isnan(mean), 0.0 if math.isnan(mean) else -mean if key.descending else mean))
        return (*ranks, _rank(members[0], column))

    def _nested(self, runs: list[Run], parent: int | None, depth: int) -> Iterator[Line]:
        """The runs beneath another one, or at the top; `parent` 0 is for a table without any nesting."""
        here = {run.id for run in runs}
        for run in runs:
            above = run.parent if run.parent in here and run.parent != run.id else None
            if parent == 0 or above == parent:
                path = ("run", run.id)
                yield Line(run.id, depth, run.name, _acc(run), path)
                if parent != 0 and self.opened.get(path, True):
                    yield from self._nested(runs, run.id, depth + 1)

    def _has_some(self, line: Line) -> bool:
        place = self._expected().index(line)
        return self.feed.folding.size(int(self.feed.model.ids[place])) > 0


def _same(shown: list[Shown], wanted: list[Shown]) -> bool:
    """Numbers of runs have the digits of their column, and those of groups their own: both are compared as numbers."""
    return len(shown) == len(wanted) and all(
        one[:3] == other[:3] and _as_number(one[3]) == _as_number(other[3])
        for one, other in zip(shown, wanted, strict=True)
    )


def _as_number(text: str) -> object:
    try:
        return repr(float(text))
    except ValueError:
        return text


def _value(column: Column) -> Callable[[Run], object]:
    return lambda run: run.params.get(column.key)


def _rank(run: Run, column: Column) -> tuple[bool, str]:
    value = run.params.get(column.key)
    return value is None, value or ""


def _all(runs: list[Run], key: str) -> list[str]:
    return [run.params[key] for run in runs if key in run.params]


def _acc(run: Run) -> str:
    return str(run.metrics["acc"].last).replace("nan", "NaN") if "acc" in run.metrics else ""


def _finite(runs: list[Run]) -> list[float]:
    logged = [run.metrics["acc"].last for run in runs if "acc" in run.metrics]
    return [value for value in logged if math.isfinite(value)]


def _mean(runs: list[Run]) -> str:
    logged = [run.metrics["acc"].last for run in runs if "acc" in run.metrics]
    found = _finite(runs)
    if not found:
        return f"{len(logged)} not finite" if logged else ""
    spread = statistics.stdev(found) if len(found) > 1 else math.nan
    return f"{numbers.with_spread(statistics.fmean(found), spread)} (n={len(found)})"


@pytest.mark.qt_log_level_fail("WARNING")
def test_the_table_is_true_to_its_store(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in ((feed, "SORT_PACE"), (feed, "COLUMN_PACE"), (feed, "GROUP_PACE"), (session, "POLL_MS")):
        monkeypatch.setattr(module, name, 2)  # ms: what is a humane pace on screen is waiting here
    Machine.waited = staticmethod(lambda holds: qtbot.waitUntil(holds, timeout=20_000))
    health = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Machine,
        settings=settings(max_examples=16, stateful_step_count=10, phases=PHASES, suppress_health_check=health),
    )
