"""The placeholders of a command, `{name}`, by the rules of `str.format`, as MLflow fills them in."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from string import Formatter

from runfolio.core.errors import InvalidValue
from runfolio.core.registry.names import nearest

# Of longer names no message tells more characters.
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Slot:
    """A place that the value of a parameter is put into."""

    name: str


def split(command: str) -> list[str | Slot]:
    """A command as texts, whose braces are single ones, and the slots between them.

    Raises:
        InvalidValue: something in it is no placeholder of a name alone.
    """
    found = list(_parts(command))
    for part in found:
        if isinstance(part, InvalidValue):
            raise part
    return [part for part in found if not isinstance(part, InvalidValue)]


def faults(command: str, names: Collection[str]) -> list[str]:
    """Every fault of a command's placeholders, in sentences."""
    found = []
    for part in _parts(command):
        if isinstance(part, InvalidValue):
            found.append(str(part))
        elif isinstance(part, Slot) and part.name not in names:
            advice = nearest(part.name, names) or f"The shell's own is written ${{{{{part.name[:_SHOWN]}}}}}. "
            found.append(f"{{{part.name[:_SHOWN]}}} is no parameter. {advice}".strip())
    return found


def _parts(command: str) -> Iterator[str | Slot | InvalidValue]:
    parts = iter(Formatter().parse(command))
    while True:
        try:
            text, field, spec, conversion = next(parts)
        except StopIteration:
            return
        except ValueError:
            message = "a brace in the command has no other one."
            yield InvalidValue(message, "A brace that is meant as such is written twice: {{ or }}.")
            return
        if text:
            yield text
        if field is not None:
            problem = _problem(field, spec or "", conversion)
            yield Slot(field) if problem is None else problem


def _problem(field: str, spec: str, conversion: str | None) -> InvalidValue | None:
    field = field[:_SHOWN]
    shown = "{" + field + (f"!{conversion}" if conversion else "") + (f":{spec[:_SHOWN]}" if spec else "") + "}"
    braces = "A brace that is meant as such is written twice: {{ or }}."
    if spec or conversion:
        return InvalidValue(f"{shown} has a format; values are put in as they are given.", f"Write {{{field}}}.")
    if not field or field.isdecimal():
        return InvalidValue(f"{shown} names no parameter.", braces)
    if "." in field or "[" in field:
        return InvalidValue(f"{shown} asks for a part of a value, which is a text and has none.", braces)
    return None
