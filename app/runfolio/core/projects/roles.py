"""What the words of a simple command of a shell are to the program that it runs: data, code, or names of variables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """What a word is.

    Attributes:
        is_code: the program that takes it for code; "" for data.
        rest: whether that program joins all its words to one piece of code.
        foreign: whether the code is in another language than a shell's.
        numbers: why nothing but a number can stand in it for a value; "" if anything can.
    """

    is_code: str = ""
    rest: bool = False
    foreign: bool = False
    numbers: str = ""


PLAIN = Role()
# The letters of options behind which code stands, by program.
SHELLS = dict.fromkeys(("sh", "bash", "dash", "ash", "zsh", "ksh"), "c")
OTHERS = {
    "python": "c",
    "perl": "eE",
    "ruby": "e",
    "node": "ep",
    "Rscript": "e",
    "R": "e",
    "php": "r",
    "lua": "e",
    "julia": "eE",
}
_VERSION = re.compile(r"[\d.]+(\.exe)?$|\.exe$")
# Options that have a value of their own, which is no script.
_WITH_VALUE = ("-o", "+o", "-O", "+O", "-W", "-X", "--rcfile", "--init-file")
BEFORE_COMMANDS = frozenset(
    ["if", "then", "elif", "else", "while", "until", "do", "!", "{", "time", "-p", "command", "builtin", "exec"]
)
_ASSIGNED = re.compile(r"[A-Za-z_]\w*(\[.*\])?\+?=", re.DOTALL)
_SUBSCRIPT = re.compile(r"[A-Za-z_]\w*\[[^\]]*\0")
_IN_ARRAY = re.compile(r"\[.*\0.*\]\+?=", re.DOTALL)
_DECLARING = ("declare", "typeset", "local", "readonly", "export")
_NAMING = ("let", "read", "unset", "mapfile", "readarray", "getopts", "wait")
_ARITHMETIC_TESTS = frozenset(["-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-v", "-R"])


def roles(words: Sequence[str], in_test: bool = False) -> tuple[list[Role], bool]:
    """The role of each word, and whether `[[` is open behind them.

    Args:
        words: without their quotes, with NUL for each placeholder.
        in_test: whether `[[` is open before them.
    """
    first = 0
    while first < len(words) and (words[first] in BEFORE_COMMANDS or _ASSIGNED.match(words[first])):
        first += 1
    name = words[first] if first < len(words) else ""
    subscript = Role(numbers="it is the subscript of a variable")
    found = [subscript if _IN_ARRAY.match(word) else role for word, role in zip(words, _by_options(words), strict=True)]
    found[:first] = [subscript if _SUBSCRIPT.match(word) else PLAIN for word in words[:first]]
    if in_test or name == "[[":
        if _ARITHMETIC_TESTS.intersection(words):
            found = [Role(numbers="it stands in arithmetic, [[ ]]")] * len(words)
        return found, "]]" not in words
    if name in ("eval", "trap"):
        found[first + 1 :] = [Role(name, rest=True)] * (len(words) - first - 1)
    elif name in _NAMING:
        found[first + 1 :] = [Role(numbers=f"{name} takes it for a variable")] * (len(words) - first - 1)
    elif name in _DECLARING:
        found[first + 1 :] = _declared(name, words[first + 1 :])
    elif name in ("printf", "test", "["):
        for number in range(first + 1, len(words)):
            if words[number - 1] == "-v" or words[number].startswith("-v\0"):
                found[number] = Role(numbers=f"{name} -v takes it for a variable")
    return found, False


def _declared(name: str, words: Sequence[str]) -> list[Role]:
    """What a declaration evaluates: names, with the subscripts in them, and the values of whole numbers (`-i`)."""
    whole = any(re.fullmatch(r"-[A-Za-z]*i[A-Za-z]*", word) for word in words)
    variable = Role(numbers=f"{name} takes it for a variable")
    evaluated = [word if whole else "" if word.startswith("-") else word.partition("=")[0] for word in words]
    return [variable if "\0" in part else PLAIN for part in evaluated]


def _by_options(words: Sequence[str]) -> list[Role]:
    """Code behind `-c` and the like, where no script stands between the program and the option."""
    found = [PLAIN] * len(words)
    program = letters = ""
    expected = is_value = False
    for number, word in enumerate(words):
        if is_value:
            is_value = False
        elif program and word[:1] in ("-", "+") and word != "-":
            is_value = word in _WITH_VALUE
            short = not is_value and not word.startswith("--")
            expected = expected or (short and bool(set(letters).intersection(word[1:].partition("\0")[0])))
            if expected and "\0" in word:  # code right behind its option
                found[number] = Role(program, foreign=program not in SHELLS)
        elif expected:
            found[number] = Role(program, foreign=program not in SHELLS)
            program, expected = "", False
        else:
            program = _VERSION.sub("", word.rpartition("/")[2])
            letters = SHELLS.get(program) or OTHERS.get(program, "")
            program = program if letters else ""
    return found
