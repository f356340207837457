"""MLflow's `mlflow.artifacts`: files of runs by their addresses."""

from __future__ import annotations

from runfolio.client.downloads import download_artifacts, list_artifacts, load_dict, load_image, load_text

__all__ = ["download_artifacts", "list_artifacts", "load_dict", "load_image", "load_text"]
