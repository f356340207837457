"""Which manager makes a project's environment."""

from __future__ import annotations

from pathlib import Path

from runfolio.core.errors import EnvironmentProblem, InvalidValue
from runfolio.core.projects.records import DeclaredEnvironment, EnvironmentKind
from runfolio.core.projects.request import EnvManager
from runfolio.environments.recipe import Recipe

LOCAL_HINT = "Run it in the Python that is here: --env-manager local"
#: What uv keeps beside a project's own description.
UV_LOCK, PROJECT_FILE = "uv.lock", "pyproject.toml"


def manager_for(folder: Path, declared: DeclaredEnvironment, asked: EnvManager) -> EnvManager:
    """What is asked for, or what the project needs: docker, conda, uv, or nothing but the Python that is here.

    Only the name is chosen: whether it is here shows later. For uv, where nobody asked for it, venv will do.

    Raises:
        InvalidValue: what is asked for cannot make what the project declares.
    """
    kind = declared.kind
    if asked is EnvManager.AUTO:
        if kind is EnvironmentKind.DOCKER:
            return EnvManager.DOCKER
        if kind is EnvironmentKind.NONE:
            return EnvManager.UV if has_uv_lock(folder) else EnvManager.LOCAL
        return EnvManager.UV
    if asked is EnvManager.DOCKER and kind is not EnvironmentKind.DOCKER:
        raise InvalidValue("The project names no image to run in.", "Add docker_env to its MLproject file.")
    if kind is EnvironmentKind.DOCKER and asked not in (EnvManager.DOCKER, EnvManager.LOCAL):
        raise InvalidValue(f"The project runs in the image {declared.image}, which {asked} does not make.", LOCAL_HINT)
    if asked is EnvManager.CONDA and kind is not EnvironmentKind.CONDA:
        raise InvalidValue("Conda makes environments of a conda.yaml, and the project declares none.", LOCAL_HINT)
    return asked


def with_conda(recipe: Recipe, asked: EnvManager, chosen: EnvManager) -> EnvManager:
    """Conda, where the project needs what only that has.

    Raises:
        EnvironmentProblem: another was asked for.
    """
    if not recipe.conda:
        return chosen
    if asked in (EnvManager.UV, EnvManager.VENV):
        raise EnvironmentProblem(
            f"Only conda installs {', '.join(recipe.conda)}.", "Leave --env-manager out, or replace them in conda.yaml."
        )
    return EnvManager.CONDA


def has_uv_lock(folder: Path) -> bool:
    """Whether uv has fixed all versions of the project."""
    return (folder / UV_LOCK).is_file() and (folder / PROJECT_FILE).is_file()
