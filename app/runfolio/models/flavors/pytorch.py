"""PyTorch: modules, as exported programs or by cloudpickle."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from runfolio.core.errors import InvalidValue
from runfolio.models.environment.requirements import pinned
from runfolio.models.flavors.flavor import Flavor, Opened, Writer, Written
from runfolio.models.mlmodel import FILE_NAME, PYFUNC

log = logging.getLogger("runfolio")

NAME = "pytorch"
FOLDER, PICKLED, EXPORTED, PICKLER = "data", "model.pth", "model.pt2", "pickle_module_info.txt"
PICKLE, PT2 = "pickle", "pt2"
#: The module that pickles by default, by the name it has in MLflow, and ours of the same content.
OF_MLFLOW, OURS = "mlflow.pytorch.pickle_module", "runfolio.models.flavors.pytorch_pickle"

#: Modules that read pickles, and nothing else.
PICKLERS = ("pickle", "cloudpickle", "dill", "joblib", "torch.serialization")


class Function:
    """A module as it is called: with a table or an array, without gradients."""

    def __init__(self, model: Any, device: str = "cpu") -> None:
        self.pytorch_model, self.device = model, device

    def get_raw_model(self) -> Any:
        """The module."""
        return self.pytorch_model

    def predict(self, data: Any, params: Mapping[str, Any] | None = None) -> Any:
        """What the module says: a table for a table, else an array; params go to the module by name.

        Raises:
            InvalidValue: data of another kind, or an output that is not one tensor.
        """
        import torch

        is_table = type(data).__name__ == "DataFrame"
        if not is_table and type(data).__name__ != "ndarray":
            raise InvalidValue(f"A module of PyTorch takes a table or an array, not {type(data).__name__}.")
        array = data.to_numpy(dtype="float32") if is_table else data
        with torch.no_grad():
            found = self.pytorch_model(torch.from_numpy(array).to(self.device), **(params or {}))
        if not isinstance(found, torch.Tensor):
            raise InvalidValue(f"The module gave {type(found).__name__}, not one tensor.", "Use the module itself.")
        found = found.cpu().numpy()
        if not is_table:
            return found
        import pandas as pd

        return pd.DataFrame(found, index=data.index)


def writer(
    model: Any,
    example: Any = None,
    serialization_format: str | None = None,
    pickle_module: Any = None,
    options: Mapping[str, Any] | None = None,
) -> Writer:
    """Writes a module.

    Without a format it is an exported program, where an example is given and PyTorch can export the module by it, else
    a pickle, which is told.

    Args:
        example: an array or tensor, or several of them, that the module takes.
        options: those of `torch.save`.

    Raises:
        InvalidValue: it is no module, or there is no such format.
    """
    import torch

    if not isinstance(model, torch.nn.Module):
        raise InvalidValue(f"A model of PyTorch is a torch.nn.Module, not {type(model).__name__}.")
    if serialization_format not in (None, PICKLE, PT2):
        raise InvalidValue(f"{serialization_format!r} is not a format.", f"Use {PICKLE} or {PT2}.")
    arrays = _arrays(example)

    def write(folder: Path) -> Written:
        (folder / FOLDER).mkdir()
        exported = _exported(model, arrays, folder / FOLDER, serialization_format)
        if not exported:
            _pickle(model, folder / FOLDER, pickle_module, options or {})
        callable_ = not exported or len(arrays) == 1
        return Written(
            flavor=NAME,
            entries={"model_data": FOLDER, "pytorch_version": str(torch.__version__)},
            loader_module="mlflow.pytorch" if callable_ else "",
            function_entries={
                "data": FOLDER,
                "pickle_module_name": getattr(pickle_module, "__name__", OF_MLFLOW),
                "config": {"device": None},
            },
            requirements=[pinned("torch"), pinned("cloudpickle")],
            function=(lambda: Function(model, _device_of(model))) if callable_ else None,
        )

    return write


def _arrays(example: Any) -> tuple[Any, ...]:
    """An example as tensors; empty, if it is none of them."""
    import torch

    given = example if isinstance(example, (tuple, list)) else (example,)
    if isinstance(example, tuple) and len(example) == 2 and isinstance(example[1], dict):
        given = example[:1]
    if not given or not all(isinstance(one, torch.Tensor) or type(one).__name__ == "ndarray" for one in given):
        return ()
    return tuple(one if isinstance(one, torch.Tensor) else torch.from_numpy(one) for one in given)


def _device_of(model: Any) -> Any:
    """Where a module's first weights are."""
    return next((one.device for one in model.parameters()), "cpu")


def _exported(model: Any, arrays: tuple[Any, ...], folder: Path, wanted: str | None) -> bool:
    """Whether the module was exported. Raises InvalidValue where that was asked for and cannot be."""
    if wanted == PICKLE:
        return False
    try:
        _export(model, arrays, folder / EXPORTED)
    except Exception as error:  # PyTorch raises whatever the tracing of the user's code does
        (folder / EXPORTED).unlink(missing_ok=True)
        why = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
        if wanted == PT2:
            raise InvalidValue(f"The module cannot be exported: {why}", "Use serialization_format='pickle'.") from error
        log.warning("The module was saved by cloudpickle, which runs code when it is loaded: %s", why)
        return False
    return True


def _export(model: Any, arrays: tuple[Any, ...], file: Path) -> None:
    """Export a module, with the first dimension of its inputs as large as it is later called with."""
    import torch

    if isinstance(model, torch.jit.ScriptModule):
        raise InvalidValue("A script module is saved as such.")
    if not arrays:
        raise InvalidValue("An export needs an input example of arrays or tensors.")
    # Of one row, PyTorch would conclude that there is always one.
    several = [torch.cat([one, one]) if one.dim() and one.shape[0] == 1 else one for one in arrays]
    inputs = tuple(one.to(_device_of(model)) for one in several)
    shapes = tuple({0: torch.export.Dim.AUTO} if one.dim() else None for one in inputs)
    was_training = model.training
    model.eval()
    try:
        torch.export.save(torch.export.export(model, inputs, dynamic_shapes=shapes), str(file))
    finally:
        model.train(was_training)


def _pickle(model: Any, folder: Path, pickle_module: Any, options: Mapping[str, Any]) -> None:
    import torch

    (folder / PICKLER).write_text(getattr(pickle_module, "__name__", OF_MLFLOW), encoding="utf-8")
    if isinstance(model, torch.jit.ScriptModule):
        torch.jit.save(model, str(folder / PICKLED))
    else:
        module = import_module(OURS) if pickle_module is None else pickle_module
        torch.save(model, folder / PICKLED, pickle_module=module, **options)


def load(opened: Opened, device: str | None = None, **options: Any) -> Any:
    """The module, ready to predict; options are those of `torch.load`. By pickle, this runs what the file says."""
    entries = opened.model.flavors.get(NAME, {})
    named = entries.get("model_data") or opened.model.flavors.get(PYFUNC, {}).get("data")
    folder = opened.path(named, FOLDER)
    if (folder / EXPORTED).is_file():
        return _program(folder / EXPORTED, device)
    model = _unpickled(folder / PICKLED if folder.is_dir() else folder, options)
    model.eval()
    return model if device is None else model.to(device)


def _program(file: Path, device: str | None) -> Any:
    """An exported program as a module; on a device, if one is named, with all that the program makes itself."""
    import torch

    program = torch.export.load(str(file))
    if device is not None:
        from torch.export.passes import move_to_device_pass

        program = move_to_device_pass(program, device)
    return program.module()


def _unpickled(file: Path, options: Mapping[str, Any]) -> Any:
    import torch

    try:
        name = (file.parent / PICKLER).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        name = OF_MLFLOW
    chosen = {"weights_only": False, **options}
    if "pickle_module" not in chosen:
        chosen["pickle_module"] = _pickler(name, file)
    with file.open("rb") as stream:
        if _is_script(file):
            return torch.jit.load(stream)
        return torch.load(stream, **chosen)


def _pickler(name: str, file: Path) -> Any:
    """The module that reads a pickle: one of those that do that alone, or of the model's code. Raises InvalidValue."""
    if name == OF_MLFLOW:
        return import_module(OURS)
    if name not in PICKLERS and not _is_in_code(name, file):
        raise InvalidValue(
            f"{PICKLER} names {name!r:.100}, which is no module that reads pickles, and not in the model's code.",
            "Give pickle_module= to load_model, if you know what it is.",
        )
    return import_module(name)


def _is_in_code(name: str, file: Path) -> bool:
    """Whether a module would come of the code that was saved with the model; that is where imports look first."""
    code = next((folder / "code" for folder in file.parents if (folder / FILE_NAME).is_file()), None)
    first = name.partition(".")[0]
    if code is None or not name.replace(".", "").isidentifier() or first in sys.modules:
        return False
    return (code / f"{first}.py").is_file() or (code / first / "__init__.py").is_file()


def _is_script(file: Path) -> bool:
    """Whether a file is a script module, which is known by the code in it."""
    import zipfile

    if not zipfile.is_zipfile(file):
        return False
    with zipfile.ZipFile(file) as archive:
        return any("/code/" in name for name in archive.namelist())


def load_function(opened: Opened) -> Function:
    """The module on the device that the configuration or the environment names, else on the GPU if there is one."""
    import torch

    named = (opened.config or {}).get("device") or os.environ.get("MLFLOW_DEFAULT_PREDICTION_DEVICE")
    device = str(named or ("cuda:0" if torch.cuda.is_available() else "cpu"))
    return Function(load(opened, device=device), device)


FLAVOR = Flavor(name=NAME, load=load, function=load_function, needs="torch")
