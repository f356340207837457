"""A model's environment as files that pip reads elsewhere: in an image, or in a folder that was copied to a machine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from runfolio.core.errors import InvalidValue
from runfolio.environments.recipe import Recipe
from runfolio.environments.requirements import name_of
from runfolio.models.environment.files import REQUIREMENTS
from runfolio.models.environment.requirements import MLFLOWS

LOCK = "lock.txt"
#: Runfolio's own name among what a model requires: elsewhere it is copied, or not there.
_OWN = "runfolio"


def write_for_pip(recipe: Recipe, target: Path, more: Sequence[str] = (), *, mlflow: bool = True) -> str:
    """Write `requirements.txt`, the constraints that it names, and `lock.txt` with the exact versions where known.

    Args:
        more: what is required besides; a package that the model names itself is as the model has it.
        mlflow: whether MLflow is kept, where the model requires it.

    Returns:
        The arguments of `pip install`, in a place that has these files.

    Raises:
        InvalidValue: conda alone can install what the model needs.
    """
    if recipe.conda:
        raise InvalidValue(
            f"The model needs {', '.join(recipe.conda)}, which conda alone installs.",
            "Save it with pip_requirements that name the same from PyPI.",
        )
    left_out = {_OWN, *(() if mlflow else MLFLOWS)}
    lines = [line for line in recipe.lines if name_of(line) not in left_out]
    named = {name_of(line) for line in lines}
    lines += [line for line in more if name_of(line) not in named]
    _write(target / REQUIREMENTS, lines)
    for name, text in recipe.constraints.items():
        (target / name).write_text(text, encoding="utf-8")
    if not recipe.lock:
        return f"-r {REQUIREMENTS}"
    kept = [line for line in recipe.lock.splitlines() if line.startswith("#") or name_of(line) not in left_out]
    _write(target / LOCK, kept)
    return f"-r {REQUIREMENTS} -c {LOCK}"


def _write(file: Path, lines: Sequence[str]) -> None:
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
