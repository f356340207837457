"""What an MLproject file says of the environment, and which one applies where it says nothing."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath, PureWindowsPath

import yaml

from runfolio.core import rules
from runfolio.core.projects.reading import Entry, Reading, is_null, shown
from runfolio.core.projects.records import DeclaredEnvironment, EnvironmentKind, Project

PYTHON_FILE, CONDA_FILE = "python_env.yaml", "conda.yaml"
KEYS = (EnvironmentKind.PYTHON, EnvironmentKind.CONDA, EnvironmentKind.DOCKER)
DOCKER_KEYS = ("image", "volumes", "environment")


def environment_of(project: Project, exists: Callable[[str], bool]) -> DeclaredEnvironment:
    """What a project is to run in, by MLflow's order: what its file says, `python_env.yaml`, `conda.yaml`, nothing.

    Args:
        exists: whether the project has a file.
    """
    if project.environment.kind is not EnvironmentKind.NONE:
        return project.environment
    if exists(PYTHON_FILE):
        return DeclaredEnvironment(EnvironmentKind.PYTHON, PYTHON_FILE)
    if exists(CONDA_FILE):
        return DeclaredEnvironment(EnvironmentKind.CONDA, CONDA_FILE)
    return DeclaredEnvironment()


def read_environment(reading: Reading, given: Mapping[str, Entry]) -> DeclaredEnvironment:
    """The one environment that a file names."""
    said = {kind: given[kind] for kind in KEYS if kind in given and not is_null(given[kind].value)}
    kinds = sorted(said, key=lambda kind: said[kind].key.start_mark.index)
    for kind in kinds[1:]:
        reading.wrong(said[kind].key, f"a project has one environment: {kind} or {kinds[0]}, not both.")
    read = [_read_one(reading, kind, said[kind].value, "name" in given) for kind in kinds]
    return read[0] if read else DeclaredEnvironment()


def _read_one(reading: Reading, kind: EnvironmentKind, node: yaml.Node, named: bool) -> DeclaredEnvironment:
    if kind is EnvironmentKind.DOCKER:
        return _docker(reading, node, named)
    return DeclaredEnvironment(kind, _file(reading, node, f"the file of {kind}"))


def _file(reading: Reading, node: yaml.Node, what: str) -> str:
    written = reading.text(node, what)
    if written is None:
        return ""
    inside = inside_of_project(written)
    if inside is None:
        reading.wrong(node, f"{what} is in the project's folder; {rules.shorten(written)} is not.")
    return inside or ""


def inside_of_project(written: str) -> str | None:
    """A path in a project in its shortest form, with `/`; None if it leads out of it on any system."""
    path = posixpath.normpath(written.replace("\\", "/").strip())
    whole = PurePosixPath(path).is_absolute() or PureWindowsPath(path).drive or path in (".", "..")
    return None if whole or path.startswith("../") or "\0" in path else path


def _docker(reading: Reading, node: yaml.Node, named: bool) -> DeclaredEnvironment:
    given = reading.mapping(node, "docker_env", DOCKER_KEYS)
    image = ""
    if isinstance(node, yaml.MappingNode) and "image" not in given:
        reading.wrong(node, "docker_env names no image. Write it as image: name:tag.")
    if "image" in given:
        image = reading.text(given["image"].value, "an image") or ""
    if not named:
        reading.wrong(node, "a project with docker_env needs a name, of which its image is called. Add name: …")
    return DeclaredEnvironment(EnvironmentKind.DOCKER, "", image, _volumes(reading, given), _variables(reading, given))


def _volumes(reading: Reading, given: Mapping[str, Entry]) -> tuple[str, ...]:
    if "volumes" not in given:
        return ()
    nodes = reading.items(given["volumes"].value, "volumes", '["/here:/there"]')
    return tuple(text for node in nodes if (text := reading.text(node, "a volume")))


def _variables(reading: Reading, given: Mapping[str, Entry]) -> tuple[tuple[str, str | None], ...]:
    if "environment" not in given:
        return ()
    nodes = reading.items(given["environment"].value, "environment", '[PASSED_ON, [NEW, "value"]]')
    return tuple(found for node in nodes if (found := _variable(reading, node)) is not None)


def _variable(reading: Reading, node: yaml.Node) -> tuple[str, str | None] | None:
    pair = node.value if isinstance(node, yaml.SequenceNode) else [node]
    if isinstance(node, yaml.SequenceNode) and len(pair) != 2:
        reading.wrong(node, "a variable is its name, or a list of its name and its value.")
        return None
    name = reading.text(pair[0], "a variable's name")
    value = reading.text(pair[1], "a variable's value", blank=True) if len(pair) == 2 else None
    if name is not None and ("=" in name or "\0" in name):
        reading.wrong(pair[0], f"a variable's name has no =; {shown(pair[0])} has. Write it as [NAME, value].")
        return None
    return None if name is None or (len(pair) == 2 and value is None) else (name, value)
