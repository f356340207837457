"""Loading a model by its address: as the library's own, or as a function."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from runfolio.core.errors import InvalidValue, NotFound
from runfolio.environments.requirements import name_of
from runfolio.models.bytecode import compile_anew
from runfolio.models.configuration import config_given, configured
from runfolio.models.environment.files import REQUIREMENTS
from runfolio.models.environment.requirements import installed_version
from runfolio.models.flavors import table
from runfolio.models.flavors.flavor import Opened, missing
from runfolio.models.mlmodel import PYFUNC
from runfolio.models.model import Model
from runfolio.models.pyfunc.model import PyFuncModel
from runfolio.models.pyfunc.of_mlflow import imports, is_installed
from runfolio.models.safety import trust
from runfolio.models.uris import model_folder

log = logging.getLogger("runfolio")


def load_native(flavor: str, model_uri: str | Path, dst_path: str | None = None, **options: Any) -> Any:
    """The library's own model.

    Args:
        dst_path: a folder that the model's files are copied to first.
        options: what the library's `load_model` takes besides.

    Raises:
        NotFound: there is no model, or it is of another library.
        EnvironmentProblem: the library is not installed.
    """
    folder = model_folder(model_uri, dst_path)
    trust.require_where_asked(folder)
    opened = Opened(folder, Model.load(folder))
    with_code(folder, opened.entries(flavor))
    found = table.flavor(flavor)
    try:
        return found.load(opened, **options)
    except ModuleNotFoundError as error:
        raise missing(error, found.needs) from error


def load_function(
    model_uri: str | Path,
    suppress_warnings: bool = False,
    dst_path: str | None = None,
    model_config: Any = None,
) -> PyFuncModel:
    """A model of any library as a function. Raises as `load_native` does."""
    folder = model_folder(model_uri, dst_path)
    trust.require_where_asked(folder)
    if not suppress_warnings:
        warn_of_versions(folder)
    return as_function(folder, Model.load(folder), config_given(model_config))


def as_function(folder: Path, model: Model, given: Mapping[str, Any] | None = None) -> PyFuncModel:
    """A model of any library, whose MLmodel file was read already, as a function. Raises as `load_native` does."""
    entries = Opened(folder, model).entries(PYFUNC)
    loader = entries.get("loader_module")
    if not isinstance(loader, str):
        raise InvalidValue(f"The MLmodel file in {folder} does not say what loads the model.")
    with_code(folder, entries)
    config = configured(entries.get("config"), given)
    return PyFuncModel(model, _implementation(Opened(folder, model, config), loader), folder)


def _implementation(opened: Opened, loader: str) -> Any:
    found = table.flavor_of_loader(loader)
    if found is None and loader.partition(".")[0] == "mlflow":
        from runfolio.models.pyfunc.foreign import load_with_mlflow

        return load_with_mlflow(opened)
    try:
        with imports():
            if found is not None:
                return found.function(opened)
            more = (opened.config,) if opened.config else ()
            return import_module(loader)._load_pyfunc(str(opened.data), *more)
    except ModuleNotFoundError as error:
        raise missing(error, found.needs if found is not None else loader.partition(".")[0]) from error


def with_code(folder: Path, entries: Mapping[str, Any]) -> None:
    """Have the code that was saved with a model found first by imports, as MLflow does."""
    if not (code := entries.get("code")):
        return
    place = (folder / code).resolve()
    if not place.is_relative_to(folder.resolve()) or not place.is_dir():
        raise NotFound(f"The model in {folder} has no folder {code!r} of code.", "It is not whole.")
    compile_anew(place)
    if str(place) not in sys.path:
        sys.path.insert(0, str(place))


def warn_of_versions(folder: Path) -> None:
    """Tell which packages are here in another version than the model was saved with."""
    try:
        lines = (folder / REQUIREMENTS).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    wrong = []
    for line in lines:
        package, _, version = line.partition(";")[0].partition("==")
        name = name_of(package)
        if not version or not name or name.startswith("mlflow"):
            continue
        here = installed_version(package.partition("[")[0].strip())
        if here is None and is_installed(name):  # by another distribution, such as one for CPUs alone
            continue
        if (here or "").partition("+")[0] != version.strip():
            wrong.append(f"{package} {version.strip()} (here: {here or 'not installed'})")
    if wrong:
        log.warning("The model was saved with other versions than are here: %s.", ", ".join(wrong))
