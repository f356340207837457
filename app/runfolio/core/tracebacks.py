"""Why a run failed, read from the text of its traceback: the exception, where it happened, and in whose code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath

HEADING = re.compile(r"(?:  \+ Exception Group )?Traceback \(most recent call last\):\Z")
FRAME = re.compile(r'\s+File "(?P<file>.+?)", line (?P<line>\d+)(?:, in (?P<function>.+))?\Z')
RULE = re.compile(r"\s*\+-\+-")
KIND = re.compile(r"(?P<kind>[^\W\d][\w.]*)(?:: ?(?P<message>.*))?\Z", re.DOTALL)
LIBRARY = re.compile(r"[\\/](site-packages|dist-packages)[\\/]|[\\/]lib(64)?[\\/]python\d|[\\/]Lib[\\/]|\A<")


@dataclass(frozen=True, slots=True)
class Frame:
    """One call: the file, its line, the function, the code of the line, and the number of its line in the text."""

    file: str
    line: int
    function: str
    code: str
    place: int

    @property
    def where(self) -> str:
        """`train.py:42 in step`."""
        name = (PureWindowsPath if "\\" in self.file else PurePosixPath)(self.file).name
        return f"{name}:{self.line}{f' in {self.function}' if self.function else ''}"


@dataclass(frozen=True, slots=True)
class Failure:
    """A traceback.

    Attributes:
        kind: the exception's name, such as `ValueError`.
        message: what it says, all lines of it.
        frames: the calls that led to it, the innermost last.
        own: the innermost call of the user's own code, else the innermost of all; None without calls.
        text: the whole text.
    """

    kind: str
    message: str
    frames: tuple[Frame, ...]
    own: Frame | None
    text: str


def read_traceback(text: str, folders: Sequence[str] = ()) -> Failure:
    """The last exception of a traceback, which is the one that ended the run; `folders` hold the user's own code."""
    lines = text.rstrip("\n").split("\n")
    start = max((at for at, line in enumerate(lines) if HEADING.match(line)), default=-1)
    frames: list[Frame] = []
    at = start + 1
    # What Python cannot even compile it shows without the heading.
    while (start >= 0 or FRAME.match(lines[0])) and at < len(lines) and _plain(lines[at]).startswith(" "):
        if found := FRAME.match(_plain(lines[at])):
            code = _plain(lines[at + 1]).strip() if at + 1 < len(lines) else ""
            named = code if not FRAME.match(_plain(lines[at + 1] if at + 1 < len(lines) else "")) else ""
            frames.append(Frame(found["file"], int(found["line"]), found["function"] or "", named, at))
        at += 1
    ending = []
    for line in lines[at:]:
        if RULE.match(line):
            break
        ending.append(_plain(line))
    kind, message = _kind_and_message("\n".join(ending).strip("\n"))
    return Failure(kind, message, tuple(frames), _own(frames, folders), text)


def _plain(line: str) -> str:
    """A line without the bar at its left that marks a group of exceptions."""
    return line[4:] if line.startswith("  | ") else line


def _kind_and_message(ending: str) -> tuple[str, str]:
    found = KIND.match(ending)
    return (found["kind"], found["message"] or "") if found else ("", ending)


def _own(frames: Sequence[Frame], folders: Sequence[str]) -> Frame | None:
    own = [frame for frame in frames if not LIBRARY.search(frame.file)]
    near = [frame for frame in own if any(folder and frame.file.startswith(folder) for folder in folders)]
    return next((part[-1] for part in (near, own, frames) if part), None)
