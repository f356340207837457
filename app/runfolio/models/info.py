"""What is known of a model, without loading it."""

from __future__ import annotations

from pathlib import Path

from runfolio.models.mlmodel import ModelInfo
from runfolio.models.model import Model


def get_model_info(model_uri: str | Path) -> ModelInfo:
    """What a model's MLmodel file says. Raises NotFound, InvalidValue."""
    info = Model.load(model_uri).get_model_info()
    info.model_uri = str(model_uri)
    return info
