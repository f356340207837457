"""How two models differ: what loads them, their signatures, what they require, and their files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runfolio.core.copying import digest_of
from runfolio.environments.requirements import name_of
from runfolio.models.environment.files import REQUIREMENTS
from runfolio.models.environment.recording import LOCK
from runfolio.models.mlmodel import FILE_NAME, MLmodel
from runfolio.models.safety.hashing import CHECKED

# Of each model by itself, so that they differ always and say nothing.
_OWN = ("run_id", "model_id", "model_uuid", "artifact_path", "utc_time_created", "signature", "flavors")


@dataclass(frozen=True, slots=True)
class Change:
    """Something that two models have not alike.

    Attributes:
        part: `model`, `flavor`, `input`, `output`, `parameter`, `requirement`, `locked` or `file`.
        name: of it.
        first, second: what each has; empty if it has none.
    """

    part: str
    name: str
    first: str
    second: str


def differences(first: Path, second: Path) -> list[Change]:
    """Everything about two models that is not alike. Raises NotFound, InvalidValue."""
    one, other = _facts(first), _facts(second)
    keys = dict.fromkeys([*one, *other])
    return [Change(*key, one.get(key, ""), other.get(key, "")) for key in keys if one.get(key) != other.get(key)]


def _facts(folder: Path) -> dict[tuple[str, str], str]:
    """What can be compared, by its part and name."""
    model = MLmodel.load(folder)
    found = {("model", name): str(value) for name, value in model.to_dict().items() if name not in _OWN}
    for flavor, entries in model.flavors.items():
        found |= {("flavor", f"{flavor}.{name}"): _text(value) for name, value in entries.items()}
    found |= _signature(model)
    found |= _versions(folder / REQUIREMENTS, "requirement") | _versions(folder / LOCK, "locked")
    return found | {("file", name): told for name, told in _files(folder).items()}


def _signature(model: MLmodel) -> dict[tuple[str, str], str]:
    signature = model.signature
    if signature is None:
        return {}
    found = {}
    for part, schema in (("input", signature.inputs), ("output", signature.outputs)):
        for name, spec in zip(schema.input_names(), schema.inputs, strict=True) if schema else ():
            found[part, str(name)] = repr(spec).removeprefix(f"{spec.name!r}: ")
    found |= {("parameter", one.name): repr(one).removeprefix(f"{one.name!r}: ") for one in signature.params or ()}
    return found


def _versions(file: Path, part: str) -> dict[tuple[str, str], str]:
    if not file.is_file():
        return {}
    lines = (line.strip() for line in file.read_text(encoding="utf-8", errors="replace").splitlines())
    return {(part, name_of(line) or line): line for line in lines if line and not line.startswith("#")}


def _files(folder: Path) -> dict[str, str]:
    left_out = (FILE_NAME, CHECKED)
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
    names = {path.relative_to(folder).as_posix(): path for path in files}
    return {
        name: f"{path.stat().st_size:,} bytes, {_digest(path)}" for name, path in names.items() if name not in left_out
    }


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return digest_of(stream)[:12]


def _text(value: Any) -> str:
    return ", ".join(f"{key}={one}" for key, one in value.items()) if isinstance(value, Mapping) else str(value)
