"""What it costs to import the models, and to load one as a function beside loading it by its own library.

Run with `python -m tests.benchmarks.models`; of the kinds of models, those are measured whose library is installed.
Every measurement is a process of its own, from its first line on: the library is imported in both cases.
"""

from __future__ import annotations

import os
import sys
import tempfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from tests.benchmarks.harness import Figure, calibration, report
from tests.benchmarks.scripts import measured, new_folder
from tests.models.samples import KINDS, sample

TIMES = 5

IMPORT = """
import time
start = time.perf_counter()
import runfolio.models
import runfolio.pyfunc
answer = time.perf_counter() - start
"""

# What a script does that knows the library and the file.
NATIVE = {
    "sklearn": "import skops.io; skops.io.load(folder + '/model.skops', trusted=[])",
    "xgboost-estimator": "import xgboost; xgboost.XGBClassifier().load_model(folder + '/model.ubj')",
    "lightgbm-booster": "import lightgbm; lightgbm.Booster(model_file=folder + '/model.lgb')",
    "catboost": "import catboost; catboost.CatBoostClassifier().load_model(folder + '/model.cb')",
    "onnx": "import onnxruntime; onnxruntime.InferenceSession(folder + '/model.onnx')",
    "pytorch-module": (
        "import torch, cloudpickle; "
        "torch.load(folder + '/data/model.pth', weights_only=False, pickle_module=__import__('pickle'))"
    ),
    "keras": "import keras; keras.saving.load_model(folder + '/data/model.keras')",
}

LOAD = """
import time
folder = sys.argv[1]
start = time.perf_counter()
{statement}
answer = time.perf_counter() - start
"""

FUNCTION = "import runfolio.pyfunc; runfolio.pyfunc.load_model(folder)"


def median_time(script: str, *arguments: str) -> float:
    """Milliseconds that a script takes by its own clock; the first run, with cold caches, is dropped."""
    times = [float(measured(script, new_folder(), *arguments)) for _ in range(TIMES + 1)]  # type: ignore[arg-type]
    return median(times[1:]) * 1e3


def load_figures(kind: str) -> list[Figure]:
    """Loading a model of a kind, by its library and as a function."""
    folder = Path(tempfile.mkdtemp(prefix="runfolio-benchmark-")) / "model"
    one = sample(kind)
    os.environ["RUNFOLIO_INFER_REQUIREMENTS"] = "0"
    import_module(f"runfolio.{KINDS[kind].flavor}").save_model(one.model, folder, **one.options)
    native = median_time(LOAD.format(statement=NATIVE[kind]), str(folder))
    function = median_time(LOAD.format(statement=FUNCTION), str(folder))
    return [
        Figure(f"{kind}: loaded by its library", native, "ms", None, f"median of {TIMES}"),
        Figure(f"{kind}: loaded as a function", function, "ms", None, f"median of {TIMES}"),
        Figure(f"{kind}: what that adds", function - native, "ms", 50),
    ]


def main() -> int:
    """Measure and print."""
    kinds = [kind for kind in NATIVE if all(find_spec(library) for library in KINDS[kind].needs)]
    figures = [Figure("import runfolio.models, runfolio.pyfunc", median_time(IMPORT), "ms", 100, f"median of {TIMES}")]
    for kind in kinds:
        figures += load_figures(kind)
    return report("Models", [calibration(), *figures, calibration()])


if __name__ == "__main__":
    sys.exit(main())
