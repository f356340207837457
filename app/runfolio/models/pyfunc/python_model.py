"""Models that a user writes: a class with `predict`, or a function."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from runfolio.core.errors import InvalidValue


@dataclass
class TypeHints:
    """What a prediction says that it takes and gives; None where it says nothing."""

    input: Any = None
    output: Any = None


class PythonModelContext:
    """What a Python model finds beside itself.

    Attributes:
        artifacts: the path of each file that was saved with it, by name.
        model_config: its configuration.
    """

    def __init__(self, artifacts: Mapping[str, str] | None, model_config: Any) -> None:
        self.artifacts = dict(artifacts or {})
        self.model_config = model_config


class PythonModel:
    """A model of a user's own: override `predict`, and `load_context` to load its files once.

    Saved by `runfolio.pyfunc.save_model`, it is loaded by MLflow where there is no Runfolio, and the other way round.
    """

    def load_context(self, context: PythonModelContext) -> None:
        """Load what predictions need; called once, when the model is loaded."""

    def predict(self, context: Any, model_input: Any, params: dict[str, Any] | None = None) -> Any:
        """Answer to data. `context` and `params` may be left out of the parameters of an override."""
        raise NotImplementedError(f"{type(self).__name__} has no method predict.")

    def predict_stream(self, context: Any, model_input: Any, params: dict[str, Any] | None = None) -> Iterator[Any]:
        """Answer to one input in pieces."""
        raise NotImplementedError(f"{type(self).__name__} has no method predict_stream.")

    @property
    def predict_type_hints(self) -> TypeHints:
        """What `predict` says of types. MLflow asks for it, too, where it has loaded the model."""
        return hints_of(self.predict)


class FunctionModel(PythonModel):
    """A function as a Python model.

    The attributes are MLflow's, whose own class stands for this one where there is no Runfolio.
    """

    def __init__(self, func: Callable[[Any], Any], signature: Any = None) -> None:
        self.func, self.signature = func, signature

    def predict(self, model_input: Any, params: dict[str, Any] | None = None) -> Any:  # type: ignore[override]
        """What the function says."""
        return self.func(model_input)

    @property
    def predict_type_hints(self) -> TypeHints:
        """What the function says of types."""
        return hints_of(self.func)


def hints_of(function: Callable[..., Any]) -> TypeHints:
    """The hints of the input and the output of a function that predicts."""
    try:
        names = [name for name in inspect.signature(function).parameters if name not in ("self", "context")]
        hints = typing.get_type_hints(function)
    except (TypeError, ValueError, NameError):  # of what is not there any more, such as a name of `if TYPE_CHECKING`
        return TypeHints()
    return TypeHints(hints.get(names[0]) if names else None, hints.get("return"))


def checked(python_model: Any) -> PythonModel:
    """A Python model, made of a function if need be. Raises InvalidValue."""
    if isinstance(python_model, PythonModel) or _is_of_mlflow(python_model):
        return python_model  # type: ignore[no-any-return]
    if not callable(python_model):
        raise InvalidValue(
            f"python_model is a PythonModel, a function or the path of a script, not {type(python_model).__name__}.",
            "Derive the class from runfolio.pyfunc.PythonModel; a script tells its model by set_model().",
        )
    if (count := len(inspect.signature(python_model).parameters)) != 1:
        raise InvalidValue(f"A function that is a model takes one argument, not {count}.", "Use a PythonModel.")
    return FunctionModel(python_model)


def _is_of_mlflow(model: Any) -> bool:
    """Whether it is a Python model of MLflow's own class, in a script that has both."""
    origins = [(kind.__module__, kind.__name__) for kind in type(model).__mro__]
    return ("mlflow.pyfunc.model", "PythonModel") in origins
