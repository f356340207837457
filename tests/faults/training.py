"""A training script in a process of its own, for faults to happen to, and a look at what it left in its store.

It logs until its standard input ends, and says on a pipe how far it is, so that a test knows which calls have returned.
"""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np

from runfolio.core.entities import Run
from runfolio.core.states import RunStatus
from runfolio.store import open_store, run_order, runs, series
from runfolio.store.recover import recover
from runfolio.store.run_query import RunQuery

SCRIPT = textwrap.dedent("""
    import itertools, logging, os, select, sys
    import runfolio
    {before}
    logging.basicConfig(format="%(levelname)s %(message)s")
    with runfolio.start_run():
        runfolio.log_param("lr", 0.1)
        {first}
        for step in itertools.count():
            runfolio.log_metric("loss", step * 0.5, step=step)
            if step % 100 == 0:
                runfolio.set_tag("at", step)
                os.write(1, b"%d\\n" % step)
                if select.select([0], [], [], 0.001)[0]:
                    break
        runfolio.log_param("ended", True)
    os.write(1, b"%d\\n" % step)
""")


class Training:
    """A script that logs the value `step / 2` at each step, and the param `ended` in the end.

    Args:
        folder: the store.
        before: a line of Python that it runs before it starts its run.
        first: one that it runs before it logs a metric; by default it waits for the tables to be there.
        wrapped: a command that starts the interpreter, such as one that takes rights away.
    """

    def __init__(
        self, folder: Path, before: str = "", first: str = "runfolio.flush()", wrapped: Sequence[str] = ()
    ) -> None:
        script = SCRIPT.replace("{before}", before).replace("{first}", first)
        self.process = subprocess.Popen(
            [*wrapped, sys.executable, "-c", script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "RUNFOLIO_STORE": str(folder)},
        )
        self.step = -1
        self.told = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    def go_on(self, steps: int) -> None:
        """Wait until it has logged so many steps more."""
        assert self.process.stdout is not None
        goal = self.step + steps
        while self.step < goal:
            line = self.process.stdout.readline()
            assert line, "the training ended by itself"
            self.step = int(line)

    def warned(self) -> str:
        """Wait for the next line that it writes on its standard error, while it goes on logging."""
        assert self.process.stderr is not None
        import threading

        found: list[bytes] = []
        reader = threading.Thread(target=lambda: found.append(self.process.stderr.readline()))  # type: ignore[union-attr]
        reader.start()
        while reader.is_alive():
            self.go_on(100)
        self.told += found[0].decode()
        return found[0].decode()

    def end(self) -> int:
        """Have it end; the number of steps it has logged."""
        out, told = self.process.communicate()
        self.told += told.decode()
        assert self.process.returncode == 0, self.told
        self.step = int(out.split()[-1])
        return self.step + 1

    @property
    def warnings(self) -> list[str]:
        """The lines on its standard error."""
        return self.told.splitlines()


def left_in(folder: Path) -> tuple[Run, np.ndarray]:
    """The only run of a store, and the steps of its metric, whose values have been looked at."""
    store = open_store(folder)
    try:
        recover(store)
        (number,) = (int(found) for found in run_order.run_ids(store, RunQuery()))
        points = series.points(store, number, "loss")
        assert np.array_equal(points.values, points.steps * 0.5)
        with store.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        return runs.get_run(store, number), points.steps
    finally:
        store.close()


def check_whole(folder: Path, steps: int) -> None:
    """All that a training has logged is there, once, in order."""
    run, found = left_in(folder)
    assert np.array_equal(found, np.arange(steps))
    assert run.status is RunStatus.FINISHED
    assert run.params == {"lr": "0.1", "ended": "True"}
    assert int(run.tags["at"]) == (steps - 1) // 100 * 100
    assert not list((folder / "journal").iterdir())
