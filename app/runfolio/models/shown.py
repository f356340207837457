"""The signature that an input example and the model's answer to it show."""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from runfolio.models.flavors.flavor import Written
from runfolio.models.input_example import split_params
from runfolio.models.pyfunc.calls import call

if TYPE_CHECKING:
    from runfolio.models.schema.signature import ModelSignature

log = logging.getLogger("runfolio")


def shown_signature(written: Written, example: Any) -> ModelSignature | None:
    """The signature of an input example; None, with a warning, if the model cannot answer it: it is a model still."""
    try:
        predict = None if written.function is None else getattr(written.function(), written.predict_fn)
        return _signature(*split_params(example), predict)
    except Exception as error:  # the model's own, of any kind
        log.warning("No signature could be inferred from the input example: %s: %s.", type(error).__name__, error)
        return None


def signature_of(data: Any, predict: Callable[[Any], Any]) -> ModelSignature:
    """The signature of data and what answers them. Raises what that raises."""
    return _signature(data, None, predict)


def with_params(signature: ModelSignature, example: Any) -> ModelSignature:
    """A signature with the parameters that an example has beside its data."""
    from runfolio.models.schema.infer import infer_params
    from runfolio.models.schema.signature import ModelSignature

    params = split_params(example)[1]
    return ModelSignature(signature.inputs, signature.outputs, infer_params(params) if params else None)


def _signature(data: Any, params: Mapping[str, Any] | None, predict: Callable[..., Any] | None) -> ModelSignature:
    from runfolio.models.schema.enforce import enforce_input
    from runfolio.models.schema.signature import ModelSignature, infer_signature

    given = infer_signature(data, None, params)
    if predict is None or given.inputs is None:
        return given
    # As predictions will be: the data checked, and the user's own left alone.
    output = call(predict, enforce_input(copy.deepcopy(data), given.inputs), params)
    if type(output).__name__ == "ndarray" and output.ndim == 1 and not given.inputs.is_tensor_spec():
        import pandas as pd

        output = pd.Series(output)  # one answer a row
    return ModelSignature(given.inputs, infer_signature(None, output).outputs, given.params)
