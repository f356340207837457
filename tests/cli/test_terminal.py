"""What a terminal shows, what Ctrl+C leaves, and what happens where there is no terminal and no stream at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_commands import run
from tests.cli.test_runs import ids
from tests.cli.test_runs import store as store

pty = pytest.importorskip("pty", reason="needs terminals of Unix")

# The command, with bars that come after so many seconds.
BARS = """
import sys
from runfolio.cli import printing
from runfolio.cli.main import main
printing.PATIENCE = float(sys.argv.pop(1))
main()
"""
# The command, which gets Ctrl+C as it puts the first file into an archive or a copy.
INTERRUPTED = """
import os, shutil, signal, sys, zipfile
from runfolio.cli.main import main

def then_interrupt(function):
    def both(*arguments, **options):
        function(*arguments, **options)
        os.kill(os.getpid(), signal.SIGINT)
    return both

zipfile.ZipFile.write = then_interrupt(zipfile.ZipFile.write)
if not sys.argv[2].endswith(".zip"):
    shutil.copy2 = then_interrupt(shutil.copy2)
main()
"""


def on_terminal(stream: str, *command: str) -> tuple[int, str]:
    """Run Python with one stream on a terminal and the others nowhere; its exit code and what the terminal got."""
    ours, theirs = pty.openpty()
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, stream: theirs}
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    process = subprocess.Popen([sys.executable, *command], env=environment, **streams)
    os.close(theirs)
    shown = b""
    while block := _read(ours):
        shown += block
    os.close(ours)
    return process.wait(), shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # how Linux says that nobody has the other side any more
        return b""


@pytest.mark.parametrize("form", ["csv", "json", "md"])
def test_an_export_to_a_terminal_does_not_steer_it(store: Path, form: str) -> None:
    one = ids(store)["run 0"]
    run("runs", "rename", one, "\x1b[31mred\x9b1m \u202etxt", "--store", str(store))
    words = ("runs", "export", "--format", form, "--columns", "run_name", "--store", str(store))
    code, shown = on_terminal("stdout", "-m", "runfolio", *words)
    assert code == 0 and not {"\x1b", "\x9b", "\u202e"} & set(shown)
    assert ("\\u001b[31mred\\u009b1m \\u202etxt" if form == "json" else "\\x1b[31mred\\x9b1m \\u202etxt") in shown
    # A pipe gets a text as it is.
    assert form == "json" or "\x1b[31mred\x9b1m \u202etxt" in run(*words).stdout


def test_json_holds_nothing_that_steers_a_terminal(store: Path) -> None:
    run("runs", "rename", ids(store)["run 0"], "\x1b[31m\x9b \u202e", "--store", str(store))
    assert "\x1b[31m\x9b \u202e" in ids(store)
    printed = run("runs", "list", "--json", "--store", str(store)).stdout
    assert not {"\x1b", "\x9b", "\u202e"} & set(printed)


@pytest.mark.parametrize(
    ("bar", "words"),
    [
        ("Exporting", ("runs", "export")),
        ("Exporting", ("experiments", "export", "team/a")),
        ("Copying", ("backup", "TARGET")),
        ("Removing", ("gc", "--dry-run")),
    ],
)
def test_a_bar_tells_of_long_work_alone_and_a_terminal_alone(
    store: Path, tmp_path: Path, bar: str, words: tuple[str, ...]
) -> None:
    def command(patience: str, target: str) -> list[str]:
        named = [str(tmp_path / target) if word == "TARGET" else word for word in words]
        return ["-c", BARS, patience, *named, "--store", str(store)]

    code, shown = on_terminal("stderr", *command("0", "a"))
    assert code == 0 and bar in shown
    assert on_terminal("stderr", *command("3600", "b")) == (0, "")
    piped = subprocess.run([sys.executable, *command("0", "c")], capture_output=True, text=True, timeout=60)
    assert (piped.returncode, piped.stderr) == (0, "")


@pytest.mark.parametrize("name", ["copy", "copy.zip"])
def test_interrupting_a_backup_leaves_no_half_copy(store: Path, tmp_path: Path, name: str) -> None:
    target = tmp_path / "out" / name
    target.parent.mkdir()
    command = [sys.executable, "-c", INTERRUPTED, "backup", str(target), "--store", str(store)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 130 and "Traceback" not in done.stderr
    assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize(("closed", "words", "code"), [(">&-", "list", 0), (">&- 2>&-", "show 0000ffff", 3)])
def test_closed_streams_are_no_error(store: Path, closed: str, words: str, code: int) -> None:
    command = f"{sys.executable} -m runfolio runs {words} --store {store} {closed}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")


def test_a_full_disk_is_told(store: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    command = f"{sys.executable} -m runfolio runs list --store {store} > /dev/full"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60)
    assert done.returncode == 5 and "No space left" in done.stderr and "Traceback" not in done.stderr


def test_words_that_are_not_utf8_become_escapes(store: Path) -> None:
    one = ids(store)["run 0"]
    bad = os.fsdecode(b"caf\xe9")
    run("runs", "rename", one, bad, "--store", str(store))
    run("runs", "tag", one, "note", bad, "--store", str(store))
    run("experiments", "tag", "team/a", "note", bad, "--store", str(store))
    assert ids(store, "--filter", r"tags.note = 'caf\udce9'") == {r"caf\udce9": one}
    assert "is a text" in run("log", "tag", "a", "b", "--run", bad, "--store", str(store), code=2).stderr
