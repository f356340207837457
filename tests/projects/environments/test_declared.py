"""What python_env.yaml and conda.yaml say, as an environment is made of it."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from runfolio.environments.pythons import minor_here
from runfolio.environments.recipe import Recipe
from runfolio.projects.environments.declared import recipe_of
from runfolio.projects.environments.local_sources import located
from tests.projects.environments.declaring import CONDA, NOTHING, PYTHON, declare

HERE = platform.python_version()


def of_python(project: Path, text: str, **files: str) -> Recipe:
    return recipe_of(project, declare(project, PYTHON, text, **files))


def of_conda(project: Path, text: str, **files: str) -> Recipe:
    return recipe_of(project, declare(project, CONDA, text, **files))


@pytest.mark.parametrize(
    ("written", "version"),
    [
        ("'3.10.13'", "3.10.13"),
        ("3.9", "3.9"),
        ("3.10", "3.10"),  # which YAML takes for the number 3.1
        ("'>=3.8'", HERE),
        ("'>=2.6,<2.8'", "2.6"),
        ("", HERE),
    ],
)
def test_the_version_of_python(project: Path, written: str, version: str) -> None:
    assert of_python(project, f"python: {written}").python == version


@pytest.mark.parametrize(
    ("written", "version"),
    [
        ("python=3.10", "3.10"),
        ("python==3.10.4", "3.10.4"),
        ("python=3.10.*", "3.10"),
        ("conda-forge::python=3.9.1=h2_0", "3.9.1"),
        ("python 3.8", "3.8"),
        ("python >=3.8", HERE),
        ("python", HERE),
    ],
)
def test_the_version_of_python_for_conda(project: Path, written: str, version: str) -> None:
    recipe = of_conda(project, f"dependencies: ['{written}', pip, setuptools<70, wheel]")
    assert (recipe.python, recipe.conda, recipe.lines) == (version, (), ())


def test_what_builds_comes_first_and_limits_hold_for_all(project: Path) -> None:
    text = "build_dependencies: [pip==24.0, -c old.txt]\ndependencies: [a>1 , -c new.txt]"
    recipe = of_python(project, text, old="b<2", new="a<9\nc<9")
    assert recipe.before == ("pip==24.0", "-c constraints.txt")
    assert recipe.lines == ("a>1 ".strip(), "-c constraints.txt")
    assert recipe.constraints == {"constraints.txt": "a<9\nc<9\nb<2"}


def test_lines_of_files_stand_in_their_place(project: Path) -> None:
    (project / "sub").mkdir()
    (project / "sub" / "more.txt").write_text("--requirement=most.txt\nb \\\n  >1 # why\n")
    (project / "sub" / "most.txt").write_text("c; python_version > '3'\n--no-binary :all:\n-i https://index.example/\n")
    recipe = of_python(project, "dependencies: [a, -r sub/more.txt, -rsub/most.txt, d]")
    assert recipe.lines == (
        *("a", "c; python_version > '3'", "--no-binary :all:", "-i https://index.example/", "b   >1", "d"),
    )


def test_a_project_that_declares_nothing_needs_python_alone(project: Path) -> None:
    assert recipe_of(project, NOTHING) == Recipe(HERE, (), {})


def test_equal_environments_have_one_key_and_others_have_others(project: Path) -> None:
    keys = {
        of_python(project, text).key
        for text in (
            f"{{python: '{minor_here()}', dependencies: [a, b]}}",
            f"{{python: '{minor_here()}.1', dependencies: [a, 'b # why']}}",
            "{dependencies: [a b]}",
            "{dependencies: [ab]}",
            "{build_dependencies: [a], dependencies: [b]}",
            "{python: '3.5', dependencies: [a, b]}",
        )
    }
    assert len(keys) == 5
    assert of_conda(project, "dependencies: [{pip: [a, b]}]").key in keys


def test_what_is_on_this_disk_is_named_by_its_whole_path(project: Path) -> None:
    for name in ("own", "own2", "wheels"):
        (project / name).mkdir()
    (project / "w.whl").touch()
    lines = [
        "-e ./own[x]",
        "--editable=own2",
        "./own ; python_version > '3'",
        "w.whl",
        ".",
        "-f wheels",
        "own",
        "./gone",
    ]
    found, sources = located(
        [*lines, "-e git+https://h/x@v", "a @ https://h/a.whl", "--find-links https://h/"], project
    )
    assert found[:8] == (
        f"-e {project}/own[x]",
        f"--editable {project}/own2",
        f"{project}/own; python_version > '3'",
        f"{project}/w.whl",
        f"{project}",
        f"-f {project}/wheels",
        "own",
        "./gone",
    )
    assert found[8:] == ("-e git+https://h/x@v", "a @ https://h/a.whl", "--find-links https://h/")
    assert len(sources) == 6


def test_a_package_that_is_copied_changes_with_its_sources_and_one_that_is_linked_with_its_description(
    tmp_path: Path,
) -> None:
    own = tmp_path / "own"
    (own / "build").mkdir(parents=True)
    (own / "pyproject.toml").write_text("[project]")
    (own / "own.py").write_text("VALUE = 1")

    def state() -> tuple[str, ...]:
        return located(["./own", "-e ./own"], tmp_path)[1]

    first = state()
    (own / "build" / "own.py").write_text("VALUE = 1")
    (own / "data.csv").write_text("1")
    assert state() == first
    (own / "own.py").write_text("VALUE = 22")
    second = state()
    assert (second[0] != first[0], second[1] == first[1]) == (True, True)
    (own / "pyproject.toml").write_text("[project]\nname = 'own'")
    assert state()[1] != first[1]
