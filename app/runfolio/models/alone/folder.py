"""Writing the folder of a model that runs where there is no Runfolio."""

from __future__ import annotations

import json
from pathlib import Path

from runfolio.core.errors import InvalidValue
from runfolio.core.printable import Progress, quietly
from runfolio.environments.recipe import Recipe
from runfolio.models.alone.onnx_form import as_onnx
from runfolio.models.alone.script import LoadedBy, loaded_by, script
from runfolio.models.environment.for_pip import write_for_pip
from runfolio.models.environment.recipe import read_recipe
from runfolio.models.environment.requirements import pinned
from runfolio.models.exporting import export
from runfolio.models.flavors.flavor import Opened
from runfolio.models.model import Model
from runfolio.store.files import whole_folder

MODEL, SCRIPT, DOCKERFILE = "model", "predict.py", "Dockerfile"
#: What the script reads and writes tables by.
NEEDS = ("pandas>=2.2",)


def export_alone(folder: Path, target: Path, *, onnx: bool = False, progress: Progress = quietly) -> int:
    """Write a folder that is not there yet, or empty; the bytes of the model in it.

    Args:
        onnx: whether the model is written as a graph, which needs ONNX Runtime alone. It is loaded for that: the
            caller has made sure that it may be.

    Raises:
        AlreadyExists: there is something in the target.
        InvalidValue, NotFound: the model has no form that runs so.
        EnvironmentProblem, OSError: a library is missing, the disk, or a file is damaged.
    """
    if target.suffix.lower() == ".zip":
        raise InvalidValue("What runs by itself is a folder, not an archive.", "Name a new folder.")
    with whole_folder(target) as part:
        opened, recipe = Opened(folder, Model.load(folder)), read_recipe(folder)
        if onnx:
            size, by = as_onnx(opened, part / MODEL)
            recipe = Recipe(recipe.python, (pinned("onnxruntime"), "numpy"), {})
        else:
            by = loaded_by(opened)
            size = export(folder, part / MODEL, progress)
        arguments = write_for_pip(recipe, part, NEEDS, mlflow=False)
        (part / SCRIPT).write_text(script(opened.model.get_input_schema(), by), encoding="utf-8")
        files = sorted(one.name for one in part.iterdir() if one.is_file() and one.name != SCRIPT)
        (part / DOCKERFILE).write_text(_dockerfile(recipe.minor, arguments, files, by), encoding="utf-8")
    return size


def _dockerfile(python: str, arguments: str, files: list[str], by: LoadedBy) -> str:
    lines = [
        '# docker build -t NAME . && docker run --rm -v "$PWD":/data NAME /data/rows.csv /data/predictions.csv',
        f"FROM python:{python}-slim",
        *(
            # LightGBM looks for it, and the slim image has it not.
            ["RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/*"]
            if by.library == "lightgbm"
            else []
        ),
        "RUN useradd --create-home --uid 1000 model",
        "WORKDIR /opt/model",
        f"COPY {' '.join(files)} ./",
        f"RUN pip install --no-cache-dir {arguments}",
        f"COPY --chown=model:model {MODEL} ./{MODEL}",
        f"COPY --chown=model:model {SCRIPT} ./",
        "USER model",
        f"ENTRYPOINT {json.dumps(['python', f'/opt/model/{SCRIPT}'])}",
    ]
    return "".join(f"{line}\n" for line in lines)
