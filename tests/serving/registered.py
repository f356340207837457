"""Stores with a small model of scikit-learn in their registry."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

import runfolio
import runfolio.sklearn
from runfolio.client.tracker import close_all

NAME = "mine"
FRAME = pd.DataFrame({"a": [0.5, 1.5, 2.5], "b": [1.0, 2.0, 5.0]})


def fill(folder: Path) -> None:
    """The model `mine`: version 1 doubles and is in Production; version 2 triples."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("RUNFOLIO_INFER_REQUIREMENTS", "0")
        patched.setenv("RUNFOLIO_STORE", str(folder))
        for factor in (2, 3):
            model = LinearRegression(fit_intercept=False).fit(FRAME, factor * FRAME["a"])
            with runfolio.start_run():
                runfolio.sklearn.log_model(model, "model", input_example=FRAME.head(1), registered_model_name=NAME)
        runfolio.Client().transition_model_version_stage(NAME, 1, "Production")
        close_all()
