"""A model in a process of its own: what it may do there, what it may not, and how it is ended."""

from __future__ import annotations

import os
import py_compile
import socket
import subprocess
import sys
import textwrap
import threading
import time
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import psutil
import pytest
from scipy import sparse
from sklearn.linear_model import LinearRegression

import runfolio
from runfolio.core.errors import InvalidValue, Stopped
from runfolio.models.safety import code_risk, hashing, trust
from runfolio.models.safety.handing import pack, unpack
from runfolio.models.safety.hashing import fingerprint
from runfolio.models.safety.limits import Limits
from runfolio.models.safety.process import ModelFailed, ModelProcess
from runfolio.models.safety.trust import UntrustedModel
from tests.models.samples import KINDS, plain, sample

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="the system has no such limits")
QUICK = Limits(seconds=30)


def model_of(folder: Path, load: str = "pass", predict: str = "return data") -> Path:
    """A model whose own code is run when it is loaded and asked; it is trusted."""
    (folder / "code").mkdir(parents=True)
    (folder / "MLmodel").write_text("flavors:\n  python_function:\n    loader_module: own\n    code: code\n")
    source = f"""
import os, socket, subprocess, sys, time

class Model:
    def predict(self, data):
{textwrap.indent(textwrap.dedent(predict), " " * 8)}

def _load_pyfunc(path):
{textwrap.indent(textwrap.dedent(load), " " * 4)}
    return Model()
"""
    (folder / "code" / "own.py").write_text(source)
    trust.trust(fingerprint(folder), "a test")
    return folder


def test_a_model_is_loaded_and_asked(tmp_path: Path) -> None:
    model = LinearRegression().fit([[0.0], [1.0]], [1.0, 3.0])
    runfolio.sklearn.save_model(model, tmp_path / "model", serialization_format="pickle")
    with ModelProcess(tmp_path / "model", QUICK) as process:
        assert process.predict(np.array([[2.0], [3.0]])).tolist() == pytest.approx([5, 7])
        assert process.predict(pd.DataFrame({"x": [0.0]})).tolist() == pytest.approx([1])


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "sklearn"])
def test_every_kind_of_models_answers_there(tmp_path: Path, kind: str) -> None:
    for library in KINDS[kind].needs:
        pytest.importorskip(library, exc_type=ImportError)
    one = sample(kind)
    import_module(f"runfolio.{KINDS[kind].flavor}").save_model(one.model, tmp_path / "model", **one.options)
    with ModelProcess(tmp_path / "model") as process:
        assert plain(process.predict(one.data)) == plain(one.answer)


def test_bytecode_in_a_models_folder_is_not_run(tmp_path: Path) -> None:
    """It makes another model of it, which nobody has trusted; and if somebody does, its source is what runs."""
    folder = model_of(tmp_path / "model", predict="return 'its source'")
    source = folder / "code" / "own.py"
    text, other = source.read_text(), source.read_text().replace("its source", "bytecode!!")
    moment = source.stat().st_mtime_ns
    source.write_text(other)
    os.utime(source, ns=(moment, moment))
    py_compile.compile(str(source), doraise=True)
    source.write_text(text)
    os.utime(source, ns=(moment, moment))
    ask = "import sys; sys.path.insert(0, sys.argv[1]); import own; print(own.Model().predict(0))"
    plain = subprocess.run([sys.executable, "-c", ask, str(source.parent)], capture_output=True, text=True, check=True)
    assert plain.stdout == "bytecode!!\n", "Python by itself runs it"
    with pytest.raises(UntrustedModel):
        ModelProcess(folder)
    trust.trust(fingerprint(folder), "a test")
    with ModelProcess(folder, QUICK) as process:
        assert process.predict(0) == "its source"


def test_nothing_runs_that_is_not_trusted(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    folder = model_of(tmp_path / "model", f"open({str(mark)!r}, 'w').close()")
    (folder / "code" / "more.py").write_text("pass")  # another model now
    with pytest.raises(UntrustedModel, match="can run code") as caught:
        ModelProcess(folder)
    assert not mark.exists()
    assert caught.value.fingerprint == fingerprint(folder)


def test_who_is_asked_about_a_model_may_trust_it_and_it_is_judged_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = model_of(tmp_path / "model", predict="return 'an answer'")
    (folder / "code" / "more.py").write_text("pass")  # another model now
    seen: list[str] = []
    known: dict[str, Any] = {"judge": code_risk.judge, "fingerprint": hashing.fingerprint}

    def counted(name: str, *given: Any) -> Any:
        seen.append(name)
        return known[name](*given)

    monkeypatch.setattr(code_risk, "judge", partial(counted, "judge"))
    monkeypatch.setattr(hashing, "fingerprint", partial(counted, "fingerprint"))
    about: list[UntrustedModel] = []
    with pytest.raises(UntrustedModel) as caught:
        ModelProcess(folder, QUICK, ask=about.append)
    assert about == [caught.value] and about[0].risk.can_run_code and seen == ["judge", "fingerprint"]
    with ModelProcess(folder, QUICK, ask=lambda one: trust.trust(one.fingerprint, "a test")) as process:
        assert process.predict([1]) == "an answer"
    assert seen == ["judge", "fingerprint"] * 2


@on_linux
def test_it_writes_into_its_own_folder_only(tmp_path: Path) -> None:
    mark, stranger = tmp_path / "mark", tmp_path / "stranger"
    stranger.write_text("here before")
    predict = f"""
    found = {{}}
    for name in ({str(mark)!r}, {str(stranger)!r}, "own", os.path.expanduser("~/home")):
        try:
            with open(name, "w") as file:
                file.write("x")
            found[name] = "written"
        except OSError as error:
            found[name] = error.strerror
    try:
        os.remove({str(stranger)!r})
    except OSError as error:
        found["remove"] = error.strerror
    return [*found.values(), os.getcwd()]
    """
    with ModelProcess(model_of(tmp_path / "model", predict=predict), QUICK) as process:
        if "folder" not in process.held:
            pytest.skip("this kernel has no Landlock")
        *found, place = process.predict([1])
        assert found == ["Permission denied", "Permission denied", "written", "written", "Permission denied"]
        assert Path(place).is_dir()
    assert not Path(place).exists() and not mark.exists() and stranger.read_text() == "here before"


@on_linux
def test_it_reaches_no_network(tmp_path: Path) -> None:
    predict = """
    said = []
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
        try:
            socket.socket(family).close()
            said.append("open")
        except OSError as error:
            said.append(error.strerror)
    code = "import socket; socket.create_connection(('127.0.0.1', PORT))"
    port = str(data[0])
    said.append(subprocess.run([sys.executable, "-c", code.replace("PORT", port)], capture_output=True).returncode)
    return said
    """
    folder = model_of(tmp_path / "model", predict=predict)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with ModelProcess(folder, QUICK) as process:
            if "network" not in process.held:
                pytest.skip("this kernel has no filter of system calls")
            assert process.predict([port]) == ["Permission denied"] * 3 + [1]
        with ModelProcess(folder, Limits(seconds=30, network=True)) as process:
            assert "network" not in process.held
            assert process.predict([port]) == ["open"] * 3 + [0]


def test_it_knows_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("RUNFOLIO_STORE", "secret")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    with ModelProcess(model_of(tmp_path / "model", predict="return dict(os.environ)"), QUICK) as process:
        found = process.predict([1])
    assert "secret" not in found.values() and found["LC_ALL"] == "C.UTF-8" and found["HOME"] != os.environ.get("HOME")


@pytest.mark.skipif(os.name == "nt", reason="there is no list of open files")
def test_it_has_no_files_of_ours(tmp_path: Path) -> None:
    predict = """
    found = []
    for one in os.listdir("/proc/self/fd"):
        try:
            found.append(os.readlink(f"/proc/self/fd/{one}"))
        except OSError:  # of the list itself
            pass
    return found
    """
    if not Path("/proc/self/fd").exists():
        pytest.skip("there is no list of open files")
    folder = model_of(tmp_path / "model", predict=predict)
    with (tmp_path / "ours").open("w") as ours:
        os.set_inheritable(ours.fileno(), True)
        with ModelProcess(folder, QUICK) as process:
            found = process.predict([1])
    assert found and not any(one.endswith("ours") for one in found)


def test_what_takes_too_long_is_ended(tmp_path: Path) -> None:
    folder = model_of(tmp_path / "model", predict="print('begun', flush=True)\nwhile True: pass")
    with ModelProcess(folder, Limits(seconds=2)) as process, pytest.raises(ModelFailed, match="longer than") as caught:
        process.predict([1])
    assert caught.value.tail == "begun"
    with pytest.raises(ModelFailed, match=r"longer than 1 seconds? to load"):
        ModelProcess(model_of(tmp_path / "slow", "time.sleep(600)"), Limits(seconds=1))


def test_what_takes_too_much_memory_is_ended(tmp_path: Path) -> None:
    folder = model_of(tmp_path / "model", predict="return len([bytearray(1 << 20) for _ in range(4096)])")
    with ModelProcess(folder, Limits(seconds=60, memory=600 << 20)) as process, pytest.raises(ModelFailed):
        process.predict([1])


def test_its_children_end_with_it(tmp_path: Path) -> None:
    predict = """
    code = "import time; time.sleep(600)"
    return [subprocess.Popen([sys.executable, "-c", code], start_new_session=apart).pid for apart in (False, True)]
    """
    with ModelProcess(model_of(tmp_path / "model", predict=predict), QUICK) as process:
        pids = process.predict([1])
        assert all(map(psutil.pid_exists, pids))
    gone = [one for one in pids if not psutil.pid_exists(one) or psutil.Process(one).status() == psutil.STATUS_ZOMBIE]
    assert gone == pids


def test_what_it_raises_is_told_with_what_it_printed(tmp_path: Path) -> None:
    folder = model_of(tmp_path / "model", predict="print('looked at', data)\nraise KeyError('no such thing')")
    with ModelProcess(folder, QUICK) as process:
        with pytest.raises(ModelFailed, match=r"could not answer: KeyError: 'no such thing'"):
            process.predict([1])
        with pytest.raises(ModelFailed, match="could not answer"):  # it is there still
            process.predict([1])
    with pytest.raises(ModelFailed, match=r"could not load: ZeroDivisionError"):
        ModelProcess(model_of(tmp_path / "broken", "1 / 0"), QUICK)


@pytest.mark.parametrize("end", ["os._exit(3)", "os.abort()", "raise SystemExit(4)"])
def test_a_process_that_ends_is_told(tmp_path: Path, end: str) -> None:
    with ModelProcess(model_of(tmp_path / "model", predict=end), QUICK) as process, pytest.raises(ModelFailed):
        process.predict([1])


def test_garbage_in_place_of_an_answer(tmp_path: Path) -> None:
    """A model that finds where answers go, and writes what it likes."""
    predict = r"""
    for number in range(3, 20):
        try:
            os.write(number, b"\xff" * 4096)
        except OSError:
            pass
    return 1
    """
    folder = model_of(tmp_path / "model", predict=predict)
    with ModelProcess(folder, Limits(seconds=10)) as process, pytest.raises((ModelFailed, InvalidValue)):
        process.predict([1])


def test_nobody_waits_any_more(tmp_path: Path) -> None:
    stopped = threading.Event()
    folder = model_of(tmp_path / "model", predict="time.sleep(600)")
    with ModelProcess(folder, Limits(seconds=600)) as process:
        threading.Timer(0.3, stopped.set).start()
        begun = time.monotonic()
        with pytest.raises(Stopped):
            process.predict([1], stop=stopped.is_set)
        assert time.monotonic() - begun < 60


FRAME = pd.DataFrame(
    {
        "whole": [1, 2, 3],
        "small": np.array([1, 2, 3], "int8"),
        "half": [0.5, None, np.inf],
        "text": ["a", None, "ü"],
        "flag": [True, False, True],
        "nullable": pd.array([1, None, 3], "Int64"),
        "words": pd.array(["x", None, "z"], "string"),
        "time": pd.to_datetime(pd.Series(["2026-01-31", None, "2026-02-01"])),
        "zone": pd.to_datetime(["2026-01-31 12:00"] * 3).tz_localize("Europe/Berlin"),
        "kind": pd.Categorical(["b", "a", None], categories=["b", "a"], ordered=True),
        "lists": [[1, 2], [], [3]],
    }
)


def handed(value: Any) -> Any:
    blobs: list[bytes] = []
    packed = pack(value, blobs)
    return unpack(packed, blobs)


def test_tables_come_out_as_they_went_in() -> None:
    pd.testing.assert_frame_equal(handed(FRAME), FRAME)
    pd.testing.assert_series_equal(handed(FRAME["kind"]), FRAME["kind"])
    pd.testing.assert_frame_equal(handed(FRAME[:0].iloc[:, :3]), FRAME[:0].iloc[:, :3])
    twice = pd.DataFrame([[1, 2]], columns=["a", "a"])
    pd.testing.assert_frame_equal(handed(twice), twice)
    numbered = pd.DataFrame(np.eye(2))
    assert list(handed(numbered).columns) == [0, 1]


LABELS = {
    "range": pd.RangeIndex(7, 1, -2, name="row"),
    "whole": pd.Index([3, 1, 1], dtype="int32"),
    "text": pd.Index(["a", None, "b"], name="who"),
    "mixed": pd.Index([1, "a", ("b", 2)], dtype=object, tupleize_cols=False),
    "days": pd.date_range("2026-01-31", periods=3, freq="D", name="day"),
    "zoned": pd.DatetimeIndex(["2026-01-31 12:00", "2026-02-02", None]).tz_localize("Europe/Berlin"),
    "spans": pd.timedelta_range("1h", periods=3, freq="h"),
    "months": pd.period_range("2026-01", periods=3, freq="M"),
    "kinds of objects": pd.CategoricalIndex(["b", "a", "b"], categories=pd.Index(["b", "a"], dtype=object)),
    "objects": pd.Index(["a", "b", "c"], dtype=object),
    "kinds": pd.CategoricalIndex(["b", "a", "b"], categories=["b", "a"], name="kind"),
    "levels": pd.MultiIndex.from_product(
        [["a"], pd.DatetimeIndex(["2026-01-01", "2026-01-02", "2026-01-05"])], names=["id", ("the", "time")]
    ),
}


@pytest.mark.parametrize("kind", LABELS)
def test_labels_of_rows_and_columns_come_out_as_they_went_in(kind: str) -> None:
    labels = LABELS[kind]
    column = pd.Series([1.5, 2.5, 3.5], index=labels, name=("a", 1))
    pd.testing.assert_series_equal(handed(column), column, check_freq=True)
    table = pd.DataFrame(np.eye(3), index=labels, columns=labels[::-1])
    pd.testing.assert_frame_equal(handed(table), table, check_freq=True)
    pd.testing.assert_frame_equal(handed(table.iloc[:, :0]), table.iloc[:, :0], check_freq=True)


def test_a_model_sees_the_index_of_its_data_and_gives_its_own(tmp_path: Path) -> None:
    """As it does in a script: what is predicted is told apart by its labels."""
    predict = """
    seen = data["x"].rename("seen").shift(1, freq="D")
    return {"table": seen.to_frame(), "column": seen, "where": str(data.index[-1])}
    """
    data = pd.DataFrame({"x": [1.0, 2.0]}, index=pd.date_range("2026-03-01", periods=2, freq="D", name="day"))
    folder = model_of(tmp_path / "model", predict=predict)
    here = runfolio.pyfunc.load_model(folder).predict(data)
    with ModelProcess(folder, QUICK) as process:
        there = process.predict(data)
    assert there["where"] == here["where"] == "2026-03-02 00:00:00"
    pd.testing.assert_series_equal(there["column"], here["column"])
    pd.testing.assert_frame_equal(there["table"], here["table"])


@pytest.mark.parametrize(
    "value", [np.zeros((2, 0, 3), "float32"), np.array(["ab", "c"]), np.array([b"x"]), np.eye(3).T, np.array([1 + 2j])]
)
def test_arrays_come_out_as_they_went_in(value: np.ndarray[Any, Any]) -> None:
    found = handed(value)
    assert found.dtype == value.dtype and found.shape == value.shape and (found == value).all()


def test_other_values() -> None:
    assert handed({"a": [1, None, "x", 0.5, True]}) == {"a": [1, None, "x", 0.5, True]}
    assert handed({"x": np.arange(3)})["x"].tolist() == [0, 1, 2]
    assert handed(pl.DataFrame({"a": [1]})).to_dict("list") == {"a": [1]}
    assert (handed(sparse.csr_matrix(np.eye(3))).toarray() == np.eye(3)).all()
    assert handed([np.float32(1.5), np.array([1, 2])]) == [1.5, [1, 2]]
    with pytest.raises(InvalidValue):
        handed(object())


@pytest.mark.parametrize(
    "packed",
    [
        {},
        {"is": "pickle"},
        {"is": "array", "dtype": "|O", "shape": [1], "blob": 0},
        {"is": "array", "dtype": "<f8", "shape": [10**12], "blob": 0},
        {"is": "array", "dtype": "<f8", "shape": [-1, -1], "blob": 0},
        {"is": "array", "dtype": "<f8", "shape": [1], "blob": 7},
        {"is": "table", "columns": [{"type": "array"}]},
        {"is": "table", "columns": [], "names": {"names": [None], "range": [0, 0, 1]}, "index": {"names": []}},
        {"is": "table", "columns": [], "names": {"names": [], "levels": [], "many": True}, "index": {}},
        {
            "is": "column",
            "name": None,
            "index": {"names": [None], "range": [0, 3, 1]},
            "values": {"type": "object", "list": [1]},
        },
        {"is": "sparse", "parts": [], "shape": [1, 1]},
    ],
)
def test_what_is_no_value_is_refused(packed: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        unpack(packed, [b"12345678"])
