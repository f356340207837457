"""Answering requests: read, predicted, together where that is the same as one by one, and written as replies."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from runfolio.core.errors import EnvironmentProblem, InvalidValue, SchemaMismatch, UserError
from runfolio.serving.worker import together
from runfolio.serving.worker.replies import Reply, of_error, of_predictions
from runfolio.serving.worker.requests import JSON, TYPES, Told, WrongRequest, data_of, read_json, read_table

#: A request: its type, and its body.
Request = tuple[str, bytes]


class Answering:
    """A loaded model that answers requests.

    Args:
        model: has `predict` and `metadata`.
        debug: whether errors have the place in the model's code where they came up.
    """

    def __init__(self, model: Any, *, debug: bool = False) -> None:
        self._model, self._debug = model, debug
        self._schema = model.metadata.get_input_schema()
        self._by_row = together.looks_at_rows(model.metadata)

    def answers(self, requests: Sequence[Request]) -> list[Reply]:
        """The answer to each, in their order. Nothing that a request says raises."""
        replies: dict[int, Reply] = {}
        told: dict[int, Told] = {}
        for place, (kind, body) in enumerate(requests):
            if kind != JSON:
                replies[place] = self._table(kind, body)
                continue
            try:
                told[place] = read_json(body)
            except WrongRequest as problem:
                replies[place] = self._refused(problem)
        places = list(told)
        for group in together.groups(list(told.values())) if self._by_row else ([one] for one in range(len(places))):
            chosen = [places[one] for one in group]
            replies |= dict(zip(chosen, self._together([told[place] for place in chosen]), strict=True))
        return [replies[place] for place in range(len(requests))]

    def _together(self, told: Sequence[Told]) -> list[Reply]:
        if len(told) == 1:
            return [self._alone(told[0])]
        try:
            output = self._model.predict(data_of(together.joined(told), self._schema))
            parts = together.split(output, [together.count(one) for one in told])
            if parts is not None:
                return [of_predictions(part) for part in parts]
        except Exception:  # one of them is wrong: each is told by itself, as if it had come alone
            pass
        return [self._alone(one) for one in told]

    def _alone(self, told: Told) -> Reply:
        try:
            return self._predicted(data_of(told, self._schema), told)
        except Exception as problem:
            return self._refused(problem)

    def _table(self, kind: str, body: bytes) -> Reply:
        if kind not in TYPES:
            return of_error(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "BAD_REQUEST", f"{kind} is none of {', '.join(TYPES)}.")
        try:
            return self._predicted(read_table(kind, body, self._schema), None)
        except Exception as problem:
            return self._refused(problem)

    def _predicted(self, data: Any, told: Told | None) -> Reply:
        params = None if told is None else told.params
        output = self._model.predict(data) if params is None else self._model.predict(data, params=dict(params))
        return of_predictions(output)

    def _refused(self, problem: Exception) -> Reply:
        """What is told of a request that was not answered: MLflow's statuses and codes."""
        more = {"stack_trace": traceback.format_exc()} if self._debug else {}
        if isinstance(problem, SchemaMismatch):
            message = f"Failed to predict data. {problem}"
            return of_error(
                HTTPStatus.BAD_REQUEST, problem.error_code, message, error_class=problem.error_class, **more
            )
        if isinstance(problem, EnvironmentProblem):
            return of_error(HTTPStatus.NOT_IMPLEMENTED, problem.error_code, str(problem), **more)
        if isinstance(problem, WrongRequest | InvalidValue):
            return of_error(HTTPStatus.BAD_REQUEST, problem.error_code, str(problem), **more)
        told = str(problem) if isinstance(problem, UserError) or self._debug else _short(problem)
        return of_error(
            HTTPStatus.BAD_REQUEST, "BAD_REQUEST", f"The model could not predict these data: {told}", **more
        )


def _short(problem: Exception) -> str:
    """What an error of the model's own code says, without the code."""
    return f"{type(problem).__name__}: {str(problem)[:300]}"
