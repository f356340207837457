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
import runfolio.sklearn
from runfolio.core.errors import InvalidValue
from runfolio.models import Model, infer_signature, set_signature
from runfolio.models.schema.hints import schema_of_hint
from runfolio.models.schema.specs import ColSpec, Schema
from runfolio.models.schema.types import AnyType, Array, Map, Object, Property

FRAME = pd.DataFrame({"a": [0.5, 1.5]})


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
