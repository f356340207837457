"""What is asked of a piece of code: the same with colours. Words are told apart elsewhere: patterns can take very long,
and Python's lock all the while."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from runfolio.core.errors import CannotShow, EnvironmentProblem
from runfolio.gui.inspector.highlight import plain_html, to_html
from runfolio.previews.kept import Kept
from runfolio.previews.records import Ask, Question

#: A text with a longer line has no colours, in letters.
LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class AskHtml(Question[str]):
    """A text as HTML, coloured as the name of its file says; `colors` are pairs of a role and its colour."""

    seconds: ClassVar[float] = 3.0

    name: str
    text: str
    colors: tuple[tuple[str, str], ...]

    def answer(self, kept: Kept) -> str:
        """It."""
        if any(len(line) > LONGEST for line in self.text.splitlines()):
            return plain_html(self.text)
        return to_html(self.name, self.text, dict(self.colors))


def colored(name: str, text: str, colors: Mapping[str, str], ask: Ask) -> str:
    """The HTML of a text, without colours where they take too long; for workers."""
    try:
        return ask(AskHtml(name, text, tuple(colors.items())))
    except (CannotShow, EnvironmentProblem):
        return plain_html(text)
