"""Python models, functions and scripts in a model's folder: written, and loaded."""

from __future__ import annotations

import ast
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import runfolio
from runfolio.core.errors import InvalidValue
from runfolio.models.contents import copy_into
from runfolio.models.environment.requirements import pinned
from runfolio.models.flavors.flavor import Flavor, Opened, Writer, Written
from runfolio.models.mlmodel import PYFUNC
from runfolio.models.pyfunc import calls, from_code, hinted
from runfolio.models.pyfunc.python_model import PythonModel, PythonModelContext, checked
from runfolio.models.uris import local_path

PICKLE, ARTIFACTS = "python_model.pkl", "artifacts"


class Function:
    """A Python model as it is called: with its context, if it takes one.

    Attributes:
        python_model: the model.
        context: its files and configuration.
    """

    def __init__(self, python_model: PythonModel, context: PythonModelContext) -> None:
        self.python_model, self.context = python_model, context

    def predict(self, model_input: Any, params: Mapping[str, Any] | None = None) -> Any:
        """The model's answer."""
        return calls.call(self.python_model.predict, self._as_hinted(model_input), params, self.context)

    def predict_stream(self, model_input: Any, params: Mapping[str, Any] | None = None) -> Any:
        """The model's answer in pieces."""
        return calls.call(self.python_model.predict_stream, self._as_hinted(model_input), params, self.context)

    def _as_hinted(self, data: Any) -> Any:
        """Data as the model says, by a hint such as `list[str]`, that it takes them. Raises SchemaMismatch."""
        hint = getattr(self.python_model, "predict_type_hints", None)
        return hinted.conformed(data, hint.input) if hint else data


def writer(
    python_model: Any,
    artifacts: Mapping[str, str] | None = None,
    model_config: Mapping[str, Any] | None = None,
    streamable: bool | None = None,
) -> Writer:
    """Writes a Python model, a function, or the script of a path, with the files that it needs.

    Raises:
        InvalidValue: it is none of these.
    """
    script = Path(python_model) if isinstance(python_model, (str, os.PathLike)) else None
    model = checked(from_code.run(script, model_config) if script is not None else python_model)

    def write(folder: Path) -> Written:
        import cloudpickle

        from runfolio.models.pyfunc import pickling

        entries: dict[str, Any] = {"cloudpickle_version": cloudpickle.__version__}
        if script is None:
            pickling.dump(model, folder / PICKLE)
            entries["python_model"] = PICKLE
        else:
            copy_into(script, folder)
            entries["model_code_path"] = os.fspath(script)
        if artifacts:
            entries["artifacts"] = _artifacts_copied(artifacts, folder)
        if model_config:
            entries["config"] = dict(model_config)
        return Written(
            flavor="",
            loader_module="mlflow.pyfunc.loaders.code_model" if script is not None else "mlflow.pyfunc.model",
            function_entries={**entries, "streamable": _streams(model) if streamable is None else streamable},
            requirements=[pinned("cloudpickle"), *(_runfolio_if_used(script) if script is not None else ())],
            function=lambda: _opened(model, _context(folder, entries, model_config)),
            hinted=hinted.signature_of(getattr(model, "predict_type_hints", None)),
        )

    return write


def loader_writer(
    loader_module: str, data_path: Any = None, model_config: Mapping[str, Any] | None = None, streamable: bool = False
) -> Writer:
    """Writes data that a module of the user's, which has `_load_pyfunc`, makes a model of."""

    def write(folder: Path) -> Written:
        entries: dict[str, Any] = {"streamable": streamable}
        if data_path is not None:
            entries["data"] = f"data/{copy_into(Path(data_path), folder / 'data')}"
        if model_config:
            entries["config"] = dict(model_config)
        return Written(
            flavor="",
            loader_module=loader_module,
            function_entries=entries,
            requirements=[pinned("cloudpickle")],
        )

    return write


def load_function(opened: Opened) -> Function:
    """The Python model of a folder, ready to be called. It runs what the pickle or the script says."""
    entries = opened.entries(PYFUNC)
    config = opened.config
    if "model_code_path" in entries:
        script = opened.path(str(entries["model_code_path"]).replace("\\", "/").rpartition("/")[2])
        model = checked(from_code.run(script, config))
    else:
        from runfolio.models.pyfunc import pickling

        if "python_model" not in entries:
            raise InvalidValue(f"The MLmodel file in {opened.folder} does not say where the Python model is.")
        file = opened.path(entries["python_model"])
        model = checked(pickling.load(file, entries.get("python_model_compression") or entries.get("compression")))
    return _opened(model, _context(opened.folder, entries, config))


def _opened(model: PythonModel, context: PythonModelContext) -> Function:
    model.load_context(context)
    return Function(model, context)


def _context(folder: Path, entries: Mapping[str, Any], config: Mapping[str, Any] | None) -> PythonModelContext:
    named = entries.get("artifacts") or {}
    return PythonModelContext({name: str(folder / one["path"]) for name, one in named.items()}, config)


def _artifacts_copied(artifacts: Mapping[str, Any], folder: Path) -> dict[str, dict[str, str]]:
    """Copy a model's files below its folder, two of one name into folders of their own."""
    found: dict[str, dict[str, str]] = {}
    for number, (name, uri) in enumerate(artifacts.items()):
        source = local_path(str(uri))
        taken = (folder / ARTIFACTS / source.name).exists()
        place = f"{ARTIFACTS}/{number}" if taken else ARTIFACTS
        found[name] = {"path": f"{place}/{copy_into(source, folder / place)}", "uri": str(uri)}
    return found


def _streams(model: PythonModel) -> bool:
    return getattr(type(model), "predict_stream", None) is not PythonModel.predict_stream


def _runfolio_if_used(script: Path) -> list[str]:
    """Runfolio, for a script that imports it: there, MLflow cannot stand in."""
    for node in ast.walk(ast.parse(script.read_bytes())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        if any(name.partition(".")[0] == "runfolio" for name in names):
            return [f"runfolio=={runfolio.__version__}"]
    return []


FLAVOR = Flavor(name=PYFUNC, load=load_function, function=load_function, needs="cloudpickle")
