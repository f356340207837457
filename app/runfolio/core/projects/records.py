"""A project as its MLproject file describes it; MLflow's names (mlflow.org/docs/latest/ml/projects)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

#: The entry point that is run when none is named.
MAIN = "main"
#: The name of the file, in any case of its letters.
FILE_NAME = "MLproject"


class Kind(StrEnum):
    """What a parameter's values are; an unknown word of MLflow's files is a string."""

    STRING = "string"
    FLOAT = "float"
    INT = "int"
    BOOL = "bool"
    PATH = "path"
    URI = "uri"


class EnvironmentKind(StrEnum):
    """What a project says of its environment."""

    NONE = "none"
    PYTHON = "python_env"
    CONDA = "conda_env"
    DOCKER = "docker_env"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an entry point.

    Attributes:
        default: as text; None where a value must be given.
        least, most: of numbers, both included; None for no limit.
        choices: the values it may have, as text; empty for any.
        help: what it is for.
    """

    name: str
    kind: Kind = Kind.STRING
    default: str | None = None
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()
    help: str = ""

    @property
    def required(self) -> bool:
        """Whether a value must be given."""
        return self.default is None


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """Something that can be run.

    Attributes:
        command: for a POSIX shell, with `{name}` for the value of a parameter and `{{` for a brace.
    """

    name: str
    command: str
    parameters: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class DeclaredEnvironment:
    """What a project is to run in.

    Attributes:
        file: of a Python or conda environment, relative to the project, with `/`.
        image, volumes, variables: of Docker: `host:container` each; a name to be passed on, or a name and its value.
    """

    kind: EnvironmentKind = EnvironmentKind.NONE
    file: str = ""
    image: str = ""
    volumes: tuple[str, ...] = ()
    variables: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """What can be run in a folder.

    Attributes:
        name: "" where the file gives none, or there is no file.
        file: the name of the MLproject file in the folder; "" if there is none.
    """

    name: str = ""
    environment: DeclaredEnvironment = field(default_factory=DeclaredEnvironment)
    entry_points: tuple[EntryPoint, ...] = ()
    file: str = ""
