"""Pictures that were logged step by step, such as samples of a model: which files are one series, and at which step."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: Files that are shown as pictures, by the suffixes of their names.
SUFFIXES = frozenset(["png", "jpg", "jpeg", "gif", "bmp", "webp", "svg", "ico", "tif", "tiff", "ppm", "pgm"])
# As `log_image` names what has a key and a step, and the smaller copy beside it; MLflow had `%` for `+` once.
LOGGED = re.compile(r"(?P<key>.+)[+%]step[+%](?P<step>\d+)[+%]timestamp[+%]\d+[+%][0-9a-f-]+\.[a-z]+\Z", re.ASCII)
STEP = re.compile(r"[+%]step[+%]\d")
COPIES = "+compressed.webp", "%compressed.webp"
NUMBERED = re.compile(r"(?P<before>.*?)(?P<number>\d{1,18})(?P<after>[^\d/]*\.[A-Za-z]+)\Z", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Logged:
    """A picture of a series, and the step of it."""

    series: str
    step: int


def is_picture(path: str) -> bool:
    """True for a file that is shown as a picture."""
    return path.rsplit(".", 1)[-1].lower() in SUFFIXES


def is_copy(path: str) -> bool:
    """Whether a file is the smaller copy of a picture beside it."""
    return path.endswith(COPIES) and STEP.search(path) is not None


def logged_at(path: str) -> Logged | None:
    """What the name of a picture says; None where it says nothing. Nothing but a number tells two of a series apart."""
    if not is_picture(path) or is_copy(path):
        return None
    if found := LOGGED.match(path):
        # A key's `/` is written as `~`, and was `#`.
        return Logged(found["key"].replace("~", "/").replace("#", "/"), int(found["step"]))
    if found := NUMBERED.match(path):
        return Logged(f"{found['before']}#{found['after']}", int(found["number"]))
    return None


def short_name(name: str) -> str:
    """The name of a picture that was logged at a step, without the time and the random id that nobody reads."""
    copy = is_copy(name)
    found = LOGGED.match(f"{name[: -len(COPIES[0])]}.webp" if copy else name)
    if found is None:
        return name
    return f"{found['key']}{' small' if copy else ''} step {found['step']}"


def series_of(paths: Iterable[str]) -> Mapping[str, dict[int, str]]:
    """The series of two pictures or more among some files, each with the file of every step; of two, the later name."""
    found: dict[str, dict[int, str]] = {}
    for path in sorted(paths):
        if (logged := logged_at(path)) is not None:
            found.setdefault(logged.series, {})[logged.step] = path
    return {name: steps for name, steps in found.items() if len(steps) > 1 or any(map(STEP.search, steps.values()))}
