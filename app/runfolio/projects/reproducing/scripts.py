"""Plans how to do again what a script did: its command, with other values where they are wished for, at its commit."""

from __future__ import annotations

import os
import posixpath
import shlex
from pathlib import PurePath

from runfolio.core import captured as names
from runfolio.core.projects.request import RunRequest
from runfolio.core.projects.tags import SOURCE_TYPE
from runfolio.core.secrets import MASK
from runfolio.projects.reproducing.arguments import with_python, with_values
from runfolio.projects.reproducing.code import code_of
from runfolio.projects.reproducing.data import data_of
from runfolio.projects.reproducing.finding import Found, folder_with, is_in_commit
from runfolio.projects.reproducing.given import Given
from runfolio.projects.reproducing.plan import Code, Plan, Problem


def plan_of_script(given: Given) -> Plan:
    """The plan for a run that somebody's command has made."""
    folder, script = given.tag(names.FOLDER), _script(given)
    of_script = str(PurePath(script).parent) if script else ""
    code, found, problems = code_of(given, [of_script, folder], given.tag(names.REMOTE), folder or of_script)
    if found is not None and found.prefix is None:
        code = _placed(code, found, folder or of_script, script)
    words, told = _words(given, code, found)
    data, about_data = data_of(given, code, found, folder)
    request = RunRequest(
        uri=given.tag(names.SOURCE) or script or folder,
        experiment=given.run.experiment_name,
        run_name=f"{given.run.name} again",
        parameters=dict(given.values),
    )
    # The folder is a new one, and will be gone: what is done again once more begins where the first did.
    kept = {name: given.tag(name) for name in (SOURCE_TYPE, names.FOLDER, names.SCRIPT)}
    problems = [*problems, *told, *about_data]
    return Plan(given.run.run_id, request, code, tuple(data), tuple(words), tags=kept, problems=tuple(problems))


def _script(given: Given) -> str:
    """The script's whole path, without ways back in it."""
    script = given.tag(names.SCRIPT)
    return os.path.normpath(script) if script else ""


def _placed(code: Code, found: Found, folder: str, script: str) -> Code:
    """The code with the folder in a repository of which only the address is known."""
    path = PurePath(script)
    named = path.relative_to(folder).as_posix() if script and path.is_relative_to(folder) else path.name
    inside = folder_with(found, code.commit, folder, [named])
    return Code(code.origin, code.commit, inside or "", None, code.patch, code.remote)


def _words(given: Given, code: Code, found: Found | None) -> tuple[list[str], list[Problem]]:
    """The words of the command as they are to be run in the checkout, with the values that were changed."""
    command = given.tag(names.COMMAND)
    if not command:
        notebook = given.tag(SOURCE_TYPE) == "NOTEBOOK"
        why = "It was made in a notebook, which has no command." if notebook else "Its command was not captured."
        return [], [Problem(why, fatal=True)]
    try:
        words, missing = with_values(with_python(shlex.split(command)), given.values)
    except ValueError as error:
        return [], [Problem(f"Its command cannot be read: {error}.", fatal=True)]
    problems = [
        Problem(f"Its command takes no {name!r}: the script would not see the value.", True) for name in missing
    ]
    if any(MASK in word for word in words):
        told = f"{MASK} in its command stands for a secret that was not kept: give the option its value."
        problems.append(Problem(told, fatal=True))
    if found is not None:
        words = [_moved(word, given, code, found) for word in words]
        script = _script(given)
        if script in words:
            problems.append(Problem(f"The script {script} is not in the commit: what is there now will run."))
    return words, problems


def _moved(word: str, given: Given, code: Code, found: Found) -> str:
    """A word that names a file of the commit by its path on the machine that it ran on, as a path in the checkout."""
    before, sign, path = word.rpartition("=")
    script, folder = _script(given), given.tag(names.FOLDER)
    if os.path.normpath(PurePath(folder, path)) == script:
        path = script
    top = _top(code, found, folder)
    if not top or not PurePath(path).is_absolute() or not PurePath(path).is_relative_to(top):
        return word
    inside = PurePath(path).relative_to(top).as_posix()
    if not is_in_commit(found, code.commit, inside):
        return word
    return before + sign + posixpath.relpath(inside, code.folder or ".")


def _top(code: Code, found: Found, folder: str) -> str:
    """The top of the repository on the machine that it ran on, as far as that is known."""
    if found.top is not None:
        return str(found.top)
    return folder.removesuffix(code.folder).rstrip("/") if folder.endswith(code.folder) else ""
