"""Models of Keras as they are called, whichever library wrote them."""

from __future__ import annotations

from typing import Any

from runfolio.core.errors import InvalidValue


class KerasFunction:
    """A model of Keras as it is called: with a table, an array, or several arrays."""

    def __init__(self, model: Any, method: str = "predict") -> None:
        self.keras_model, self._method = model, method

    def get_raw_model(self) -> Any:
        """The model."""
        return self.keras_model

    def predict(self, data: Any, params: Any = None) -> Any:
        """What the model predicts: a table for a table, else arrays. Raises InvalidValue for data of another kind."""
        if type(data).__name__ == "DataFrame":
            import pandas as pd

            return pd.DataFrame(self._call(data.to_numpy()), index=data.index)
        if not isinstance(data, (list, tuple, dict)) and type(data).__name__ != "ndarray":
            raise InvalidValue(f"A model of Keras takes a table or arrays, not {type(data).__name__}.")
        return self._call(data)

    def _call(self, data: Any) -> Any:
        if self._method == "predict":
            return self.keras_model.predict(data, verbose=0)
        found = getattr(self.keras_model, self._method)(data)
        return found.numpy() if hasattr(found, "numpy") else found
