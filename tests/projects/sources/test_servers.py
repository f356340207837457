"""Repositories of servers: kept as mirrors, fetched again only for what is new, and never trusted."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from runfolio.core.errors import EnvironmentProblem, InvalidValue, NotFound, Stopped
from runfolio.journal import locks
from runfolio.projects.sources import SourceKind, fetch
from tests.projects.sources.repositories import GIT, commit, git, served

DAEMON = bool(GIT) and (Path(git(Path.cwd(), "--exec-path")) / "git-daemon").exists()
pytestmark = pytest.mark.skipif(not DAEMON, reason="git, or its server, is not installed")


@pytest.fixture
def repositories(tmp_path: Path) -> Path:
    """The folder whose repositories are served; `code` has two commits, the first with a tag."""
    folder = tmp_path / "served"
    commit(folder / "code", train_py="lr = 1\n", sub__MLproject="name: x\n")
    git(folder / "code", "tag", "-a", "v1", "-m", "first")
    commit(folder / "code", train_py="lr = 2\n")
    return folder


@pytest.fixture
def server(repositories: Path) -> Iterator[str]:
    """The address of a server of them."""
    with served(repositories) as address:
        yield address


def test_a_repository_is_cloned_and_only_what_is_new_is_fetched(repositories: Path, server: str, work: Path) -> None:
    code, uri = repositories / "code", f"{server}/code"
    told: list[str] = []
    found = fetch(f"{uri}#sub", work=work, tell=told.append)
    newest = git(code, "rev-parse", "HEAD")
    assert (found.commit, found.branch, found.uri, found.remote) == (newest, "main", uri, uri)
    assert (found.kind, found.folder, found.temporary) == (SourceKind.GIT, found.root / "sub", True)
    assert found.root == work / "code" and f"Cloning {uri}." in told
    assert git(found.root, "remote", "get-url", "origin") == uri

    told.clear()
    again = fetch(uri, work=work, tell=told.append)
    assert again.root != found.root and told == [f"Nothing new in {uri}."]

    third = commit(code, train_py="lr = 3\n")
    git(code, "branch", "other", "HEAD~1")
    assert fetch(uri, work=work, tell=told.append).commit == third and f"Fetching what is new in {uri}." in told
    assert fetch(uri, "other", work=work).branch == "other"
    tagged = fetch(uri, "v1", work=work)
    assert tagged.commit == git(code, "rev-parse", "v1^{commit}") and tagged.branch == ""
    with pytest.raises(NotFound, match="no branch, tag or commit 'othre'") as caught:
        fetch(uri, "othre", work=work)
    assert "Did you mean 'other'?" in caught.value.hint


def test_a_commit_that_is_there_needs_no_server(repositories: Path, work: Path) -> None:
    first = git(repositories / "code", "rev-parse", "v1^{commit}")
    with served(repositories) as server:
        newest = fetch(f"{server}/code", work=work).commit
    for version in (first, first[:8]):
        assert fetch(f"{server}/code", version, work=work).commit == first
    with pytest.raises(EnvironmentProblem, match="cannot be fetched: git says") as caught:
        fetch(f"{server}/code", work=work)
    assert f"--version {newest}" in caught.value.hint and "Check the connection" in caught.value.hint


def test_a_commit_that_no_branch_leads_to_is_asked_for_by_its_number(
    repositories: Path, server: str, work: Path
) -> None:
    code = repositories / "code"
    lost = commit(code, train_py="lost")
    git(code, "reset", "-q", "--hard", "HEAD~1")
    git(code, "config", "uploadpack.allowAnySHA1InWant", "true")
    assert (fetch(f"{server}/code", lost, work=work).folder / "train.py").read_text() == "lost"
    with pytest.raises(NotFound, match="is not in"):
        fetch(f"{server}/code", "0" * 40, work=work)


def test_a_history_that_was_rewritten_is_followed(repositories: Path, server: str, work: Path) -> None:
    code = repositories / "code"
    git(code, "branch", "topic")
    before = fetch(f"{server}/code", "topic", work=work)
    git(code, "branch", "-D", "topic")
    git(code, "branch", "topic/one", "v1")
    git(code, "commit", "-q", "--amend", "-m", "other")
    git(code, "branch", "-m", "main", "trunk")
    after = fetch(f"{server}/code", work=work)
    assert (after.commit, after.branch) == (git(code, "rev-parse", "trunk"), "trunk")
    assert fetch(f"{server}/code", "topic/one", work=work).branch == "topic/one"
    assert fetch(f"{server}/code", before.commit, work=work).commit == before.commit


def test_what_is_not_there_is_told_without_a_question(
    server: str, work: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_ASKPASS", "/bin/false")
    with pytest.raises(NotFound, match=r"/nothing cannot be fetched: git says 'fatal: ") as caught:
        fetch(f"{server}/nothing", work=work)
    assert "Check the address" in caught.value.hint
    with pytest.raises(EnvironmentProblem, match="cannot be fetched") as failed:
        fetch("https://ada:hunter2@127.0.0.1:9/code.git", work=work)
    assert "hunter2" not in str(failed.value) and "git ls-remote https://127.0.0.1:9/code.git" in failed.value.hint
    with pytest.raises(EnvironmentProblem, match="cannot be fetched"):
        fetch("ssh://git@127.0.0.1:9/code.git", work=work)
    assert not work.exists() and not [one for one in own_cache.iterdir() if one.suffix != ".lock"]


@pytest.mark.parametrize(
    "uri",
    [
        "ext::sh -c 'touch /tmp/x'", "fd::17", "--upload-pack=touch", "-u", "ssh://-oProxyCommand=x/code", "", "   ",
        "ssh://-x@host/code", "-oProxyCommand=x:code", "host:--upload-pack=x", "ftp://host/code", "dbfs:/code", "a\nb",
        "git+https://host/x.git", "https:///x.git", "file://elsewhere/x", "https://[::1/x", "x\0y", "a" * 5000, "s3://b/x",
    ],
)  # fmt: skip
def test_addresses_that_would_start_other_programs_are_refused(uri: str, work: Path) -> None:
    with pytest.raises((InvalidValue, NotFound)) as caught:
        fetch(uri, work=work)
    assert caught.value.message and not work.exists()


def test_an_address_without_its_beginning_is_recognized(work: Path) -> None:
    with pytest.raises(InvalidValue, match="There is no folder") as caught:
        fetch("github.com/mlflow/mlflow-example", work=work)
    assert caught.value.hint.endswith("https://github.com/mlflow/mlflow-example")


def test_nothing_of_a_repository_is_run(repositories: Path, server: str, work: Path, tmp_path: Path) -> None:
    code, trap = repositories / "code", tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n")
    trap.chmod(0o755)
    (code / ".gitattributes").write_text("*.py filter=evil\n*.bin filter=lfs\n")
    (code / "model.bin").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    commit(code)
    for name in ("filter.evil.smudge", "filter.evil.process", "filter.lfs.smudge", "core.fsmonitor", "core.sshCommand"):
        git(code, "config", name, str(trap))
    git(code, "config", "core.hooksPath", str(tmp_path / "hooks"))
    git(code, "config", "uploadpack.packObjectsHook", str(trap))
    for place in (tmp_path / "hooks", code / ".git" / "hooks"):
        place.mkdir(exist_ok=True)
        for hook in ("post-checkout", "reference-transaction", "pre-auto-gc", "post-index-change"):
            shutil.copy(trap, place / hook)
    (tmp_path / "sprung").unlink(missing_ok=True)
    for found in (fetch(str(code), "main", work=work), fetch(f"{server}/code", work=work), fetch(str(code), work=work)):
        assert (found.folder / "train.py").read_text() == "lr = 2\n"
        assert (found.folder / "model.bin").read_text().startswith("version https"), "large files are left alone"
    assert not (tmp_path / "sprung").exists()


def test_submodules_come_along(repositories: Path, server: str, work: Path, tmp_path: Path) -> None:
    code = repositories / "code"
    inner = commit(repositories / "inner", deep_py="1")
    lib = repositories / "lib"
    commit(lib, lib_py="1")
    git(lib, "submodule", "add", "-q", "--name", "i", str(repositories / "inner"), "parts/inner")
    git(lib, "config", "-f", ".gitmodules", "submodule.i.url", "../inner")
    wanted = commit(lib)
    git(code, "submodule", "add", "-q", str(lib), "libs/lib")
    git(code, "config", "-f", ".gitmodules", "submodule.libs/lib.url", "../lib")
    commit(code)
    commit(lib, lib_py="2")
    found = fetch(f"{server}/code", work=work)
    assert git(found.root / "libs" / "lib", "rev-parse", "HEAD") == wanted
    assert (found.root / "libs" / "lib" / "lib.py").read_text() == "1"
    assert git(found.root / "libs" / "lib" / "parts" / "inner", "rev-parse", "HEAD") == inner
    assert git(found.root, "status", "--porcelain") == ""
    # The same from the user's own repository, whose clone of the submodule has what was never pushed.
    own = commit(code / "libs" / "lib", lib_py="own")
    commit(code)
    local = fetch(str(code), "main", work=work)
    assert (local.root / "libs" / "lib" / "lib.py").read_text() == "own"
    assert git(local.root / "libs" / "lib", "rev-parse", "HEAD") == own
    with pytest.raises(NotFound, match=rf"The submodule 'libs/lib': The commit {own} is not in"):
        fetch(f"{server}/code", work=work)
    assert len(list(work.iterdir())) == 2, "what failed leaves nothing"


def test_a_server_cannot_have_repositories_of_this_machine_read(
    repositories: Path, server: str, work: Path, tmp_path: Path
) -> None:
    commit(tmp_path / "private", secret_txt="x")
    code = repositories / "code"
    git(code, "submodule", "add", "-q", str(tmp_path / "private"), "lib")
    commit(code)
    with pytest.raises(InvalidValue, match=r"The submodule 'lib': .* is on this machine"):
        fetch(f"{server}/code", work=work)
    assert (fetch(str(code), "main", work=work).root / "lib" / "secret.txt").exists()
    for url in ("ext::sh -c 'touch sprung'", "--upload-pack=touch sprung"):
        git(code, "config", "-f", ".gitmodules", "submodule.lib.url", url)
        commit(code)
        with pytest.raises(InvalidValue, match="The submodule 'lib'"):
            fetch(f"{server}/code", work=work)


def test_a_fetch_can_be_stopped_and_leaves_nothing(
    repositories: Path, server: str, work: Path, own_cache: Path
) -> None:
    asked: list[str] = []

    def stop_at_once() -> bool:
        asked.append("")
        return len(asked) > 3

    with pytest.raises(Stopped):
        fetch(f"{server}/code", work=work, stopped=stop_at_once)
    assert not work.exists() and not list(own_cache.glob("*.git")) and not list(own_cache.glob("new-*"))
    assert fetch(f"{server}/code", work=work).folder.is_dir()


def test_a_server_that_says_nothing_is_given_up(
    server: str, work: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text(f'#!/bin/sh\ncase "$*" in *ls-remote*) sleep 60 & sleep 60;; esac\nexec {GIT} "$@"\n')
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", str(slow.parent), prepend=":")
    monkeypatch.setattr("runfolio.projects.sources.mirrors.ASK_TIMEOUT", 0.3)
    with pytest.raises(EnvironmentProblem, match="took too long"):
        fetch(f"{server}/code", work=work)


def test_what_a_killed_process_has_left_is_in_nobodys_way(
    repositories: Path, server: str, work: Path, own_cache: Path
) -> None:
    fetch(f"{server}/code", work=work)
    (mirror,) = own_cache.glob("*.git")
    for name in ("packed-refs.lock", "HEAD.lock", "config.lock", "refs/heads/main.lock", "objects/pack/tmp_pack_x"):
        (mirror / name).parent.mkdir(parents=True, exist_ok=True)
        (mirror / name).write_text("")
    begun = own_cache / f"new-{mirror.stem}-x"
    begun.mkdir()
    newest = commit(repositories / "code", train_py="lr = 4\n")
    assert fetch(f"{server}/code", work=work).commit == newest
    assert not begun.exists() and not list(mirror.rglob("tmp_pack_*"))
    # Half of a mirror, of a time before they were moved into place, is made anew.
    shutil.rmtree(mirror / "objects")
    assert fetch(f"{server}/code", work=work).commit == newest


def test_a_process_that_is_killed_in_the_middle_leaves_no_half_mirror(
    server: str, work: Path, own_cache: Path, tmp_path: Path
) -> None:
    code = (
        "import sys, os, signal; from pathlib import Path\n"
        "from runfolio.projects.sources import fetch, mirrors\n"
        "mirrors._head = lambda *a: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"fetch({server + '/code'!r}, work=Path({str(work)!r}))\n"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == -9
    assert list(own_cache.glob("new-*")) and not list(own_cache.glob("*.git"))
    assert (fetch(f"{server}/code", work=work).folder / "train.py").exists()
    assert not list(own_cache.glob("new-*"))


def test_two_processes_fetch_the_same_at_once(server: str, work: Path, own_cache: Path) -> None:
    code = "import sys; from pathlib import Path; from runfolio.projects.sources import fetch\n"
    code += f"print(fetch({server + '/code'!r}, work=Path({str(work)!r})).folder)"
    both = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(3)]
    folders = {Path(one.communicate()[0].strip()) for one in both}
    assert all(one.returncode == 0 for one in both)
    assert len(folders) == 3 and all((folder / "train.py").exists() for folder in folders)
    assert len(list(own_cache.glob("*.git"))) == 1


def test_who_waits_for_another_is_told_and_can_be_stopped(server: str, work: Path, own_cache: Path) -> None:
    fetch(f"{server}/code", work=work)
    (mirror,) = own_cache.glob("*.git")
    told: list[str] = []
    waiting = threading.Event()

    def tell(line: str) -> None:
        told.append(line)
        waiting.set()

    with locks.locked(mirror.with_suffix(".lock")) as had:
        assert had
        with pytest.raises(Stopped):
            fetch(f"{server}/code", work=work, tell=tell, stopped=waiting.is_set)
    assert told == [f"Waiting for another process that fetches {server}/code."]


def test_without_git_it_is_said_so(work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EnvironmentProblem, match="git is not installed"):
        fetch("https://example.org/code.git", work=work)
