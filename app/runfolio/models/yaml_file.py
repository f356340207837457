"""The YAML files of a model, read as plain values within limits: whoever looks at a model needs no more."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from runfolio.core.errors import InvalidValue, NotFound

FILE_NAME = "MLmodel"
#: Of an MLmodel file that is read; bytes. A signature of 100,000 columns takes less.
MAX_BYTES = 32 << 20
MAX_DEPTH = 100


def read_yaml(file: Path) -> dict[str, Any]:
    """What a small YAML file of a model holds: plain values only. Raises NotFound, InvalidValue."""
    import yaml

    try:
        with file.open("rb") as stream:
            text = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise NotFound(f"{file} cannot be read: {error.strerror}.") from error
    if len(text) > MAX_BYTES:
        raise InvalidValue(f"{file} is larger than {MAX_BYTES >> 20} MB, which no such file is.")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _check_depth(yaml.parse(text, loader), file)
        found = yaml.load(text, loader)
    except (yaml.YAMLError, RecursionError) as error:
        raise InvalidValue(f"{file} is not YAML: {' '.join(str(error).split())}.") from error
    if not isinstance(found, dict) or not all(isinstance(key, str) for key in found):
        raise InvalidValue(f"{file} does not hold names and values.")
    return found


def _check_depth(events: Iterable[Any], file: Path) -> None:
    """Refuse what is nested so deeply that the parser, which is written in C, would overflow the stack."""
    depth = 0
    for event in events:
        kind = type(event).__name__
        depth += kind.endswith("StartEvent") - kind.endswith("EndEvent")
        if depth > MAX_DEPTH:
            raise InvalidValue(f"{file} is nested deeper than {MAX_DEPTH} levels, which no such file is.")
