"""Lines of a text with their colours. Words are told apart where files are read: patterns can take very long."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from runfolio.gui.inspector.highlight import ROLES, lexer_of
from runfolio.previews.kept import Kept
from runfolio.previews.records import Question
from runfolio.previews.text import Text

#: So many lines before those in sight are read for what they begin, such as a text over several lines.
CONTEXT = 120
#: Lines with more letters have no colours.
LONGEST = 2_000
#: The roles of `theme.tokens` that words have; a number of a span is a place here.
ROLE_NAMES = ("text", *dict.fromkeys(role for _, role in ROLES))


@dataclass(frozen=True, slots=True)
class ColoredLines:
    """Some lines.

    Attributes:
        first: the number of the first one, from 0.
        lines: without their breaks.
        spans: of each line, a place in `ROLE_NAMES` and a number of letters in turns; none where all is plain.
        cut: the numbers of lines that are longer than what is here.
    """

    first: int
    lines: tuple[str, ...]
    spans: tuple[tuple[int, ...], ...]
    cut: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AskColored(Question[ColoredLines]):
    """Some lines of a text, coloured as its name says; without a name, plain."""

    seconds: ClassVar[float] = 5.0

    path: str
    first: int
    count: int
    name: str = ""

    def answer(self, kept: Kept) -> ColoredLines:
        """These lines."""
        before = min(self.first, CONTEXT) if self.name else 0
        lines, cut = _lines(kept.get(Text, self.path), self.first - before, self.count + before)
        plain = not self.name or any(len(line) > LONGEST for line in lines)
        spans = () if plain else colors_of(self.name, lines)[before:]
        return ColoredLines(self.first, lines[before:], tuple(tuple(one) for one in spans), cut)


def _lines(text: Text, first: int, count: int) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """All of them, however long they are: a window has fewer then."""
    lines: tuple[str, ...] = ()
    cut: tuple[int, ...] = ()
    while len(lines) < count:
        found = text.window(first + len(lines), count - len(lines))
        if not found.lines:
            break
        lines, cut = lines + found.lines, cut + found.cut
    return lines, cut


def colors_of(name: str, lines: tuple[str, ...]) -> list[list[int]]:
    """The spans of lines of a file of that name; empty lists for one whose language is not known."""
    lexer = lexer_of(name)
    if lexer is None:
        return []
    found: list[list[int]] = [[]]
    for kind, words in lexer.get_tokens("\n".join(lines)):
        role = next((role for of, role in ROLES if kind[: len(of)] == of), "text")
        for part, more in pairwise([*words.split("\n"), None]):
            if part:
                found[-1] += [ROLE_NAMES.index(role), len(part)]
            if more is not None:
                found.append([])
    return found
