"""Running a run once more: its code at its commit, its packages, its command; other values where they are asked for."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import replace

from runfolio.client.tracker import Tracker
from runfolio.core.errors import InvalidValue, NotFound
from runfolio.core.projects.command import ShellCommand
from runfolio.core.projects.records import DeclaredEnvironment
from runfolio.core.projects.request import EnvManager
from runfolio.projects.reproducing import Plan, checkout, lock_in, plan
from runfolio.projects.running.launch import Launch
from runfolio.projects.running.observer import Ended, Observer
from runfolio.projects.running.resolve import HAS_SHELL, code_in, launch_of, own_folder
from runfolio.projects.running.run import run_launch
from runfolio.projects.sources import Source
from runfolio.store.bulk import read_runs
from runfolio.store.runs import find_run


def run_again(
    target: Tracker, run_id: str, values: Mapping[str, str], env_manager: EnvManager | None, observer: Observer
) -> Ended:
    """Plan how a run is run once more, tell what cannot be brought back, and run it to its end.

    Raises:
        NotFound: there is no such run.
        InvalidValue: it cannot be run again; says why.
        UserError: the code or the values are wrong, and no run was made.
        Stopped: the observer said so before one was made.
    """
    store = target.opened_store()
    number = find_run(store, run_id)
    if number is None:
        raise NotFound(f"There is no run {run_id!r} in {target.folder}.")
    [run] = read_runs(store, [number])
    made = plan(store, run, values, env_manager=env_manager, tell=observer.tell, stopped=observer.stopped)
    for problem in made.problems:
        observer.tell(problem.text)
    if not made.is_possible:
        fatal = [problem.text for problem in made.problems if problem.fatal]
        raise InvalidValue(f"The run {run.name} cannot be run again.", " ".join(fatal))
    return run_plan(target, made, observer)


def run_plan(target: Tracker, made: Plan, observer: Observer) -> Ended:
    """Run what was planned to its end. Raises UserError, Stopped."""
    with own_folder() as work:
        source = checkout(made, work, observer.tell, observer.stopped)
        launch = _of_project(made, source, observer) if made.is_project else _of_script(made, source)
        tags = {**launch.tags, **made.tags}
        return run_launch(target, replace(launch, tags=tags, lock=lock_in(made, source)), observer)


def _of_project(made: Plan, source: Source, observer: Observer) -> Launch:
    return launch_of(code_in(source, made.request, observer), made.request)


def _of_script(made: Plan, source: Source) -> Launch:
    """The command of a script, which logs its params by itself."""
    text = shlex.join(made.words)
    command, words = ShellCommand(text, {}, text), () if HAS_SHELL else made.words
    return Launch(made.request, source.folder, command, DeclaredEnvironment(), patch=source.patch, words=words)
