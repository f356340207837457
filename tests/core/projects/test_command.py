"""Commands are made of templates and values, and what cannot be said in them is refused."""

from __future__ import annotations

import pytest

from runfolio.core.errors import InvalidValue
from runfolio.core.projects.command import argument_list, faults, shell_command
from runfolio.core.projects.parameters import Values
from runfolio.core.projects.records import EntryPoint, Kind, Parameter


def entry(command: str, kind: Kind = Kind.STRING) -> EntryPoint:
    return EntryPoint("main", command, (Parameter("x", kind),))


def values(x: str, **extra: str) -> Values:
    return Values({"x": x}, extra, {"x": x, **extra})


def test_no_value_is_in_the_text_of_the_command() -> None:
    made = shell_command(entry("python a.py --x={x} {{}} {x}\n"), values("a b;c", lr="1 2"))
    variables = {"RUNFOLIO_VALUE_1": "a b;c", "RUNFOLIO_VALUE_2": "1 2"}
    assert made.text == ('python a.py --x="${RUNFOLIO_VALUE_1}" {} "${RUNFOLIO_VALUE_1}" --lr "${RUNFOLIO_VALUE_2}"')
    assert made.variables == variables
    assert made.shown == "python a.py --x='a b;c' {} 'a b;c' --lr '1 2'"


@pytest.mark.parametrize(
    ("command", "text"),
    [("a\n", 'a --lr "${V}"'), ("a && \\\n  b \n\n", 'a && \\\n  b --lr "${V}"'), ("a \\\n", 'a \\\n --lr "${V}"')],
)
def test_what_is_added_stands_on_the_last_line(command: str, text: str) -> None:
    made = shell_command(entry(command), values("", lr="1"))
    assert made.text == text.replace("V", "RUNFOLIO_VALUE_1")


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("a {x}", "a 'b c'"),
        ('a "{x}"', "a 'b c'"),
        ("a --x='{x}' d", "a --x='b c' d"),
        ("a $'{x}'", "a 'b c'"),
        ("a $HOME{x}", "a $HOME'b c'"),
        ("a # {x}", "a # b c"),
    ],
)
def test_what_is_shown_is_what_a_person_would_type(command: str, shown: str) -> None:
    assert shell_command(entry(command), values("b c")).shown == shown


@pytest.mark.parametrize("command", ["a {x}", 'a "{x}"', "a '{x}.csv'", "bash -c 'a {x}'", 'a "$(b "{x}")"'])
def test_plain_values_are_shown_where_they_stand(command: str) -> None:
    assert shell_command(entry(command), values("b-1.5")).shown == command.format(x="b-1.5")


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("echo $(({x} + 1))", "arithmetic"),
        ('echo "$(({x} + 1))"', "arithmetic"),
        ("echo $[{x}]", "arithmetic"),
        ("(({x} > 3)) && a", "arithmetic"),
        ("if [[ {x} -gt 3 ]]; then a; fi", "arithmetic"),
        ("[[ -n a && 3 -lt {x} ]]", "arithmetic"),
        ("a ${{B:-{x}}}", "${ }"),
        ('a "${{B:{x}}}"', "${ }"),
        ("bash -c {x}", "as code by bash"),
        ("/bin/sh -ec '{x}'", "as code by sh"),
        ("python3.11 -c {x}", "as code by python"),
        ("timeout 3 bash -o pipefail -c {x}", "as code by bash"),
        ("perl -ne {x}", "as code by perl"),
        ("eval {x}", "as code by eval"),
        ("a && command eval {x}", "as code by eval"),
        ("trap {x} EXIT", "as code by trap"),
        ("let {x}", "variable"),
        ("read {x}", "variable"),
        ("declare {x}", "variable"),
        ("declare -i a={x}", "variable"),
        ("export {x}=3", "variable"),
        ("printf -v {x} a", "variable"),
        ("[ -v {x} ]", "variable"),
        ("a[{x}]=3 b", "subscript"),
        ("echo `f \\`g {x}\\``", "backticks"),
        ("sh -c 'echo `f {x}`'", "backticks"),
        ("sh -c 'cat <<< a; f {x}'", "<<<"),
        ("bash -c 'echo $(({x}))'", "arithmetic"),
        ("bash -c \"bash -c 'let {x}'\"", "variable"),
    ],
)
def test_where_a_shell_evaluates_only_numbers_can_stand(command: str, reason: str) -> None:
    (fault,) = faults(entry(command))
    assert "{x} can only stand there as an int, float or bool" in fault and reason in fault
    assert faults(entry(command, Kind.INT)) == faults(entry(command, Kind.BOOL)) == []
    with pytest.raises(InvalidValue, match="cannot stand where the command has it"):
        shell_command(entry(command), values("a[$(touch canary)]"))


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("cat <<END\n{x}\nEND", "here-document"),
        ("echo ${x}", "dollar"),
        ('echo "cost: ${x}"', "dollar"),
        ("echo \\{x}", "backslash"),
        ('echo "\\{x}"', "backslash"),
    ],
)
def test_where_nothing_can_stand_the_command_is_refused(command: str, reason: str) -> None:
    (fault,) = faults(entry(command, Kind.INT))
    assert reason in fault
    with pytest.raises(InvalidValue, match=reason):
        shell_command(entry(command), values("3"))


@pytest.mark.parametrize(
    "command",
    [
        "python train.py -c {x} -e {x}",
        "python -m train -c {x}",
        "bash run.sh -c {x}",
        "[[ {x} == yes ]] && a",
        "[ {x} -gt 3 ]",
        "export A={x}; A={x} b",
        "cat <<< {x}",
        'echo "wait {x} seconds, let {x} be, 1 << {x}"',
        "(cd {x} && a) > {x} 2>&1",
        "for one in {x} b; do a; done",
        "case {x} in a) b {x};; esac",
        "a # don't\nb {x}",
    ],
)
def test_what_scripts_are_written_with_is_no_fault(command: str) -> None:
    assert faults(entry(command)) == []
    assert shell_command(entry(command), values("plain")).variables


def test_text_that_may_be_code_is_refused_only_for_values_that_could_do_something() -> None:
    waiting = entry('echo "let {x} be"')
    assert shell_command(waiting, values("it")).shown == 'echo "let it be"'
    for value in ("a[$(touch canary)]", "RUNFOLIO_VALUE_1"):
        with pytest.raises(InvalidValue, match="let takes it for a variable"):
            shell_command(waiting, values(value))


def test_code_for_other_languages_takes_no_values_that_end_a_text_in_it() -> None:
    printing = entry("python -c 'print({x})'")
    assert shell_command(printing, values("0.5")).shown == "python -c 'print(0.5)'"
    assert shell_command(printing, values("a b;")).variables == {"RUNFOLIO_VALUE_1": "'a b;'"}
    for value in ("'+f()+'", '"', "a\\", "a\nb", "${f()}", "`"):
        with pytest.raises(InvalidValue, match="is part of code for python"):
            shell_command(printing, values(value))


def test_a_comment_in_code_takes_no_line_break() -> None:
    with pytest.raises(InvalidValue, match="comment"):
        shell_command(entry('bash -c "true # {x}\ntrue"'), values("a\ntouch canary #"))


@pytest.mark.parametrize("command", ["$(" * 200 + "{x}", "(" + "a=(" * 200 + "{x}", "a" * 200_000])
def test_what_nobody_writes_is_refused(command: str) -> None:
    assert len(faults(entry(command))) == 1


@pytest.mark.parametrize(
    "command", ["declare " + "{x} " * 2_000, "'{x}'\"" * 3_000, "case a in " * 9_000, "a)" * 9_000]
)
def test_a_long_command_takes_no_long(command: str) -> None:
    assert len(faults(entry(command, Kind.INT))) <= 1


def test_nul_is_refused() -> None:
    for given in (values("a\0b"), values("a", lr="\0")):
        with pytest.raises(InvalidValue, match="NUL"):
            shell_command(entry("a {x}"), given)


def test_without_a_shell_words_are_made_of_the_template() -> None:
    made = argument_list(entry("python src\\a.py --x={x} \"{x}\" 'b c' '{{}}'"), values("d 'e", lr="1 2"))
    assert made == ["python", "src\\a.py", "--x=d 'e", "d 'e", "b c", "{}", "--lr", "1 2"]


@pytest.mark.parametrize("command", ["a && b", "a | b", "a > b", "a; b", "a $B {x}", "a `b`", "a\nb", "(a)", "a &"])
def test_without_a_shell_what_needs_one_is_refused(command: str) -> None:
    with pytest.raises(InvalidValue, match="needs a POSIX shell"):
        argument_list(entry(command), values("1"))


def test_without_a_shell_an_open_quote_is_refused() -> None:
    with pytest.raises(InvalidValue, match="cannot be read"):
        argument_list(entry("a 'b {x}"), values("1"))
