"""CatBoost: models in CatBoost's own formats, which run no code when they are loaded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runfolio.core.errors import InvalidValue
from runfolio.models.environment.requirements import pinned
from runfolio.models.flavors.flavor import Flavor, Opened, Writer, Written

NAME = "catboost"
FILE = "model.cb"
KINDS = ("CatBoost", "CatBoostClassifier", "CatBoostRegressor", "CatBoostRanker")


class Function:
    """A model as it is called."""

    def __init__(self, model: Any) -> None:
        self.cb_model = model

    def get_raw_model(self) -> Any:
        """CatBoost's own model."""
        return self.cb_model

    def predict(self, data: Any, params: Any = None) -> Any:
        """What it predicts."""
        return self.cb_model.predict(data)


def writer(model: Any, options: Mapping[str, Any] | None = None) -> Writer:
    """Writes a model; options are those of CatBoost's own `save_model`. Raises InvalidValue for what is no model."""
    import catboost

    given = dict(options or {})
    # Of a class that is derived from one of CatBoost's, a loader finds that one.
    kind = next((one.__name__ for one in type(model).__mro__ if one.__name__ in KINDS), "")
    if not isinstance(model, catboost.CatBoost) or not kind:
        raise InvalidValue(f"A model of CatBoost is a CatBoost, not {type(model).__name__}.")

    def write(folder: Path) -> Written:
        model.save_model(str(folder / FILE), **given)
        return Written(
            flavor=NAME,
            entries={
                "catboost_version": catboost.__version__,
                "model_type": kind,
                "save_format": given.get("format", "cbm"),
                "data": FILE,
            },
            loader_module="mlflow.catboost",
            function_entries={"data": FILE},
            requirements=[pinned("catboost")],
            function=lambda: Function(model),
        )

    return write


def load(opened: Opened) -> Any:
    """CatBoost's own model. Raises InvalidValue for a kind that is none."""
    import catboost

    entries = opened.model.flavors.get(NAME, {})
    kind = entries.get("model_type", KINDS[0])
    if kind not in KINDS:
        raise InvalidValue(f"{kind!r}, which the MLmodel file names, is no model of CatBoost's.")
    model = getattr(catboost, kind)()
    model.load_model(str(opened.path(entries.get("data"), FILE)), entries.get("save_format", "cbm"))
    return model


FLAVOR = Flavor(name=NAME, load=load, function=lambda opened: Function(load(opened)), needs="catboost")
