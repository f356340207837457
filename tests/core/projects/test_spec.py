"""What MLproject files say, what is refused in them and where, and which entry point is meant."""

from __future__ import annotations

from textwrap import dedent

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.errors import NotFound
from runfolio.core.projects.declared import environment_of
from runfolio.core.projects.records import DeclaredEnvironment, EntryPoint, EnvironmentKind, Kind, Parameter, Project
from runfolio.core.projects.spec import NoEntryPoint, ProjectError, entry_point, find_file, read_project

WINE = """\
name: wine

python_env: python_env.yaml

entry_points:
  main:
    parameters:
      data: path
      alpha: {type: float, default: 1e-05, min: 0, max: 1, help: how much is punished}
      rounds: {type: int, default: 010}
      kind: {default: ridge, choices: [ridge, lasso]}
      verbose: {type: bool, default: yes}
      source: uri
      seed: {type: number, default: 1_000.50}
      nothing: {type: string, default: null}
      empty: {default: ""}
    command: "python train.py --alpha {alpha} {data} '{{}}'"
  validate:
    command: bash validate.sh
"""


def read(text: str) -> Project:
    return read_project(dedent(text))


def faults(text: str) -> list[str]:
    """All faults of a text, each with its line."""
    with pytest.raises(ProjectError) as caught:
        read(text)
    for fault in caught.value.faults:
        assert str(fault) in str(caught.value)
    return [str(fault) for fault in caught.value.faults]


def test_a_whole_file_is_read() -> None:
    project = read_project(WINE, "mlproject")
    assert (project.name, project.file) == ("wine", "mlproject")
    assert project.environment == DeclaredEnvironment(EnvironmentKind.PYTHON, "python_env.yaml")
    main, validate = project.entry_points
    assert main.command == "python train.py --alpha {alpha} {data} '{{}}'"
    assert validate == EntryPoint("validate", "bash validate.sh")
    assert main.parameters == (
        Parameter("data", Kind.PATH),
        Parameter("alpha", Kind.FLOAT, "1e-05", 0.0, 1.0, help="how much is punished"),
        Parameter("rounds", Kind.INT, "010"),
        Parameter("kind", Kind.STRING, "ridge", choices=("ridge", "lasso")),
        Parameter("verbose", Kind.BOOL, "yes"),
        Parameter("source", Kind.URI),
        Parameter("seed", Kind.STRING, "1_000.50"),
        Parameter("nothing"),
        Parameter("empty", Kind.STRING, ""),
    )
    assert [one.name for one in main.parameters if one.required] == ["data", "source", "nothing"]


def test_docker_is_read() -> None:
    project = read(
        """\
        name: boxed
        docker_env:
          image: python:3.11
          volumes: ["/data:/data"]
          environment: [TOKEN, [LEVEL, 3], [EMPTY, ""]]
        """
    )
    variables = (("TOKEN", None), ("LEVEL", "3"), ("EMPTY", ""))
    assert project.environment == DeclaredEnvironment(
        EnvironmentKind.DOCKER, "", "python:3.11", ("/data:/data",), variables
    )


@pytest.mark.parametrize("text", ["", "# nothing\n", "{}", "name:\nentry_points:\n", "entry_points: {}"])
def test_a_file_that_says_nothing_is_a_project_of_files(text: str) -> None:
    assert read_project(text) == Project(file="MLproject")


def test_parameters_can_be_shared_and_merged() -> None:
    project = read(
        """\
        entry_points:
          main:
            parameters: &shared {lr: float, epochs: {type: int, default: 3}}
            command: python a.py {lr}
          again:
            parameters: *shared
            command: python a.py {lr}
          more:
            parameters: {<<: *shared, lr: {type: float, default: 1}, size: int}
            command: python a.py {lr} {size}
        """
    )
    main, again, more = project.entry_points
    assert main.parameters == again.parameters
    assert {one.name: one.default for one in more.parameters} == {"lr": "1", "epochs": "3", "size": None}


def test_descriptions_that_mlflow_passes_over_are_no_faults() -> None:
    project = read(
        """\
        description: what it is
        entry_points:
          main:
            description: more
            parameters:
              options: {description: what is set, type: str, default: ''}
              both: {description: a, help: b}
            command: "python main.py steps=\\\\'{both}\\\\' $(echo {options})"
        """
    )
    (main,) = project.entry_points
    assert [one.help for one in main.parameters] == ["what is set", "b"]
    assert main.command == "python main.py steps=\\'{both}\\' $(echo {options})"


def test_all_faults_are_told_at_once_with_their_lines() -> None:
    assert faults(
        """\
        nmae: wine
        python_env: ../outside.yaml
        conda_env: conda.yaml
        entry_points:
          main:
            parameters:
              alpha: {type: float, default: high}
              depth: {type: int, default: 20, min: 1, max: 10}
              kind: {choices: [a, b], default: c}
              word: {type: flaot, min: 1}
              depth: int
              few: {type: int, choices: [1, x, 1]}
              turned: {type: int, min: 3, max: 1}
              none: {choices: []}
              typo: {defualt: 3}
              nothing:
            comand: python train.py
          other:
            parameters: [a]
            command: {a: b}
          bad:
            parameters: {alpha: float}
            command: python {alhpa} {} {0} {alpha:.2f} {alpha.real} {alpha[0]} {alpha!r} {HOME_X} {
        """
    ) == [
        "line 1: there is no key 'nmae' in a project. Did you mean 'name'?",
        "line 2: the file of python_env is in the project's folder; '../outside.yaml' is not.",
        "line 3: a project has one environment: conda_env or python_env, not both.",
        "line 5: the entry point 'main' has no command.",
        "line 7: the default of 'alpha' does not fit: 'high' is no number (float).",
        "line 8: the default of 'depth' does not fit: 20 is more than 10.",
        "line 9: the default of 'kind' does not fit: 'c' is none of a, b.",
        "line 10: min and max are of numbers, int or float; the type here is 'flaot'. Did you mean 'float'?",
        "line 11: the key 'depth' stands there twice, first in line 8.",
        "line 12: a choice does not fit: 'x' is no whole number (int).",
        "line 12: the choice '1' stands there twice.",
        "line 13: max is not less than min; 1 is less than 3.",
        "line 14: choices are empty, so that no value could be given. Leave the key out.",
        "line 15: there is no key 'defualt' in a parameter. Did you mean 'default'?",
        "line 16: the type of 'nothing' is a text, not nothing.",
        "line 17: there is no key 'comand' in an entry point. Did you mean 'command'?",
        "line 19: parameters is written as keys and values, not as a list.",
        "line 20: a command is a text, not a mapping.",
        "line 23: a brace in the command has no other one. A brace that is meant as such is written twice: {{ or }}.",
        "line 23: {0} names no parameter. A brace that is meant as such is written twice: {{ or }}.",
        "line 23: {HOME_X} is no parameter. The shell's own is written ${{HOME_X}}.",
        "line 23: {alhpa} is no parameter. Did you mean 'alpha'?",
        "line 23: {alpha!r} has a format; values are put in as they are given. Write {alpha}.",
        "line 23: {alpha.real} asks for a part of a value, which is a text and has none."
        " A brace that is meant as such is written twice: {{ or }}.",
        "line 23: {alpha:.2f} has a format; values are put in as they are given. Write {alpha}.",
        "line 23: {alpha[0]} asks for a part of a value, which is a text and has none."
        " A brace that is meant as such is written twice: {{ or }}.",
        "line 23: {} names no parameter. A brace that is meant as such is written twice: {{ or }}.",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("docker_env: {volumes: /data}", ["volumes is a list", "names no image", "needs a name"]),
        ("name: a\ndocker_env: {image: b, environment: [[A], [B, [c]], {d: e}, 'A=1']}", ["list of its name", "[NAME"]),
        ("name: a\ndocker_env: ubuntu", ["docker_env is written as keys and values, not as 'ubuntu'"]),
        ("databricks_spark_job: {python_file: a.py}", ["run by Databricks alone"]),
        ("conda_env: /etc/conda.yaml", ["'/etc/conda.yaml' is not"]),
        ("conda_env: C:\\conda.yaml", ["is not"]),
        ("conda_env: a/../../conda.yaml", ["is not"]),
        ("conda_env: a\\..\\..\\conda.yaml", ["is not"]),
        ("python_env: [a]", ["is a text, not a list"]),
        ("- a\n- b", ["a project is written as keys and values, not as a list"]),
        ("name", ["a project is written as keys and values, not as 'name'"]),
        ("entry_points: {main: python a.py}", ["an entry point is written as keys and values"]),
        ("entry_points: {main: }", ["has no command"]),
        ("entry_points: {main: {command: ' '}}", ["a command is a text"]),
        ("entry_points: {? [a] : {command: b}, ~: {command: b}}", ["a key in entry_points is a name, not a list"]),
        ("entry_points: {main: {parameters: {'a;b': int}, command: c}}", ["'a;b' is not allowed"]),
        ("entry_points: {main: {parameters: {a: {type: int, min: many}}, command: c}}", ["min is a number"]),
        ("entry_points: {main: {parameters: {a: {default: [1]}}, command: c}}", ["a default is a text, not a list"]),
        ("entry_points: {main: {parameters: {a: !run b}, command: c}}", ["has a tag"]),
        ("entry_points: {main: {parameters: {a: string}, command: 'echo $(({a}))'}}", ["only stand there as an int"]),
        ("entry_points: {main: {command: 'a'}, main: {command: 'b'}}", ["stands there twice"]),
        ("entry_points: &a {main: *a}", ["an entry point"]),
        ("entry_points: &a {<<: *a}", ["merged into itself"]),
        ("entry_points: {<<: 3}", ["what is merged into entry_points is a mapping"]),
        ("entry_points: " + "[" * 50 + "]" * 50, ["nested deeper than 20"]),
        ("[" + "1," * 30_000 + "]", ["more than 20,000 parts"]),
        ("a: b: c", ["line 1: "]),
        ("name: a\n\tentry_points: b", ["line 2: ", "not with tabs"]),
        ("name: \ud800", ["UTF-8"]),
    ],
)
def test_what_is_wrong_is_said(text: str, expected: list[str]) -> None:
    with pytest.raises(ProjectError) as caught:
        read_project(text)
    for words in expected:
        assert words in str(caught.value)


def test_merges_of_merges_take_no_long() -> None:
    chain = "".join(f"      p{n}: &p{n} {{<<: [*p{n - 1}, *p{n - 1}, *p{n - 1}], type: int}}\n" for n in range(1, 60))
    text = f"entry_points:\n  main:\n    parameters:\n      p0: &p0 {{type: int}}\n{chain}    command: a\n"
    assert len(read_project(text).entry_points[0].parameters) == 60


NAMES = st.text("abcdefgh", min_size=1, max_size=6)


@given(
    st.dictionaries(NAMES, st.text(max_size=20).filter(lambda text: text.isprintable()), max_size=4),
    st.text(max_size=30).filter(lambda text: text.isprintable() and bool(text.strip())),
)
def test_texts_are_read_as_they_are_written(defaults: dict[str, str], command: str) -> None:
    doubled = command.replace("{", "{{").replace("}", "}}")
    parameters = {name: {"default": default} for name, default in defaults.items()}
    written = {"entry_points": {"main": {"parameters": parameters, "command": doubled}}}
    (main,) = read_project(yaml.safe_dump(written, allow_unicode=True)).entry_points
    assert (main.command, {one.name: one.default for one in main.parameters}) == (doubled, defaults)


@given(st.text(max_size=60) | st.text("{}[]:-,&*!|>'\"# \nabnull<~", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_project(text)
        read_project(f"entry_points:\n  main: {{command: x, parameters: {{{text}}}}}")
    except ProjectError as problem:
        assert problem.faults


def test_the_file_is_found_in_any_case() -> None:
    assert find_file(["a.py", "mlproject", "x"]) == "mlproject"
    assert find_file(["MLPROJECT", "MLproject", "mlproject"]) == "MLproject"
    assert find_file(["MLproject.txt", "conda.yaml"]) == ""


def test_an_environment_that_is_not_named_is_looked_for_as_mlflow_does() -> None:
    named = DeclaredEnvironment(EnvironmentKind.CONDA, "env/other.yaml")
    assert environment_of(Project(environment=named), lambda _: True) == named
    python = DeclaredEnvironment(EnvironmentKind.PYTHON, "python_env.yaml")
    assert environment_of(Project(), lambda _: True) == python
    conda = DeclaredEnvironment(EnvironmentKind.CONDA, "conda.yaml")
    assert environment_of(Project(), lambda name: name == "conda.yaml") == conda
    assert environment_of(Project(), lambda _: False) == DeclaredEnvironment()


def a_project(*names: str) -> Project:
    return Project(entry_points=tuple(EntryPoint(name, "true") for name in names))


def nowhere(_: str) -> bool:
    return False


def everywhere(_: str) -> bool:
    return True


def test_main_or_the_only_entry_point_is_taken_where_none_is_named() -> None:
    assert entry_point(a_project("train", "main"), "", nowhere).name == "main"
    assert entry_point(a_project("train"), "", nowhere).name == "train"
    with pytest.raises(NoEntryPoint, match=r"Name one of train, test\.") as caught:
        entry_point(a_project("train", "test"), "", nowhere)
    assert caught.value.choices == ("train", "test")
    with pytest.raises(NoEntryPoint, match=r"Name one of a\.py, run\.sh\.") as caught:
        entry_point(Project(), "", everywhere, ["run.sh", "a.py", "notes.txt"])
    assert caught.value.choices == ("a.py", "run.sh")
    with pytest.raises(NoEntryPoint, match=r"train\.py"):
        entry_point(Project(), "", everywhere)


def test_a_named_entry_point_comes_before_a_file() -> None:
    assert entry_point(a_project("a.py"), "a.py", everywhere).command == "true"


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("train.py", "python train.py"),
        ("src/my train.py", "python 'src/my train.py'"),
        ("run.sh", "bash run.sh"),
        ("fit.R", "Rscript fit.R"),
        ("-c.py", "python ./-c.py"),
        ("./a{b}.py", "python 'a{{b}}.py'"),
        ("$(touch canary).sh", "bash '$(touch canary).sh'"),
    ],
)
def test_files_are_run_by_their_ending(name: str, command: str) -> None:
    assert entry_point(Project(), name, everywhere) == EntryPoint(name, command)


def test_what_is_not_there_is_told_with_the_nearest() -> None:
    with pytest.raises(NotFound, match=r"no entry point 'trian'.*Did you mean 'train'"):
        entry_point(a_project("train", "test"), "trian", nowhere)
    with pytest.raises(NotFound, match=r"Did you mean 'train\.py'"):
        entry_point(Project(), "trian.py", nowhere, ["train.py", "notes.md"])
    with pytest.raises(NotFound, match=r"There are main, a\.py\."):
        entry_point(a_project("main"), "zzz", nowhere, ["a.py", "notes.md"])
    with pytest.raises(NotFound, match=r"\.py, \.sh, \.R"):
        entry_point(Project(), "../other.py", everywhere)
