"""The YAML files of a model, read as plain values within limits: whoever looks at a model needs no more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from runfolio.core.errors import InvalidValue, NotFound

FILE_NAME = "MLmodel"
#: Of an MLmodel file that is read; bytes. A signature of 100,000 columns takes less.
MAX_BYTES = 32 << 20


def read_yaml(file: Path) -> dict[str, Any]:
    """What a small YAML file of a model holds: plain values only. Raises NotFound, InvalidValue."""
    from runfolio.core import yaml_text  # brings PyYAML, which no import of models needs

    try:
        with file.open("rb") as stream:
            text = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise NotFound(f"{file} cannot be read: {error.strerror}.") from error
    if len(text) > MAX_BYTES:
        raise InvalidValue(f"{file} is larger than {MAX_BYTES >> 20} MB, which no such file is.")
    try:
        found = yaml_text.load(text)
    except yaml_text.NotYaml as error:
        raise InvalidValue(f"{file} is not YAML: {error}.") from error
    if not isinstance(found, dict) or not all(isinstance(key, str) for key in found):
        raise InvalidValue(f"{file} does not hold names and values.")
    return found
