"""Replaces functions of a library by wrappers, and puts back what was there."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

Wrap = Callable[[Callable[..., Any]], Callable[..., Any]]
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Patch:
    """An attribute of a class or module as it was and as it is now."""

    owner: Any
    name: str
    before: Any
    after: Any

    def undo(self) -> None:
        """Put the original back, unless somebody else has replaced ours since: theirs still leads to it."""
        if vars(self.owner).get(self.name) is not self.after:
            return
        if self.before is _ABSENT:
            delattr(self.owner, self.name)
        else:
            setattr(self.owner, self.name, self.before)


def patch(owner: Any, name: str, wrap: Wrap) -> Patch | None:
    """Wrap a function of a class or module; None if there is none or it is wrapped already.

    An inherited function is wrapped for this class alone.
    """
    before = vars(owner).get(name, _ABSENT)
    target = getattr(owner, name, None) if before is _ABSENT else before
    if target is None or getattr(target, "__runfolio__", False):
        return None
    after = _wrapper(target, wrap) if inspect.isfunction(target) else _WrappedDescriptor(target, wrap)
    if not inspect.isfunction(target) and not hasattr(type(target), "__get__"):
        return None
    try:
        setattr(owner, name, after)
    except TypeError:  # a class written in C
        return None
    return Patch(owner, name, before, after)


def patch_everywhere(owners: Iterable[Any], name: str, wrap: Wrap) -> Iterator[Patch | None]:
    """Wrap a function that several modules hold: by one wrapper, or pickle would not find it under its name."""
    first: Patch | None = None
    for owner in owners:
        if first is None:
            first = patch(owner, name, wrap)
            if first is None:
                return
            yield first
        elif vars(owner).get(name) is first.before:
            setattr(owner, name, first.after)
            yield Patch(owner, name, first.before, first.after)


def _wrapper(function: Callable[..., Any], wrap: Wrap) -> Any:
    wrapper: Any = functools.wraps(function)(wrap(function))
    wrapper.__runfolio__ = True
    return wrapper


class _WrappedDescriptor:
    """A method that only some instances have, as scikit-learn's `available_if` makes them."""

    __runfolio__ = True

    def __init__(self, descriptor: Any, wrap: Wrap) -> None:
        self._descriptor = descriptor
        self._wrap = wrap
        functools.update_wrapper(self, descriptor)  # type: ignore[arg-type]

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        found = self._descriptor.__get__(instance, owner)
        if instance is None:
            return found

        def with_instance(_instance: Any, *args: Any, **kwargs: Any) -> Any:
            return found(*args, **kwargs)

        own = inspect.signature(found)
        itself = inspect.Parameter("_instance", inspect.Parameter.POSITIONAL_ONLY)
        with_instance.__signature__ = own.replace(  # type: ignore[attr-defined]
            parameters=[itself, *own.parameters.values()]
        )
        bound = functools.partial(_wrapper(with_instance, self._wrap), instance)
        return functools.update_wrapper(bound, found)
