"""Making environments: by uv, which takes seconds, by venv and pip without it, by conda where that alone can."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from runfolio.core.errors import EnvironmentProblem, NoPython, NotBuilt
from runfolio.environments.failures import failing
from runfolio.environments.following import follow
from runfolio.environments.installed import LOCK, lock_of, python_of
from runfolio.environments.processes import Finished
from runfolio.environments.pythons import is_ours, minor_here, pythons_here
from runfolio.environments.recipe import Recipe

#: Seconds that a single step, such as the installation of all packages, may take.
TIMEOUT = 1800.0
#: So many of the lines that were asked for are told of an environment.
MOST_LINES = 200
UV, VENV = "uv", "venv"
CONDAS = ("micromamba", "mamba", "conda")
# What would have a manager work on another environment, or project, than the one it is told; and what colors lines.
_MISLEADING = frozenset(
    (
        *("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONHOME", "PYTHONPATH", "UV_PROJECT_ENVIRONMENT", "UV_PYTHON"),
        *("PIP_TARGET", "PIP_PREFIX", "FORCE_COLOR", "CLICOLOR_FORCE"),
    )
)

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Builder:
    """What makes environments here.

    Attributes:
        name: `uv`, `venv` or the name of the conda.
        tell: takes a sentence about each step.
        stopped: whether nobody waits any more.
        hear: takes each line that the program prints.
        timeout: seconds for each step.
        handed: descriptors that what it starts keeps open.
    """

    name: str
    program: str
    tell: Told
    stopped: Callable[[], bool]
    hear: Told = lambda _: None
    timeout: float = TIMEOUT
    handed: tuple[int, ...] = ()

    def run(self, *arguments: str | Path, folder: Path, **variables: str) -> Finished:
        """Run what `arguments` begin with. Raises Stopped, NotBuilt, EnvironmentProblem."""
        command = [str(one) for one in arguments]
        environment = {name: value for name, value in os.environ.items() if name not in _MISLEADING}
        try:
            done = follow(
                command,
                hear=self.hear,
                timeout=self.timeout,
                folder=folder,
                environment={**environment, "NO_COLOR": "1", **variables},
                stopped=self.stopped,
                handed=self.handed,
            )
        except OSError as problem:
            raise EnvironmentProblem(f"{command[0]} cannot be started: {problem.strerror or problem}.") from problem
        if done.code is None:
            raise NotBuilt(f"{Path(command[0]).name} took longer than {self.timeout:.0f} seconds.", done.last_words)
        return done


def choose(
    recipe: Recipe,
    tell: Told,
    stopped: Callable[[], bool],
    *,
    hear: Told = lambda _: None,
    timeout: float = TIMEOUT,
    asked: str = "",
) -> Builder:
    """What can make the environment here.

    Args:
        asked: `uv` or `venv` if it must be that, `conda` for any of these; "" for the best there is.

    Raises:
        EnvironmentProblem: nothing can; it names what is missing.
    """
    return Builder(*program_for(recipe, asked), tell, stopped, hear, timeout)


def program_for(recipe: Recipe | None, asked: str = "") -> tuple[str, str]:
    """The name and the program of what makes an environment, or one that only uv makes. As `choose`."""
    wanted = recipe.conda if recipe else ()
    if wanted or asked == "conda":
        if found := conda():
            return found
        raise EnvironmentProblem(
            "There is no conda here" + (f", which alone installs {', '.join(wanted)}." if wanted else "."),
            "Install micromamba, or replace them by packages of pip in conda.yaml and requirements.txt.",
        )
    if asked != VENV and (program := uv()):
        return UV, program
    if asked == UV or recipe is None:
        raise EnvironmentProblem("There is no uv here.", "pip install uv")
    if not is_ours(recipe.minor):
        here = f"; venv makes environments with Python {minor_here()}" if minor_here() else ""
        raise EnvironmentProblem(f"Only uv can get Python {recipe.minor}{here}.", "pip install uv")
    return VENV, sys.executable


def conda() -> tuple[str, str] | None:
    """The name and the program of a conda that is here."""
    return next(((name, program) for name in CONDAS if (program := shutil.which(name))), None)


def uv() -> str | None:
    """The program uv: the one that is installed with this Python, else the first on the path."""
    try:
        import uv as installed
    except ImportError:
        return shutil.which("uv")
    try:
        return installed.find_uv_bin()
    except FileNotFoundError:
        return shutil.which("uv")


def build(recipe: Recipe, target: Path, lock: int, builder: Builder, of: str = "") -> dict[str, Any]:
    """Make the environment in a folder that is not there yet, and tell what `listing` knows of it.

    Args:
        lock: the descriptor that all processes hold which write there.
        of: the name of what it is made for.

    Raises:
        NotBuilt: a package is not to be had, or they do not go together; NoPython: that is not to be had.
        Stopped: nobody waits any more.
    """
    builder = replace(builder, handed=(lock,))
    if builder.name in CONDAS:
        _build_by_conda(recipe, target, builder)
    else:
        make_empty(recipe, target, builder)
        _install(recipe, target, builder)
    return described(target, builder, (*recipe.conda, *recipe.lines), of)


def described(target: Path, builder: Builder, lines: Sequence[str], of: str) -> dict[str, Any]:
    """What is told of an environment that has just been made; its lock is written."""
    (target / LOCK).write_text(lock_of(target), encoding="utf-8")
    return {"manager": builder.name, "python": python_of(target), "lines": list(lines[:MOST_LINES]), "of": of}


def is_whole(target: Path) -> bool:
    """Whether the Python of an environment is there still, which may be that of an installation outside."""
    return python_in(target).is_file()


def python_in(target: Path) -> Path:
    """The interpreter of an environment."""
    places = ("Scripts/python.exe", "python.exe") if os.name == "nt" else ("bin/python",)
    return next((file for place in places if (file := target / place).exists()), target / places[0])


def make_empty(recipe: Recipe, target: Path, builder: Builder) -> None:
    """Make an environment without packages. Raises NotBuilt, Stopped."""
    builder.tell(f"Making an environment with Python {recipe.minor} ({builder.name}).")
    ours = is_ours(recipe.minor)
    words: tuple[str, ...] = ("-m", "venv")
    if builder.name == UV:
        words = ("venv", "--no-project", "--python", sys.executable if ours else recipe.minor)
    made = builder.run(builder.program, *words, target, folder=target.parent)
    if made.code == 0:
        return
    failed = f"No environment with Python {recipe.minor} could be made."
    if ours:
        raise NotBuilt(failed, made.last_words)
    raise NoPython(f"{failed} Found here: {', '.join(pythons_here(builder.program)) or 'none'}.", made.last_words)


def _install(recipe: Recipe, target: Path, builder: Builder) -> None:
    """Install with the exact versions of the lock; without them, which is told, if they are not to be had here."""
    for name, text in recipe.constraints.items():
        (target / name).write_text(text, encoding="utf-8")
    if recipe.before:
        builder.tell(f"Installing what the rest is built with: {', '.join(recipe.before)}.")
        _installed(recipe.before, target, builder)
    if not recipe.lines:
        return
    extra = "" if recipe.alone else " and all that they require"
    builder.tell(f"Installing {len(recipe.lines)} requirements{extra}.")
    options: tuple[str, ...] = ("--no-deps",) if recipe.alone else ()
    if recipe.sources and builder.name == UV:
        # Else it takes what it once built of a folder, until the description there changes; --refresh needs a network.
        options += ("--reinstall",)
    if recipe.lock:
        (target / "lock.txt").write_text(recipe.lock, encoding="utf-8")
        if _install_lines(recipe.lines, target, builder, *options, "-c", "lock.txt").code == 0:
            return
        builder.tell("The versions of the lock are not all to be had here; the requirements alone are tried.")
    _installed(recipe.lines, target, builder, *options)


def _installed(lines: Sequence[str], target: Path, builder: Builder, *options: str) -> None:
    done = _install_lines(lines, target, builder, *options)
    if done.code == 0:
        return
    names = ", ".join(failing(done.last_words, lines))
    raise NotBuilt(f"Packages could not be installed{f': {names}' if names else ''}.", done.last_words)


def _install_lines(lines: Sequence[str], target: Path, builder: Builder, *options: str) -> Finished:
    (target / "requirements.txt").write_text("\n".join(lines), encoding="utf-8")
    if builder.name == UV:
        installer: tuple[str | Path, ...] = (builder.program, "pip", "install", "--python", python_in(target))
    else:
        quiet = ("--disable-pip-version-check", "--no-input", "--progress-bar", "off")
        installer = (python_in(target), "-m", "pip", "install", *quiet)
    return builder.run(*installer, "-r", "requirements.txt", *options, folder=target)


def _build_by_conda(recipe: Recipe, target: Path, builder: Builder) -> None:
    assert recipe.conda_file is not None
    builder.tell(f"Making an environment with {len(recipe.conda)} packages of conda ({builder.name}).")
    words = ("create", "--yes") if builder.name == "micromamba" else ("env", "create", "--yes")
    done = builder.run(
        *(builder.program, *words, "--prefix", target, "--file", recipe.conda_file), folder=recipe.conda_file.parent
    )
    if done.code != 0:
        names = ", ".join(failing(done.last_words, (*recipe.conda, *recipe.lines)))
        what = f"The environment could not be made by {builder.name}{f': {names}' if names else ''}."
        raise NotBuilt(what, done.last_words)
