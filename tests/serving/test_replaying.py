"""A file's rows go to servers in batches; what they answer is counted over the same bars."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from runfolio.core.errors import CannotShow, InvalidValue
from runfolio.core.serving.records import ServerInfo, Wanted
from runfolio.serving.asking import Reply
from runfolio.serving.comparing import compared
from runfolio.serving.replaying import MOST_BARS, OTHERS, STRETCHES, Answers, batches, distribution, outputs_of
from runfolio.serving.snippets import as_curl, as_python

SERVER = ServerInfo("a1", Wanted("models:/mine/1", port=5000), "http://127.0.0.1:5000", "1", 1, 0, running=True)


def reply(value: object, status: int = 200) -> Reply:
    return Reply(status, json.dumps(value).encode(), "3", 0.01)


def test_a_file_is_cut_between_its_rows(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text('a,b\n1,"two\nlines"\n2,x\n\n3,"a ""word"""\n')
    found = list(batches(file, 2))
    assert [rows for _, rows, _ in found] == [2, 1] and found[-1][2] == 1.0
    read = [list(csv.reader(io.StringIO(body.decode(), newline=""))) for body, _, _ in found]
    assert read == [[["a", "b"], ["1", "two\nlines"], ["2", "x"]], [["a", "b"], ["3", 'a "word"']]]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00a,b", b"a,b\n\n"])
def test_what_is_no_table_is_told(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "rows.csv"
    file.write_bytes(content)
    with pytest.raises(InvalidValue, match=r"rows\.csv (is|has no rows)"):
        list(batches(file))


def test_answers_of_all_forms_have_their_outputs() -> None:
    assert outputs_of([1, 2.5, True, None]) == {"": [1.0, 2.5, "True", "None"]}
    assert outputs_of([[1], [2]]) == {"": [1.0, 2.0]}
    assert outputs_of([[1, 2], [3, 4]]) == {"0": [1.0, 3.0], "1": [2.0, 4.0]}
    assert outputs_of([{"label": "a", "score": 0.5}]) == {"label": ["a"], "score": [0.5]}
    assert outputs_of({"y": [1, 2]}) == {"y": [1.0, 2.0]}
    assert outputs_of(None) == {}


def test_a_refusal_is_told_with_its_reason() -> None:
    answers = Answers(SERVER)
    answers.add(reply({"predictions": [1, 2]}), 2)
    with pytest.raises(CannotShow, match="says 400 to rows 3 to 4: no column a"):
        answers.add(reply({"error_code": "BAD_REQUEST", "message": "no column a"}, 400), 2)
    assert (answers.rows, answers.version, answers.outputs) == (2, "3", {"": [1.0, 2.0]})


def test_few_answers_have_a_bar_each_and_many_numbers_have_stretches() -> None:
    few = distribution([[1.0, 0.0, 1.0], ["other"]])
    assert few.edges is None and few.names == ("0", "1", "other")
    assert [one.tolist() for one in few.counts] == [[1, 2, 0], [0, 0, 1]]
    many = distribution([[float(one) for one in range(100)], [50.0, float("nan")]])
    assert many.edges is not None and len(many.names) == STRETCHES
    assert [int(one.sum()) for one in many.counts] == [100, 1]
    words = distribution([[f"word {one}" for one in range(MOST_BARS + 5)]])
    assert words.names[-1] == OTHERS and int(words.counts[0][-1]) == 5


def test_two_answers_are_compared_value_by_value() -> None:
    same = compared(reply({"predictions": [1.0, "a"]}), reply({"predictions": [1, "a"]}))
    assert same == (True, "Both answer the same.")
    assert compared(reply({"predictions": [1.0, 2.0]}), reply({"predictions": [1.5, 2.0]})) == (
        False,
        "1 of 2 values differ, by 0.5 at most.",
    )
    assert not compared(reply([1]), reply([1, 2]))[0]
    assert compared(reply({}, 400), reply([1])) == (False, "One says 400, the other 200.")


def test_snippets_have_the_request_and_no_token(capsys: pytest.CaptureFixture[str]) -> None:
    request = {"dataframe_records": [{"name": "O'Hara", "old": True}]}
    secret = ServerInfo("a2", Wanted("m", token="mellon"), "http://10.0.0.1:5000", "", 1, 0, running=True)
    for written in (as_curl, as_python):
        assert "/invocations" in written(SERVER, request) and "Authorization" not in written(SERVER, request)
        assert "RUNFOLIO_SERVING_TOKEN" in written(secret, request) and "mellon" not in written(secret, request)
        compile(as_python(secret, request), "snippet", "exec")
