"""The environment of a model: what users say of it, and the files that are written."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest
import yaml

from runfolio.core.errors import InvalidValue, NotFound
from runfolio.environments.installed import lock_here
from runfolio.environments.requirements import name_of
from runfolio.models.environment import files
from runfolio.models.environment.files import Declared, write_environment
from runfolio.models.environment.requirements import installed_version, read_requirements, united


def written(folder: Path, asked: Declared, needed: list[str]) -> list[str]:
    write_environment(folder, asked, needed)
    lines = (folder / "requirements.txt").read_text().splitlines()
    conda = yaml.safe_load((folder / "conda.yaml").read_text())
    (pip,) = [one["pip"] for one in conda["dependencies"] if isinstance(one, dict)]
    assert pip == lines
    return [line for line in lines if not line.startswith("mlflow")]


def test_the_files_are_those_of_mlflow(tmp_path: Path) -> None:
    assert written(tmp_path, Declared(), ["b==2", "a==1"]) == ["a==1", "b==2"]
    conda = yaml.safe_load((tmp_path / "conda.yaml").read_text())
    assert list(conda) == ["channels", "dependencies", "name"]
    assert conda["dependencies"][0] == f"python={files.python_version()}"
    python = yaml.safe_load((tmp_path / "python_env.yaml").read_text())
    assert list(python) == ["python", "build_dependencies", "dependencies"]
    assert python["dependencies"] == ["-r requirements.txt"]


def test_requirements_of_the_user_stand_alone(tmp_path: Path) -> None:
    assert written(tmp_path, Declared(pip_requirements=["scipy>=1", "# nothing", "six"]), ["a==1"]) == [
        "scipy>=1",
        "six",
    ]


def test_extra_requirements_come_besides_and_win(tmp_path: Path) -> None:
    extra = ["Scikit_Learn==1.0", "six"]
    assert written(tmp_path, Declared(extra_pip_requirements=extra), ["scikit-learn==1.9", "a==1"]) == ["a==1", *extra]


def test_files_of_requirements_and_constraints_are_followed(tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_text("numpy \\\n  >=1  # why\n-c limits.txt\n")
    (tmp_path / "limits.txt").write_text("numpy<3\n")
    (tmp_path / "first.txt").write_text("--requirement=more.txt\nsix\n")
    model = tmp_path / "model"
    model.mkdir()
    assert written(model, Declared(pip_requirements=str(tmp_path / "first.txt")), []) == [
        "numpy   >=1",
        "six",
        "-c constraints.txt",
    ]
    assert (model / "constraints.txt").read_text() == "numpy<3"


def test_a_conda_environment_keeps_what_is_not_of_pip(tmp_path: Path) -> None:
    environment = {"name": "mine", "channels": ["x"], "dependencies": ["python=3.11", "gcc", {"pip": ["six"]}]}
    assert written(tmp_path, Declared(conda_env=environment), ["a==1"]) == ["six"]
    conda = yaml.safe_load((tmp_path / "conda.yaml").read_text())
    assert conda["name"] == "mine"
    assert conda["dependencies"][:2] == ["python=3.11", "gcc"]


def test_mlflow_is_asked_for_once(tmp_path: Path) -> None:
    write_environment(tmp_path, Declared(pip_requirements=["mlflow-skinny==3.1"]), [])
    assert (tmp_path / "requirements.txt").read_text() == "mlflow-skinny==3.1"


def test_only_one_way_to_say_it() -> None:
    with pytest.raises(InvalidValue, match="Only one of"):
        Declared(conda_env={}, pip_requirements=[])


@pytest.mark.parametrize("given", [3, [3], {"a": 1}.items()])
def test_what_is_no_requirement_is_refused(given: object) -> None:
    with pytest.raises(InvalidValue, match="list of texts"):
        read_requirements(given)


def test_a_file_that_is_missing_or_names_itself_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="cannot be read"):
        read_requirements(str(tmp_path / "none.txt"))
    (tmp_path / "itself.txt").write_text("-r itself.txt\n")
    with pytest.raises(InvalidValue, match="names itself"):
        read_requirements(str(tmp_path / "itself.txt"))


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Scikit_Learn[extra]>=1.0; python_version > '3'", "scikit-learn"),
        ("torch @ https://example.org/torch.whl", "torch"),
        ("./wheels/mine.whl", ""),
        ("https://example.org/mine.whl", ""),
        ("-e .", ""),
        ("--index-url https://example.org", ""),
    ],
)
def test_names_of_requirements(line: str, name: str) -> None:
    assert name_of(line) == name


def test_needs_are_listed_once() -> None:
    assert united(["a==1", "a==1", "b"], ["b>2"]) == ["a==1", "b>2"]


def test_what_is_half_gone_is_passed_over_also_by_the_library_that_raises_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("importlib_metadata")
    (tmp_path / "half_gone-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert installed_version("half-gone") is None
    assert "half" not in lock_here()


def test_versions_are_those_that_installers_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("Odd.Name_x-2.0.post1+cpu.dist-info", "half_gone-1.0.dist-info"):
        (tmp_path / folder).mkdir()
    (tmp_path / "Odd.Name_x-2.0.post1+cpu.dist-info" / "METADATA").write_text(
        "Name: odd-name-x\nVersion: 2.0.post1+cpu\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert installed_version("odd_name.X") == "2.0.post1+cpu"
    assert installed_version("half-gone") is None and installed_version("odd-name") is None
    for package in ("numpy", "scikit-learn", "PyYAML", "pytest-qt"):
        assert installed_version(package) == metadata.version(package)
