"""Commands of entry points with their values, for a shell, of which no value can ever be a part.

MLflow quotes each value and puts it into the text of the command (`str.format`, `shlex.quote`), which fails where the
placeholder stands in quotes already. Here the text for the shell refers to variables of the environment, whose
contents a shell does not read as commands. What comes out is what MLflow's gives where that works:

* outside of quotes (`--x {x}`, `$(f {x})`) and alone in quotes (`"{x}"`) the word is the value, whatever it holds;
* with other text in quotes (`"a {x}"`), and in code for other programs (`bash -c "f {x}"`, `eval`), that text may be
  a command again: there the value is quoted for a shell, unless it is of plain letters, digits and `@%+=:,./-_`, so
  that it is one word of that command too;
* where a shell would evaluate what it says, such as in arithmetic, it must be of a type that cannot say much.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from runfolio.core import rules
from runfolio.core.errors import InvalidValue
from runfolio.core.projects.parameters import Values
from runfolio.core.projects.placeholders import Slot, split
from runfolio.core.projects.placeholders import faults as faults_of_placeholders
from runfolio.core.projects.places import Item, Place, Quote, places
from runfolio.core.projects.records import EntryPoint, Kind

PREFIX = "RUNFOLIO_VALUE_"
#: Of the 128 KiB that Linux takes as one argument, the rest is for what stands in for the values.
LONGEST = 100_000
# Of a variable in the text before a placeholder.
LONGEST_NAME = 250
#: Types whose values are safe wherever they stand.
HARMLESS = (Kind.INT, Kind.FLOAT, Kind.BOOL)
# What ends a text in Python, Perl, R, JavaScript or Ruby, or starts code in it.
_NOT_IN_CODE = re.compile(r"['\"\\`${\r\n]")
# Behind a backslash a line break goes on with the command.
_BREAKS_AT_END = re.compile(r"(?<!\\)\s+\Z")
_IN_BACKTICKS = re.compile(r"[\\`$]")
_AFTER_VARIABLE = re.compile(r"\$\w*$")
_FORMS = {
    Quote.NONE: ('"', '"'),
    Quote.DOUBLE: ("", ""),
    Quote.SINGLE: ("'\"", "\"'"),
    Quote.ANSI: ("'\"", "\"$'"),
    Quote.BARE: ("", ""),
    Quote.COMMENT: ("", ""),
}
_WRAPPED = {
    Quote.NONE: ("", ""),
    Quote.COMMENT: ("", ""),
    Quote.DOUBLE: ('"', '"'),
    Quote.SINGLE: ("'", "'"),
    Quote.ANSI: ("'", "$'"),
}


@dataclass(frozen=True, slots=True)
class ShellCommand:
    """A command to be run in the project's folder.

    Attributes:
        text: for `bash -c`; refers to the variables, and holds no value.
        variables: of its environment.
        shown: the same as a person would type it, with the values quoted.
    """

    text: str
    variables: Mapping[str, str]
    shown: str


def faults(entry: EntryPoint) -> list[str]:
    """What is wrong with an entry point's command, in sentences, whatever its values will be."""
    found = faults_of_placeholders(entry.command, [parameter.name for parameter in entry.parameters])
    if found:
        return found
    kinds = {parameter.name: parameter.kind for parameter in entry.parameters}
    if len(entry.command) > LONGEST:
        return [f"the command is longer than {LONGEST:,} characters, which systems do not take."]
    parts = split(entry.command)
    try:
        placed = _placed(parts)
    except InvalidValue as problem:
        return [str(problem)]
    slots = [(part.name, number) for number, part in enumerate(parts) if isinstance(part, Slot)]
    found = [_fault(name, kinds[name], placed[number]) for name, number in slots]
    return list(dict.fromkeys(fault for fault in found if fault))


def shell_command(entry: EntryPoint, values: Values) -> ShellCommand:
    """The command of an entry point for bash, with what is given beyond its parameters as `--name value` at its end.

    Raises:
        InvalidValue: a value cannot stand where its placeholder does, or cannot be given to any program.
    """
    parts = split(_BREAKS_AT_END.sub("", entry.command))
    placed = _placed(parts)
    contents: dict[str, str] = {}
    text = shown = close = ""
    for number, part in enumerate(parts):
        if isinstance(part, str):
            text, shown, close = text + part, shown + part.removeprefix(close), ""
            continue
        place = placed[number]
        content = _content(part.name, place, _given(part.name, values.declared[part.name]))
        opening, closing = _FORMS[place.quote]
        text += f"{opening}${{{_variable(contents, content)}}}{closing}"
        shown, close = _typed(place, content, shown)
    for name, value in values.extra.items():
        option = shlex.quote(f"--{name}")
        text += f' {option} "${{{_variable(contents, _given(name, value))}}}"'
        shown += f" {option} {shlex.quote(value)}"
    return ShellCommand(text, {variable: content for content, variable in contents.items()}, shown)


def argument_list(entry: EntryPoint, values: Values) -> list[str]:
    """The words of a command for a system without a POSIX shell; values are never split, and backslashes are kept.

    Raises:
        InvalidValue: it needs a shell: it has more than one command, a redirection or a variable.
    """
    parts = split(entry.command.strip())
    marked = "".join(part if isinstance(part, str) else f"\0{number}\0" for number, part in enumerate(parts))
    lexer = shlex.shlex(marked, posix=True, punctuation_chars=True)
    lexer.whitespace_split, lexer.escape, lexer.commenters = True, "", ""
    try:
        words = list(lexer)
    except ValueError as problem:
        raise InvalidValue(f"The command of {entry.name} cannot be read: {problem}.") from problem
    if re.search(r"[\n$`]", marked) or any(set(word) <= set("();<>|&") for word in words if word):
        message = f"The command of {entry.name} needs a POSIX shell, and there is none."
        raise InvalidValue(message, "Install bash, or write it as one program with its arguments.")

    def filled(word: str) -> str:
        texts = word.split("\0")
        for at in range(1, len(texts), 2):
            part = parts[int(texts[at])]
            assert isinstance(part, Slot)
            texts[at] = _given(part.name, values.declared[part.name])
        return "".join(texts)

    extra = [word for name, value in values.extra.items() for word in (f"--{name}", _given(name, value))]
    return [*map(filled, words), *extra]


def _placed(parts: Sequence[str | Slot]) -> dict[int, Place]:
    """The place of each slot, by the number of the part."""
    items: list[Item] = []
    for number, part in enumerate(parts):
        items += part if isinstance(part, str) else [number]
    return places(items)


def _fault(name: str, kind: Kind, place: Place) -> str:
    """Why no value of a type can stand at a place; "" if some can, or where that depends on the value."""
    if place.refused:
        return f"{{{name}}} cannot stand there: {place.refused}."
    if place.numbers and kind not in HARMLESS:
        return f"{{{name}}} can only stand there as an int, float or bool: {place.numbers}."
    # What is only text for all that is known of its program need be no command.
    known = place.role.is_code and not place.role.foreign
    return _fault(name, kind, place.inner) if known and place.inner is not None else ""


def _content(name: str, place: Place, value: str) -> str:
    """What the word of a placeholder says for it: the value, or the value in the text of a command again."""
    plain = _is_plain(value)
    if place.refused or (place.numbers and (not plain or PREFIX in value)):
        message = f"The value of {name}, {rules.shorten(value)}, cannot stand where the command has it"
        raise InvalidValue(f"{message}: {place.refused or place.numbers}.")
    if place.role.foreign and not plain and _NOT_IN_CODE.search(value):
        raise InvalidValue(
            f"The value of {name}, {rules.shorten(value)}, is part of code for {place.role.is_code}: it cannot hold"
            " quotes, backslashes, $, { or line breaks.",
            f"Let the command give it as an argument of its own: {{{name}}}.",
        )
    if place.inner is None:
        return value
    if place.inner.quote is Quote.COMMENT and "\n" in value:
        message = f"The value of {name}, {rules.shorten(value)}, stands in a comment, which its line break would end."
        raise InvalidValue(message)
    return _inserted(place.inner.quote, _content(name, place.inner, value), "")


def _inserted(quote: Quote, content: str, before: str) -> str:
    """The text by which a command says a content within quotes that stand there already."""
    if quote is Quote.BARE or (_is_plain(content) and not _AFTER_VARIABLE.search(before)):
        return content
    opening, closing = _WRAPPED[quote]
    return f"{opening}{shlex.quote(content)}{closing}"


def _typed(place: Place, content: str, shown: str) -> tuple[str, str]:
    """What was typed so far with a content, and the quote that is left out behind it."""
    if place.quote is Quote.COMMENT:
        return shown + " ".join(content.splitlines()), ""
    if place.alone and not _is_plain(content):
        shown, text, close = shown.removesuffix(place.quote), shlex.quote(content), str(place.quote)[-1]
    else:
        text, close = _inserted(place.quote, content, shown[-LONGEST_NAME:]), ""
    for _ in range(place.backticks):
        text = _IN_BACKTICKS.sub(r"\\\g<0>", text)
    return shown + text, close


def _is_plain(text: str) -> bool:
    return shlex.quote(text) == text


def _given(name: str, value: str) -> str:
    if "\0" in value:
        raise InvalidValue(f"The value of {name} holds the character NUL, which no program can be given.")
    return value


def _variable(contents: dict[str, str], content: str) -> str:
    return contents.setdefault(content, f"{PREFIX}{len(contents) + 1}")
