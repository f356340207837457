"""Logging what an evaluation has found to a run: metrics, pictures with their numbers, and a user's files."""

from __future__ import annotations

import io
import json
import pickle
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runfolio.client import files, media, tables
from runfolio.client.active_run import ActiveRun
from runfolio.client.autolog.figures import available
from runfolio.core.errors import InvalidValue
from runfolio.models.evaluation.findings import Findings
from runfolio.models.evaluation.result import EvaluationArtifact

if TYPE_CHECKING:
    import pandas

NUMBERS = "_numbers"
ROWS_TABLE = "eval_results_table"
CustomArtifact = Callable[[Any, Mapping[str, float], str], Any]


class Writer:
    """Logs to a run and keeps what was logged.

    Attributes:
        artifacts: the files by their names without prefix.
    """

    def __init__(self, run: ActiveRun, prefix: str) -> None:
        self._run, self._prefix = run, prefix
        self.artifacts: dict[str, EvaluationArtifact] = {}

    def metrics(self, metrics: Mapping[str, float]) -> None:
        """Log numbers."""
        self._run.log_metrics({f"{self._prefix}{name}": value for name, value in metrics.items()})

    def findings(self, found: Findings) -> None:
        """Log pictures and tables; the table of a picture has its name, too, and another ending."""
        for name, draw in found.pictures.items() if available() else ():
            file = f"{self._prefix}{name}.png"
            media.log_figure(self._run, draw(), file)
            self._keep(name, file)
        for name, table in found.tables.items():
            file = f"{self._prefix}{name}.csv"
            files.log_bytes(self._run, table.to_csv(index=False).encode(), file)
            self._keep(f"{name}{NUMBERS}" if name in found.pictures else name, file)

    def rows(self, table: pandas.DataFrame) -> None:
        """Log what there is of each row."""
        file = f"{self._prefix}{ROWS_TABLE}.json"
        tables.log_table(table, file, self._run)
        self._keep(ROWS_TABLE, file)

    def custom(self, makers: Sequence[CustomArtifact], table: Any, metrics: Mapping[str, float]) -> None:
        """Log what a user's functions make. Raises InvalidValue if one of them makes no files."""
        for make in makers:
            with tempfile.TemporaryDirectory() as folder:
                made = make(table.copy(), dict(metrics), folder)
                if not isinstance(made, Mapping) or not all(isinstance(name, str) for name in made):
                    called = getattr(make, "__name__", repr(make))
                    raise InvalidValue(f"{called} gave no files.", "It returns a dictionary from names to files.")
                for name, one in made.items():
                    self._custom(name, one)

    def _custom(self, name: str, made: Any) -> None:
        ending, data = _encoded(name, made)
        file = f"{self._prefix}{name}{ending}"
        files.log_bytes(self._run, data, file)
        self._keep(name, file)

    def _keep(self, name: str, file: str) -> None:
        self.artifacts[name] = EvaluationArtifact(str(self._run.folder / file))


def _encoded(name: str, made: Any) -> tuple[str, bytes]:
    """The ending and the bytes of what a user's function made: of a file, a table, an array, a figure, JSON."""
    import numpy as np

    if isinstance(made, (str, Path)) and _is_file(made):
        return Path(made).suffix, Path(made).read_bytes()
    if isinstance(made, str):
        try:
            json.loads(made)
        except ValueError as error:
            raise InvalidValue(f"{name!r} is a text that is neither a file nor JSON.") from error
        return ".json", made.encode()
    if hasattr(made, "to_csv"):
        return ".csv", made.to_csv(index=False).encode()
    if hasattr(made, "savefig"):
        buffer = io.BytesIO()
        made.savefig(buffer, format="png")
        return ".png", buffer.getvalue()
    if isinstance(made, np.ndarray) and made.dtype != object:
        buffer = io.BytesIO()
        np.save(buffer, made, allow_pickle=False)
        return ".npy", buffer.getvalue()
    try:
        return ".json", json.dumps(made).encode()
    except (TypeError, ValueError):
        return ".pickle", pickle.dumps(made)


def _is_file(text: str | Path) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # too long for a path, or with a zero in it
        return False
