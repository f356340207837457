"""Files of runs are compared by what is in them, and no more of them are read than that needs."""

from __future__ import annotations

import hashlib

import pytest

from runfolio.core.difference_table import Kind, cell_text, only_different
from runfolio.core.folder import ARTIFACTS
from runfolio.store import Store
from runfolio.store.comparing import ComparedRuns, compare_many
from runfolio.store.runs import get_run
from tests.store.script import Script

STEP = "images/out+step+{}+timestamp+{}+0a1b2c3d-0000-4000-8000-00000000000{}.png"


def stored(script: Script, name: str, files: dict[str, bytes]) -> int:
    """A run with files, each in its place and told of."""
    run = script.start(name=name)
    for path, data in files.items():
        file = script.store.path / ARTIFACTS / run / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        script.event("artifact", run, path=path, size=len(data))
    script.end(run)
    script.take()
    return script.number(run)


def told(found: ComparedRuns, kind: Kind = Kind.FILES) -> dict[str, list[str]]:
    part = next((part for part in only_different(found.parts) if part.title is kind), None)
    return {line.key: [cell_text(cell) for cell in line.cells] for line in part.lines} if part else {}


def sign(data: bytes) -> str:
    """How a file is told of."""
    return f"{len(data)} B · {hashlib.sha256(data).hexdigest()[:6]}"


@pytest.fixture
def script(store: Store) -> Script:
    return Script(store)


def test_files_of_the_same_size_differ_by_what_is_in_them(store: Store, script: Script) -> None:
    with script:
        base = stored(script, "base", {"a.json": b"{1}", "b.txt": b"same", "model/w.bin": b"0000", "old.txt": b"x"})
        same = stored(script, "same", {"a.json": b"{1}", "b.txt": b"same", "model/w.bin": b"0000", "old.txt": b"x"})
        other = stored(script, "other", {"a.json": b"{2}", "b.txt": b"same", "model/w.bin": b"00001", "new.txt": b""})
    assert told(compare_many(store, [base, same])) == {}
    assert told(compare_many(store, [base, other])) == {
        "a.json": [sign(b"{1}"), sign(b"{2}")],
        "model/w.bin": ["4 B", "5 B"],
        "new.txt": ["", "0 B"],
        "old.txt": ["1 B", ""],
    }


def test_what_is_too_much_to_be_read_is_told_and_is_neither_the_same_nor_another(store: Store, script: Script) -> None:
    with script:
        runs = [
            stored(script, name, {"small": b"s", "large": bytes(100), "other": bytes(at)})
            for at, name in enumerate("ab")
        ]
    found = compare_many(store, runs, most=10)
    files = next(part for part in found.parts if part.title is Kind.FILES)
    large, other, small = files.lines
    assert [cell_text(cell) for cell in large.cells] == ["100 B", "100 B, not compared"] and not large.differs
    assert other.differs and not small.differs and all(cell.known for cell in small.cells)
    assert files.doubts == ("1 file of the same size is not compared by content.",) and not found.whole
    assert compare_many(store, runs).whole


def test_a_file_that_was_changed_since_is_read_again(store: Store, script: Script) -> None:
    with script:
        runs = [stored(script, name, {"a": b"1"}) for name in "ab"]
    assert told(compare_many(store, runs)) == {}
    file = store.path / ARTIFACTS / get_run(store, runs[0]).run_id / "a"
    file.write_bytes(b"2")
    assert told(compare_many(store, runs)) == {"a": [sign(b"2"), sign(b"1")]}
    file.unlink()
    assert compare_many(store, runs).parts[-2].doubts, "nobody can say"


def test_pictures_of_a_series_stand_in_one_line(store: Store, script: Script) -> None:
    def pictures(last: bytes) -> dict[str, bytes]:
        return {STEP.format(step, step, step): last if step == 2 else b"p" for step in range(3)}

    with script:
        runs = [stored(script, name, pictures(last)) for name, last in zip("abc", (b"x", b"x", b"y"), strict=True)]
    assert told(compare_many(store, runs[:2])) == {}, "names that tell the time are no difference"
    assert told(compare_many(store, runs)) == {"images/out": ["3 pictures, 3 B"] * 3}


def test_what_was_printed_is_told_by_itself(store: Store, script: Script) -> None:
    with script:
        runs = [stored(script, name, {"runfolio/console.log": name.encode()}) for name in "ab"]
    found = compare_many(store, runs)
    assert told(found) == {} and told(found, Kind.OUTPUT) == {"runfolio/console.log": [sign(b"a"), sign(b"b")]}
