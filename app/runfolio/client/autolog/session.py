"""One training that is being logged: its run, and what is known of the call that trains."""

from __future__ import annotations

import inspect
import sys
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from types import FrameType
from typing import Any

from runfolio.client.active_run import ActiveRun
from runfolio.client.autolog.quiet import quietly, tell_once
from runfolio.client.autolog.settings import Settings
from runfolio.core import rules

#: MLflow's tag for runs that autologging has written to.
AUTOLOGGED = "mlflow.autologging"


class Call:
    """A call that trains, before it is made; arguments may be read and replaced by name.

    Attributes:
        args: the positional arguments it will be made with.
        kwargs: the others.
    """

    def __init__(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.args, self.kwargs = args, kwargs
        self._signature = inspect.signature(function)

    def named(self, defaults: bool = False) -> dict[str, Any]:
        """The arguments by name, those taken by `**kwargs` too; with what is left to its default, if asked."""
        bound = self._signature.bind(*self.args, **self.kwargs)
        if defaults:
            bound.apply_defaults()
        found = dict(bound.arguments)
        for name, parameter in self._signature.parameters.items():
            if parameter.kind is inspect.Parameter.VAR_KEYWORD:
                found.update(found.pop(name, {}))
        return found

    def replace(self, name: str, value: Any) -> None:
        """Give an argument another value."""
        bound = self._signature.bind(*self.args, **self.kwargs)
        bound.arguments[name] = value
        self.args, self.kwargs = bound.args, bound.kwargs


class Session:
    """A training that is being logged, and the run it is logged to.

    Attributes:
        library: whose training it is.
        settings: how that library is logged.
        run: where it is logged.
        owned: whether the run was started for this training, and so ends with it.
        admits: the kind of training inside this one that is a part of it, such as the boosting below an estimator.
        inner: whether this training is such a part.
    """

    def __init__(self, library: str, settings: Settings, run: ActiveRun, owned: bool, inner: bool = False) -> None:
        self.library, self.settings, self.run = library, settings, run
        self.owned, self.inner = owned, inner
        self.admits = ""

    def __reduce__(self) -> tuple[Any, ...]:
        return _rejoined, (self.library, self.settings, self.run.info.run_id, str(self.run.store))

    def step(self, doing: str) -> AbstractContextManager[None]:
        """Carry out a part of the logging; an error in it leaves the other parts and the training alone."""
        return quietly(self.library, doing, self.settings.silent)

    def add_params(self, params: Mapping[str, Any]) -> None:
        """Set params. One the run has already keeps its value: the user's word, or the first training's, stands."""
        given = {clean_key(key): rules.text(value) for key, value in params.items()}
        known = self.run.data.params
        if kept := sorted(key for key, value in given.items() if known.get(key, value) != value):
            what = f"The run has other values of {', '.join(kept[:5])}{' and more' if len(kept) > 5 else ''} already."
            tell_once(self.library, "params", what, "params", self.settings.silent)
        self.run.log_params({key: value for key, value in given.items() if key not in known})

    def add_metrics(self, metrics: Mapping[str, Any], step: int | None = None) -> None:
        """Log what is a number among the values."""
        numbers = {clean_key(key): number(value) for key, value in metrics.items()}
        self.run.log_metrics({key: value for key, value in numbers.items() if value is not None}, step)

    def close(self, error: BaseException | None = None) -> None:
        """End the run if it was started for this training."""
        if self.owned:
            self.owned = False
            # Lightning answers an interrupt by an exit.
            if isinstance(error, SystemExit) and isinstance(error.__context__, KeyboardInterrupt):
                error = error.__context__
            with self.step("end of the run"):
                self.run.__exit__(type(error) if error else None, error, error.__traceback__ if error else None)


def explicit_session(library: str) -> Session:
    """For a callback that the user gave: logs to the active run, else to a new one, as any call of `log_*` does."""
    from runfolio.client import active_runs

    run = active_runs.active_run()
    return Session(library, Settings(), run or active_runs.start_run(), owned=run is None)


def _rejoined(library: str, settings: Settings, run_id: str, folder: str) -> Session:
    """A training's session in a process that it was sent to, such as a rank of a data-parallel training."""
    from runfolio.client.active_runs import run_of_store
    from runfolio.client.tracker import tracker

    return Session(library, settings, run_of_store(tracker(folder), run_id), owned=False)


Plan = Callable[[Call, Session], Generator[None, Any, None]]


def always(*_args: Any, **_kwargs: Any) -> bool:
    """Every call is logged."""
    return True


def never(_frame: FrameType) -> bool:
    """No call is a part of anything."""
    return False


@dataclass(frozen=True, slots=True)
class Training:
    """A kind of training, and how it is logged.

    Attributes:
        library, settings: whose it is, and how that library is logged.
        kind: what an outer training may admit as a part of itself.
        plan: what to log before and after.
        applies: tells by a call's arguments whether it is logged.
        within: tells by the caller's frame whether it is a part of something greater that is not logged by itself.
    """

    library: str
    kind: str
    settings: Settings
    plan: Plan
    applies: Callable[..., bool] = always
    within: Callable[[FrameType], bool] = never


class _Local(threading.local):
    """The trainings under way in this thread, the outermost first."""

    def __init__(self) -> None:
        self.sessions: list[Session] = []


_local = _Local()


def current() -> Session | None:
    """The innermost training under way in this thread that is logged."""
    return _local.sessions[-1] if _local.sessions else None


def observed(training: Training, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Train, and log it by the plan: it runs to its `yield` before, and is sent the result after.

    Returns and raises what the function does. A training inside another one is not logged, but for the kind that
    the other one admits.
    """
    session = None
    with quietly(training.library, "run", training.settings.silent):
        if training.applies(*args, **kwargs):
            session = _begin(training, sys._getframe(1))
    if session is None:
        return function(*args, **kwargs)
    _local.sessions.append(session)
    try:
        result = _carried_out(session, training.plan, function, args, kwargs)
    except BaseException as error:
        _leave(session, error)
        raise
    _leave(session, None)
    return result


def _carried_out(
    session: Session, plan: Plan, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    call, steps = None, None
    with session.step("start"):
        call = Call(function, args, kwargs)
        steps = plan(call, session)
        next(steps)
    if call is not None:
        args, kwargs = call.args, call.kwargs
    try:
        result = function(*args, **kwargs)
    except BaseException:
        with session.step("end"):
            if steps is not None:
                steps.close()
        raise
    with session.step("end"), suppress(StopIteration):
        if steps is not None:
            steps.send(result)
    return result


def _begin(training: Training, caller: FrameType) -> Session | None:
    from runfolio.client import active_runs

    library, settings = training.library, training.settings
    outer = current()
    if outer is not None:
        if outer.admits != training.kind:
            return None
        outer.admits = ""
        return Session(library, settings, outer.run, owned=False, inner=True)
    if training.within(caller):
        return None
    run = active_runs.active_run()
    if run is not None and settings.exclusive:
        return None
    started = run or active_runs.start_run(tags={**settings.extra_tags, AUTOLOGGED: library})
    return Session(library, settings, started, owned=run is None)


def _leave(session: Session, error: BaseException | None) -> None:
    _local.sessions.remove(session)
    session.close(error)


def called_by(package: str, frame: FrameType | None) -> bool:
    """Whether a package is among the callers, in this thread: its workers in other threads are called by it too."""
    while frame is not None:
        if str(frame.f_globals.get("__name__")).partition(".")[0] == package:
            return True
        frame = frame.f_back
    return False


def clean_key(key: Any) -> str:
    """A name as a key may be: what is not allowed in one becomes `_`."""
    text = "".join(char if rules.ALLOWED.match(char) else "_" for char in str(key).replace("@", "_at_"))
    parts = [part if part.strip(".") else "_" * len(part) for part in text.split("/") if part]
    return "/".join(parts)[: rules.MAX_KEY_LENGTH].rstrip("/") or "_"


def number(value: Any) -> float | None:
    """A value as a number, if it is a single one."""
    if isinstance(value, str) or value is None:
        return None
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return None
