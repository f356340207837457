"""XGBoost: boosters and estimators, in XGBoost's own formats, which run no code when they are loaded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runfolio.core.errors import InvalidValue
from runfolio.models.environment.requirements import pinned
from runfolio.models.flavors.flavor import Flavor, Opened, Writer, Written, class_named, full_name
from runfolio.models.mlmodel import PYFUNC
from runfolio.models.pyfunc.calls import accepted

NAME = "xgboost"
BOOSTER = "xgboost.core.Booster"


class Function:
    """A booster or an estimator as it is called."""

    def __init__(self, model: Any) -> None:
        self.xgb_model = model

    def get_raw_model(self) -> Any:
        """The booster or estimator."""
        return self.xgb_model

    def predict(self, data: Any, params: Mapping[str, Any] | None = None) -> Any:
        """What it predicts; params are those of XGBoost's own `predict`."""
        import xgboost

        if isinstance(self.xgb_model, xgboost.Booster):
            data = xgboost.DMatrix(data)
        return self.xgb_model.predict(data, **accepted(self.xgb_model.predict, params))


def writer(model: Any, model_format: str = "ubj", options: Mapping[str, Any] | None = None) -> Writer:
    """Writes a booster or an estimator, in a format by its ending: `ubj`, `json` or, of old versions, `xgb`.

    Raises:
        InvalidValue: it is neither.
    """
    import xgboost

    if not isinstance(model, (xgboost.Booster, xgboost.XGBModel)):
        raise InvalidValue(f"A model of XGBoost is a Booster or an estimator of its own, not {type(model).__name__}.")

    def write(folder: Path) -> Written:
        file = f"model.{model_format}"
        model.save_model(folder / file, **(options or {}))
        return Written(
            flavor=NAME,
            entries={
                "xgb_version": xgboost.__version__,
                "data": file,
                "model_class": full_name(model),
                "model_format": model_format,
            },
            loader_module="mlflow.xgboost",
            function_entries={"data": file},
            requirements=[pinned("xgboost")],
            function=lambda: Function(model),
        )

    return write


def load(opened: Opened) -> Any:
    """The booster or estimator."""
    import xgboost  # noqa: F401 - told as missing by its own name

    entries = opened.model.flavors.get(NAME, {})
    named = entries.get("data") or opened.model.flavors.get(PYFUNC, {}).get("data")
    model = class_named(entries.get("model_class", BOOSTER), "load_model")()
    model.load_model(opened.path(named, "model.ubj", "model.xgb"))
    return model


FLAVOR = Flavor(name=NAME, load=load, function=lambda opened: Function(load(opened)), needs="xgboost")
