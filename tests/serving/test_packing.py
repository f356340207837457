"""Folders that images of models are built from; what is in them is run here, without an engine."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from runfolio.cli.main import app
from runfolio.core.errors import AlreadyExists, InvalidValue
from runfolio.serving.control import TOKEN_VARIABLE
from runfolio.serving.packing.context import NEEDS, write_context

#: What Runfolio depends on and an image has not; whoever imports it there fails.
NOT_THERE = "PySide6 sqlalchemy alembic platformdirs pyqtgraph pygments typer rich matplotlib lark regex psutil optuna"
GUARD = """
import importlib.abc, sys

class Guard(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names!r}:
            raise ModuleNotFoundError(f"an image has no {{name}}", name=name)
        if name in ("runfolio.gui", "runfolio.cli"):
            raise AssertionError(f"{{name}} was left out")

sys.meta_path.insert(0, Guard())
"""
ROWS = {"dataframe_split": {"columns": ["a", "b"], "data": [[1.0, 4.0], [4.0, 1.0]]}}


def entry_point(context: Path) -> list[str]:
    """What a container starts, with the places of this machine."""
    (line,) = re.findall(r"^ENTRYPOINT (.*)$", (context / "Dockerfile").read_text(), re.MULTILINE)
    named = {"python": sys.executable, "/opt/model": str(context / "model"), "0.0.0.0": "0.0.0.0", "8080": free_port()}
    return [named.get(word, word) for word in json.loads(line)]


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return str(found.getsockname()[1])


def variables(context: Path, **more: str) -> dict[str, str]:
    """Those of a container: the package of the context, and nothing of what else Runfolio depends on."""
    guard = context.parent / "guard"
    guard.mkdir(exist_ok=True)
    (guard / "sitecustomize.py").write_text(GUARD.format(names=set(NOT_THERE.split())))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RUNFOLIO")}
    return {**kept, "PYTHONPATH": os.pathsep.join([str(guard), str(context / "app")]), **more}


@contextmanager
def started(context: Path, **more: str) -> Iterator[str]:
    """The context's server; its address."""
    command = entry_point(context)
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=variables(context, **more), cwd=context)
    assert process.stderr is not None
    try:
        told = ""
        for line in process.stderr:
            told += line
            if " answers at " in line:
                break
        else:
            raise AssertionError(told)
        yield f"http://127.0.0.1:{command[command.index('--port') + 1]}"
    finally:
        process.terminate()
        process.stderr.read()
        process.stderr.close()
        assert process.wait(60) == 0


def ask(address: str, token: str = "") -> tuple[int, Any]:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(f"{address}/invocations", json.dumps(ROWS).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


@pytest.fixture
def context(folders: dict[str, Path], tmp_path: Path) -> Path:
    write_context(folders["classifier"], tmp_path / "image")
    return tmp_path / "image"


def test_what_is_in_an_image_answers_whoever_has_the_token(context: Path) -> None:
    with started(context, **{TOKEN_VARIABLE: "secret"}) as address:
        assert ask(address, "secret") == (200, {"predictions": [0, 1]})
        assert ask(address)[0] == ask(address, "wrong")[0] == 401
        (check,) = re.findall(r"HEALTHCHECK .* CMD (.*)", (context / "Dockerfile").read_text())
        asked = [sys.executable if word == "python" else word for word in json.loads(check)]
        asked[-1] = asked[-1].replace("http://127.0.0.1:8080", address)
        subprocess.run(asked, check=True)


def test_it_does_not_start_without_a_token(context: Path) -> None:
    done = subprocess.run(entry_point(context), env=variables(context), capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"{TOKEN_VARIABLE} is not set" in done.stderr


def test_a_model_with_code_of_its_own_answers_everybody_where_that_was_written(
    folders: dict[str, Path], tmp_path: Path
) -> None:
    write_context(folders["echo"], tmp_path / "image", token=False)
    with started(tmp_path / "image") as address:
        status, told = ask(address)
    assert (status, told["predictions"]["params"]) == (200, None)
    assert "mlflow" in (tmp_path / "image" / "requirements.txt").read_text()  # which its code may import


def test_the_folder_has_what_the_image_is_built_of(context: Path) -> None:
    text = (context / "Dockerfile").read_text()
    assert f"FROM python:{sys.version_info.major}.{sys.version_info.minor}-slim\n" in text
    assert "\nUSER served\n" in text and "\nEXPOSE 8080\n" in text
    for line in re.findall(r"^COPY (?:--chown=\S+ )?(.*) \S+$", text, re.MULTILINE):
        assert all((context / name).exists() for name in line.split())
    required = (context / "requirements.txt").read_text().splitlines()
    assert {"uvicorn", "httptools"} <= {line.partition(">")[0] for line in required}
    assert any(line.startswith("scikit-learn==") for line in required)
    assert not any(line.startswith("mlflow") for line in required)
    assert not (context / "app" / "runfolio" / "gui").exists()
    assert not [*context.rglob("__pycache__")]


def test_what_the_server_needs_is_what_the_package_depends_on() -> None:
    project = tomllib.loads(Path(__file__).parents[2].joinpath("pyproject.toml").read_text())["project"]
    assert {*NEEDS} <= {*project["dependencies"]}


@pytest.mark.parametrize("old", [True, False])
def test_what_no_image_can_be_made_for_is_refused_and_leaves_nothing(
    folders: dict[str, Path], tmp_path: Path, old: bool
) -> None:
    model = shutil.copytree(folders["classifier"], tmp_path / "model")
    if old:
        (model / "python_env.yaml").write_text("python: 3.9.2\n")
        with pytest.raises(InvalidValue, match=r"Python 3\.9"):
            write_context(model, tmp_path / "image")
    else:
        (tmp_path / "image").mkdir()
        (tmp_path / "image" / "notes.txt").touch()
        with pytest.raises(AlreadyExists):
            write_context(model, tmp_path / "image")
    assert not [*tmp_path.glob(".*.part")]


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script")
@pytest.mark.parametrize("code", [0, 7])
def test_docker_is_asked_to_build_the_folder(
    folders: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    notes, script = tmp_path / "asked", tmp_path / "bin" / "docker"
    script.parent.mkdir()
    noted = shlex.quote(str(notes))
    script.write_text(f'#!/bin/sh\necho "$@" > {noted}\nls "$4" >> {noted}\nexit {code}\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{os.environ['PATH']}")
    done = CliRunner().invoke(app, ["models", "build-docker", "-m", str(folders["classifier"]), "-n", "clf:1"])
    asked, *listed = notes.read_text().splitlines()
    assert re.fullmatch(r"build -t clf:1 \S+", asked)
    assert listed == ["Dockerfile", "app", "lock.txt", "model", "requirements.txt"]
    assert (done.exit_code == 0) == (code == 0)
    assert not Path(asked.split()[-1]).exists()


def test_the_command_line_writes_the_folder(folders: dict[str, Path], tmp_path: Path) -> None:
    target = tmp_path / "image"
    asked = [
        "models",
        "generate-dockerfile",
        "-m",
        str(folders["classifier"]),
        "-d",
        str(target),
        "--no-token",
        "--json",
    ]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["target"] == str(target)
    assert "--no-token" in (target / "Dockerfile").read_text()
