"""`runfolio run`: a project, once, here and now; what it prints comes through, and its exit code is the command's."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from runfolio.cli.exit_codes import ExitCode
from runfolio.cli.opened import experiment_named, made_or_there, opened
from runfolio.cli.options import StoreOption
from runfolio.cli.printing import silence, warn
from runfolio.cli.runs import JsonOption
from runfolio.cli.shapes import print_done, print_json
from runfolio.core.errors import InvalidValue, Stopped, StoreError
from runfolio.core.projects.request import EnvManager, Needs, RunRequest, env_manager_named
from runfolio.core.queue.records import JobKind
from runfolio.core.states import RunStatus
from runfolio.projects.running.observer import Ended, Observer
from runfolio.projects.running.process import GRACE

if TYPE_CHECKING:
    from runfolio.client.tracker import Tracker

#: What a shell shows of a process that a signal has ended is so much more than the signal.
BY_SIGNAL = 128
#: Signals that ask for an end; the last is a terminal's that is closed.
ENDING = (signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if sys.platform != "win32" else []))

UriArgument = Annotated[str, typer.Argument(help="A folder, a zip file or a git address; #subfolder for a part of it.")]
EntryOption = Annotated[str, typer.Option("--entry-point", "-e", help="What to run. [default: main, or the only one]")]
ParamOption = Annotated[list[str], typer.Option("--param-list", "-P", metavar="NAME=VALUE", help="A parameter.")]
VersionOption = Annotated[str, typer.Option("--version", "-v", help="A branch, a tag or a commit of a repository.")]
ExperimentOption = Annotated[str, typer.Option("--experiment-name", help="The experiment. [default: Default]")]
ExperimentIdOption = Annotated[str, typer.Option("--experiment-id", help="The experiment, by its id.")]
NameOption = Annotated[str, typer.Option("--run-name", help="The run's name. [default: a random one]")]
ManagerOption = Annotated[
    str, typer.Option("--env-manager", help="auto, local, uv, venv, conda or docker.", metavar="MANAGER")
]
TimeoutOption = Annotated[float, typer.Option("--timeout", min=0.0, help="Seconds after which it is ended.")]
RetriesOption = Annotated[int, typer.Option("--retries", min=0, help="How often it is tried again when it fails.")]
MlflowOption = Annotated[
    str, typer.Option("--mlflow", help="What `import mlflow` is in it: runfolio, or real, which logs elsewhere.")
]


def run(
    context: typer.Context,
    uri: UriArgument,
    entry_point: EntryOption = "",
    param: ParamOption = [],  # noqa: B006 (typer makes a new one each time)
    version: VersionOption = "",
    experiment_name: ExperimentOption = "",
    experiment_id: ExperimentIdOption = "",
    run_name: NameOption = "",
    env_manager: ManagerOption = EnvManager.AUTO,
    timeout: TimeoutOption = 0.0,
    retries: RetriesOption = 0,
    mlflow: MlflowOption = "runfolio",
    cpu: Annotated[float, typer.Option("--cpu", min=0.0, help="With --queue: processors that it holds.")] = 1.0,
    memory: Annotated[float, typer.Option("--memory", min=0.0, help="With --queue: GB of memory.")] = 0.0,
    gpu: Annotated[int, typer.Option("--gpu", min=0, help="With --queue: graphics cards.")] = 0,
    queue: Annotated[bool, typer.Option("--queue", help="Put it into the queue instead of waiting for it.")] = False,
    backend: Annotated[str, typer.Option("--backend", "-b", hidden=True)] = "local",
    as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Run a project: its code is fetched, its environment made, and all that happens is kept in a run."""
    if backend != "local":
        raise InvalidValue(f"Projects are run on this machine, not by {backend!r}.", "Leave --backend out.")
    if experiment_id and experiment_name:
        raise InvalidValue("The experiment is given by its name and by its id.", "Give one of them.")
    if experiment_id:
        with opened(context, store) as found:
            experiment_name = name_of_experiment(found, experiment_id)
    request = RunRequest(
        here(uri),
        entry_point,
        parameters_of(param),
        version,
        experiment_name,
        run_name,
        env_manager_named(env_manager),
        timeout,
        retries,
        Needs(cpu, memory, gpu),
        caller=str(Path.cwd()),
        real_mlflow=_is_real(mlflow),
    )
    folder = made_or_there(context, store)
    if queue:
        put_into_queue(folder, JobKind.RUN, title_of(request), request.written(), as_json)
        return
    from runfolio.client.tracker import tracker

    raise typer.Exit(_run(tracker(folder), request, as_json))


def parameters_of(given: Sequence[str]) -> dict[str, str]:
    """The values of `-P name=value`. Raises InvalidValue."""
    found: dict[str, str] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not name or not equals:
            raise InvalidValue(f"{one!r} is no parameter.", "Write -P name=value.")
        if name in found:
            raise InvalidValue(f"The parameter {name!r} is given twice.", "Give it once.")
        found[name] = value
    return found


def here(uri: str) -> str:
    """An address that means the same wherever it is used: a local path as a whole one."""
    path, mark, part = uri.partition("#")
    return f"{Path(path).absolute()}{mark}{part}" if Path(path).exists() else uri


def name_of_experiment(store: object, word: str) -> str:
    """The name of an experiment by its id. Raises NotFound."""
    from runfolio.store import Store
    from runfolio.store.experiments import get_experiment

    assert isinstance(store, Store)
    return get_experiment(store, experiment_named(store, word)).name


def _is_real(word: str) -> bool:
    if word not in ("runfolio", "real"):
        raise InvalidValue(f"--mlflow is runfolio or real, not {word!r}.")
    return word == "real"


def put_into_queue(folder: Path, kind: JobKind, title: str, written: Mapping[str, Any], as_json: bool) -> None:
    """Put a job into the queue, have somebody work at it, and tell its number."""
    from runfolio.store import open_store
    from runfolio.store.queue.changing import enqueue
    from runfolio.store.queue.starting import start_if_due

    store = open_store(folder)
    try:
        number, outcome = enqueue(store, kind, title, written)
        print_done(f"{outcome.text}: job {number}", as_json, job=number)
        start_if_due(store)
    finally:
        store.close()


def title_of(request: RunRequest) -> str:
    """What a job is called: its run's name, else its project and entry point."""
    place = request.uri.partition("#")
    project = (place[2] or place[0]).rstrip("/").rpartition("/")[2]
    entry = f" · {request.entry_point}" if request.entry_point else ""
    return request.run_name or f"{project}{entry}"


def _run(target: Tracker, request: RunRequest, as_json: bool) -> int:
    from runfolio.projects.running.run import run_request

    def run_it(watcher: Watcher) -> Ended:
        ended = run_request(target, request, watcher)
        try:
            note_used(target, request)
        except StoreError as problem:  # how the run has ended is more than that
            watcher.tell(str(problem))
        return ended

    return watched(run_it, as_json)


def watched(run_it: Callable[[Watcher], Ended], as_json: bool) -> int:
    """Run something, with what it does and prints on the terminal; the exit code of the command."""
    watcher = Watcher(sys.stderr if as_json else sys.stdout)
    with interrupts(watcher):
        try:
            ended = run_it(watcher)
        except Stopped:
            warn("cancelled before anything was started.")
            return watcher.asked_by or ExitCode.INTERRUPTED
        watcher.end_line()
        if as_json:
            print_json({"run_id": ended.run_id, "status": ended.status, **_details(ended)})
        else:
            watcher.tell(_told(ended))
    return watcher.asked_by if watcher.asked_by and ended.status is RunStatus.KILLED else exit_code(ended)


def _details(ended: Ended) -> dict[str, object]:
    return {"exit_code": ended.exit_code, "reason": ended.reason}


def note_used(target: Tracker, request: RunRequest) -> None:
    """Have the project be in the list of those that were used."""
    from runfolio.store.projects.listing import note_project

    note_project(target.opened_store(), request.uri, title_of(RunRequest(request.uri)))


def exit_code(ended: Ended) -> int:
    """The command's exit code: that of the process, as a shell tells it."""
    if ended.exit_code is not None:
        return ended.exit_code if ended.exit_code >= 0 else BY_SIGNAL - ended.exit_code
    return ExitCode.DONE if ended.status is RunStatus.FINISHED else ExitCode.TROUBLE


class Watcher(Observer):
    """Prints what is done to standard error, and what the process prints, as it is, to a stream.

    Where nobody reads that any more, as in `runfolio run . | head`, or the terminal is gone, the run goes on:
    its log has all of it.

    Attributes:
        asked_by: the exit code of a process that has ended by the signal that asked for the end; 0 before one did.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_read = True
        self._within_line = self._told = False
        self.ending = threading.Event()
        self.asked_by = 0

    def tell(self, sentence: str) -> None:
        """Print a sentence."""
        with contextlib.suppress(OSError):
            warn(sentence)

    def output(self, text: str) -> None:
        """Print what it printed."""
        if not self._is_read:
            return
        self._within_line = not text.endswith("\n")
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:
            self._is_read = False
            silence(self._stream)
            self.tell("nobody reads the output any more; the run goes on, and its log has it.")

    def end_line(self) -> None:
        """Have the next sentence begin a line of its own, where both are on a terminal."""
        if self._within_line and self._stream.isatty():
            self.output("\n")

    def run_made(self, run_id: str) -> None:
        """Print which run it is."""
        self.tell(f"run {run_id}")

    def stopped(self) -> bool:
        """Whether Ctrl+C was pressed; tells what another one does."""
        if self.ending.is_set() and not self._told:
            self._told = True
            self.tell(f"ending it, which may take {GRACE:g} seconds; Ctrl+C ends it at once.")
        return self.ending.is_set()


@contextmanager
def interrupts(watcher: Watcher) -> Iterator[None]:
    """Have Ctrl+C, a request to end and a terminal that is closed end the process; once more, at once."""

    def end(number: int, frame: object) -> None:
        if watcher.ending.is_set():
            raise KeyboardInterrupt
        watcher.asked_by = BY_SIGNAL + number
        watcher.ending.set()

    before = {one: signal.getsignal(one) for one in ENDING}
    wanted = [one for one, handler in before.items() if handler is not signal.SIG_IGN]  # as behind `nohup`, or `&`
    for one in wanted:
        signal.signal(one, end)
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _told(ended: Ended) -> str:
    how: Mapping[RunStatus, str] = {RunStatus.FINISHED: "finished", RunStatus.KILLED: "was cancelled"}
    word = how.get(ended.status, "failed")
    reason = ended.reason if ended.status is RunStatus.FAILED else ""
    return f"run {ended.run_id} {word}.{f' {reason}' if reason else ''}"
