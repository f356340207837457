"""The run table's order, cells and columns, compared with plain Python on runs that were logged for it."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, event, select, update

from runfolio.core.columns import ATTRIBUTES, CREATED, DURATION, NAME, STATUS, Column, Kind, SortKey, Source
from runfolio.core.columns import metric as metric_column
from runfolio.core.columns import param as param_column
from runfolio.core.rules import param_number as number
from runfolio.core.states import LifecycleStage, RunStatus
from runfolio.store import Store, dialect, operations, ranks, run_order, schema
from runfolio.store.connection import revision_of
from runfolio.store.experiments import get_or_create
from runfolio.store.kept import Kept
from runfolio.store.run_order import run_ids
from runfolio.store.run_query import STATISTICS, RunQuery
from runfolio.store.table import column_range, column_ranges, columns, logged_metrics, named_runs, rows
from tests.store.script import Script, new_store

LR, NOTE = param_column("lr"), Column(Source.TAG, "note", Kind.TEXT)
NAMES = ("last", "first", "min", "max", "mean", "count")
LOSSES = {name: metric_column("loss", name) for name in NAMES}
SORTABLE = (*ATTRIBUTES, LR, NOTE, *LOSSES.values(), metric_column("never logged"), param_column("never logged"))


@dataclass
class Logged:
    """A run as a script logs it, and what plain Python knows of it."""

    name: str = "a run"
    experiment: str = "e0"
    status: RunStatus = RunStatus.RUNNING
    lr: str | None = None
    note: str | None = None
    loss: list[float] = field(default_factory=list)
    deleted: bool = False
    number: int = 0
    start: int = 0
    end: int = 0

    def write(self, script: Script) -> None:
        run = script.start(name=self.name, experiment=self.experiment)
        self.start = script.now
        script.params(run, {} if self.lr is None else {"lr": self.lr})
        script.tags(run, {"note": self.note})
        if self.loss:
            script.log(run, "loss", self.loss)
        if self.status.ended:
            script.end(run, self.status)
        self.end = script.now
        script.take()
        self.number = script.number(run)
        if self.deleted:
            delete(script.store, self.number)

    def statistic(self, name: str) -> float | None:
        """A statistic of the loss; NaN for one that has no value."""
        finite = [value for value in self.loss if math.isfinite(value)]
        if not self.loss:
            return None
        if name in ("last", "first"):
            return self.loss[-1 if name == "last" else 0]
        if name == "count":
            return len(self.loss)
        known: dict[str, Callable[[list[float]], float]] = {"min": min, "max": max, "mean": lambda v: sum(v) / len(v)}
        return known[name](finite) if finite else math.nan

    def sort_values(self, column: Column) -> list[Any]:
        """What a column is sorted by; None for what is missing."""
        if column.source is Source.ATTRIBUTE:
            # A running run goes on until now, so among those the one begun first has gone on longest.
            duration = self.end - self.start if self.status.ended else 10**13 - self.start
            names = [ascii_lower(self.name), self.name]
            values: dict[Column, list[Any]] = {
                NAME: names,
                STATUS: [self.status],
                CREATED: [self.start],
                DURATION: [duration],
            }
            return values[column]
        if column.source is Source.METRIC:
            value = self.statistic(column.statistic) if column.key == "loss" else None
            return [None if value is None or math.isnan(value) else value]
        if column.key == "lr":
            return [number(self.lr), self.lr]
        return [self.note if column.key == "note" else None]


def delete(store: Store, run: int) -> None:
    """Put a run into the trash."""
    with store.writing() as transaction:
        gone = update(schema.runs).where(schema.runs.c.id == run).values(lifecycle_stage=LifecycleStage.DELETED)
        transaction.connection.execute(gone)


def ascii_lower(text: str) -> str:
    return "".join(c.lower() if c.isascii() else c for c in text)


def write(store: Store, *logged: Logged) -> tuple[Logged, ...]:
    with Script(store) as script:
        for one in logged:
            one.write(script)
    return logged


def ordered(logged: Sequence[Logged], sort: Sequence[SortKey]) -> list[int]:
    """The runs sorted key by key, the last key first, with what is missing at the end; equals newest first."""
    found = sorted(logged, key=lambda run: run.number, reverse=True)
    for key in reversed(sort):
        for place in reversed(range(2 if key.column in (NAME, LR) else 1)):
            values = {run.number: run.sort_values(key.column)[place] for run in found}
            known = [run for run in found if values[run.number] is not None]
            known.sort(key=lambda run: values[run.number], reverse=key.descending)
            found = known + [run for run in found if values[run.number] is None]
    return [run.number for run in found]


def in_order(store: Store, *sort: SortKey, text: str = "", experiments: tuple[int, ...] = ()) -> list[int]:
    ids: list[int] = run_ids(store, RunQuery(experiments, sort, text)).tolist()
    return ids


# Numbers whose sums are exact in any order, as the mean is that of a sum.
VALUES = st.sampled_from([0.0, -0.0, 1.0, 2.5, -3.0, 2.0**40, -(2.0**40), math.inf, -math.inf, math.nan])
PARAMS = st.sampled_from(
    ["1", "1.0", "0.1", "1e-3", "-2", "10", "9", "nan", "inf", "adam", "Adam", "sgd", "", "ä", "_"]
)
LETTERS = st.text("abAB%_/\\'\"äÄÉéß€ -1Σσ[]*?", max_size=5)
RUNS = st.lists(
    st.builds(
        Logged,
        name=LETTERS,
        experiment=st.sampled_from(["e0", "e1", "e2"]),
        status=st.sampled_from([RunStatus.RUNNING, RunStatus.FINISHED, RunStatus.FAILED]),
        lr=st.none() | PARAMS,
        note=st.none() | LETTERS,
        loss=st.lists(VALUES, max_size=3),
        deleted=st.sampled_from([False, False, False, True]),
    ),
    max_size=8,
)
SORTS = st.lists(st.builds(SortKey, st.sampled_from(SORTABLE), st.booleans()), max_size=3)


@settings(max_examples=60)
@given(RUNS, st.lists(SORTS, min_size=1, max_size=8), st.lists(LETTERS, min_size=1, max_size=8))
def test_any_order_and_any_filter(logged: list[Logged], sorts: list[list[SortKey]], texts: list[str]) -> None:
    with new_store() as store:
        write(store, *logged)
        shown = [run for run in logged if not run.deleted]
        for sort in sorts:
            assert in_order(store, *sort) == ordered(shown, sort)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(run_order, "MANY", 0)
            store.kept = Kept()
            for sort in sorts:
                assert in_order(store, *sort) == ordered(shown, sort), "read on two connections"
        for text in texts:
            words = text.lower().split()
            named = [run for run in shown if all(word in run.name.lower() for word in words)]
            assert in_order(store, text=text) == ordered(named, [])
            found = named_runs(store, RunQuery(text=text), 3)
            assert [(run, name) for run, _, name in found] == [(r.number, r.name) for r in reversed(named)][:3]


def test_an_order_is_of_one_state_of_the_store_though_two_connections_read_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(store, *(Logged(name=name) for name in "baba"))

    def then_changed(connection: Connection) -> int:
        revision = revision_of(connection)
        if threading.current_thread() is threading.main_thread():
            operations.rename_run(store, 4, "c")
        return revision

    monkeypatch.setattr(run_order, "MANY", 0)
    monkeypatch.setattr(ranks, "revision_of", then_changed)
    assert in_order(store, SortKey(NAME)) == [4, 2, 3, 1], "as it was before"
    assert in_order(store, SortKey(NAME)) == [2, 3, 1, 4]


@settings(max_examples=30)
@given(RUNS, st.sets(st.integers(1, 3)))
def test_any_cells_columns_and_ranges(logged: list[Logged], experiments: set[int]) -> None:
    with new_store() as store:
        write(store, *logged)
        # An experiment's number is that of its name's first use; of none, all are meant.
        order = list(dict.fromkeys(run.experiment for run in logged))
        names = {order[number - 1] for number in experiments if number <= len(order)} if experiments else set(order)
        shown = [run for run in logged if not run.deleted and run.experiment in names]
        chosen = tuple(experiments)
        assert in_order(store, experiments=chosen) == ordered(shown, [])
        texts = [run.lr for run in shown if run.lr is not None]
        expected = [param_column("lr", all(number(text) is not None for text in texts))] if texts else []
        expected += [metric_column("loss")] if any(run.loss for run in shown) else []
        assert columns(store, chosen) == [*ATTRIBUTES, *expected]
        wanted = (NAME, STATUS, CREATED, LR, NOTE, *LOSSES.values())
        found = rows(store, [run.number for run in shown], wanted)
        for run in shown:
            told = [run.name, run.status, run.start, run.lr, run.note, *(run.statistic(s) for s in NAMES)]
            assert all(same(*pair) for pair in zip(found[run.number].cells, told, strict=True))
        for name, column in LOSSES.items():
            values = [value for run in shown if (value := run.statistic(name)) is not None and math.isfinite(value)]
            assert column_range(store, chosen, column) == ((min(values), max(values)) if values else None)
        several = [*LOSSES.values(), LR, NOTE, NAME, metric_column("nothing")]
        ranges = {column: column_range(store, chosen, column) for column in several}
        assert column_ranges(store, chosen, several) == {column: ends for column, ends in ranges.items() if ends}
        assert logged_metrics(store, chosen) == (["loss"] if any(run.loss for run in shown) else [])


def same(one: object, other: object) -> bool:
    both_nan = isinstance(one, float) and isinstance(other, float) and math.isnan(one) and math.isnan(other)
    return both_nan or one == other


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("column", [LOSSES["last"], LOSSES["max"], LR, NOTE], ids=lambda column: column.id)
def test_missing_values_are_last_both_ways_and_equals_newest_first(
    store: Store, column: Column, descending: bool
) -> None:
    have = {"loss": [1.0], "lr": "1", "note": "x"}
    write(store, Logged(), Logged(**have), Logged(loss=[math.nan]), Logged(**have))  # type: ignore[arg-type]
    assert in_order(store, SortKey(column, descending)) == [4, 2, 3, 1]


def test_infinities_are_the_ends_and_nan_is_missing(store: Store) -> None:
    write(store, *(Logged(loss=[value]) for value in (math.nan, math.inf, 1.0, -math.inf)))
    assert in_order(store, SortKey(LOSSES["last"])) == [4, 3, 2, 1]
    assert in_order(store, SortKey(LOSSES["last"], True)) == [2, 3, 4, 1]
    assert in_order(store, SortKey(LOSSES["max"], True)) == [3, 4, 2, 1], "an extreme is one of the finite values"


def test_numbers_go_before_texts_and_by_size(store: Store) -> None:
    write(store, *(Logged(lr=text) for text in ("10", "9", "adam", "1e-3", "nan")))
    assert in_order(store, SortKey(LR)) == [4, 2, 1, 3, 5]
    assert in_order(store, SortKey(LR, True)) == [1, 2, 4, 5, 3]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("100%", [1]),
        ("%", [1]),
        ("_", [2]),
        ("a_b", [2]),
        ("'", [3]),
        ('"; DROP', [3]),
        ("GRÖSSE", []),
        ("größe", [4]),
        ("GRÖß", [4]),
        ("ärger", [4]),
        ("Ärger MIT", [4]),
        ("Größe 100%", []),
        ("b a", [3, 2]),
        (" A_B  ", [2]),
        ("\\", [5]),
        ("/", [5]),
        ("*", []),
        ("  ", [5, 4, 3, 2, 1]),
    ],
)
def test_the_text_is_taken_as_it_is(store: Store, text: str, found: list[int]) -> None:
    names = ("100% sure", "a_b", "ab'\"; drop table runs", "ÄRGER mit Größe", "c:\\d/e")
    write(store, *(Logged(name=name) for name in names))
    assert in_order(store, text=text) == found


def test_a_page_pasted_into_the_filter_finds_nothing(store: Store) -> None:
    write(store, Logged(name="x"))
    assert in_order(store, text=" ".join(map(str, range(2000)))) == []


def test_the_greatest_floats_are_in_the_range(store: Store) -> None:
    write(store, Logged(loss=[1.0]), Logged(loss=[1.7e308]))
    assert column_range(store, (), LOSSES["max"]) == (1.0, 1.7e308)


def test_a_page_of_many_runs_and_columns(store: Store) -> None:
    with Script(store) as script:
        runs = [script.start(name=f"n{n}") for n in range(1200)]
        for run in runs[::100]:
            script.params(run, {f"p{n}": f"{n}" for n in range(600)})
        script.take()
    wanted = [NAME, *(param_column(f"p{n}", True) for n in range(600))]
    ids = run_ids(store, RunQuery())
    assert np.array_equal(ids, np.arange(1200, 0, -1))
    found = rows(store, [*ids, 5000], wanted)
    assert sorted(found) == list(range(1, 1201)), "a run that is not there is left out"
    assert found[101].cells == ("n100", *(float(n) for n in range(600)))
    assert found[100].cells == ("n99", *([None] * 600))


def test_a_text_in_a_column_that_was_numeric(store: Store) -> None:
    write(store, Logged(lr="0.5"))
    wanted = columns(store)
    write(store, Logged(lr="auto"))
    assert [rows(store, [1, 2], wanted)[run].cells[-1] for run in (1, 2)] == [0.5, "auto"]
    assert columns(store)[-1] == LR


def test_a_row_knows_its_parent(store: Store) -> None:
    with Script(store) as script:
        parent = script.start()
        script.start(parent=parent)
        script.start(parent="gone")
        script.take()
    assert {run: row.parent for run, row in rows(store, [1, 2, 3], []).items()} == {1: None, 2: 1, 3: None}


def test_an_order_by_what_nobody_logged_is_the_newest_first(store: Store) -> None:
    write(store, Logged(), Logged(), Logged())
    keys = SortKey(metric_column("nothing"), True), SortKey(Column(Source.TAG, "x", Kind.TEXT))
    assert in_order(store, *keys) == [3, 2, 1]


def test_the_database_reads_in_the_way_it_is_told_or_meant_to(store: Store) -> None:
    of_key = select(schema.series.c.run_id).where(schema.series.c.key_id == 1)
    active = select(schema.runs.c.id).where(schema.runs.c.lifecycle_stage == "active")
    mean = of_key.add_columns(STATISTICS["mean"])
    told = {
        "SCAN series": dialect.by_row(of_key, schema.series),
        "SEARCH series USING INDEX series_by_mean": mean.where(mean.selected_columns[1].is_not(None)),
        "SEARCH runs USING COVERING INDEX runs_by_start": dialect.by_index(active, schema.runs, "runs_by_start"),
    }
    with store.reading() as connection:
        for plan, query in told.items():
            text = str(query.compile(connection.engine, compile_kwargs={"literal_binds": True}))
            found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}").all()
            assert found[0][-1].startswith(plan)


def test_the_ranges_of_many_columns_are_one_reading_of_few_statements(store: Store) -> None:
    keys = [f"m{number}" for number in range(40)]
    with Script(store) as script:
        for experiment in ["few", *["many"] * 12]:
            run = script.start(experiment=experiment)
            for place, key in enumerate(keys):
                script.log(run, key, [float(place), math.inf if place == 7 else script.now])
        script.take()
    few, many = (get_or_create(store, name).id for name in ("few", "many"))
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        for chosen in ((few,), (many,), ()):
            statements.clear()
            found = column_ranges(store, chosen, [metric_column(key, "min") for key in keys])
            assert found == {metric_column(key, "min"): (float(n), float(n)) for n, key in enumerate(keys)}
            assert len(statements) <= 4
    finally:
        event.remove(Engine, "before_cursor_execute", note)
