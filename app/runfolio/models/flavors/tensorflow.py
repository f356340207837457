"""TensorFlow: models of Keras with custom objects, and modules as SavedModel."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from runfolio.core.errors import InvalidValue
from runfolio.models.environment.requirements import pinned
from runfolio.models.flavors.flavor import Flavor, Opened, Writer, Written
from runfolio.models.flavors.keras_function import KerasFunction

NAME = "tensorflow"
FOLDER, MODULE, FORMAT, FILE = "data", "keras_module.txt", "save_format.txt", "model"
CUSTOM, GLOBAL_CUSTOM = "custom_objects.cloudpickle", "global_custom_objects.cloudpickle"
SAVED_MODEL = "tf2model"
KERAS, MODULE_OF_2, ESTIMATOR_OF_1 = "keras", "tf2-module", "tf1-estimator"


class ModuleFunction:
    """A module of TensorFlow 2 as it is called."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def get_raw_model(self) -> Any:
        """The module."""
        return self.model

    def predict(self, data: Any, params: Any = None) -> Any:
        """What the module says of an array or a list. Raises InvalidValue for data of another kind."""
        import tensorflow as tf

        if type(data).__name__ != "ndarray" and not isinstance(data, list):
            raise InvalidValue(f"A module of TensorFlow takes an array or a list, not {type(data).__name__}.")
        found = self.model(tf.convert_to_tensor(data))
        return found.numpy() if isinstance(found, tf.Tensor) else found


class SignatureFunction:
    """A signature of a SavedModel of TensorFlow 1, with inputs and outputs by name."""

    def __init__(self, model: Any, infer: Any) -> None:
        self.model, self.infer = model, infer  # the function alone would lose the variables

    def get_raw_model(self) -> Any:
        """The SavedModel."""
        return self.model

    def predict(self, data: Any, params: Any = None) -> Any:
        """The outputs by name: a table for a table, else a dictionary."""
        import numpy as np
        import tensorflow as tf

        is_table = type(data).__name__ == "DataFrame"
        feed = {name: np.asarray(data[name].to_list()) for name in data} if is_table else data
        found = self.infer(**{name: tf.constant(value) for name, value in feed.items()})
        columns = {name: _flat(value.numpy()) for name, value in found.items()}
        if not is_table:
            return columns
        import pandas as pd

        return pd.DataFrame({name: list(value) for name, value in columns.items()})


def _flat(array: Any) -> Any:
    """A column of one, as a list of numbers."""
    return array.ravel() if array.ndim == 2 and array.shape[1] == 1 else array


def writer(
    model: Any,
    custom_objects: Mapping[str, Any] | None = None,
    saved_model_kwargs: Mapping[str, Any] | None = None,
    keras_model_kwargs: Mapping[str, Any] | None = None,
) -> Writer:
    """Writes a model of Keras, or a module of TensorFlow as SavedModel. Raises InvalidValue for anything else."""
    import tensorflow as tf

    if not isinstance(model, (tf.Module, tf.keras.Model)):
        raise InvalidValue(f"A model of TensorFlow is a tf.Module or a model of Keras, not {type(model).__name__}.")

    def write(folder: Path) -> Written:
        if isinstance(model, tf.keras.Model):
            return _write_keras(model, folder, custom_objects, dict(keras_model_kwargs or {}))
        tf.saved_model.save(model, str(folder / SAVED_MODEL), **(saved_model_kwargs or {}))
        return Written(
            flavor=NAME,
            entries={"saved_model_dir": SAVED_MODEL, "model_type": MODULE_OF_2},
            loader_module="mlflow.tensorflow",
            requirements=[pinned("tensorflow")],
            function=lambda: ModuleFunction(model),
        )

    return write


def _write_keras(
    model: Any, folder: Path, custom_objects: Mapping[str, Any] | None, options: dict[str, Any]
) -> Written:
    import tensorflow as tf

    place, form = folder / FOLDER, options.get("save_format", "tf")
    place.mkdir()
    (place / MODULE).write_text("tensorflow.keras", encoding="utf-8")
    (place / FORMAT).write_text(form, encoding="utf-8")
    needs = [pinned("tensorflow")]
    if custom_objects:
        import cloudpickle

        (place / CUSTOM).write_bytes(cloudpickle.dumps(dict(custom_objects)))
        needs.append(pinned("cloudpickle"))
    ending = ".h5" if form == "h5" else ".keras"
    model.save(place / f"{FILE}{ending}", **{key: value for key, value in options.items() if key != "save_format"})
    return Written(
        flavor=NAME,
        entries={"data": FOLDER, "model_type": KERAS, "keras_version": tf.__version__, "save_format": form},
        loader_module="mlflow.tensorflow",
        function_entries={"data": FOLDER},
        requirements=needs,
        function=lambda: KerasFunction(model),
    )


def load(
    opened: Opened,
    saved_model_kwargs: Mapping[str, Any] | None = None,
    keras_model_kwargs: Mapping[str, Any] | None = None,
) -> Any:
    """The model of Keras, the module, or the signature of an old SavedModel. Raises InvalidValue."""
    import tensorflow as tf

    entries, kind = _entries(opened), _kind(opened)
    if kind == KERAS:
        return load_keras(opened, entries, keras_model_kwargs or {})
    folder = str(opened.path(entries["saved_model_dir"]))
    if kind == ESTIMATOR_OF_1:
        return tf.saved_model.load(folder, tags=entries["meta_graph_tags"]).signatures[entries["signature_def_key"]]
    return tf.saved_model.load(folder, **(saved_model_kwargs or {}))


def _entries(opened: Opened) -> Mapping[str, Any]:
    """What MLmodel says; MLflow before 2.0 called models of Keras by another name."""
    return opened.entries(KERAS if KERAS in opened.model.flavors else NAME)


def _kind(opened: Opened) -> str:
    otherwise = KERAS if KERAS in opened.model.flavors else ESTIMATOR_OF_1
    kind = str(_entries(opened).get("model_type", otherwise))
    if kind not in (KERAS, MODULE_OF_2, ESTIMATOR_OF_1):
        raise InvalidValue(f"{kind!r}, which the MLmodel file names, is no kind of models of TensorFlow.")
    return kind


def load_keras(opened: Opened, entries: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
    """A model of Keras in a folder that MLflow's flavor of TensorFlow wrote, of any version."""
    place = opened.path(entries.get("data"), FOLDER, FILE)
    endings = ("", ".keras", ".h5") if place.is_file() else (f"/{FILE}.keras", f"/{FILE}.h5", f"/{FILE}")
    file = opened.path(None, *(f"{place.relative_to(opened.folder)}{ending}" for ending in endings))
    custom: dict[str, Any] = {}
    for name in (GLOBAL_CUSTOM, CUSTOM):
        if place.is_dir() and (place / name).is_file():
            import cloudpickle

            custom |= cloudpickle.loads((place / name).read_bytes())
    given = dict(options)
    custom |= given.pop("custom_objects", None) or {}
    return import_module(_keras_module(place)).models.load_model(file, custom_objects=custom, **given)


def _keras_module(place: Path) -> str:
    """The Keras that wrote it: that of TensorFlow, or the one beside it."""
    try:
        named = (place / MODULE).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        named = ""
    return "keras" if named == "keras" else "tensorflow.keras"


def load_function(opened: Opened) -> Any:
    """The model as it is called."""
    import tensorflow as tf

    kind, entries = _kind(opened), _entries(opened)
    if kind == KERAS:
        form = entries.get("save_format", "h5")
        return KerasFunction(load_keras(opened, entries, {"compile": form == "tf"}))
    model = tf.saved_model.load(str(opened.path(entries["saved_model_dir"])), tags=entries.get("meta_graph_tags"))
    if kind == ESTIMATOR_OF_1:
        return SignatureFunction(model, model.signatures[entries["signature_def_key"]])
    return ModuleFunction(model)


FLAVOR = Flavor(name=NAME, load=load, function=load_function, needs="tensorflow")
