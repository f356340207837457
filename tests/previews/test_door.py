"""The process that reads: its questions come in order, its limits hold, and it is there again after any harm."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from runfolio.core.errors import CannotShow, Stopped
from runfolio.previews import child, frames, records
from runfolio.previews.door import Door
from runfolio.previews.hexed import AskSize
from runfolio.previews.kept import Kept
from runfolio.previews.text import AskLines, TextWindow

# A module that the child finds beside ours, with questions that do harm.
HARMFUL = '''
"""Questions that do harm."""
import os, sys, time
from dataclasses import dataclass
from typing import ClassVar
from runfolio.previews.records import Question

@dataclass(frozen=True, slots=True)
class Sleep(Question[str]):
    length: float
    seconds: ClassVar[float] = 0.6
    def answer(self, kept):
        time.sleep(self.length)
        return "awake"

@dataclass(frozen=True, slots=True)
class Die(Question[str]):
    def answer(self, kept):
        os._exit(3)

@dataclass(frozen=True, slots=True)
class Grow(Question[int]):
    megabytes: int
    def answer(self, kept):
        return len(bytearray(self.megabytes * 1024 * 1024))

@dataclass(frozen=True, slots=True)
class Fail(Question[str]):
    def answer(self, kept):
        return {}["nothing"]

@dataclass(frozen=True, slots=True)
class Speak(Question[str]):
    def answer(self, kept):
        print("to whoever listens", flush=True)
        os.write(1, b"even so")
        return "said"

@dataclass(frozen=True, slots=True)
class Recurse(Question[str]):
    def answer(self, kept):
        return self.answer(kept)
'''


@pytest.fixture
def harmful(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Questions that do harm, in this process and in the child."""
    (tmp_path / "harmful.py").write_text(HARMFUL)
    (tmp_path / "sitecustomize.py").write_text(
        "import sys, importlib.util, importlib.abc, importlib.machinery, pathlib\n"
        "class Finder(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'runfolio.previews.harmful':\n"
        f"            return importlib.util.spec_from_file_location(name, {str(tmp_path / 'harmful.py')!r})\n"
        "sys.meta_path.insert(0, Finder())\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    import importlib.util

    name = "runfolio.previews.harmful"
    spec = importlib.util.spec_from_file_location(name, tmp_path / "harmful.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def one() -> Iterator[Door]:
    """A door of the test's own."""
    door = Door()
    yield door
    door.close()


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A file of five bytes."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"a\nb\nc")
    return str(path)


def children() -> list[psutil.Process]:
    return [one for one in psutil.Process().children() if "runfolio.previews.child" in one.cmdline()]


def test_a_file_is_read_in_another_process_which_ends_with_the_door(file: str) -> None:
    threads = set(threading.enumerate())
    door = Door()
    assert door.ask(AskSize(file)) == 5
    (process,) = children()
    door.close()
    assert not process.is_running() and not children()
    assert set(threading.enumerate()) == threads
    with pytest.raises(Stopped):
        door.ask(AskSize(file))


def test_a_door_that_nothing_was_asked_starts_nothing(file: str) -> None:
    door = Door()
    assert not children()
    door.close()


def test_warming_starts_the_process_once(one: Door, file: str) -> None:
    one.warm()
    (process,) = children()
    one.warm()
    assert one.ask(AskSize(file)) == 5
    assert children() == [process]


def test_what_takes_too_long_is_ended_and_the_next_question_answered(one: Door, file: str, harmful: Any) -> None:
    with pytest.raises(CannotShow, match=r"longer than 0\.6 seconds"):
        one.ask(harmful.Sleep(60.0))
    assert one.ask(AskSize(file)) == 5
    assert len(children()) == 1


def test_a_process_that_dies_is_told_and_another_one_started(one: Door, file: str, harmful: Any) -> None:
    for _ in range(2):
        with pytest.raises(CannotShow, match="come to harm"):
            one.ask(harmful.Die())
        assert one.ask(AskSize(file)) == 5


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has such a limit")
def test_what_takes_too_much_memory_is_refused_in_the_same_process(one: Door, file: str, harmful: Any) -> None:
    one.ask(AskSize(file))
    (process,) = children()
    with pytest.raises(CannotShow, match="more memory than a preview may have"):
        one.ask(harmful.Grow(100_000))
    assert one.ask(AskSize(file)) == 5
    assert children() == [process]


def test_where_the_system_has_no_such_limit_the_door_looks_at_the_memory(file: str, harmful: Any) -> None:
    door = Door(memory=1)
    with pytest.raises(CannotShow, match="of memory"):
        door.ask(harmful.Sleep(0.5))
    door.close()


def test_a_fault_of_ours_is_told_with_where_it_happened(one: Door, file: str, harmful: Any) -> None:
    with pytest.raises(CannotShow, match="The preview failed: KeyError") as caught:
        one.ask(harmful.Fail())
    assert "harmful.py" in caught.value.report
    with pytest.raises(CannotShow, match="nested too deeply"):
        one.ask(harmful.Recurse())
    assert one.ask(AskSize(file)) == 5


def test_what_a_library_prints_is_no_answer(one: Door, file: str, harmful: Any) -> None:
    assert one.ask(harmful.Speak()) == "said"
    assert one.ask(AskSize(file)) == 5


def test_a_question_that_nobody_waits_for_is_given_up(one: Door, file: str, harmful: Any) -> None:
    one.ask(AskSize(file))
    (process,) = children()
    with pytest.raises(Stopped):
        one.ask(harmful.Sleep(0.2), lambda: True)
    assert one.ask(AskSize(file)) == 5
    assert children() == [process], "what ends by itself soon need not be ended"
    began = time.monotonic()
    with pytest.raises(Stopped):
        one.ask(harmful.Sleep(60.0), lambda: True)
    assert time.monotonic() - began < 10
    assert one.ask(AskSize(file)) == 5
    assert children() != [process]


def test_questions_of_several_threads_are_answered_each(one: Door, tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number}").write_bytes(bytes(number))
    found: dict[int, int] = {}

    def ask(number: int) -> None:
        for _ in range(10):
            found[number] = one.ask(AskSize(str(tmp_path / f"{number}")))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: number for number in range(20)}


def test_closing_stops_those_who_wait(file: str, harmful: Any) -> None:
    door, told = Door(), []

    def ask() -> None:
        with pytest.raises(Stopped):
            door.ask(harmful.Sleep(0.5))
            door.ask(harmful.Sleep(0.5))
        told.append("stopped")

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    door.close()
    for thread in threads:
        thread.join()
    assert told == ["stopped"] * 3
    assert not children()


def test_a_file_that_has_changed_is_read_anew(one: Door, file: str) -> None:
    assert one.ask(AskLines(file, 0, 9)).lines == ("a", "b", "c")
    Path(file).write_bytes(b"d\ne")
    assert one.ask(AskLines(file, 0, 9)).lines == ("d", "e")
    Path(file).unlink()
    with pytest.raises(CannotShow, match="not there any more"):
        one.ask(AskLines(file, 0, 9))


def test_records_come_back_as_they_were() -> None:
    blobs: list[bytes] = []
    window = TextWindow(3, ("a", "\udcff"), (4,))
    array = np.arange(6, dtype=">f4").reshape(2, 3)
    packed = records.pack((window, b"\0\xff", array, [None, True, 1.5]), blobs)
    again, data, same, rest = records.unpack(packed, blobs)
    assert (again, data, rest) == (window, b"\0\xff", (None, True, 1.5))
    assert np.array_equal(same, array)
    with pytest.raises(TypeError):
        records.pack({1, 2}, [])


@pytest.mark.parametrize(
    "name",
    [
        "os:system",
        "text:os",
        "..os:system",
        "text:Text",
        "records:Question",
        "door:Door",
        "text:TextFacts.__init__",
        "",
    ],
)
def test_nothing_but_records_of_previews_is_made_from_an_answer(name: str) -> None:
    with pytest.raises((ValueError, AttributeError, ImportError)):
        records.unpack({"record": name, "fields": []}, [])


def test_a_frame_that_says_it_is_huge_is_not_waited_for(tmp_path: Path) -> None:
    for content in (
        b"\0\0\0\x02\0\0\0\x01" + b"\xff" * 8,
        b"\0\0\0\0\xff\xff\xff\xff",
        b"\0\0",
        b"\0\0\0\x02\0\0\0\0{{",
    ):
        (tmp_path / "frame").write_bytes(content)
        with (tmp_path / "frame").open("rb") as stream, pytest.raises(frames.BrokenFrame):
            frames.read_frame(stream)


def test_a_question_that_is_none_is_answered_with_a_reason() -> None:
    for packed in ("text", ["x"], {"record": "text:TextFacts", "fields": []}, {"record": "os:system", "fields": []}):
        answer, _ = child.answer(([7, packed], []), Kept())
        assert answer[0] == 7 and "failed" in answer[2]


def test_few_files_are_kept_open(tmp_path: Path) -> None:
    closed: list[str] = []

    @dataclass
    class Opened:
        path: str

        def close(self) -> None:
            closed.append(Path(self.path).name)

    kept = Kept(2)
    for name in ("a", "b", "c"):
        (tmp_path / name).write_text(name)
        kept.get(Opened, str(tmp_path / name))
    assert closed == ["a"]
    first = kept.get(Opened, str(tmp_path / "b"))
    assert kept.get(Opened, str(tmp_path / "b")) is first
    os.utime(tmp_path / "b", (1, 1))
    assert kept.get(Opened, str(tmp_path / "b")) is not first
    assert closed == ["a", "b"]
    kept.clear()
    assert closed == ["a", "b", "b", "c"]
