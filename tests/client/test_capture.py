"""What is kept of a run beside what its script logs, seen by scripts run as processes of their own."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from runfolio.client.capture import system_metrics
from runfolio.core import settings
from runfolio.core.entities import Run
from runfolio.store import open_store
from runfolio.store.bulk import read_runs
from runfolio.store.recover import recover
from runfolio.store.search import find_runs
from tests.client.conftest import Script

ON = {"RUNFOLIO_CAPTURE": "1"}


def runs_of(folder: Path) -> list[Run]:
    """All runs of a store, in the order they were started."""
    store = open_store(folder)
    recover(store)
    found = sorted(read_runs(store, find_runs(store)), key=lambda run: run.id)
    store.close()
    return found


def file_of(folder: Path, run: Run, name: str) -> Path:
    """A captured file of a run."""
    return folder / "artifacts" / run.run_id / "runfolio" / name


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder as somebody."""
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def test_the_state_of_the_code(script: Script, folder: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "feature/x")
    (tmp_path / "model.py").write_text("depth = 1\n")
    (tmp_path / ".gitignore").write_text("store\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    git(tmp_path, "remote", "add", "origin", "https://ada:hunter2@example.org/team/code.git")
    (tmp_path / "model.py").write_text("depth = 2\n")
    (tmp_path / "strange\nname.txt").write_text("x")
    script("import runfolio\nwith runfolio.start_run(): pass", **ON)

    (run,) = runs_of(folder)
    assert run.tags["mlflow.source.git.commit"] == git(tmp_path, "rev-parse", "HEAD")
    assert run.tags["mlflow.source.git.branch"] == "feature/x"
    assert run.tags["mlflow.source.git.repoURL"] == "https://example.org/team/code.git"
    assert run.tags["mlflow.source.git.dirty"] == "True"
    patch = file_of(folder, run, "changes.patch").read_text()
    assert "# not in git: strange\\nname.txt" in patch and "# not in git: script.py" in patch
    git(tmp_path, "stash", "-q")
    (tmp_path / "kept.patch").write_text(patch.partition("# not in git")[0])
    git(tmp_path, "apply", "kept.patch")
    assert (tmp_path / "model.py").read_text() == "depth = 2\n", "the patch leads from the commit to the code that ran"


def test_a_repository_cannot_have_its_own_programs_run(script: Script, folder: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "data.bin").write_text("a")
    (tmp_path / ".gitattributes").write_text("*.bin filter=evil diff=evil\n")
    git(tmp_path, "add", "data.bin", ".gitattributes")
    git(tmp_path, "commit", "-qm", "first")
    (tmp_path / "data.bin").write_text("changed")
    trap = tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\necho $0 >> {tmp_path / 'sprung'}\ncat\n")
    trap.chmod(0o755)
    for name in (
        "core.fsmonitor", "core.pager", "diff.external", "diff.evil.command", "diff.evil.textconv", "filter.evil.clean",
        "filter.evil.process", "filter.evil.smudge", "core.sshCommand", "core.hooksPath", "gpg.program",
    ):  # fmt: skip
        git(tmp_path, "config", name, str(trap))
    (tmp_path / "sprung").unlink(missing_ok=True)
    script("import runfolio\nwith runfolio.start_run(): pass", **ON)
    assert not (tmp_path / "sprung").exists()
    assert "changed" in file_of(folder, runs_of(folder)[0], "changes.patch").read_text()


def test_without_git_and_outside_of_a_repository(script: Script, folder: Path, tmp_path: Path) -> None:
    script("import runfolio\nwith runfolio.start_run(): pass", **ON, PATH=str(tmp_path))
    (run,) = runs_of(folder)
    assert not [name for name in run.tags if "git" in name]
    assert run.tags["runfolio.python"]


def test_program_packages_and_host(script: Script, folder: Path, tmp_path: Path) -> None:
    script("import runfolio\nwith runfolio.start_run(): pass\nwith runfolio.start_run(): pass", **ON)
    first, second = runs_of(folder)
    assert first.tags["runfolio.folder"] == str(tmp_path)
    assert first.tags["runfolio.script"] == str(tmp_path / "script.py")
    assert first.tags["mlflow.source.type"] == "LOCAL"
    assert {"runfolio.host", "runfolio.cpu", "runfolio.memory", "runfolio.system"} <= first.tags.keys()
    assert first.tags == second.tags
    lock = file_of(folder, first, "requirements.txt").read_text().splitlines()
    assert lock[0].startswith("# Python 3.")
    assert any(line.startswith("SQLAlchemy==") for line in lock), "also what the script does not import"
    inodes = {file_of(folder, run, "requirements.txt").stat().st_ino for run in (first, second)}
    assert len(inodes) == 1, "the runs share the bytes"


def test_console_output_is_kept_as_a_terminal_shows_it(script: Script, folder: Path) -> None:
    script(
        r"""
        import sys, runfolio
        print("before")
        with runfolio.start_run(run_name="parent"):
            print("one", "two")
            for percent in range(0, 101, 10):
                sys.stderr.write(f"\r{percent:3}% done")
            print("", file=sys.stderr)
            print("\033[31mred\033[0m", "Grüße")
            with runfolio.start_run(run_name="child", nested=True):
                print("in the child")
            print("no end of line", end="")
        print("after")
        """,
        **ON,
    )
    parent, child = runs_of(folder)
    assert file_of(folder, child, "console.log").read_text() == "in the child\n"
    text = file_of(folder, parent, "console.log").read_text(encoding="utf-8")
    assert text == "one two\n100% done\nred Grüße\nin the child\nno end of line"


def test_a_script_prints_on_while_the_disk_has_no_place_for_its_output(script: Script, folder: Path) -> None:
    done = script(
        """
        import pathlib, runfolio
        with runfolio.start_run() as run:
            runfolio.flush()
            files = pathlib.Path(run.info.artifact_uri).parent
            files.rmdir()
            files.write_text("in the way")
            print("first")
            print("second")
            files.unlink()
            print("third")
        """,
        **ON | {"RUNFOLIO_CAPTURE_PACKAGES": "0", "RUNFOLIO_CAPTURE_GIT": "0"},
    )
    assert done.stdout == "first\nsecond\nthird\n"
    assert done.stderr.count("console output") == 1 and "Not a directory" in done.stderr
    (run,) = runs_of(folder)
    assert run.status == "FINISHED" and file_of(folder, run, "console.log").read_text() == "third\n"


def test_secrets_are_not_stored(script: Script, folder: Path, tmp_path: Path) -> None:
    secret = "hunter2-very-secret"
    (tmp_path / "launch.py").write_text(
        "import runpy, sys\nsys.argv = ['script.py']\nrunpy.run_path('script.py', run_name='__main__')\n"
    )
    script(
        f"""
        import subprocess, sys, os
        if len(sys.argv) == 1:
            command = [sys.executable, __file__, "--api-key", "{secret}", "--password={secret}", "--lr", "0.1",
                       "postgresql://ada:{secret}@host/db"]
            sys.exit(subprocess.call(command))
        import runfolio
        with runfolio.start_run():
            raise SystemExit(0)
        """,
        **ON,
        AWS_SECRET_ACCESS_KEY=secret,
        DB_PASSWORD=secret,
    )
    (run,) = runs_of(folder)
    assert "--lr 0.1" in run.tags["runfolio.command"] and "@host/db" in run.tags["runfolio.command"]
    for file in folder.rglob("*"):
        assert not file.is_file() or secret.encode() not in file.read_bytes(), file


def test_why_a_run_failed(script: Script, folder: Path) -> None:
    done = script(
        """
        import runfolio
        def train():
            raise ValueError("the loss is NaN")
        with runfolio.start_run():
            train()
        """,
        code=1,
        **ON,
    )
    assert "ValueError: the loss is NaN" in done.stderr
    (run,) = runs_of(folder)
    assert run.status == "FAILED" and run.tags["runfolio.error"] == "ValueError: the loss is NaN"
    trace = file_of(folder, run, "traceback.txt").read_text()
    assert "in train" in trace and trace.endswith("ValueError: the loss is NaN\n")


def test_the_load_of_the_machine(script: Script, folder: Path) -> None:
    script(
        """
        import runfolio
        with runfolio.start_run(log_system_metrics=True) as run:
            while not runfolio.get_run(run.info.run_id).data.metrics:
                pass
        """,
        RUNFOLIO_CAPTURE="0",
        RUNFOLIO_SYSTEM_METRICS_INTERVAL="0.1",
    )
    (run,) = runs_of(folder)
    assert {"system/cpu_utilization_percentage", "system/system_memory_usage_megabytes"} <= run.metrics.keys()
    assert run.metrics["system/system_memory_usage_percentage"].last > 0
    assert run.last_step is None, "samples of the load are no steps of the training"


def test_samples_and_the_machines_name_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING", "3")
    monkeypatch.setenv("MLFLOW_SYSTEM_METRICS_NODE_ID", "rank-1")
    assert system_metrics.samples_before_logging() == 3
    assert "system/rank-1/cpu_utilization_percentage" in system_metrics.Load().sample()
    monkeypatch.setenv("RUNFOLIO_SYSTEM_METRICS_SAMPLES", "many")
    monkeypatch.setenv("RUNFOLIO_SYSTEM_METRICS_NODE_ID", "../x")
    assert system_metrics.samples_before_logging() == 1
    assert "system/cpu_utilization_percentage" in system_metrics.Load().sample()


def test_a_machine_that_does_not_tell_its_load_is_told_of(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused() -> None:
        raise PermissionError("/proc/net/dev may not be read")

    monkeypatch.setattr("psutil.net_io_counters", refused)
    sampler = system_metrics.Sampler(list)
    sampler.start()
    sampler.stop()
    assert "/proc/net/dev may not be read" in caplog.text


@pytest.mark.parametrize(
    ("switch", "gone"),
    [
        ("RUNFOLIO_CAPTURE", ["runfolio.host", "runfolio.python", "requirements.txt", "console.log"]),
        ("RUNFOLIO_CAPTURE_HOST", ["runfolio.host"]),
        ("RUNFOLIO_CAPTURE_PROGRAM", ["runfolio.command", "runfolio.python"]),
        ("RUNFOLIO_CAPTURE_PACKAGES", ["requirements.txt"]),
        ("RUNFOLIO_CAPTURE_CONSOLE", ["console.log"]),
        ("RUNFOLIO_CAPTURE_FAILURE", ["runfolio.error", "traceback.txt"]),
    ],
)
def test_each_part_can_be_switched_off(script: Script, folder: Path, switch: str, gone: list[str]) -> None:
    source = "import runfolio\nwith runfolio.start_run():\n    print('hello')\n    raise ValueError('x')\n"
    script(source, code=1, **{**ON, switch: "off"})
    (run,) = runs_of(folder)
    for name in gone:
        assert name not in run.tags
        assert not file_of(folder, run, name).exists()
    if switch != "RUNFOLIO_CAPTURE":
        others = {"runfolio.host", "runfolio.command", "runfolio.error"} - set(gone)
        assert others <= run.tags.keys()


def test_a_part_can_be_switched_off_for_all_scripts_and_on_again_for_one(script: Script, folder: Path) -> None:
    settings.save({"capture_host": False, "capture_program": False})
    script("import runfolio\nwith runfolio.start_run(): pass\n", **ON, RUNFOLIO_CAPTURE_PROGRAM="1")
    (run,) = runs_of(folder)
    assert "runfolio.host" not in run.tags and "runfolio.command" in run.tags
