"""Runs in a real Jupyter kernel: an exception, an interrupt, a restart and a kill end them as a user would expect."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runfolio.core.entities import Run
from runfolio.core.states import RunStatus
from runfolio.store import open_store
from runfolio.store.bulk import read_runs
from runfolio.store.recover import recover
from runfolio.store.search import find_runs

pytest.importorskip("ipykernel")
jupyter_client = pytest.importorskip("jupyter_client")


class Kernel:
    """A kernel with a notebook's cells run in it, one after another."""

    def __init__(self, folder: Path) -> None:
        environment = {
            "RUNFOLIO_STORE": str(folder),
            "JPY_SESSION_NAME": "/home/me/digits.ipynb",
            "RUNFOLIO_CAPTURE": "1",
        }
        self.manager = jupyter_client.KernelManager(kernel_name="python3")
        self.manager.start_kernel(
            extra_arguments=["--log-level=ERROR"], env=_inherited() | environment, cwd=folder.parent
        )
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def cell(self, code: str) -> str:
        """Run a cell; what it printed, or the name of its exception."""
        seen = []

        def take(message: dict[str, Any]) -> None:
            seen.append(message["content"].get("text") or message["content"].get("ename") or "")

        self.client.execute_interactive(code, timeout=60, output_hook=take, allow_stdin=False)
        return "".join(seen).strip()

    def cell_interrupted(self, code: str) -> str:
        """Run a cell that prints "begun" and goes on, and interrupt it there; the name of its exception."""
        asked = self.client.execute(code)
        while "begun" not in self.client.get_iopub_msg(timeout=60)["content"].get("text", ""):
            pass
        self.manager.interrupt_kernel()
        while (answer := self.client.get_shell_msg(timeout=60))["parent_header"].get("msg_id") != asked:
            pass
        return str(answer["content"].get("ename", "none"))

    def restart(self, *, now: bool) -> None:
        """As the menu does, or as it does when the kernel no longer answers."""
        self.manager.restart_kernel(now=now)
        self.client.wait_for_ready(timeout=60)

    def close(self) -> None:
        """End it."""
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()


def _inherited() -> dict[str, str]:
    """The variables of a kernel that finds what this process finds."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[Kernel]:
    """A fresh kernel whose runs go to `tmp_path / "store"`."""
    started = Kernel(tmp_path / "store")
    yield started
    started.close()


@pytest.fixture
def runs(tmp_path: Path) -> Any:
    """A function for the runs of the store by name, as whoever opens it next finds them."""

    def read() -> dict[str, Run]:
        store = open_store(tmp_path / "store")
        recover(store)
        found = {run.name: run for run in read_runs(store, find_runs(store))}
        store.close()
        return found

    return read


def test_a_run_goes_on_after_an_exception_and_an_interrupt(kernel: Kernel, runs: Any) -> None:
    kernel.cell("import runfolio, time\nrunfolio.start_run(run_name='open')\nrunfolio.log_metric('loss', 2, step=1)")
    assert kernel.cell("1/0") == "ZeroDivisionError"
    assert kernel.cell_interrupted("print('begun', flush=True)\ntime.sleep(60)") == "KeyboardInterrupt"
    assert kernel.cell("print(runfolio.active_run().info.run_name)") == "open"
    assert kernel.cell("runfolio.start_run()") == "RunStateError"
    kernel.cell("runfolio.log_metric('loss', 1, step=2)\nrunfolio.end_run()\nrunfolio.flush()")
    open_run = runs()["open"]
    assert open_run.status is RunStatus.FINISHED
    assert (open_run.metrics["loss"].count, open_run.source) == (2, "/home/me/digits.ipynb")
    assert open_run.tags["mlflow.source.type"] == "NOTEBOOK" and "runfolio.command" not in open_run.tags


def test_a_block_ends_by_what_left_it(kernel: Kernel, runs: Any) -> None:
    kernel.cell("import runfolio, time")
    assert kernel.cell("with runfolio.start_run(run_name='failed'):\n    1/0") == "ZeroDivisionError"
    block = "with runfolio.start_run(run_name='stopped'):\n    print('begun', flush=True)\n    time.sleep(60)"
    assert kernel.cell_interrupted(block) == "KeyboardInterrupt"
    kernel.cell("runfolio.flush()")
    found = runs()
    assert found["failed"].status is RunStatus.FAILED
    assert found["stopped"].status is RunStatus.KILLED


def test_a_run_does_not_outlive_its_kernel(kernel: Kernel, runs: Any) -> None:
    kernel.cell("import runfolio\nrunfolio.start_run(run_name='restarted')\nrunfolio.log_metric('loss', 1, step=7)")
    kernel.restart(now=False)
    kernel.cell("import runfolio\nrunfolio.start_run(run_name='killed')\nrunfolio.log_metric('loss', 1, step=9)")
    kernel.restart(now=True)
    found = runs()
    assert found["restarted"].status is RunStatus.FINISHED
    assert found["killed"].status is RunStatus.KILLED and found["killed"].last_step == 9
