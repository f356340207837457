"""A project's environment, made ready: found in the cache, or made there."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from runfolio.core.errors import NoPython
from runfolio.core.projects.records import DeclaredEnvironment
from runfolio.core.projects.request import EnvManager
from runfolio.environments import building, cache
from runfolio.environments.building import Builder, Told
from runfolio.projects.environments import activation, containers
from runfolio.projects.environments.locked import conda_yaml, recipe_of_lock
from runfolio.projects.environments.managers import LOCAL_HINT
from runfolio.projects.environments.planning import Plan, plan, program_for
from runfolio.projects.environments.prepared import Prepared, local, of_folder
from runfolio.projects.environments.syncing import sync


@contextmanager
def prepare(
    folder: Path,
    declared: DeclaredEnvironment,
    asked: EnvManager = EnvManager.AUTO,
    *,
    tell: Told = lambda _: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[Prepared]:
    """The environment of a project, which is made if it is not there; nobody removes it meanwhile.

    Args:
        folder: the project's.
        declared: by its MLproject file, or by the files that stand beside it (`core.projects.declared`).
        tell: takes a sentence about each step, and each line that a tool prints.
        stopped: asked now and then whether to give up.

    Raises:
        NotFound, InvalidValue: the project's files are missing or wrong, or what is asked for does not go with them.
        EnvironmentProblem: what makes it is not here.
        NotBuilt: it cannot be made; names the packages, with the tool's last words.
        Stopped: `stopped` said so.
    """
    wanted = plan(folder, declared, asked)
    if wanted.manager is EnvManager.LOCAL:
        yield local()
    elif wanted.manager is EnvManager.DOCKER:
        yield _in_container(declared, _builder(wanted, tell, stopped))
    else:
        make = _syncing(folder) if wanted.recipe is None else _building(wanted, folder.name)
        with _kept(wanted, make, tell, stopped) as prepared:
            yield prepared


@contextmanager
def prepare_locked(
    python: str, lock: str, *, tell: Told = lambda _: None, stopped: Callable[[], bool] = lambda: False
) -> Iterator[Prepared]:
    """An environment of exactly the versions of a lock: of `Prepared.lock`, or of the packages captured with a run.

    Args:
        python: the version of Python; "" for that which the lock names.

    Raises:
        InvalidValue: the lock tells no version of Python.
        EnvironmentProblem, NotBuilt, Stopped: as `prepare` does.
    """
    recipe = recipe_of_lock(python, lock, tell)
    wanted = Plan(EnvManager.CONDA if recipe.conda else EnvManager.UV, recipe, recipe.key)
    with tempfile.TemporaryDirectory(prefix="runfolio-") as scratch:
        file = Path(scratch, "environment.yml")
        file.write_text(conda_yaml(recipe), encoding="utf-8")
        make = _building(replace(wanted, recipe=replace(recipe, conda_file=file)), "a lock")
        with _kept(wanted, make, tell, stopped) as prepared:
            yield prepared


Make = Callable[[Path, int, Builder], dict[str, Any]]


@contextmanager
def _kept(wanted: Plan, make: Make, tell: Told, stopped: Callable[[], bool]) -> Iterator[Prepared]:
    got = cache.get(
        wanted.key,
        lambda target, lock: make(target, lock, _builder(wanted, tell, stopped)),
        whole=building.is_whole,
        waiting=cache.Waiting(stopped=stopped, tell=tell),
    )
    with got as had:
        yield of_folder(had, wanted.manager)


def _building(wanted: Plan, of: str) -> Make:
    recipe = wanted.recipe
    assert recipe is not None

    def make(target: Path, lock: int, builder: Builder) -> dict[str, Any]:
        try:
            about = building.build(recipe, target, lock, builder, of)
        except NoPython as problem:
            raise NoPython(problem.message, f"{problem.hint}\n{LOCAL_HINT}") from problem
        activation.record(target)
        return about

    return make


def _syncing(folder: Path) -> Make:
    return lambda target, lock, builder: sync(folder, target, lock, builder)


def _builder(wanted: Plan, tell: Told, stopped: Callable[[], bool]) -> Builder:
    return Builder(*program_for(wanted), tell, stopped, tell)


def _in_container(declared: DeclaredEnvironment, builder: Builder) -> Prepared:
    found = containers.container(declared, builder)
    return Prepared(EnvManager.DOCKER, f"the image {found.image} ({found.identity[:19]})", container=found)
