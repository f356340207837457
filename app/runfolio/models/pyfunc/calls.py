"""Calling what predicts: with params where it takes them."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Mapping
from typing import Any

log = logging.getLogger("runfolio")


def call(predict: Callable[..., Any], data: Any, params: Mapping[str, Any] | None, context: Any = None) -> Any:
    """Predict, with a context if the function takes one; params that it does not take are left out, with a warning."""
    before = (context,) if takes(predict, "context") else ()
    if takes(predict, "params"):
        return predict(*before, data, params=params)
    if params:
        log.warning("This model's prediction takes no params: %s changed nothing.", ", ".join(map(str, params)))
    return predict(*before, data)


def takes(function: Callable[..., Any], name: str) -> bool:
    """Whether a function has a parameter of that name."""
    try:
        found = inspect.signature(function).parameters.get(name)
    except (TypeError, ValueError):  # of a function written in C
        return False
    return found is not None and found.kind is not inspect.Parameter.VAR_KEYWORD


def accepted(function: Callable[..., Any], params: Mapping[str, Any] | None) -> dict[str, Any]:
    """Those params that a library's function has parameters for; the others are left out, with a warning."""
    known = inspect.signature(function).parameters
    if any(one.kind is inspect.Parameter.VAR_KEYWORD for one in known.values()):
        return dict(params or {})
    if unknown := sorted(set(params or {}) - set(known)):
        log.warning("This model's prediction takes no %s: changed nothing.", ", ".join(unknown))
    return {name: value for name, value in (params or {}).items() if name in known}
