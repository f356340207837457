"""Files that are damaged or made to do harm: each question has an answer or a reason, and the next one too."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.errors import CannotShow
from runfolio.previews.door import Door
from runfolio.previews.hexed import AskSize
from tests.previews.asking import questions
from tests.previews.corpus import FILES, TEXTS, binaries, make_corpus, npy, parquet, safetensors, zipped

NAMES = sorted([*TEXTS, *binaries(), *FILES])


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all of them."""
    folder = tmp_path_factory.mktemp("corpus")
    make_corpus(folder)
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_every_question_about_a_hostile_file_has_an_answer_or_a_reason(
    corpus: Path, door: Door, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = tmp_path / "good.txt"
    good.write_text("good")
    for question in questions(str(corpus / name)):
        try:
            door.ask(question)
        except CannotShow as error:
            assert not error.report, f"{question}: {error.report}"
            assert len(error.message) > 10, question
    assert door.ask(AskSize(str(good))) == 4
    assert not list(corpus.glob("harmed*")) and not Path("harmed.txt").exists()


GOOD = {
    "a.csv": b"a,b\n" + b'1,"x, y"\n2,"z\nw"\n' * 50,
    "a.json": b'{"a": [1, 2.5, null, true, "x"], "b": {"c": "d"}}' * 1,
    "a.yaml": b"a: [1, 2]\nb: {c: &x d, e: *x}\n",
    "a.txt": "größer\r\n".encode() * 100,
    "a.parquet": parquet(50),
    "a.npy": npy("{'descr': '<f4', 'fortran_order': True, 'shape': (4, 4), }"),
    "a.npz": zipped({"a.npy": npy("{'descr': '<i2', 'fortran_order': False, 'shape': (4, 8), }")}),
    "a.safetensors": safetensors({"a": {"dtype": "F16", "shape": [4, 8], "data_offsets": [0, 64]}}),
    "a.zip": zipped({"a": b"a" * 100, "b/c": b"b"}),
    "a.ipynb": b'{"cells": [{"cell_type": "code", "source": ["a"], '
    b'"outputs": [{"output_type": "stream", "text": "b"}]}]}',
    "a.onnx": b"\x08\x08\x12\x04made\x3a\x1a\x0a\x0f\x0a\x01x\x12\x01y\x22\x04Relu\x12\x01g\x5a\x03\x0a\x01x",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where damaged files are written."""
    return tmp_path_factory.mktemp("damaged")


@given(
    name=st.sampled_from(sorted(GOOD)),
    changes=st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), max_size=6),
    cut=st.none() | st.integers(0, 4000),
    asked=st.integers(0, 1000),
)
def test_whatever_is_changed_in_a_good_file(
    folder: Path, door: Door, name: str, changes: list[tuple[int, int]], cut: int | None, asked: int
) -> None:
    data = bytearray(GOOD[name])
    for place, value in changes:
        data[place % len(data)] = value
    path = folder / name
    path.write_bytes(data[:cut])
    asking = list(questions(str(path)))
    for question in (asking[asked % len(asking)], *asking[:: 1 + asked % 7]):
        try:
            door.ask(question)
        except CannotShow as error:
            assert not error.report, f"{question}: {error.report}"
