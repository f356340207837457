"""How the bytes of a text are to be read, as far as its beginning tells."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Of a text in UTF-16 without a mark, at least this share of every other byte is zero.
ZEROS = 0.4


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to read a text.

    Attributes:
        name: Python's name of it.
        mark: how many bytes at the beginning say so, and are no text.
        width: bytes of its smallest unit; a line break is one of these.
    """

    name: str
    mark: int = 0
    width: int = 1

    @property
    def title(self) -> str:
        """As users know it: `UTF-8`, `Latin-1`."""
        return {"utf-8": "UTF-8", "cp1252": "Latin-1"}.get(self.name, self.name.upper())

    def unit(self, letter: str) -> bytes:
        """The bytes of a letter."""
        return letter.encode(self.name)

    def text(self, data: bytes) -> str:
        """Bytes as text; what is no text is shown as U+FFFD."""
        return data.decode(self.name, "replace")


def encoding_of(sample: bytes) -> Encoding:
    """The encoding of a text that begins so: by its mark, by its zeros, or UTF-8 if it is that, else Latin-1.

    Bytes that UTF-8 does not have are taken for damage, and not for Latin-1, where other letters are UTF-8's.
    """
    for mark, name in MARKS:
        if sample.startswith(mark):
            return Encoding(name, len(mark), 4 if "32" in name else 2 if "16" in name else 1)
    even, odd = sample[::2], sample[1::2]
    if odd and odd.count(0) > ZEROS * len(odd) and even.count(0) < ZEROS / 4 * len(even):
        return Encoding("utf-16-le", 0, 2)
    if even and even.count(0) > ZEROS * len(even) and odd.count(0) < ZEROS / 4 * len(odd):
        return Encoding("utf-16-be", 0, 2)
    return Encoding("utf-8" if _is_utf8(sample) else "cp1252")


def is_binary(sample: bytes) -> bool:
    """Whether what begins so is no text in any encoding: it has zeros that are not UTF-16's or UTF-32's."""
    return b"\0" in sample and encoding_of(sample).width == 1


def _is_utf8(sample: bytes) -> bool:
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(sample)
    damaged = text.count("\N{REPLACEMENT CHARACTER}")
    return not damaged or damaged <= sum(letter > "\x7f" for letter in text) - damaged
