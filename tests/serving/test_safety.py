"""What strangers and careless clients send: each is told a clear status, and the server lives."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.other_processes import until
from tests.serving.server import JSON, Server, read, until_closed

ROW = {"dataframe_split": {"columns": ["a", "b"], "data": [[4.0, 1.0]]}}
HEAD = b"POST /invocations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
TOKEN = "a token, with é"


@pytest.fixture
def server(servers: dict[str, Server]) -> Iterator[Server]:
    """One that lives after whatever it was sent."""
    yield servers["classifier"]
    assert servers["classifier"].ask(ROW).predictions == [1]


@pytest.fixture(scope="module")
def strict(folders: dict[str, Path]) -> Iterator[Server]:
    """A server with a token, small limits and little patience."""
    options = ["--token", TOKEN, "--max-body", "1", "--patience", "0.5"]
    with Server(folders["classifier"], options) as started:
        yield started


def bearer(token: str = TOKEN) -> dict[str, str]:
    """The header that has a token, whose characters go over the wire as UTF-8."""
    return {"Authorization": f"Bearer {token}".encode().decode("latin-1")}


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "localhost.evil", "[::2]"])
def test_another_name_of_this_machine_is_refused(server: Server, host: str) -> None:
    for path, method in (("/invocations", "POST"), ("/status", "GET"), ("/ping", "GET")):
        told = server.ask(ROW, path=path, method=method, headers={"Host": host})
        assert (told.status, told.told["error_code"]) == (403, "PERMISSION_DENIED")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:9", "[::1]:5000"])
def test_its_own_names_are_taken(server: Server, host: str) -> None:
    assert server.ask(ROW, headers={"Host": host}).predictions == [1]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1", "file://", "http://["])
def test_a_page_of_another_site_is_refused(server: Server, origin: str) -> None:
    told = server.ask(ROW, headers={"Origin": origin})
    assert (told.status, told.told["error_code"]) == (403, "PERMISSION_DENIED")
    assert "access-control-allow-origin" not in told.headers


def test_its_own_page_may_ask(server: Server) -> None:
    assert server.ask(ROW, headers={"Origin": server.address}).predictions == [1]


def test_a_token_is_asked_for(strict: Server) -> None:
    for headers in ({}, bearer("wrong"), bearer(TOKEN[:-1]), {"Authorization": "Basic x"}, {"Authorization": "Bearer"}):
        for path in ("/invocations", "/status", "/metrics", "/docs", "/openapi.json"):
            told = strict.ask(ROW, path=path, headers=headers)
            assert (told.status, told.told["error_code"]) == (401, "UNAUTHENTICATED")
            assert told.headers["www-authenticate"] == "Bearer"
    assert strict.ask(ROW, headers=bearer()).predictions == [1]
    assert strict.lives(), "who watches it needs no token for that"


def test_who_sends_much_without_the_token_is_told_so(strict: Server) -> None:
    for _ in range(5):
        assert strict.ask(b" " * (20 << 20)).status == 401


def test_an_empty_token_is_a_slip(folders: dict[str, Path]) -> None:
    with Server(folders["classifier"], ["--token", ""], fails=True) as server:
        assert server.code == 2 and "The token is empty" in server.stderr


def test_another_address_needs_a_token(folders: dict[str, Path]) -> None:
    with Server(folders["classifier"], ["--host", "0.0.0.0"], fails=True) as refused:
        assert refused.code == 2 and "--token" in refused.stderr
    with Server(folders["classifier"], ["--host", "0.0.0.0", "--token", "t"]) as server:
        server.host = "127.0.0.1"
        assert server.ask(ROW, headers={"Host": "another.example"}).status == 401
        assert server.ask(ROW, headers={"Host": "another.example", "Authorization": "Bearer t"}).predictions == [1]


@pytest.mark.parametrize("size", [(1 << 20) + 1, 3 << 20])
def test_a_body_that_is_too_large_is_refused(strict: Server, size: int) -> None:
    body = b" " * size
    told = strict.ask(body, headers=bearer())
    assert (told.status, told.told["error_code"]) == (413, "BAD_REQUEST")
    assert "1,048,576 bytes" in told.told["message"]
    connection = strict.connection()
    pieces = (body[at : at + 50_000] for at in range(0, size, 50_000))
    try:
        connection.request("POST", "/invocations", pieces, {"Content-Type": JSON, **bearer()}, encode_chunked=True)
        assert read(connection).status == 413
    finally:
        connection.close()
    assert strict.ask(ROW, headers=bearer()).predictions == [1]


def test_a_length_that_is_said_alone_is_refused_before_anything_is_read(strict: Server) -> None:
    for length in (b"99999999999999999999999999", b"1048577"):
        with strict.raw() as connection:
            connection.sendall(HEAD + b"Authorization: " + bearer()["Authorization"].encode("latin-1") + b"\r\n")
            connection.sendall(b"Content-Length: " + length + b"\r\n\r\n")
            assert until_closed(connection).startswith((b"HTTP/1.1 413", b"HTTP/1.1 400"))


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"POST /invocations HTTP/1.1\r\nHost: loc", id="a piece of a head"),
        pytest.param(b"GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\nGET /pi", id="a piece of a second head"),
    ],
)
def test_a_connection_on_which_no_request_comes_is_closed(strict: Server, sent: bytes) -> None:
    with strict.raw() as connection:
        connection.sendall(sent)
        until_closed(connection)  # times out where it is not
    assert strict.lives()


def test_a_body_that_does_not_come_is_told_and_the_connection_closed(strict: Server) -> None:
    with strict.raw() as connection:
        connection.sendall(HEAD + b"Authorization: " + bearer()["Authorization"].encode("latin-1") + b"\r\n")
        connection.sendall(b"Content-Length: 100\r\n\r\n{")
        told = until_closed(connection)
    assert told.startswith(b"HTTP/1.1 408") and b"0.5 seconds" in told
    assert strict.lives()


def test_who_does_not_read_the_answer_is_let_go(folders: dict[str, Path]) -> None:
    body = json.dumps({"inputs": "x" * (32 << 20)}).encode()
    with Server(folders["echo"], ["--patience", "2"]) as server, server.raw() as connection:
        process = psutil.Process(server.process.pid)
        connection.sendall(HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        until(lambda: server.get("/status").told["requests"] == 1)
        port = connection.getsockname()[1]
        until(lambda: all(not one.raddr or one.raddr.port != port for one in process.net_connections()))
        assert server.lives()


def test_a_head_that_does_not_end_is_refused(server: Server) -> None:
    for start, piece in ((HEAD, b"X-More: " + b"x" * 1000 + b"\r\n"), (b"GET /", b"x" * 1000)):
        with server.raw() as connection:
            try:
                connection.sendall(start)
                for _ in range(1000):
                    connection.sendall(piece)
            except ConnectionError:
                continue
            assert until_closed(connection)[:13] in (b"HTTP/1.1 431 ", b"")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"[" * 200_000, id="deep lists"),
        pytest.param(b'{"inputs":' + b'{"a":' * 100_000, id="deep dictionaries"),
        pytest.param(b'{"inputs":' + b"[" * 900 + b"]" * 900 + b"}", id="as deep as can be read"),
        pytest.param(b'{"inputs":{"a":[NaN],"b":[1]}}', id="NaN"),
        pytest.param(b'{"inputs":{"a":[1e999],"b":[1]}}', id="more than a double"),
        pytest.param(b'{"inputs":{"a":[' + b"9" * 100_000 + b'],"b":[1]}}', id="a number of many digits"),
        pytest.param(b'{"inputs":{"a":["\\ud800"],"b":[1]}}', id="half a character"),
        pytest.param(b'{"inputs":{"a":["\\u0000"],"b":[1]}}', id="a zero"),
        pytest.param(b"\x00" * 1000, id="zeros"),
    ],
)
def test_values_that_break_parsers_are_wrong_requests(servers: dict[str, Server], server: Server, body: bytes) -> None:
    for model in ("classifier", "of_arrays", "unsigned"):
        assert servers[model].ask(body).status == 400
        assert servers[model].ask(b'{"dataframe_records":' + body + b"}").status == 400


def test_thousands_of_columns_are_read(server: Server) -> None:
    many: dict[str, Any] = {f"c{number}": 1 for number in range(20_000)}
    assert server.ask({"dataframe_records": [{**many, "a": 4.0, "b": 1.0}]}).predictions == [1]
    assert server.ask({"dataframe_records": [many]}).told["error_class"] == "SCHEMA_ENFORCEMENT_FAILED"


def test_what_is_compressed_is_refused(server: Server) -> None:
    body = gzip.compress(json.dumps(ROW).encode())
    told = server.ask(body, headers={"Content-Encoding": "gzip"})
    assert told.status == 415 and b"compressed" in told.body


def test_requests_behind_each_other_are_answered_in_their_order(server: Server) -> None:
    bodies = [json.dumps({"dataframe_split": {"columns": ["a", "b"], "data": [[x, 5 - x]]}}) for x in (1, 4, 1, 4)]
    with server.raw() as connection:
        for body in bodies[:-1]:
            connection.sendall(HEAD + f"Content-Length: {len(body)}\r\n\r\n{body}".encode())
        last = f"Connection: close\r\nContent-Length: {len(bodies[-1])}\r\n\r\n{bodies[-1]}"
        connection.sendall(HEAD + last.encode())
        told = until_closed(connection)
    found = [part.partition(b"}")[0] for part in told.split(b'{"predictions": ')[1:]]
    assert found == [b"[0]", b"[1]", b"[0]", b"[1]"]


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"NONSENSE\r\n\r\n",
        b"GET http://[ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        HEAD + b"Content-Length: -1\r\n\r\n",
        HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
        HEAD + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        b"CONNECT evil.example:80 HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused(server: Server, sent: bytes) -> None:
    with server.raw() as connection:
        connection.sendall(sent)
        connection.shutdown(1)
        told = until_closed(connection)
    assert told == b"" or told.startswith(b"HTTP/1.1 4"), told[:200]


def test_what_is_no_request_does_not_fill_the_log(folders: dict[str, Path]) -> None:
    with Server(folders["classifier"]) as noisy:
        for _ in range(20):
            with noisy.raw() as connection:
                connection.sendall(b"no HTTP\r\n\r\n")
                assert until_closed(connection).startswith(b"HTTP/1.1 400")
        noisy.end()
    assert len(noisy.stderr.splitlines()) < 3


def test_a_client_that_goes_away_is_no_trouble(server: Server) -> None:
    body = json.dumps(ROW).encode()
    for _ in range(50):
        with server.raw() as connection:
            connection.sendall(HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
