"""A model's policy as YAML that people write.

    stages: [Staging, Production]
    single: [Production]
    card: [auc, f1]
    gates:
      Production:
        when_failing: reason
        checks:
        - {metric: auc, at_least: 0.93}
        - signature
    events:
    - {on: [Production], command: [notify-send, '{model} {version}']}

Reading is strict: what is not known is a slip, and a slip in a gate would let anything pass.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import yaml

from runfolio.core import rules, yaml_text
from runfolio.core.errors import InvalidValue
from runfolio.core.registry import fields
from runfolio.core.registry.check_kinds import read_check
from runfolio.core.registry.events import Event, read_event
from runfolio.core.registry.gates import Gate, WhenFailing
from runfolio.core.registry.names import ARCHIVED, NONE, STAGES
from runfolio.core.registry.policy import Policy
from runfolio.core.yaml_keys import repeated_key

KEYS = ("stages", "single", "card", "gates", "events")
GATE_KEYS = ("when_failing", "checks")
# More than anybody writes, and so few that lists of aliases of lists stay short.
DEEPEST, MOST = 20, 5_000
LONGEST_STAGE = 40
_LIKE_A_VERSION = re.compile(r"latest|v?\d+", re.IGNORECASE)
_TAB = re.compile(r"^ *\t", re.MULTILINE)


@lru_cache(4096)  # lists of models ask for the policy of each
def parse_policy(text: str) -> Policy:
    """Read a policy; an empty text is the default one.

    Raises:
        InvalidValue: it is no YAML, or something in it breaks a rule; the message says where and what may be meant.
    """
    if not text.strip():
        return Policy()
    plain = _plain(text)
    given = fields.mapping({} if plain is None else plain, "policy", KEYS)
    given = {key: value for key, value in given.items() if value is not None}
    stages = _stages(given["stages"]) if "stages" in given else Policy().stages
    return Policy(
        stages,
        _single(given["single"], stages) if "single" in given else stages[1:-1],
        _card(given.get("card", [])),
        _gates(given.get("gates", {}), stages),
        tuple(read_event(one, at, stages) for one, at in fields.listed(given.get("events", []), "events")),
    )


def readable_policy(text: str) -> Policy:
    """What can be read of a policy, which may be one that a newer version of this program has written.

    For what must go on nevertheless, such as lists and addresses: it tells the stages alone. Nothing is judged by it,
    for a gate that cannot be read would let anything pass.
    """
    try:
        return parse_policy(text)
    except InvalidValue:
        pass
    try:
        plain = _plain(text)
        stages = _stages(plain["stages"]) if isinstance(plain, dict) and "stages" in plain else STAGES
    except InvalidValue:
        stages = STAGES
    return Policy(stages, stages[1:-1])


def _plain(text: str) -> Any:
    if rules.text(text) != text:
        raise InvalidValue("The policy is a text that UTF-8 can hold.")
    try:
        twice = repeated_key(text, deepest=DEEPEST, most=MOST)
        found = yaml_text.load(text, deepest=DEEPEST, most=MOST)
    except yaml_text.NotYaml as problem:
        reason = str(problem).replace('"<unicode string>", ', "")
        hint = "YAML is indented with blanks, not with tabs." if _TAB.search(text) else ""
        raise InvalidValue(f"The policy cannot be read: {reason}.", hint) from problem
    if twice is not None:
        raise InvalidValue(f"The key {fields.shown(twice[0])} stands twice, again in line {twice[1]}.", "Join the two.")
    return found


def _stages(value: Any) -> tuple[str, ...]:
    """All stages; the first and the last of every list are added where they were not written."""
    written = [(_stage_name(one, at), at) for one, at in fields.listed(value, "stages")]
    first, last = NONE.casefold(), ARCHIVED.casefold()
    if written and written[0][0].casefold() == first:
        del written[0]
    if written and written[-1][0].casefold() == last:
        del written[-1]
    letters = [name.casefold() for name, _ in written]
    for number, (name, place) in enumerate(written):
        if letters[number] in (first, last):
            raise fields.wrong(place, f"{NONE} is the first and {ARCHIVED} the last of all stages.", "Leave it out.")
        if letters[number] in letters[:number]:
            raise fields.wrong(place, f"there is a stage {fields.shown(name)} already.", "The case does not matter.")
    return (NONE, *(name for name, _ in written), ARCHIVED)


def _stage_name(value: Any, place: str) -> str:
    name = fields.text(value, place, "a stage")
    if len(name) > LONGEST_STAGE:
        raise fields.wrong(place, f"a stage has at most {LONGEST_STAGE} characters; this one has {len(name)}.")
    if not name.isprintable() or name != name.strip() or any(letter in name for letter in "/:@\\"):
        raise fields.wrong(
            place, f"a stage has none of / \\ : @, no line breaks and no blanks around it; {name!r} has."
        )
    if _LIKE_A_VERSION.fullmatch(name):
        raise fields.wrong(place, f"{name!r} cannot be a stage: models:/name/{name} means a version.")
    return name


def _single(value: Any, stages: tuple[str, ...]) -> tuple[str, ...]:
    return fields.once([_between(one, at, stages) for one, at in fields.listed(value, "single")], "single")


def _between(value: Any, place: str, stages: tuple[str, ...]) -> str:
    """A stage that rules can be made for."""
    name = fields.choice(value, place, stages, "stage")
    if name in (NONE, ARCHIVED):
        raise fields.wrong(place, f"{name} takes any version, and any number of them.", fields.meant("", stages[1:-1]))
    return name


def _card(value: Any) -> tuple[str, ...]:
    return fields.once([fields.key(one, at, "metric") for one, at in fields.listed(value, "card")], "card")


def _gates(value: Any, stages: tuple[str, ...]) -> dict[str, Gate]:
    if not isinstance(value, dict):
        raise fields.wrong("gates", f"here stand gates by stage, not {fields.shown(value)}.")
    names = fields.once([_between(name, fields.below("gates", name), stages) for name in value], "gates")
    found = zip(names, value.values(), strict=True)
    return {name: _gate({} if one is None else one, fields.below("gates", name)) for name, one in found}


def _gate(value: Any, place: str) -> Gate:
    given = fields.mapping(value, place, GATE_KEYS)
    when, there = WhenFailing.BLOCK, fields.below(place, "when_failing")
    if "when_failing" in given:
        when = WhenFailing(fields.choice(given["when_failing"], there, tuple(WhenFailing), "when_failing"))
    checks = [] if given.get("checks") is None else given["checks"]
    return Gate(tuple(read_check(one, at) for one, at in fields.listed(checks, fields.below(place, "checks"))), when)


def write_policy(policy: Policy) -> str:
    """A policy as YAML that is read as the same one; what is as it is by default is left out, but for the stages."""
    found: dict[str, object] = {"stages": list(policy.stages[1:-1])}
    if policy.single != policy.stages[1:-1]:
        found["single"] = list(policy.single)
    if policy.card:
        found["card"] = list(policy.card)
    if policy.gates:
        found["gates"] = {stage: _written_gate(gate) for stage, gate in policy.gates.items()}
    if policy.events:
        found["events"] = [_written_event(event) for event in policy.events]
    return yaml.dump(found, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=None, width=120)


def _written_gate(gate: Gate) -> dict[str, object]:
    return {"when_failing": str(gate.when_failing), "checks": [check.written() for check in gate.checks]}


def _written_event(event: Event) -> dict[str, object]:
    on: dict[str, object] = {_On("on"): list(event.on)} if event.on else {}
    return on | event.written()


class _On(str):
    """The key `on`, which is written without quotes, although YAML 1.1 takes it for true: so people write it."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """Writes the key `on` as it is, and escapes line breaks: PyYAML reads some of them as others."""


def _written_text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, None if value.isprintable() else '"')


_Dumper.add_representer(_On, lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:bool", "on"))
_Dumper.add_representer(str, _written_text)
