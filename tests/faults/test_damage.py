"""A journal with damaged bytes: all that is whole reaches the tables, the rest is kept aside and told."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.states import RunStatus
from runfolio.journal.append import JournalWriter
from runfolio.journal.events import Event
from runfolio.journal.layout import EVENTS, SLOT_SIZE, segment_name
from runfolio.store import open_store, run_order, runs, series
from runfolio.store.recover import recover
from runfolio.store.run_query import RunQuery
from tests.journal.samples import spoil

POINTS = 40
PARAMS = 6


@dataclass(frozen=True)
class Left:
    """A store with the journal of a dead process, and where each record of its events begins."""

    store: Path
    journal: Path
    starts: list[int]


@contextmanager
def left_behind() -> Iterator[Left]:
    """A journal whose writer was killed: one run with some params and points."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "store"
        writer = JournalWriter(folder / "journal")
        file = writer.path / EVENTS
        about = {"name": "run", "time": 1000, "journal": writer.path.name, "experiment": "Default"}
        events: list[Event] = [{"type": "run", "run": "r", **about}]
        events += [{"type": "series", "run": "r", "numbers": {"loss": 0}}]
        events += [{"type": "params", "run": "r", "time": 1000, "values": {f"p{n}": str(n)}} for n in range(PARAMS)]
        starts = []
        for event in events:
            starts.append(file.stat().st_size)
            writer.event(event)
        for step in range(POINTS):
            writer.point(0, step, 1000 + step, step / 2)
        writer.close()
        yield Left(folder, writer.path, [*starts, file.stat().st_size])


def places(first: int, end: int) -> st.SearchStrategy[dict[int, int]]:
    """Bytes to change, and by how much."""
    return st.dictionaries(st.integers(first, end - 1), st.integers(1, 255), min_size=1, max_size=8)


@given(st.data())
def test_what_is_whole_is_brought_in_and_the_rest_kept_and_told(data: st.DataObject) -> None:
    with left_behind() as left, told() as messages:
        first_param = left.starts[2]
        # The run and its series are left whole here, so that everything else has a place.
        bad_events = data.draw(places(first_param, left.starts[-1]))
        bad_points = data.draw(places(0, POINTS * SLOT_SIZE))
        for at, change in bad_events.items():
            spoil(left.journal / EVENTS, at, change)
        for at, change in bad_points.items():
            spoil(left.journal / segment_name(0), at, change)
        lost_points = {at // SLOT_SIZE for at in bad_points}
        lost_params = {sum(start <= at for start in left.starts) - 3 for at in bad_events}
        store = open_store(left.store)
        try:
            assert recover(store) == 1
            (number,) = (int(found) for found in run_order.run_ids(store, RunQuery()))
            run, points = runs.get_run(store, number), series.points(store, number, "loss")
            assert recover(store) == 0
        finally:
            store.close()
        assert points.steps.tolist() == [step for step in range(POINTS) if step not in lost_points]
        assert np.array_equal(points.values, points.steps / 2)
        assert run.params == {f"p{n}": str(n) for n in range(PARAMS) if n not in lost_params}
        assert run.status is RunStatus.KILLED
        (aside,) = (left.store / "journal").iterdir()
        assert aside.name == f"{left.journal.name}.damaged"
        assert (aside / EVENTS).stat().st_size == left.starts[-1]
        assert any("damaged" in message and str(aside) in message for message in messages)


@given(st.data())
def test_no_damage_at_all_keeps_a_store_from_opening(data: st.DataObject) -> None:
    with left_behind() as left, told():
        for file, size in ((EVENTS, left.starts[-1]), (segment_name(0), POINTS * SLOT_SIZE)):
            for at, change in data.draw(places(0, size)).items():
                spoil(left.journal / file, at, change)
        store = open_store(left.store)
        try:
            recover(store)
            for number in map(int, run_order.run_ids(store, RunQuery())):
                run = runs.get_run(store, number)
                assert set(run.params.items()) <= {(f"p{n}", str(n)) for n in range(PARAMS)}
                points = series.points(store, number, "loss") if "loss" in run.metrics else None
                assert points is None or np.array_equal(points.values, points.steps / 2)
        finally:
            store.close()
        assert len(list((left.store / "journal").iterdir())) <= 1


@contextmanager
def told() -> Iterator[list[str]]:
    """What is logged to whoever looks."""
    messages: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: messages.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("runfolio")
    logger.addHandler(handler)
    try:
        yield messages
    finally:
        logger.removeHandler(handler)
