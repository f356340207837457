"""Every flavor with its real library: saved, loaded as the library's own and as a function, and logged."""

from __future__ import annotations

import logging
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import runfolio
from runfolio.core.errors import InvalidValue
from runfolio.models import Model
from tests.models import samples
from tests.models.samples import ARRAY, KINDS, TABLE, Sample, plain, sample

# Libraries warn of what they will do some day, as warnings of Python, and TensorFlow leaves a thread of its own.
pytestmark = [pytest.mark.filterwarnings("ignore")]


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """The name of a kind of models whose library is installed."""
    for library in KINDS[request.param].needs:
        pytest.importorskip(library, exc_type=ImportError)
    return str(request.param)


def facade(kind: str) -> Any:
    return import_module(f"runfolio.{KINDS[kind].flavor}")


def saved(kind: str, folder: Path) -> Sample:
    """Save a sample of a kind into a folder."""
    one = sample(kind)
    facade(kind).save_model(one.model, folder, **one.options)
    return one


def test_a_model_that_was_saved_says_the_same(kind: str, tmp_path: Path) -> None:
    one = saved(kind, tmp_path / "model")
    function = runfolio.pyfunc.load_model(tmp_path / "model")
    assert plain(function.predict(one.data)) == plain(one.answer)
    assert function.get_raw_model() is not None
    assert function.loader_module == f"mlflow.{KINDS[kind].flavor}"
    model = Model.load(tmp_path / "model")
    assert set(model.flavors) == {"python_function", KINDS[kind].flavor}
    assert model.model_size_bytes


def test_the_librarys_own_model_is_loaded(kind: str, tmp_path: Path) -> None:
    saved(kind, tmp_path / "model")
    loaded = facade(kind).load_model(tmp_path / "model")
    exported = ("pytorch-program", "pytorch-script", "keras-exported", "tensorflow-module")
    if kind not in exported:
        assert type(loaded) is type(sample(kind).model)
    assert facade(kind).load_model(str(tmp_path / "model"), dst_path=str(tmp_path / "copy")) is not None
    assert (tmp_path / "copy" / "model" / "MLmodel").is_file()


def test_a_model_that_was_logged_is_loaded_by_its_address(kind: str, logging_to: Path) -> None:
    one = sample(kind)
    with runfolio.start_run():
        info = facade(kind).log_model(one.model, name="model", **one.options)
    assert plain(runfolio.pyfunc.load_model(info.model_uri).predict(one.data)) == plain(one.answer)
    assert info.flavors[KINDS[kind].flavor]


def test_an_input_example_shows_the_signature(kind: str, tmp_path: Path) -> None:
    one = sample(kind)
    if KINDS[kind].flavor == "keras" or "serialization_format" in one.options:
        pytest.skip("saved without an example")
    facade(kind).save_model(one.model, tmp_path / "model", **{**one.options, "input_example": one.data})
    signature = Model.load(tmp_path / "model").signature
    assert signature is not None and signature.inputs is not None and signature.outputs is not None
    assert len(signature.inputs) == (2 if one.data is TABLE else 1)


@pytest.mark.parametrize(
    ("flavor", "library", "says"),
    [
        ("catboost", "catboost", "is a CatBoost, not Stranger"),
        ("keras", "keras", "not Stranger"),
        ("lightgbm", "lightgbm", "of its own, not Stranger"),
        ("pytorch", "torch", r"torch\.nn\.Module"),
        ("tensorflow", "tensorflow", "not Stranger"),
        ("xgboost", "xgboost", "of its own, not Stranger"),
    ],
)
def test_what_is_no_model_of_a_library_is_refused(tmp_path: Path, flavor: str, library: str, says: str) -> None:
    pytest.importorskip(library, exc_type=ImportError)

    class Stranger:
        def save_model(self, *given: Any, **more: Any) -> None:
            raise AssertionError("it is not even asked")

    with pytest.raises(InvalidValue, match=says):
        import_module(f"runfolio.{flavor}").save_model(Stranger(), tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_a_class_derived_from_one_of_catboosts_is_loaded_as_that_one(tmp_path: Path) -> None:
    catboost = pytest.importorskip("catboost", exc_type=ImportError)

    class Own(catboost.CatBoostClassifier):  # type: ignore[misc, name-defined]
        pass

    one = sample("catboost")
    model = Own(iterations=3, verbose=0, allow_writing_files=False).fit(TABLE, samples.TARGET)
    runfolio.catboost.save_model(model, tmp_path / "model")
    loaded = runfolio.catboost.load_model(tmp_path / "model")
    assert type(loaded) is catboost.CatBoostClassifier and plain(loaded.predict(one.data)) == plain(one.answer)


def test_an_exported_program_goes_to_the_device_that_is_named(tmp_path: Path) -> None:
    """`meta` is a device of every machine: it has shapes, and no numbers."""
    pytest.importorskip("torch", exc_type=ImportError)
    saved("pytorch-program", tmp_path / "model")
    loaded = runfolio.pytorch.load_model(tmp_path / "model", device="meta")
    assert {str(one.device) for one in loaded.parameters()} == {"meta"}
    on_cpu = runfolio.pytorch.load_model(tmp_path / "model")
    assert {str(one.device) for one in on_cpu.parameters()} == {"cpu"}


def test_a_module_that_cannot_be_exported_is_pickled_and_that_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    torch = pytest.importorskip("torch", exc_type=ImportError)

    class Fickle(torch.nn.Module):  # type: ignore[misc, name-defined]
        def forward(self, x: Any) -> Any:
            return x * 2 if x.sum() > 0 else x

    with caplog.at_level(logging.WARNING):
        runfolio.pytorch.save_model(Fickle(), tmp_path / "model", input_example=ARRAY)
    assert "runs code when it is loaded" in caplog.text
    assert (tmp_path / "model" / "data" / "model.pth").is_file()
    assert plain(runfolio.pyfunc.load_model(tmp_path / "model").predict(ARRAY)) == plain(ARRAY * 2)
    with pytest.raises(InvalidValue, match="cannot be exported"):
        runfolio.pytorch.save_model(Fickle(), tmp_path / "no", input_example=ARRAY, serialization_format="pt2")


def test_an_exported_program_takes_as_many_rows_as_one_likes(tmp_path: Path) -> None:
    pytest.importorskip("torch", exc_type=ImportError)
    saved("pytorch-program", tmp_path / "model")
    model = runfolio.pyfunc.load_model(tmp_path / "model")
    assert model.predict(ARRAY[:1]).shape == (1, 1)
    assert model.predict(ARRAY[:3]).shape == (3, 1)


def test_a_module_answers_a_table_with_a_table(tmp_path: Path) -> None:
    pytest.importorskip("torch", exc_type=ImportError)
    one = saved("pytorch-module", tmp_path / "model")
    answer = runfolio.pyfunc.load_model(tmp_path / "model").predict(TABLE.set_index(TABLE.index + 10))
    assert list(answer.index) == [10, 11, 12, 13]
    assert plain(answer) == plain(one.answer)


def test_a_graph_with_large_weights_is_left_whole(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    pytest.importorskip("onnxruntime")
    import numpy as np
    from onnx import TensorProto, helper, numpy_helper

    weights = np.ones((2, 4000), dtype="float32")
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "weights"], ["y"])],
        "wide",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 2])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, 4000])],
        [numpy_helper.from_array(weights, "weights")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    before = model.SerializeToString()
    runfolio.onnx.save_model(model, tmp_path / "model")
    assert model.SerializeToString() == before
    assert (tmp_path / "model" / "model.onnx").stat().st_size < weights.nbytes, "they are in a file of their own"
    (answer,) = runfolio.pyfunc.load_model(tmp_path / "model").predict(ARRAY).values()
    assert answer.shape == (4, 4000)
    assert onnx.numpy_helper.to_array(runfolio.onnx.load_model(tmp_path / "model").graph.initializer[0]).sum() == 8000


def test_options_of_a_session_that_do_not_exist_are_refused(tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    with pytest.raises(InvalidValue, match="have no speed"):
        runfolio.onnx.save_model(samples.onnx_graph().model, tmp_path / "m", onnx_session_options={"speed": 3})


def test_a_class_that_is_no_model_is_not_made(tmp_path: Path) -> None:
    pytest.importorskip("xgboost")
    saved("xgboost-booster", tmp_path / "model")
    model = Model.load(tmp_path / "model")
    model.flavors["xgboost"]["model_class"] = "os.abort"
    model.save(tmp_path / "model" / "MLmodel")
    with pytest.raises(InvalidValue, match="no class of models"):
        runfolio.xgboost.load_model(tmp_path / "model")


def test_an_estimator_that_skops_does_not_know_is_pickled_and_that_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sklearn.preprocessing import FunctionTransformer

    monkeypatch.setattr("runfolio.models.flavors.sklearn._told", set())
    with caplog.at_level(logging.WARNING):
        for name in ("model", "again"):
            runfolio.sklearn.save_model(FunctionTransformer(lambda x: x * 2), tmp_path / name)
    assert caplog.text.count("saved by cloudpickle") == 1  # of each type once
    # It cannot predict, and so is no function.
    assert set(Model.load(tmp_path / "model").flavors) == {"sklearn"}
    assert plain(runfolio.sklearn.load_model(tmp_path / "model").transform(ARRAY)) == plain(ARRAY * 2)
