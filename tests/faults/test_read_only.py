"""A store that cannot be written: refused at the start, logged on when it comes to that later."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from runfolio.core.states import RunStatus
from runfolio.gui import session as session_module
from runfolio.gui.chrome.status_bar import StatusBar
from runfolio.gui.session import Session
from runfolio.gui.theme import Mode, Theme
from runfolio.store import open_store
from runfolio.store.connection import revision_of
from runfolio.store.operations import rename_run
from runfolio.store.registry.registering import Source, register
from runfolio.store.registry.transitions import transition
from runfolio.store.runs import get_run
from tests.faults.training import Training, check_whole, left_in
from tests.mounted import mounted
from tests.store.script import Script

pytestmark = pytest.mark.faults

START = "import runfolio\nrunfolio.start_run()"


@pytest.fixture
def without_rights() -> Sequence[str]:
    """A command that runs another one as somebody to whom permissions of files mean something."""
    if sys.platform == "win32":
        pytest.skip("a folder cannot be closed to its owner here")
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root may write anywhere, and there is no setpriv to change that")
    lost = "-dac_override,-dac_read_search"
    return ["setpriv", f"--bounding-set={lost}", f"--inh-caps={lost}", "--"]


def close(folder: Path, closed: bool = True) -> None:
    """Take away the right to write to a store and all in it, or give it back."""
    for path in (folder, *folder.rglob("*")):
        path.chmod((0o555 if path.is_dir() else 0o444) if closed else (0o755 if path.is_dir() else 0o644))


def refusal(folder: Path, wrapped: Sequence[str] = ()) -> str:
    """What somebody is told who wants to log to a store that cannot be written."""
    environment = {**os.environ, "RUNFOLIO_STORE": str(folder)}
    done = subprocess.run([*wrapped, sys.executable, "-c", START], env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    return done.stderr.splitlines()[-1]


def test_logging_to_a_folder_without_the_right_to_write_is_refused_at_once(
    tmp_path: Path, without_rights: Sequence[str]
) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    folder.chmod(0o555)
    assert "StoreReadOnly: Nothing can be logged" in refusal(folder, without_rights)
    folder.chmod(0o755)


def test_logging_to_a_disk_that_is_read_only_is_refused_at_once(tmp_path: Path) -> None:
    with mounted("tmpfs", tmp_path / "disk", "size=1m,ro") as disk:
        assert "StoreReadOnly: Nothing can be logged" in refusal(disk / "store")


def test_a_script_reads_a_store_that_it_may_not_write_to(tmp_path: Path, without_rights: Sequence[str]) -> None:
    """As one that serves the model in Production from a share that is read-only."""
    folder, source = tmp_path / "store", tmp_path / "weights.bin"
    source.write_bytes(b"weights")
    with closing(open_store(folder)) as store:
        register(store, "churn", Source(source, str(source)))
        transition(store, "churn", 1, "Production")
    close(folder)
    environment = {**os.environ, "RUNFOLIO_STORE": str(folder)}
    for command, said in (
        ("print(runfolio.artifacts.download_artifacts('models:/churn/Production'))", str(folder)),
        ("print(runfolio.search_model_versions()[0].current_stage)", "Production"),
    ):
        script = [*without_rights, sys.executable, "-c", f"import runfolio\n{command}"]
        done = subprocess.run(script, env=environment, capture_output=True, text=True)
        assert said in done.stdout, done.stderr
    assert "StoreReadOnly: Nothing can be logged" in refusal(folder, without_rights)
    close(folder, False)


def test_a_store_whose_rights_are_taken_away_for_a_while_has_all(tmp_path: Path, without_rights: Sequence[str]) -> None:
    folder = tmp_path / "store"
    with Training(folder, wrapped=without_rights) as training:
        training.go_on(1_000)
        close(folder)
        # More than the room that was taken before: there is trouble, which is told.
        told = training.warned()
        assert "Permission denied" in told or "cannot be written" in told
        training.go_on(50_000)
        close(folder, False)
        training.go_on(1_000)
        steps = training.end()
    check_whole(folder, steps)
    assert len(training.warnings) == 1


@contextmanager
def unchangeable(file: Path) -> Iterator[None]:
    """A file that nobody may write, not even root; skips the test where that cannot be had."""
    if shutil.which("chattr") is None or subprocess.run(["chattr", "+i", file], capture_output=True).returncode:
        pytest.skip("no file can be made unchangeable here")
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", file], check=True)


def test_a_database_that_nobody_may_write_for_a_while_gets_all(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    open_store(folder).close()
    with Training(folder, first="") as training:
        with unchangeable(folder / "runfolio.db"):
            training.warned()
            training.go_on(5_000)
        steps = training.end()
    check_whole(folder, steps)
    assert len(training.warnings) == 1


def test_a_store_that_was_read_while_nobody_might_write_is_written_as_soon_as_one_may(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "store")) as store, Script(store) as script:
        script.end(script.start(name="one"))
        script.finish()
        log = store.database.with_name(f"{store.database.name}-wal")
        with unchangeable(log), store.reading() as first, store.reading() as second, store.reading() as third:
            for connection in (first, second, third):
                revision_of(connection)
        for name in ("two", "three", "four"):
            rename_run(store, 1, name)
        assert get_run(store, 1).name == "four"


def test_a_window_on_a_store_that_nobody_may_write_for_a_while_says_so_and_goes_on(
    qtbot: QtBot, tmp_path: Path
) -> None:
    store = open_store(tmp_path / "store")
    with Script(store) as script:
        script.end(script.start(name="one"))
        script.finish()
    session, told = Session(store, Theme(Mode.DARK)), list[str]()
    session.message.connect(lambda message: told.append(message.text))
    session.start()
    qtbot.waitUntil(lambda: session.revision >= 0 and not session.jobs.running)

    def named(name: str) -> None:
        session.run(lambda opened: rename_run(opened, 1, name))
        qtbot.waitUntil(lambda: not any(job.writes for job in session.jobs.running))

    named("two")
    with unchangeable(store.database.with_name(f"{store.database.name}-wal")):
        named("three")
        session.undo.undo()
        qtbot.waitUntil(lambda: len(told) == 3)
        why = f"Nothing can be saved: the store {store.path} cannot be written."
        assert all(text.startswith(why) and "permissions" in text for text in told[1:]), told
        assert get_run(store, 1).name == "two" and session.undo.last is not None, "it can be read, and undone later"
    session.undo.undo()
    qtbot.waitUntil(lambda: get_run(store, 1).name == "one")
    named("three")
    assert get_run(store, 1).name == "three"
    session.close()
    store.close()


def test_the_line_at_the_bottom_says_while_nobody_may_write_and_why(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "RECOVER_MS", 10)
    store = open_store(tmp_path / "store")
    with closing(store), closing(Session(store, Theme(Mode.DARK))) as session:
        bar = StatusBar(session)
        qtbot.addWidget(bar)
        session.start()

        def says(word: str, why: str) -> bool:
            return any(one.text().endswith(word) and why in one.toolTip() for one in bar.findChildren(QLabel))

        qtbot.waitUntil(lambda: says("Live", ""))
        with unchangeable(store.database):
            qtbot.waitUntil(lambda: says("Read-only", "Nothing can be saved: the store"))
        qtbot.waitUntil(lambda: says("Live", ""))
    with (
        closing(open_store(tmp_path / "store", read_only=True)) as store,
        closing(Session(store, Theme(Mode.DARK))) as session,
    ):
        bar = StatusBar(session)
        qtbot.addWidget(bar)
        assert says("Read-only", "was opened read-only. Copy it to change it.")


def test_what_waits_in_memory_when_a_script_ends_is_counted(tmp_path: Path, without_rights: Sequence[str]) -> None:
    folder = tmp_path / "store"
    with Training(folder, wrapped=without_rights) as training:
        training.go_on(1_000)
        close(folder)
        training.warned()
        steps = training.end()
        close(folder, False)
    run, found = left_in(folder)
    lost = next(line for line in training.warnings if line.startswith("ERROR"))
    assert len(found) + int(lost.split()[1]) == steps
    assert run.status is RunStatus.FINISHED
    assert run.params["ended"] == "True"
