"""A sweep from what is asked for to its end, all of it noted in a run with those of its trials nested in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from runfolio.client import files
from runfolio.client.active_run import ActiveRun
from runfolio.client.active_runs import open_run
from runfolio.client.experiment import ExperimentHandle
from runfolio.client.known_runs import stored_run
from runfolio.client.reading import number_of_run
from runfolio.client.tracker import Tracker
from runfolio.core.clock import now_ms
from runfolio.core.errors import NotFound, RunfolioError, RunStateError
from runfolio.core.numbers import counted
from runfolio.core.projects.request import RunRequest, read_request
from runfolio.core.projects.tags import ENTRY_POINT, PROJECT_TYPE, SOURCE_TYPE
from runfolio.core.states import DEFAULT_EXPERIMENT, RunStatus
from runfolio.core.sweeps import checks, judging, tags
from runfolio.core.sweeps.records import Sweep, Trial, TrialState
from runfolio.core.sweeps.stored import read_written, written
from runfolio.core.sweeps.suggesting import suggestion
from runfolio.core.sweeps.writing import write_sweep
from runfolio.core.system_tags import ERROR_TAG
from runfolio.projects.running.observer import Ended, Observer
from runfolio.projects.running.resolve import Code, code_of, launch_of
from runfolio.projects.sweeps import engine
from runfolio.projects.sweeps.local import LocalExecutor
from runfolio.projects.sweeps.parts import Executor, Searcher
from runfolio.projects.sweeps.searchers import searcher_for
from runfolio.projects.sweeps.store_memory import StoreMemory
from runfolio.projects.sweeps.trials import Remote, Task, run_trial
from runfolio.store import runs
from runfolio.store.recover import recover
from runfolio.store.sweeps.memory import create_sweep, sweep_of

#: Called with each trial that was begun or has ended.
Told = Callable[[Trial], None]


def run_sweep(
    tracker: Tracker,
    sweep: Sweep,
    request: RunRequest,
    observer: Observer,
    *,
    cluster: str = "",
    told: Told = lambda _: None,
) -> Ended:
    """Run a sweep in a new run; how it has ended.

    Args:
        request: what is run in each trial, and the run that is made for the sweep.
        cluster: the address of a Dask cluster that runs the trials; "" for this machine.

    Raises:
        UserError: there is nothing to be run so, and no run was made.
        Stopped: the observer said so before one was made.
    """
    checks.check(sweep)
    searcher = searcher_for(sweep)
    with code_of(request, observer) as code:
        request = _as_fetched(request, code)
        checks.check_entry(sweep, code.entry)
        launch_of(code, replace(request, parameters={**request.parameters, **suggestion(sweep, 0)}))
        run = _made(tracker, sweep, request, code, cluster)
        number = number_of_run(tracker, run.info.run_id)
        create_sweep(tracker.open_store(), number, written(sweep), request.written())
        observer.run_made(run.info.run_id)
        task = Task(tracker.folder, run.info.run_id, number, sweep, request)
        return _run(tracker, run, task, code, searcher, observer, cluster, told)


def resume_sweep(
    tracker: Tracker, run_id: str, observer: Observer, *, cluster: str | None = None, told: Told = lambda _: None
) -> Ended:
    """Go on with a sweep that was stopped or has broken off: what has ended is not run again.

    Args:
        run_id: the run of the sweep.
        cluster: None for where it ran before.

    Raises:
        NotFound: there is no such sweep.
        RunStateError: it is running.
        UserError: it cannot be run any more.
    """
    number = number_of_run(tracker, run_id)
    stored = sweep_of(tracker.open_store(), number)
    if stored is None:
        raise NotFound(f"The run {run_id} is no sweep.", "A sweep is begun with: runfolio sweep run.")
    recover(tracker.open_store())
    before = runs.get_run(tracker.open_store(), number)
    if before.status is RunStatus.RUNNING:
        raise RunStateError(f"The sweep {run_id} is running.", "Stop it first, or wait for its end.")
    sweep, request = read_written(stored.specification), read_request(stored.request)
    where = before.tags.get(tags.CLUSTER, "") if cluster is None else cluster
    searcher = searcher_for(sweep)
    with code_of(request, observer) as code:
        checks.check_entry(sweep, code.entry)
        run = stored_run(tracker, run_id)
        run.start(time=now_ms(), **ExperimentHandle(tracker.folder, number=run.info.experiment_id).reference())
        run.set_tags({tags.CLUSTER: where})
        observer.run_made(run_id)
        task = Task(tracker.folder, run_id, number, sweep, request)
        return _run(tracker, run, task, code, searcher, observer, where, told)


def run_written(tracker: Tracker, job: Mapping[str, Any], run_id: str, observer: Observer) -> Ended:
    """A sweep as the queue has it: `{"sweep": …, "run": …, "cluster": …}`; one that has a run already goes on.

    Raises as `run_sweep` and `resume_sweep` do.
    """
    if run_id:
        return resume_sweep(tracker, run_id, observer)
    sweep, request = read_written(job["sweep"]), read_request(job["run"])
    return run_sweep(tracker, sweep, request, observer, cluster=str(job.get("cluster") or ""))


def _as_fetched(request: RunRequest, code: Code) -> RunRequest:
    """The request for the same code, whoever asks from wherever: its paths are whole, a branch is its commit."""
    path, mark, part = request.uri.partition("#")
    uri = f"{Path(path).absolute()}{mark}{part}" if Path(path).exists() else request.uri
    version = code.source.commit if code.source.temporary and code.source.commit else request.version
    return replace(request, uri=uri, version=version, caller=request.caller or str(Path.cwd()))


def _made(tracker: Tracker, sweep: Sweep, request: RunRequest, code: Code, cluster: str) -> ActiveRun:
    handle = ExperimentHandle(tracker.folder, name=request.experiment or DEFAULT_EXPERIMENT)
    source = str(request.kept()["uri"])
    run = open_run(tracker, handle, request.run_name or None, request.parent or None, source=source)
    run.set_tags(
        {
            **request.tags,
            SOURCE_TYPE: PROJECT_TYPE,
            ENTRY_POINT: code.entry.name,
            tags.METRIC: sweep.metric,
            tags.GOAL: sweep.goal,
            tags.METHOD: str(sweep.method),
            tags.CLUSTER: cluster,
        }
    )
    run.log_params({**request.parameters, **sweep.fixed})
    files.log_text(run, write_sweep(sweep), tags.FILE)
    return run


def _run(
    tracker: Tracker,
    run: ActiveRun,
    task: Task,
    code: Code,
    searcher: Searcher,
    observer: Observer,
    cluster: str,
    told: Told,
) -> Ended:
    ended = Ended(run.info.run_id, RunStatus.FAILED, reason="A bug of Runfolio's.")
    try:
        memory = StoreMemory(tracker, run, task.number, task.sweep)
        executor = _executor(tracker, code, task, cluster)
        done = engine.Engine(task.sweep, searcher, executor, memory, stopped=observer.stopped, told=told).run()
        observer.tell(done.reason)
        run.set_tags({tags.ENDED: done.reason})
        ended = _as_ended(run.info.run_id, task.sweep, done)
    except (RunfolioError, OSError) as problem:
        ended = Ended(run.info.run_id, RunStatus.FAILED, reason=str(problem))
    finally:
        if ended.status is RunStatus.FAILED:
            run.set_tags({ERROR_TAG: ended.reason})
        run.end(ended.status)
    return ended


def _executor(tracker: Tracker, code: Code, task: Task, cluster: str) -> Executor:
    if cluster:
        from runfolio.projects.sweeps.dask_executor import DaskExecutor

        path = Path(task.request.uri.partition("#")[0])
        return DaskExecutor(cluster, Remote(task), tracker.folder, [path] if path.exists() else [])
    return LocalExecutor(lambda number, values, stopped: run_trial(tracker, code, task, number, values, stopped))


def _as_ended(run_id: str, sweep: Sweep, done: engine.Ended) -> Ended:
    if done.stopped:
        left = judging.remaining(sweep, done.trials)
        return Ended(run_id, RunStatus.KILLED, reason=f"It was stopped with {counted(left, 'trial')} to go.")
    failed = [one for one in done.trials if one.state is TrialState.FAILED]
    if failed and len(failed) == len([one for one in done.trials if one.state.over]):
        return Ended(run_id, RunStatus.FAILED, reason=f"All trials failed, the last one so: {failed[-1].reason}")
    return Ended(run_id, RunStatus.FINISHED)
