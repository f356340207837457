"""Keras 3: models as `.keras`, or exported for TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runfolio.core.errors import InvalidValue
from runfolio.models.environment.requirements import pinned
from runfolio.models.flavors.flavor import Flavor, Opened, Writer, Written
from runfolio.models.flavors.keras_function import KerasFunction

NAME = "keras"
FOLDER, MODULE, FILE = "data", "keras_module.txt", "model"
EXPORTED = "save_exported_model"


def writer(model: Any, save_exported_model: bool = False, options: Mapping[str, Any] | None = None) -> Writer:
    """Writes a model; options are those of its own `save`. Raises InvalidValue for what is no model."""
    import keras

    if not isinstance(model, keras.Model):
        raise InvalidValue(f"A model of Keras is a keras.Model, not {type(model).__name__}.")

    def write(folder: Path) -> Written:
        place = folder / FOLDER
        place.mkdir()
        (place / MODULE).write_text("keras", encoding="utf-8")
        if save_exported_model:
            model.export(str(place / FILE), verbose=False)
        else:
            model.save(place / f"{FILE}.keras", **(options or {}))
        return Written(
            flavor=NAME,
            entries={
                "data": FOLDER,
                "keras_version": keras.__version__,
                "keras_backend": keras.backend.backend(),
                EXPORTED: save_exported_model,
            },
            loader_module="mlflow.keras",
            # What it computes with, without which it cannot be imported.
            requirements=[pinned("keras"), pinned(keras.backend.backend())],
            function=lambda: KerasFunction(model),
            takes_code=False,
        )

    return write


def load(
    opened: Opened, custom_objects: Mapping[str, Any] | None = None, load_model_kwargs: Mapping[str, Any] | None = None
) -> Any:
    """The model of Keras, or the SavedModel of one that was exported."""
    entries = opened.entries(NAME)
    if EXPORTED not in entries:  # written by MLflow's flavor of TensorFlow, before 2.0
        from runfolio.models.flavors import tensorflow

        return tensorflow.load_keras(opened, entries, {"custom_objects": custom_objects, **(load_model_kwargs or {})})
    place = opened.path(entries.get("data"), FOLDER)
    if entries[EXPORTED]:
        import tensorflow as tf

        return tf.saved_model.load(str(place / FILE))
    import keras

    return keras.saving.load_model(
        opened.path(None, f"{place.relative_to(opened.folder)}/{FILE}.keras"),
        custom_objects=custom_objects,
        **(load_model_kwargs or {}),
    )


def load_function(opened: Opened) -> KerasFunction:
    """The model as it is called."""
    return KerasFunction(load(opened), "serve" if opened.entries(NAME).get(EXPORTED) else "predict")


FLAVOR = Flavor(name=NAME, load=load, function=load_function, needs="keras")
