"""Sweeps for tests, drawn and made."""

from __future__ import annotations

from hypothesis import strategies as st

from runfolio.core.sweeps.records import Dimension, Method, Pruning, StopRules, Sweep, Trial, TrialState

NAMES = st.text("abcdefgh_", min_size=1, max_size=6)
TEXTS = st.one_of(
    st.sampled_from(
        ["0.10", "1e-3", "yes", "null", "~", "adam", "a b", "12", "1:30", "0x1F", "#x", "", "'", "\n", "é"]
    ),
    st.text(st.characters(codec="utf-8"), max_size=8),
)
FLOATS = st.floats(-1e9, 1e9, allow_nan=False)


@st.composite
def ranges(draw: st.DrawFn) -> Dimension:
    """A dimension of numbers."""
    name = draw(NAMES)
    kind = draw(st.sampled_from(["any", "log", "step", "whole", "whole log", "whole step"]))
    if "whole" in kind:
        low = draw(st.integers(1 if "log" in kind else -1000, 1000))
        high = low + draw(st.integers(1, 1000))
        step = float(draw(st.integers(1, 50))) if "step" in kind else None
        return Dimension(name, (), float(low), float(high), "log" in kind, step, True, draw(st.integers(0, 5)))
    if kind == "log":
        low_end = draw(st.floats(1e-12, 1e6))
        return Dimension(name, (), low_end, low_end * draw(st.floats(1, 1e6)), True, points=draw(st.integers(1, 5)))
    low_end, wide = draw(FLOATS), draw(st.floats(1e-3, 1e9))
    step = wide / draw(st.integers(1, 40)) if kind == "step" else None
    points = draw(st.integers(0 if step else 1, 5))
    return Dimension(name, (), low_end, low_end + wide, False, step, points=points)


def choices() -> st.SearchStrategy[Dimension]:
    """A dimension of texts."""
    return st.builds(Dimension, NAMES, st.lists(TEXTS, min_size=1, max_size=5, unique=True).map(tuple))


def spaces(most: int = 4) -> st.SearchStrategy[tuple[Dimension, ...]]:
    """Some dimensions of different names."""
    one = st.one_of(ranges(), choices())
    return st.lists(one, min_size=1, max_size=most, unique_by=lambda dimension: dimension.name).map(tuple)


@st.composite
def sweeps(draw: st.DrawFn, method: Method | None = None) -> Sweep:
    """Any sweep that can be."""
    space = draw(spaces())
    chosen = draw(st.sampled_from(Method)) if method is None else method
    taken = {one.name for one in space}
    return Sweep(
        space,
        draw(st.sampled_from(["loss", "val/acc", "123", "yes"])),
        draw(st.sampled_from(["minimize", "maximize"])),
        chosen,
        draw(st.integers(1, 60)),
        draw(st.integers(1, 8)),
        draw(st.integers(0, 2**31 - 1)),
        draw(st.sampled_from(["last", "best"])),
        draw(st.dictionaries(NAMES.filter(lambda name: name not in taken), TEXTS, max_size=2)),
        draw(st.builds(StopRules, st.floats(0, 1e6), st.none() | FLOATS, st.integers(0, 50), st.integers(0, 50))),
        draw(
            st.builds(
                Pruning,
                st.sampled_from(["median", "percentile", "hyperband"]),
                st.integers(0, 50),
                st.integers(0, 50),
                st.floats(0, 100),
            )
            | st.just(Pruning())
        ),
    )


def ended(number: int, value: float | None, state: TrialState = TrialState.FINISHED, at: int | None = None) -> Trial:
    """A trial that is over, a second after it was begun."""
    start = number * 1000 if at is None else at
    return Trial(number, {}, state, value, started=start, ended=start + 1000)
