"""Environments of projects, made ready and used."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from runfolio.core.errors import EnvironmentProblem, InvalidValue, NoPython, NotBuilt, NotFound, Stopped
from runfolio.core.packages import read_lock
from runfolio.core.projects.request import EnvManager
from runfolio.environments import building, cache, listing
from runfolio.environments.pythons import minor_here
from runfolio.projects.environments import prepare, prepare_locked, status
from tests.models.wheels import make_wheel
from tests.mounted import mounted
from tests.projects.environments.declaring import CONDA, NOTHING, PYTHON, declare, printed

OF_FILES = f"python: '{minor_here()}'\ndependencies:\n- -r requirements.txt\n"
VALUE = "import outer; print(outer.VALUE)"


def folders() -> list[Path]:
    return [path for path in cache.root().iterdir() if path.is_dir()] if cache.root().is_dir() else []


def test_python_env_yaml_is_made_with_its_files_and_found_the_next_time(project: Path) -> None:
    files = {"requirements": "-r more.txt\n-c limits.txt\n", "more": "outer  # why\n", "limits": "inner<2"}
    declared = declare(project, PYTHON, OF_FILES, **files)
    before = status(project, declared)
    assert (before.manager, before.ready, before.size, before.problem) == (EnvManager.UV, False, 0, "")
    told: list[str] = []
    with prepare(project, declared, tell=told.append) as prepared:
        assert (prepared.manager, prepared.was_there) == (EnvManager.UV, False)
        assert printed(prepared, VALUE) == "1"
        assert printed(prepared, "import sys; print(sys.executable)") == str(prepared.python)
        packages = read_lock(prepared.lock).packages
        assert (packages["inner"], packages["outer"]) == ("1.0", "1.0")
    assert " + inner==1.0" in told
    after = status(project, declared)
    assert after.ready and after.size > 1000 and after.last_used > 0
    told.clear()
    with prepare(project, declared, tell=told.append) as again:
        assert again.was_there and again.folder == prepared.folder
    assert told == []
    (kept,) = listing.kept()
    assert (kept.of, kept.manager, kept.lines) == ("digits", "uv", ("outer", "-c constraints.txt"))


def test_what_a_file_names_is_part_of_what_the_environment_is(project: Path) -> None:
    declared = declare(project, PYTHON, OF_FILES, requirements="outer\n-c limits.txt\n", limits="inner<2")
    with prepare(project, declared) as prepared:
        assert printed(prepared, VALUE) == "1"
    (project / "limits.txt").write_text("inner<3")
    assert status(project, declared).ready is False
    with prepare(project, declared) as prepared:
        assert printed(prepared, VALUE) == "2"


def test_projects_that_declare_the_same_share_it(project: Path, tmp_path: Path) -> None:
    declared = declare(project, PYTHON, OF_FILES, requirements="outer\n")
    with prepare(project, declared) as first:
        pass
    other = tmp_path / "other"
    other.mkdir()
    text = f"dependencies: [python={minor_here()}, pip, {{pip: [outer]}}]"
    with prepare(other, declare(other, CONDA, text)) as second:
        assert second.was_there and second.folder == first.folder


def test_a_conda_yaml_of_pip_packages_needs_no_conda(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "conda", lambda: None)
    text = f"channels: [conda-forge]\ndependencies: [python={minor_here()}.1, pip<=30, pip: [-r requirements.txt]]"
    with prepare(project, declare(project, CONDA, text, requirements="outer")) as prepared:
        assert (prepared.manager, printed(prepared, VALUE)) == (EnvManager.UV, "2")


def test_packages_of_conda_are_named_where_there_is_none(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "conda", lambda: None)
    declared = declare(project, CONDA, "dependencies: [r-base=4.3, conda-forge::gdal, {pip: [outer]}]")
    for asked in (EnvManager.AUTO, EnvManager.UV, EnvManager.VENV, EnvManager.CONDA):
        with (
            pytest.raises(EnvironmentProblem, match=r"r-base=4\.3, conda-forge::gdal"),
            prepare(project, declared, asked),
        ):
            pass
        assert "r-base=4.3" in status(project, declared, asked).problem


def test_the_python_that_runs_us_is_the_local_one(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    with prepare(project, NOTHING) as prepared:
        assert (prepared.manager, prepared.folder) == (EnvManager.LOCAL, None)
        assert printed(prepared, "import sys; print(sys.prefix)") == sys.prefix
        assert prepared.environment()["PATH"].endswith(f"{os.pathsep}/usr/bin:/bin")
        assert "pytest" in read_lock(prepared.lock).packages
    assert status(project, NOTHING).ready
    declared = declare(project, PYTHON, "python: '3.2'\ndependencies: [nothing-of-it]")
    with prepare(project, declared, EnvManager.LOCAL) as prepared:
        assert prepared.python == Path(sys.executable)
    assert folders() == []


def test_a_project_that_declares_nothing_gets_an_empty_one_if_it_is_asked_for(project: Path) -> None:
    with prepare(project, NOTHING, EnvManager.UV) as prepared:
        assert read_lock(prepared.lock).packages == {}
        assert prepared.environment()["VIRTUAL_ENV"] == str(prepared.folder)


@pytest.mark.slow
def test_venv_is_taken_where_there_is_no_uv(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "uv", lambda: None)
    declared = declare(project, PYTHON, "dependencies: [outer]")
    with prepare(project, declared) as prepared:
        assert (prepared.manager, printed(prepared, VALUE)) == (EnvManager.VENV, "2")


def test_without_uv_there_is_no_other_python(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "uv", lambda: None)
    declared = declare(project, PYTHON, "python: 3.5.2")
    assert "3.5" in status(project, declared).problem
    with pytest.raises(EnvironmentProblem, match="There is no uv here"):
        prepare(project, declared, EnvManager.UV).__enter__()
    with pytest.raises(EnvironmentProblem, match=r"Only uv can get Python 3\.5"):
        prepare(project, declared).__enter__()


def test_a_package_that_is_not_to_be_had_is_named_and_nothing_is_left(project: Path) -> None:
    declared = declare(project, PYTHON, "dependencies: [outer, missing-thing==3]")
    told: list[str] = []
    with pytest.raises(NotBuilt, match="missing-thing") as problem, prepare(project, declared, tell=told.append):
        pass
    assert "missing-thing==3" in problem.value.hint and any("missing-thing" in line for line in told)
    assert folders() == [] and status(project, declared).ready is False


def test_a_python_that_is_not_to_be_had_names_what_is_and_a_way_out(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_PYTHON_DOWNLOADS", "never")
    declared = declare(project, PYTHON, "python: '3.5'")
    with pytest.raises(NoPython, match=r"Found here: .*\d") as problem, prepare(project, declared):
        pass
    assert "--env-manager local" in problem.value.hint


def test_nobody_waits_any_more(project: Path) -> None:
    declared = declare(project, PYTHON, "dependencies: [outer]")
    told: list[str] = []
    with pytest.raises(Stopped), prepare(project, declared, tell=told.append, stopped=lambda: bool(told)):
        pass
    assert folders() == []


KILLED = """
import os, sys
from pathlib import Path
from runfolio.projects.environments import prepare
from tests.projects.environments.declaring import PYTHON

def tell(line):
    if line.startswith(" + inner"):
        os.kill(os.getpid(), 9)

with prepare(Path(sys.argv[1]), PYTHON, tell=tell):
    print("it was not killed")
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")
def test_one_that_was_half_made_when_its_process_was_killed_is_never_used(project: Path) -> None:
    declared = declare(project, PYTHON, "build_dependencies: [inner==1.0]\ndependencies: [outer]")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(project)], env=environment, capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, done.stdout) == (-9, ""), done.stderr
    (half,) = listing.kept()
    assert not half.whole and (half.folder / "pyvenv.cfg").is_file()
    assert status(project, declared).ready is False
    with prepare(project, declared) as prepared:
        assert not prepared.was_there and prepared.folder == half.folder
        assert printed(prepared, VALUE) == "1"


def test_one_in_use_is_not_removed_and_what_runs_in_it_can_hold_it(project: Path) -> None:
    declared = declare(project, PYTHON, "dependencies: [outer]")
    with prepare(project, declared) as prepared:
        (kept,) = listing.kept()
        with pytest.raises(EnvironmentProblem):
            listing.remove(kept)
        child = subprocess.Popen(
            ["python", "-c", "input()"], env=prepared.environment(), stdin=subprocess.PIPE, pass_fds=prepared.handed
        )
    with child:
        assert listing.named(kept.key).in_use
        assert child.stdin is not None
        child.stdin.write(b"\n")
    listing.remove(kept)
    assert folders() == []


def test_one_whose_python_is_gone_is_made_anew(project: Path) -> None:
    declared = declare(project, PYTHON, "dependencies: [outer]")
    with prepare(project, declared) as prepared:
        assert prepared.python is not None
    prepared.python.unlink()
    assert status(project, declared).ready is False
    with prepare(project, declared) as again:
        assert not again.was_there and printed(again, VALUE) == "2"


def test_a_package_beside_the_project_is_installed_as_it_is_now(project: Path) -> None:
    (project / "own").mkdir()
    make_wheel(project / "own", "own", "1.0", {"own.py": "VALUE = 1"})
    declared = declare(project, PYTHON, "dependencies: [own/own-1.0-py3-none-any.whl]")
    code = "import own; print(own.VALUE)"
    with prepare(project, declared) as first:
        assert printed(first, code) == "1"
    make_wheel(project / "own", "own", "1.0", {"own.py": "VALUE = 2"})
    with prepare(project, declared) as second:
        assert printed(second, code) == "2"


BACKEND = """
import zipfile

def get_requires_for_build_wheel(settings=None):
    return []

def build_wheel(folder, settings=None, metadata=None):
    name = "own-1.0-py3-none-any.whl"
    stem = "own-1.0.dist-info"
    with zipfile.ZipFile(folder + "/" + name, "w") as archive:
        archive.write("own.py")
        archive.writestr(stem + "/METADATA", "Metadata-Version: 2.1\\nName: own\\nVersion: 1.0\\n")
        archive.writestr(stem + "/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        archive.writestr(stem + "/RECORD", "own.py,,\\n")
    return name
"""


def test_the_source_of_a_package_beside_the_project_is_built_as_it_is_now(project: Path) -> None:
    own = project / "own"
    own.mkdir()
    description = "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n"
    (own / "pyproject.toml").write_text(f"{description}[project]\nname = 'own'\nversion = '1.0'\n")
    (own / "backend.py").write_text(BACKEND)
    declared = declare(project, PYTHON, "dependencies: [./own]")
    locks = set()
    for value in ("1", "22"):
        (own / "own.py").write_text(f"VALUE = {value}")
        with prepare(project, declared) as prepared:
            assert printed(prepared, "import own; print(own.VALUE)") == value
            locks.add(prepared.lock)
        with prepare_locked("", prepared.lock) as again:
            assert printed(again, "import own; print(own.VALUE)") == value
    (lock,) = locks
    assert f"own==1.0  # from {own.as_uri()}\n" in lock
    shutil.rmtree(own)
    told: list[str] = []
    with pytest.raises(NotBuilt, match="own"), prepare_locked("", lock, tell=told.append):
        pass
    assert "which is gone; it is looked for by its version" in told[0]


def test_a_lock_makes_the_same_again(project: Path) -> None:
    declared = declare(project, PYTHON, "dependencies: [outer, inner==1.0]")
    with prepare(project, declared) as prepared:
        lock = prepared.lock
    with prepare_locked("", lock) as again:
        assert (again.was_there, again.lock, printed(again, VALUE)) == (False, lock, "1")
    with prepare_locked("", lock) as again:
        assert again.was_there
    with pytest.raises(NotBuilt, match="outer"), prepare_locked("", lock.replace("outer==1.0", "outer==1.5")):
        pass
    with pytest.raises(InvalidValue, match="version of Python"), prepare_locked("", "inner==1.0"):
        pass


def test_what_uv_has_fixed_is_taken_as_it_is(project: Path, wheels: Path) -> None:
    (project / "pyproject.toml").write_text(
        f'[project]\nname = "own"\nversion = "0.1"\nrequires-python = ">={minor_here()}"\ndependencies = ["outer"]\n'
    )
    uv = building.uv()
    assert uv is not None
    subprocess.run([uv, "lock", "--quiet", "--python", sys.executable], cwd=project, check=True)
    make_wheel(wheels, "inner", "3.0", {"inner.py": "VALUE = 3"})
    assert status(project, NOTHING).manager is EnvManager.UV
    with prepare(project, NOTHING) as prepared:
        assert (prepared.manager, printed(prepared, VALUE)) == (EnvManager.UV, "2")
    assert not (project / ".venv").exists()
    with prepare(project, NOTHING) as again:
        assert again.was_there
    with prepare(project, NOTHING, EnvManager.LOCAL) as prepared:
        assert prepared.folder is None
    (project / "pyproject.toml").write_text("[project")
    assert "pyproject.toml cannot be read" in status(project, NOTHING).problem


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        (None, NotFound, r"python_env\.yaml cannot be read"),
        ("dependencies: [-r gone.txt]", NotFound, r"gone\.txt cannot be read"),
        ("dependencies: [-r python_env.yaml]", NotFound, "cannot be read"),
        ("dependencies: [-r itself.txt]", InvalidValue, r"itself\.txt names itself"),
        ("dependencies: 5", InvalidValue, "is no list"),
        ("dependencies: [5]", InvalidValue, "which is no line of text"),
        ("python: [1]", InvalidValue, "which is no version"),
        ("python: newest", InvalidValue, "'newest', which is no version"),
        ("- a", InvalidValue, "does not hold names and values"),
        ("[", InvalidValue, "is not YAML"),
        ("- " * 500, InvalidValue, "nested deeper"),
    ],
)
def test_files_that_are_missing_or_wrong_are_told(
    project: Path, text: str | None, kind: type[NotFound | InvalidValue], words: str
) -> None:
    (project / "itself.txt").write_text("-r other.txt")
    (project / "other.txt").write_text("-r itself.txt")
    if text is not None:
        declare(project, PYTHON, text)
    if text == "dependencies: [-r python_env.yaml]":
        (project / "python_env.yaml").write_text("dependencies: [-r .]")
    with pytest.raises(kind, match=words), prepare(project, PYTHON):
        pass
    assert status(project, PYTHON).ready is False and status(project, PYTHON).problem


@pytest.mark.parametrize(
    ("asked", "words"),
    [(EnvManager.CONDA, "Conda makes environments of a conda.yaml"), (EnvManager.DOCKER, "names no image")],
)
def test_what_does_not_go_with_the_project_is_refused(project: Path, asked: EnvManager, words: str) -> None:
    declared = declare(project, PYTHON, "dependencies: [outer]")
    with pytest.raises(InvalidValue, match=words), prepare(project, declared, asked):
        pass


def test_a_full_disk_is_told_and_leaves_no_half_environment(
    project: Path, wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = {"large.py": "x = 1\n" + "#" * 3_000_000}
    make_wheel(wheels, "large", "1.0", large)
    declared = declare(project, PYTHON, "dependencies: [large]")
    with mounted("tmpfs", tmp_path / "small", "size=2m") as small:
        monkeypatch.setenv("RUNFOLIO_ENVIRONMENTS", str(small))
        with pytest.raises(NotBuilt, match="large") as problem:
            prepare(project, declared).__enter__()
        assert "No space left" in problem.value.hint
        assert folders() == [] and status(project, declared).ready is False
