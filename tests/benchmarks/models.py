"""What it costs to import the models, and to load one as a function beside loading it by its own library.

Run with `python -m tests.benchmarks.models`; of the kinds of models, those are measured whose library is installed.
Every measurement is a process of its own, and takes the processor's time, so that a busy machine does not count.
"""

from __future__ import annotations

import sys
import tempfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from runfolio.models.environment.requirements import pinned
from tests.benchmarks.harness import Figure, calibration, report
from tests.benchmarks.scripts import measured, new_folder
from tests.models.samples import KINDS, sample

TIMES = 5
# Whose versions are compared when the model is loaded, as those of every model are.
REQUIRED = [pinned(package) for package in ("numpy", "pandas", "pyyaml")]

IMPORT = """
import time
start = time.process_time()
import runfolio.models
import runfolio.pyfunc
answer = {"import": time.process_time() - start}
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

# Once before, so that what is measured is the loading alone; what Runfolio imports for it is measured with it.
LOAD = """
import time
folder = sys.argv[1]
{native}
start = time.process_time()
{native}
native = time.process_time() - start
start = time.process_time()
import runfolio.pyfunc
runfolio.pyfunc.load_model(folder)
answer = {{"native": native, "function": time.process_time() - start}}
"""


def load_figures(kind: str) -> list[Figure]:
    """Loading a model of a kind, by its library and as a function."""
    folder = Path(tempfile.mkdtemp(prefix="runfolio-benchmark-")) / "model"
    one = sample(kind)
    import_module(f"runfolio.{KINDS[kind].flavor}").save_model(
        one.model, folder, **one.options, pip_requirements=REQUIRED
    )
    script = LOAD.format(native=NATIVE[kind])
    answers = [measured(script, new_folder(), str(folder)) for _ in range(TIMES + 1)][1:]
    native, function = (median(one[what] for one in answers) * 1e3 for what in ("native", "function"))
    return [
        Figure(f"{kind}: loaded by its library", native, "ms", None, f"median of {TIMES}"),
        Figure(f"{kind}: loaded as a function", function, "ms", None, "with what that imports"),
        Figure(f"{kind}: what that adds", function - native, "ms", 50),
    ]


def main() -> int:
    """Measure and print."""
    kinds = [kind for kind in NATIVE if all(find_spec(library) for library in KINDS[kind].needs)]
    imported = median([measured(IMPORT, new_folder())["import"] for _ in range(TIMES + 1)][1:]) * 1e3
    figures = [Figure("import runfolio.models, runfolio.pyfunc", imported, "ms", 100, f"median of {TIMES}")]
    for kind in kinds:
        figures += load_figures(kind)
    return report("Models", [calibration(), *figures, calibration()])


if __name__ == "__main__":
    sys.exit(main())
