"""What docker builds an image of a served model from: the model, what serves it, and what pip installs for both."""

from __future__ import annotations

import shutil
from pathlib import Path

from runfolio.core.errors import EnvironmentProblem, InvalidValue
from runfolio.core.printable import Progress, quietly
from runfolio.environments.recipe import Recipe
from runfolio.models.environment.for_pip import write_for_pip
from runfolio.models.environment.recipe import read_recipe
from runfolio.models.exporting import export
from runfolio.models.safety.code_risk import judge
from runfolio.serving.packing.dockerfile import written
from runfolio.store.files import whole_folder

#: What the server itself needs of the package's dependencies; a test holds it to pyproject.toml.
NEEDS = ("PyYAML>=6.0.2", "numpy>=1.26", "pandas>=2.2", "uvicorn>=0.34", "httptools>=0.6", "orjson>=3.10")
#: The oldest Python that the server runs with.
OLDEST = (3, 11)
#: Parts of Runfolio that a server has no use for, and caches of the Python here.
LEFT_OUT = ("gui", "cli", "__pycache__", "*.pyc")
MODEL, APP, DOCKERFILE = "model", "app", "Dockerfile"


def write_context(folder: Path, target: Path, *, token: bool = True, progress: Progress = quietly) -> int:
    """Write the folder that an image is built from; the bytes of the model in it.

    Args:
        folder: the model's, of which the caller has made sure that it may be loaded.
        target: a folder that is not there yet, or empty.
        token: whether the server refuses to start without a token.

    Raises:
        AlreadyExists: there is something in the target.
        InvalidValue, NotFound: no image can be made for the model's environment.
        EnvironmentProblem, OSError: the disk, or a file is damaged.
    """
    with whole_folder(target) as part:
        recipe = read_recipe(folder)
        _check_python(recipe)
        size = export(folder, part / MODEL, progress)
        # MLflow is not needed to load a model here, but a model's own code may import it.
        arguments = write_for_pip(recipe, part, NEEDS, mlflow=judge(folder).can_run_code)
        _copy_package(part / APP / "runfolio")
        (part / DOCKERFILE).write_text(
            written(recipe.minor, arguments, _pip_files(part), token=token, libraries=_libraries(part)),
            encoding="utf-8",
        )
    return size


def _check_python(recipe: Recipe) -> None:
    if tuple(int(number) for number in recipe.minor.split(".")) < OLDEST:
        raise InvalidValue(
            f"The model is of Python {recipe.minor}, and the server needs {'.'.join(map(str, OLDEST))} or newer.",
            "Save the model again with a newer Python.",
        )


def _copy_package(target: Path) -> None:
    package = Path(__file__).parents[2]
    if not (package / "serving" / "__main__.py").is_file():
        raise EnvironmentProblem(
            "Runfolio is here without its source files, which an image needs.", "pip install runfolio"
        )
    shutil.copytree(package, target, ignore=shutil.ignore_patterns(*LEFT_OUT))


def _pip_files(part: Path) -> list[str]:
    return sorted(one.name for one in part.iterdir() if one.is_file())


def _libraries(part: Path) -> list[str]:
    """Packages of Debian that wheels look for and the slim image has not."""
    required = (part / "requirements.txt").read_text(encoding="utf-8").lower()
    return ["libgomp1"] if "lightgbm" in required else []
