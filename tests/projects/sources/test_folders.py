"""Folders as projects: run in place, with what is known of the repository they are in."""

from __future__ import annotations

from pathlib import Path

import pytest

from runfolio.core.errors import InvalidValue, NotFound
from runfolio.core.patches import read_patch
from runfolio.projects.sources import SourceKind, fetch
from tests.projects.sources.repositories import GIT, commit, git

needs_git = pytest.mark.skipif(not GIT, reason="git is not installed")


def test_a_folder_is_run_where_it_is(tmp_path: Path, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "a project"
    (folder / "sub").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    for uri in (str(folder), "a project", "./a project", folder.as_uri()):
        found = fetch(uri, work=work)
        assert (found.folder, found.root, found.uri) == (folder, folder, str(folder))
        assert (found.kind, found.commit, found.temporary) == (SourceKind.FOLDER, "", False)
    inner = fetch("a project#sub/", work=work)
    assert (inner.folder, inner.root, inner.subfolder) == (folder / "sub", folder, "sub")
    assert fetch(f"{folder.as_uri()}#sub", work=work).folder == folder / "sub"
    assert not work.exists()


def test_a_folder_whose_name_has_a_hash_is_found(tmp_path: Path, work: Path) -> None:
    (tmp_path / "c#" / "sub").mkdir(parents=True)
    assert fetch(str(tmp_path / "c#"), work=work).folder == tmp_path / "c#"
    assert fetch(str(tmp_path / "c#" / "sub"), work=work).folder == tmp_path / "c#" / "sub"


@pytest.mark.parametrize("subfolder", ["../beside", "a/../../beside", "/etc", "a//b", "..", "c:/x", "a\\b"])
def test_a_subfolder_does_not_leave_its_project(tmp_path: Path, work: Path, subfolder: str) -> None:
    (tmp_path / "beside").mkdir()
    (tmp_path / "p").mkdir()
    with pytest.raises(InvalidValue, match="no folder inside of the project"):
        fetch(f"{tmp_path / 'p'}#{subfolder}", work=work)


def test_nor_by_a_link(tmp_path: Path, work: Path) -> None:
    (tmp_path / "beside").mkdir()
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "link").symlink_to(tmp_path / "beside")
    with pytest.raises(InvalidValue, match="link that leads out of it"):
        fetch(f"{tmp_path / 'p'}#link", work=work)


def test_what_is_not_there_is_told_with_what_is(tmp_path: Path, work: Path) -> None:
    (tmp_path / "project" / "examples").mkdir(parents=True)
    (tmp_path / "train.py").write_text("")
    with pytest.raises(NotFound, match=r"There is no project .*projekt") as caught:
        fetch(str(tmp_path / "projekt"), work=work)
    assert "Did you mean 'project'?" in caught.value.hint
    with pytest.raises(NotFound, match="no folder 'exampels'") as caught:
        fetch(f"{tmp_path / 'project'}#exampels", work=work)
    assert "Did you mean 'examples'?" in caught.value.hint
    with pytest.raises(InvalidValue, match="neither a folder nor a zip file") as wrong:
        fetch(str(tmp_path / "train.py"), work=work)
    assert "-e script.py" in wrong.value.hint
    with pytest.raises(InvalidValue, match="in no git repository, of which there is no version 'main'"):
        fetch(str(tmp_path / "project"), "main", work=work)


@needs_git
def test_what_is_not_committed_is_noted(tmp_path: Path, work: Path) -> None:
    folder = tmp_path / "p"
    first = commit(folder, train_py="lr = 1\n", sub__MLproject="name: x\n")
    clean = fetch(str(folder), work=work)
    assert (clean.commit, clean.branch, clean.remote) == (first, "main", "")
    assert not clean.dirty and clean.patch == b""

    git(folder, "remote", "add", "origin", "https://ada:hunter2@example.org/code.git")
    (folder / "train.py").write_text("lr = 2\n")
    (folder / "new file.py").write_text("x = 1")
    (folder / "ü.yaml").write_text("depth: 3\n")
    (folder / "empty.txt").write_text("")
    (folder / "run.sh").write_text("echo\n")
    (folder / "run.sh").chmod(0o755)
    for name, text in (
        (".env", "x"),
        ("settings.yaml", "password: hunter2\n"),
        ("data.bin", "\0"),
        ("big.csv", "1\n" * 50_000),
    ):
        (folder / name).write_text(text)
    (folder / "key.py").write_text(f"key = 'sk-{'a' * 24}'\n")
    found = fetch(f"{folder}#sub", work=work)
    assert found.dirty and found.remote == "https://example.org/code.git"
    patch = read_patch(found.patch.decode())
    assert {one.path for one in patch.files} == {"train.py", "new file.py", "ü.yaml", "empty.txt", "run.sh"}
    assert set(patch.unknown) == {".env", "settings.yaml", "data.bin", "big.csv", "key.py"}
    assert b"hunter2" not in found.patch and b"sk-a" not in found.patch

    there = tmp_path / "there"
    git(tmp_path, "clone", "-q", str(folder), str(there))
    (tmp_path / "kept.patch").write_bytes(found.patch)
    git(there, "apply", str(tmp_path / "kept.patch"))
    for one in patch.files:
        assert (there / one.path).read_bytes() == (folder / one.path).read_bytes()
    assert (there / "run.sh").stat().st_mode & 0o100 and not (there / "train.py").stat().st_mode & 0o100


@needs_git
def test_a_version_of_a_folder_is_checked_out_elsewhere(tmp_path: Path, work: Path) -> None:
    folder = tmp_path / "p"
    first = commit(folder, sub__train_py="lr = 1\n")
    git(folder, "tag", "v1.0")
    second = commit(folder, sub__train_py="lr = 2\n")
    git(folder, "switch", "-q", "-c", "feature/x")
    (folder / "sub" / "train.py").write_text("lr = 3\n")
    before = git(folder, "status", "--porcelain", "--branch")

    for version, commit_, branch in (
        ("v1.0", first, ""), (first, first, ""), (first[:7], first, ""), ("main", second, "main"),
        ("feature/x", second, "feature/x"), ("HEAD~1", first, ""), ("main~1", first, ""),
        ("refs/heads/main", second, "main"),
    ):  # fmt: skip
        found = fetch(f"{folder / 'sub'}", version, work=work)
        assert (found.commit, found.branch) == (commit_, branch), version
        assert (found.kind, found.temporary, found.dirty) == (SourceKind.GIT, True, False)
        assert (
            found.folder == found.root / "sub" and found.root.is_relative_to(work) and found.root.name.startswith("p")
        )
        assert (found.folder / "train.py").read_text() == ("lr = 1\n" if commit_ == first else "lr = 2\n")
        assert git(found.root, "rev-parse", "HEAD") == commit_
        assert git(found.root, "status", "--porcelain") == ""
        assert git(found.root, "branch", "--show-current") == branch
        assert git(found.root, "describe", "--tags", first) == "v1.0", (
            "tags are there for those who count versions by them"
        )
    assert git(folder, "status", "--porcelain", "--branch") == before
    assert (folder / "sub" / "train.py").read_text() == "lr = 3\n"
    assert not git(folder, "worktree", "list").count("\n")


@needs_git
def test_versions_that_are_none_are_told(tmp_path: Path, work: Path) -> None:
    folder = tmp_path / "p"
    commit(folder, train_py="1")
    git(folder, "branch", "develop")
    for version, said, hint in (
        ("devlop", "no branch, tag or commit 'devlop'", "Did you mean 'develop'?"),
        ("0" * 40, f"The commit {'0' * 40} is not in", "history rewritten"),
        ("--upload-pack=x", "no branch, tag or commit", ""),
        ("x\ny", "no branch, tag or commit", ""),
    ):
        with pytest.raises((NotFound, InvalidValue), match=said) as caught:
            fetch(str(folder), version, work=work)
        assert hint in caught.value.hint
    git(tmp_path, "init", "-q", "empty")
    with pytest.raises(NotFound, match="has no commits yet"):
        fetch(str(tmp_path / "empty" / ".git"), work=work)
    assert not work.exists() or not list(work.iterdir())


@needs_git
def test_bare_repositories_and_worktrees(tmp_path: Path, work: Path) -> None:
    folder = tmp_path / "p"
    first = commit(folder, train_py="1")
    git(tmp_path, "clone", "-q", "--bare", str(folder), "p.git")
    for uri in (str(tmp_path / "p.git"), (tmp_path / "p.git").as_uri(), str(folder / ".git")):
        found = fetch(uri, work=work)
        assert (found.commit, found.branch) == (first, "main")
        assert (found.folder / "train.py").read_text() == "1"
    git(folder, "worktree", "add", "-q", "-b", "other", str(tmp_path / "w"))
    second = commit(tmp_path / "w", train_py="2")
    found = fetch(str(tmp_path / "w"), "HEAD", work=work)
    assert found.commit == second and (found.folder / "train.py").read_text() == "2"
