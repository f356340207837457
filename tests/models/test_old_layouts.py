"""Folders as older versions of MLflow wrote them: the same payload, other names and entries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest
import yaml

import runfolio
from runfolio.models import Model
from tests.models.samples import KINDS, plain, sample

pytestmark = pytest.mark.filterwarnings("ignore")

FUNCTION = "python_function"


@dataclass(frozen=True, slots=True)
class Layout:
    """A folder of an older version.

    Attributes:
        kind: of which models.
        entries: the MLmodel file of that version, as YAML.
        moves: where that version had the files that are named otherwise today; "" for those it had not.
    """

    kind: str
    entries: str
    moves: tuple[tuple[str, str], ...] = ()


LAYOUTS = {
    "sklearn of 1.0": Layout(
        "sklearn-cloudpickle",
        """
        flavors:
          python_function: {data: model.pkl, env: conda.yaml, loader_module: mlflow.sklearn,
                            predict_fn: predict_proba, python_version: 3.6.9}
          sklearn: {pickled_model: model.pkl, serialization_format: cloudpickle, sklearn_version: 0.19.1}
        """,
    ),
    "sklearn of 1.30": Layout(
        "sklearn-cloudpickle",
        """
        flavors:
          python_function: {env: conda.yaml, loader_module: mlflow.sklearn, model_path: model.pkl,
                            predict_fn: predict_proba, python_version: 3.8.13}
          sklearn: {code: null, pickled_model: model.pkl, serialization_format: cloudpickle, sklearn_version: 1.1.3}
        mlflow_version: 1.30.1
        model_uuid: be2f7032dabb4c179e335ef5888cf7f4
        """,
    ),
    "sklearn without its own flavor": Layout(
        "sklearn-cloudpickle",
        """
        flavors:
          python_function: {loader_module: mlflow.sklearn, model_path: model.pkl, predict_fn: predict_proba}
        """,
    ),
    "xgboost of 1.10": Layout(
        "xgboost-booster",
        """
        flavors:
          python_function: {data: model.json, env: conda.yaml, loader_module: mlflow.xgboost, python_version: 3.7.9}
          xgboost: {data: model.json, xgb_version: 1.2.0}
        """,
    ),
    "xgboost of 2.22": Layout(
        "xgboost-estimator",
        """
        flavors:
          python_function: {data: model.xgb, loader_module: mlflow.xgboost, python_version: 3.9.18,
                            env: {conda: conda.yaml, virtualenv: python_env.yaml}}
          xgboost: {code: null, data: model.xgb, model_class: xgboost.sklearn.XGBClassifier, model_format: xgb,
                    xgb_version: 2.1.0}
        mlflow_version: 2.22.0
        model_size_bytes: 2000
        """,
        (("model.ubj", "model.xgb"),),
    ),
    "lightgbm of 1.30": Layout(
        "lightgbm-booster",
        """
        flavors:
          lightgbm: {code: null, data: model.lgb, lgb_version: 3.3.3, model_class: lightgbm.basic.Booster}
          python_function: {data: model.lgb, env: conda.yaml, loader_module: mlflow.lightgbm}
        """,
    ),
    "lightgbm before 1.23": Layout(
        "lightgbm-booster",
        """
        flavors:
          lightgbm: {data: model.lgb, lgb_version: 2.3.0}
          python_function: {data: model.lgb, env: conda.yaml, loader_module: mlflow.lightgbm}
        """,
    ),
    "catboost of 1.30": Layout(
        "catboost",
        """
        flavors:
          catboost: {catboost_version: 1.0.6, code: null, data: model.cb, model_type: CatBoostClassifier,
                     save_format: cbm}
          python_function: {data: model.cb, env: conda.yaml, loader_module: mlflow.catboost}
        """,
    ),
    "onnx of 1.20": Layout(
        "onnx",
        """
        flavors:
          onnx: {data: model.onnx, onnx_version: 1.9.0}
          python_function: {data: model.onnx, env: conda.yaml, loader_module: mlflow.onnx}
        """,
    ),
    "pytorch of 1.8": Layout(
        "pytorch-module",
        """
        flavors:
          python_function: {data: data, env: conda.yaml, loader_module: mlflow.pytorch,
                            pickle_module_name: mlflow.pytorch.pickle_module}
          pytorch: {model_data: data, pytorch_version: 1.4.0}
        """,
    ),
    "keras of 1.9": Layout(
        "tensorflow-keras",
        """
        flavors:
          keras: {data: data, keras_module: tensorflow.keras, keras_version: 2.4.0, save_format: tf}
          python_function: {data: data, env: conda.yaml, loader_module: mlflow.keras}
        """,
        (("data/save_format.txt", ""),),
    ),
    "keras of 2.10": Layout(
        "tensorflow-keras",
        """
        flavors:
          python_function: {data: data, loader_module: mlflow.tensorflow,
                            env: {conda: conda.yaml, virtualenv: python_env.yaml}}
          tensorflow: {code: null, data: data, keras_version: 2.15.0, model_type: keras, save_format: tf}
        """,
    ),
    "tensorflow of 2.0": Layout(
        "tensorflow-module",
        """
        flavors:
          python_function: {loader_module: mlflow.tensorflow, env: {conda: conda.yaml, virtualenv: python_env.yaml}}
          tensorflow: {code: null, model_type: tf2-module, saved_model_dir: tf2model}
        """,
    ),
}


@pytest.fixture(params=LAYOUTS)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Layout]:
    """A folder of an old layout."""
    layout = LAYOUTS[request.param]
    kind = KINDS[layout.kind]
    for library in kind.needs:
        pytest.importorskip(library, exc_type=ImportError)
    one, folder = sample(layout.kind), tmp_path / "model"
    options = {name: value for name, value in one.options.items() if name != "input_example"}
    import_module(f"runfolio.{kind.flavor}").save_model(one.model, folder, **options, pip_requirements=[])
    for before, after in layout.moves:
        _move(folder, before, after)
    (folder / "MLmodel").write_text(yaml.safe_dump(yaml.safe_load(layout.entries)))
    return folder, layout


def _move(folder: Path, before: str, after: str) -> None:
    if after:
        (folder / before).rename(folder / after)
    else:
        (folder / before).unlink()


def test_an_old_model_says_what_it_said(old: tuple[Path, Layout]) -> None:
    folder, layout = old
    one = sample(layout.kind)
    assert plain(runfolio.pyfunc.load_model(folder).predict(one.data)) == plain(one.answer)


def test_the_librarys_own_model_is_loaded_of_an_old_folder(old: tuple[Path, Layout]) -> None:
    folder, _ = old
    flavor = next((name for name in Model.load(folder).flavors if name != FUNCTION), None)
    if flavor is None:
        pytest.skip("it has none")
    load: Callable[..., object] = import_module(f"runfolio.{flavor}").load_model
    assert load(folder) is not None
