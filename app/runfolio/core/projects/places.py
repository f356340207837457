"""Where in a shell's command the values of placeholders stand: in which quotes, and in what of other commands.

A reader of a shell's grammar that knows as much of it as decides that. It need not be exact to be safe: values are
never part of what the shell reads (`command.py`), so that a place that is taken for another one breaks words at worst.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from runfolio.core.projects.roles import PLAIN, Role, roles

#: A character, or the number of a placeholder.
Item: TypeAlias = str | int


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
    """

    quote: Quote
    alone: bool = False
    role: Role = PLAIN
    inner: Place | None = None
    refused: str = ""
    numbers: str = ""


@dataclass(slots=True)
class _Word:
    """A word of a simple command: what it says without its quotes."""

    items: list[Item] = field(default_factory=list)
    begun: bool = False

    @property
    def text(self) -> str:
        """With NUL for each placeholder."""
        return "".join(item if isinstance(item, str) else "\0" for item in self.items)


def places(items: Sequence[Item], *, inner: bool = False) -> dict[int, Place]:
    """The place of each placeholder of a command, by its number.

    Args:
        inner: whether the command is the text of a word of another one, where values stand as text.
    """
    scanner = _Scanner(items, inner)
    scanner.commands("")
    return scanner.found


class _Scanner:
    """Reads a command once, from left to right."""

    def __init__(self, items: Sequence[Item], inner: bool) -> None:
        self.items = items
        self.inner = inner
        self.at = 0
        self.found: dict[int, Place] = {}
        self.here_document = False

    def starts(self, text: str) -> bool:
        return all(self.peek(number) == letter for number, letter in enumerate(text))

    def peek(self, ahead: int = 0) -> Item:
        return self.items[self.at + ahead] if self.at + ahead < len(self.items) else ""

    def commands(self, end: str) -> None:
        """Read commands up to a character, or to the end of all."""
        words: list[_Word] = [_Word()]
        in_test = False
        while self.at < len(self.items):
            item = self.peek()
            if item == end:
                self.at += 1
                break
            if item == "#" and not words[-1].begun:
                self.comment()
            elif isinstance(item, str) and item in " \t":
                self.at += 1
                words += [_Word()] if words[-1].begun else []
            elif isinstance(item, str) and item in "\n;&|()<>":
                in_test = self.operator(item, words, in_test)
            else:
                self.piece(words[-1])
        self.finish(words, in_test)

    def comment(self) -> None:
        while self.at < len(self.items) and self.peek() != "\n":
            item = self.peek()
            if isinstance(item, int):
                self.note(item, Quote.COMMENT)
            self.at += 1

    def operator(self, item: str, words: list[_Word], in_test: bool) -> bool:
        """What ends a word, and mostly a command. Answers whether it is within `[[ ]]` still."""
        if self.starts("<<") and not self.starts("<<<"):
            self.here_document = True
        self.at += 3 if self.starts("<<<") else 1
        if item in "<>":  # what comes next is a file, and the command goes on
            if self.peek() == "(":
                self.at += 1
                self.commands(")")
            words += [_Word()] if words[-1].begun else []
            return in_test
        if item == "(" and self.peek() == "(" and not words[-1].begun:
            self.at += 1
            self.bare("(", ")", 2, "arithmetic, (( ))")
        elif item == "(":
            self.commands(")")
        else:
            in_test = self.finish(words, in_test)
            words[:] = [_Word()]
        return in_test

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
            self.commands("`")
        elif item == "$":
            self.dollar(word, Quote.NONE)
        else:
            word.items.append(item)

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
                self.commands("`")
            else:
                word.items.append(item)
        if self.at - start == 1 and slots:
            self.found[slots[0]].alone = True
        self.at += 1

    def escape(self, word: _Word, quote: Quote) -> None:
        """What stands behind a backslash."""
        item = self.peek()
        self.at += 1
        if isinstance(item, int):
            self.put(item, quote, word)
            self.refuse(item, "it stands right behind a backslash")
        elif item != "\n":
            kept = quote is Quote.ANSI or (quote is Quote.DOUBLE and item not in '$`"\\')
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
            self.bare("{", "}", 1, "${ }")
        elif item == "[":
            self.at += 1
            self.bare("[", "]", 1, "arithmetic, $[ ]")
        elif item == "'" and quote is Quote.NONE:
            self.at += 1
            self.quoted(word, Quote.ANSI)
        elif item != '"':
            word.items.append("$")

    def bare(self, opening: str, closing: str, depth: int, what: str) -> None:
        """What a shell evaluates by itself, where values that look like variables or commands would be run."""
        while self.at < len(self.items) and depth:
            item = self.peek()
            depth += (item == opening) - (item == closing)
            self.at += 2 if item == "\\" and isinstance(self.peek(1), str) else 1
            if isinstance(item, int):
                self.note(item, Quote.BARE)
                self.found[item].numbers = f"it stands in {what}"

    def put(self, number: int, quote: Quote, word: _Word) -> None:
        word.items.append(number)
        self.note(number, quote)

    def note(self, number: int, quote: Quote) -> None:
        self.found[number] = Place(quote)
        if self.here_document:
            self.refuse(number, "it stands in a here-document (<<), or behind one")

    def refuse(self, number: int, reason: str) -> None:
        """Only what is a variable there cannot stand everywhere; a number that is text can."""
        if self.inner:
            self.found[number].numbers = reason
        else:
            self.found[number].refused = reason

    def finish(self, words: list[_Word], in_test: bool) -> bool:
        """Judge the words of a simple command. Answers whether `[[` is open behind it."""
        read = [word for word in words if word.begun]
        judged, in_test = roles([word.text for word in read], in_test)
        code: list[Item] = []
        for word, role in zip(read, judged, strict=True):
            slots = [item for item in word.items if isinstance(item, int)]
            if role.rest:
                code += [" ", *word.items]
            if not slots:
                continue
            inner = None if role.rest else places(word.items, inner=True) if role.is_code or self.mixed(slots) else None
            for number in slots:
                place = self.found[number]
                place.role, place.numbers = role, place.numbers or role.numbers
                exact = role is PLAIN and (place.alone or place.quote is Quote.NONE)
                place.inner = None if exact or inner is None else inner[number]
                if role.is_code and word.text == "\0":
                    place.numbers = f"all of it would be run as code by {role.is_code}"
        if code:
            for number, inner_place in places(code, inner=True).items():
                self.found[number].inner = inner_place
        return in_test

    def mixed(self, slots: list[int]) -> bool:
        return any(self.found[number].quote is not Quote.NONE and not self.found[number].alone for number in slots)
