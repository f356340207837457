"""MLproject files, read strictly, and the entry point that is meant.

    name: wine
    python_env: python_env.yaml
    entry_points:
      main:
        parameters:
          data: path
          alpha: {type: float, default: 0.5, min: 0, max: 1, help: how much is punished}
        command: python train.py --alpha {alpha} {data}

The format is MLflow's (mlflow.org/docs/latest/ml/projects); `min`, `max`, `choices` and `help` are added here.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import PurePosixPath

import yaml

from runfolio.core import rules, yaml_text
from runfolio.core.errors import InvalidValue, NotFound
from runfolio.core.projects.declared import KEYS as ENVIRONMENTS
from runfolio.core.projects.declared import inside_of_project, read_environment
from runfolio.core.projects.entry_text import read_entry
from runfolio.core.projects.reading import DESCRIPTION, Fault, Reading, is_null
from runfolio.core.projects.records import FILE_NAME, MAIN, EntryPoint, Project
from runfolio.core.registry.names import nearest

SPARK = "databricks_spark_job"
KEYS = ("name", *map(str, ENVIRONMENTS), "entry_points")
# More than anybody writes.
DEEPEST, MOST, LONGEST = 20, 20_000, 1 << 20
#: So many entry points and files are told of those that could be named.
MOST_NAMED = 12
#: What runs a file that is named as an entry point, by its ending.
RUNNERS = {".py": "python", ".sh": "bash", ".R": "Rscript"}


class ProjectError(InvalidValue):
    """An MLproject file that cannot be used.

    Attributes:
        faults: all that is wrong with it, by line.
    """

    def __init__(self, file: str, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        listed = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(f"{file} cannot be used:\n{listed}")


class NoEntryPoint(InvalidValue):
    """None was named, and there is no `main` and not only one.

    Attributes:
        choices: what could be named; may be empty.
    """

    def __init__(self, choices: Sequence[str]) -> None:
        message = "The project has no entry point main, and none was named."
        hint = f"Name one of {_listed(choices)}." if choices else "Name a file to run, such as train.py."
        super().__init__(message, hint)
        self.choices = tuple(choices)


def find_file(names: Iterable[str]) -> str:
    """The MLproject file among the names in a folder, in any case of its letters; "" if there is none."""
    found = sorted(name for name in names if name.casefold() == FILE_NAME.casefold())
    return FILE_NAME if FILE_NAME in found else next(iter(found), "")


def read_project(text: str, file: str = FILE_NAME) -> Project:
    """What an MLproject file says.

    Args:
        file: its name.

    Raises:
        ProjectError: something in it is wrong; tells all of that at once, each with its line.
    """
    reading = Reading()
    node = _composed(text, file)
    given = {} if node is None else reading.mapping(node, "a project", KEYS, (SPARK, DESCRIPTION))
    if SPARK in given and not is_null(given[SPARK].value):
        reading.wrong(given[SPARK].key, f"{SPARK} is run by Databricks alone, and not here. Add entry_points instead.")
    given = {key: entry for key, entry in given.items() if not is_null(entry.value)}
    name = reading.text(given["name"].value, "a name") if "name" in given else None
    environment = read_environment(reading, given)
    points: tuple[EntryPoint, ...] = ()
    if "entry_points" in given:
        found = reading.mapping(given["entry_points"].value, "entry_points")
        points = tuple(read_entry(reading, one, entry) for one, entry in found.items())
    if reading.faults:
        raise ProjectError(file, reading.faults)
    return Project(name or "", environment, points, file)


def _composed(text: str, file: str) -> yaml.Node | None:
    if len(text) > LONGEST or rules.text(text) != text:
        raise ProjectError(file, [Fault(0, "it is too long, or no text that UTF-8 can hold.")])
    try:
        return yaml_text.compose(text, deepest=DEEPEST, most=MOST)
    except yaml_text.NotYaml as problem:
        mark = getattr(problem.__cause__, "problem_mark", None)
        hint = " YAML is indented with blanks, not with tabs." if "\t" in text else ""
        reason = str(problem).replace('"<unicode string>", ', "")
        raise ProjectError(file, [Fault(mark.line + 1 if mark else 0, f"{reason}.{hint}")]) from problem


def entry_point(
    project: Project, name: str, file_exists: Callable[[str], bool], files: Collection[str] = ()
) -> EntryPoint:
    """What is to be run: the entry point of that name, else the file; without a name `main`, or the only one.

    Args:
        name: "" for none; the name of what is found tells which one was taken.
        file_exists: whether the project has a file, by its path with `/`.
        files: names of files in the project, of which the nearest is told where the name is unknown.

    Raises:
        NoEntryPoint: none was named, and there is more than one or none.
        NotFound: there is neither such an entry point nor such a file.
    """
    points = {point.name: point for point in project.entry_points}
    scripts = [file for file in files if PurePosixPath(file).suffix in RUNNERS]
    if not name:
        if MAIN in points or len(points) == 1:
            return points.get(MAIN) or project.entry_points[0]
        raise NoEntryPoint(tuple(points) or sorted(scripts))
    if name in points:
        return points[name]
    path = inside_of_project(name)
    if path is not None and PurePosixPath(path).suffix in RUNNERS and file_exists(path):
        return _script(name, path)
    known = (*points, *scripts)
    every = f"There are {_listed(known)}." if known else f"Files that end in {', '.join(RUNNERS)} can be named too."
    raise NotFound(
        f"The project has no entry point {rules.shorten(name)}, and no such file that can be run.",
        (nearest(name, known) or every).strip(),
    )


def _listed(names: Sequence[str]) -> str:
    """The first of the names, and how many more there are."""
    more = len(names) - MOST_NAMED
    return f"{', '.join(names[:MOST_NAMED])}{f' and {more} more' if more > 0 else ''}"


def _script(name: str, path: str) -> EntryPoint:
    word = shlex.quote(f"./{path}" if path.startswith("-") else path).replace("{", "{{").replace("}", "}}")
    return EntryPoint(name, f"{RUNNERS[PurePosixPath(path).suffix]} {word}")
