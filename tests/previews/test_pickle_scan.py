"""What a pickle imports is told without running it, whatever it is made of."""

from __future__ import annotations

import bz2
import gzip
import io
import os
import pickle
import pickletools
from collections import OrderedDict
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from runfolio.previews.pickle_names import Grade, grade
from runfolio.previews.pickle_scan import PickleScan, scan, scan_all

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


class Mark:
    """Makes a folder when it is unpickled."""

    def __init__(self, place: str = "/nowhere/mark") -> None:
        self.place = place

    def __reduce__(self) -> Any:
        return os.mkdir, (self.place,)


def names(found: PickleScan) -> list[str]:
    return [str(one) for one in found.imports]


def scanned(data: bytes, **limits: Any) -> PickleScan:
    return scan(io.BytesIO(data), **limits)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_call_is_seen_in_every_protocol_and_not_made(tmp_path: Path, protocol: int) -> None:
    place = tmp_path / "mark"
    found = scanned(pickle.dumps([1, Mark(str(place))], protocol=protocol))
    assert names(found) in (["posix.mkdir"], ["nt.mkdir"])
    assert found.imports[0].called and not found.trouble
    assert grade(found.imports[0].module, "mkdir") == Grade.DANGEROUS
    assert not place.exists()


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_plain_data_imports_nothing(protocol: int) -> None:
    found = scanned(pickle.dumps({"a": [1, 2.5, None, True, ("x", b"y")], "long": "x" * 100_000}, protocol=protocol))
    assert not found.trouble
    assert {grade(one.module, one.name) for one in found.imports} <= {Grade.HARMLESS}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_arrays_are_harmless(protocol: int) -> None:
    found = scanned(pickle.dumps([np.arange(100_000.0), np.float32(1), OrderedDict(a=Decimal(1))], protocol=protocol))
    assert not found.trouble and found.imports
    assert {grade(one.module, one.name) for one in found.imports} == {Grade.HARMLESS}


def test_estimators_are_of_known_libraries() -> None:
    model = RandomForestClassifier(3, random_state=0).fit([[0.0], [1.0]], [0, 1])
    found = scanned(pickle.dumps(model))
    assert not found.trouble
    assert {grade(one.module, one.name) for one in found.imports} == {Grade.HARMLESS, Grade.KNOWN}


# Ways to hide a name from whoever looks only at the texts before an import.
HIDDEN = {
    "memo": b"\x80\x04\x8c\x02os\x940\x8c\x06system\x940h\x00h\x01\x93.",
    "a text in between": b"\x80\x04\x8c\x02os\x8c\x06system\x8c\x04nice0\x93.",
    "twice": b"\x80\x04\x8c\x02os2\x8c\x06system\x93\x8c\x04nice0.",
    "old texts": b"\x80\x04U\x02osU\x06system\x93.",
    "within a group": b"\x80\x04(\x8c\x02os\x8c\x06system\x93l.",
    "a group that is dropped": b"\x80\x04\x8c\x02os(\x8c\x03abc1\x8c\x06system\x93.",
    "an instance": b"(S'true'\nios\nsystem\n.",
    "Python 2": b"cos\nsystem\n(S'true'\ntR.",
    "broken afterwards": b"cos\nsystem\n(S'true'\ntR\xff\xff",
    "no end": b"cos\nsystem\n(S'true'\ntR",
    "long put": b"\x80\x04\x8c\x02osr\xff\xff\xff\xff0\x8c\x01xj\xff\xff\xff\xff\x8c\x06system\x93.",
}


@pytest.mark.parametrize("data", HIDDEN.values(), ids=HIDDEN.keys())
def test_names_are_found_wherever_they_hide(data: bytes) -> None:
    assert "os.system" in names(scanned(data))


def test_a_name_that_is_computed_is_unknown() -> None:
    data = b"\x80\x04\x8c\x02os\x8c\x08builtins\x8c\x03str\x93\x8c\x06system\x85R\x93."
    assert names(scanned(data)) == ["builtins.str", "?.?"]
    assert grade("?", "?") == Grade.UNKNOWN


def test_an_extension_is_a_name_that_nobody_knows() -> None:
    found = scanned(b"\x80\x02\x82\x07.")
    assert names(found) == ["copyreg.extension 7"]


def test_old_names_count_as_what_they_are_today() -> None:
    assert grade("__builtin__", "eval") == Grade.DANGEROUS
    assert grade("commands", "getoutput") == Grade.DANGEROUS
    assert grade("copy_reg", "_reconstructor") == Grade.HARMLESS


@pytest.mark.parametrize(
    "name",
    [
        ("builtins", "getattr"),
        ("numpy", "os.system"),
        ("numpy.testing._private.utils", "runstring"),
        ("sklearn.utils", "os.system"),
        ("torch.serialization", "os.system"),
        ("torch", "load"),
        ("functools", "partial"),
        ("operator", "attrgetter"),
        ("importlib.util", "module_from_spec"),
        ("subprocess", "Popen"),
        ("asyncio.unix_events", "_UnixSubprocessTransport._start"),
    ],
)
def test_what_can_do_harm_is_named_so(name: tuple[str, str]) -> None:
    assert grade(*name) == Grade.DANGEROUS


def test_functions_of_known_libraries_are_not_known_to_be_good() -> None:
    assert grade("numpy", "some_function") == Grade.UNKNOWN
    assert grade("sklearn.utils", "os") == Grade.UNKNOWN
    assert grade("mine", "Model") == Grade.UNKNOWN


@pytest.mark.parametrize("compress", [0, 3])
def test_arrays_of_joblib_are_passed_over(tmp_path: Path, compress: int) -> None:
    """What stands behind them, and in those of objects, is found."""
    hidden = Mark(str(tmp_path / "mark"))
    data = {
        "numbers": np.arange(200_000.0),
        "texts": np.array(["a", "bcd"]),
        "rows": np.zeros(3, dtype=[("a", "f8"), ("b", "i4")]),
        "objects": np.array([{}, hidden], dtype=object),
        "model": LogisticRegression().fit([[0.0], [1.0]], [0, 1]),
    }
    file = tmp_path / "model.joblib"
    joblib.dump(data, file, compress=("bz2", compress) if compress else 0)
    with bz2.open(file) if compress else file.open("rb") as opened:
        found = scan(opened)  # type: ignore[arg-type]
        assert not opened.read(1)
    assert not found.trouble
    assert {"posix.mkdir", "sklearn.linear_model._logistic.LogisticRegression"} <= set(names(found)) or os.name == "nt"


def test_pickles_after_the_first_are_looked_at_too() -> None:
    data = pickle.dumps(1) + pickle.dumps(Mark()) + b"raw bytes"
    assert not scan(io.BytesIO(data)).imports
    found = scan_all(io.BytesIO(data))
    assert names(found)[0].endswith(".mkdir") and not found.trouble


def test_a_stream_that_cannot_go_back_is_read_once() -> None:
    with gzip.open(io.BytesIO(gzip.compress(pickle.dumps(Mark())))) as opened:
        assert scan_all(opened).imports  # type: ignore[arg-type]


HOSTILE = {
    "nothing": b"",
    "no pickle": b"PK\x03\x04 something else",
    "more bytes than there are": b"\x80\x04\x8e" + (1 << 62).to_bytes(8, "little") + b"x",
    "negative length": b"\x80\x02T\xff\xff\xff\xff",
    "nothing to call": b"\x80\x04R.",
    "a mark to call": b"\x80\x04((R.",
    "a memo that is not there": b"\x80\x04h\x07.",
    "a number of endless digits": b"I" + b"9" * 10_000 + b"\n.",
    "text that is no UTF-8": b"\x80\x04\x8c\x02\xff\xff.",
    "an array of joblib without a shape": b"\x80\x04cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}b.",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_cannot_be_followed_says_why(data: bytes) -> None:
    assert scanned(data).trouble


def test_a_name_that_goes_across_the_end_of_a_frame_is_not_believed() -> None:
    """Python's reader in C forgets the half that is inside of the frame."""
    data = b"\x80\x04\x95" + (7).to_bytes(8, "little") + b"cnumpy.os\nsystem\n."
    recorder = Recorder(data)
    with suppress(Exception):
        recorder.load()
    assert recorder.asked == ["os.system"] or recorder.asked == ["numpy.os.system"]
    assert "frame" in scanned(data).trouble


def test_limits_hold() -> None:
    assert "operations" in scanned(b"\x80\x04" + b"N0" * 10_000 + b"N.", most_operations=100).trouble
    assert "bytes" in scanned(pickle.dumps(b"x" * 100_000), most_bytes=1000).trouble
    assert "operations" in scanned(b"\x80\x04" + b"N0" * 10_000 + b"N.", seconds=-1).trouble
    doubled = b"\x80\x04N" + b"2\x86" * 5_000 + b"."  # a tuple that would be 2**5000 long when written out
    assert not scanned(doubled).trouble


class Recorder(pickle.Unpickler):
    """Loads a pickle with everything that it imports replaced by something that does nothing."""

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data))
        self.asked: list[str] = []

    def find_class(self, module: str, name: str) -> Any:
        self.asked.append(f"{module}.{name}")
        return Nothing

    def persistent_load(self, pid: Any) -> Any:
        return None


class Nothing:
    """Takes everything and does nothing."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        return super().__new__(cls)

    def __setstate__(self, state: Any) -> None:
        pass

    def append(self, item: Any) -> None:
        pass

    def extend(self, items: Any) -> None:
        pass

    def __setitem__(self, key: Any, value: Any) -> None:
        pass


SEEDS = [
    *(pickle.dumps([Mark(), OrderedDict(a=(1, {"x": Decimal(2)})), np.arange(3)], protocol=p) for p in PROTOCOLS),
    *HIDDEN.values(),
]
CODES = [one.code.encode("latin-1") for one in pickletools.opcodes if not one.name.startswith("EXT")]


@st.composite
def streams(draw: st.DrawFn) -> bytes:
    """A pickle with parts of it replaced, and operations strewn in."""
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(data)))
        piece = draw(st.one_of(st.sampled_from(CODES), st.binary(max_size=3), st.sampled_from(SEEDS)))
        data[place : place + draw(st.integers(0, 3))] = piece
    return bytes(data)


@given(streams())
def test_nothing_is_imported_that_was_not_found(data: bytes) -> None:
    """Held to Python's own reader: what it would import of a stream, up to a fault, the look at it has named."""
    found = scanned(data)
    recorder = Recorder(data)
    with suppress(Exception):  # what came before the fault was imported all the same
        recorder.load()
    if not found.trouble:
        assert set(recorder.asked) <= set(names(found))


@given(st.binary(max_size=200))
def test_any_bytes_are_looked_at(data: bytes) -> None:
    assert scanned(data).length <= len(data)
