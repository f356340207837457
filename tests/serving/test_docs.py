"""The examples of the page on serving do what it says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from runfolio.cli.main import app
from runfolio.serving.front.document import ERRORS
from tests.serving.server import Server

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "serving.md").read_text("utf-8")


def examples(language: str) -> list[str]:
    """The pieces of the page in a language."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.skipif(shutil.which("curl") is None or shutil.which("bash") is None, reason="there is no curl")
@pytest.mark.parametrize("example", examples("bash"))
def test_the_examples_with_curl_are_answered(servers: dict[str, Server], example: str) -> None:
    script = f"SERVER={servers['classifier'].address}\n{example}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(done.stdout) == {"predictions": [0, 1]}


@pytest.mark.parametrize("example", examples("python"))
def test_the_examples_in_python_are_answered(servers: dict[str, Server], example: str) -> None:
    names: dict[str, object] = {"server": servers["classifier"].address}
    exec(example, names)
    assert names["predictions"] == [0, 1]


def test_every_option_route_and_status_is_there(servers: dict[str, Server]) -> None:
    told = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["models", "serve", "--help"]).output
    options = set(re.findall(r"--[a-z-]+", told)) - {"--help", "--json", "--trust", "--store", "--model-uri"}
    for one in sorted(options):
        if one not in ("--port", "--no-trust"):
            assert one in PAGE, one
    for path in servers["classifier"].get("/openapi.json").told["paths"]:
        assert path in PAGE, path
    for status in ERRORS:
        assert status in PAGE, status
