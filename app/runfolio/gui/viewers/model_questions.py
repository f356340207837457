"""What there is to be said of a model's folder, told from its files alone: nothing of it is loaded or run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from runfolio.core import numbers
from runfolio.core.errors import CannotShow, UserError
from runfolio.previews.files import open_plain
from runfolio.previews.kept import Kept
from runfolio.previews.records import Question

if TYPE_CHECKING:
    from runfolio.models.mlmodel import MLmodel
    from runfolio.models.schema.params import ParamSpec
    from runfolio.models.schema.signature import ModelSignature

#: Names and values, as they stand below each other.
Rows = tuple[tuple[str, str], ...]
#: No more letters of a value are told, and no more rows of one kind.
LONGEST, MOST_ROWS = 2_000, 5_000
MOST_REQUIREMENTS = 256 * 1024
#: Of a flavor, what tells most: its version, and which files it is in.
FIRST_ENTRIES = ("loader_module", "python_model", "model_path", "pickled_model", "data", "model_data", "code")


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What is known of a model.

    Attributes:
        about: where it comes from, how large it is, and what its author wants to be known of it.
        flavors: by name, what each needs.
        inputs, outputs, params: its signature; the values are types.
        environment: the versions of Python and of what builds it.
        requirements: the packages that it needs, a line each.
        run_id, path: where it was logged; empty if nobody says.
        is_function: whether it can be called as a function.
        has_example: whether an input example is with it.
    """

    about: Rows
    flavors: Rows
    inputs: Rows
    outputs: Rows
    params: Rows
    environment: Rows
    requirements: tuple[str, ...]
    run_id: str
    path: str
    is_function: bool
    has_example: bool


@dataclass(frozen=True, slots=True)
class AskModel(Question[ModelFacts]):
    """What is in the folder of an MLmodel file?"""

    seconds: ClassVar[float] = 10.0

    path: str

    def answer(self, kept: Kept) -> ModelFacts:
        """What is known."""
        from runfolio.models.mlmodel import PYFUNC, MLmodel

        open_plain(self.path).close()
        try:
            model = MLmodel.load(self.path)
            signature = model.signature
        except UserError as error:
            raise CannotShow(error.message, error.hint) from error
        folder = Path(self.path).parent
        inputs, outputs, params = _signature(signature)
        return ModelFacts(
            _rows(_about(model)),
            _rows((name, _summary(entries)) for name, entries in model.flavors.items()),
            inputs,
            outputs,
            params,
            _rows(_environment(folder)),
            _requirements(folder),
            str(model.run_id or ""),
            str(model.artifact_path or ""),
            PYFUNC in model.flavors,
            bool(model.saved_input_example_info),
        )


def _rows(found: Iterator[tuple[str, Any]]) -> Rows:
    told = ((str(name)[:LONGEST], str(value)[:LONGEST]) for name, value in found if value not in (None, "", {}, []))
    return tuple(row for _, row in zip(range(MOST_ROWS), told, strict=False))


def _about(model: MLmodel) -> Iterator[tuple[str, Any]]:
    yield "Created", model.utc_time_created
    with suppress(TypeError, ValueError):
        yield "Size", numbers.size(int(model.model_size_bytes or 0)) if model.model_size_bytes else ""
    yield "Run", model.run_id
    yield "Model id", model.model_id
    yield "Layout of MLflow", model.mlflow_version
    example = model.saved_input_example_info
    yield "Input example", example.get("artifact_path") if isinstance(example, dict) else None
    yield from (model.metadata or {}).items() if isinstance(model.metadata, dict) else ()


def _summary(entries: dict[str, Any]) -> str:
    """The version of its library first, then what it is in."""
    versions = [f"{key.removesuffix('_version')} {entries[key]}" for key in entries if key.endswith("_version")]
    others = [f"{key} {entries[key]}" for key in FIRST_ENTRIES if isinstance(entries.get(key), str)]
    return " · ".join([*versions, *others])


def _signature(signature: ModelSignature | None) -> tuple[Rows, Rows, Rows]:
    if signature is None:
        return (), (), ()
    params = ((one.name, _param(one)) for one in signature.params or ())
    return _rows(_schema(signature.inputs)), _rows(_schema(signature.outputs)), _rows(params)


def _param(one: ParamSpec) -> str:
    return f"{f'list of {one.dtype!r}' if one.shape else repr(one.dtype)}, {one.default!r} by default"


def _schema(schema: Any) -> Iterator[tuple[str, Any]]:
    for place, one in enumerate(schema or ()):
        kind = f"{one.type.name} {one.shape}" if hasattr(one, "shape") else f"{one.type!r}"
        yield str(place if one.name is None else one.name), kind if one.required else f"{kind}, may be missing"


def _environment(folder: Path) -> Iterator[tuple[str, Any]]:
    from runfolio.models.mlmodel import read_yaml

    with suppress(UserError):
        found = read_yaml(folder / "python_env.yaml")
        yield "Python", found.get("python")
        build = found.get("build_dependencies")
        yield "Built with", ", ".join(map(str, build)) if isinstance(build, list) else ""


def _requirements(folder: Path) -> tuple[str, ...]:
    """The lines of requirements.txt that say something."""
    try:
        with open_plain(str(folder / "requirements.txt")) as stream:
            text = (stream.read(MOST_REQUIREMENTS) or b"").decode("utf-8", "replace")
    except CannotShow:
        return ()
    return tuple(line.strip() for line in text.splitlines()[:MOST_ROWS] if line.strip() and not line.startswith("#"))
