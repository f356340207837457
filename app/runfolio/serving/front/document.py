"""What a model takes and gives, as OpenAPI has it and as a page that people read."""

from __future__ import annotations

import html
import json
from typing import Any

import runfolio
from runfolio.models.mlmodel import MLmodel
from runfolio.models.schema.specs import Schema
from runfolio.serving.worker.requests import TYPES

_TYPES = {
    "boolean": {"type": "boolean"},
    "integer": {"type": "integer", "format": "int32"},
    "long": {"type": "integer", "format": "int64"},
    "float": {"type": "number", "format": "float"},
    "double": {"type": "number", "format": "double"},
    "string": {"type": "string"},
    "binary": {"type": "string", "format": "byte"},
    "datetime": {"type": "string", "format": "date-time"},
}
ERRORS = {
    "400": "The request is not of its form, does not fit the signature, or the model could not predict it.",
    "401": "The token is missing or wrong.",
    "403": "Another host or site than this server's.",
    "408": "The request did not come in time.",
    "413": "The request is too large.",
    "415": "Another type than those above.",
    "503": "The model cannot answer now; send it again a little later.",
    "504": "The prediction took too long.",
}


def openapi(model: MLmodel, title: str, example: Any = None) -> dict[str, Any]:
    """The OpenAPI document (spec.openapis.org, version 3.1) of a server of this model.

    Args:
        example: a request that the model was saved with; None of one without.
    """
    told = {code: _response(text) for code, text in ERRORS.items()}
    told["415"]["content"] = {"text/plain": {"schema": {"type": "string"}}}
    plain = {"responses": {"200": {"description": "It is so."}}}
    content: dict[str, Any] = {kind: {"schema": {}} for kind in TYPES[1:]}
    rows = {"schema": _request(model.get_input_schema()), **({} if example is None else {"example": example})}
    body = {"required": True, "content": {TYPES[0]: rows, **content}}
    answer = {"description": "The predictions.", "content": {TYPES[0]: {"schema": _answer()}}}
    invocations = {"summary": "Predict rows.", "requestBody": body, "responses": {"200": answer, **told}}
    paths: dict[str, Any] = {"/invocations": {"post": invocations}}
    for path, summary in (
        ("/ping", "Whether a prediction can be answered."),
        ("/health", "Whether a prediction can be answered."),
        ("/version", "The version of Runfolio."),
        ("/metrics", "Figures for Prometheus."),
        ("/status", "Which model answers, and how it fares."),
    ):
        paths[path] = {"get": {"summary": summary, **plain}}
    for path in ("/ping", "/health"):
        paths[path]["get"]["responses"] = {**plain["responses"], "503": {"description": "Not now."}}
    return {"openapi": "3.1.0", "info": {"title": title, "version": runfolio.__version__}, "paths": paths}


def page(model: MLmodel, title: str) -> str:
    """A page for people, which loads nothing from anywhere."""
    document = json.dumps(openapi(model, title), indent=2)
    signature = model.signature
    rows = "".join(
        f"<tr><td>{html.escape(path)}</td><td>{method.upper()}</td><td>{html.escape(one['summary'])}</td></tr>"
        for path, methods in openapi(model, title)["paths"].items()
        for method, one in methods.items()
    )
    return (
        f"<!doctype html><meta charset=utf-8><title>{html.escape(title)}</title>"
        "<style>body{font:15px system-ui;margin:2rem auto;max-width:60rem;color-scheme:light dark}"
        "td{padding:.2rem 1rem .2rem 0}pre{overflow:auto}</style>"
        f"<h1>{html.escape(title)}</h1><table>{rows}</table><h2>Signature</h2>"
        f"<pre>{html.escape(str(signature or 'none'))}</pre><h2>OpenAPI</h2><pre>{html.escape(document)}</pre>"
    )


def _request(schema: Schema | None) -> dict[str, Any]:
    params = {"params": {"type": "object"}}
    row, columns = _row(schema), _columns(schema)
    split = {"type": "object", "required": ["data"], "properties": {"columns": columns, "data": _lists()}}
    forms: list[tuple[str, dict[str, Any]]] = [
        ("dataframe_split", split),
        ("dataframe_records", {"type": "array", "items": row}),
        ("instances", {"type": "array"}),
        ("inputs", {}),
    ]
    return {
        "oneOf": [
            {"type": "object", "required": [form], "properties": {form: told, **params}, "additionalProperties": False}
            for form, told in forms
        ]
    }


def _row(schema: Schema | None) -> dict[str, Any]:
    if schema is None or schema.is_tensor_spec() or not schema.has_input_names():
        return {"type": "object"}
    specs = schema.inputs
    properties = {str(one.name): _TYPES.get(str(getattr(one.type, "name", "")), {}) for one in specs}
    required = [str(one.name) for one in specs if getattr(one, "required", True)]
    return {"type": "object", "properties": properties, "required": required}


def _columns(schema: Schema | None) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
    if schema is not None and schema.has_input_names() and not schema.is_tensor_spec():
        found["examples"] = [[str(name) for name in schema.input_names()]]
    return found


def _lists() -> dict[str, Any]:
    return {"type": "array", "items": {"type": "array"}}


def _answer() -> dict[str, Any]:
    return {"type": "object", "required": ["predictions"], "properties": {"predictions": {}}}


def _response(text: str) -> dict[str, Any]:
    names = {name: {"type": "string"} for name in ("error_code", "message")}
    schema = {"type": "object", "required": list(names), "properties": names}
    return {"description": text, "content": {TYPES[0]: {"schema": schema}}}
