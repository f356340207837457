"""Lines that were written for a terminal, as the terminal shows them in the end."""

from __future__ import annotations

import re

# ECMA-48: control sequences, operating system commands, and escapes of one letter.
ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")
MOVES = re.compile(r"([\r\b])")


def as_shown(line: str) -> str:
    """A line without colours; what was written over it, such as a progress bar, is what counts."""
    if "\x1b" in line:
        line = ESCAPES.sub("", line)
    if "\r" not in line and "\b" not in line:
        return line
    return overwritten("", 0, line)[0]


def overwritten(shown: str, column: int, piece: str) -> tuple[str, int]:
    """A line after more was written to it from a column on, and the column after that.

    A carriage return leads back to the start of the line, a backspace one character back.
    """
    for part in MOVES.split(piece):
        if part in ("\r", "\b"):
            column = 0 if part == "\r" else max(0, column - 1)
        elif part:
            shown = shown[:column] + part + shown[column + len(part) :]
            column += len(part)
    return shown, column
