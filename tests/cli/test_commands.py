"""The command line as a shell sees it: output, messages and exit codes of real processes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import typer
from PIL import Image

import runfolio
from runfolio.cli.exit_codes import ExitCode
from runfolio.cli.main import app
from runfolio.store.opening import SCHEMA_VERSION
from tests.cli.processes import run_command

HIDDEN = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def run(*arguments: str, code: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command on a machine without a display."""
    variables = {name: value for name, value in os.environ.items() if name not in HIDDEN}
    done = run_command(arguments, {**variables, **environment})
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def commands(typer_app: typer.Typer, before: Sequence[str] = ()) -> list[tuple[str, ...]]:
    """The words of every command there is."""
    found = [(*before, str(command.name)) for command in typer_app.registered_commands]
    for group in typer_app.registered_groups:
        assert group.typer_instance is not None
        found += [(*before, str(group.name)), *commands(group.typer_instance, (*before, str(group.name)))]
    return found


@pytest.mark.parametrize("words", [(), *commands(app)], ids=lambda words: " ".join(words) or "runfolio")
def test_every_command_has_help(words: tuple[str, ...]) -> None:
    text = run(*words, "--help", COLUMNS="200").stdout
    assert "Usage" in text and len(text.splitlines()) > 5
    assert "COMMAND" in text or "--json" in text, "programs call it too"


def test_the_exit_codes_are_those_of_their_page() -> None:
    page = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")
    assert [int(code) for code in re.findall(r"^\| (\d+) \|", page, re.M)] == sorted(ExitCode)


def test_version() -> None:
    assert run("--version").stdout.strip() == f"runfolio {runfolio.__version__}"


def test_runs_are_listed(tmp_path: Path) -> None:
    script = (
        "import runfolio\nrunfolio.set_experiment('a/[b]')\n"
        "for lr in (1, 2):\n"
        "    with runfolio.start_run(run_name=f'[red]r{lr}'):\n"
        "        runfolio.log_param('lr', lr)\n        runfolio.log_metric('loss', float('nan') if lr == 2 else 0.5)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, env={**os.environ, "RUNFOLIO_STORE": str(tmp_path)})
    table = run("runs", "list", "--store", str(tmp_path), COLUMNS="200").stdout
    assert "[red]r1" in table and "a/[b]" in table and "FINISHED" in table and "0.5" in table
    found: list[dict[str, Any]] = json.loads(run("--store", str(tmp_path), "runs", "list", "--json").stdout)
    assert [(r["name"], r["params"]["lr"]) for r in found] == [("[red]r2", "2"), ("[red]r1", "1")]
    assert [r["metrics"]["loss"]["last"] for r in found] == ["nan", 0.5]
    assert "1 of 2 runs" in run("runs", "list", "--limit", "1", "--store", str(tmp_path)).stdout
    assert len(json.loads(run("runs", "list", "-e", "a/[b]", "--json", RUNFOLIO_STORE=str(tmp_path)).stdout)) == 2
    missing = run("runs", "list", "-e", "none", "--store", str(tmp_path), code=3)
    assert "no experiment 'none'" in missing.stderr


def header(version: int, application: int) -> bytes:
    """The first page of an SQLite file with these numbers."""
    page = bytearray(b"SQLite format 3\0" + bytes(4080))
    page[60:64] = version.to_bytes(4, "big")
    page[68:72] = application.to_bytes(4, "big")
    return bytes(page)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no database at all" * 30, "is not a database"),
        (header(SCHEMA_VERSION + 1, int.from_bytes(b"Rfol", "big")), "written by a newer Runfolio"),
        (header(1, 7), "belongs to another program"),
    ],
)
def test_a_store_that_cannot_serve_is_refused_and_left_alone(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "runfolio.db").write_bytes(content)
    done = run("runs", "list", "--store", str(tmp_path), code=4)
    assert words in done.stderr and done.stdout == ""
    assert [p.name for p in tmp_path.iterdir()] == ["runfolio.db"]
    assert (tmp_path / "runfolio.db").read_bytes() == content


def test_a_store_that_is_not_there(tmp_path: Path) -> None:
    assert "There is no store" in run("runs", "list", "--store", str(tmp_path / "none"), code=3).stderr
    assert not (tmp_path / "none").exists()


def test_wrong_usage(tmp_path: Path) -> None:
    run("runs", "list", "--limit", "0", code=2)
    run("nonsense", code=2)
    assert "not a size" in run("demo", "--screenshot", str(tmp_path / "a.png"), "--size", "big", code=2).stderr
    assert "not the name of a PNG" in run("demo", "--screenshot", str(tmp_path / "a.jpg"), code=2).stderr
    assert "A window is not JSON" in run("demo", "--json", code=2).stderr
    missing = run("demo", "--screenshot", str(tmp_path / "none" / "a.png"), code=5)
    assert "There is no folder" in missing.stderr


def test_a_reader_that_has_had_enough(tmp_path: Path) -> None:
    script = "import runfolio\nfor n in range(300):\n    with runfolio.start_run(): runfolio.log_param('x', 'y' * 500)"
    subprocess.run([sys.executable, "-c", script], check=True, env={**os.environ, "RUNFOLIO_STORE": str(tmp_path)})
    command = f"{sys.executable} -m runfolio runs list -n 300 --json --store {tmp_path} | head -c 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
    assert done.stdout == "[" and done.stderr == ""


def test_the_demo_trains_and_can_be_run_again_and_pictured(tmp_path: Path) -> None:
    store = str(tmp_path / "store")
    for _ in range(2):
        table = run("demo", "--no-window", "--runs", "2", "--epochs", "3", "--store", store, COLUMNS="200").stdout
    assert table.count("FINISHED") == 4
    (first, *_) = found = json.loads(run("runs", "list", "--json", "--store", store).stdout)
    assert len(found) == 4
    assert set(first["metrics"]) == {"train/loss", "train/acc", "val/loss", "val/acc"}
    assert first["metrics"]["val/acc"]["count"] == 3 and 0.5 < first["metrics"]["val/acc"]["max"] <= 1
    assert not list((tmp_path / "store" / "journal").iterdir())
    picture = tmp_path / "window.png"
    options = ("--runs", "0", "--size", "1100x700", "--theme", "light")
    told = json.loads(run("demo", "--screenshot", str(picture), "--json", "--store", store, *options).stdout)
    assert told["target"] == str(picture)
    with Image.open(picture) as image:
        assert image.size == (1100, 700)
        assert len(image.convert("RGB").getcolors(1 << 24) or []) > 200, "more than an empty window"
