"""What a project's environment is to be, by its files alone, and whether it is there already."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from runfolio.core.errors import EnvironmentProblem, UserError
from runfolio.core.projects.records import DeclaredEnvironment, EnvironmentKind
from runfolio.core.projects.request import EnvManager
from runfolio.environments import building, cache
from runfolio.environments.listing import find
from runfolio.environments.recipe import Recipe
from runfolio.projects.environments.containers import client
from runfolio.projects.environments.declared import recipe_of
from runfolio.projects.environments.managers import has_uv_lock, manager_for, with_conda
from runfolio.projects.environments.syncing import sync_key


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be made.

    Attributes:
        recipe: of what; None of a container, of nothing, and of what uv has fixed.
        key: in the cache; "" where nothing is kept there.
        asked: what `building.choose` is asked for.
    """

    manager: EnvManager
    recipe: Recipe | None = None
    key: str = ""
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """How an environment stands, without anything done for it.

    Attributes:
        manager: what is used.
        ready: whether it can be used at once; None where only docker knows.
        size, last_used: bytes, and epoch milliseconds; 0 if it is not there.
        problem, hint: why it cannot be made, and what to do about it; "" if nothing is known against it.
    """

    manager: EnvManager
    ready: bool | None
    size: int = 0
    last_used: int = 0
    problem: str = ""
    hint: str = ""


def plan(folder: Path, declared: DeclaredEnvironment, asked: EnvManager = EnvManager.AUTO) -> Plan:
    """What a project's environment is to be.

    Raises:
        NotFound, InvalidValue: its files are missing or wrong, or what is asked for does not go with them.
        EnvironmentProblem: another manager than conda is asked for what conda alone has.
    """
    manager = manager_for(folder, declared, asked)
    if manager in (EnvManager.LOCAL, EnvManager.DOCKER):
        return Plan(manager)
    if manager is EnvManager.UV and declared.kind is EnvironmentKind.NONE and has_uv_lock(folder):
        return Plan(manager, None, sync_key(folder), building.UV)
    recipe = recipe_of(folder, declared)
    manager = with_conda(recipe, asked, manager)
    if manager is EnvManager.CONDA:  # what uv makes alike is not taken for it
        recipe = replace(recipe, sources=(*recipe.sources, str(manager)))
    by_itself = asked is EnvManager.AUTO and manager is not EnvManager.CONDA
    return Plan(manager, recipe, recipe.key, "" if by_itself else str(manager))


def status(folder: Path, declared: DeclaredEnvironment, asked: EnvManager = EnvManager.AUTO) -> Status:
    """How a project's environment stands; what is wrong with it is told, not raised."""
    try:
        wanted = plan(folder, declared, asked)
    except UserError as problem:
        return Status(asked, False, problem=problem.message, hint=problem.hint)
    if wanted.manager is EnvManager.LOCAL:
        return Status(wanted.manager, True)
    if wanted.manager is not EnvManager.DOCKER:
        found = find(cache.root() / wanted.key)
        if found.whole and building.is_whole(found.folder):
            return Status(wanted.manager, True, found.size, found.last_used)
    try:
        program_for(wanted)
    except EnvironmentProblem as problem:
        return Status(wanted.manager, False, problem=problem.message, hint=problem.hint)
    return Status(wanted.manager, None if wanted.manager is EnvManager.DOCKER else False)


def program_for(wanted: Plan) -> tuple[str, str]:
    """The name and the program of what makes it here. Raises EnvironmentProblem."""
    if wanted.manager is EnvManager.DOCKER:
        return str(EnvManager.DOCKER), client()
    return building.program_for(wanted.recipe, wanted.asked)
