"""What is nested, as a list of its leaves: each value with the path that leads to it, so that two can be compared."""

from __future__ import annotations

import ast
import json
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from runfolio.core import yaml_text
from runfolio.core.numbers import Written

#: Deeper, or with more leaves, nothing is compared part by part.
DEEPEST, MOST = 40, 20_000
#: Of a YAML file: keys, values, and ends of what is nested.
MOST_PARTS = 200_000
#: Texts of settings that are longer are not taken apart.
LONGEST_SETTING = 64 * 1024


class TooNested(ValueError):
    """It is nested too deep, or has too many leaves."""


def leaves(value: Any) -> dict[str, str]:
    """Each value that is not itself nested, by its path: `optimizer.betas[0]`.

    Raises:
        TooNested: there are more than `MOST`, or they lie too deep.
    """
    found: dict[str, str] = {}
    for path, text in _walk(value, "", 0):
        if len(found) == MOST:
            raise TooNested(f"It has more than {MOST:,} values.")
        found[path] = text
    return found


def _walk(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth > DEEPEST:
        raise TooNested(f"It is nested more than {DEEPEST} deep.")
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _walk(inner, f"{path}{_step(key, first=not path)}", depth + 1)
    elif isinstance(value, (list, tuple)) and value:
        for at, inner in enumerate(value):
            yield from _walk(inner, f"{path}[{at}]", depth + 1)
    else:
        yield path, _text(value)


def _step(key: Any, *, first: bool) -> str:
    """A key as part of a path; one that could be read as a path itself is quoted."""
    name = key if isinstance(key, str) else str(key)
    if not name or any(letter in name for letter in '.[]"'):
        return f"[{json.dumps(name, ensure_ascii=False)}]"
    return name if first else f".{name}"


def _text(value: Any) -> str:
    """A value as it is compared: a text as it is, all else as JSON would write it."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return "{}" if isinstance(value, Mapping) else "[]" if isinstance(value, (list, tuple)) else str(value)


# Settings


def nested_settings(params: Mapping[str, str]) -> dict[str, str]:
    """Params whose texts are a dictionary, as JSON or as Python writes it, taken apart; all others as they are."""
    found: dict[str, str] = {}
    for key, text in params.items():
        inner = _setting(text)
        parts = {f"{key}{'' if path.startswith('[') else '.'}{path}": value for path, value in inner.items()}
        # Where another param has the very name of a part, nobody could say which one is meant.
        found |= parts if parts and not parts.keys() & params.keys() else {key: text}
    return found


def _setting(text: str) -> dict[str, str]:
    if not text.lstrip().startswith("{") or len(text) > LONGEST_SETTING:
        return {}
    for read in (_json, ast.literal_eval):
        try:
            value = read(text.strip())
            return leaves(value) if isinstance(value, dict) and value else {}
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
    return {}


# Files


def file_leaves(suffix: str, texts: Sequence[str]) -> list[dict[str, str]]:
    """The leaves of files that are compared, by the suffix of their names, such as `json`.

    Raises:
        ValueError: one is not what its name says, or has too much in it, in a sentence.
    """
    try:
        return FILES[suffix](texts)
    except TooNested:
        raise
    except (ValueError, RecursionError, MemoryError, TypeError) as error:
        raise ValueError(f"It cannot be read as {suffix.upper()}.") from error


def _each(read: Callable[[str], Any]) -> Callable[[Sequence[str]], list[dict[str, str]]]:
    return lambda texts: [leaves(read(text)) for text in texts]


def _json(text: str) -> Any:
    """JSON with its numbers as they are written, for floats would be rounded."""
    return json.loads(text, parse_float=_written, parse_int=_written)


def _written(text: str) -> Written:
    return Written(text, float(text))


def _yaml(text: str) -> Any:
    return yaml_text.load(text, most=MOST_PARTS)


FILES: Mapping[str, Callable[[Sequence[str]], list[dict[str, str]]]] = {
    "json": _each(_json),
    "yaml": _each(_yaml),
    "yml": _each(_yaml),
    "toml": _each(tomllib.loads),
}
