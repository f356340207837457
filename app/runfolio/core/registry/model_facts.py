"""What a folder's file MLmodel says of the model, read as plain values: nothing of the model is loaded.

The format is MLflow's (`mlflow/models/model.py`); what does not fit it is left out, and never trusted to be of a type.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runfolio.core import yaml_text
from runfolio.core.registry.records import ModelFacts

FILE_NAME = "MLmodel"
#: Of a larger file nothing is read; bytes.
MOST = 4 << 20
#: So many columns and lines are kept.
MANY = 1000


def read_facts(folder: Path) -> ModelFacts:
    """What the model in a folder says of itself; all is empty where there is none that can be read."""
    told = _yaml(folder / FILE_NAME)
    flavors = told.get("flavors")
    signature = told.get("signature")
    named = signature if isinstance(signature, Mapping) else {}
    function = flavors.get("python_function") if isinstance(flavors, Mapping) else None
    return ModelFacts(
        flavors=tuple(sorted(map(str, flavors))) if isinstance(flavors, Mapping) else (),
        inputs=_columns(named.get("inputs")),
        outputs=_columns(named.get("outputs")),
        params=_columns(named.get("params")),
        has_signature=bool(named.get("inputs") or named.get("outputs") or named.get("params")),
        has_input_example=_has_example(folder, told.get("saved_input_example_info")),
        python=_text(function.get("python_version")) if isinstance(function, Mapping) else "",
        mlflow_version=_text(told.get("mlflow_version")),
        model_uuid=_text(told.get("model_id") or told.get("model_uuid")),
        requirements=_lines(folder / "requirements.txt"),
    )


def as_dict(facts: ModelFacts) -> dict[str, Any]:
    """Facts as plain values, to be kept as JSON."""
    return {name: getattr(facts, name) for name in ModelFacts.__slots__}


def from_dict(told: Mapping[str, Any]) -> ModelFacts:
    """The facts that were kept; names that are not known here are left out."""
    known: dict[str, Any] = {name: told[name] for name in ModelFacts.__slots__ if name in told}
    for name in ("inputs", "outputs", "params"):
        known[name] = tuple((str(one), str(kind)) for one, kind in known.get(name, ()))
    for name in ("flavors", "requirements"):
        known[name] = tuple(map(str, known.get(name, ())))
    return ModelFacts(**known)


def _yaml(file: Path) -> Mapping[str, Any]:
    try:
        found = yaml_text.load(_read(file))
    except (OSError, yaml_text.NotYaml):
        return {}
    return found if isinstance(found, Mapping) else {}


def _read(file: Path) -> bytes:
    with file.open("rb") as opened:
        data = opened.read(MOST + 1)
    if len(data) > MOST:
        raise OSError("it is too large")
    return data


def _lines(file: Path) -> tuple[str, ...]:
    try:
        text = _read(file).decode(errors="replace")
    except OSError:
        return ()
    return tuple(line.strip() for line in text.splitlines() if line.strip())[:MANY]


def _text(value: Any) -> str:
    return str(value)[:200] if isinstance(value, (str, int, float)) else ""


def _has_example(folder: Path, told: Any) -> bool:
    name = told.get("artifact_path") if isinstance(told, Mapping) else None
    return isinstance(name, str) and "/" not in name and (folder / name).is_file()


def _columns(text: Any) -> tuple[tuple[str, str], ...]:
    """Names and types of a schema, which is JSON within the YAML; of a column without a name, its place."""
    try:
        found = json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError):
        return ()
    listed = found[:MANY] if isinstance(found, list) else []
    return tuple(
        (_text(one.get("name")) or str(place), _type_of(one))
        for place, one in enumerate(listed)
        if isinstance(one, Mapping)
    )


def _type_of(column: Mapping[str, Any]) -> str:
    tensor = column.get("tensor-spec")
    if isinstance(tensor, Mapping):
        shape = tensor.get("shape")
        sizes = ", ".join(_text(size) for size in shape[:20]) if isinstance(shape, list) else ""
        return f"{_text(tensor.get('dtype'))} ({sizes})"
    optional = " (optional)" if column.get("required") is False else ""
    return f"{_text(column.get('type'))}{optional}"
