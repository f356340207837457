"""Policies are read strictly, slips are told where they stand, and what is written reads back."""

from __future__ import annotations

from contextlib import suppress

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.errors import InvalidValue
from runfolio.core.registry.check_kinds import CHECKS
from runfolio.core.registry.events import CommandEvent, PostEvent
from runfolio.core.registry.gates import Gate, WhenFailing
from runfolio.core.registry.holder_checks import BesideHolder
from runfolio.core.registry.limit_checks import AtLeast, AtMost
from runfolio.core.registry.model_checks import Environment, InputExample, Signature
from runfolio.core.registry.people_checks import Description, SignOff, Tagged
from runfolio.core.registry.policy import Policy
from runfolio.core.registry.policy_text import DEEPEST, parse_policy, write_policy
from runfolio.core.registry.run_checks import CleanGit, RunsInGroup
from tests.core.registry.policies import policies

WHOLE = """
stages: [Staging, Shadow, Production]
single: [production]
card: [auc, f1]
gates:
  production:
    when_failing: reason
    checks:
      - {metric: auc, at_least: 0.93}
      - {metric: loss, at_most: 1e-3}
      - {metric: auc, beside_holder: not_worse, tolerance: 0.002}
      - {metric: rank, beside_holder: better, better: lower}
      - signature
      - input_example
      - description
      - environment
      - clean_git
      - {tag: reviewed, value: "yes"}
      - {tag: reviewed}
      - {runs_in_group: 3}
      - sign_off
      - {sign_off: [anna, bert]}
  Staging:
events:
  - {on: [PRODUCTION], command: [notify-send, "{model} {version}"]}
  - {post: "http://127.0.0.1:9000/hook", secret_from: HOOK_SECRET}
"""


def said(text: str) -> str:
    """What is said of a policy that is wrong."""
    with pytest.raises(InvalidValue) as caught:
        parse_policy(text)
    return str(caught.value)


def test_everything_that_can_be_written_is_read() -> None:
    policy = parse_policy(WHOLE)
    assert policy.stages == ("None", "Staging", "Shadow", "Production", "Archived")
    assert (policy.single, policy.card) == (("Production",), ("auc", "f1"))
    checks = (
        AtLeast("auc", 0.93),
        AtMost("loss", 0.001),
        BesideHolder("auc", tolerance=0.002),
        BesideHolder("rank", "better", 0, "lower"),
        Signature(),
        InputExample(),
        Description(),
        Environment(),
        CleanGit(),
        Tagged("reviewed", "yes"),
        Tagged("reviewed"),
        RunsInGroup(3),
        SignOff(),
        SignOff(("anna", "bert")),
    )
    assert policy.gates == {"Production": Gate(checks, WhenFailing.REASON), "Staging": Gate()}
    assert {type(check) for check in checks} == set(CHECKS.values())
    assert policy.events == (
        CommandEvent(("notify-send", "{model} {version}"), ("Production",)),
        PostEvent("http://127.0.0.1:9000/hook", "HOOK_SECRET"),
    )


def test_policies_are_written_as_people_write_them() -> None:
    assert write_policy(parse_policy(WHOLE)).splitlines() == [
        "stages: [Staging, Shadow, Production]",
        "single: [Production]",
        "card: [auc, f1]",
        "gates:",
        "  Production:",
        "    when_failing: reason",
        "    checks:",
        "    - {metric: auc, at_least: 0.93}",
        "    - {metric: loss, at_most: 0.001}",
        "    - {metric: auc, beside_holder: not_worse, tolerance: 0.002}",
        "    - {metric: rank, beside_holder: better, better: lower}",
        "    - signature",
        "    - input_example",
        "    - description",
        "    - environment",
        "    - clean_git",
        "    - {tag: reviewed, value: 'yes'}",
        "    - {tag: reviewed}",
        "    - {runs_in_group: 3}",
        "    - sign_off",
        "    - sign_off: [anna, bert]",
        "  Staging:",
        "    when_failing: block",
        "    checks: []",
        "events:",
        "- on: [Production]",
        "  command: [notify-send, '{model} {version}']",
        "- {post: 'http://127.0.0.1:9000/hook', secret_from: HOOK_SECRET}",
    ]
    assert write_policy(Policy()) == "stages: [Staging, Production]\n"


@given(policies())
def test_what_is_written_reads_back(policy: Policy) -> None:
    assert parse_policy(write_policy(policy)) == policy


@pytest.mark.parametrize("text", ["0\x85", "a\u2028b", "\ufeff", "a\r\nb", " a ", "\t", "\0", "😀", "on", "1:30"])
def test_texts_that_yaml_is_unsure_of_come_back(text: str) -> None:
    policy = Policy(gates={"Staging": Gate((SignOff((f"{text}x", f"x{text}")),))})
    assert parse_policy(write_policy(policy)) == policy


@pytest.mark.parametrize("text", ["", " \n", "# nothing yet\n", "{}", "gates:\nevents:\nsingle:\n", "~"])
def test_where_nothing_is_written_the_defaults_hold(text: str) -> None:
    assert parse_policy(text) == Policy()


@pytest.mark.parametrize(
    ("text", "stages", "single"),
    [
        ("stages: []", ("None", "Archived"), ()),
        ("stages: [none, Live, ARCHIVED]", ("None", "Live", "Archived"), ("Live",)),
        ("stages: [Live]\nsingle: []", ("None", "Live", "Archived"), ()),
    ],
)
def test_stages_lie_between_the_first_and_the_last(text: str, stages: tuple[str, ...], single: tuple[str, ...]) -> None:
    policy = parse_policy(text)
    assert (policy.stages, policy.single) == (stages, single)


def test_a_policy_is_asked_by_stage_whatever_its_case() -> None:
    policy = parse_policy(WHOLE)
    assert policy.stage("pRODUCTION") == "Production"
    assert (policy.is_single("production"), policy.is_single("Staging")) == (True, False)
    assert len(policy.gate("production").checks) == 14
    assert policy.gate("Archived") == Gate()
    assert [type(event) for event in policy.events_on("production")] == [CommandEvent, PostEvent]
    assert [type(event) for event in policy.events_on("Archived")] == [PostEvent]
    with pytest.raises(InvalidValue, match=r"^The model has no stage 'prod'\. Did you mean Production\?$"):
        policy.stage("prod")


GATE = "gates: {Production: {checks: [signature, %s]}}"
PLACE = "gates.Production.checks[1]"
CHECK_SLIPS = [
    ("signatur", ": there is no check 'signatur'. Did you mean signature?"),
    (
        "zzz",
        ": there is no check 'zzz'. There are at_least, at_most, beside_holder, signature, input_example, description, "
        "environment, clean_git, tag, runs_in_group, sign_off.",
    ),
    ("tag", ': tag alone does not say enough. Write it as {tag: reviewed, value: "yes"}.'),
    ("{signature: }", ": signature is a word that stands alone. Write it as signature."),
    ("{metric: auc, at_lest: 1}", ": there is no key 'at_lest'. Did you mean at_least?"),
    ("{metric: auc, at_least: 1, at_most: 2}", ": at_least and at_most are 2 checks. Write one below the other."),
    ("{metric: auc, at_least: 1, tolerance: 2}", ": there is no key 'tolerance'. There are metric, at_least."),
    ("{at_least: 1}", ": the key metric is missing. Write it as {metric: auc, at_least: 0.93}."),
    ("{metric: [a], at_least: 1}", ".metric: a metric is a text, not a list."),
    ("{metric: ../a, at_least: 1}", ".metric: The metric '../a' is not allowed: as a path it must be in its shortest"),
    ("{metric: 3, at_least: 1}", ".metric: a metric is a text, not 3. What YAML reads as something else is put into"),
    ("{metric: auc, at_least: much}", ".at_least: at_least is a number, not 'much'."),
    ("{metric: auc, at_least: yes}", ".at_least: at_least is a number, not True."),
    ("{metric: auc, at_most: .nan}", ".at_most: at_most is a number, not nan."),
    ("{metric: auc, at_most: -.inf}", ".at_most: at_most is a number, not -inf."),
    ("{metric: auc, at_most: 1e999}", ".at_most: at_most is a number, not inf."),
    (f"{{metric: auc, at_most: 1{'0' * 400}}}", ".at_most: at_most is a number, not a number beyond 64 bits."),
    (
        "{metric: auc, beside_holder: worse}",
        ".beside_holder: there is no beside_holder 'worse'. Did you mean not_worse?",
    ),
    ("{metric: auc, beside_holder: not_worse, tolerance: -1}", ".tolerance: tolerance is not less than 0; -1 is."),
    (
        "{metric: auc, beside_holder: better, tolerance: 1}",
        ".tolerance: what must be better may not be worse by anything. Say not_worse.",
    ),
    (
        "{metric: auc, beside_holder: better, better: lowr}",
        ".better: there is no direction 'lowr'. Did you mean lower?",
    ),
    (
        "{tag: reviewed, value: yes}",
        ".value: the value of a tag is a text, not True. What YAML reads as something else",
    ),
    ("{tag: reviewed, value: ' '}", ".value: the value of a tag is a text that is not blank."),
    ("{tag: '?'}", ".tag: The tag '?' is not allowed: only letters, digits, blanks and _ - . : / are."),
    ("{runs_in_group: 0}", ".runs_in_group: runs_in_group is a whole number from 1 to 1,000,000, not 0."),
    ("{runs_in_group: 2.5}", ".runs_in_group: runs_in_group is a whole number from 1 to 1,000,000, not 2.5."),
    ("{runs_in_group: true}", ".runs_in_group: runs_in_group is a whole number from 1 to 1,000,000, not True."),
    ("{sign_off: anna}", ".sign_off: here stands a list, not 'anna'. Write it as [first, second]."),
    ("{sign_off: []}", ".sign_off: nobody is named. Write sign_off alone if anybody may sign."),
    ("{sign_off: [anna, anna]}", ".sign_off: 'anna' stands there twice. Leave one out."),
    ("{sign_off: [anna, 7]}", ".sign_off[1]: a person is a text, not 7."),
    ("{metric: auc}", ": it does not say what is checked. Add one of at_least, at_most, beside_holder,"),
    ("{}", ": it does not say what is checked."),
    ("7", ": here stand keys and values, not 7."),
    ("[signature]", ": here stand keys and values, not a list."),
    ("~", ": here stand keys and values, not nothing."),
]


@pytest.mark.parametrize(("check", "expected"), CHECK_SLIPS, ids=[check[:50] for check, _ in CHECK_SLIPS])
def test_a_slip_in_a_check_is_told_where_it_stands(check: str, expected: str) -> None:
    assert said(GATE % check).startswith(PLACE + expected)


SLIPS = [
    ("gate: {}", "policy: there is no key 'gate'. Did you mean gates?"),
    ("7: {}", "policy: there is no key 7. There are stages, single, card, gates, events."),
    ("- 1", "policy: here stand keys and values, not a list. The keys are stages, single, card, gates, events."),
    ("false", "policy: here stand keys and values, not False."),
    ("{", "The policy cannot be read: while parsing a flow node did not find expected node content in line"),
    ("a: !!python/name:os.system", "The policy cannot be read: could not determine a constructor for the tag"),
    ("card: [a]\ngates:\ncard: [b]", "The key 'card' stands twice, again in line 3. Join the two."),
    ("gates:\n  A: {checks: [], checks: []}", "The key 'checks' stands twice, again in line 2."),
    ("[" * 50 + "]" * 50, f"The policy cannot be read: it is nested deeper than {DEEPEST} levels."),
    ("card: [" + "a, " * 6_000 + "]", "The policy cannot be read: it has more than 5,000 parts."),
    ("card: '\ud800'", "The policy is a text that UTF-8 can hold."),
    ("stages: Staging", "stages: here stands a list, not 'Staging'. Write it as [first, second]."),
    (
        "stages: [a, no]",
        "stages[1]: a stage is a text, not False. What YAML reads as something else is put into quotes.",
    ),
    ("stages: [a, ' ']", "stages[1]: a stage is a text that is not blank."),
    (f"stages: [{'x' * 41}]", "stages[0]: a stage has at most 40 characters; this one has 41."),
    ("stages: [a/b]", "stages[0]: a stage has none of / \\ : @, no line breaks and no blanks around it; 'a/b' has."),
    ("stages: [a@b]", "stages[0]: a stage has none of / \\ : @"),
    ("stages: ['a:b']", "stages[0]: a stage has none of / \\ : @"),
    ("stages: [' a']", "stages[0]: a stage has none of / \\ : @"),
    ('stages: ["a\\nb"]', "stages[0]: a stage has none of / \\ : @"),
    ("stages: [Latest]", "stages[0]: 'Latest' cannot be a stage: models:/name/Latest means a version."),
    ("stages: [v3]", "stages[0]: 'v3' cannot be a stage"),
    ("stages: ['12']", "stages[0]: '12' cannot be a stage"),
    ("stages: [Live, live]", "stages[1]: there is a stage 'live' already. The case does not matter."),
    ("stages: [Live, none, Old]", "stages[1]: None is the first and Archived the last of all stages. Leave it out."),
    ("stages: [Archived, Live]", "stages[0]: None is the first and Archived the last of all stages. Leave it out."),
    ("single: [Prodution]", "single[0]: there is no stage 'Prodution'. Did you mean Production?"),
    ("single: [Staging, staging]", "single: 'Staging' stands there twice. Leave one out."),
    ("single: [archived]", "single[0]: Archived takes any version, and any number of them."),
    ("card: [auc, auc]", "card: 'auc' stands there twice."),
    ("card: ['a?']", "card[0]: The metric 'a?' is not allowed: only letters, digits, blanks and _ - . : / are."),
    ("gates: [signature]", "gates: here stand gates by stage, not a list."),
    ("gates: {Prod: {}}", "gates.Prod: there is no stage 'Prod'. Did you mean Production?"),
    ("gates: {a.b: {}}", "gates.'a.b': there is no stage 'a.b'. There are None, Staging, Production, Archived."),
    ("gates: {None: {}}", "gates.None: None takes any version, and any number of them. There are Staging, Production."),
    ("gates: {Production: {}, production: {}}", "gates: 'Production' stands there twice."),
    ("gates: {no: {}}", "gates.False: a stage is a text, not False. What YAML reads as something else is put into"),
    (
        "gates: {Production: [signature]}",
        "gates.Production: here stand keys and values, not a list. The keys are when_f",
    ),
    ("gates: {Production: {check: []}}", "gates.Production: there is no key 'check'. Did you mean checks?"),
    ("gates: {Production: {checks: signature}}", "gates.Production.checks: here stands a list, not 'signature'."),
    (
        "gates: {Production: {when_failing: blok}}",
        "gates.Production.when_failing: there is no when_failing 'blok'. Did you mean block?",
    ),
    ("events: {}", "events: here stands a list, not a mapping."),
    ("events: [ls]", "events[0]: here stand keys and values, not 'ls'. The keys are on, command, post, secret_from."),
    ("events: [{on: [Production]}]", "events[0]: an event has either command or post. Write one event for each."),
    ("events: [{command: [ls], post: 'http://a'}]", "events[0]: an event has either command or post."),
    ("events: [{commnd: [ls]}]", "events[0]: there is no key 'commnd'. Did you mean command?"),
    ("events: [{command: [ls], secret_from: A}]", "events[0]: there is no key 'secret_from'. There are on, command."),
    (
        "events: [{command: ls -l}]",
        "events[0].command: a command is a list of texts, which no shell reads. Write it as",
    ),
    ("events: [{command: []}]", "events[0].command: a command begins with a program."),
    ("events: [{command: ['', a]}]", "events[0].command: a command begins with a program."),
    ("events: [{command: [run, 7]}]", "events[0].command[1]: an argument is a text, not 7."),
    ('events: [{command: [run, "a\\0"]}]', "events[0].command[1]: an argument cannot hold the character 0."),
    ("events: [{command: ['{model}']}]", "events[0].command[0]: the program is no placeholder, as '{model}' is."),
    (
        "events: [{command: [run, '{modl}']}]",
        "events[0].command[1]: there is no placeholder {modl}. Did you mean model?",
    ),
    ("events: [{on: [], command: [ls]}]", "events[0].on: no stage is named. Leave `on` out for all stages."),
    (
        "events: [{on: [Prduction], command: [ls]}]",
        "events[0].on[0]: there is no stage 'Prduction'. Did you mean Produ",
    ),
    ("events: [{on: [None, none], command: [ls]}]", "events[0].on: 'None' stands there twice."),
    ("events: [{post: 7}]", "events[0].post: an address is a text, not 7."),
    (
        "events: [{post: 'ftp://a/b'}]",
        "events[0].post: 'ftp://a/b' is no address of http or https. Write it as http://",
    ),
    ("events: [{post: 'http:///a'}]", "events[0].post: 'http:///a' is no address of http or https."),
    ("events: [{post: 'http://[a'}]", "events[0].post: 'http://[a' is no address of http or https."),
    ("events: [{post: 'http://a:99999'}]", "events[0].post: 'http://a:99999' is no address of http or https."),
    ("events: [{post: 'http://a/ b'}]", "events[0].post: 'http://a/ b' is no address of http or https."),
    ("events: [{post: 'http://me:pw@a/'}]", "events[0].post: an address names no user and no password. Sign messages"),
    (
        "events: [{post: 'http://a', secret_from: s3cr3t!}]",
        "events[0].secret_from: an environment variable is named by letters, digits and _. Say HOOK_SECRET.",
    ),
    ("events: [{post: 'http://a', secret_from: 7}]", "events[0].secret_from: the name of an environment variable is a"),
]


@pytest.mark.parametrize(("text", "expected"), SLIPS, ids=[ascii(text[:50]) for text, _ in SLIPS])
def test_a_slip_is_told_where_it_stands(text: str, expected: str) -> None:
    assert said(text).startswith(expected)


def test_who_indents_with_tabs_is_told_what_to_do() -> None:
    assert said("gates:\n\tProduction: {}").endswith(
        "in line 2, column 1. YAML is indented with blanks, not with tabs."
    )
    assert "tabs" not in said("gates: {\n")


def test_aliases_that_would_be_endless_are_named_and_not_written_out() -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 15))]
    assert len(said(f"stages: [{'x'}]\ncard: &b [*b]")) < 200
    assert len(said("\n".join([*lines, "stages: *a14"]))) < 200
    assert len(said("single:\n- &a0 [x]\n" + "\n".join(f"- &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)))) < 200


PARTS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["Production", "signature", "auc", "{model}", "http://a", *CHECKS]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["stages", "single", "card", "gates", "events", "Production", "checks", "metric", "on", "post"]
            )
            | st.sampled_from(["command", "tolerance", "value", "better", "when_failing", *CHECKS])
            | st.integers(),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@given(PARTS)
def test_whatever_is_written_is_a_policy_or_told_to_be_none(value: object) -> None:
    text = yaml.safe_dump(value)
    with suppress(InvalidValue):
        assert parse_policy(write_policy(parse_policy(text))) == parse_policy(text)


@given(st.text())
def test_any_text_is_a_policy_or_told_to_be_none(text: str) -> None:
    with suppress(InvalidValue):
        parse_policy(text)


def test_placeholders_are_filled_once_and_other_braces_stay() -> None:
    event = CommandEvent(("run", "{model}/{version}", "{", '{"a": 1}', "{from}>{stage}"))
    values = {"model": "{version}", "version": "3", "stage": "Production", "from": "Staging"}
    assert event.filled(values) == ("run", "{version}/3", "{", '{"a": 1}', "Staging>Production")
