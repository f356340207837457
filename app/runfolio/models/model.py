"""MLflow's `Model`: what an MLmodel file says, of a model that is found by its address and can be logged to a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

from runfolio.models.mlmodel import MLmodel, ModelInfo


class Model(MLmodel):
    """What an MLmodel file says. The attributes are those of `MLmodel`, which knows files alone."""

    def load_input_example(self, path: str | Path | None = None) -> Any:
        """The input example that was saved with the model; None if there is none. Raises NotFound.

        Args:
            path: the model's folder or address; where it was logged, if none is given.
        """
        if self.saved_input_example_info is None:
            return None
        from runfolio.models.uris import model_folder

        return super().load_input_example(model_folder(path or self.uri()))

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read an MLmodel file, given by itself, by its folder, or by the model's address.

        Raises:
            NotFound: there is no such file.
            InvalidValue: it is no MLmodel file.
        """
        from runfolio.models.uris import model_folder

        return super().load(path if Path(path).is_file() else model_folder(path))

    @classmethod
    def log(cls, artifact_path: str | None = None, flavor: Any = None, **kwargs: Any) -> ModelInfo:
        """Log a model of any flavor that has `save_model(path=, mlflow_model=, ...)`, such as a user's own."""
        from runfolio.models.logging import log_model

        return log_model(flavor.save_model, artifact_path=artifact_path, **kwargs)
