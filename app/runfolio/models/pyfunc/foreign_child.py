"""The process of a model that MLflow loads: `python -m runfolio.models.pyfunc.foreign_child`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runfolio.models.bytecode import compile_anew
from runfolio.models.safety.answering import answer_all, own_streams


def main() -> None:
    """Answer until the input ends."""
    answer_all(own_streams(), _loaded)


def _loaded(head: Mapping[str, Any]) -> Any:
    import mlflow.pyfunc

    compile_anew(Path(head["folder"]), scratch=str(Path.cwd()))
    return mlflow.pyfunc.load_model(head["folder"], model_config=head["config"])


if __name__ == "__main__":
    main()
