"""What a project's script gets when it imports `mlflow`: Runfolio, whose names are MLflow's, and which logs to its run.

`runfolio run --mlflow real` leaves MLflow to itself. This runs in the project's environment, whatever that has.
"""

import os
import sys
from pathlib import Path

_here = Path(__file__).resolve().parents[1]


def _load_the_real_one() -> None:
    """Have the import go on as if this folder were not on the path."""
    kept = list(sys.path)
    sys.path[:] = [place for place in kept if Path(place).resolve() != _here]
    del sys.modules["mlflow"]
    try:
        __import__("mlflow")
    finally:
        sys.path[:] = kept


if os.environ.get("RUNFOLIO_REAL_MLFLOW") or sys.version_info < (3, 11):
    _load_the_real_one()
else:
    import runfolio.projects.child.standing_in as _standing_in

    _standing_in.stand_in()
