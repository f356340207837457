"""Saving a model: everything is written into a folder of its own and moved into place when it is whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runfolio.core.errors import AlreadyExists, InvalidValue
from runfolio.models.contents import copy_into, size_of
from runfolio.models.environment import files as environment
from runfolio.models.environment.writing import write_all
from runfolio.models.flavors.flavor import Writer, Written
from runfolio.models.mlmodel import FILE_NAME, PYFUNC, MLmodel
from runfolio.models.safety import trust

CODE, EXTRA_FILES = "code", "extra_files"


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """What goes with a model, whatever it is made with.

    Attributes:
        environment: what was said of it; the other attributes are arguments of every `save_model`.
    """

    mlflow_model: MLmodel | None = None
    signature: Any = None
    input_example: Any = None
    metadata: dict[str, Any] | None = None
    code_paths: list[Any] | None = None
    extra_files: list[Any] | None = None
    environment: environment.Declared = field(default_factory=environment.Declared)


def packing(arguments: Mapping[str, Any]) -> Packing:
    """A packing of what `save_model` was called with; its other arguments are left out. Raises InvalidValue."""
    declared = {name: arguments[name] for name in environment.Declared.__slots__ if name in arguments}
    others = {name: arguments[name] for name in Packing.__slots__ if name in arguments}
    signature = others.get("signature")
    if signature is not None and signature is not False and not hasattr(signature, "to_dict"):
        raise InvalidValue(
            f"A signature is a ModelSignature, None or False, not {signature!r:.80}.",
            "Make one by infer_signature(<input>, <output>).",
        )
    return Packing(**others, environment=environment.Declared(**declared))


def save(path: str | os.PathLike[str], writer: Writer, packed: Packing) -> MLmodel:
    """Save a model into a folder that is not there yet, or is empty; it is there as a whole or not at all.

    Raises:
        AlreadyExists: there is something in the folder.
        InvalidValue, NotFound: an argument cannot be used.
        OSError: the disk.
    """
    target = Path(path)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise AlreadyExists(f"{target} is there already and is not empty.", "Save the model to another folder.")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.parent / f".{os.urandom(16).hex()}.part"
    part.mkdir()
    try:
        model = fill(part, writer, packed)
        if target.exists():
            target.rmdir()
        part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    trust.made_here(target, model.uri() if model.run_id else str(target.absolute()))
    return model


def fill(folder: Path, writer: Writer, packed: Packing) -> MLmodel:
    """Write all files of a model into an empty folder. Raises as `save` does."""
    model = packed.mlflow_model if packed.mlflow_model is not None else MLmodel()
    code = None if packed.code_paths is None else CODE
    _copy_all(packed.code_paths, "code_paths", folder / CODE)
    extra = _copy_all(packed.extra_files, "extra_files", folder / EXTRA_FILES)
    info = _example_saved(packed.input_example, folder)
    if info is not None:
        model.saved_input_example_info = info
    written = writer(folder)
    if packed.metadata is not None:
        model.metadata = packed.metadata
    _add_flavors(model, written, code, extra)
    _sign(model, written, packed)
    model.model_size_bytes = size_of(folder) or None
    model.save(folder / FILE_NAME)
    write_all(folder, packed.environment, written.requirements, callable_=bool(written.loader_module))
    for cache in list(folder.rglob("__pycache__")):
        shutil.rmtree(cache, ignore_errors=True)
    return model


def _add_flavors(model: MLmodel, written: Written, code: str | None, extra: list[str]) -> None:
    if written.loader_module:
        made_with_code = {} if code is None and written.flavor else {"code": code}
        model.add_flavor(
            PYFUNC,
            **written.function_entries,
            **made_with_code,
            loader_module=written.loader_module,
            python_version=environment.python_version(),
            env=dict(environment.ENTRIES),
        )
    if written.flavor:
        more: dict[str, Any] = {"code": code} if written.takes_code else {}
        if extra:
            more[EXTRA_FILES] = [{"path": f"{EXTRA_FILES}/{name}"} for name in extra]
        model.add_flavor(written.flavor, **written.entries, **more)


def _sign(model: MLmodel, written: Written, packed: Packing) -> None:
    """Give the model its signature: the user's, else what hints of types say, else what the example shows."""
    if packed.signature is False:
        return
    if packed.signature is not None:
        model.signature = packed.signature
    elif model.signature is None and written.hinted is not None:
        from runfolio.models.shown import with_params

        model.sign_by_hints(with_params(written.hinted, packed.input_example))
    elif model.signature is None and packed.input_example is not None:
        from runfolio.models.shown import shown_signature

        model.signature = shown_signature(written, packed.input_example)


def _example_saved(example: Any, folder: Path) -> dict[str, Any] | None:
    if example is None:
        return None
    from runfolio.models.input_example import save_example

    return save_example(folder, example)


def _copy_all(sources: list[Any] | None, argument: str, folder: Path) -> list[str]:
    """Copy files and folders into a folder of the model; their names there. Raises InvalidValue, NotFound."""
    if not isinstance(sources, list | tuple | None):
        raise InvalidValue(f"{argument} is a list of paths, not {type(sources).__name__}.")
    if sources is not None:
        folder.mkdir()
    return [copy_into(Path(source), folder) for source in sources or ()]
