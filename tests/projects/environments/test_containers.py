"""Projects in containers, by a client of docker that notes what it is asked and runs commands on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from runfolio.core.errors import EnvironmentProblem, InvalidValue, NotBuilt
from runfolio.core.projects.records import DeclaredEnvironment, EnvironmentKind
from runfolio.core.projects.request import EnvManager
from runfolio.projects.environments import prepare, status
from runfolio.projects.environments.containers import CODE
from tests.projects.environments import fake_docker

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script")


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the stand-in has noted; it is the first docker on the path."""
    folder = tmp_path / "docker"
    for name in ("images", "names", "bin"):
        (folder / name).mkdir(parents=True)
    script = folder / "bin" / "docker"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{fake_docker.__file__}" "$@"\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("DOCKER_NOTES", str(folder))
    return folder


def declared(image: str = "digits:1", **more: Any) -> DeclaredEnvironment:
    return DeclaredEnvironment(EnvironmentKind.DOCKER, image=image, **more)


def asked(notes: Path) -> list[list[str]]:
    return [json.loads(line) for line in (notes / "asked").read_text().splitlines()]


def test_an_image_is_pulled_once_and_the_pulling_is_heard(project: Path, notes: Path) -> None:
    told: list[str] = []
    for _ in range(2):
        with prepare(project, declared(), tell=told.append) as prepared:
            assert (prepared.manager, prepared.python) == (EnvManager.DOCKER, None)
            assert prepared.lock == "# docker digits:1 sha256:0123456789abcdef\n"
    pulled = ["Pulling the image digits:1.", "latest: Pulling from library", "Status: Downloaded newer image"]
    assert told == pulled
    assert [one[0] for one in asked(notes)] == ["image", "pull", "image", "image"]


def test_a_command_is_run_as_mlflow_runs_it(project: Path, notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSED_ON", "from here")
    store = project.parent / "store"
    (project / "data").mkdir()
    with prepare(
        project,
        declared(volumes=("./data:/data", "/tmp:/out", "named:/v"), variables=(("PASSED_ON", None), ("NEW", "a b"))),
    ) as prepared:
        assert prepared.container is not None
        variables = {"RUNFOLIO_STORE": str(store), "VALUE": "$(touch x) 'y'", "DATA": str(project / "data" / "a.csv")}
        command = 'pwd; echo "$VALUE|$NEW|$PASSED_ON|$DATA|$RUNFOLIO_STORE" > answer; exit 5'
        argv = prepared.container.wrap(
            command, variables, project, name="runfolio-1", mounts={store: "/runfolio/store"}
        )
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (5, f"{project}\n"), done.stderr
    told = (project / "answer").read_text()
    assert told == f"$(touch x) 'y'|a b|from here|{CODE}data/a.csv|/runfolio/store\n"
    call = asked(notes)[-1]
    assert call[:5] == ["run", "--rm", "--init", "--name", "runfolio-1"]
    assert call[call.index("--user") + 1] == f"{os.getuid()}:{os.getgid()}"
    volumes = [call[at + 1] for at, one in enumerate(call) if one == "-v"]
    mounted = [f"{project}:/mlflow/projects/code", f"{store}:/runfolio/store"]
    assert volumes == [*mounted, f"{project}/data:/data", "/tmp:/out", "named:/v"]
    assert call[call.index("-w") + 1] == "/mlflow/projects/code/" and "PASSED_ON" in call
    assert call[-4:] == ["digits:1", "bash", "-c", command]


def test_a_container_is_ended_by_its_name_though_its_client_is_gone(project: Path, notes: Path) -> None:
    with prepare(project, declared()) as prepared:
        container = prepared.container
    assert container is not None
    argv = container.wrap("echo begun; exec sleep 600", {}, project, name="runfolio-2")
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as client:
        assert client.stdout is not None
        assert client.stdout.readline() == b"begun\n"
        client.kill()
        container.kill("runfolio-2")
        assert client.stdout.read() == b""  # nobody has its output open any more
    assert asked(notes)[-1] == ["kill", "runfolio-2"]


def test_an_image_that_is_not_to_be_had_is_told_with_the_last_words(project: Path, notes: Path) -> None:
    with pytest.raises(NotBuilt, match="The image missing:1 cannot be had") as problem:
        prepare(project, declared("missing:1")).__enter__()
    assert "pull access denied" in problem.value.hint


def test_a_variable_that_is_not_there_is_told_before_anything_is_done(project: Path, notes: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="NOT_SET of your environment"):
        prepare(project, declared(variables=(("NOT_SET", None),))).__enter__()
    assert not (notes / "asked").exists()


def test_without_docker_that_is_told(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    found = status(project, declared())
    assert (found.manager, found.ready) == (EnvManager.DOCKER, False)
    assert "there is no docker here" in found.problem and "--env-manager local" in found.hint
    with pytest.raises(EnvironmentProblem, match="there is no docker here"):
        prepare(project, declared()).__enter__()


def test_what_is_asked_for_beside_docker(project: Path, notes: Path) -> None:
    assert status(project, declared()).ready is None
    with prepare(project, declared(), EnvManager.LOCAL) as prepared:
        assert prepared.container is None
    with pytest.raises(InvalidValue, match="runs in the image digits:1, which uv does not make"):
        prepare(project, declared(), EnvManager.UV).__enter__()
