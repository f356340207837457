"""Others are told of moves: by posts to a real server and by real commands, as often as it takes, and no more."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from runfolio.core.clock import now_ms
from runfolio.core.settings import settings_file
from runfolio.events import commands, posting, sending
from runfolio.events.answer import Answer
from runfolio.events.sending import BREAKS, TOO_OLD, not_allowed, send_all, send_due
from runfolio.journal.locks import acquire, locked
from runfolio.store import Store
from runfolio.store.registry.allowed import NAME
from runfolio.store.registry.audit import read_entries
from runfolio.store.registry.deliveries import LOCK, Delivery, list_deliveries, try_again
from runfolio.store.registry.policies import policy_text, set_policy
from runfolio.store.registry.transitions import rollback, transition
from runfolio.store.registry.verify import verify
from tests.events.conftest import Listener, status

Tell = Callable[[str], None]


class Clock:
    """The time that sending goes by; waiting moves it on."""

    def __init__(self) -> None:
        self.now = now_ms()

    def __call__(self) -> int:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += round(seconds * 1000)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    found.now += 1000  # whatever the moves of the test take
    monkeypatch.setattr(sending, "now_ms", found)
    return found


def nothing(_delivery: Delivery, _answer: Answer) -> None:
    """Nobody listens."""


def states(store: Store) -> list[tuple[str, int]]:
    return [(one.state, one.attempts) for one in list_deliveries(store)]


def test_a_post_is_signed_as_those_of_mlflow(
    store: Store, churn: Tell, listener: Listener, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK_SECRET", "s€cret")
    churn(f"[{{on: [Production], post: '{listener.url}/hook?to=1', secret_from: HOOK_SECRET}}]")
    transition(store, "churn", 1, "Staging")
    assert not list_deliveries(store), "nobody asked to be told of that"
    transition(store, "churn", 1, "Production", reason="it is better")
    assert send_all(store, nothing, clock.wait)
    assert states(store) == [("done", 1)]
    (heard,) = listener.heard
    assert heard.path == "/hook?to=1"
    signed = ".".join((heard.headers["X-MLflow-Delivery-Id"], heard.headers["X-MLflow-Timestamp"], heard.body))
    digest = hmac.new("s€cret".encode(), signed.encode(), hashlib.sha256).digest()
    assert heard.headers["X-MLflow-Signature"] == f"v1,{base64.b64encode(digest).decode()}"
    told = json.loads(heard.body)
    entry = read_entries(store)[-1]
    assert told["data"] == {
        "name": "churn",
        "version": "1",
        "from_stage": "Staging",
        "to_stage": "Production",
        "move": "transition",
        "user": entry.user,
        "reason": "it is better",
        "audit_number": entry.number,
        "audit_hash": entry.hash,
    }
    assert "s€cret" not in list_deliveries(store)[0].told and verify(store).good


def test_trouble_of_the_server_is_tried_again_with_longer_and_longer_breaks(
    store: Store, churn: Tell, listener: Listener, clock: Clock
) -> None:
    churn(f"[{{post: '{listener.url}'}}]")
    listener.answers = [status(500)]
    transition(store, "churn", 1, "Production")
    waited = []
    while list_deliveries(store)[0].state == "waiting":
        began = clock.now = max(clock.now, list_deliveries(store)[0].next_time)
        assert send_due(store, nothing) == 1
        waited.append(list_deliveries(store)[0].next_time - began)
        assert send_due(store, nothing) == 0
    assert waited == [*BREAKS, 0]
    assert states(store) == [("failed", 5)]
    lines = list_deliveries(store)[0].told.splitlines()
    assert len(lines) == 5 and all("It answered 500 (refused): words of the server" in line for line in lines)
    assert len({one.headers["X-MLflow-Delivery-Id"] for one in listener.heard}) == 1
    listener.answers = [status(204)]
    assert try_again(store, clock.now) == 1
    send_all(store, nothing, clock.wait)
    assert states(store) == [("done", 1)] and "It answered 204." in list_deliveries(store)[0].told


def test_what_is_due_within_a_minute_is_waited_for_and_no_longer(
    store: Store, churn: Tell, listener: Listener, clock: Clock
) -> None:
    churn(f"[{{post: '{listener.url}'}}]")
    listener.answers = [status(503), status(429), status(503)]
    transition(store, "churn", 1, "Production")
    began = clock.now
    send_all(store, nothing, clock.wait)
    assert states(store) == [("waiting", 3)]
    assert 70_000 <= clock.now - began <= 75_000, "the break after the third attempt is ten minutes"


def test_a_move_in_the_meantime_is_told_too(store: Store, churn: Tell, listener: Listener, clock: Clock) -> None:
    churn(f"[{{post: '{listener.url}'}}]")

    def moves(handler: BaseHTTPRequestHandler) -> None:
        listener.answers = [status(200)]
        transition(store, "churn", 2, "Production")
        status(200)(handler)

    listener.answers = [moves]
    transition(store, "churn", 1, "Staging")
    # Time goes on while a message is under way.
    sent = [0]

    def told(_delivery: Delivery, _answer: Answer) -> None:
        sent[0] += 1
        clock.wait(5)

    send_all(store, told, clock.wait)
    assert sent == [2] and states(store) == [("done", 1)] * 2


def test_a_refusal_and_an_answer_that_leads_elsewhere_are_not_tried_again(
    store: Store, churn: Tell, listener: Listener, clock: Clock
) -> None:
    churn(f"[{{post: '{listener.url}'}}]")
    listener.answers = [status(404), status(302, Location=f"{listener.url}/elsewhere")]
    transition(store, "churn", 1, "Staging")
    transition(store, "churn", 1, "Production")
    send_all(store, nothing, clock.wait)
    assert states(store) == [("failed", 1)] * 2
    assert "leads elsewhere, which is not followed" in list_deliveries(store)[1].told
    assert [one.path for one in listener.heard] == ["/", "/"]


def test_who_does_not_answer_is_not_waited_for(
    store: Store, churn: Tell, listener: Listener, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()

    def hangs(_handler: BaseHTTPRequestHandler) -> None:
        released.wait(60)

    def drips(handler: BaseHTTPRequestHandler) -> None:
        try:
            while not released.wait(0.02):
                handler.wfile.write(b"X")
        except OSError:
            return

    def closes(handler: BaseHTTPRequestHandler) -> None:
        handler.connection.shutdown(socket.SHUT_RDWR)

    def talks(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"no HTTP at all\r\n\r\n")

    monkeypatch.setattr(posting, "SILENCE", 0.3)
    monkeypatch.setattr(posting.post, "__defaults__", (0.6,))
    churn(f"[{{post: '{listener.url}'}}]")
    listener.answers = [hangs, drips, closes, talks]
    for stage in ("Staging", "Production", "Archived", "None"):
        transition(store, "churn", 1, stage)
    for _ in range(4):
        assert send_due(store, nothing) == 1, "who has failed is not asked again at once"
    released.set()
    assert states(store) == [("waiting", 1)] * 4
    assert all("cannot be reached" in one.told for one in list_deliveries(store))
    assert "timed out" in list_deliveries(store)[0].told


def test_nobody_listening_and_a_missing_secret_are_told(
    store: Store, churn: Tell, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOOK_SECRET", raising=False)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    churn(f"[{{post: 'http://127.0.0.1:{port}'}}, {{post: 'http://127.0.0.1:{port}', secret_from: HOOK_SECRET}}]")
    transition(store, "churn", 1, "Production")
    send_due(store, nothing)
    first, second = list_deliveries(store)
    assert "cannot be reached" in first.told and "variable HOOK_SECRET" in second.told
    assert states(store) == [("waiting", 1)] * 2


def test_a_command_gets_its_words_whole_and_none_of_our_secrets(
    store: Store, churn: Tell, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK_SECRET", "secret")
    out = tmp_path / "told.json"
    code = (
        "import json, os, sys; "
        f"json.dump([sys.argv[1:], json.load(sys.stdin), dict(os.environ)], open({str(out)!r}, 'w'))"
    )
    command = json.dumps([sys.executable, "-c", code, "{model}; touch x", "v{version}", "{from}>{stage}"])
    churn(f"[{{command: {command}}}]")
    transition(store, "churn", 2, "Production")
    send_all(store, nothing, clock.wait)
    assert states(store) == [("done", 1)], list_deliveries(store)[0].told
    words, told, environment = json.loads(out.read_text())
    assert words == ["churn; touch x", "v2", "None>Production"]
    assert told["data"]["to_stage"] == "Production"
    assert "PATH" in environment and "HOOK_SECRET" not in environment and "RUNFOLIO_STORE" not in environment


def test_a_command_that_fails_hangs_or_does_not_exist_is_told(
    store: Store, churn: Tell, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands.run_command, "__defaults__", (1.0,))
    lists = (
        [sys.executable, "-c", "import sys; sys.exit('it does not work')"],
        [sys.executable, "-c", "import time; time.sleep(300)"],
        [str(tmp_path / "nowhere")],
    )
    churn(json.dumps([{"command": one} for one in lists]))
    transition(store, "churn", 1, "Production")
    assert send_due(store, nothing) == 3
    fails, hangs, missing = (one.told for one in list_deliveries(store))
    assert "ended with 1. it does not work" in fails
    assert "was ended after 1 seconds" in hangs
    assert "cannot be started: No such file" in missing
    assert states(store) == [("waiting", 1)] * 3


def test_a_command_that_hangs_holds_up_nobody_else_at_each_move(
    store: Store, churn: Tell, listener: Listener, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands.run_command, "__defaults__", (0.2,))
    hangs = json.dumps([sys.executable, "-c", "import time; time.sleep(300)"])
    churn(f"[{{command: {hangs}}}, {{post: '{listener.url}'}}]")
    for version in (1, 2, 1):
        transition(store, "churn", version, "Production")
    clock.wait(1)
    order = []

    def told(delivery: Delivery, answer: Answer) -> None:
        order.append("post" if answer.done else "hangs")

    moves = len(list_deliveries(store)) // 2
    assert send_due(store, told) == moves + 1
    assert order == ["hangs", *["post"] * moves]
    order.clear()
    transition(store, "churn", 2, "Production")
    clock.wait(1)
    send_due(store, told)
    assert order == ["post", "post", "hangs"], "there is one for the version that makes room, too"


def test_nothing_is_run_that_somebody_else_has_written(
    store: Store, churn: Tell, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store that is passed on brings its policies, and what they want to be run."""
    marks = settings_file().with_name(NAME)
    churn(f"[{{command: [touch, '{tmp_path / 'run'}']}}]")
    marks.rename(tmp_path / "theirs")
    transition(store, "churn", 1, "Production")
    send_all(store, nothing, clock.wait)
    assert states(store) == [("waiting", 0)] and not (tmp_path / "run").exists()
    assert [one.entry.version for one in not_allowed(store)] == [1]
    undo = set_policy(store, "churn", "").inverse
    assert undo is not None
    undo(store)
    send_all(store, nothing, clock.wait)
    assert not (tmp_path / "run").exists(), "to undo something allows nothing"
    set_policy(store, "churn", policy_text(store, "churn"))
    send_all(store, nothing, clock.wait)
    assert states(store) == [("done", 1)] and (tmp_path / "run").exists()


def test_what_has_waited_for_a_week_is_told_no_more(
    store: Store, churn: Tell, listener: Listener, clock: Clock
) -> None:
    churn(f"[{{post: '{listener.url}'}}]")
    transition(store, "churn", 1, "Production")
    clock.now += TOO_OLD + 1
    send_all(store, nothing, clock.wait)
    assert states(store) == [("failed", 1)] and not listener.heard


def test_one_process_sends_at_a_time(store: Store, churn: Tell, listener: Listener, clock: Clock) -> None:
    churn(f"[{{post: '{listener.url}'}}]")
    transition(store, "churn", 1, "Production")
    with locked(store.path / "registry" / LOCK) as had:
        assert had
        assert not send_all(store, nothing, clock.wait)
    assert not listener.heard
    assert send_all(store, nothing, clock.wait) and len(listener.heard) == 1


def test_who_finds_another_at_work_is_not_forgotten(
    store: Store, churn: Tell, listener: Listener, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the last look and the end of the lock somebody moves a version, and leaves it to us."""
    churn(f"[{{post: '{listener.url}'}}]")
    look = sending._is_soon
    looks: list[int | None] = []

    def moves_after(store: Store) -> bool:
        found = look(store)
        if not found and not looks:
            looks.append(acquire(store.path / "registry" / LOCK))
            transition(store, "churn", 1, "Production")
            clock.wait(5)
        return found

    monkeypatch.setattr(sending, "_is_soon", moves_after)
    assert send_all(store, nothing, clock.wait)
    assert looks == [None] and states(store) == [("done", 1)]


def test_rollbacks_and_what_is_undone_are_told(store: Store, churn: Tell, listener: Listener, clock: Clock) -> None:
    churn(f"[{{on: [Production], post: '{listener.url}'}}]")
    transition(store, "churn", 1, "Production")
    undo = transition(store, "churn", 2, "Production").inverse
    assert undo is not None
    undo(store)
    transition(store, "churn", 2, "Production")
    rollback(store, "churn")
    clock.wait(10)
    send_all(store, nothing, clock.wait)
    told = [json.loads(one.body)["data"] for one in listener.heard]
    assert [(one["version"], one["move"]) for one in told] == [
        ("1", "transition"),
        ("2", "transition"),
        ("1", "undo"),
        ("2", "transition"),
        ("1", "rollback"),
    ]
