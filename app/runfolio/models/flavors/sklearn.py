"""scikit-learn: any estimator, by skops, cloudpickle or pickle."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from runfolio.core.errors import InvalidValue
from runfolio.models.environment.requirements import pinned
from runfolio.models.flavors.flavor import Flavor, Opened, Writer, Written
from runfolio.models.mlmodel import PYFUNC

log = logging.getLogger("runfolio")
#: The types that were told of.
_told: set[type] = set()

NAME = "sklearn"
PICKLE, CLOUDPICKLE, SKOPS = "pickle", "cloudpickle", "skops"
FORMATS = (PICKLE, CLOUDPICKLE, SKOPS)
FILES = {PICKLE: "model.pkl", CLOUDPICKLE: "model.pkl", SKOPS: "model.skops"}
#: What else a function may call.
METHODS = ("predict_proba", "predict_log_proba", "predict_joint_log_proba", "score")


class Function:
    """An estimator as it is called."""

    def __init__(self, model: Any) -> None:
        self.sklearn_model = model
        for name in METHODS:
            if (method := getattr(model, name, None)) is not None:
                setattr(self, name, method)

    def get_raw_model(self) -> Any:
        """The estimator."""
        return self.sklearn_model

    def predict(self, data: Any, params: Any = None) -> Any:
        """What the estimator predicts."""
        return self.sklearn_model.predict(data)


def writer(
    model: Any, serialization_format: str | None, predict_fn: str, skops_trusted_types: Sequence[str] | None
) -> Writer:
    """Writes an estimator. Without a format it is skops, if that has all it needs, else cloudpickle, which is told.

    Raises:
        InvalidValue: there is no such format, or the model is no estimator.
    """
    check_format(serialization_format)
    if not any(hasattr(model, name) for name in (predict_fn, "get_params", "fit")):
        raise InvalidValue(f"An estimator of scikit-learn has fit or {predict_fn}; {type(model).__name__} has neither.")

    def write(folder: Path) -> Written:
        import sklearn

        form = dump(model, folder, serialization_format, skops_trusted_types)
        callable_ = hasattr(model, predict_fn)
        if not callable_:
            log.warning(
                "%s has no %s: it can be loaded, but not called as a function.", type(model).__name__, predict_fn
            )
        return Written(
            flavor=NAME,
            entries={
                "pickled_model": FILES[form],
                "sklearn_version": sklearn.__version__,
                "serialization_format": form,
                "skops_trusted_types": None if skops_trusted_types is None else list(skops_trusted_types),
            },
            loader_module="mlflow.sklearn" if callable_ else "",
            function_entries={"model_path": FILES[form], "predict_fn": predict_fn},
            requirements=[pinned("scikit-learn", "sklearn"), *([] if form == PICKLE else [pinned(form)])],
            function=(lambda: Function(model)) if callable_ else None,
            predict_fn=predict_fn,
        )

    return write


def check_format(given: str | None) -> None:
    """Raises InvalidValue for what is no format."""
    if given is not None and given not in FORMATS:
        raise InvalidValue(f"{given!r} is not a format.", f"Use one of {', '.join(FORMATS)}.")


def dump(model: Any, folder: Path, given: str | None, trusted: Sequence[str] | None) -> str:
    """Write an estimator by a format, or if none is given by skops, else by cloudpickle; returns which it is."""
    if given is not None:
        _DUMP[given](model, folder / FILES[given], trusted)
        return given
    try:
        _dump_skops(model, folder / FILES[SKOPS], trusted)
    except (InvalidValue, ImportError) as error:
        (folder / FILES[SKOPS]).unlink(missing_ok=True)
        _tell_once(type(model), error)
        _dump_cloudpickle(model, folder / FILES[CLOUDPICKLE], None)
        return CLOUDPICKLE
    return SKOPS


def _tell_once(kind: type, error: Exception) -> None:
    """Of each type a process tells once that it was saved by cloudpickle, and how it need not be."""
    if kind in _told:
        return
    _told.add(kind)
    log.warning(
        "%s was saved by cloudpickle, which runs code when it is loaded, for skops would not read it: %s",
        kind.__name__,
        error,
    )


def _dump_skops(model: Any, file: Path, trusted: Sequence[str] | None) -> None:
    """Write by skops, and read it once: what it would refuse to read is refused here. Raises InvalidValue."""
    import skops.io

    try:
        skops.io.dump(model, file)
        unknown = sorted(set(skops.io.get_untrusted_types(file=file)) - set(trusted or ()))
        if not unknown:
            skops.io.load(file, trusted=list(trusted or ()))
    except Exception as error:  # skops raises whatever its readers of each type do
        raise InvalidValue(
            f"skops: {type(error).__name__}: {error}.", "serialization_format='cloudpickle' holds it."
        ) from error
    if unknown:
        raise InvalidValue(
            f"skops does not know {', '.join(unknown)}.",
            "To save it by skops, name those that you trust in skops_trusted_types.",
        )


def _dump_cloudpickle(model: Any, file: Path, _trusted: Sequence[str] | None) -> None:
    import cloudpickle

    _dump_pickle(model, file, None, cloudpickle)


def _dump_pickle(model: Any, file: Path, _trusted: Sequence[str] | None, library: Any = pickle) -> None:
    try:
        with file.open("wb") as stream:
            library.dump(model, stream, protocol=pickle.DEFAULT_PROTOCOL)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        raise InvalidValue(f"{type(model).__name__} cannot be pickled: {error}.") from error


_DUMP = {SKOPS: _dump_skops, CLOUDPICKLE: _dump_cloudpickle, PICKLE: _dump_pickle}


def load(opened: Opened) -> Any:
    """The estimator. By pickle or cloudpickle, this runs what the file says."""
    entries = opened.model.flavors.get(NAME, {})
    function = opened.model.flavors.get(PYFUNC, {})
    named = entries.get("pickled_model") or function.get("model_path") or function.get("data")
    file = opened.path(named, *FILES.values())
    return read(file, entries.get("serialization_format", PICKLE), entries.get("skops_trusted_types"))


def read(file: Path, form: str, trusted: Sequence[str] | None) -> Any:
    """An estimator from a file of some format. Raises InvalidValue for a format that is none."""
    check_format(form)
    if form == SKOPS:
        import skops.io

        return skops.io.load(file, trusted=list(trusted or ()))
    with file.open("rb") as stream:
        if form == CLOUDPICKLE:
            import cloudpickle

            return cloudpickle.load(stream)
        return pickle.load(stream)


FLAVOR = Flavor(name=NAME, load=load, function=lambda opened: Function(load(opened)), needs="scikit-learn")
