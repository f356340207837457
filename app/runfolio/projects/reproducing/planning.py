"""Plans how to run something again, from what was captured with it; nothing is started, and nothing of it changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from runfolio.core import captured as names
from runfolio.core.entities import Run
from runfolio.core.packages import read_lock
from runfolio.core.projects.request import EnvManager
from runfolio.core.projects.tags import ENTRY_POINT, REPRODUCES
from runfolio.projects.reproducing.code import NAMED
from runfolio.projects.reproducing.entry_points import plan_of_project
from runfolio.projects.reproducing.given import Given
from runfolio.projects.reproducing.lock import comes_from
from runfolio.projects.reproducing.plan import Plan, Problem
from runfolio.projects.reproducing.scripts import plan_of_script
from runfolio.projects.sources.source import Watch
from runfolio.store import Store
from runfolio.store.captured import captured_text
from runfolio.store.sweeps.memory import sweep_of

#: What every process of a project finds without its being installed there.
OWN = "runfolio"


def plan(
    store: Store,
    run: Run,
    values: Mapping[str, str] | None = None,
    *,
    env_manager: EnvManager | None = None,
    tell: Callable[[str], None] = lambda _line: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Plan:
    """What is to be done to run a run again, and what of it cannot be brought back.

    A commit that is not on this machine is fetched, which may take a while.

    Args:
        values: of params that are to be other than they were.
        env_manager: what makes the environment; None for what was asked to make it then.
        tell: is given lines that say what goes on.
        stopped: asked now and then; true ends it.

    Raises:
        Stopped: `stopped` said so.
    """
    given = Given(store, run, dict(values or {}), Watch(tell, stopped))
    found = plan_of_project(given) if given.tag(ENTRY_POINT) else plan_of_script(given)
    lock, about_lock = _lock(given, found.code.top)
    request = replace(found.request, env_manager=env_manager or found.request.env_manager)
    return replace(
        found,
        request=request,
        lock=lock,
        changed={name: value for name, value in given.values.items() if run.params.get(name) != value},
        tags={**_tags(found), **{name: value for name, value in found.tags.items() if value}, REPRODUCES: run.run_id},
        problems=tuple(sorted([*found.problems, *about_lock, *_of_sweep(store, run)], key=lambda one: not one.fatal)),
    )


def _of_sweep(store: Store, run: Run) -> list[Problem]:
    """What was started for a sweep was no command of its own, but that of each trial."""
    if sweep_of(store, run.id) is None:
        return []
    text = "It is a sweep: reproduce one of its trials, or have `runfolio sweep run` search its sweep.yaml again."
    return [Problem(text, fatal=True)]


def _tags(found: Plan) -> dict[str, str]:
    """What the new run is to say of its code."""
    code = found.code
    if not code.commit:
        return {}
    said = {names.COMMIT: code.commit, names.REMOTE: code.remote, names.DIRTY: str(bool(code.patch))}
    return {name: value for name, value in said.items() if value}


def _lock(given: Given, top: Path | None) -> tuple[str, list[Problem]]:
    """The packages that it ran with; one that was installed from its own repository comes from the checkout."""
    text = captured_text(given.store, given.run, names.PACKAGES)
    packages = read_lock(text.text).packages if text is not None else {}
    if text is None or not packages:
        return "", [Problem("Its packages were not captured: the environment is made of what can be had now.")]
    local = [name for name, told in packages.items() if " from file:" in told and name != OWN]
    local = [name for name in local if top is None or not comes_from(packages[name], top)]
    told = f"Installed from folders of the machine that it ran on, and perhaps others now: {', '.join(local[:NAMED])}"
    return text.text, [Problem(told)] if local else []
