"""The values of an entry point's parameters, checked before anything is started, all of them at once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import unquote, urlsplit

from runfolio.core import rules
from runfolio.core.errors import InvalidValue
from runfolio.core.projects.records import EntryPoint, Kind, Parameter

BOOLS = ("true", "false", "yes", "no", "1", "0")
NUMBERS = (Kind.INT, Kind.FLOAT)
_WHOLE = re.compile(r"[+-]?\d+(_\d+)*", re.ASCII)
# One letter and a colon are a drive of Windows.
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
# How alike names are that are taken for slips, from 0 to 1: `alhpa` is, `test_size` for `batch_size` is not.
_ALIKE = 0.75


@dataclass(frozen=True, slots=True)
class Values:
    """What a run is given.

    Attributes:
        declared: by parameter, what stands for it in the command: defaults put in, paths made absolute.
        extra: what is given beyond that, and appended to the command.
        logged: all of it, as it was given, with the defaults.
    """

    declared: Mapping[str, str]
    extra: Mapping[str, str]
    logged: Mapping[str, str]


class WrongParameters(InvalidValue):
    """Values that an entry point cannot be run with.

    Attributes:
        problems: by parameter, what is wrong, in a sentence.
    """

    def __init__(self, entry: str, problems: Mapping[str, str]) -> None:
        super().__init__(f"{entry} cannot be run with these parameters. {' '.join(problems.values())}")
        self.problems = dict(problems)


def check(entry: EntryPoint, given: Mapping[str, str], *, resolve_path: Callable[[str], str | None]) -> Values:
    """The values that a command is made from.

    Args:
        resolve_path: makes a local path absolute; None if there is nothing (`path_resolver`).

    Raises:
        WrongParameters: some are missing, do not fit, or have a name that seems to be a slip; tells all of them.
    """
    declared: dict[str, str] = {}
    problems: dict[str, str] = {}
    by_name = {parameter.name: parameter for parameter in entry.parameters}
    extra = {name: value for name, value in given.items() if name not in by_name}
    for name, parameter in by_name.items():
        value = given.get(name, parameter.default)
        if value is None:
            problems[name] = f"{name} is missing{_needed(parameter)}."
        else:
            problem = problem_of(parameter, value)
            resolved = None if problem or parameter.kind is not Kind.PATH else _resolved(value, resolve_path)
            declared[name] = value if resolved is None else resolved
            if resolved == "":
                problem = f"there is no file or folder {rules.shorten(value)}"
            if problem:
                problems[name] = f"{name}: {problem}."
    not_given = [name for name in by_name if name not in given]
    problems |= {name: said for name, value in extra.items() if (said := _problem_of_extra(name, value, not_given))}
    if problems:
        raise WrongParameters(entry.name, problems)
    logged = {name: given.get(name, parameter.default or "") for name, parameter in by_name.items()}
    return Values(declared, extra, logged | extra)


def problem_of(parameter: Parameter, value: str) -> str:
    """Why a parameter cannot have a value, without a period; "" if it can. Nothing is looked for on the disk.

    Numbers are what Python's `float` takes, with `nan` and `inf`, but for other alphabets' digits and blanks around.
    """
    broken = _broken_text(value) or _WRONG_KIND[parameter.kind](value)
    if broken:
        return broken
    if parameter.kind in NUMBERS:
        number = float(value)
        if parameter.least is not None and not number >= parameter.least:
            return f"{value} is less than {parameter.least:g}" if number == number else "nan is in no range"
        if parameter.most is not None and not number <= parameter.most:
            return f"{value} is more than {parameter.most:g}" if number == number else "nan is in no range"
    if parameter.choices and not any(_same(parameter.kind, value, one) for one in parameter.choices):
        return f"{rules.shorten(value)} is none of {', '.join(parameter.choices)}"
    return ""


def path_resolver(caller: Path, project: Path) -> Callable[[str], str | None]:
    """What makes local paths absolute: from the folder of who calls, as MLflow does, else from the project's."""

    def resolve(given: str) -> str | None:
        for folder in (caller, project):
            path = Path(os.path.normpath((folder / given).absolute()))
            with suppress(OSError):  # a name that no system can have is none that is there
                if path.exists():
                    return str(path)
        return None

    return resolve


def _needed(parameter: Parameter) -> str:
    return "" if parameter.kind is Kind.STRING else f", a value of type {parameter.kind}"


def _broken_text(value: str) -> str:
    if "\0" in value:
        return "a value cannot hold the character NUL"
    return "" if rules.text(value) == value else f"{rules.shorten(value)} is no text that UTF-8 can hold"


def _resolved(value: str, resolve_path: Callable[[str], str | None]) -> str | None:
    """A local path made absolute, "" if there is nothing; None for an address, which stays as it is."""
    found = _SCHEME.match(value)
    if found and found[1].lower() != "file":
        return None
    if found:
        address = urlsplit(value)
        if address.netloc not in ("", "localhost"):
            return None
        value = unquote(address.path)
    return resolve_path(value) or ""


def _problem_of_extra(name: str, value: str, not_given: list[str]) -> str:
    """What is wrong with a value of no parameter: such are passed on, unless the name seems to be a slip."""
    by_letters = {one.casefold(): one for one in not_given}
    near = get_close_matches(name.casefold()[: rules.MAX_KEY_LENGTH], by_letters, n=1, cutoff=_ALIKE)
    if near:
        meant = by_letters[near[0]]
        return f"There is no parameter {name!r}: did you mean {meant!r}? It is passed on where {meant!r} is given too."
    try:
        rules.key(name, "parameter")
    except InvalidValue as problem:
        return problem.message
    broken = _broken_text(value)
    return f"{name}: {broken}." if broken else ""


def _wrong_int(value: str) -> str:
    known = _WHOLE.fullmatch(value) and len(value) <= rules.MAX_NUMBER_LENGTH
    return "" if known and is_float(value) else f"{rules.shorten(value)} is no whole number (int)"


def _wrong_float(value: str) -> str:
    return "" if is_float(value) else f"{rules.shorten(value)} is no number (float)"


def is_float(value: str) -> bool:
    """Whether a text is a number as scripts read it."""
    if not value.isascii() or value != value.strip() or len(value) > rules.MAX_NUMBER_LENGTH:
        return False
    try:
        float(value)
    except ValueError:
        return False
    return True


def _wrong_bool(value: str) -> str:
    return "" if value.lower() in BOOLS else f"{rules.shorten(value)} is none of {', '.join(BOOLS)} (bool)"


def _wrong_uri(value: str) -> str:
    return "" if _SCHEME.match(value) else f"{rules.shorten(value)} is no address with a scheme, such as s3://… (uri)"


def _wrong_path(value: str) -> str:
    return "" if value.strip() else "a path is not blank (path)"


_WRONG_KIND: Mapping[Kind, Callable[[str], str]] = {
    Kind.STRING: lambda _: "",
    Kind.INT: _wrong_int,
    Kind.FLOAT: _wrong_float,
    Kind.BOOL: _wrong_bool,
    Kind.URI: _wrong_uri,
    Kind.PATH: _wrong_path,
}


def _same(kind: Kind, value: str, choice: str) -> bool:
    if kind is Kind.BOOL:
        return value.lower() == choice.lower()
    return value == choice or (kind in NUMBERS and is_float(choice) and float(value) == float(choice))
