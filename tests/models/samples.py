"""Small models of every library that there is a flavor for, made with nothing but the library."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

TABLE = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0], "b": [4.0, 3.0, 2.0, 1.0]})
ARRAY = TABLE.to_numpy(dtype="float32")
TARGET = np.array([0, 0, 1, 1])


@dataclass(frozen=True, slots=True)
class Sample:
    """A model that was trained, and what it says.

    Attributes:
        model: the library's.
        data: what it is asked.
        answer: what it says to that, as its function gives it.
        options: arguments of `save_model`, besides.
    """

    model: Any
    data: Any
    answer: Any
    options: dict[str, Any] = field(default_factory=dict)


def classifier() -> Sample:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression().fit(TABLE, TARGET)
    return Sample(model, TABLE, model.predict(TABLE), {"input_example": TABLE})


def pickled_classifier() -> Sample:
    one = classifier()
    options = {"serialization_format": "cloudpickle", "pyfunc_predict_fn": "predict_proba"}
    return Sample(one.model, TABLE, one.model.predict_proba(TABLE), options)


def xgboost_estimator() -> Sample:
    import xgboost

    model = xgboost.XGBClassifier(n_estimators=3).fit(TABLE, TARGET)
    return Sample(model, TABLE, model.predict(TABLE), {"input_example": TABLE})


def xgboost_booster() -> Sample:
    import xgboost

    model = xgboost.train({}, xgboost.DMatrix(TABLE, TARGET), num_boost_round=3)
    return Sample(model, TABLE, model.predict(xgboost.DMatrix(TABLE)), {"model_format": "json"})


def lightgbm_estimator() -> Sample:
    import lightgbm

    model = lightgbm.LGBMRegressor(n_estimators=3, min_child_samples=1, verbose=-1).fit(TABLE, TARGET)
    return Sample(model, TABLE, model.predict(TABLE), {"input_example": TABLE})


def lightgbm_booster() -> Sample:
    import lightgbm

    params = {"min_data_in_leaf": 1, "verbose": -1}
    model = lightgbm.train(params, lightgbm.Dataset(TABLE, TARGET), 3)
    return Sample(model, TABLE, model.predict(TABLE))


def catboost_classifier() -> Sample:
    import catboost

    model = catboost.CatBoostClassifier(iterations=3, verbose=0, allow_writing_files=False).fit(TABLE, TARGET)
    return Sample(model, TABLE, model.predict(TABLE), {"input_example": TABLE})


def onnx_graph() -> Sample:
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    weights = np.array([[2.0], [1.0]], dtype="float32")
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "weights"], ["y"])],
        "sum",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 2])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, 1])],
        [numpy_helper.from_array(weights, "weights")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    return Sample(model, ARRAY, {"y": ARRAY @ weights}, {"input_example": ARRAY})


def torch_module() -> Sample:
    import torch

    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Dropout(), torch.nn.Linear(3, 1)).eval()
    return Sample(model, ARRAY, model(torch.from_numpy(ARRAY)).detach().numpy(), {"serialization_format": "pickle"})


def torch_program() -> Sample:
    one = torch_module()
    return Sample(one.model, ARRAY, one.answer, {"input_example": ARRAY[:1], "serialization_format": "pt2"})


def torch_script() -> Sample:
    import torch

    one = torch_module()
    return Sample(torch.jit.script(one.model), ARRAY, one.answer, {"serialization_format": "pickle"})


def keras_model() -> Sample:
    import keras

    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    return Sample(model, ARRAY, model.predict(ARRAY, verbose=0))


def exported_keras_model() -> Sample:
    one = keras_model()
    return Sample(one.model, ARRAY, one.answer, {"save_exported_model": True})


def tensorflow_module() -> Sample:
    import tensorflow as tf

    class Doubles(tf.Module):  # type: ignore[misc]
        @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32)])  # type: ignore[untyped-decorator]
        def __call__(self, x: Any) -> Any:
            return x * 2.0

    return Sample(Doubles(), ARRAY, ARRAY * 2, {"input_example": ARRAY})


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of models: the flavor that saves it, what must be installed, and what makes a sample."""

    flavor: str
    needs: tuple[str, ...]
    make: Callable[[], Sample]


KINDS = {
    "sklearn": Kind("sklearn", ("sklearn", "skops"), classifier),
    "sklearn-cloudpickle": Kind("sklearn", ("sklearn",), pickled_classifier),
    "xgboost-estimator": Kind("xgboost", ("xgboost",), xgboost_estimator),
    "xgboost-booster": Kind("xgboost", ("xgboost",), xgboost_booster),
    "lightgbm-estimator": Kind("lightgbm", ("lightgbm", "skops"), lightgbm_estimator),
    "lightgbm-booster": Kind("lightgbm", ("lightgbm",), lightgbm_booster),
    "catboost": Kind("catboost", ("catboost",), catboost_classifier),
    "onnx": Kind("onnx", ("onnx", "onnxruntime"), onnx_graph),
    "pytorch-module": Kind("pytorch", ("torch",), torch_module),
    "pytorch-program": Kind("pytorch", ("torch",), torch_program),
    "pytorch-script": Kind("pytorch", ("torch",), torch_script),
    "keras": Kind("keras", ("keras", "tensorflow"), keras_model),
    "keras-exported": Kind("keras", ("keras", "tensorflow"), exported_keras_model),
    "tensorflow-keras": Kind("tensorflow", ("tensorflow",), keras_model),
    "tensorflow-module": Kind("tensorflow", ("tensorflow",), tensorflow_module),
}


@cache
def sample(name: str) -> Sample:
    """The sample of a kind, made once."""
    return KINDS[name].make()


def plain(answer: Any) -> Any:
    """An answer as numbers in lists, which can be compared and written as JSON."""
    if isinstance(answer, dict):
        return {name: plain(value) for name, value in answer.items()}
    return np.asarray(answer, dtype=float).round(4).tolist()
