"""Answering requests: read, predicted, together where that is the same as one by one, and written as replies."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from runfolio.core.errors import ColumnMismatch, EnvironmentProblem, InvalidValue, SchemaMismatch, UserError
from runfolio.models.mlmodel import MLmodel
from runfolio.models.pyfunc.model import enforced, enforced_params
from runfolio.serving.worker import together
from runfolio.serving.worker.plain import Plain, PlainReader, table_of
from runfolio.serving.worker.replies import Reply, of_error, of_predictions
from runfolio.serving.worker.requests import JSON, Told, WrongRequest, data_of, needing, read_json, read_table

#: A request: its type, and its body.
Request = tuple[str, bytes]
#: Predicts data and params that fit the signature.
Predict = Callable[[Any, Any], Any]
#: MLflow's word for what the model's own code has raised.
FAILED = "The model could not predict these data"
#: Letters that are told of it.
SAID = 1000


class Answering:
    """A loaded model that answers requests.

    Args:
        model: what its MLmodel file says.
        by_row: whether requests that come at one time may be predicted as one table.
        debug: whether errors have the place in the model's code where they came up.
    """

    def __init__(self, model: MLmodel, predict: Predict, *, by_row: bool = False, debug: bool = False) -> None:
        self._model, self._predict, self._by_row, self._debug = model, predict, by_row, debug
        self._schema = model.get_input_schema()
        self._plain = None if model.is_signature_from_type_hint() else PlainReader(self._schema)

    def answers(self, requests: Sequence[Request]) -> list[Reply]:
        """The answer to each, in their order. Nothing that a request says raises."""
        replies: dict[int, Reply] = {}
        told: dict[int, Told] = {}
        for place, (kind, body) in enumerate(requests):
            if kind != JSON:
                replies[place] = self._table(kind, body)
                continue
            try:
                told[place] = read_json(body, self._model.get_params_schema())
            except WrongRequest as problem:
                replies[place] = self._refused(problem)
        plain = {place: found for place, one in told.items() if (found := self._read_plain(one)) is not None}
        for group in together.groups(plain) if self._by_row else ([place] for place in plain):
            replies |= self._together({place: plain[place] for place in group})
        for place, one in told.items():
            if place not in replies:
                replies[place] = self._alone(one)
        return [replies[place] for place in range(len(requests))]

    def _read_plain(self, told: Told) -> Plain | None:
        if self._plain is None or told.params is not None or not told.form:
            return None
        return self._plain.read(told)

    def _together(self, plain: Mapping[int, Plain]) -> dict[int, Reply]:
        """The answers to those that can be predicted so; the others are read and told each by itself."""
        try:
            with needing("A table of rows"):
                table = table_of([*plain.values()])
            output = self._predict(table, enforced_params(self._model, None))
            parts = together.split(output, [one.rows for one in plain.values()]) if len(plain) > 1 else [output]
            if parts is None:
                return {}
            return {place: of_predictions(part) for place, part in zip(plain, parts, strict=True)}
        except Exception as problem:
            if len(plain) == 1:
                return {place: self._refused(problem) for place in plain}
            return {}  # one of them is wrong: each is told by itself, as if it had come alone

    def _alone(self, told: Told) -> Reply:
        try:
            hinted = self._model.is_signature_from_type_hint()
            return self._predicted(data_of(told, self._schema, hinted=hinted), told.params, named=bool(told.form))
        except Exception as problem:
            return self._refused(problem)

    def _table(self, kind: str, body: bytes) -> Reply:
        try:
            return self._predicted(read_table(kind, body, self._schema), None)
        except Exception as problem:
            return self._refused(problem)

    def _predicted(self, data: Any, params: Any, *, named: bool = True) -> Reply:
        return of_predictions(self._predict(*enforced(self._model, data, params)), named=named)

    def _refused(self, problem: Exception) -> Reply:
        """What is told of a request that was not answered: MLflow's statuses and codes."""
        more = {"stack_trace": traceback.format_exc()} if self._debug else {}
        if isinstance(
            problem, ColumnMismatch
        ):  # MLflow tells of these where it reads a request, and so by another code
            return of_error(HTTPStatus.BAD_REQUEST, "BAD_REQUEST", str(problem), **more)
        if isinstance(problem, SchemaMismatch):
            message = f"Failed to predict data. {problem}"
            told = {"error_class": problem.error_class, **more}
            return of_error(HTTPStatus.BAD_REQUEST, problem.error_code, message, **told)
        if isinstance(problem, EnvironmentProblem):
            return of_error(HTTPStatus.NOT_IMPLEMENTED, problem.error_code, str(problem), **more)
        if isinstance(problem, WrongRequest | InvalidValue):
            return of_error(HTTPStatus.BAD_REQUEST, problem.error_code, str(problem), **more)
        told_of = str(problem) if isinstance(problem, UserError) or self._debug else _short(problem)
        return of_error(HTTPStatus.BAD_REQUEST, "BAD_REQUEST", f"{FAILED}: {told_of}", **more)


def _short(problem: Exception) -> str:
    """What an error of the model's own code says, without the code."""
    told = str(problem)
    if len(told) > SAID:
        told = (told[:SAID].rpartition(" ")[0] or told[:SAID]) + " …"
    return f"{type(problem).__name__}: {told}"
