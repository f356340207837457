"""Models of scikit-learn as ONNX graphs, by skl2onnx: numbers of 32 bits in, predictions out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from runfolio.core.errors import InvalidValue
from runfolio.models.alone.script import LoadedBy, of_graph
from runfolio.models.flavors import sklearn
from runfolio.models.flavors.flavor import Opened, missing
from runfolio.models.schema.data_type import DataType

FILE = "model.onnx"
_NUMBERS = (DataType.double, DataType.float, DataType.long, DataType.integer)


def as_onnx(opened: Opened, target: Path) -> tuple[int, LoadedBy]:
    """Write the graph into a new folder; its bytes, and how it is loaded.

    Raises:
        InvalidValue: the model is of another library, takes more than numbers, or skl2onnx cannot convert it.
        EnvironmentProblem: skl2onnx is not installed.
    """
    if sklearn.NAME not in opened.model.flavors:
        raise InvalidValue("Models of scikit-learn alone are converted to ONNX.", "Export it without --onnx.")
    width = _width(opened)
    try:
        import skl2onnx
        from skl2onnx.common.data_types import FloatTensorType
    except ModuleNotFoundError as error:
        raise missing(error, "skl2onnx") from error
    model = sklearn.load(opened)
    options: dict[Any, Any] = {id(model): {"zipmap": False}} if hasattr(model, "predict_proba") else {}
    try:
        graph = skl2onnx.convert_sklearn(
            model, initial_types=[("rows", FloatTensorType([None, width]))], options=options
        )
    except Exception as error:  # whatever a converter of one estimator raises
        raise InvalidValue(f"skl2onnx cannot convert the model: {error}", "Export it without --onnx.") from error
    target.mkdir(parents=True)
    size = (target / FILE).write_bytes(graph.SerializeToString())
    return size, of_graph(FILE)


def _width(opened: Opened) -> int:
    """How many numbers a row has."""
    schema = opened.model.get_input_schema()
    hint = "Save the model with a signature, or export it without --onnx."
    if schema is None:
        raise InvalidValue("The model has no signature, which says what a graph of it takes.", hint)
    if schema.is_tensor_spec():
        shape = schema.inputs[0].shape
        if len(schema.inputs) == 1 and len(shape) == 2 and shape[1] > 0:
            return int(shape[1])
    elif all(getattr(one, "type", None) in _NUMBERS for one in schema.inputs):
        return len(schema.inputs)
    raise InvalidValue("A graph is made of models that take rows of numbers alone.", hint)
