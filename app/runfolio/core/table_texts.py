"""Rows of texts as tables for spreadsheets, for Markdown and for LaTeX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from enum import StrEnum

# A backslash is replaced first, by characters that need no replacing themselves.
LATEX = {
    "\\": "\0", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\0": r"\textbackslash{}",
    "±": r"$\pm$", "×": r"$\times$", "−": "$-$", "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
}  # fmt: skip
MARKDOWN = {"\\": "\\\\", "|": "\\|", "&": "&amp;", "<": "&lt;"}


class Shape(StrEnum):
    """How rows are written."""

    TSV = "TSV"
    CSV = "CSV"
    MARKDOWN = "Markdown"
    LATEX = "LaTeX"


def write_table(shape: Shape, titles: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[bool]) -> str:
    """A table with its headings; `right` tells which columns hold numbers. A cell is always one line."""
    lines = [[_one_line(cell) for cell in row] for row in (titles, *rows)]
    if shape is Shape.TSV:
        return "".join("\t".join(line) + "\n" for line in lines)
    if shape is Shape.CSV:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(lines)
        return text.getvalue()
    return _markdown(lines, right) if shape is Shape.MARKDOWN else _latex(lines, right)


def _markdown(lines: Sequence[Sequence[str]], right: Sequence[bool]) -> str:
    head, *body = ["| " + " | ".join(_escaped(cell, MARKDOWN) for cell in line) + " |" for line in lines]
    rule = "|" + "|".join(" ---: " if numeric else " --- " for numeric in right) + "|"
    return "\n".join([head, rule, *body]) + "\n"


def _latex(lines: Sequence[Sequence[str]], right: Sequence[bool]) -> str:
    head, *body = ["  " + " & ".join(_escaped(cell, LATEX) for cell in line) + r" \\" for line in lines]
    columns = "".join("r" if numeric else "l" for numeric in right)
    rule = r"  \hline"
    return "\n".join([rf"\begin{{tabular}}{{{columns}}}", rule, head, rule, *body, rule, r"\end{tabular}"]) + "\n"


def _escaped(text: str, escapes: dict[str, str]) -> str:
    if "\0" not in escapes:
        return "".join(escapes.get(character, character) for character in text)
    return "".join(escapes["\0"] if c == "\\" else escapes.get(c, c) for c in text.replace("\0", ""))


def _one_line(text: str) -> str:
    return " ".join(text.split())
