"""What a server answers on each route, asked over a socket."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import pytest

import runfolio
from tests.serving.server import Server

ROW = {"dataframe_split": {"columns": ["a", "b"], "data": [[4.0, 1.0]]}}


@pytest.fixture
def server(servers: dict[str, Server]) -> Server:
    return servers["classifier"]


def test_it_says_that_it_is_well_as_mlflow_does(server: Server) -> None:
    for path in ("/ping", "/health"):
        told = server.get(path)
        assert (told.status, told.body, told.headers["content-type"]) == (200, b"\n", "application/json")
    assert server.get("/version").body.decode() == runfolio.__version__


def test_head_is_get_without_a_body(server: Server) -> None:
    for path in ("/ping", "/version", "/docs", "/openapi.json"):
        told, whole = server.ask(None, "", method="HEAD", path=path), server.get(path)
        assert (told.status, told.body) == (200, b"")
        assert told.headers["content-length"] == str(len(whole.body))


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_invocations_are_posted(server: Server, method: str) -> None:
    told = server.ask(None, "", method=method)
    assert (told.status, told.headers["allow"], told.told["error_code"]) == (405, "POST", "BAD_REQUEST")


def test_what_is_not_there_is_told(server: Server) -> None:
    told = server.get("/nowhere")
    assert (told.status, told.told["error_code"], told.told["error_class"]) == (
        404,
        "ENDPOINT_NOT_FOUND",
        "RESOURCE_NOT_FOUND",
    )
    assert server.ask({}, path="/ping").status == 405


def test_the_document_says_what_the_model_takes(server: Server) -> None:
    document = server.get("/openapi.json").told
    body = document["paths"]["/invocations"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    records = next(one for one in body["oneOf"] if one["required"] == ["dataframe_records"])
    row = records["properties"]["dataframe_records"]["items"]
    assert row["required"] == ["a", "b"] and row["properties"]["a"] == {"type": "number", "format": "double"}
    page = server.get("/docs").body.decode()
    assert "/invocations" in page and "double" in page and "src=" not in page


def test_figures_count_what_was_asked(server: Server) -> None:
    before = server.get("/status").told
    assert server.ask(ROW).predictions == [1]
    assert server.ask(b"{").status == 400
    after = server.get("/status").told
    assert after["requests"] == before["requests"] + 2 and after["errors"] == before["errors"] + 1
    lines = server.get("/metrics").body.decode().splitlines()
    figures = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert float(figures["runfolio_request_seconds_count"]) == after["requests"]
    assert float(figures['runfolio_requests_total{status="400"}']) == after["answered"]["400"]
    buckets = [float(value) for name, value in figures.items() if "_bucket" in name]
    assert buckets == sorted(buckets) and buckets[-1] == after["requests"]


def test_the_library_of_pythons_own_asks_it(server: Server) -> None:
    request = urllib.request.Request(
        f"{server.address}/invocations", json.dumps(ROW).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as reply:
        assert json.load(reply) == {"predictions": [1]}
    request.data = b"{}"
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=60)
    caught.value.close()
    assert caught.value.code == 400
