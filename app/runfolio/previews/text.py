"""Texts of any size, in windows of lines; where lines begin is counted while one reads."""

from __future__ import annotations

from dataclasses import dataclass

from runfolio.core.errors import CannotShow
from runfolio.core.terminal import as_shown
from runfolio.previews.encodings import encoding_of, is_binary
from runfolio.previews.files import opened_to_stay, stamp_of
from runfolio.previews.kept import Kept
from runfolio.previews.line_index import LineIndex
from runfolio.previews.records import Question
from runfolio.previews.work import SLICE, Work

#: What the encoding is told by.
SAMPLE = 256 * 1024
#: Of a longer line the rest is not shown, in letters; and no window has more.
LONGEST_LINE, MOST_LETTERS = 10_000, 2_000_000
#: A line is searched up to so many bytes.
SEARCHED = 64 * 1024
#: What programs print is shown as a terminal shows it.
LOGS = (".log", ".out", ".err")


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What is known of a text.

    Attributes:
        size: in bytes.
        encoding: as users know it.
        lines: how many are known so far.
        complete: whether these are all.
        share: how much has been counted, 0 to 1.
        binary: whether it is no text.
    """

    size: int
    encoding: str
    lines: int
    complete: bool
    share: float
    binary: bool


@dataclass(frozen=True, slots=True)
class TextWindow:
    """Some lines.

    Attributes:
        first: the number of the first one, from 0.
        lines: without their breaks; long ones are cut.
        cut: numbers of the lines that are.
    """

    first: int
    lines: tuple[str, ...]
    cut: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AskText(Question[TextFacts]):
    """What is a text? Each time it is asked, some more lines are counted, for `seconds_of_work`."""

    path: str
    seconds_of_work: float = SLICE

    def answer(self, kept: Kept) -> TextFacts:
        """What is known now."""
        text = kept.get(Text, self.path)
        text.counting.go_on(self.seconds_of_work)
        return text.facts()


@dataclass(frozen=True, slots=True)
class AskLines(Question[TextWindow]):
    """Some lines of a text, as far as they have been counted."""

    path: str
    first: int
    count: int

    def answer(self, kept: Kept) -> TextWindow:
        """These lines."""
        return kept.get(Text, self.path).window(self.first, self.count)


@dataclass(frozen=True, slots=True)
class FindText(Question[tuple[int, bool]]):
    """The next line with these words, whatever their case, from a line on or before it.

    The answer is the number of the line and True, or how far it was looked and False; -1 if there is none.
    """

    path: str
    words: str
    start: int
    backwards: bool = False

    def answer(self, kept: Kept) -> tuple[int, bool]:
        """Where it is."""
        return kept.get(Text, self.path).find(self.words, self.start, self.backwards)


class Text:
    """An open text.

    Attributes:
        counting: the work of counting its lines.
    """

    def __init__(self, path: str) -> None:
        with opened_to_stay(path) as self._stream:
            self._open(path)

    def _open(self, path: str) -> None:
        self._size = stamp_of(path, self._stream).size
        sample = self._stream.read(SAMPLE)
        self.encoding = encoding_of(sample)
        self._binary = is_binary(sample)
        self._is_log = path.lower().endswith(LOGS)
        line_feed, carriage_return = self.encoding.unit("\n"), self.encoding.unit("\r")
        # Old machines ended lines with a carriage return alone.
        stop = carriage_return if carriage_return in sample and line_feed not in sample else line_feed
        self.index = LineIndex(self._stream, self.encoding.mark, self._size, stop)
        self.counting = Work(self.index.count())
        self.counting.go_on(0)

    def close(self) -> None:
        """Let go of the file."""
        self._stream.close()

    def facts(self) -> TextFacts:
        """What is known now."""
        index = self.index
        return TextFacts(
            self._size, self.encoding.title, index.lines, index.complete, self.counting.share, self._binary
        )

    def window(self, first: int, count: int) -> TextWindow:
        """Some lines, fewer where they are long."""
        lines: list[str] = []
        cut: list[int] = []
        letters = 0
        last = min(first + count, self.index.lines)
        for number in range(max(first, 0), last):
            line, whole = self.line(number)
            lines.append(line)
            letters += len(line)
            if not whole:
                cut.append(number)
            if letters > MOST_LETTERS:
                break
        return TextWindow(max(first, 0), tuple(lines), tuple(cut))

    def line(self, number: int, most: int = LONGEST_LINE) -> tuple[str, bool]:
        """A line, and whether it is all of it."""
        start, end = self.index.place(number), self.index.place(number + 1)
        length = min(end - start, 4 * most)
        length -= length % self.encoding.width if length < end - start else 0
        self._stream.seek(start)
        text = self.encoding.text(self._stream.read(max(length, 0)))
        whole = length >= end - start
        text = as_shown(text.rstrip("\r\n")) if self._is_log else text.rstrip("\r\n")
        if not whole or len(text) > most:
            return text[:most].rstrip("\r\n"), False
        return text, True

    def find(self, words: str, start: int, backwards: bool) -> tuple[int, bool]:
        """The next line with these words, looked for as long as a slice of work takes."""
        import time

        if not words:
            raise CannotShow("There is nothing to look for.")
        wanted, end = words.casefold(), time.monotonic() + SLICE
        step, limit = (-1, -1) if backwards else (1, self.index.lines)
        number = min(start, self.index.lines - 1) if backwards else start
        while number != limit and 0 <= number < self.index.lines:
            if wanted in self.line(number, SEARCHED)[0].casefold():
                return number, True
            number += step
            if number % 64 == 0 and time.monotonic() > end:
                return number, False
        return -1, False
