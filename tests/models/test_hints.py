"""Schemas by hints of types, and signatures that are changed later."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

import runfolio
import runfolio.pyfunc
import runfolio.sklearn
from runfolio.core.errors import InvalidValue, SchemaMismatch
from runfolio.models import Model, infer_signature, set_signature
from runfolio.models.schema.hints import schema_of_hint
from runfolio.models.schema.specs import ColSpec, Schema
from runfolio.models.schema.types import AnyType, Array, Map, Object, Property

FRAME = pd.DataFrame({"a": [0.5, 1.5]})
TEXTS = ["a", "bcd"]


@dataclass
class Message:
    role: str
    when: dt.datetime | None = None


@dataclass
class Loop:
    again: list[Loop]


@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        (list[str], "string"),
        (list[int], "long"),
        (list[list[float]], Array("double")),
        (list[dict[str, list[bool]]], Map(Array("boolean"))),
        (list[Any], AnyType()),
        (list[Optional[bytes]], "binary"),  # noqa: UP045
        (list[int | str], AnyType()),
        (list[Message], Object([Property("role", "string"), Property("when", "datetime", required=False)])),
        (float, "double"),
    ],
)
def test_hints_have_schemas(hint: Any, expected: Any) -> None:
    assert schema_of_hint(hint) == Schema([ColSpec(expected)])


def test_models_of_pydantic_have_schemas() -> None:
    pydantic = pytest.importorskip("pydantic")
    made: Any = pydantic.create_model("Made", role=(str, ...), score=(Optional[float], None))  # noqa: UP045
    expected = Object([Property("role", "string"), Property("score", "double", required=False)])
    assert schema_of_hint(list[made]) == Schema([ColSpec(expected)])


@pytest.mark.parametrize("hint", [list, dict[int, str], set[str], list[complex], pd.DataFrame, list[Loop]])
def test_hints_without_a_schema_are_told(hint: Any) -> None:
    with pytest.raises(InvalidValue):
        schema_of_hint(hint)


def test_a_signature_can_be_given_later(tmp_path: Path) -> None:
    runfolio.sklearn.save_model(LinearRegression().fit(FRAME, [1.0, 2.0]), tmp_path / "m")
    assert Model.load(tmp_path / "m").signature is None
    set_signature(str(tmp_path / "m"), infer_signature(FRAME))
    assert Model.load(tmp_path / "m").get_input_schema() == infer_signature(FRAME).inputs


def test_a_logged_model_can_be_given_a_signature(logging_to: Path) -> None:
    with runfolio.start_run():
        info = runfolio.sklearn.log_model(LinearRegression().fit(FRAME, [1.0, 2.0]), name="m")
    set_signature(f"models:/{info.model_id}", infer_signature(FRAME))
    assert Model.load(info.model_uri).get_input_schema() == infer_signature(FRAME).inputs
    assert len(runfolio.MlflowClient().list_artifacts(str(info.run_id), "m")) > 3


def test_what_is_no_signature_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="ModelSignature"):
        set_signature(str(tmp_path), {})  # type: ignore[arg-type]


def saved(tmp_path: Path, predict: Any, **packed: Any) -> Any:
    """A function that was saved as a model, loaded again."""
    runfolio.pyfunc.save_model(tmp_path / "m", python_model=predict, **packed)
    return runfolio.pyfunc.load_model(str(tmp_path / "m"))


def lengths(rows: list[str]) -> list[int]:
    return [len(row) for row in rows]


def test_a_function_with_hints_has_their_signature(tmp_path: Path) -> None:
    model = saved(tmp_path, lengths)
    assert model.metadata.signature == runfolio.models.ModelSignature(
        Schema([ColSpec("string")]), Schema([ColSpec("long")])
    )
    assert model.metadata.is_signature_from_type_hint()
    assert Model.load(tmp_path / "m").to_dict()["is_signature_from_type_hint"] is True


@pytest.mark.parametrize(
    "data",
    [["a", "bcd"], pd.DataFrame({"text": ["a", "bcd"]}), pd.Series(["a", "bcd"]), pd.Series(["a", "bcd"]).to_numpy()],
)
def test_the_function_gets_the_list_that_it_says_it_takes(tmp_path: Path, data: Any) -> None:
    assert saved(tmp_path, lengths).predict(data) == [1, 3]


def test_rows_that_are_not_what_the_hint_says_are_told(tmp_path: Path) -> None:
    model = saved(tmp_path, lengths)
    with pytest.raises(SchemaMismatch, match="Row 1: 5 is long, and the model expects string") as told:
        model.predict(["a", 5])
    assert told.value.row == 1
    with pytest.raises(SchemaMismatch, match="takes a list of string, not str"):
        model.predict("a")


def test_rows_become_models_of_pydantic(tmp_path: Path) -> None:
    pydantic = pytest.importorskip("pydantic")
    made: Any = pydantic.create_model("Made", role=(str, ...), score=(Optional[float], None))  # noqa: UP045

    def roles(rows: list[Any]) -> list[str]:
        return [row.role for row in rows]

    roles.__annotations__["rows"] = list[made]
    model = saved(tmp_path, roles)
    assert model.predict([{"role": "a"}, made(role="b")]) == ["a", "b"]
    with pytest.raises(SchemaMismatch, match=r"Row 0: .*role"):
        model.predict([{"score": 0.5}])


def test_parameters_come_from_the_example(tmp_path: Path) -> None:
    class Repeats(runfolio.pyfunc.PythonModel):
        def predict(self, model_input: list[str], params: dict[str, Any] | None = None) -> list[str]:  # type: ignore[override]
            return [row * (params or {"times": 1})["times"] for row in model_input]

    model = saved(tmp_path, Repeats(), input_example=(["a"], {"times": 2}))
    assert [one.name for one in model.metadata.signature.params] == ["times"]
    assert model.predict(["b"], params={"times": 3}) == ["bbb"]


def test_a_signature_that_is_given_wins_over_hints(tmp_path: Path) -> None:
    model = saved(tmp_path, lengths, signature=infer_signature(["a"], [1]))
    assert not model.metadata.is_signature_from_type_hint()
    assert model.predict(["a", "bcd"]) == [1, 3]
