"""Projects that run in a container: `docker_env`, as MLflow runs it.

The client of docker is asked as MLflow asks it. This was tried with what stands in for it, and not with a real engine.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from runfolio.core.errors import EnvironmentProblem, NotBuilt
from runfolio.core.projects.records import DeclaredEnvironment
from runfolio.environments.building import Builder

#: Where the project's folder is in a container; MLflow's.
CODE = "/mlflow/projects/code/"
DOCKER = "docker"
#: Seconds that a container which is ended is waited for.
PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Container:
    """How commands are run in an image.

    Attributes:
        program: the client.
        identity: the digest that stands for the image's content.
        volumes: `host:container` each.
        variables: names that are passed on from our environment, and names with their values.
    """

    program: str
    image: str
    identity: str
    volumes: tuple[str, ...]
    variables: tuple[tuple[str, str | None], ...]

    def wrap(
        self,
        command: str,
        variables: Mapping[str, str],
        folder: Path,
        *,
        name: str,
        mounts: Mapping[Path, str] | None = None,
    ) -> list[str]:
        """What runs a command for bash in a new container, which is gone when it ends.

        Args:
            variables: of the command; a value that is a path in what is mounted becomes that path in the container.
            folder: the project's; it is mounted, and where the command runs.
            name: of the container, by which `kill` ends it.
            mounts: further folders, such as the store's, and where they are in the container.
        """
        places = {folder.absolute(): CODE.rstrip("/"), **{one.absolute(): at for one, at in (mounts or {}).items()}}
        argv = [self.program, "run", "--rm", "--init", "--name", name]
        if sys.platform != "win32":  # what it writes belongs to who runs it, and not to root
            argv += ["--user", f"{os.getuid()}:{os.getgid()}", "-e", "HOME=/tmp"]
        for place, at in places.items():
            argv += ["-v", f"{place}:{at}"]
        for volume in self.volumes:
            argv += ["-v", _whole(volume, folder)]
        argv += ["-w", CODE]
        for key, value in self.variables:
            argv += ["-e", key if value is None else f"{key}={value}"]
        for key, value in variables.items():
            argv += ["-e", f"{key}={_inside(value, places)}"]
        return [*argv, self.image, "bash", "-c", command]

    def kill(self, name: str) -> None:
        """End a container, if it runs still: with its client alone it does not end."""
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run([self.program, "kill", name], capture_output=True, timeout=PATIENCE, check=False)


def client() -> str:
    """The client of docker. Raises EnvironmentProblem."""
    if program := shutil.which(DOCKER):
        return program
    raise EnvironmentProblem(
        "The project runs in an image of docker, and there is no docker here.",
        "Install docker, or run in the Python that is here: --env-manager local",
    )


def container(declared: DeclaredEnvironment, builder: Builder) -> Container:
    """How the project is run: its image is pulled if it is not here.

    Raises:
        EnvironmentProblem: a variable that is to be passed on is not set.
        NotBuilt: there is no such image, or no engine.
        Stopped: nobody waits any more.
    """
    if missing := [name for name, value in declared.variables if value is None and name not in os.environ]:
        raise EnvironmentProblem(
            f"The project's container is to have {', '.join(missing)} of your environment, which has no such variable.",
            f"export {missing[0]}=…",
        )
    identity = _identity(declared.image, builder)
    if not identity:
        builder.tell(f"Pulling the image {declared.image}.")
        done = builder.run(builder.program, "pull", declared.image, folder=Path.cwd())
        if done.code != 0:
            raise NotBuilt(f"The image {declared.image} cannot be had.", done.last_words)
        identity = _identity(declared.image, builder)
    return Container(builder.program, declared.image, identity, declared.volumes, declared.variables)


def _identity(image: str, builder: Builder) -> str:
    quiet = replace(builder, hear=lambda _: None)
    asked = (builder.program, "image", "inspect", "--format", "{{.Id}}", image)
    done = quiet.run(*asked, folder=Path.cwd())
    return done.output.strip() if done.code == 0 else ""


def _whole(volume: str, folder: Path) -> str:
    """A volume with the whole path of a folder that is given relative to the project."""
    if not volume.startswith((".", "~")):
        return volume
    host, _, at = volume.partition(":")
    return f"{(folder / Path(host).expanduser()).resolve()}:{at}"


def _inside(value: str, places: Mapping[Path, str]) -> str:
    """A path on this machine as it is in the container; any other value as it is."""
    path = Path(value)
    if not path.is_absolute():
        return value
    for place in sorted(places, key=lambda one: -len(one.parts)):
        if path.is_relative_to(place):
            return str(PurePosixPath(places[place], *path.relative_to(place).parts))
    return value
