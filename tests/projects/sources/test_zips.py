"""Zip files as projects: real ones, and hostile ones."""

from __future__ import annotations

import stat
import struct
import tempfile
import threading
import zipfile
from collections.abc import Iterator, Mapping
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runfolio.core.errors import EnvironmentProblem, InvalidValue, NotFound, Stopped
from runfolio.projects.sources import SourceKind, fetch, zipped


def zip_of(file: Path, files: Mapping[str, str | bytes]) -> Path:
    """A zip file."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file


def left_of(work: Path) -> list[Path]:
    return list(work.rglob("*")) if work.exists() else []


def test_a_zip_file_is_unpacked(tmp_path: Path, work: Path) -> None:
    file = zip_of(tmp_path / "my project.zip", {"MLproject": "name: x\n", "sub/train.py": "x", "empty/": ""})
    with zipfile.ZipFile(file, "a") as archive:
        script = zipfile.ZipInfo("run.sh")
        script.external_attr = (stat.S_IFREG | 0o755) << 16
        archive.writestr(script, "echo")
    for uri in (str(file), file.as_uri()):
        found = fetch(uri, work=work)
        assert (found.kind, found.temporary, found.uri) == (SourceKind.ZIP, True, str(file))
        assert found.folder == found.root and found.root.parent == work and found.root.name.startswith("my-project")
        assert (found.folder / "sub" / "train.py").read_text() == "x" and (found.folder / "empty").is_dir()
        assert (found.folder / "run.sh").stat().st_mode & 0o100
    assert fetch(f"{file}#sub", work=work).folder.name == "sub"
    with pytest.raises(NotFound, match="no folder 'sup'"):
        fetch(f"{file}#sup", work=work)
    with pytest.raises(InvalidValue, match="a zip file, of which there is no version 'v1'"):
        fetch(str(file), "v1", work=work)
    assert len(list(work.iterdir())) == 3


def test_the_only_folder_of_a_zip_file_is_entered_where_the_project_is_in_it(tmp_path: Path, work: Path) -> None:
    inside = {"code-main/mlproject": "name: x\n", "code-main/sub/a.py": "", "__MACOSX/code-main/._a": ""}
    file = zip_of(tmp_path / "a.zip", inside)
    found = fetch(str(file), work=work)
    assert found.folder == found.root / "code-main"
    for uri in (f"{file}#sub", f"{file}#code-main/sub"):
        assert (fetch(uri, work=work).folder / "a.py").exists()
    other = fetch(str(zip_of(tmp_path / "b.zip", {"src/train.py": ""})), work=work)
    assert other.folder == other.root, "as with MLflow"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../evil.py", "'..'"), ("a/../../evil.py", "'..'"), ("/etc/evil", "relative path"), ("a//b", "empty"),
        ("C:/evil", "drive"), ("a\\..\\evil", "forward slashes"), ("a/./b", "'.'"), ("x" * 300, "255 bytes"),
        ("a\x1b[2Jb", "control characters"), ("..", "'..'"), ("./../x", "'..'"),
    ],
)  # fmt: skip
def test_names_that_leave_the_folder_are_refused(tmp_path: Path, work: Path, name: str, why: str) -> None:
    file = zip_of(tmp_path / "a.zip", {"train.py": "", name: "evil"})
    with pytest.raises(InvalidValue, match=r"is not unpacked") as caught:
        fetch(str(file), work=work)
    assert why in caught.value.message and "\x1b" not in caught.value.message
    assert not left_of(work) and not (tmp_path / "evil.py").exists()


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["a.py", "A.py"], "one and the same to some systems"),
        (["dir/a", "DIR/b"], "one and the same to some systems"),
        (["u\u0308", "\u00fc"], "one and the same to some systems"),
        (["a", "a/b"], "a file and a folder"),
        (["a/b", "a"], "a file and a folder"),
    ],
)
def test_names_that_are_one_file_elsewhere_are_refused(tmp_path: Path, work: Path, names: list[str], said: str) -> None:
    file = zip_of(tmp_path / "a.zip", dict.fromkeys(names, ""))
    with pytest.raises(InvalidValue, match=said):
        fetch(str(file), work=work)
    assert not left_of(work)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_there_twice_is_refused(tmp_path: Path, work: Path) -> None:
    file = zip_of(tmp_path / "a.zip", {"a.py": "1"})
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("a.py", "2")
    with pytest.raises(InvalidValue, match="more than once"):
        fetch(str(file), work=work)


def test_links_and_devices_are_refused(tmp_path: Path, work: Path) -> None:
    for kind, said in ((stat.S_IFLNK, "is a link"), (stat.S_IFIFO, "is no file"), (stat.S_IFCHR, "is no file")):
        entry = zipfile.ZipInfo("evil")
        entry.external_attr = (kind | 0o777) << 16
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr(entry, "/etc/passwd")
        with pytest.raises(InvalidValue, match=said):
            fetch(str(tmp_path / "a.zip"), work=work)
        assert not left_of(work)


def test_bombs_are_refused(tmp_path: Path, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipped, "FREE", 1 << 20)
    bomb = zip_of(tmp_path / "bomb.zip", {"zeros": b"\0" * (4 << 20)})
    with pytest.raises(InvalidValue, match="more than 200 times its size"):
        fetch(str(bomb), work=work)
    monkeypatch.setattr(zipped, "MOST_BYTES", 100)
    with pytest.raises(InvalidValue, match="unpacks to more than 100 B"):
        fetch(str(zip_of(tmp_path / "a.zip", {"a": bytes(range(256))})), work=work)
    monkeypatch.setattr(zipped, "MOST_FILES", 3)
    with pytest.raises(InvalidValue, match="holds 4 files; 3 are unpacked at most"):
        fetch(str(zip_of(tmp_path / "b.zip", dict.fromkeys("abcd", ""))), work=work)
    assert not left_of(work)


def test_one_that_lies_about_its_size_is_counted_as_it_comes_out(
    tmp_path: Path, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipped, "FREE", 1 << 20)
    file = zip_of(tmp_path / "a.zip", {"zeros": b"\0" * (4 << 20)})
    data = bytearray(file.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    file.write_bytes(data)
    with pytest.raises(InvalidValue):
        fetch(str(file), work=work)
    assert not left_of(work)


def test_damaged_and_encrypted_ones_are_told(tmp_path: Path, work: Path) -> None:
    good = zip_of(tmp_path / "good.zip", {"a.txt": b"some text that is long enough" * 100}).read_bytes()
    for damaged in (good[: len(good) // 2], b"", b"no zip at all", good.replace(b"PK\x01\x02", b"PK\x09\x09")):
        (tmp_path / "bad.zip").write_bytes(damaged)
        with pytest.raises(InvalidValue, match="cannot be unpacked"):
            fetch(str(tmp_path / "bad.zip"), work=work)
    at = good.index(b"PK\x01\x02")
    (tmp_path / "locked.zip").write_bytes(good[: at + 8] + b"\x01" + good[at + 9 :])
    with pytest.raises(InvalidValue, match=r"'a\.txt' in locked\.zip is encrypted"):
        fetch(str(tmp_path / "locked.zip"), work=work)
    assert not left_of(work)


def test_a_disk_without_room_is_told(tmp_path: Path, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = zip_of(tmp_path / "a.zip", {"a": b"x" * 1000})
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 10})())
    with pytest.raises(EnvironmentProblem, match=r"a\.zip needs 1 kB") as caught:
        fetch(str(file), work=work)
    assert "Make room" in caught.value.hint and not left_of(work)


def test_unpacking_can_be_stopped(tmp_path: Path, work: Path) -> None:
    file = zip_of(tmp_path / "a.zip", {f"{n}.txt": "x" for n in range(50)})
    asked: list[int] = []

    def stopped() -> bool:
        asked.append(1)
        return len(asked) > 20

    with pytest.raises(Stopped):
        fetch(str(file), work=work, stopped=stopped)
    assert not left_of(work)


PARTS = st.one_of(
    st.sampled_from(["..", ".", "", "a", "A", "ü", "con", "C:", "~", "-x", " ", "MLproject", "a\\b", "\u202e"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
NAMES = st.lists(PARTS, min_size=1, max_size=5).map("/".join).filter(lambda name: "\0" not in name and name)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.filterwarnings("ignore:Duplicate name")
@given(st.lists(NAMES, min_size=1, max_size=6))
def test_whatever_names_it_has_nothing_lands_elsewhere(tmp_path: Path, names: list[str]) -> None:
    place = Path(tempfile.mkdtemp(dir=tmp_path))
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    try:
        found = fetch(str(file), work=place / "work")
    except InvalidValue as error:
        assert error.message
        assert not left_of(place / "work")
    else:
        written = {one.relative_to(found.root).as_posix() for one in found.root.rglob("*") if one.is_file()}
        files = {str(PurePosixPath(name)) for name in names if not name.endswith("/")}
        assert written == files
    assert {one.name for one in place.iterdir()} <= {"work"}


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    """A web server of a folder `web`; its address."""
    (tmp_path / "web").mkdir()

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "web")))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_zip_file_of_a_web_server(tmp_path: Path, work: Path, web: str) -> None:
    zip_of(tmp_path / "web" / "p.zip", {"MLproject": "name: x\n", "sub/a.py": "1"})
    found = fetch(f"{web}/p.zip#sub", work=work)
    assert (found.folder / "a.py").read_text() == "1" and found.uri == f"{web}/p.zip"
    assert list(work.iterdir()) == [found.root], "the file itself is gone"
    with pytest.raises(EnvironmentProblem, match="HTTP Error 404"):
        fetch(f"{web}/q.zip", work=work)
