"""Where in a shell's command the values of placeholders stand: in which quotes, and in what of other commands.

A reader of a shell's grammar that knows as much of it as decides that. It need not be exact to be safe: values are
never part of what the shell reads (`command.py`), so that a place that is taken for another one breaks words at worst.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from runfolio.core.errors import InvalidValue
from runfolio.core.projects.roles import BEFORE_COMMANDS, PLAIN, Role, roles

#: A character, or the number of a placeholder.
Item: TypeAlias = str | int
#: How many commands may be in one another; nobody writes that many.
DEEPEST = 40


class Quote(StrEnum):
    """What a placeholder stands in; BARE where quotes mean something else, such as in arithmetic."""

    COMMENT = "#"
    NONE = ""
    DOUBLE = '"'
    SINGLE = "'"
    ANSI = "$'"
    BARE = "bare"


@dataclass(slots=True)
class Place:
    """Where a placeholder stands.

    Attributes:
        alone: whether its quotes hold nothing else.
        role: what its word is in the command.
        inner: where it stands in the text of its word, if that is taken for a command too; None if the word is data.
        refused: why nothing can stand here; "" if something can.
        numbers: why nothing but numbers and truth values can, or what is as plain as they are.
        backticks: how many commands in backticks it is in.
    """

    quote: Quote
    alone: bool = False
    role: Role = PLAIN
    inner: Place | None = None
    refused: str = ""
    numbers: str = ""
    backticks: int = 0


@dataclass(slots=True)
class _Word:
    """A word of a simple command: what it says without its quotes, and whether it only names a file to go to."""

    items: list[Item] = field(default_factory=list)
    begun: bool = False
    redirected: bool = False

    @property
    def text(self) -> str:
        """With NUL for each placeholder."""
        return "".join(item if isinstance(item, str) else "\0" for item in self.items)


@dataclass(slots=True)
class _Open:
    """What is open where commands are read: a simple command, `[[`, and how many `case` whose patterns end in `)`."""

    words: list[_Word] = field(default_factory=lambda: [_Word()])
    in_test: bool = False
    cases: int = 0

    @property
    def word(self) -> _Word:
        return self.words[-1]

    def next_word(self, *, redirected: bool = False) -> None:
        if self.word.begun:
            self.words.append(_Word())
        self.word.redirected = self.word.redirected or redirected

    def cases_now(self) -> int:
        texts = [word.text for word in self.words if word.begun]
        name = next((text for text in texts if text not in BEFORE_COMMANDS), "")
        return self.cases + (name == "case") - (name == "esac")


def places(items: Sequence[Item], *, inner: bool = False, depth: int = 0) -> dict[int, Place]:
    """The place of each placeholder of a command, by its number.

    Args:
        inner: whether the command is the text of a word of another one, where values stand as text.
        depth: of how many commands it is a part.

    Raises:
        InvalidValue: commands are nested too deep.
    """
    scanner = _Scanner(items, inner, depth)
    scanner.commands("")
    return scanner.found


class _Scanner:
    """Reads a command once, from left to right."""

    def __init__(self, items: Sequence[Item], inner: bool, depth: int) -> None:
        self.items = items
        self.inner = inner
        self.depth = depth
        self.at = 0
        self.found: dict[int, Place] = {}
        self.here_document = False
        self.backticks = 0
        # Why shells may not agree about what comes now; "" while they do.
        self.unclear = ""

    def starts(self, text: str) -> bool:
        return all(self.peek(number) == letter for number, letter in enumerate(text))

    def peek(self, ahead: int = 0) -> Item:
        return self.items[self.at + ahead] if self.at + ahead < len(self.items) else ""

    def commands(self, end: str) -> None:
        """Read commands up to a character, or to the end of all."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise InvalidValue(f"Commands are nested deeper than {DEEPEST} levels.", "Put them into a script.")
        state = _Open()
        while self.at < len(self.items):
            item = self.peek()
            if item == end and (end != ")" or state.cases_now() <= 0):
                self.at += 1
                break
            if item == "#" and not state.word.begun:
                self.comment()
            elif isinstance(item, str) and item in " \t":
                self.at += 1
                state.next_word()
            elif isinstance(item, str) and item in "\n;&|()<>":
                self.operator(item, state)
            else:
                self.piece(state.word)
        self.finish(state)
        self.depth -= 1

    def comment(self) -> None:
        while self.at < len(self.items) and self.peek() != "\n":
            item = self.peek()
            if isinstance(item, int):
                self.note(item, Quote.COMMENT)
            self.at += 1

    def operator(self, item: str, state: _Open) -> None:
        """What ends a word, and mostly a command."""
        if item in "<>" or self.starts("&>"):
            self.redirection(state)
        elif self.starts("((") and not state.word.begun:
            self.at += 2
            self.bare("(", ")", 2, "arithmetic, (( ))")
        elif item == "(":
            self.at += 1
            self.commands(")")
        else:
            self.at += 1
            self.finish(state)

    def redirection(self, state: _Open) -> None:
        """What names a file, behind which the command goes on."""
        if self.starts("<<<"):
            self.not_everywhere("it stands behind <<<")
            self.at += 2
        elif self.starts("<<"):
            self.here_document = True
        while self.peek() and self.peek() in ("<", ">", "&", "|"):
            self.at += 1
        if state.word.begun and state.word.text.isdecimal():
            state.word.redirected = True
        if self.peek() == "(":
            self.at += 1
            self.commands(")")
            state.next_word()
        else:
            state.next_word(redirected=True)

    def piece(self, word: _Word) -> None:
        """A part of a word, in quotes or without."""
        item = self.peek()
        word.begun = True
        self.at += 1
        if isinstance(item, int):
            self.put(item, Quote.NONE, word)
        elif item == "\\":
            self.escape(word, Quote.NONE)
        elif item == "'":
            self.quoted(word, Quote.SINGLE)
        elif item == '"':
            self.quoted(word, Quote.DOUBLE)
        elif item == "`":
            self.in_backticks()
        elif item == "$":
            self.dollar(word, Quote.NONE)
        else:
            word.items.append(item)

    def in_backticks(self) -> None:
        self.backticks += 1
        self.commands("`")
        self.backticks -= 1

    def quoted(self, word: _Word, quote: Quote) -> None:
        start, end = self.at, str(quote)[-1]
        slots: list[int] = []
        while self.at < len(self.items) and self.peek() != end:
            item = self.peek()
            self.at += 1
            if isinstance(item, int):
                self.put(item, quote, word)
                slots.append(item)
            elif item == "\\" and quote is not Quote.SINGLE:
                self.escape(word, quote)
            elif item == "$" and quote is Quote.DOUBLE:
                self.dollar(word, quote)
            elif item == "`" and quote is Quote.DOUBLE:
                self.in_backticks()
            else:
                word.items.append(item)
        if self.at - start == 1 and slots:
            self.found[slots[0]].alone = True
        self.at += 1

    def escape(self, word: _Word, quote: Quote) -> None:
        """What stands behind a backslash."""
        item = self.peek()
        self.at += 1
        if self.backticks and item in ("`", "\\", "$"):
            self.unclear = "it stands in backticks with backslashes; $( ) can be written"
        if isinstance(item, int):
            self.put(item, quote, word)
            self.refuse(item, "it stands right behind a backslash")
        elif item != "\n":
            kept = quote is Quote.ANSI or (quote is Quote.DOUBLE and item not in ("$", "`", '"', "\\"))
            word.items += ["\\", item] if kept else [item]

    def dollar(self, word: _Word, quote: Quote) -> None:
        """What stands behind a dollar sign."""
        item = self.peek()
        if isinstance(item, int):
            self.at += 1
            self.put(item, quote, word)
            self.refuse(item, "it stands right behind a dollar sign, and would make the name of a variable")
        elif self.starts("(("):
            self.at += 2
            self.bare("(", ")", 2, "arithmetic, $(( ))")
        elif item == "(":
            self.at += 1
            self.commands(")")
        elif item == "{":
            self.at += 1
            self.bare("{", "}", 1, "${ }", "'\"`" if quote is Quote.NONE else '"`')
        elif item == "[":
            self.at += 1
            self.not_everywhere("it stands behind $[")
            self.bare("[", "]", 1, "arithmetic, $[ ]")
        elif item == "'" and quote is Quote.NONE:
            self.at += 1
            self.not_everywhere("it stands in or behind $' '")
            self.quoted(word, Quote.ANSI)
        elif item != '"':
            word.items.append("$")

    def bare(self, opening: str, closing: str, depth: int, what: str, quotes: str = "'\"`") -> None:
        """What a shell evaluates by itself, where values that look like variables or commands would be run.

        Args:
            depth: how many brackets are open.
            quotes: what brackets do not count in.
        """
        within = ""
        while self.at < len(self.items) and depth:
            item = self.peek()
            self.at += 2 if item == "\\" and within != "'" and isinstance(self.peek(1), str) else 1
            if isinstance(item, int):
                self.note(item, Quote.BARE)
                self.found[item].numbers = f"it stands in {what}"
            elif item == within:
                within = ""
            elif within:
                continue
            elif item in quotes:
                within = item
            else:
                depth += (item == opening) - (item == closing)
            if item in ("'", '"', "`", "\\", "#"):
                self.unclear = f"it stands behind {what} with quotes in it"

    def put(self, number: int, quote: Quote, word: _Word) -> None:
        word.items.append(number)
        self.note(number, quote)

    def note(self, number: int, quote: Quote) -> None:
        place = self.found[number] = Place(quote, backticks=self.backticks)
        if self.inner:
            place.numbers = self.unclear or ("it stands in backticks; $( ) can be written" if self.backticks else "")
        elif self.backticks:
            place.numbers = self.unclear
        if self.here_document:
            self.refuse(number, "it stands in a here-document (<<), or behind one")

    def refuse(self, number: int, reason: str) -> None:
        """Only what is a variable there cannot stand everywhere; a number that is text can."""
        if self.inner:
            self.found[number].numbers = reason
        else:
            self.found[number].refused = reason

    def not_everywhere(self, what: str) -> None:
        """Take note of what not all shells know; the outermost one does."""
        if self.inner:
            self.unclear = f"{what}, which not all shells know"

    def finish(self, state: _Open) -> None:
        """Judge the words of a simple command, behind which another one may come."""
        state.cases = state.cases_now()
        words = [word for word in state.words if word.begun]
        judged, state.in_test = roles([word.text for word in words if not word.redirected], state.in_test)
        by_word = iter(judged)
        code: list[Item] = []
        for word in words:
            role = PLAIN if word.redirected else next(by_word)
            self.judge(word, role)
            code += [" ", *word.items] if role.rest else []
        for number, place in places(code, inner=True, depth=self.depth).items() if code else ():
            self.found[number].inner = place
        state.words = [_Word()]

    def judge(self, word: _Word, role: Role) -> None:
        """Say of the placeholders in a word what it is, and where they are in its text."""
        slots = [item for item in word.items if isinstance(item, int)]
        data = not role.is_code and all(self.is_exact(number) for number in slots)
        inner = {} if data or role.rest else places(word.items, inner=True, depth=self.depth)
        for number in slots:
            place = self.found[number]
            place.role, place.numbers = role, place.numbers or role.numbers
            exact = not role.is_code and self.is_exact(number)
            place.inner = None if exact else inner.get(number)
            if not exact:
                place.numbers = place.numbers or self.unclear
            if role.is_code and word.text == "\0":
                place.numbers = f"all of it would be run as code by {role.is_code}"

    def is_exact(self, number: int) -> bool:
        """Whether what stands there is the value itself, of all that data are."""
        return self.found[number].alone or self.found[number].quote in (Quote.NONE, Quote.BARE)
