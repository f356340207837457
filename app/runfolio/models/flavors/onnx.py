"""ONNX: graphs, which run no code when they are loaded, and are called by ONNX Runtime."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from runfolio.core.errors import InvalidValue
from runfolio.models.environment.requirements import pinned
from runfolio.models.flavors.flavor import Flavor, Opened, Writer, Written
from runfolio.models.mlmodel import PYFUNC

log = logging.getLogger("runfolio")

NAME = "onnx"
FILE = "model.onnx"
CPU = "CPUExecutionProvider"
PROVIDERS = ("CUDAExecutionProvider", CPU)
#: Options of a session, and what makes one of its values of what MLmodel has.
OPTIONS = ("inter_op_num_threads", "intra_op_num_threads", "execution_mode", "graph_optimization_level")
EXTRA = "extra_session_config"


class Function:
    """A graph as it is called.

    Attributes:
        rt: ONNX Runtime's session.
    """

    def __init__(self, file: Path, providers: Sequence[Any] | None, options: Mapping[str, Any] | None) -> None:
        self.rt = _session(file, providers or PROVIDERS, options or {})
        self.inputs = {one.name: one.type for one in self.rt.get_inputs()}
        self.outputs = [one.name for one in self.rt.get_outputs()]

    def get_raw_model(self) -> Any:
        """The session."""
        return self.rt

    def predict(self, data: Any, params: Any = None) -> Any:
        """The outputs by name: a table for a table, else a dictionary. Raises InvalidValue for what is no input."""
        found = self.rt.run(self.outputs, {name: self._cast(name, value) for name, value in self._feed(data).items()})
        if type(data).__name__ != "DataFrame":
            return dict(zip(self.outputs, found, strict=True))
        import numpy as np
        import pandas as pd

        columns = {name: np.asarray(value) for name, value in zip(self.outputs, found, strict=True)}
        return pd.DataFrame({name: value.reshape(-1) for name, value in columns.items()})

    def _feed(self, data: Any) -> Mapping[str, Any]:
        if isinstance(data, Mapping):
            return data
        if type(data).__name__ == "DataFrame":
            several = len(self.inputs) > 1
            return {name: (data[name] if several else data).to_numpy() for name in self.inputs}
        if len(self.inputs) != 1 or not hasattr(data, "dtype"):
            names = ", ".join(self.inputs)
            raise InvalidValue(
                f"This graph takes {names}, and was given {type(data).__name__}.",
                "Give an array for a single input, else a dictionary or a table.",
            )
        return {next(iter(self.inputs)): data}

    def _cast(self, name: str, value: Any) -> Any:
        """Wide numbers, which data have after a way through JSON, as narrow as the graph wants them."""
        narrow = self.inputs.get(name) == "tensor(float)" and str(getattr(value, "dtype", "")) == "float64"
        return value.astype("float32") if narrow else value


def _session(file: Path, providers: Sequence[Any], options: Mapping[str, Any]) -> Any:
    """A session on those of the wanted devices that are there; on the CPU, with a warning, if none can be used."""
    import onnxruntime

    given = [providers] if isinstance(providers, str) else providers
    wanted = [tuple(one) if isinstance(one, list) else one for one in given]
    known = set(onnxruntime.get_available_providers())
    usable = [one for one in wanted if (one[0] if isinstance(one, tuple) else one) in known] or [CPU]
    try:
        return onnxruntime.InferenceSession(str(file), providers=usable, sess_options=_session_options(options))
    except Exception as error:  # a device that is known and does not work: whatever its library raises
        if usable == [CPU]:
            raise InvalidValue(f"ONNX Runtime cannot load {file.name}: {error}.") from error
        log.warning("%s cannot be used, the CPU is: %s", usable, error)
        return onnxruntime.InferenceSession(str(file), providers=[CPU], sess_options=_session_options(options))


def _session_options(given: Mapping[str, Any]) -> Any:
    import onnxruntime

    found = onnxruntime.SessionOptions()
    modes = {"SEQUENTIAL": onnxruntime.ExecutionMode.ORT_SEQUENTIAL, "PARALLEL": onnxruntime.ExecutionMode.ORT_PARALLEL}
    make = {
        "execution_mode": lambda value: modes[str(value).upper()],
        "graph_optimization_level": onnxruntime.GraphOptimizationLevel,
    }
    for name in OPTIONS:
        if given.get(name) is not None:
            setattr(found, name, make.get(name, int)(given[name]))
    for key, value in (given.get(EXTRA) or {}).items():
        found.add_session_config_entry(key, str(value))
    return found


def writer(
    model: Any,
    providers: Sequence[Any] | None = None,
    options: Mapping[str, Any] | None = None,
    save_as_external_data: bool = True,
    more: Mapping[str, Any] | None = None,
) -> Writer:
    """Writes a graph; large weights go into a file of their own.

    Raises:
        InvalidValue: an option of the session is unknown.
    """
    if unknown := sorted(set(options or {}) - {*OPTIONS, EXTRA}):
        raise InvalidValue(f"ONNX Runtime's sessions have no {', '.join(unknown)}.", f"Use {', '.join(OPTIONS)}.")

    def write(folder: Path) -> Written:
        import onnx

        whole = model
        if save_as_external_data:  # which takes the weights out of the object that it is given: not out of the user's
            whole = onnx.ModelProto()
            whole.CopyFrom(model)
        onnx.save_model(whole, str(folder / FILE), save_as_external_data=save_as_external_data, **(more or {}))
        return Written(
            flavor=NAME,
            entries={
                "onnx_version": onnx.__version__,
                "data": FILE,
                "providers": [list(one) if isinstance(one, tuple) else one for one in providers or PROVIDERS],
                "onnx_session_options": None if options is None else dict(options),
            },
            loader_module="mlflow.onnx",
            function_entries={"data": FILE},
            requirements=[pinned("onnx"), pinned("onnxruntime")],
            function=lambda: Function(folder / FILE, providers, options),
        )

    return write


def load(opened: Opened) -> Any:
    """The graph, checked."""
    import onnx

    file = str(_file(opened))
    onnx.checker.check_model(file)
    return onnx.load(file)


def _file(opened: Opened) -> Path:
    entries = opened.model.flavors.get(NAME, {})
    return opened.path(entries.get("data") or opened.model.flavors.get(PYFUNC, {}).get("data"), FILE)


def load_function(opened: Opened) -> Function:
    """A session of ONNX Runtime, as MLmodel wants it."""
    entries = opened.model.flavors.get(NAME, {})
    return Function(_file(opened), entries.get("providers"), entries.get("onnx_session_options"))


FLAVOR = Flavor(name=NAME, load=load, function=load_function, needs="onnxruntime onnx")
