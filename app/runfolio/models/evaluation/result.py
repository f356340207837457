"""What an evaluation returns: metrics, files and tables, to be saved to a folder and read again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from runfolio.core.errors import InvalidValue, NotFound

if TYPE_CHECKING:
    import pandas

METRICS, INDEX, FILES = "metrics.json", "artifacts_metadata.json", "artifacts"
# MLflow's classes of artifacts by the endings of their files, so that it can read what is saved here.
_CLASSES = {
    ".csv": "CsvEvaluationArtifact",
    ".jpeg": "ImageEvaluationArtifact",
    ".jpg": "ImageEvaluationArtifact",
    ".json": "JsonEvaluationArtifact",
    ".npy": "NumpyEvaluationArtifact",
    ".parquet": "ParquetEvaluationArtifact",
    ".pickle": "PickleEvaluationArtifact",
    ".png": "ImageEvaluationArtifact",
    ".txt": "TextEvaluationArtifact",
}


class EvaluationArtifact:
    """A file of an evaluation.

    Attributes:
        uri: where the run has it.
    """

    def __init__(self, uri: str, path: Path | None = None) -> None:
        self.uri = uri
        self._path = Path(uri) if path is None else path
        self._content: Any = None

    @property
    def content(self) -> Any:
        """A picture, a table, an array, a text, or what the JSON holds; read on first use.

        Raises:
            NotFound: the file is gone.
            InvalidValue: it is a pickle, or of a kind that is not read.
        """
        if self._content is None:
            if not self._path.is_file():
                raise NotFound(f"There is no file {self._path} any more.")
            reader = _READERS.get(self._path.suffix.lower())
            if reader is None:
                raise InvalidValue(f"{self._path.name} is not read: it could run code.", "Open it by yourself.")
            self._content = reader(self._path)
        return self._content

    def __repr__(self) -> str:
        return f"EvaluationArtifact(uri={self.uri!r})"


class EvaluationResult:
    """What `evaluate` found.

    Attributes:
        metrics: numbers by MLflow's names.
        artifacts: the files that were logged, by name.
        run_id: the run that all of it was logged to.
        tables: tables by name.
        notes: what is missing or doubtful, each in a sentence.
        baseline_model_metrics: the metrics of the model that it was compared with; empty if there was none.
    """

    def __init__(
        self,
        metrics: Mapping[str, float],
        artifacts: Mapping[str, EvaluationArtifact],
        run_id: str | None = None,
        *,
        tables: Mapping[str, pandas.DataFrame] | None = None,
        notes: list[str] | None = None,
        baseline_model_metrics: Mapping[str, float] | None = None,
    ) -> None:
        self.metrics = dict(metrics)
        self.artifacts = dict(artifacts)
        self.run_id = run_id
        self.tables = dict(tables or {})
        self.notes = list(notes or [])
        self.baseline_model_metrics = dict(baseline_model_metrics or {})

    def save(self, path: str | Path) -> None:
        """Write metrics and files into a folder, as MLflow does. Raises OSError."""
        folder = Path(path)
        (folder / FILES).mkdir(parents=True, exist_ok=True)
        (folder / METRICS).write_text(json.dumps(self.metrics), encoding="utf-8")
        index = {}
        for name, one in self.artifacts.items():
            suffix = PurePosixPath(one.uri).suffix.lower()
            kind = f"mlflow.models.evaluation.artifacts.{_CLASSES.get(suffix, 'TextEvaluationArtifact')}"
            index[name] = {"uri": one.uri, "class_name": kind}
            shutil.copyfile(one._path, folder / FILES / Path(one.uri).name)
        (folder / INDEX).write_text(json.dumps(index), encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> EvaluationResult:
        """What was saved to a folder, here or by MLflow.

        Raises:
            NotFound: there is nothing of that kind.
            InvalidValue: it cannot be read.
        """
        folder = Path(path)
        try:
            metrics = json.loads((folder / METRICS).read_text(encoding="utf-8"))
            index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
            artifacts = {name: _kept(folder, str(entry["uri"])) for name, entry in index.items()}
        except FileNotFoundError as error:
            raise NotFound(f"{path} holds no result of an evaluation.") from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise InvalidValue(f"The result in {path} cannot be read: {error}.") from error
        tables = {name: one.content for name, one in artifacts.items() if one.uri.endswith(".csv")}
        return cls(metrics, artifacts, tables=tables)


def _kept(folder: Path, uri: str) -> EvaluationArtifact:
    name = PurePosixPath(uri.replace("\\", "/")).name
    return EvaluationArtifact(uri, folder / FILES / name)


def _picture(path: Path) -> Any:
    import PIL.Image

    with PIL.Image.open(path) as opened:
        opened.load()
        return opened


def _csv(path: Path) -> Any:
    import pandas as pd

    return pd.read_csv(path)


def _parquet(path: Path) -> Any:
    import pandas as pd

    return pd.read_parquet(path)


def _array(path: Path) -> Any:
    import numpy as np

    return np.load(path, allow_pickle=False)


_READERS: dict[str, Callable[[Path], Any]] = {
    ".csv": _csv,
    ".jpeg": _picture,
    ".jpg": _picture,
    ".json": lambda path: json.loads(path.read_text(encoding="utf-8")),
    ".npy": _array,
    ".parquet": _parquet,
    ".png": _picture,
    ".txt": lambda path: path.read_text(encoding="utf-8"),
}
