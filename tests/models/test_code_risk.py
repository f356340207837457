"""Whether a model can run code is told without running any: hostile pickles in whatever they are packed."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import pickle
import py_compile
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import cloudpickle
import joblib
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import FunctionTransformer

import runfolio
from runfolio.core.errors import NotFound
from runfolio.models.environment.check_result import CheckResult
from runfolio.models.safety import trust
from runfolio.models.safety.code_risk import CodeRisk, judge
from runfolio.models.safety.hashing import fingerprint
from runfolio.models.safety.trust import UntrustedModel, require
from runfolio.previews.pickle_names import Grade
from runfolio.previews.risks.budget import Budget
from tests.models.samples import KINDS, sample


class Hostile:
    """Makes a folder when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = str(mark)

    def __reduce__(self) -> Any:
        return os.mkdir, (self.mark,)


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    """What a hostile pickle would make."""
    return tmp_path / "mark"


@pytest.fixture
def hostile(mark: Path) -> bytes:
    """A pickle that would make it."""
    return pickle.dumps({"weights": np.arange(10.0), "more": Hostile(mark)})


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def tarred(name: str, data: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def objects(data: bytes) -> bytes:
    """NumPy's file of an array of objects, with a pickle of its own behind the head."""
    stream = io.BytesIO()
    np.save(stream, np.array([{}], dtype=object), allow_pickle=True)
    head = stream.getvalue()
    return head[: 10 + int.from_bytes(head[8:10], "little")] + data


def torch_of_old(data: bytes) -> bytes:
    """Several pickles one after the other, and raw numbers behind them."""
    return pickle.dumps(0x1950A86A20F9469CFC6C, protocol=2) + pickle.dumps(1001, protocol=2) + data + b"\0" * 100


def damaged_zip(data: bytes) -> bytes:
    """An archive whose checksums are wrong: some readers do not care."""
    whole = bytearray(zipped({"archive/data.pkl": data}, zipfile.ZIP_STORED))
    place = whole.find(data)
    whole[place + len(data) - 2] ^= 0  # the pickle stays as it is
    for sign, offset in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        at = whole.find(sign) + offset
        whole[at : at + 4] = b"\1\2\3\4"
    return bytes(whole)


def tarred_of_old(name: str, data: bytes) -> bytes:
    """An archive of the first tar, which says nowhere that it is one but by its checksum."""
    whole = bytearray(tarred(name, data))
    whole[257:265] = bytes(8)
    whole[148:156] = b" " * 8
    whole[148:156] = b"%06o\0 " % sum(whole[:512])
    return bytes(whole)


PACKED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "plain": ("model.pkl", bytes),
    "another name": ("weights.bin", bytes),
    "no name": ("weights", bytes),
    "called a text": ("notes.txt", bytes),
    "called JSON": ("config.json", bytes),
    "torch": ("model.pth", lambda data: zipped({"archive/data.pkl": data, "archive/data/0": b"\0" * 80})),
    "torch of old": ("model.pt", torch_of_old),
    "stored": ("model.pt", lambda data: zipped({"a/data.pkl": data}, zipfile.ZIP_STORED)),
    "archive in an archive": ("model.zip", lambda data: zipped({"inner.zip": zipped({"x.pkl": data})})),
    "wrong checksums": ("model.pt", damaged_zip),
    "gzip": ("model.pkl.gz", gzip.compress),
    "bzip2": ("model.joblib", bz2.compress),
    "xz": ("model.joblib", lzma.compress),
    "lzma": ("model.joblib", lambda data: lzma.compress(data, lzma.FORMAT_ALONE)),
    "zlib": ("model.joblib", zlib.compress),
    "packed twice": ("model.pkl", lambda data: gzip.compress(zlib.compress(data))),
    "tar": ("model.tar", lambda data: tarred("model.pkl", data)),
    "tar of old": ("model.pth", lambda data: tarred_of_old("data.pkl", data)),
    "tar that begins as a pickle": ("model.pkl", lambda data: tarred_of_old("cposix\nmkdir\n(S'x'\ntR.", b"")),
    "archive behind other bytes": ("model.keras", lambda data: b"\0" * 100 + zipped({"x.pkl": data})),
    "such an archive in an archive": ("m.zip", lambda data: zipped({"a.pt": b"\0" * 9 + zipped({"x.pkl": data})})),
    "lzma of another size": (
        "model.joblib",
        lambda data: lzma.compress(data, lzma.FORMAT_ALONE, filters=[{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 12}]),
    ),
    "packed tar": ("model.tar.gz", lambda data: gzip.compress(tarred("model.pkl", data))),
    "objects of numpy": ("array.npy", objects),
    "archive of numpy": ("arrays.npz", lambda data: zipped({"a.npy": objects(data)})),
    "old protocol": ("model.pkl", lambda data: b"cposix\nmkdir\n(S'x'\ntR."),
    "broken afterwards": ("model.pkl", lambda data: data[:-1] + b"\xff"),
}


@pytest.mark.parametrize(("name", "pack"), PACKED.values(), ids=PACKED.keys())
def test_a_hostile_pickle_is_found_in_whatever_it_is_packed(
    tmp_path: Path, hostile: bytes, mark: Path, name: str, pack: Callable[[bytes], bytes]
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / name).write_bytes(pack(hostile))
    found = judge(folder)
    assert found.can_run_code and "mkdir (dangerous)" in str(found)
    assert found.grade == Grade.DANGEROUS and found.reasons[0].where.startswith(name)
    assert not mark.exists()
    with pytest.raises(UntrustedModel):
        require(folder)


def test_joblib_with_arrays_before_it(tmp_path: Path, mark: Path) -> None:
    data = {"a": np.arange(100_000.0), "b": np.array([1, Hostile(mark)], dtype=object)}
    joblib.dump(data, tmp_path / "model.joblib", compress=3)
    found = judge(tmp_path / "model.joblib")
    assert "mkdir (dangerous)" in str(found) and not mark.exists()


def test_what_the_description_names_is_looked_at_whatever_it_is_called(tmp_path: Path, mark: Path) -> None:
    (tmp_path / "MLmodel").write_text("flavors:\n  sklearn:\n    pickled_model: data/notes.md\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "notes.md").write_bytes(b"cposix\nmkdir\n(S'x'\ntR")  # no end: it runs all the same
    assert "mkdir (dangerous)" in str(judge(tmp_path))


SAVED: dict[str, tuple[str, Grade | None]] = {
    "skops": ("skops", None),
    "pickle": ("pickle", Grade.KNOWN),
    "cloudpickle": ("cloudpickle", Grade.KNOWN),
}


@pytest.mark.parametrize(("form", "judged"), SAVED.values(), ids=SAVED.keys())
def test_estimators_as_they_are_saved_here(tmp_path: Path, form: str, judged: Grade | None) -> None:
    model = LogisticRegression().fit([[0.0], [1.0]], [0, 1])
    runfolio.sklearn.save_model(model, tmp_path / "model", serialization_format=form)
    found = judge(tmp_path / "model")
    assert found.can_run_code == (judged is not None)
    assert found.grade == (judged or Grade.HARMLESS)
    assert ("cannot run code" in str(found)) == (judged is None)


def test_skops_with_types_that_it_does_not_know(tmp_path: Path) -> None:
    model = FunctionTransformer(np.log1p)
    runfolio.sklearn.save_model(model, tmp_path / "known", serialization_format="skops", pyfunc_predict_fn="transform")
    assert not judge(tmp_path / "known").can_run_code
    schema = {"__class__": "Popen", "__module__": "subprocess", "__loader__": "ObjectNode", "content": []}
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "model.skops").write_bytes(zipped({"schema.json": json.dumps(schema).encode()}))
    assert "subprocess.Popen (dangerous)" in str(judge(tmp_path / "other"))
    text = "flavors:\n  sklearn:\n    pickled_model: m.skops\n    skops_trusted_types: [os.system]\n"
    (tmp_path / "other" / "MLmodel").write_text(text)
    assert "os.system (dangerous)" in str(judge(tmp_path / "other"))


def test_a_function_in_skops_is_found_whatever_it_is_called(tmp_path: Path) -> None:
    node = {"__class__": "Ridge", "__module__": "sklearn.linear_model", "__loader__": "FunctionNode"}
    schema = {**node, "content": {"module_path": "os", "function": "system"}}
    (tmp_path / "model.skops").write_bytes(zipped({"schema.json": json.dumps(schema).encode()}))
    assert "os.system (dangerous)" in str(judge(tmp_path))


@pytest.mark.parametrize(
    ("target", "runs"),
    [
        ("torch.ops.aten.linear.default", False),
        ("torch.ops.aten.__and__.Tensor", False),
        ("_operator.mul", False),
        ("torch.hub.os.system", True),
        ("torch.ops.aten.__class__.mro", True),
        ("_operator.methodcaller", True),
        ("os.system", True),
    ],
)
def test_exported_programs_of_pytorch(tmp_path: Path, target: str, runs: bool) -> None:
    program = {"graph_module": {"graph": {"nodes": [{"target": target, "inputs": []}]}}}
    (tmp_path / "model.pt2").write_bytes(zipped({"model/models/model.json": json.dumps(program).encode()}))
    assert judge(tmp_path).can_run_code == runs


#: Of the kinds of models that are saved here, those that can run code by their very form.
RUNNING = {"sklearn-cloudpickle", "pytorch-module", "pytorch-script", "keras-exported", "tensorflow-module"}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_models_that_is_saved_here(tmp_path: Path, kind: str) -> None:
    for library in KINDS[kind].needs:
        pytest.importorskip(library, exc_type=ImportError)
    one = sample(kind)
    import_module(f"runfolio.{KINDS[kind].flavor}").save_model(one.model, tmp_path / "model", **one.options)
    found = judge(tmp_path / "model")
    assert found.can_run_code == (kind in RUNNING), str(found)
    assert found.grade in (Grade.HARMLESS, Grade.KNOWN, Grade.CODE)


def test_functions_of_a_script_are_code(tmp_path: Path) -> None:
    class Doubled(runfolio.pyfunc.PythonModel):
        def predict(self, context: Any, model_input: Any, params: Any = None) -> Any:
            return model_input * 2

    (tmp_path / "python_model.pkl").write_bytes(cloudpickle.dumps(Doubled()))
    found = judge(tmp_path)
    assert found.can_run_code and Grade.CODE in {one.grade for one in found.names}


CODE: dict[str, dict[str, str]] = {
    "a loader": {"MLmodel": "flavors:\n  python_function:\n    loader_module: mine.loader\n"},
    "a class to make": {"MLmodel": "flavors:\n  xgboost:\n    model_class: os.getcwd\n"},
    "code": {"MLmodel": "flavors: {}\n", "code/helper.py": "x = 1"},
    "a model from code": {"MLmodel": "flavors: {}\n", "model.py": "x = 1"},
    "a library": {"lib/thing.so": "x"},
    "a graph of TensorFlow": {"saved_model.pb": "..ReadFile.."},
    "a layer of Keras": {"config.json": json.dumps({"class_name": "Lambda", "config": {}})},
    "an import of Keras": {"config.json": json.dumps({"module": "os", "class_name": "system"})},
    "a layer of Keras behind blanks": {"config.json": " " * 20 + json.dumps({"class_name": "Lambda", "config": {}})},
    "a model of Keras in HDF5": {"model.h5": "\x89HDF"},
    "HDF5 behind a block of the user's": {"model.h5": "x" * 512},
    "a file that nobody knows": {"MLmodel": "flavors:\n  mine:\n    model_path: m.xyz\n", "m.xyz": "x\0" * 99},
    "a module to read with": {"data/pickle_module_info.txt": "os"},
    "a module to read with, said elsewhere": {"MLmodel": "flavors:\n  pytorch:\n    pickle_module_name: os\n"},
    "a broken description": {"MLmodel": "flavors: !!python/object/apply:os.system ['x']"},
}


@pytest.mark.parametrize("files", CODE.values(), ids=CODE.keys())
def test_code_counts_as_code(tmp_path: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert judge(tmp_path).can_run_code


DATA: dict[str, bytes] = {
    "table.csv": b"cat,dog\n1,2\n",
    "notes.txt": b"N.B. nothing here runs.\ncat\nos\nsystem\n",
    "README.md": b"# import os; os.system('x')\n",
    "model.onnx": bytes(range(256)) * 4,
    "model.safetensors": b"\x08\0\0\0\0\0\0\0{}      ",
    "model.cbm": b"CBM1" + b"\0" * 100,
    "model.ubj": b"{L\0\0\0\0",
    "weights.npy": (lambda stream: (np.save(stream, np.eye(3)), stream.getvalue())[1])(io.BytesIO()),  # type: ignore[func-returns-value]
    "weights.npz": (lambda stream: (np.savez(stream, a=np.eye(3)), stream.getvalue())[1])(io.BytesIO()),  # type: ignore[func-returns-value]
    "arrays.pkl": pickle.dumps({"a": np.arange(3), "b": [1, "x", None]}),
    "empty.pkl": b"",
    "config.json": b'{"class_name": "Sequential", "module": "keras", "config": {}}',
    "MZ.csv": b"MZ,intensity\n1,2\n",
}


@pytest.mark.parametrize(("name", "data"), DATA.items(), ids=DATA.keys())
def test_data_is_data(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    found = judge(tmp_path)
    assert not found.can_run_code, str(found)
    assert require(tmp_path) == found  # nobody has to trust it


def deep(levels: int) -> bytes:
    data = pickle.dumps(1)
    for _ in range(levels):
        data = gzip.compress(data)
    return data


def locked() -> bytes:
    """An archive that says its member has a password."""
    data = bytearray(zipped({"data.pkl": b"N."}))
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(sign) + offset] |= 1
    return bytes(data)


HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a bomb": ("x.pkl.gz", lambda: gzip.compress(pickle.dumps(bytes(200 << 20)))),
    "bombs in bombs": ("x.zip", lambda: zipped({"a": gzip.compress(gzip.compress(pickle.dumps(bytes(100 << 20))))})),
    "too deep": ("x.gz", lambda: deep(12)),
    "a truncated archive": ("x.pt", lambda: zipped({"data.pkl": pickle.dumps(1)})[:-30]),
    "a truncated stream": ("x.pkl.gz", lambda: gzip.compress(pickle.dumps(os.urandom(10_000)))[:-500]),
    "a cut description": ("x.skops", lambda: zipped({"schema.json": b'{"__class__": '})),
    "nested deeply": ("x.skops", lambda: zipped({"schema.json": b'{"a":' * 100_000})),
    "a lock": ("x.zip", locked),
    "an unknown packer": ("x.joblib", lambda: b"\x04\x22\x4d\x18" + b"x" * 100),
    "a false array": ("x.npy", lambda: b"\x93NUMPY\x02\0" + b"\xff" * 100),
}


@pytest.mark.parametrize(("name", "make"), HOSTILE.values(), ids=HOSTILE.keys())
def test_what_cannot_be_looked_through_is_not_harmless(tmp_path: Path, name: str, make: Callable[[], bytes]) -> None:
    (tmp_path / name).write_bytes(make())
    begun = time.monotonic()
    found = judge(tmp_path, Budget(seconds=20, unpacked=50 << 20))
    assert found.can_run_code and found.grade == Grade.UNKNOWN, str(found)
    assert time.monotonic() - begun < 30


def test_links_and_devices_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("x")
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "link").symlink_to(secret)
    (folder / "around").symlink_to(folder)
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe")
    found = judge(folder)
    assert {one.what for one in found.reasons} >= {"a link to somewhere else"}
    assert {one.where for one in found.reasons} >= {"link", "around"}


def test_too_many_files(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number}.txt").write_text("x")
    assert "too many files" in str(judge(tmp_path, Budget(files=10)))
    with pytest.raises(NotFound):
        judge(tmp_path / "nowhere")


def test_a_risk_is_a_sentence(tmp_path: Path, hostile: bytes) -> None:
    (tmp_path / "model.pkl").write_bytes(hostile)
    (tmp_path / "helper.py").write_text("x = 1")
    text = str(judge(tmp_path))
    assert text.startswith("Loading it can run code: imports ") and text.endswith("helper.py is code.")
    assert str(CodeRisk((), 3)) == "Loading it cannot run code."


def test_trust_is_for_these_files_and_no_others(tmp_path: Path, hostile: bytes) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model.pkl").write_bytes(hostile)
    mark = fingerprint(folder)
    assert not trust.is_trusted(mark)
    trust.trust(mark, "a friend's")
    assert require(folder).can_run_code
    assert [(one.what, one.made_here) for one in trust.all_trusted()] == [("a friend's", False)]
    moved = folder.rename(tmp_path / "elsewhere")
    assert fingerprint(moved) == mark
    (moved / "model.pkl").write_bytes(hostile + b" ")
    with pytest.raises(UntrustedModel):
        require(moved)
    (moved / "model.pkl").write_bytes(hostile)
    (moved / "model.pkl").rename(moved / "other.pkl")
    with pytest.raises(UntrustedModel):
        require(moved)
    (moved / "other.pkl").rename(moved / "model.pkl")
    require(moved)
    trust.revoke(mark)
    with pytest.raises(UntrustedModel):
        require(moved)


def test_what_a_script_makes_here_is_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = LogisticRegression().fit([[0.0], [1.0]], [0, 1])
    runfolio.sklearn.save_model(model, tmp_path / "saved", serialization_format="pickle")
    with runfolio.start_run() as run:
        info = runfolio.sklearn.log_model(model, name="model", serialization_format="pickle")
    assert require(tmp_path / "saved").can_run_code and require(run.folder / "model").can_run_code
    assert {one.made_here for one in trust.all_trusted()} == {True}
    monkeypatch.setenv("MLFLOW_ALLOW_MODEL_CODE_EXECUTION", "false")
    assert runfolio.pyfunc.load_model(info.model_uri).predict([[1.0]]).tolist() == [1]
    for one in trust.all_trusted():
        trust.revoke(one.fingerprint)
    loaders: list[Any] = [runfolio.pyfunc.load_model, runfolio.sklearn.load_model]
    for load in loaders:
        with pytest.raises(UntrustedModel):
            load(info.model_uri)
    monkeypatch.delenv("MLFLOW_ALLOW_MODEL_CODE_EXECUTION")
    assert runfolio.sklearn.load_model(info.model_uri).predict([[1.0]]).tolist() == [1]


def test_all_files_that_can_be_loaded_are_in_the_fingerprint(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").mkdir()
    for name in ("__pycache__/m.pkl", "runfolio-check.json"):
        (tmp_path / name).write_bytes(b"N.")
        mark = fingerprint(tmp_path)
        (tmp_path / name).write_bytes(b"cposix\nmkdir\n(S'x'\ntR.")
        assert fingerprint(tmp_path) != mark, name
    (tmp_path / "runfolio-check.json").unlink()
    mark = fingerprint(tmp_path)
    result = CheckResult(result="passed", stage="done")
    (tmp_path / "runfolio-check.json").write_text(result.to_json())
    assert fingerprint(tmp_path) == mark


# Python takes such bytecode whatever the source says.
UNCHECKED = py_compile.PycInvalidationMode.UNCHECKED_HASH
CODE_OF_A_MODEL = """
import helper_compiled
def _load_pyfunc(path):
    return helper_compiled.Model()
"""
HELPER = """
class Model:
    def predict(self, data):
        return "source"
"""


def test_code_of_a_model_is_what_can_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    code = folder / "code"
    code.mkdir(parents=True)
    (code / "loader_compiled.py").write_text(CODE_OF_A_MODEL)
    helper = code / "helper_compiled.py"
    helper.write_text(HELPER.replace("source", "hidden"))
    place = py_compile.compile(str(helper), invalidation_mode=UNCHECKED)
    helper.write_text(HELPER)
    (folder / "MLmodel").write_text(
        "flavors:\n  python_function:\n    loader_module: loader_compiled\n    code: code\n"
    )
    mark = fingerprint(folder)
    assert runfolio.pyfunc.load_model(folder).predict([1]) == "source"
    assert fingerprint(folder) == mark
    assert [str(file) for file in folder.rglob("*.pyc")] == [place]


def test_a_script_that_is_a_model_is_what_can_be_read(tmp_path: Path) -> None:
    script = tmp_path / "own_script.py"
    text = (
        "import runfolio\n"
        "class Model(runfolio.pyfunc.PythonModel):\n"
        "    def predict(self, context, model_input, params=None):\n"
        "        return 'source'\n"
        "runfolio.models.set_model(Model())\n"
    )
    script.write_text(text.replace("source", "hidden"))
    hidden = Path(str(py_compile.compile(str(script), invalidation_mode=UNCHECKED)))
    script.write_text(text)
    folder = tmp_path / "model"
    runfolio.pyfunc.save_model(folder, python_model=str(script))
    place = folder / "__pycache__" / hidden.name
    place.parent.mkdir()
    place.write_bytes(hidden.read_bytes())
    assert runfolio.pyfunc.load_model(folder).predict([1]) == "source"
    assert list(folder.rglob("*.pyc")) == [place] and place.read_bytes() == hidden.read_bytes()


def test_a_fingerprint_is_checked_before_it_is_a_file_name() -> None:
    for mark in ("../settings", "", "A" * 64, "0" * 63):
        with pytest.raises(NotFound):
            trust.is_trusted(mark)
