"""What a request is answered with: a status, a type and a body; MLflow's forms of predictions and of errors."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from runfolio.models.json_data import jsonable
from runfolio.models.schema.infer import table_kind

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it goes over the wire."""

    status: int
    body: bytes
    type: str = JSON


def of_predictions(output: Any) -> Reply:
    """Predictions: tables as records, arrays as lists, in the key `predictions`; missing values are null.

    Raises:
        InvalidValue: there is something in them that JSON has no form for.
    """
    if table_kind(output).endswith("Series"):
        output = output.to_frame() if hasattr(output, "to_frame") else output
    if table_kind(output).endswith("DataFrame"):
        names = [str(name) for name in output.columns]
        columns = [jsonable(output.iloc[:, place].to_list()) for place in range(len(names))]
        found: Any = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    else:
        found = jsonable(output)
    return Reply(HTTPStatus.OK, json.dumps({"predictions": found}, allow_nan=False).encode())


def of_error(status: int, code: str, message: str, **more: str) -> Reply:
    """An error in MLflow's form."""
    told = {"error_code": code, "message": message, **more}
    return Reply(status, json.dumps(told).encode())
