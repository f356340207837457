"""Which folder the store is, where our own files are, and that artifact names stay inside their folder."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core import paths
from runfolio.core.errors import InvalidValue, NotFound


@pytest.fixture(autouse=True)
def no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RUNFOLIO_STORE", raising=False)


def test_the_argument_goes_before_the_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RUNFOLIO_STORE", str(tmp_path / "variable"))
    assert paths.store_path(tmp_path / "given") == tmp_path / "given"
    assert paths.store_path() == tmp_path / "variable"
    assert paths.store_path("") == tmp_path / "variable"


def test_the_default_is_a_folder_of_the_user() -> None:
    found = paths.store_path()
    assert found.is_absolute()
    assert found.name == "store"
    assert "runfolio" in str(found)


def test_relative_paths_and_home_are_resolved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert paths.store_path("runs") == tmp_path / "runs"
    assert paths.store_path("~/runs") == tmp_path / "home" / "runs"


def test_an_artifact_may_be_named_by_a_path() -> None:
    assert paths.artifact_path(PurePosixPath("plots") / "loss.png") == "plots/loss.png"


def test_a_working_folder_that_is_gone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(InvalidValue, match="which is gone"):
        paths.store_path("runs")
    assert paths.store_path(tmp_path) == tmp_path


@pytest.mark.parametrize("name", ["plain", "with space", "what?", "50%", "a#b", "%20", "ünïcode", "a;b"])
def test_a_file_uri_means_the_folder_it_was_made_from(tmp_path: Path, name: str) -> None:
    assert paths.store_path((tmp_path / name).as_uri()) == tmp_path / name
    assert paths.store_path(str(tmp_path / name)) == tmp_path / name


@pytest.mark.parametrize("uri", ["http://localhost:5000", "sqlite:///runs.db", "s3://bucket/runs"])
def test_other_uris_are_refused(uri: str) -> None:
    with pytest.raises(InvalidValue, match="is not a folder"):
        paths.store_path(uri)


def test_a_resource_that_is_not_there_is_named() -> None:
    with pytest.raises(NotFound, match=r"icons/no such icon\.svg"):
        paths.resource("icons", "no such icon.svg")


@pytest.mark.parametrize("name", ["model.pkl", "a/b/c.txt", ".hidden", "größe.png", "a b", "console", "x" * 255])
def test_good_artifact_names(name: str) -> None:
    assert paths.artifact_path(name) == name


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("", "relative path"),
        ("/etc/passwd", "relative path"),
        ("a\\b", "relative path"),
        ("..", r"'\.\.'"),
        ("a/../../b", r"'\.\.'"),
        ("a//b", "may be empty"),
        ("a/", "may be empty"),
        ("./a", r"'\.'"),
        ("a\0b", "control characters"),
        ("a\nb", "control characters"),
        ("x" * 256, "255 bytes"),
        ("é" * 128, "255 bytes"),
    ],
)
def test_bad_artifact_names(name: str, rule: str) -> None:
    with pytest.raises(InvalidValue, match=rule):
        paths.artifact_path(name)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("C:x", "letter of a drive"),
        ("c:", "letter of a drive"),
        ("C:/x", "letter of a drive"),
        ("a./b", "end in a dot"),
        ("a ", "end in a dot or a space"),
        ("nul", "reserved name"),
        ("sub/Con.txt", "reserved name"),
        ("aux .txt", "reserved name"),
        ("com¹.log", "reserved name"),
        ("CONIN$.txt", "reserved name"),
    ],
)
def test_names_that_no_file_on_windows_can_have_are_refused_everywhere(name: str, rule: str) -> None:
    with pytest.raises(InvalidValue, match=rule):
        paths.artifact_path(name)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("epoch=1-val:0.3.ckpt", "Windows has no file"),
        ("what?", "Windows has no file"),
    ],
)
def test_names_that_only_windows_refuses(monkeypatch: pytest.MonkeyPatch, name: str, rule: str) -> None:
    monkeypatch.setattr(paths, "ON_WINDOWS", False)
    assert paths.artifact_path(name) == name
    monkeypatch.setattr(paths, "ON_WINDOWS", True)
    with pytest.raises(InvalidValue, match=rule):
        paths.artifact_path(name)


@pytest.mark.parametrize("name", ["aux.py", "dot.", "sub/nul"])
def test_what_older_versions_have_stored_can_be_read_where_it_can_be(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(paths, "ON_WINDOWS", False)
    assert paths.stored_path(name) == name
    for bad in ("../x", "/x", "C:x", "a\nb", ""):
        with pytest.raises(InvalidValue, match="not allowed"):
            paths.stored_path(bad)
    monkeypatch.setattr(paths, "ON_WINDOWS", True)
    with pytest.raises(InvalidValue, match="not allowed"):
        paths.stored_path(name)


@pytest.mark.parametrize(
    ("one", "other"), [("Model", "mODEL"), ("É", "é"), ("É", "E\u0301"), ("straße", "STRASSE"), ("ς", "Σ")]
)
def test_names_that_some_systems_take_for_one(one: str, other: str) -> None:
    assert paths.same_name(one) == paths.same_name(other)
    assert paths.same_name(one) != paths.same_name(f"{other}x")


def test_letters_taken_apart_are_put_together() -> None:
    assert paths.artifact_path("cafe\u0301/me\u0301nu.txt") == "caf\u00e9/m\u00e9nu.txt"


@given(st.text("ab./\\ :\0\u0301", max_size=12))
def test_what_passes_stays_in_its_folder(name: str) -> None:
    try:
        paths.artifact_path(name)
    except InvalidValue:
        return
    root = Path("/store/artifacts/run")
    inside = root / name
    assert inside != root
    assert ".." not in inside.parts
    assert inside.is_relative_to(root)
