"""The filter language: what MLflow takes means the same, trees and texts agree, and errors point at the character."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.errors import FilterError
from runfolio.core.filter import EXPERIMENTS, RUNS, filter_text, parse_filter, parse_order
from runfolio.core.filter.complete import Known, place_at, proposals
from runfolio.core.filter.fields import Subject
from runfolio.core.filter.tree import (
    And,
    Comparison,
    Entity,
    Field,
    Moment,
    Node,
    Not,
    Operator,
    Or,
    OrderKey,
    Presence,
    Statistic,
    Words,
)
from tests.core.filters import KEYS, TEXTS, fields, leaves, order_text, trees

METRIC, PARAM, TAG, DATASET, ATTRIBUTE = Entity.METRIC, Entity.PARAM, Entity.TAG, Entity.DATASET, Entity.ATTRIBUTE
LOSS = Field(METRIC, "loss")


def compared(entity: Entity, key: str, operator: str, value: object) -> Comparison:
    return Comparison(Field(entity, key), Operator(operator), value)  # type: ignore[arg-type]


def since(time: float | Moment) -> Comparison:
    return compared(ATTRIBUTE, "start_time", ">", time)


A = compared(METRIC, "a", "<", 1.0)
B = compared(PARAM, "b", "=", "x")
C = compared(TAG, "c", "=", "y")
TOP = Presence(Field(ATTRIBUTE, "parent"), False)

MLFLOW = [
    ("", And()),
    ("  ", And()),
    ("metrics.a < 1", A),
    ("metric.a<1", A),
    ("metrics.`a`<1", A),
    ('metrics."a"<1', A),
    ("metrics.a >= -1.5e-3", compared(METRIC, "a", ">=", -0.0015)),
    ("metrics.a > .5", compared(METRIC, "a", ">", 0.5)),
    ("metrics.a != 1.", compared(METRIC, "a", "!=", 1.0)),
    ("metrics.a <= 1e300", compared(METRIC, "a", "<=", 1e300)),
    ("metrics.`m 1/x` = 0", compared(METRIC, "m 1/x", "=", 0.0)),
    ("params.b = 'x'", B),
    ('param.b = "x"', B),
    ("parameters.b='x'", B),
    ("parameter.b='x'", B),
    ("params.`model/depth` LIKE 'a%'", compared(PARAM, "model/depth", "like", "a%")),
    ("params.b ilike 'A_'", compared(PARAM, "b", "ilike", "A_")),
    ("params.b IS NULL", Presence(Field(PARAM, "b"), False)),
    ("tags.c is  not null", Presence(Field(TAG, "c"), True)),
    ("tags.mlflow.runName = 'y'", compared(TAG, "mlflow.runName", "=", "y")),
    ("tag.`mlflow.source.name` != 'y'", compared(TAG, "mlflow.source.name", "!=", "y")),
    ("metrics.a<1 AND params.b='x'", And((A, B))),
    ("metrics.a<1 and params.b='x' And tags.c = 'y'", And((A, B, C))),
    ("metrics.a<1 params.b='x'", And((A, B))),
    ("metrics.a<1 AND AND params.b='x'", And((A, B))),
    ("AND metrics.a<1 AND", A),
    ("metrics.a<1\n\tAND\nparams.b='x'", And((A, B))),
    ("attributes.status = 'FINISHED'", compared(ATTRIBUTE, "status", "=", "FINISHED")),
    ("attribute.status = 'FINISHED'", compared(ATTRIBUTE, "status", "=", "FINISHED")),
    ("attr.status = 'FINISHED'", compared(ATTRIBUTE, "status", "=", "FINISHED")),
    ("run.status = 'FINISHED'", compared(ATTRIBUTE, "status", "=", "FINISHED")),
    ("status = 'FINISHED'", compared(ATTRIBUTE, "status", "=", "FINISHED")),
    ("run_id IN ('a', 'b')", compared(ATTRIBUTE, "run_id", "in", ("a", "b"))),
    ("run_id in ('a')", compared(ATTRIBUTE, "run_id", "in", ("a",))),
    ("attributes.run_id NOT  IN (\"a\",'b',)", compared(ATTRIBUTE, "run_id", "not in", ("a", "b"))),
    ("run_name = 'r'", compared(ATTRIBUTE, "run_name", "=", "r")),
    ("`run name` = 'r'", compared(ATTRIBUTE, "run_name", "=", "r")),
    ("attributes.`Run name` = 'r'", compared(ATTRIBUTE, "run_name", "=", "r")),
    ("attributes.\"Run Name\" = 'r'", compared(ATTRIBUTE, "run_name", "=", "r")),
    ("user_id LIKE '%me%'", compared(ATTRIBUTE, "user_id", "like", "%me%")),
    ("artifact_uri = 'x'", compared(ATTRIBUTE, "artifact_uri", "=", "x")),
    ("start_time > 1600000000000", compared(ATTRIBUTE, "start_time", ">", 1.6e12)),
    ("attributes.created > 1600000000000", compared(ATTRIBUTE, "start_time", ">", 1.6e12)),
    ("Created > 1600000000000", compared(ATTRIBUTE, "start_time", ">", 1.6e12)),
    ("end_time <= 5", compared(ATTRIBUTE, "end_time", "<=", 5.0)),
    ("datasets.name = 'd'", compared(DATASET, "name", "=", "d")),
    ("dataset.digest IN ('d', 'e')", compared(DATASET, "digest", "in", ("d", "e"))),
    ("datasets.context ILIKE 'tr%'", compared(DATASET, "context", "ilike", "tr%")),
    # Strings end at their quote and know no escape; what is between is taken as it is.
    ('params.b = "it\'s"', compared(PARAM, "b", "=", "it's")),
    ("params.b = 'it''s'", compared(PARAM, "b", "=", "it''s")),
    (r"params.b = 'it\'s'", compared(PARAM, "b", "=", r"it\'s")),
    (r"params.b = 'C:\new'", compared(PARAM, "b", "=", r"C:\new")),
    ("params.b = ''", compared(PARAM, "b", "=", "")),
    ("params.b LIKE '50\\%'", compared(PARAM, "b", "like", "50\\%")),
    ("params.b = 'a and b'", compared(PARAM, "b", "=", "a and b")),
    ("tags.and = 'y' and tags.or = 'y'", And((compared(TAG, "and", "=", "y"), compared(TAG, "or", "=", "y")))),
]

OURS = [
    ("metrics.a<1 or params.b='x' and tags.c='y'", Or((A, And((B, C))))),
    ("(metrics.a<1 or params.b='x') tags.c='y'", And((Or((A, B)), C))),
    ("not metrics.a<1 and params.b='x'", And((Not(A), B))),
    ("not (metrics.a<1 and not params.b='x')", Not(And((A, Not(B))))),
    ("((metrics.a<1))", A),
    ("metrics.a == 1 and metrics.a <> 1", And((compared(METRIC, "a", "=", 1.0), compared(METRIC, "a", "!=", 1.0)))),
    ("metrics.a in (1, 2.5)", compared(METRIC, "a", "in", (1.0, 2.5))),
    ("metrics.a = inf", compared(METRIC, "a", "=", float("inf"))),
    ("metrics.a is null", Presence(Field(METRIC, "a"), False)),
    ("params.b > 0.01", compared(PARAM, "b", ">", 0.01)),
    ("params.b = 0.01", compared(PARAM, "b", "=", 0.01)),
    ("params.b not in ('a','b')", compared(PARAM, "b", "not in", ("a", "b"))),
    ("params.b not  ilike 'a%'", compared(PARAM, "b", "not ilike", "a%")),
    (r"tags.c ~ '^v\d+$'", compared(TAG, "c", "~", r"^v\d+$")),
    ("run_name !~ 'x'", compared(ATTRIBUTE, "run_name", "!~", "x")),
    ("has(tags.c)", Presence(Field(TAG, "c"))),
    ("not has( params.b )", Not(Presence(Field(PARAM, "b")))),
    ("metrics.val/loss-1 < 1", compared(METRIC, "val/loss-1", "<", 1.0)),
    ("metrics.loss.min < 1", Comparison(Field(METRIC, "loss", Statistic.MIN, True), Operator.LESS, 1.0)),
    ("metrics.`loss`.max < 1", Comparison(Field(METRIC, "loss", Statistic.MAX), Operator.LESS, 1.0)),
    ("metrics.`loss.max` < 1", compared(METRIC, "loss.max", "<", 1.0)),
    ("metrics.loss.best < 1", Comparison(Field(METRIC, "loss", Statistic.BEST, True), Operator.LESS, 1.0)),
    ("created > now - 7d", since(Moment("now", -7 * 86_400_000))),
    ("end_time < today", Comparison(Field(ATTRIBUTE, "end_time"), Operator.LESS, Moment("today"))),
    ("created > today - 1w + 2h30m", since(Moment("today", -595_800_000))),
    ("created > 2024-05-06", since(datetime(2024, 5, 6).timestamp() * 1000)),
    ("created > '2024-05-06 07:08'", since(datetime(2024, 5, 6, 7, 8).timestamp() * 1000)),
    ("created > 1970-01-02T00:00:01.5Z", compared(ATTRIBUTE, "start_time", ">", 86_401_500.0)),
    ("created > 1970-01-02T00:00Z - 1d", compared(ATTRIBUTE, "start_time", ">", 0.0)),
    ("duration > 2h", compared(ATTRIBUTE, "duration", ">", 7_200_000.0)),
    ("duration > 1.5m", compared(ATTRIBUTE, "duration", ">", 90_000.0)),
    ("duration > 500", compared(ATTRIBUTE, "duration", ">", 500_000.0)),
    ("children > 0 parent is null", And((compared(ATTRIBUTE, "children", ">", 0.0), TOP))),
    ("resnet", Words("resnet")),
    ("resnet-50 'two words'", And((Words("resnet-50"), Words("two words")))),
    ("resnet metrics.a < 1", And((Words("resnet"), A))),
    ("android notes inside", And((Words("android"), Words("notes"), Words("inside")))),
    ("2024 or status", Or((Words("2024"), Words("status")))),
    (r"""params.b = e'it\'s "x" \\'""", compared(PARAM, "b", "=", 'it\'s "x" \\')),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tree"), [*MLFLOW, *OURS], ids=[text for text, _ in [*MLFLOW, *OURS]])
def test_a_filter_means(text: str, tree: Node) -> None:
    assert parse_filter(text) == tree
    assert parse_filter(filter_text(tree)) == tree


def test_a_filter_that_was_read_is_known_of_each_subject_by_itself() -> None:
    text = "formulas.speed > 5"
    with pytest.raises(FilterError):
        parse_filter(text)
    assert parse_filter(text, RUNS.with_formulas(["speed"])) is parse_filter(text, RUNS.with_formulas(["speed"]))
    with pytest.raises(FilterError):
        parse_filter(text)


@given(trees(leaves()))
def test_a_tree_reads_back_from_its_text(tree: Node) -> None:
    assert parse_filter(filter_text(tree)) == tree


@given(trees(leaves(EXPERIMENTS)))
def test_so_does_one_for_experiments(tree: Node) -> None:
    assert parse_filter(filter_text(tree), EXPERIMENTS) == tree


@given(fields().filter(lambda field: field.entity not in (DATASET, Entity.CHECK)), st.booleans(), st.booleans())
def test_so_does_a_key_of_an_order(field: Field, descending: bool, nulls_first: bool) -> None:
    key = OrderKey(field, descending, nulls_first)
    assert parse_order(order_text(key)) == key


@given(TEXTS, KEYS, TEXTS)
def test_no_text_escapes_from_its_quotes(value: str, key: str, other: str) -> None:
    both = And((compared(PARAM, key, "=", value), compared(TAG, key, "!=", other)))
    assert parse_filter(filter_text(both)) == both


@given(st.text(max_size=30) | st.text("metrics.a<1 'and\"()or`~-notin7d", max_size=30))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    try:
        parse_filter(text)
    except FilterError as error:
        assert 0 <= error.position <= len(text)
        assert text[error.position :].startswith(error.found)


# Each wrong filter, what is wrong with it (from where to its end, marked by ▸ and ◂), and what the message says.
WRONG = [
    ("metrics.a▸◂", "an operator"),
    ("metrics.a <▸◂", "a value"),
    ("metrics.a < ▸'x'◂", "Write it without quotes"),
    ("metrics.a ▸like◂ 'x'", "metrics.a is a number, for which there is no 'like'"),
    ("metrics.a ▸~◂ 'x'", "metrics.a is a number"),
    ("metrics.a < ▸now◂", "a number"),
    ("metrics.a < ▸2h◂", "a number"),
    ("metrics.a < ▸metrics.b◂", "a value"),
    ("metrics.a ▸BETWEEN◂ 1 AND 2", "an operator"),
    ("metrics.a < 1▸;◂ drop table runs", "and, or or the end"),
    ("metrics.a < 1 or▸◂", "a condition"),
    ("metrics.a < 1 or ▸or◂ metrics.a < 1", "a condition"),
    ("status = 'x' or ▸and◂", "no condition beside this 'and'"),
    ("(metrics.a < 1▸◂", "a closing parenthesis"),
    ("metrics.a < 1▸)◂", "the end"),
    ("(▸)◂", "a condition"),
    ("not▸◂", "a condition"),
    ("5 < ▸metrics.a◂", "a value"),
    ("metrics.a ▸+◂ 1 < 2", "an operator"),
    ("params.b ▸is◂", "an operator"),
    ("params.b in ▸'x'◂", "an opening parenthesis"),
    ("params.b in (▸)◂", "a value"),
    ("params.b in ('x'▸◂", "a comma"),
    ("params.b in ('x', ▸1◂)", "all be texts or all be numbers"),
    ("params.b in (1, ▸'x'◂)", "all be texts or all be numbers"),
    ("params.b < ▸'x'◂", "with a number"),
    ("params.b like ▸5◂", "a text"),
    ("params.b = ▸x◂", "Texts are written in quotes"),
    ("params.b = ▸`x`◂", "a value"),
    ("params.b = ▸'◂x", "never closed"),
    ('params.b = ▸"◂x', "never closed"),
    ("params.▸`◂x = 'x'", "never closed"),
    ("params.b ~ ▸'('◂", "no regular expression"),
    ("params.b ~▸~◂ 'x'", "a value"),
    ("▸params.``◂ = 'x'", "The name is empty"),
    ("▸params.◂ = 'x'", "no attribute"),
    ("word ▸metrics.◂", "A name is missing after 'metrics.'"),
    ("▸params.`b`.min◂ = 'x'", "Only metrics have statistics"),
    ("tags.c > ▸'x'◂", "with a number"),
    ("tags.c in ('5', ▸5◂)", "all be texts or all be numbers"),
    ("status = ▸FINISHED◂", "in quotes"),
    ("▸statu◂ = 'x'", "Did you mean status?"),
    ("▸lr◂ > 1", "Params, metrics and tags have a prefix: params.lr"),
    ("▸lifecycle_stage◂ = 'x'", "no attribute"),
    ("▸attributes.nope◂ = 'x'", "no attribute"),
    ("▸datasets.size◂ = 'x'", "Datasets have no 'size'"),
    ("has(tags.c▸◂", "a closing parenthesis"),
    ("created > ▸yesterday◂", "a value"),
    ("created > ▸2024-13-01◂", "no such day"),
    ("created > ▸'soon'◂", "a time"),
    ("created > ▸7d◂", "a time"),
    ("created in (▸now◂)", "a time"),
    ("created > now -▸◂", "a span"),
    ("created > now - ▸7◂", "a span"),
    ("created > now - ▸7x◂", "a span"),
    ("created ▸like◂ '2024%'", "is a time"),
    ("duration > ▸now◂", "a span"),
    ("duration ▸like◂ '2h'", "a span of time"),
    ("children > ▸'2'◂", "without quotes"),
    ("params.b = ▸'a\0b'◂", "characters that no stored text has"),
    ("params.b = ▸'\ud800'◂", "characters that no stored text has"),
    ("metrics.a < 1\nand params.b ▸!◂ 'x'", "an operator"),
    ("metrics.a @ ▸◂", "a step such as 1000"),
    ("metrics.a @ ▸>◂ 1", "a step such as 1000"),
    ("metrics.a @ ▸1.5◂ > 1", "a step such as 1000"),
    ("metrics.a @ 1000▸◂", "an operator"),
    ("metrics.a @ ▸9223372036854775808◂ > 1", "No run has so great a step"),
    ("metrics.a.max ▸@◂ 3 > 1", "Write metrics.`a.max` if that is the metric's name"),
    ("params.b ▸@◂ 3 = 1", "Only metrics have values at steps, params.b has none"),
    ("metrics.a @ 3 ▸like◂ 'x'", "is a number"),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "said"), WRONG, ids=[ascii(marked) for marked, _ in WRONG])
def test_an_error_points_at_the_place_and_says_what_was_expected(marked: str, said: str) -> None:
    before, _, rest = marked.partition("▸")
    found, _, after = rest.partition("◂")
    with pytest.raises(FilterError) as caught:
        parse_filter(before + found + after)
    error = caught.value
    assert (error.position, error.found) == (len(before), found)
    assert said in str(error)
    assert f"character {len(before) + 1}" in str(error) or not found
    assert error.text == before + found + after


def test_the_pointer_marks_the_place_in_its_line() -> None:
    with pytest.raises(FilterError) as caught:
        parse_filter("metrics.a < 1\nand status = FINISHED\nand x = 1")
    assert caught.value.pointer == "and status = FINISHED\n             ^^^^^^^^"


LIMITS = [
    "not " * 60 + "metrics.a < 1",
    "(" * 60 + "metrics.a < 1" + ")" * 60,
    " ".join(["metrics.a < 1"] * 501),
    f"params.b like '{'%' * 1001}'",
    "x" * 1001,
    f"run_id in ({', '.join(['1'] * 30_001)})".replace("1", "'1'"),
    "metrics.a < 1" + " " * 1_000_001,
]


@pytest.mark.parametrize("text", LIMITS, ids=range(len(LIMITS)))
def test_what_would_be_too_much_is_refused_and_never_fails(text: str) -> None:
    with pytest.raises(FilterError, match="at most"):
        parse_filter(text)


ORDERS = [
    ("metrics.loss", OrderKey(LOSS)),
    ("metrics.loss ASC", OrderKey(LOSS)),
    ("metrics.loss desc", OrderKey(LOSS, True)),
    ("metrics.`val loss` DESC", OrderKey(Field(METRIC, "val loss"), True)),
    ('params."a b" DESC', OrderKey(Field(PARAM, "a b"), True)),
    ("tags.c", OrderKey(Field(TAG, "c"))),
    ("attributes.start_time DESC", OrderKey(Field(ATTRIBUTE, "start_time"), True)),
    ("start_time", OrderKey(Field(ATTRIBUTE, "start_time"))),
    ("Created ASC", OrderKey(Field(ATTRIBUTE, "start_time"))),
    ("`run name`", OrderKey(Field(ATTRIBUTE, "run_name"))),
    ("end_time desc nulls first", OrderKey(Field(ATTRIBUTE, "end_time"), True, True)),
    ("metrics.loss.min nulls last", OrderKey(Field(METRIC, "loss", Statistic.MIN, True))),
]


def test_a_formula_column_is_known_by_its_name() -> None:
    subject = replace(RUNS, formulas=("speed", "my speed"))
    above = Comparison(Field(Entity.FORMULA, "speed"), Operator.GREATER, 2.0)
    assert parse_filter("formulas.speed > 2", subject) == parse_filter("formula.`speed`>2", subject) == above
    assert parse_filter("has(formulas.`my speed`)", subject) == Presence(Field(Entity.FORMULA, "my speed"))
    assert filter_text(parse_filter('formulas."my speed" is null', subject)) == "formulas.`my speed` is null"


@pytest.mark.parametrize(
    ("text", "found", "said"),
    [
        (
            "adam formulas.sped > 2",
            "formulas.sped",
            "column 'sped' (at character 6). Did you mean formulas.speed?",
        ),
        ("formulas.other > 2", "formulas.other", "Formula columns belong to how runs are looked at"),
        ("formulas.speed ~ 'x'", "~", "formulas.speed is a number"),
        ("formulas.`speed`.max > 2", "formulas.`speed`.max", "Only metrics have statistics"),
        ("formulas.speed @ 3 > 2", "@", "Only metrics have values at steps"),
    ],
)
def test_a_wrong_formula_is_told_where_it_stands(text: str, found: str, said: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse_filter(text, replace(RUNS, formulas=("speed",)))
    assert text[caught.value.position :].startswith(found) and caught.value.found == found
    assert said in str(caught.value)
    with pytest.raises(FilterError, match=r"no formula column|have no formulas"):
        parse_filter("formulas.speed > 2", EXPERIMENTS if "adam" in text else RUNS)


@pytest.mark.parametrize(
    ("text", "key", "step"),
    [
        ("metrics.acc @ 1000 > 0.9", "acc", 1000),
        ("metrics.acc@1000>0.9", "acc", 1000),
        ("metric.acc  @  +1000 > 0.9", "acc", 1000),
        ("metrics.`val acc` @ -5 > 0.9", "val acc", -5),
        ('metrics."val/acc.max"@-5>0.9', "val/acc.max", -5),
        ("metrics.acc @ -9223372036854775808 > 0.9", "acc", -(2**63)),
    ],
)
def test_the_value_at_a_step_can_be_asked_for(text: str, key: str, step: int) -> None:
    field = Field(METRIC, key, step=step)
    assert parse_filter(text) == Comparison(field, Operator.GREATER, 0.9)
    assert parse_filter(text.replace(">", " not in (") + ")") == Comparison(field, Operator.NOT_IN, (0.9,))
    operand = text[: text.index(">")]
    assert parse_filter(f"has({operand})") == parse_filter(f"{operand} is not null") == Presence(field)
    assert parse_order(f"{operand} desc") == OrderKey(field, True)


@pytest.mark.parametrize(("text", "key"), ORDERS, ids=[text for text, _ in ORDERS])
def test_an_order_means(text: str, key: OrderKey) -> None:
    assert parse_order(text) == key


@pytest.mark.parametrize(
    ("text", "position"),
    [("", 0), ("nope", 0), ("metrics.a b", 10), ("metrics.a, metrics.b", 9), ("datasets.name", 0), ("a = 1", 2)],
)
def test_a_wrong_order_is_refused_with_its_place(text: str, position: int) -> None:
    with pytest.raises(FilterError) as caught:
        parse_order(text)
    assert caught.value.position == position


def test_experiments_have_fields_of_their_own() -> None:
    assert parse_filter("name LIKE 'a%' and tags.c = 'y' and creation_time > 5", EXPERIMENTS) == And(
        (compared(ATTRIBUTE, "name", "like", "a%"), C, compared(ATTRIBUTE, "creation_time", ">", 5.0))
    )
    for wrong in ("metrics.a < 1", "status = 'x'", "params.b = 'x'"):
        with pytest.raises(FilterError, match="Experiments have no"):
            parse_filter(wrong, EXPERIMENTS)


def test_no_filter_is_empty_by_mistake() -> None:
    assert parse_filter(None, RUNS) == And() == parse_filter("and")


@pytest.mark.parametrize(
    "text", ["check:overfit", "CHECK:overfit", "has(checks.overfit)", "checks.overfit is not null"]
)
def test_a_health_check_can_be_asked_for(text: str) -> None:
    tree = parse_filter(text)
    assert tree == Presence(Field(Entity.CHECK, "overfit"))
    assert filter_text(tree) == "check:overfit"


@pytest.mark.parametrize("text", ["check:overfitt", "has(checks.overfitt)", "checks.overfitt = 'bad'"])
def test_an_unknown_check_is_told_with_the_one_that_was_meant(text: str) -> None:
    with pytest.raises(FilterError, match=r"no check 'overfitt'.*Did you mean overfit\?") as caught:
        parse_filter(text)
    assert "any" in caught.value.expected


def test_checks_are_proposed() -> None:
    place = place_at("check:o", 7)
    assert [one.text for one in proposals(place, Known())] == ["check:overfit"]
    assert "check:any" in [one.text for one in proposals(place_at("", 0), Known())]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("metrics.val loss < 1", "metrics.`val loss`"),
        ("params.a = 'b' and tags.my own tag is null", "tags.`my own tag`"),
        ("metric.val loss and params.a = 1", "metric.`val loss`"),
    ],
)
def test_a_name_with_blanks_is_told_to_be_quoted(text: str, hint: str) -> None:
    with pytest.raises(FilterError) as refused:
        parse_filter(text)
    assert refused.value.hint == f"A name with blanks is written in back-ticks: {hint}."
    assert text[: refused.value.position].split()[-1] in hint.replace("`", "")
    parse_filter(f"{hint} < 1")


def test_two_fields_in_a_row_are_no_name_with_a_blank() -> None:
    with pytest.raises(FilterError) as refused:
        parse_filter("metrics.a metrics.b > 1")
    assert refused.value.hint == ""


def test_several_keys_in_one_text_are_told_to_be_several_texts() -> None:
    with pytest.raises(FilterError) as refused:
        parse_order("metrics.loss DESC, params.lr")
    assert refused.value.hint == "Every key of an order is a text of its own."


@pytest.mark.parametrize("name", ["note", "notes", "description", "Notes", "attributes.description"])
@pytest.mark.parametrize("subject", [RUNS, EXPERIMENTS])
def test_a_description_is_found_by_what_it_is_called(name: str, subject: Subject) -> None:
    note = Field(Entity.TAG, "mlflow.note.content")
    assert parse_filter(f"{name} ~ 'x'", subject) == Comparison(note, Operator.MATCHES, "x")
    assert parse_filter(f"has({name})", subject) == Presence(note)
    assert parse_order(f"{name} desc").field == note
    assert parse_filter("note") == Words("note")


@pytest.mark.parametrize("word", ["🎉", "🎉party", "v2🎉", "👩‍💻", "☃", "日本"])
def test_a_picture_is_a_word(word: str) -> None:
    assert parse_filter(word) == Words(word)
    assert parse_filter(f"loss and not {word}") == And((Words("loss"), Not(Words(word))))


@pytest.mark.parametrize("text", ["metrics.a ≤ 1", "a × b", "params.b = ‘x’", "a – b"])
def test_a_sign_of_typography_is_no_word(text: str) -> None:
    with pytest.raises(FilterError):
        parse_filter(text)
