"""Single files in the trash: out of their run, back in it, or gone for good with their bytes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from runfolio.core.errors import EnvironmentProblem, RunStateError
from runfolio.core.folder import ARTIFACTS, REGISTRY, TRASH
from runfolio.store import Store, emptying, file_trash, open_store
from runfolio.store.artifacts import list_artifacts
from runfolio.store.file_trash import FileOf, delete_files, restore_files
from runfolio.store.garbage import collect_garbage
from runfolio.store.steps import Steps
from runfolio.store.trash import delete_runs
from runfolio.store.trashed import count_trashed, ids_of_files, list_trashed
from tests.store.script import START, Script


@pytest.fixture
def run(store: Store) -> str:
    """A run with three files."""
    with Script(store) as script:
        run = script.start(name="brave-otter")
        for name in ("a.pt", "sub/b.pt", "c.txt"):
            put(store, run, name, name.encode())
            script.event("artifact", run, path=name, size=len(name), sha256="0" * 64)
        script.end(run)
        script.take()
    return run


def put(store: Store, run: str, name: str, data: bytes) -> Path:
    file = store.path / ARTIFACTS / run / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    os.utime(file, (START / 1000, START / 1000))
    return file


def on_disk(store: Store, place: str = ARTIFACTS) -> list[str]:
    root = store.path / place
    return sorted(path.relative_to(root).name for path in root.rglob("*") if path.is_file())


def listed(store: Store) -> list[str]:
    return [one.path for one in list_artifacts(store, 1)]


def waiting(store: Store) -> list[tuple[str, str, int, int]]:
    with store.reading() as connection:
        found = list_trashed(connection)
        assert count_trashed(connection) == len(found)
    return [(one.run, one.path, one.files, one.bytes) for one in found]


def test_files_go_and_come_back(store: Store, run: str) -> None:
    before = list_artifacts(store, 1)
    gone = delete_files(store, [FileOf(run, "a.pt"), FileOf(run, "sub/b.pt"), FileOf(run, "a.pt")])
    assert gone.text == "Moved 2 files (12 B) to the trash"
    assert listed(store) == ["c.txt"] and on_disk(store) == ["c.txt"] and on_disk(store, TRASH) == ["a.pt", "b.pt"]
    assert waiting(store) == [("brave-otter", "a.pt", 2, 12)]
    assert gone.inverse is not None
    back = gone.inverse(store)
    assert back.text == "Restored 2 files (12 B)" and waiting(store) == [] and on_disk(store, TRASH) == []
    assert list_artifacts(store, 1) == before and on_disk(store) == ["a.pt", "b.pt", "c.txt"]
    assert not list((store.path / TRASH).iterdir())
    assert back.inverse is not None and back.inverse(store).text == gone.text


def test_one_file_is_told_by_name(store: Store, run: str) -> None:
    assert delete_files(store, [FileOf(run, "a.pt")]).text == "Moved a.pt (4 B) to the trash"
    assert delete_files(store, [FileOf(run, "a.pt")]).text == "Moved nothing to the trash"


def test_a_file_that_is_logged_anew_meanwhile_stays(store: Store, run: str) -> None:
    gone = delete_files(store, [FileOf(run, "a.pt"), FileOf(run, "c.txt")])
    put(store, run, "a.pt", b"new")
    assert gone.inverse is not None
    assert gone.inverse(store).text == "Restored c.txt (5 B); 1 file stays in the trash"
    assert (store.path / ARTIFACTS / run / "a.pt").read_bytes() == b"new"
    with pytest.raises(RunStateError, match="there are others with their names"):
        gone.inverse(store)
    (store.path / ARTIFACTS / run / "a.pt").unlink()
    assert gone.inverse(store).text == "Restored a.pt (4 B)"


def test_what_a_script_has_just_replaced_goes_with_its_own_hash(store: Store) -> None:
    with Script(store) as script:
        run = script.start()
        for data in (b"old", b"newer"):
            put(store, run, "last.ckpt", data)
            script.event("artifact", run, path="last.ckpt", size=len(data), sha256=hashlib.sha256(data).hexdigest())
            if data == b"old":
                script.take()
        gone = delete_files(store, [FileOf(run, "last.ckpt")])
        assert gone.text == "Moved last.ckpt (5 B) to the trash"
        script.take()
        assert listed(store) == [], "what was told before it went is not told again"
        assert gone.inverse is not None
        gone.inverse(store)
    known = [(one.size, one.sha256) for one in list_artifacts(store, 1)]
    assert known == [(5, hashlib.sha256(b"newer").hexdigest())]


def test_what_a_script_tells_of_after_it_went_comes_back(store: Store) -> None:
    """The file is in place, and the script has not told of it yet."""
    with Script(store) as script:
        run = script.start()
        digests = [hashlib.sha256(data).hexdigest() for data in (b"old", b"newer")]
        put(store, run, "last.ckpt", b"old")
        script.event("artifact", run, path="last.ckpt", size=3, sha256=digests[0])
        script.take()
        put(store, run, "last.ckpt", b"newer")
        gone = delete_files(store, [FileOf(run, "last.ckpt")])
        script.event("artifact", run, path="last.ckpt", size=5, sha256=digests[1])
        script.take()
        assert gone.inverse is not None and gone.inverse(store).text == "Restored last.ckpt (5 B)"
    (found,) = list_artifacts(store, 1)
    assert (found.size, found.sha256) == (5, digests[1]) and on_disk(store) == ["last.ckpt"]


def test_older_bytes_come_back_under_what_was_known_of_them(store: Store, run: str) -> None:
    gone = delete_files(store, [FileOf(run, "a.pt")])
    with Script(store) as script:
        script.start(run_id=run)
        script.event("artifact", run, path="a.pt", size=9, sha256="9" * 64)
        script.take()
    assert gone.inverse is not None
    gone.inverse(store)
    found = list_artifacts(store, 1)[0]
    assert (found.path, found.size, found.sha256) == ("a.pt", 4, "0" * 64)


def test_what_the_tables_or_the_disk_does_not_have(store: Store, run: str) -> None:
    put(store, run, "stray", b"123")
    put(store, "nobody", "deep/lost", b"1234")
    (store.path / ARTIFACTS / run / "a.pt").unlink()
    gone = delete_files(store, [FileOf(run, "stray"), FileOf("nobody", "deep/lost"), FileOf(run, "a.pt")])
    assert gone.text == "Moved 3 files (11 B) to the trash"
    assert not (store.path / ARTIFACTS / "nobody").exists(), "no empty folder is left of a run that there is not"
    assert sorted(waiting(store)) == [("brave-otter", "a.pt", 2, 7), ("nobody", "deep/lost", 1, 4)]
    assert gone.inverse is not None and gone.inverse(store).text == "Restored 3 files (11 B)"
    assert listed(store) == ["a.pt", "c.txt", "sub/b.pt"], "a stray is one again"
    assert on_disk(store) == ["b.pt", "c.txt", "lost", "stray"]


@pytest.mark.parametrize("name", ["../../runfolio.db", "/etc/passwd", "link/secret", "out"])
def test_nothing_is_moved_from_outside_of_the_run(store: Store, run: str, tmp_path: Path, name: str) -> None:
    secret = tmp_path / "elsewhere" / "secret"
    secret.parent.mkdir()
    secret.write_bytes(b"secret")
    root = store.path / ARTIFACTS / run
    (root / "link").symlink_to(secret.parent)
    (root / "out").symlink_to(secret)
    delete_files(store, [FileOf(run, name), FileOf("..", "runfolio.db"), FileOf("", "x")])
    assert secret.read_bytes() == b"secret" and store.database.exists()


def test_emptying_gives_the_bytes_back(store: Store, run: str) -> None:
    delete_files(store, [FileOf(run, "a.pt"), FileOf(run, "sub/b.pt")])
    would = collect_garbage(store, dry_run=True)
    assert (would.single_files, would.single_bytes, would.runs) == (2, 12, 0)
    assert on_disk(store, TRASH) == ["a.pt", "b.pt"]
    assert collect_garbage(store, older_than_ms=60_000).single_files == 0
    gone = collect_garbage(store)
    assert (gone.single_files, gone.single_bytes) == (2, 12)
    assert waiting(store) == [] and not list((store.path / TRASH).iterdir()) and on_disk(store) == ["c.txt"]


def test_what_has_another_name_elsewhere_gives_nothing_back(store: Store, run: str) -> None:
    root = store.path / ARTIFACTS / run
    (store.path / REGISTRY / "net" / "v1").mkdir(parents=True)
    (store.path / REGISTRY / "net" / "v1" / "a.pt").hardlink_to(root / "a.pt")
    (root / "sub" / "same.pt").hardlink_to(root / "sub" / "b.pt")
    these = [FileOf(run, name) for name in ("a.pt", "sub/b.pt", "sub/same.pt")]
    assert delete_files(store, these).text == "Moved 3 files (20 B) to the trash"
    delete_runs(store, [1])
    would = collect_garbage(store, dry_run=True)
    assert (would.single_files, would.single_bytes, would.bytes) == (3, 8, 5)
    assert replace(collect_garbage(store), row_bytes=0) == replace(would, row_bytes=0)
    assert (store.path / REGISTRY / "net" / "v1" / "a.pt").read_bytes() == b"a.pt"


def test_files_go_for_good_with_their_run(store: Store, run: str) -> None:
    delete_files(store, [FileOf(run, "a.pt")])
    delete_runs(store, [1])
    assert collect_garbage(store).runs == 1
    assert waiting(store) == [] and on_disk(store, TRASH) == [] and on_disk(store) == []


def test_very_many_go_some_at_a_time(store: Store, run: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_trash, "TOGETHER", 1)
    told: list[tuple[int, int]] = []
    these = [FileOf(run, name) for name in ("a.pt", "c.txt", "sub/b.pt")]
    stopped = delete_files(store, these, Steps(lambda *done: told.append(done), lambda: len(told) > 1))
    assert stopped.text == "Moved 2 files (9 B) to the trash" and told == [(1, 3), (2, 3)]
    assert len(waiting(store)) == 1, "it is one thing in the trash"
    with store.reading() as connection:
        ids = ids_of_files(connection, list_trashed(connection))
    assert restore_files(store, ids).text == "Restored 2 files (9 B)"


def test_what_cannot_be_moved_stays_where_it_is(store: Store, run: str, monkeypatch: pytest.MonkeyPatch) -> None:
    moves: list[Path] = []

    def move(source: Path, target: Path) -> None:
        moves.append(source)
        if len(moves) > 1:
            raise PermissionError(13, "Permission denied", str(source))
        real(source, target)

    real = file_trash.move_file
    monkeypatch.setattr(file_trash, "move_file", move)
    with pytest.raises(EnvironmentProblem, match=r"c\.txt cannot be moved: Permission denied"):
        delete_files(store, [FileOf(run, "a.pt"), FileOf(run, "c.txt")])
    assert on_disk(store) == ["a.pt", "b.pt", "c.txt"] and len(listed(store)) == 3 and waiting(store) == []


KILLED = textwrap.dedent("""
    import os, sys
    from runfolio.store import file_trash, open_store
    store = open_store(sys.argv[1])
    def die(*args):
        os._exit(9)
    setattr(file_trash, sys.argv[3], die)
    if sys.argv[3] == "_touch" and len(sys.argv) > 4:
        file_trash.restore_files(store, [int(sys.argv[4])])
    file_trash.delete_files(store, [file_trash.FileOf(sys.argv[2], "a.pt")])
""")


@pytest.mark.faults
def test_a_process_that_dies_half_way_loses_no_file(store: Store, run: str) -> None:
    command = [sys.executable, "-c", KILLED, str(store.path), run, "_touch"]
    assert subprocess.run(command, env={**os.environ}).returncode == 9
    assert on_disk(store, TRASH) == ["a.pt"] and len(listed(store)) == 3, "it was moved, and not written down"
    collect_garbage(store)
    assert on_disk(store) == ["a.pt", "b.pt", "c.txt"] and on_disk(store, TRASH) == []
    delete_files(store, [FileOf(run, "a.pt")])
    assert subprocess.run([*command, "1"], env={**os.environ}).returncode == 9
    assert on_disk(store) == ["a.pt", "b.pt", "c.txt"] and len(listed(store)) == 2
    assert restore_files(store, [1]).text == "Restored a.pt (4 B)" and len(listed(store)) == 3


def test_what_cannot_go_back_to_its_run_now_keeps_nothing_else_in_the_trash(
    store: Store, run: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    lost = store.path / TRASH / run / "7" / "lost.pt"
    lost.parent.mkdir(parents=True)
    lost.write_bytes(b"lost")
    delete_files(store, [FileOf(run, "a.pt")])
    with monkeypatch.context() as patched:
        patched.setattr(emptying, "move_file", _refused)
        assert collect_garbage(store).single_files == 1
    assert "lost.pt cannot go back to its run now" in caplog.text and on_disk(store, TRASH) == ["lost.pt"]
    collect_garbage(store)
    assert on_disk(store) == ["b.pt", "c.txt", "lost.pt"] and on_disk(store, TRASH) == []


def _refused(source: Path, _target: Path) -> None:
    raise PermissionError(13, "Permission denied", str(source))


def test_a_store_with_a_trash_is_a_store(store: Store, run: str, tmp_path: Path) -> None:
    delete_files(store, [FileOf(run, "a.pt")])
    opened = open_store(store.path)
    assert waiting(opened) == [("brave-otter", "a.pt", 1, 4)]
    opened.close()
