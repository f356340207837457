"""What was not committed when a run started, read from its patch: which files changed, and by how many lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

UNKNOWN, CUT = "# not in git: ", "# ... cut after "
START = "diff --git "
HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")
ESCAPE = re.compile(r"\\([0-7]{3}|.)", re.DOTALL)
ESCAPED = {"n": 10, "t": 9, "r": 13, "a": 7, "b": 8, "f": 12, "v": 11}


@dataclass(frozen=True, slots=True)
class PatchedFile:
    """One changed file: how many lines were added and removed, None for a binary one; `text` is its part."""

    path: str
    added: int | None
    removed: int | None
    text: str

    @property
    def summary(self) -> str:
        """`+3 −1`, or `binary`."""
        return "binary" if self.added is None else f"+{self.added} \N{MINUS SIGN}{self.removed}"


@dataclass(frozen=True, slots=True)
class Patch:
    """The changed files, the names of files not in git, and whether the end is missing."""

    files: tuple[PatchedFile, ...] = ()
    unknown: tuple[str, ...] = ()
    cut: bool = False


def read_patch(text: str) -> Patch:
    """The parts of a patch as it is captured; nothing of a text that is none."""
    files: list[PatchedFile] = []
    unknown: list[str] = []
    cut = False
    for block in _blocks(text):
        if block[0].startswith(START):
            files.append(_file(block))
        elif block[0].startswith(UNKNOWN):
            unknown.append(block[0].removeprefix(UNKNOWN))
        elif block[0].startswith(CUT):
            cut = True
    return Patch(tuple(files), tuple(unknown), cut)


def _blocks(text: str) -> Iterator[list[str]]:
    """The lines of each file's part; every other line by itself. Within a hunk no line is a heading."""
    block: list[str] = []
    left = [0, 0]
    for line in text.split("\n"):
        # A patch that is cut ends within a hunk; no line of one begins otherwise.
        inside = max(left) > 0 and line[:1] in ("", " ", "+", "-", "\\")
        if not inside and line.startswith((START, UNKNOWN, CUT)):
            if block:
                yield block
            block, left = [], [0, 0]
        if inside:
            left = [left[0] - (line[:1] in ("-", " ", "")), left[1] - (line[:1] in ("+", " ", ""))]
        elif found := HUNK.match(line):
            left = [int(count) if count is not None else 1 for count in found.groups()]
        block.append(line)
    if block:
        yield block


def _file(block: list[str]) -> PatchedFile:
    text = "\n".join(block).rstrip("\n")
    path = _path(block)
    if any(line.startswith(("GIT binary patch", "Binary files ")) for line in block):
        return PatchedFile(path, None, None, text)
    start = next((at for at, line in enumerate(block) if HUNK.match(line)), len(block))
    lines = block[start:]
    added, removed = (sum(line.startswith(sign) for line in lines) for sign in "+-")
    return PatchedFile(path, added, removed, text)


def _path(block: list[str]) -> str:
    """The file's name after the change; before it, of one that was deleted."""
    found: dict[str, str] = {}
    for line in block:
        for mark in ("+++ ", "--- ", "rename to "):
            if line.startswith(mark):
                found.setdefault(mark, _unquoted(line.removeprefix(mark).rstrip("\t")))
        if line.startswith("@@"):
            break
    for mark in ("+++ ", "--- "):
        if found.get(mark, "/dev/null") != "/dev/null":
            return found[mark][2:]
    if "rename to " in found:
        return found["rename to "]
    # Names without a line of their own, as of a changed mode: both halves say the same.
    heading = block[0].removeprefix(START)
    return _unquoted(heading[len(heading) // 2 + 1 :])[2:]


def _unquoted(name: str) -> str:
    """A name as it is; git puts quotes and escapes around unusual ones."""
    if not (len(name) > 1 and name.startswith('"') and name.endswith('"')):
        return name
    data, at = bytearray(), 0
    inner = name[1:-1]
    for found in ESCAPE.finditer(inner):
        data += inner[at : found.start()].encode()
        code = found[1]
        data.append(int(code, 8) & 255 if len(code) == 3 else ESCAPED.get(code, ord(code) & 255))
        at = found.end()
    return (bytes(data) + inner[at:].encode()).decode(errors="replace")
