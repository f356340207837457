"""Commands that may take long."""

from __future__ import annotations

import sys
import time
from contextlib import suppress

import psutil

from runfolio.environments import processes

STARTS = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
"""


def test_what_a_command_leaves_behind_is_ended_and_not_waited_for() -> None:
    begun = time.monotonic()
    done = processes.run([sys.executable, "-c", STARTS], timeout=60)
    assert done.code == 0 and time.monotonic() - begun < 30
    with suppress(psutil.NoSuchProcess):
        psutil.Process(int(done.output)).wait(10)
