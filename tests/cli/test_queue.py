"""`runfolio queue`: what it tells of jobs, and of who works at them."""

from __future__ import annotations

import json
import os
from pathlib import Path

from runfolio.store import open_store
from runfolio.store.queue.working import alone_working
from tests.cli.processes import run_command


def test_the_list_tells_whether_somebody_works_at_it(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("print(1)", encoding="utf-8")
    environment = {**os.environ, "RUNFOLIO_STORE": str(tmp_path / "store"), "RUNFOLIO_QUEUE": "0"}
    assert run_command(["run", str(tmp_path), "-e", "one.py", "--queue"], environment).returncode == 0
    nobody = "Nobody works at the queue at this moment"
    assert nobody in run_command(["queue", "list"], environment).stdout
    store = open_store(tmp_path / "store")
    try:
        with alone_working(store):
            assert nobody not in run_command(["queue", "list"], environment).stdout
            assert json.loads(run_command(["queue", "list", "--json"], environment).stdout)["worker"] is True
    finally:
        store.close()
    assert json.loads(run_command(["queue", "list", "--json"], environment).stdout)["worker"] is False
