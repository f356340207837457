"""JSON as Python has it, up to a size, and the lines of JSON Lines as a list."""

from __future__ import annotations

import json
from typing import Any

from runfolio.core.errors import CannotShow
from runfolio.previews.encodings import encoding_of
from runfolio.previews.files import read_whole

#: In memory, a document takes up to ten times its size.
MOST_BYTES = 64 * 1024 * 1024
AS_TEXT = "Its text can be looked at."
LINES = (".jsonl", ".ndjson")


def read_json(path: str) -> Any:
    """What a JSON file holds. Raises CannotShow with the place where it is none."""
    data = read_whole(path, MOST_BYTES, "JSON")
    encoding = encoding_of(data[:4096])
    text = encoding.text(data[encoding.mark :])
    if path.lower().endswith(LINES):
        return [parsed(line, number) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    return parsed(text, 1)


def parsed(text: str, line: int) -> Any:
    """A text that begins in some line of a file, as JSON. Raises CannotShow."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise CannotShow("This JSON is nested too deeply to be shown as a tree.", AS_TEXT) from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno + line - 1}, column {error.colno}"
        raise CannotShow(f"This is no JSON: {error.msg}, {place}.", AS_TEXT) from error
    except ValueError as error:  # a number of thousands of digits
        raise CannotShow("This JSON has a number of more digits than are read.", AS_TEXT) from error
