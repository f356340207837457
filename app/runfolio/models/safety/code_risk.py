"""The risk of code in a model's folder: whether to load it can run code, and which files with which imports do that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runfolio.core.errors import NotFound, UserError
from runfolio.models.safety.hashing import walk
from runfolio.models.yaml_file import FILE_NAME, read_yaml
from runfolio.previews.pickle_names import ORDER, Grade, worst
from runfolio.previews.risks.budget import Budget, TooMuch
from runfolio.previews.risks.configs import is_reader
from runfolio.previews.risks.contents import look_into
from runfolio.previews.risks.reasons import Name, Reason, graded, told

# Modules of MLflow that load a file of the model by their library, and nothing else.
_LOADERS = frozenset(
    f"mlflow.{name}"
    for name in "catboost h2o keras lightgbm onnx paddle pmdarima prophet pyfunc.model pytorch sentence_transformers "
    "sklearn spacy statsmodels tensorflow transformers xgboost".split()
)
# Entries of flavors that name what is imported.
_IMPORTING = ("loader_module", "model_class", "pickle_module_name")
_TRUSTED_BY_ITSELF = "skops_trusted_types"


@dataclass(frozen=True, slots=True)
class CodeRisk:
    """What was found of a model.

    Attributes:
        reasons: why loading it can run code, the worst first; none if it cannot.
        files: how many files were looked at.
    """

    reasons: tuple[Reason, ...]
    files: int

    @property
    def can_run_code(self) -> bool:
        """Whether loading it can."""
        return bool(self.reasons)

    @property
    def grade(self) -> Grade:
        """The worst of the reasons'."""
        return worst(one.grade for one in self.reasons)

    @property
    def names(self) -> tuple[Name, ...]:
        """All that is imported, each once, the worst first."""
        found = {one.text: one for reason in self.reasons for one in reason.names}
        return tuple(sorted(found.values(), key=lambda one: (-ORDER.index(one.grade), one.text)))

    def __str__(self) -> str:
        if not self.reasons:
            return "Loading it cannot run code."
        others = [reason for reason in self.reasons if not reason.names]
        parts = [told(self.names).removeprefix(" that ")] if self.names else []
        parts += [f"{reason.where} is {reason.what}" for reason in others[:3]]
        parts += [f"{len(others) - 3} more files"] if len(others) > 3 else []
        return f"Loading it can run code: {'; '.join(parts)}."


def judge(path: str | Path, budget: Budget | None = None) -> CodeRisk:
    """Look through a model's folder, or a single file, without loading anything of it.

    Raises:
        NotFound: there is nothing there.
    """
    root = Path(path)
    if not root.exists():
        raise NotFound(f"There is no {str(path)!r}.")
    limits = budget or Budget()
    if root.is_file():
        return _risk(list(_of_file(root, root.name, limits, named=True)), 1)
    reasons, named = _of_description(root)
    count = 0
    try:
        for name in walk(root):
            count += 1
            if name != FILE_NAME:
                reasons += _of_file(root / name, name, limits, named=name in named)
    except TooMuch as error:
        reasons.append(Reason(".", f"not all looked through, for {error}", Grade.UNKNOWN))
    except OSError as error:
        reasons.append(Reason(".", f"not all looked through: {error.strerror or error}", Grade.UNKNOWN))
    return _risk(reasons, count)


def _risk(found: list[Reason], count: int) -> CodeRisk:
    reasons = [one for one in found if one.grade != Grade.HARMLESS]
    return CodeRisk(tuple(sorted(reasons, key=lambda one: (-ORDER.index(one.grade), one.where))), count)


def _of_file(file: Path, name: str, budget: Budget, *, named: bool) -> list[Reason]:
    if file.is_symlink():
        return [Reason(name, "a link to somewhere else", Grade.UNKNOWN)]
    if not file.is_file():
        return [Reason(name, "no plain file", Grade.UNKNOWN)]
    try:
        with file.open("rb") as stream:
            return list(look_into(stream, name, budget, named=named))
    except OSError as error:
        return [Reason(name, f"not readable ({error.strerror})", Grade.UNKNOWN)]


def _of_description(root: Path) -> tuple[list[Reason], set[str]]:
    """What the MLmodel file itself says to import, and the files that it names."""
    if not (root / FILE_NAME).is_file():
        return [], set()
    try:
        flavors = read_yaml(root / FILE_NAME).get("flavors") or {}
    except UserError as error:
        return [Reason(FILE_NAME, f"not readable ({error.message})", Grade.UNKNOWN)], set()
    if not isinstance(flavors, Mapping) or not all(isinstance(one, Mapping) for one in flavors.values()):
        return [Reason(FILE_NAME, "no description of a model", Grade.UNKNOWN)], set()
    loaded = [{key: value for key, value in entries.items() if key != "env"} for entries in flavors.values()]
    texts = {text for entries in loaded for text in _texts(entries)}
    named = {text for text in texts if len(text) < 1024 and _is_inside(root, text)}
    return [reason for entries in flavors.values() for reason in _of_entries(entries)], named


def _of_entries(entries: Mapping[str, Any]) -> Iterator[Reason]:
    for key in _IMPORTING:
        given = entries.get(key)
        if given is None or given in _LOADERS or (key == "pickle_module_name" and is_reader(given)):
            continue
        text = given if isinstance(given, str) else repr(given)
        module, _, name = text.rpartition(".")
        found = graded([(module, name)]) if module else (Name(text[:200], Grade.UNKNOWN),)
        if key == "loader_module" or found[0].grade not in (Grade.HARMLESS, Grade.KNOWN):
            yield Reason(FILE_NAME, f"a {key}", worst([found[0].grade, Grade.UNKNOWN]), found)
    trusted = entries.get(_TRUSTED_BY_ITSELF) or []
    texts = [str(one) for one in trusted] if isinstance(trusted, list) else [str(trusted)]
    names = graded((text.rpartition(".")[0], text.rpartition(".")[2]) for text in texts)
    if feared := tuple(one for one in names if one.grade not in (Grade.HARMLESS, Grade.KNOWN)):
        yield Reason(FILE_NAME, "a list of types that it trusts by itself", worst(one.grade for one in feared), feared)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _is_inside(root: Path, name: str) -> bool:
    try:
        file = (root / name).resolve()
        return file.is_file() and file.is_relative_to(root.resolve())
    except (OSError, ValueError):
        return False
