"""Values of parameters are checked all at once, kept as given, and resolved where they are paths."""

from __future__ import annotations

from pathlib import Path

import pytest

from runfolio.core.projects.parameters import Values, WrongParameters, check, path_resolver, problem_of
from runfolio.core.projects.records import EntryPoint, Kind, Parameter

MAIN = EntryPoint(
    "main",
    "python train.py",
    (
        Parameter("data", Kind.PATH),
        Parameter("alpha", Kind.FLOAT, "0.50", 0.0, 1.0),
        Parameter("epochs", Kind.INT),
        Parameter("kind", Kind.STRING, "ridge", choices=("ridge", "lasso")),
    ),
)


def no_files(_: str) -> None:
    return None


def test_values_defaults_and_more_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "a b.csv").touch()
    given = {"data": "a b.csv", "epochs": "010", "lr": "1 2"}
    found = check(MAIN, given, resolve_path=path_resolver(tmp_path, tmp_path))
    assert found == Values(
        declared={"data": str(tmp_path / "a b.csv"), "alpha": "0.50", "epochs": "010", "kind": "ridge"},
        extra={"lr": "1 2"},
        logged={"data": "a b.csv", "alpha": "0.50", "epochs": "010", "kind": "ridge", "lr": "1 2"},
    )


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(WrongParameters) as caught:
        check(MAIN, {"alpha": "2", "kind": "rigde", "epcohs": "3", "a;b": "1"}, resolve_path=no_files)
    assert caught.value.problems == {
        "data": "data is missing, a value of type path.",
        "alpha": "alpha: 2 is more than 1.",
        "epochs": "epochs is missing, a value of type int.",
        "kind": "kind: 'rigde' is none of ridge, lasso.",
        "epcohs": "There is no parameter 'epcohs': did you mean 'epochs'? It is passed on where 'epochs' is given too.",
        "a;b": "The parameter 'a;b' is not allowed: only letters, digits, blanks and _ - . : / are.",
    }
    assert all(problem in str(caught.value) for problem in caught.value.problems.values())


def test_a_name_like_that_of_a_given_one_or_of_none_is_passed_on() -> None:
    entry = EntryPoint("main", "a", (Parameter("batch_size", Kind.INT, "3"), Parameter("epochs", Kind.INT, "1")))
    given = {"epochs": "2", "epoch": "1", "test_size": "3", "lr": "4"}
    assert check(entry, given, resolve_path=no_files).extra == {"epoch": "1", "test_size": "3", "lr": "4"}
    with pytest.raises(WrongParameters, match="did you mean 'batch_size'"):
        check(entry, {"Batch-Size": "3"}, resolve_path=no_files)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Kind.STRING, ["", " ", "a\nb", "é'\"$"], ["a\0b", "\ud800"]),
        (Kind.INT, ["0", "-3", "+3", "007", "1_000", "9" * 400], ["", "1.0", "1e3", " 1", "٣", "a[0]", "9" * 401]),
        (Kind.FLOAT, ["1", "1e-05", ".5", "-1_0.5", "nan", "-inf", "Infinity"], ["", "x", "1 ", "1,5", "0x1", "٣"]),
        (Kind.BOOL, ["true", "False", "YES", "no", "1", "0"], ["", "2", "on", "t"]),
        (Kind.URI, ["s3://b/c", "file:///a", "models:/x/1", "a+b:c"], ["", "a/b", "/a", "C:\\a", "://x"]),
        (Kind.PATH, ["a", "s3://b"], ["", "  "]),
    ],
)
def test_each_type_takes_what_it_should(kind: Kind, good: list[str], bad: list[str]) -> None:
    parameter = Parameter("x", kind)
    assert [value for value in good if problem_of(parameter, value)] == []
    assert [value for value in bad if not problem_of(parameter, value)] == []


def test_ranges_hold_both_ends_and_no_nan() -> None:
    parameter = Parameter("x", Kind.FLOAT, least=0, most=1)
    assert not problem_of(parameter, "0") and not problem_of(parameter, "1.0")
    assert problem_of(parameter, "1.01") == "1.01 is more than 1"
    assert problem_of(parameter, "-inf") == "-inf is less than 0"
    assert problem_of(parameter, "nan") == "nan is in no range"


def test_choices_of_numbers_are_compared_as_numbers() -> None:
    assert not problem_of(Parameter("x", Kind.FLOAT, choices=("0.1", "1")), "1e-1")
    assert not problem_of(Parameter("x", Kind.BOOL, choices=("True",)), "true")
    assert problem_of(Parameter("x", Kind.STRING, choices=("0.1",)), "1e-1")


def test_paths_are_looked_for_where_the_caller_is_and_then_in_the_project(tmp_path: Path) -> None:
    caller, project = tmp_path / "caller", tmp_path / "project"
    for file in (caller / "both.csv", project / "both.csv", project / "own.csv", caller / "a b%.csv"):
        file.parent.mkdir(exist_ok=True)
        file.touch()
    resolve = path_resolver(caller, project)
    entry = EntryPoint("main", "a", (Parameter("data", Kind.PATH),))

    def resolved(given: str) -> str:
        found = check(entry, {"data": given}, resolve_path=resolve)
        assert found.logged == {"data": given}
        return found.declared["data"]

    assert resolved("both.csv") == str(caller / "both.csv")
    assert resolved("own.csv") == str(project / "own.csv")
    assert resolved("../project/own.csv") == str(project / "own.csv")
    assert resolved(".") == str(caller)
    assert resolved(str(project / "own.csv")) == str(project / "own.csv")
    assert resolved((caller / "a b%.csv").as_uri()) == str(caller / "a b%.csv")
    for address in ("s3://bucket/x", "https://example.org/x", "file://server/x", "runs:/abc/model"):
        assert resolved(address) == address
    for missing in ("gone.csv", "file:///gone.csv", "x" * 5000):
        with pytest.raises(WrongParameters, match="there is no file or folder"):
            resolved(missing)
