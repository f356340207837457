"""Descriptions of models that name code: of Keras, of skops, and graphs of TensorFlow."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from runfolio.previews.pickle_names import ORDER, Grade, grade, worst
from runfolio.previews.risks.budget import Budget
from runfolio.previews.risks.reasons import Name

MOST_BYTES = 64 << 20
MOST_DEPTH_PARTS = 2_000_000
Found = tuple[str, tuple[Grade, tuple[Name, ...]] | None]

_KERAS_OWN = ("keras", "keras_core", "tf_keras", "keras_nlp", "keras_hub", "tensorflow")
_KERAS_CODE = frozenset(["Lambda", "__lambda__", "function"])
_GRAPH_FILES = ("saved_model.pb", "saved_model.pbtxt")
# Operations of TensorFlow with which a graph reaches out of itself.
_REACHING = (
    b"ReadFile",
    b"WriteFile",
    b"PyFunc",
    b"EagerPyFunc",
    b"MatchingFiles",
    b"LookupTableImport",
    b"LoadDataset",
)
# Files that name a module which reads the others.
MODULE_FILES = ("pickle_module_info.txt", "keras_module.txt")
_READERS = frozenset(
    "cloudpickle dill keras mlflow.pytorch.pickle_module pickle tensorflow.keras tf_keras torch.serialization".split()
)
# Exported programs of PyTorch, and what their graphs call: operators and arithmetic, nothing else.
_PROGRAM = re.compile(r"!(.+/)?(models/[^/!]+|serialized_exported_program)\.json$")
_OPERATOR = re.compile(
    r"torch\.ops\.(?!_)\w+\.((?!__)\w+|__i?(and|or|xor|lshift|rshift)__)(\.(?!__)\w+)?|"
    r"_operator\.(?!attrgetter|methodcaller|itemgetter|call)[a-z_]\w*|math\.[a-z]\w*|torch\.(_?sym_\w+)"
)
_HDF = (".h5", ".hdf5", ".he5")
#: Descriptions in JSON, by their names.
DESCRIPTIONS = ("schema.json", "config.json")


def of_file(whole: Any, start: bytes, where: str, budget: Budget) -> Found | None:
    """What a file that describes a model is, and why it can run code, if it can; None if it is none.

    Args:
        whole: the file as a stream from its start.
        start: its first bytes.
        where: its name in the model's folder, and in the archive that it is in.
    """
    name = where.rpartition("/")[2].rpartition("!")[2]
    if name in MODULE_FILES:
        return "the name of a module", _module(start)
    if name in _GRAPH_FILES:
        return "a graph of TensorFlow", _graph(whole, budget)
    if start.startswith(b"\x89HDF") or name.lower().endswith(_HDF):
        # A description of layers can be in it, in more forms than one; not in the weights of Keras's own format.
        weights = where.endswith("!model.weights.h5") and start.startswith(b"\x89HDF")
        return "a file of HDF5, which is not looked into", None if weights else (Grade.UNKNOWN, ())
    if name == "schema.json":
        return _of_json(whole, "an object of skops", _skops)
    if name == "config.json":
        return _of_json(whole, "a model of Keras", _keras)
    if _PROGRAM.search(where):
        return _of_json(whole, "a program of PyTorch", _program)
    return None


def _graph(whole: Any, budget: Budget) -> tuple[Grade, tuple[Name, ...]]:
    """TensorFlow's graphs are programs; those that reach files are named."""
    found = sorted(_patterns(whole, _REACHING, budget))
    names = tuple(Name(f"tensorflow.{one.decode()}", Grade.DANGEROUS) for one in found)
    return (Grade.DANGEROUS if names else Grade.KNOWN), names


def _patterns(whole: Any, wanted: tuple[bytes, ...], budget: Budget) -> set[bytes]:
    found: set[bytes] = set()
    before = b""
    while block := whole.read(1 << 20):
        found |= {one for one in wanted if one in before + block}
        before = block[-32:]
        _ = budget.seconds
    return found


def _of_json(whole: Any, what: str, names_in: Any) -> Found:
    text = whole.read(MOST_BYTES + 1)
    if len(text) > MOST_BYTES:
        raise ValueError(f"the description has more than {MOST_BYTES >> 20} MB")
    found = {one.text: one for one in names_in(json.loads(text)) if one.grade not in (Grade.HARMLESS, Grade.KNOWN)}
    names = tuple(sorted(found.values(), key=lambda one: (-ORDER.index(one.grade), one.text)))
    return what, ((worst(one.grade for one in names), names) if names else None)


def _objects(root: Any) -> Iterator[dict[str, Any]]:
    """All dictionaries in what JSON holds, without recursion."""
    left, count = [root], 0
    while left:
        one = left.pop()
        count += 1
        if count > MOST_DEPTH_PARTS:
            raise ValueError("the description has too many parts")
        if isinstance(one, dict):
            yield one
            left.extend(one.values())
        elif isinstance(one, list):
            left.extend(one)


def _keras(root: Any) -> Iterator[Name]:
    """What a description of Keras imports: anything may stand there as module and class."""
    for one in _objects(root):
        name, module = one.get("class_name"), one.get("module")
        if not isinstance(name, str):
            continue
        text = f"{module or 'keras'}.{name}"[:200]
        if name in _KERAS_CODE:
            yield Name(text, Grade.CODE)
        elif isinstance(module, str) and module.partition(".")[0] not in _KERAS_OWN:
            yield Name(text, grade(module, name))


def _program(root: Any) -> Iterator[Name]:
    """What an exported program of PyTorch calls."""
    for one in _objects(root):
        target = one.get("target")
        if isinstance(target, str) and "inputs" in one and not _OPERATOR.fullmatch(target):
            module, _, name = target.rpartition(".")
            yield Name(target[:200], worst([grade(module, name), Grade.UNKNOWN]))


def _module(text: bytes) -> tuple[Grade, tuple[Name, ...]] | None:
    name = text.decode("utf-8", "replace").strip()
    return None if name in _READERS else (Grade.UNKNOWN, (Name(name[:200], Grade.UNKNOWN),))


def is_reader(name: Any) -> bool:
    """Whether a module is one of those that read models, and nothing else."""
    return name in _READERS


def _skops(root: Any) -> Iterator[Name]:
    for one in _objects(root):
        module, function = one.get("module_path"), one.get("function")
        if isinstance(module, str) and isinstance(function, str) and not _is_ufunc(module, function):
            yield Name(f"{module}.{function}"[:200], grade(module, function))
        name, module = one.get("__class__"), one.get("__module__")
        if isinstance(name, str) and isinstance(module, str) and not _is_ufunc(module, name):
            yield Name(f"{module}.{name}"[:200], grade(module, name))


def _is_ufunc(module: str, name: str) -> bool:
    """NumPy's functions of numbers do nothing but compute; skops holds them by name."""
    if module not in ("numpy", "numpy._core._multiarray_umath", "numpy.core._multiarray_umath"):
        return False
    import numpy as np

    return isinstance(getattr(np, name, None), np.ufunc)
