"""Policies as hypothesis draws them, with every kind of check and event."""

from __future__ import annotations

from hypothesis import strategies as st

from runfolio.core.registry.check_kinds import CHECKS
from runfolio.core.registry.events import PLACEHOLDERS, CommandEvent, Event, PostEvent
from runfolio.core.registry.gates import Check, Gate, WhenFailing
from runfolio.core.registry.holder_checks import BETTER, HIGHER, LOWER, NOT_WORSE, BesideHolder
from runfolio.core.registry.limit_checks import AtLeast, AtMost
from runfolio.core.registry.names import ARCHIVED, NONE
from runfolio.core.registry.people_checks import SignOff, Tagged
from runfolio.core.registry.policy import Policy
from runfolio.core.registry.run_checks import RunsInGroup

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(str.strip)
KEYS = st.one_of(
    st.sampled_from(["auc", "on", "yes", "1e-3", "val/loss", "3"]),
    st.text("abc_1. ", min_size=1).filter(lambda key: key.strip() not in ("", ".") and not key.startswith("..")),
)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
STAGES = st.one_of(
    st.sampled_from(["Staging", "Production", "Shadow", "yes", "on", "null", "0.5"]),
    st.text("abXY é-", min_size=1, max_size=40).filter(lambda name: name == name.strip()),
)
ALONE = [kind() for kind in CHECKS.values() if kind.ALONE]
CHECK: st.SearchStrategy[Check] = st.one_of(
    st.sampled_from(ALONE),
    st.builds(AtLeast, KEYS, FINITE),
    st.builds(AtMost, KEYS, FINITE),
    st.builds(
        BesideHolder, KEYS, st.just(NOT_WORSE), st.floats(0, allow_infinity=False), st.sampled_from(["", HIGHER, LOWER])
    ),
    st.builds(BesideHolder, KEYS, st.just(BETTER), st.just(0.0), st.sampled_from(["", HIGHER, LOWER])),
    st.builds(Tagged, KEYS, st.none() | TEXTS),
    st.builds(RunsInGroup, st.integers(1, 1_000_000)),
    st.builds(SignOff, st.lists(TEXTS, max_size=3, unique=True).map(tuple)),
)
GATES = st.builds(Gate, st.lists(CHECK, max_size=4).map(tuple), st.sampled_from(WhenFailing))
ARGUMENTS = st.one_of(
    st.just(""),
    TEXTS.filter(lambda one: "{" not in one and "\0" not in one),
    st.sampled_from(PLACEHOLDERS).map("{{{}}}".format),
)
PROGRAMS = st.sampled_from(["notify-send", "/bin/echo", "C:\\tool.exe", "été"])
URLS = st.sampled_from(["http://127.0.0.1:9000/hook", "https://example.org", "http://[::1]:80/a?b=c#d"])


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Any policy that can be written."""
    between = draw(st.lists(STAGES, max_size=4, unique_by=str.casefold))
    between = [name for name in between if name.casefold() not in (NONE.casefold(), ARCHIVED.casefold())]
    stages = (NONE, *between, ARCHIVED)
    some = st.lists(st.sampled_from(stages), unique=True, max_size=3).map(tuple)
    commands = st.builds(lambda first, rest: (first, *rest), PROGRAMS, st.lists(ARGUMENTS, max_size=3))
    event: st.SearchStrategy[Event] = st.one_of(
        st.builds(CommandEvent, commands, some), st.builds(PostEvent, URLS, st.sampled_from(["", "HOOK_SECRET"]), some)
    )
    subset = st.lists(st.sampled_from(between), unique=True) if between else st.just([])
    gates = st.dictionaries(st.sampled_from(between), GATES) if between else st.just({})
    return Policy(
        stages,
        draw(subset.map(tuple)),
        draw(st.lists(KEYS, unique=True, max_size=3).map(tuple)),
        draw(gates),
        draw(st.lists(event, max_size=3).map(tuple)),
    )
