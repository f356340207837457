"""MLflow's `mlflow.utils.logging_utils`, of which scripts use the function that prints to standard error."""

from __future__ import annotations

import sys
from typing import Any


def eprint(*values: Any, **options: Any) -> None:
    """Print to standard error, as `print` does elsewhere."""
    print(*values, file=sys.stderr, **options)  # noqa: T201 (that is what it is for)
