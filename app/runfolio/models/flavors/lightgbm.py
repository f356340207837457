"""LightGBM: boosters in LightGBM's own text, estimators as those of scikit-learn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from runfolio.core.errors import InvalidValue
from runfolio.models.environment.requirements import pinned
from runfolio.models.flavors import sklearn
from runfolio.models.flavors.flavor import Flavor, Opened, Writer, Written, full_name
from runfolio.models.mlmodel import PYFUNC

NAME = "lightgbm"
BOOSTER = "lightgbm.basic.Booster"
FILE = "model.lgb"
#: What LightGBM's estimators are made of, for skops.
KNOWN_TYPES = ("collections.OrderedDict", BOOSTER, "lightgbm.sklearn.LGBMClassifier", "lightgbm.sklearn.LGBMRegressor")


class Function:
    """A booster or an estimator as it is called."""

    def __init__(self, model: Any) -> None:
        self.lgb_model = model

    def get_raw_model(self) -> Any:
        """The booster or estimator."""
        return self.lgb_model

    def predict(self, data: Any, params: Any = None) -> Any:
        """What it predicts."""
        return self.lgb_model.predict(data)


def writer(
    model: Any,
    serialization_format: str | None = None,
    skops_trusted_types: Sequence[str] | None = None,
    options: Mapping[str, Any] | None = None,
) -> Writer:
    """Writes a booster, or an estimator in a format of scikit-learn's flavor. Raises InvalidValue."""
    import lightgbm

    if not isinstance(model, (lightgbm.Booster, lightgbm.LGBMModel)):
        raise InvalidValue(f"A model of LightGBM is a Booster or an estimator of its own, not {type(model).__name__}.")
    sklearn.check_format(serialization_format)
    trusted = sorted({*KNOWN_TYPES, *(skops_trusted_types or ())})

    def write(folder: Path) -> Written:
        needs = [pinned("lightgbm")]
        if isinstance(model, lightgbm.Booster):
            file, form = FILE, serialization_format or sklearn.SKOPS
            model.save_model(folder / file, **(options or {}))
        else:
            form = sklearn.dump(model, folder, serialization_format, trusted)
            file = sklearn.FILES[form]
            needs += [pinned("scikit-learn", "sklearn"), *([] if form == sklearn.PICKLE else [pinned(form)])]
        return Written(
            flavor=NAME,
            entries={
                "lgb_version": lightgbm.__version__,
                "data": file,
                "model_class": full_name(model),
                "serialization_format": form,
                "skops_trusted_types": trusted if form == sklearn.SKOPS else skops_trusted_types,
            },
            loader_module="mlflow.lightgbm",
            function_entries={"data": file},
            requirements=needs,
            function=lambda: Function(model),
        )

    return write


def load(opened: Opened) -> Any:
    """The booster or estimator. An estimator by pickle or cloudpickle runs what the file says."""
    import lightgbm

    entries = opened.model.flavors.get(NAME, {})
    file = opened.path(entries.get("data") or opened.model.flavors.get(PYFUNC, {}).get("data"), FILE, "model.pkl")
    if entries.get("model_class", BOOSTER) == BOOSTER:
        return lightgbm.Booster(model_file=str(file))
    form = entries.get("serialization_format", sklearn.CLOUDPICKLE)
    return sklearn.read(file, form, entries.get("skops_trusted_types"))


FLAVOR = Flavor(name=NAME, load=load, function=lambda opened: Function(load(opened)), needs="lightgbm")
