"""Archives, notebooks, models and pickles: what is told of them is what is in them."""

from __future__ import annotations

import base64
import contextlib
import gzip
import io
import json
import lzma
import os
import pickle
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.errors import CannotShow
from runfolio.previews import archives
from runfolio.previews.archives import AskArchive, Entry, Listing
from runfolio.previews.inner_pictures import decoded
from runfolio.previews.kept import Kept
from runfolio.previews.notebook import AskNotebook, AskNotebookCells
from runfolio.previews.onnx_graph import AskOnnx
from runfolio.previews.pickled import AskPickle
from tests.previews.corpus import Running, leaving_tar, zipped


def listed(path: Path, kept: Kept) -> tuple[Listing, list[Entry]]:
    """All entries of an archive."""
    entries: list[Entry] = []
    complete = False
    while not complete:
        found = AskArchive(str(path), len(entries)).answer(kept)
        entries += found.entries
        complete = found.complete
    return found, entries


def png(width: int = 4, height: int = 3) -> bytes:
    buffer = io.BytesIO()
    PIL.Image.new("RGB", (width, height), "red").save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_a_tar_is_listed(tmp_path: Path, kept: Kept, mode: Any) -> None:
    path = tmp_path / ("a.tar" if mode == "w" else f"a.tar.{mode[2:]}")
    with tarfile.open(path, mode) as archive:
        for name, size in (("a/b.txt", 1000), ("c.txt", 5)):
            info = tarfile.TarInfo(name)
            info.size, info.mtime = size, 1_000_000
            archive.addfile(info, io.BytesIO(bytes(size)))
    found, entries = listed(path, kept)
    assert [(one.name, one.size, one.kind, one.time) for one in entries] == [
        ("a/b.txt", 1000, "file", 1_000_000_000),
        ("c.txt", 5, "file", 1_000_000_000),
    ]
    assert (found.count, found.total, found.notes) == (2, 1005, ())


def test_a_zip_is_listed_with_what_is_wrong_with_names(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"good.txt": b"a" * 100, "../up": b"", "/root": b"", "C:\\x": b"", "folder/": b""}))
    _, entries = listed(path, kept)
    assert [(one.name, bool(one.warning), one.kind) for one in entries] == [
        ("good.txt", False, "file"),
        ("../up", True, "file"),
        ("/root", True, "file"),
        ("C:\\x", True, "file"),
        ("folder/", False, "folder"),
    ]
    assert entries[0].packed < 100


def test_links_and_devices_are_told(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "a.tar"
    path.write_bytes(leaving_tar())
    _, entries = listed(path, kept)
    assert [one.kind for one in entries] == ["file", "file", "link", "special"]
    assert "leaves the folder" in entries[0].warning


def test_a_bomb_is_told(tmp_path: Path, kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "BOMB_BYTES", 1024 * 1024)
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"zeros": bytes(4 * 1024 * 1024)}))
    found, _ = listed(path, kept)
    assert "times as large" in found.notes[0]
    path.write_bytes(zipped({"zeros": bytes(4 * 1024 * 1024)}, zipfile.ZIP_STORED))
    assert not listed(path, kept)[0].notes


def test_a_single_file_is_listed_by_what_it_unpacks_to(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(b"a" * 5000))
    _, entries = listed(path, kept)
    assert [(one.name, one.size) for one in entries] == [("a.txt", 5000)]


def test_a_notebook_has_its_cells_and_what_they_put_out(tmp_path: Path, kept: Kept) -> None:
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": ["one\n", "two"]},
        {"output_type": "display_data", "data": {"image/png": base64.b64encode(png()).decode(), "text/plain": "x"}},
        {"output_type": "execute_result", "data": {"text/html": "<script>alert(1)</script>"}},
        {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["\x1b[31mred\x1b[0m"]},
    ]
    cells = [
        {"cell_type": "markdown", "source": ["# A"]},
        {"cell_type": "code", "source": "1 + 1", "execution_count": 3, "outputs": outputs},
    ]
    metadata = {"kernelspec": {"display_name": "Python 3"}, "language_info": {"name": "python"}}
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4}))
    facts = AskNotebook(str(path)).answer(kept)
    assert (facts.cells, facts.language, facts.kernel) == (2, "python", "Python 3")
    first, second = AskNotebookCells(str(path), 0, 10).answer(kept)
    assert (first.kind, first.source) == ("markdown", "# A")
    assert (second.kind, second.source, second.count) == ("code", "1 + 1", 3)
    assert [(one.kind, one.text) for one in second.outputs] == [
        ("text", "one\ntwo"),
        ("picture", ""),
        ("html", "<script>alert(1)</script>"),
        ("error", "red"),
    ]
    picture = second.outputs[1].picture
    assert picture is not None and (picture.width, picture.height) == (4, 3)
    assert picture.data[:4] == b"\xff\0\0\xff"


def test_a_picture_inside_a_file_is_made_smaller() -> None:
    found = decoded(png(400, 200), 100)
    assert (found.width, found.height, len(found.data)) == (100, 50, 100 * 50 * 4)


@given(place=st.integers(0, 300), value=st.integers(0, 255), cut=st.none() | st.integers(0, 300))
def test_a_damaged_picture_inside_a_file_is_shown_or_refused_with_the_reason(
    place: int, value: int, cut: int | None
) -> None:
    data = bytearray(png(40, 30))
    data[place % len(data)] = value
    with contextlib.suppress(CannotShow):
        found = decoded(bytes(data[:cut]), 20)
        assert 0 < found.width <= 20 and len(found.data) == found.width * found.height * 4


def test_a_pickle_is_told_by_what_it_imports(tmp_path: Path, kept: Kept) -> None:
    for name, data in (("a.pkl", pickle.dumps(Running())), ("a.joblib", zlib.compress(pickle.dumps(Running())))):
        path = tmp_path / name
        path.write_bytes(data)
        (found,) = AskPickle(str(path)).answer(kept)
        assert [(one.name, one.called, one.grade) for one in found.imports] == [("posix.system", True, "dangerous")]
        assert (found.where, found.grade, found.trouble) == ("", "dangerous", "")
    assert not Path("harmed.txt").exists()


def test_a_text_is_no_pickle_and_a_cut_pickle_is_a_damaged_one(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "epoch=1-val:0.3.ckpt"
    path.write_bytes(b"hi")
    with pytest.raises(CannotShow, match="no pickle"):
        AskPickle(str(path)).answer(kept)
    for data in (pickle.dumps([1, 2])[:-1], pickle.dumps(Running(), 0)[:-1]):
        path.write_bytes(data)
        (found,) = AskPickle(str(path)).answer(kept)
        assert found.trouble
    path.write_bytes(pickle.dumps([1, 2], 0))
    (found,) = AskPickle(str(path)).answer(kept)
    assert (found.protocol, found.trouble) == (0, "")


@pytest.mark.parametrize("pack", [lzma.compress, lambda data: gzip.compress(zlib.compress(data))], ids=["xz", "twice"])
def test_a_pickle_is_found_in_whatever_packs_it(tmp_path: Path, kept: Kept, pack: Callable[[bytes], bytes]) -> None:
    data = pickle.dumps([os.urandom(200_000), Running()])
    (tmp_path / "a.pkl").write_bytes(pack(data))
    (found,) = AskPickle(str(tmp_path / "a.pkl")).answer(kept)
    assert [one.name for one in found.imports] == ["posix.system"] and not found.trouble


def test_the_pickles_of_an_archive_are_told_each(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "a.pt"
    path.write_bytes(zipped({"m/data.pkl": pickle.dumps([1, 2]), "m/data/0": bytes(8)}))
    (found,) = AskPickle(str(path)).answer(kept)
    assert (found.where, found.grade, found.imports) == ("m/data.pkl", "harmless", ())
    path.write_bytes(zipped({"m/data/0": bytes(8)}))
    with pytest.raises(CannotShow, match="no pickle"):
        AskPickle(str(path)).answer(kept)


def test_an_onnx_model_is_told_as_the_library_tells_it(tmp_path: Path, kept: Kept) -> None:
    onnx = pytest.importorskip("onnx")
    import numpy as np

    weight = onnx.numpy_helper.from_array(np.ones((3, 4), "f4"), "w")
    node = onnx.helper.make_node("MatMul", ["x", "w"], ["y"], name="first")
    relu = onnx.helper.make_node("Relu", ["y"], ["z"])
    x = onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["batch", 3])
    z = onnx.helper.make_tensor_value_info("z", onnx.TensorProto.FLOAT, ["batch", 4])
    graph = onnx.helper.make_graph([node, relu], "graph", [x], [z], [weight])
    model = onnx.helper.make_model(graph, producer_name="made", opset_imports=[onnx.helper.make_opsetid("", 17)])
    path = tmp_path / "a.onnx"
    onnx.save(model, str(path))
    found = AskOnnx(str(path)).answer(kept)
    assert (found.producer, found.name, found.opsets) == ("made", "graph", (("", 17),))
    assert [(one.name, one.type, one.shape) for one in found.inputs] == [("x", "float32", "batch × 3")]
    assert [(one.name, one.type, one.shape) for one in found.outputs] == [("z", "float32", "batch × 4")]
    assert [(one.name, one.shape, one.bytes) for one in found.weights] == [("w", "3 × 4", 48)]
    assert [(one.name, one.operator, one.inputs) for one in found.nodes] == [
        ("first", "MatMul", ("x", "w")),
        ("", "Relu", ("y",)),
    ]
    assert (found.node_count, found.parameters, found.ir_version) == (2, 12, model.ir_version)
