"""Running projects: what the process gets, what the run has, and how it ends, whatever happens."""

from __future__ import annotations

import json
import sys
import threading
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil
import pytest

from runfolio.client.tracker import Tracker
from runfolio.core.captured import COMMAND
from runfolio.core.entities import Run
from runfolio.core.errors import InvalidValue, NotFound, Stopped
from runfolio.core.projects.request import EnvManager, RunRequest, read_request
from runfolio.core.projects.tags import ENTRY_POINT, EXIT_CODE, REQUEST, RETRIES, SOURCE_TYPE
from runfolio.core.states import RunStatus
from runfolio.core.system_tags import ERROR_TAG
from runfolio.projects.running import process, resolve
from runfolio.projects.running.observer import Observer
from runfolio.projects.running.resolve import work_folder
from runfolio.projects.running.run import run_request
from tests.other_processes import lives
from tests.projects.conftest import MakeProject

Runs = Callable[[], Mapping[str, Run]]

MAIN = """\
    entry_points:
      main:
        parameters:
          alpha: {type: float, default: 0.5}
          msg: {type: string, default: ""}
        command: python train.py {alpha} {msg}
"""
#: A script that was written for MLflow.
TRAIN = """\
    import sys
    import mlflow
    from mlflow.tracking import MlflowClient

    alpha, message = float(sys.argv[1]), sys.argv[2]
    print("message:", message)
    with mlflow.start_run() as run:
        mlflow.log_param("alpha", alpha)
        mlflow.log_metric("loss", 1 - alpha)
    print("name:", mlflow.__name__)
"""


class Heard(Observer):
    """Keeps what it hears; ends the run when a text has come."""

    def __init__(self, until: str = "\0") -> None:
        self.sentences: list[str] = []
        self.printed = ""
        self.process = 0
        self._until = until
        self._end = threading.Event()

    def tell(self, sentence: str) -> None:
        self.sentences.append(sentence)

    def output(self, text: str) -> None:
        self.printed += text
        if self._until in self.printed:
            self._end.set()

    def process_started(self, process: int, started: float) -> None:
        self.process = process
        assert abs(psutil.Process(process).create_time() - started) < 5

    def stopped(self) -> bool:
        return self._end.is_set()


def test_a_script_written_for_mlflow_logs_to_the_run_that_was_made_for_it(
    make_project: MakeProject, target: Tracker, runs: Runs
) -> None:
    folder = make_project(MAIN, train=TRAIN)
    heard = Heard()
    request = RunRequest(str(folder), parameters={"alpha": "1e-1", "msg": "$(date); 'a' \"b\""}, run_name="one")
    ended = run_request(target, request, heard)
    assert (ended.status, ended.exit_code, ended.reason) == (RunStatus.FINISHED, 0, "")
    [run] = runs().values()
    assert (run.run_id, run.name, run.status) == (ended.run_id, "one", RunStatus.FINISHED)
    assert run.params == {"alpha": "1e-1", "msg": "$(date); 'a' \"b\""}, "as they were given"
    assert run.metrics["loss"].last == 0.9
    assert run.tags[ENTRY_POINT] == "main" and run.tags[SOURCE_TYPE] == "PROJECT"
    assert run.tags[COMMAND].startswith("python train.py 1e-1 ")
    assert read_request(json.loads(run.tags[REQUEST])) == request
    assert run.source == str(folder)
    assert heard.printed == "message: $(date); 'a' \"b\"\nname: runfolio\n"
    log = target.folder / "artifacts" / ended.run_id / "runfolio" / "console.log"
    assert log.read_text() == heard.printed, "once, and not again by the script's own capture"


def test_a_script_that_fails_has_the_run_fail_with_its_exception(
    make_project: MakeProject, target: Tracker, runs: Runs
) -> None:
    failing = 'import mlflow\nwith mlflow.start_run():\n    raise ValueError("too steep")\n'
    folder = make_project("entry_points: {main: {command: python train.py}}", train=failing)
    ended = run_request(target, RunRequest(str(folder)), Observer())
    [run] = runs().values()
    assert (ended.status, ended.exit_code, run.status) == (RunStatus.FAILED, 1, RunStatus.FAILED)
    assert run.tags[ERROR_TAG] == "ValueError: too steep"


def test_what_is_no_script_of_ours_has_its_end_in_the_run_too(
    make_project: MakeProject, target: Tracker, runs: Runs
) -> None:
    folder = make_project("entry_points: {main: {command: 'echo so far; echo no >&2; exit 3'}}")
    ended = run_request(target, RunRequest(str(folder)), Observer())
    [run] = runs().values()
    assert (ended.exit_code, run.status) == (3, RunStatus.FAILED)
    assert run.tags[ERROR_TAG] == "It ended with exit code 3: no"


def test_a_signal_is_told_by_its_name(make_project: MakeProject, target: Tracker) -> None:
    folder = make_project("entry_points: {main: {command: 'kill -SEGV $$'}}")
    ended = run_request(target, RunRequest(str(folder)), Observer())
    assert (ended.exit_code, ended.reason) == (-11, "It was ended by SIGSEGV")


def test_a_command_that_is_not_there_fails_with_the_shells_words(
    make_project: MakeProject, target: Tracker, runs: Runs
) -> None:
    folder = make_project("entry_points: {main: {command: no-such-program}}")
    run_request(target, RunRequest(str(folder)), Observer())
    [run] = runs().values()
    assert "command not found" in run.tags[ERROR_TAG] and run.status == RunStatus.FAILED


def test_wrong_values_make_no_run(make_project: MakeProject, target: Tracker, runs: Runs) -> None:
    folder = make_project(MAIN, train=TRAIN)
    for request, error in (
        (RunRequest(str(folder), parameters={"alpha": "much"}), InvalidValue),
        (RunRequest(str(folder), "mian"), NotFound),
        (RunRequest(str(folder / "nowhere")), NotFound),
    ):
        with pytest.raises(error):
            run_request(target, request, Observer())
    assert not runs()


def test_a_run_that_is_cancelled_ends_with_all_that_it_has_started(
    make_project: MakeProject, target: Tracker, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "GRACE", 0.3)
    stubborn = """\
        import signal, subprocess, sys, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        print(child.pid, flush=True)
        print("ready", flush=True)
        time.sleep(600)
    """
    folder = make_project("entry_points: {main: {command: python train.py}}", train=stubborn)
    heard = Heard(until="ready")
    ended = run_request(target, RunRequest(str(folder)), heard)
    [run] = runs().values()
    assert (ended.status, run.status) == (RunStatus.KILLED, RunStatus.KILLED)
    assert not lives(heard.process) and not lives(int(heard.printed.split()[0]))


def test_a_run_that_takes_too_long_is_ended(make_project: MakeProject, target: Tracker) -> None:
    folder = make_project("entry_points: {main: {command: sleep 600}}")
    ended = run_request(target, RunRequest(str(folder), timeout=0.2), Observer())
    assert ended.status is RunStatus.FAILED and "longer than 0.2 seconds" in ended.reason


def test_one_that_fails_is_tried_again(make_project: MakeProject, target: Tracker, runs: Runs) -> None:
    second = (
        "import pathlib, sys\nmark = pathlib.Path('mark')\nfirst = not mark.exists()\nmark.touch()\nsys.exit(first)\n"
    )
    folder = make_project("entry_points: {main: {command: python train.py}}", train=second)
    ended = run_request(target, RunRequest(str(folder), retries=3), Observer())
    found = runs()
    assert ended.status is RunStatus.FINISHED and len(found) == 2
    assert found[found[ended.run_id].tags[RETRIES]].status == RunStatus.FAILED


def test_a_zip_is_run_and_nothing_of_it_is_left(make_project: MakeProject, target: Tracker, tmp_path: Path) -> None:
    folder = make_project(MAIN, train=TRAIN)
    with zipfile.ZipFile(tmp_path / "project.zip", "w") as archive:
        for file in folder.iterdir():
            archive.write(file, file.name)
    ended = run_request(target, RunRequest(str(tmp_path / "project.zip")), Observer())
    assert ended.status is RunStatus.FINISHED
    assert list(work_folder().iterdir()) == []


def test_what_a_killed_run_has_left_is_removed_by_the_next_one(make_project: MakeProject, target: Tracker) -> None:
    left = work_folder() / "0123456789ab"
    left.mkdir(parents=True)
    left.with_suffix(".lock").touch()
    run_request(target, RunRequest(str(make_project("entry_points: {main: {command: 'true'}}"))), Observer())
    assert list(work_folder().iterdir()) == []


def test_one_that_is_stopped_before_it_began_makes_no_process(make_project: MakeProject, target: Tracker) -> None:
    folder = make_project("entry_points: {main: {command: touch canary}}")
    heard = Heard(until="")
    heard.output("now")
    try:
        ended = run_request(target, RunRequest(str(folder)), heard)
    except Stopped:
        pass
    else:
        assert ended.status is RunStatus.KILLED
    assert not (folder / "canary").exists()


def test_the_project_finds_what_mlflow_would_tell_it(make_project: MakeProject, target: Tracker) -> None:
    told = "import os, json\nprint(json.dumps({k: v for k, v in os.environ.items() if k.startswith('MLFLOW_')}))\n"
    folder = make_project("entry_points: {main: {command: python train.py}}", train=told)
    heard = Heard()
    ended = run_request(target, RunRequest(str(folder), experiment="mine"), heard)
    variables = json.loads(heard.printed)
    assert variables["MLFLOW_RUN_ID"] == ended.run_id
    assert variables["MLFLOW_TRACKING_URI"] == str(target.folder)
    assert variables["MLFLOW_EXPERIMENT_NAME"] == "mine"


def test_a_part_of_mlflow_that_is_not_here_is_told(make_project: MakeProject, target: Tracker) -> None:
    folder = make_project("entry_points: {main: {command: python train.py}}", train="import mlflow.spark\n")
    ended = run_request(target, RunRequest(str(folder)), Observer())
    assert "has no mlflow.spark" in ended.reason and "--mlflow real" in ended.reason


def test_the_real_mlflow_is_left_to_itself(make_project: MakeProject, target: Tracker) -> None:
    script = "import mlflow, os\nprint(mlflow.__file__)\nprint('MLFLOW_RUN_ID' in os.environ)\n"
    folder = make_project("entry_points: {main: {command: python train.py}}", train=script)
    package = folder / "elsewhere" / "mlflow"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    heard = Heard()
    request = RunRequest(str(folder), variables={"PYTHONPATH": str(package.parent)}, real_mlflow=True)
    run_request(target, request, heard)
    assert heard.printed == f"{package / '__init__.py'}\nFalse\n"


def test_a_python_without_what_is_installed_beside_runfolio_logs_all_the_same(
    make_project: MakeProject, target: Tracker, runs: Runs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As in an environment that has only what the project asks for: no SQLAlchemy, no numpy, no platformdirs."""
    monkeypatch.delenv("RUNFOLIO_CONFIG", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    script = "import importlib.util, mlflow\nassert importlib.util.find_spec('sqlalchemy') is None\n"
    script += "with mlflow.start_run():\n    mlflow.log_metric('loss', 0.5)\n    mlflow.log_param('a', 1)\n"
    folder = make_project(f"entry_points: {{main: {{command: {sys.executable} -S train.py}}}}", train=script)
    heard = Heard()
    ended = run_request(target, RunRequest(str(folder)), heard)
    assert ended.status is RunStatus.FINISHED, heard.printed
    run = runs()[ended.run_id]
    assert run.metrics["loss"].last == 0.5 and run.params == {"a": "1"} and run.status == RunStatus.FINISHED
    assert "Traceback" not in heard.printed


def test_a_program_behind_a_shell_has_its_time_to_end(make_project: MakeProject, target: Tracker) -> None:
    """A shell that runs more than one command is gone at once; what it was waiting for saves its work first."""
    saving = """\
        import pathlib, signal, sys, time
        def save(*_):
            time.sleep(2)
            pathlib.Path("saved").touch()
            sys.exit(0)
        signal.signal(signal.SIGTERM, save)
        print("ready", flush=True)
        time.sleep(600)
    """
    folder = make_project("entry_points: {main: {command: 'python train.py; echo never > never'}}", train=saving)
    ended = run_request(target, RunRequest(str(folder)), Heard(until="ready"))
    assert ended.status is RunStatus.KILLED
    assert (folder / "saved").exists() and not (folder / "never").exists()


def test_one_that_has_left_the_group_is_ended_too(
    make_project: MakeProject, target: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "GRACE", 0.3)
    leaving = """\
        import subprocess, sys, time
        stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True)"
        child = subprocess.Popen([sys.executable, "-c", f"{stubborn}; time.sleep(600)"], start_new_session=True)
        print(child.pid, flush=True)
        time.sleep(600)
    """
    folder = make_project("entry_points: {main: {command: python train.py}}", train=leaving)
    heard = Heard(until="ready")
    run_request(target, RunRequest(str(folder)), heard)
    assert not lives(int(heard.printed.split()[0]))


class Deaf(Observer):
    """Takes no output: a terminal that is closed, or `| head`."""

    def output(self, text: str) -> None:
        raise BrokenPipeError


def test_a_process_that_nobody_listens_to_any_more_runs_to_its_end(make_project: MakeProject, target: Tracker) -> None:
    """It prints more than a pipe holds: if nobody took that, it would wait for ever."""
    folder = make_project("entry_points: {main: {command: 'head -c 300000 /dev/zero | tr \\\\0 x'}}")
    ended = run_request(target, RunRequest(str(folder), timeout=60), Deaf())
    assert ended.status is RunStatus.FINISHED
    log = target.folder / "artifacts" / ended.run_id / "runfolio" / "console.log"
    assert log.read_text().count("x") == 300_000


def test_a_value_that_no_process_can_be_given_is_told_by_its_name(make_project: MakeProject, target: Tracker) -> None:
    folder = make_project("entry_points: {main: {parameters: {a: string, b: string}, command: 'true {a} {b}'}}")
    ended = run_request(target, RunRequest(str(folder), parameters={"a": "1", "b": "x" * 200_000}), Observer())
    assert ended.status is RunStatus.FAILED
    assert "b has 200,000 characters" in ended.reason and "Write it to a file" in ended.reason


def test_packages_that_cannot_be_told_end_nothing(
    make_project: MakeProject, target: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable() -> str:
        raise OSError("Input/output error")

    monkeypatch.setattr("runfolio.projects.environments.prepared.lock_here", unreadable)
    folder = make_project("entry_points: {main: {command: 'sleep 1; touch done'}}")
    ended = run_request(target, RunRequest(str(folder), env_manager=EnvManager.LOCAL), Observer())
    assert ended.status is RunStatus.FINISHED and (folder / "done").exists()


def test_where_there_is_no_shell_words_are_given_to_the_program_itself(
    make_project: MakeProject, target: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows."""
    monkeypatch.setattr(resolve, "HAS_SHELL", False)
    folder = make_project(MAIN, train="import sys\nprint(sys.argv[1:])\n")
    heard = Heard()
    run_request(target, RunRequest(str(folder), parameters={"msg": "$HOME 'a'"}), heard)
    assert heard.printed == f"{['0.5', chr(36) + 'HOME ' + chr(39) + 'a' + chr(39)]}\n"
    piped = make_project("entry_points: {main: {command: 'a | b'}}", name="piped")
    with pytest.raises(InvalidValue, match="needs a POSIX shell"):
        run_request(target, RunRequest(str(piped)), Observer())


def test_what_is_kept_of_a_request_holds_no_secret() -> None:
    request = RunRequest("https://me:hunter2@host.example/r.git#sub", variables={"API_KEY": "hunter2", "DEPTH": "3"})
    kept = read_request(request.kept())
    assert kept.uri == "https://host.example/r.git#sub" and kept.variables == {"DEPTH": "3"}
    assert RunRequest("/data/token=1").kept()["uri"] == "/data/token=1", "a folder is no address"


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"uri": 3},
        {"uri": "a", "parameters": None},
        {"uri": "a", "parameters": {"x": 1}},
        {"uri": "a", "env_manager": "of tomorrow"},
        {"uri": "a", "needs": {"cpu": "much"}},
        {"uri": "a", "timeout": []},
    ],
)
def test_a_request_that_cannot_be_read_is_told(written: dict[str, object]) -> None:
    with pytest.raises(InvalidValue, match="cannot be read"):
        read_request(written)


def test_a_full_disk_fails_the_run_with_the_reason(
    make_project: MakeProject, target: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("runfolio.projects.running.starting.Child", full)
    ended = run_request(target, RunRequest(str(make_project("entry_points: {main: {command: 'true'}}"))), Observer())
    assert ended.status is RunStatus.FAILED and "No space left on device" in ended.reason


def test_output_that_is_no_text_and_lines_that_are_written_over_come_through(
    make_project: MakeProject, target: Tracker
) -> None:
    script = """\
        import sys
        sys.stdout.buffer.write(b"\\xff\\xfe ok\\n")
        for i in range(5):
            print(f"\\r{i} of 5", end="")
    """
    folder = make_project("entry_points: {main: {command: python train.py}}", train=script)
    heard = Heard()
    ended = run_request(target, RunRequest(str(folder)), heard)
    assert heard.printed.endswith("\r4 of 5")
    log = target.folder / "artifacts" / ended.run_id / "runfolio" / "console.log"
    assert log.read_text() == "\ufffd\ufffd ok\n4 of 5"
    assert [file.name for file in log.parent.glob("console*")] == ["console.log"]


def test_the_memory_of_the_process_and_what_it_has_started_is_logged(
    make_project: MakeProject, target: Tracker, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNFOLIO_SYSTEM_METRICS", "1")
    monkeypatch.setenv("RUNFOLIO_SYSTEM_METRICS_INTERVAL", "0.1")
    hungry = "import time\nheld = bytearray(200_000_000)\ntime.sleep(1)\n"
    folder = make_project("entry_points: {main: {command: python train.py}}", train=hungry)
    run_request(target, RunRequest(str(folder)), Observer())
    [run] = runs().values()
    greatest = run.metrics["system/process_memory_usage_megabytes"].maximum
    assert greatest is not None and greatest > 200
    assert run.tags[EXIT_CODE] == "0"


def test_who_watches_brings_in_what_a_script_logs_and_the_script_can_read_it_all_the_same(
    make_project: MakeProject, target: Tracker, runs: Runs
) -> None:
    script = """\
        import sys
        import mlflow
        with mlflow.start_run() as run:
            mlflow.log_metric("loss", 0.25)
            if len(sys.argv) > 1:
                print(mlflow.get_run(run.info.run_id).data.metrics)
        print("sqlalchemy" in sys.modules)
    """
    folder = make_project(
        "entry_points: {a: {command: python train.py}, b: {command: python train.py x}}", train=script
    )
    printed = {}
    for entry in ("a", "b"):
        heard = Heard()
        ended = run_request(target, RunRequest(str(folder), entry), heard)
        printed[entry] = heard.printed
        run = runs()[ended.run_id]
        assert (run.status, run.metrics["loss"].last) == (RunStatus.FINISHED, 0.25)
    assert printed == {"a": "False\n", "b": "{'loss': 0.25}\nTrue\n"}
    assert list((target.folder / "journal").glob("*/unaided")) == []
