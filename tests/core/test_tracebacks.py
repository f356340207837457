"""The end of a traceback, as Python itself writes it, is found whatever led to it."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.tracebacks import Failure, read_traceback


def failure_of(folder: Path, code: str) -> Failure:
    """What is read from the traceback of a script that does not succeed."""
    script = folder / "train.py"
    script.write_text(textwrap.dedent(code), encoding="utf-8")
    done = subprocess.run([sys.executable, script], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode
    return read_traceback(done.stderr, [str(folder)])


def test_the_exception_and_the_line_of_ones_own_code(tmp_path: Path) -> None:
    found = failure_of(
        tmp_path,
        """
        import json

        def load(text):
            return json.loads(text)

        load("{")
        """,
    )
    assert found.kind == "json.decoder.JSONDecodeError"
    assert found.message.startswith("Expecting property name")
    assert found.own is not None and found.own.where == "train.py:5 in load"
    assert found.own.code == "return json.loads(text)"
    assert found.text.splitlines()[found.own.place].strip().startswith('File "')
    assert len(found.frames) > 2, "the library's own calls are there too"


@pytest.mark.parametrize(
    ("code", "kind", "message", "where"),
    [
        ("raise ValueError('a\\nb: c')", "ValueError", "a\nb: c", "train.py:1 in <module>"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", "", "train.py:1 in <module>"),
        ("try:\n  1/0\nexcept Exception as e:\n  raise OSError(1, 'no') from e", "PermissionError", "[Errno 1] no",
         "train.py:4 in <module>"),
        ("def f(:", "SyntaxError", "invalid syntax", "train.py:1"),
        ("raise ExceptionGroup('many', [ValueError(1), TypeError(2)])", "ExceptionGroup",
         "many (2 sub-exceptions)", "train.py:1 in <module>"),
        ("e = ValueError('x'); e.add_note('look there'); raise e", "ValueError", "x\nlook there",
         "train.py:1 in <module>"),
        ("assert False", "AssertionError", "", "train.py:1 in <module>"),
    ],
)  # fmt: skip
def test_kinds_of_tracebacks(tmp_path: Path, code: str, kind: str, message: str, where: str) -> None:
    found = failure_of(tmp_path, code)
    assert (found.kind, found.message) == (kind, message)
    assert found.own is not None and found.own.where == where


def test_a_script_elsewhere_is_ones_own_code_too() -> None:
    text = (
        "Traceback (most recent call last):\n"
        '  File "/home/me/proj/train.py", line 3, in main\n    fit()\n'
        '  File "/home/me/lib/mine.py", line 9, in fit\n    model.fit()\n'
        '  File "/usr/lib/python3/dist-packages/sk/base.py", line 1, in fit\n    raise ValueError\n'
        "ValueError: bad\n"
    )
    own = read_traceback(text).own
    assert own is not None and own.where == "mine.py:9 in fit"
    near = read_traceback(text, ["/home/me/proj"]).own
    assert near is not None and near.where == "train.py:3 in main"


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    found = read_traceback(text)
    assert found.text == text and (found.own is None) == (not found.frames)
