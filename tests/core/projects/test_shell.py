"""No value does anything in a real shell, wherever its placeholder stands, and words arrive as they were given.

A command of many contexts is run in one process. What it says goes to another descriptor, so that what is said within
`$( )` is heard as well. Whatever a value would make lands in an empty folder.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from runfolio.core.errors import InvalidValue
from runfolio.core.projects.command import ShellCommand, shell_command
from runfolio.core.projects.parameters import Values
from runfolio.core.projects.records import EntryPoint, Parameter

BASH = shutil.which("bash")
pytestmark = pytest.mark.skipif(BASH is None, reason="there is no bash")

FRAGMENTS = [
    *"'\"`$\\\n\r\t;&|<>(){}[]#*?!~=% ^,-_:éa0\x01\x1b\x7f",
    *["$(", "${", "$'", "$((", "))", "a[$(touch canary)]", "touch canary", "$(touch canary)", "`touch canary`", "&&"],
    *["\ntouch canary\n", ";touch canary;", "' ; touch canary ; '", '" ; touch canary ; "', "'\"'\"'", ">canary"],
    *["|touch canary #", "\\'", '\\"', "\\\\", "<<X\n", "EOF", "%s", "--", "$HOME", "RUNFOLIO_VALUE_1", "\u2028", "𝕏"],
]
HOSTILE = st.lists(st.sampled_from(FRAGMENTS), max_size=8).map("".join)
ANY = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=20)
VALUES = HOSTILE | ANY

SAY = "printf '<%s>\\0' {x} >&3"
# Each says the value as one word.
EXACT = [
    SAY,
    "printf '<%s>\\0' \"{x}\" >&3",
    "printf '<%s>\\0' '{x}' >&3",
    "printf '<%s>\\0' $'{x}' >&3",
    f": $({SAY})",
    f': "$({SAY})"',
    ': "$(printf \'<%s>\\0\' "{x}" >&3)"',
    f": `{SAY}`",
    f': "`{SAY}`"',
    f": $(: $({SAY}))",
    f"({SAY})",
    f"{{{{ {SAY}; }}}}",
    f"if true; then {SAY}; fi",
    f"A={{x}}; {SAY}",
    f"for one in {{x}}; do {SAY}; done",
    f"case {{x}} in *) {SAY};; esac",
    f"[[ {{x}} == {{x}} ]] || true; {SAY} # don't {{x}}",
    f"cat <<< {{x}} > /dev/null; {SAY}",
    f"cat <({SAY}) > /dev/null",
    f'bash -c "{SAY}"',
    "sh -c 'printf \"<%s>\\0\" {x} >&3'",
    'sh -c \'printf "<%s>\\0" "{x}" >&3\'',
    'bash -c \'printf "<%s>\\0" $(printf %s {x} > /dev/null; printf a) > /dev/null; printf "<%s>\\0" {x} >&3\'',
    "bash -c \"printf '<%s>\\0' '{x}' >&3\"",
    'bash -c "printf \'<%s>\\0\' \\"{x}\\" >&3"',
    'bash -ec "bash -c \'printf \\"<%s>\\\\0\\" {x} >&3\'"',
    "eval \"printf '<%s>\\0' {x} >&3\"",
    "eval printf '\"<%s>\\0\"' '{x} >&3'",
    "bash -c 'printf \"<%s>\\0\" '{x}' >&3'",
]
# Each says a text with the value in it, which is quoted for a shell there.
WITHIN = ["a {x}", "a={x};b", "a $HOME {x}", "a {x} $(true)", "é {x}\\$"]


def prepared(command: str, x: str) -> ShellCommand:
    return shell_command(EntryPoint("main", command, (Parameter("x"),)), Values({"x": x}, {}, {"x": x}))


def heard(text: str, variables: dict[str, str], folder: Path) -> list[str]:
    """What a command says on descriptor 3, when nothing but that comes of it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    environment = {"PATH": os.environ["PATH"], "HOME": "/home/some one", "LC_ALL": "C.UTF-8", **variables}
    done = subprocess.run(
        [str(BASH), "-c", f"exec 3>&1 >/dev/null\n{text}"],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        check=False,
        timeout=60,
    )
    assert list(folder.iterdir()) == []
    return done.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shell") / "empty"


def test_what_a_value_makes_would_be_seen(folder: Path) -> None:
    with pytest.raises(AssertionError, match="canary"):
        heard('echo "{x}"'.format(x=shlex.quote("$(touch canary)")), {}, folder)


@given(VALUES)
@example("$(touch canary)")
@example("`touch canary`")
@example("\ntouch canary\n")
@example("' ; touch canary ; '")
@example("")
@example("\\")
def test_each_context_hands_on_the_value_as_one_word(folder: Path, value: str) -> None:
    made = prepared("\n".join(EXACT), value)
    assert heard(made.text, dict(made.variables), folder) == [f"<{value}>"] * len(EXACT)


@given(VALUES)
def test_what_is_shown_does_the_same(folder: Path, value: str) -> None:
    made = prepared("\n".join(EXACT), value)
    assert heard(made.shown, {}, folder) == [f"<{value}>"] * len(EXACT)


@given(VALUES)
def test_within_other_text_the_value_is_quoted_for_a_shell(folder: Path, value: str) -> None:
    assume("\n" not in value)
    made = prepared("\n".join(f"printf '<%s>\\0' \"{text}\" '{text}' >&3" for text in WITHIN), value)
    said = heard(made.text, dict(made.variables), folder)
    quoted = shlex.quote(value)
    expected = []
    for text in WITHIN:
        double = text.replace("$HOME", "/home/some one").replace("$(true)", "").replace("\\$", "$")
        expected += [f"<{double.replace('{x}', quoted)}>", f"<{text.replace('{x}', quoted)}>"]
    assert said == expected


WORDS = [
    "{x}",
    "--x={x}",
    "a{x}b",
    "{x}{y}",
    "{y}",
    "'q  q'",
    '"d $HOME"',
    "{{}}",
    "-{x}",
    "\\;",
    "{x}.csv",
    "$HOME/{y}",
]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), VALUES, VALUES, VALUES)
def test_outside_of_quotes_words_are_those_of_mlflow(folder: Path, words: list[str], x: str, y: str, more: str) -> None:
    command = " ".join(["printf '<%s>\\0'", *words])
    entry = EntryPoint("main", command, (Parameter("x"), Parameter("y")))
    made = shell_command(entry, Values({"x": x, "y": y}, {"more": more}, {}))
    theirs = command.format(x=shlex.quote(x), y=shlex.quote(y)) + f" --more {shlex.quote(more)}"
    expected = heard(f"{{ {theirs}\n}} >&3", {}, folder)
    assert heard(f"{{ {made.text}\n}} >&3", dict(made.variables), folder) == expected
    assert heard(f"{{ {made.shown}\n}} >&3", {}, folder) == expected


@settings(max_examples=20)
@given(st.text("abcXYZ019-_./,:+%@", min_size=1, max_size=12))
def test_plain_values_give_what_mlflow_gives_in_every_context(folder: Path, value: str) -> None:
    texts = [f"printf '<%s>\\0' \"{text}\" '{text}' >&3" for text in WITHIN]
    command = "\n".join([*EXACT, *texts, 'python3 -c \'import os; os.write(3, b"""{x}\\0""")\''][:-1])
    made = prepared(command, value)
    assert heard(made.text, dict(made.variables), folder) == heard(command.format(x=shlex.quote(value)), {}, folder)


PARTS = [
    *"'\"`\\)#;| \n(<$[]=&a",
    "$(",
    "${{",
    "}}",
    "$((",
    "((",
    "))",
    "<<E\n",
    "$'",
    "case a in ",
    "esac",
    "eval ",
    "[[ ",
    "]]",
]
AROUND = st.lists(st.sampled_from([*PARTS, "bash -c ", "sh -c ", "{x}", "{x}", "printf %s "]), max_size=9).map("".join)


@given(AROUND, AROUND, VALUES, st.sampled_from(["", "bash -c ", "sh -c ", "sh -c sh\\ -c\\ "]))
def test_in_any_command_no_value_does_anything(folder: Path, before: str, after: str, value: str, shell: str) -> None:
    """Also in texts that are no commands, where a reader of the grammar may think what it wants."""
    text = f"{before}{{x}}{after}"
    try:
        made = prepared(f"true; {shell}{shlex.quote(text) if shell else text}", value)
    except InvalidValue:
        return
    heard(made.text, dict(made.variables), folder)


# What is easily read wrongly; `true` so that only a value can make something.
TRICKY = [
    'true "$(case q in q) true {x};; (z) true {x};; esac)" {x}',
    "true ${{A:-'}}'}} {x} '{x}'",
    "true \"${{A:-'}} {x}\" '{x} '",
    'true ${{A:-"}}"}} "a {x}"',
    "true $'it\\'s {x}' '{x} '",
    "cat <<< a\ntrue {x} {x}",
    "cat <<E\n{x}\nE",
    "cat <<'E'\n{x}\nE",
    "true # it's {x}\ntrue {x} '{x} '",
    "true `true {x}` \"`true '{x}'`\" '{x} '",
    "true `true \\`true {x}\\`` {x}",
    "true $((1 + {x})) $((`true`)) {x}",
    "true $[1 + {x}] $[ ' ] {x} ' ]",
    "(( {x} )); true {x}",
    "for ((i = {x}; i < 0; i++)); do true {x}; done",
    "a=( {x} [{x}]={x} ); true {x}",
    "a[{x}]={x}; true {x}",
    "f() {{ true {x}; }}; f {x}",
    "[[ a =~ {x} ]]; [[ {x} -eq 1 ]]; [[ -v {x} ]]",
    "[[ -n a && {x} -lt 1 ]]; [ {x} -eq 1 ]; test -v {x}",
    "case {x} in {x}) true {x};; *) true '{x} ';; esac",
    "bash 2>&1 -c 'true {x}'; bash > /dev/null -c {x}",
    "env -i bash -ec 'true {x}' {x}; exec sh -c \"true '{x}'\"",
    "trap 'true {x}' EXIT; trap \"true '{x}'\" EXIT",
    "eval true {x}; eval 'true {x}'; eval \"true '{x}'\"; eval true \"'\" {x} \"'\"",
    "let {x}; let 'a={x}'; declare {x}; declare -i a={x}; printf -v {x} a; unset {x}; read {x} < /dev/null",
    "true {x}{x}'{x}'\"{x}\"$'{x}' ~{x} $HOME{x} {{{x},b}} *{x} !{x}",
    "xargs sh -c 'true \"{x}\"' < /dev/null; sh -c 'true \"$1\" {x}' a {x}",
    "! time true {x} && true {x} || true {x} & wait",
    "true ' ' {x} \" \" {x} ' {x} ' \" {x} \"",
]
SHELLS = ["", "bash -c ", "sh -c ", "eval ", "sh -c sh\\ -c\\ "]
CANARIES = [
    *["$(touch canary)", "`touch canary`", "a\ntouch canary #", "';touch canary;'", '";touch canary;"', ">canary #"],
    *["a[$(touch canary)]", ")\ntouch canary #", "\\';touch canary #", "esac;touch canary #", "}}};touch canary #"],
    "E\ntouch canary\n",
]


@pytest.mark.parametrize("template", TRICKY)
def test_in_what_is_easily_read_wrongly_no_value_does_anything(folder: Path, template: str) -> None:
    # Each statement by itself too: one that is refused must not hide the others.
    statements = dict.fromkeys([template, *template.split("; ")])
    commands = [f"{shell}{shlex.quote(one) if shell else one}" for one in statements for shell in SHELLS]
    for value in CANARIES:
        script: list[str] = []
        variables: dict[str, str] = {}
        for number, command in enumerate(commands):
            with suppress(InvalidValue):
                made = prepared(command, value)
                variables |= {f"{name.replace('VALUE', f'V{number}')}": held for name, held in made.variables.items()}
                variables[f"T{number}"] = made.text.replace("RUNFOLIO_VALUE_", f"RUNFOLIO_V{number}_")
                script.append(f'(eval "$T{number}")')
        heard("\n".join(script), variables, folder)


@pytest.mark.parametrize("code", ["a = {x}", "a = '{x}'", 'a = "{x}"', 'a = f"b {x}"', "# {x}\na = 1"])
def test_in_code_of_python_no_value_does_anything(folder: Path, code: str) -> None:
    touch = "__import__('os').system('touch canary')"
    for value in [touch, f"'+{touch}+'", f'"+{touch}+"', f"\\'+{touch}#", f"\n{touch}", "{" + touch + "}"]:
        with suppress(InvalidValue):
            made = prepared(f"{shlex.quote(sys.executable)} -I -S -c {shlex.quote(code)}", value)
            heard(made.text, dict(made.variables), folder)


def test_a_script_is_given_its_arguments_as_they_are(tmp_path: Path) -> None:
    script = tmp_path / "s.py"
    script.write_text("import json, sys; print(json.dumps(sys.argv[1:]))", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    run = f"{shlex.quote(sys.executable)} -I -S {shlex.quote(str(script))}"
    command = "\n".join(
        [
            f"{run} {{x}} --x={{x}} \"{{x}}\" '{{x}}'",
            f'bash -c "{run} {{x}} --x={{x}} {{x}} {{x}}"',
            f"sh -c '{run} {{x}} --x=\"{{x}}\" {{x}} {{x}}'",
        ]
    )
    for value in ["".join(FRAGMENTS), *FRAGMENTS[::7], "", "$(touch canary)", "`touch canary`", "; touch canary"]:
        made = prepared(command, value)
        environment = {**os.environ, **made.variables}
        done = subprocess.run(
            [str(BASH), "-c", made.text],
            cwd=tmp_path / "empty",
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        said = [json.loads(line) for line in done.stdout.splitlines()]
        assert said == [[value, f"--x={value}", value, value]] * 3
        assert list((tmp_path / "empty").iterdir()) == []
