"""Commands that are heard line by line."""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import suppress

import psutil
import pytest

from runfolio.core.errors import Stopped
from runfolio.environments.following import KEPT, LONGEST, follow


def follow_python(code: str, timeout: float = 60.0, **options: object) -> tuple[int | None, str, list[str]]:
    heard: list[str] = []
    done = follow([sys.executable, "-u", "-c", code], hear=heard.append, timeout=timeout, **options)  # type: ignore[arg-type]
    return done.code, done.output, heard


def test_lines_of_output_and_errors_are_told_in_their_order() -> None:
    code = "import sys; print('a'); print('b', file=sys.stderr); print('1%\\r2%\\rdone'); sys.exit(3)"
    assert follow_python(code) == (3, "a\nb\n1%\n2%\ndone", ["a", "b", "1%", "2%", "done"])


def test_a_line_is_told_while_the_command_runs() -> None:
    heard = threading.Event()

    def hear(_line: str) -> None:
        heard.set()

    code = "print('begun', flush=True); import time; time.sleep(600)"
    with pytest.raises(Stopped):
        follow([sys.executable, "-c", code], hear=hear, timeout=600, stopped=heard.is_set)


def test_only_the_last_lines_are_kept_and_each_of_a_length() -> None:
    code, output, heard = follow_python(f"print('x' * {LONGEST + 5}); [print(n) for n in range({KEPT})]")
    assert code == 0 and len(heard) == KEPT + 2 and heard[:2] == ["x" * LONGEST, "x" * 5]
    assert output.splitlines() == [str(number) for number in range(KEPT)]


def test_one_that_takes_too_long_is_ended_with_what_it_started() -> None:
    starts = (
        "import subprocess, sys, time; c = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])"
    )
    code, _, heard = follow_python(f"{starts}; print(c.pid); time.sleep(600)", timeout=3.0)
    assert code is None
    with suppress(psutil.NoSuchProcess):
        psutil.Process(int(heard[0])).wait(30)


@pytest.mark.skipif(os.name == "nt", reason="there are no sessions")
def test_what_left_its_group_and_holds_the_output_open_is_not_waited_for() -> None:
    starts = "import subprocess, sys; c = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], "
    begun = time.monotonic()
    code, output, _ = follow_python(f"{starts} start_new_session=True); print(c.pid)")
    psutil.Process(int(output)).kill()
    assert code == 0 and time.monotonic() - begun < 30


def test_what_hears_a_line_and_fails_ends_the_command() -> None:
    def hear(_line: str) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        follow([sys.executable, "-c", "print(1); import time; time.sleep(600)"], hear=hear, timeout=600)
