"""Protocol buffers without a schema: numbered fields, whose bytes stay where they are.

The format is that of protobuf.dev, "Encoding".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from runfolio.core.errors import CannotShow

MOST_FIELDS = 2_000_000
DAMAGED = "The file is damaged, or of another kind than its name says."


@dataclass(frozen=True, slots=True)
class Message:
    """A stretch of a file's bytes that is a message, or a text."""

    data: memoryview

    @property
    def text(self) -> str:
        """As text, up to a thousand letters."""
        return bytes(self.data[:4000]).decode("utf-8", "replace")[:1000]

    def fields(self) -> Iterator[tuple[int, int | Message]]:
        """Numbers of fields with their values: numbers, or messages. Raises CannotShow if this is none."""
        place, end, count = 0, len(self.data), 0
        while place < end:
            count += 1
            if count > MOST_FIELDS:
                raise CannotShow("The file has too many parts to be shown.")
            key, place = _varint(self.data, place)
            number, kind = key >> 3, key & 7
            if kind == 0:
                value, place = _varint(self.data, place)
                yield number, value
                continue
            if kind == 2:
                length, place = _varint(self.data, place)
            elif kind in (1, 5):
                length = 8 if kind == 1 else 4
            else:
                raise CannotShow(DAMAGED)
            if number == 0 or length > end - place:
                raise CannotShow(DAMAGED)
            yield number, Message(self.data[place : place + length])
            place += length

    def messages(self, number: int) -> Iterator[Message]:
        """All messages of a number."""
        return (value for found, value in self.fields() if found == number and isinstance(value, Message))

    def first(self, number: int) -> Message:
        """The first message of a number; an empty one if there is none."""
        return next(self.messages(number), Message(memoryview(b"")))

    def number(self, number: int) -> int:
        """The number of a field; 0 if there is none, as the format has it."""
        return next((value for found, value in self.fields() if found == number and isinstance(value, int)), 0)

    def numbers(self, number: int) -> Iterator[int]:
        """The numbers of a repeated field, one after another or packed together."""
        for found, value in self.fields():
            if found == number and isinstance(value, int):
                yield value
            elif found == number and isinstance(value, Message):
                place = 0
                while place < len(value.data):
                    one, place = _varint(value.data, place)
                    yield one


def _varint(data: memoryview, place: int) -> tuple[int, int]:
    value = shift = 0
    while place < len(data) and shift < 70:
        byte = data[place]
        place += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, place
        shift += 7
    raise CannotShow(DAMAGED)
