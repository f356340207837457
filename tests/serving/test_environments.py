"""Models served in the environment that they declare, which is made of small packages on the disk."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest

from runfolio.client.tracker import close_all
from runfolio.models.safety.hashing import fingerprint
from runfolio.models.safety.trust import trust
from runfolio.tracking import MlflowClient
from tests.models.test_check import LOADER, model_with
from tests.models.wheels import make_wheel, only_source
from tests.other_processes import until
from tests.serving.server import Server

#: Says by which Python it predicts, and whether what the desktop has is there.
TELLS = "import sys, importlib.util; return [sys.prefix, importlib.util.find_spec('PySide6') is None]"

#: What loads any model, and says so.
MLFLOW = """
class Loaded:
    def predict(self, data):
        return ["by mlflow", *data]

def load_model(path):
    return Loaded()
"""


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place that packages come from."""
    return only_source(tmp_path, monkeypatch)


def test_the_model_answers_in_its_own_environment_which_is_kept(wheels: Path, tmp_path: Path) -> None:
    folder = model_with(wheels, body=TELLS)
    with Server(folder, ["--env-manager", "auto"]) as server:
        prefix, apart = server.ask({"inputs": [1, 2]}).predictions
        assert Path(prefix).is_relative_to(tmp_path / "environments") and apart
        (first,) = server.workers
        os.kill(first, signal.SIGKILL)
        until(lambda: server.lives() and server.workers != [first])
        assert server.ask({"inputs": [1, 2]}).predictions == [prefix, True], "also the next process is in it"
        told = server.ask({"dataframe_records": [{"a": 1}]})
        assert (told.status, "in the model's environment" in told.told["message"]) == (501, True)
    (tmp_path / "wheels" / "tiny_loader-1.0-py3-none-any.whl").unlink()
    with Server(folder, ["--env-manager", "uv"]) as server:
        assert server.ask({"inputs": [1]}).predictions == [prefix, True], "the environment was kept"


def test_a_version_that_takes_over_answers_in_its_own_environment(wheels: Path, tmp_path: Path) -> None:
    first = model_with(wheels, body="return [1]")
    second = shutil.copytree(first, tmp_path / "second")
    make_wheel(wheels, "tiny-loader", "2.0", {"tiny_loader.py": LOADER.format(imports="", body="return [2]", factor=2)})
    (second / "requirements.txt").write_text("tiny-loader==2.0")
    client = MlflowClient(tracking_uri=str(tmp_path / "default-store"))
    client.create_registered_model("tiny")
    for folder in (first, second):
        trust(fingerprint(folder), "one of the test's own")
        client.create_model_version("tiny", str(folder))
    client.set_registered_model_alias("tiny", "best", "1")
    with Server("models:/tiny@best", ["--env-manager", "auto"]) as server:
        assert server.ask({"inputs": [1]}).predictions == [1]
        client.set_registered_model_alias("tiny", "best", "2")
        until(lambda: server.get("/status").told["version"] == "2")
        assert server.ask({"inputs": [1]}).predictions == [2]
    close_all()


def test_in_the_environment_that_is_here_what_lacks_is_named(wheels: Path) -> None:
    with Server(model_with(wheels), fails=True) as server:
        assert server.code == 5
    assert "tiny_loader" in server.stderr and "requirements.txt" in server.stderr
    assert "Traceback" not in server.stderr


def test_mlflow_loads_the_model_where_it_is_listed(wheels: Path) -> None:
    make_wheel(wheels, "mlflow", "9.9", {"mlflow/__init__.py": "", "mlflow/pyfunc.py": MLFLOW})
    folder = model_with(wheels, requirements="tiny-loader==1.0\nmlflow==9.9")
    with Server(folder, ["--env-manager", "auto"]) as server:
        assert server.ask({"inputs": [1, 2]}).predictions == ["by mlflow", 1, 2]


def test_an_environment_that_cannot_be_made_is_told(wheels: Path) -> None:
    with Server(model_with(wheels, requirements="nobody-has-this==1"), ["--env-manager", "auto"], fails=True) as server:
        assert server.code == 1
    assert "nobody-has-this" in server.stderr and "Traceback" not in server.stderr


@pytest.mark.parametrize(("word", "told"), [("conda", "--env-manager auto"), ("poetry", "no environment manager")])
def test_another_manager_than_it_has_is_refused(wheels: Path, word: str, told: str) -> None:
    with Server(model_with(wheels), ["--env-manager", word], fails=True) as server:
        assert server.code in (1, 2)
    assert told in server.stderr
