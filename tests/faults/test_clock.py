"""A clock that is set back or forward while a script logs."""

from __future__ import annotations

from pathlib import Path

import pytest

from runfolio.core.states import RunStatus
from runfolio.store import open_store, run_order, runs, series
from runfolio.store.run_query import RunQuery
from tests.faults.training import Training, check_whole

pytestmark = pytest.mark.faults

# The clock of the process alone: setting the machine's would meet everything else on it.
# It is set after so many looks at it, whatever time they take.
SHIFTED = (
    "import itertools, time; real, looks = time.time_ns, itertools.count(); "
    "time.time_ns = lambda: real() + (0 if next(looks) < 5000 else {hours} * 3600 * 10**9)"
)


@pytest.mark.parametrize("hours", [-5, 5])
def test_all_is_there_and_no_run_ends_before_it_began(tmp_path: Path, hours: int) -> None:
    folder = tmp_path / "store"
    with Training(folder, before=SHIFTED.replace("{hours}", str(hours))) as training:
        training.go_on(100_000)
        steps = training.end()
    check_whole(folder, steps)
    assert not training.warnings
    store = open_store(folder)
    (number,) = (int(found) for found in run_order.run_ids(store, RunQuery()))
    run, times = runs.get_run(store, number), series.points(store, number, "loss").times
    store.close()
    assert abs(int(times[-1] - times[0]) - hours * 3600_000) < 600_000  # times are as the clock told them
    assert run.status is RunStatus.FINISHED
    assert run.end_time is not None
    assert run.end_time >= run.start_time
    assert run.metrics["loss"].last == (steps - 1) * 0.5
