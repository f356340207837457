"""The page on the registry: its commands run, its policies and messages are real, and its snippets prove things."""

from __future__ import annotations

import json
import re
import shlex
import time
from pathlib import Path
from typing import Any

import pytest

from runfolio.cli.registry.app import app
from runfolio.core.registry.chain import Entry
from runfolio.core.registry.check_kinds import CHECKS
from runfolio.core.registry.events import EVENTS, PLACEHOLDERS
from runfolio.core.registry.policy_text import parse_policy
from runfolio.events.message import message_of
from runfolio.events.sending import BREAKS
from runfolio.store.registry.deliveries import Delivery
from tests.cli.test_commands import run
from tests.cli.test_registry import Registry, registry, run_id, store, three  # noqa: F401

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "registry.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_commands_lead_from_a_run_to_production(store: Path, run_id: str) -> None:  # noqa: F811
    (script,) = blocks("sh")
    lines = script.splitlines()
    assert len(lines) > 10
    printed = []
    for line in lines:
        program, *words = shlex.split(line.replace("$RUN", run_id[:8]))
        assert program == "runfolio"
        printed.append(run(*words, RUNFOLIO_STORE=str(store), COLUMNS="200").stdout)
    assert "Would move churn v1 to Production." in printed[1] and "models:/churn/1" in printed[4]
    assert "Rolled churn back to v1 in Production" in printed[9] and "no faults" in printed[11]
    assert {one["version"]: one["stage"] for one in Registry(store).json("versions", "churn")} == {
        2: "Archived",
        1: "Production",
    }


def test_the_policies_are_read_and_each_check_is_told(three: Registry, tmp_path: Path) -> None:  # noqa: F811
    gates, events = blocks("yaml")
    file = tmp_path / "policy.yaml"
    file.write_text(gates + events, "utf-8")
    three("gates", "churn", "--file", str(file))
    told = three.json("gates", "churn")
    assert len(told["gates"]["Production"]["checks"]) == 6 and len(told["events"]) == 2
    assert told["gates"]["Production"]["when_failing"] == "block"
    table = PAGE.partition("| check |")[2].partition("\n\n")[0]
    for written in re.findall(r"`(\{.*?\}|\w+)`", table.partition("---")[2].replace("`sign_off`, ", "")):
        if written.startswith("{") or written in CHECKS:
            parse_policy(f"gates: {{Production: {{checks: [{written}]}}}}")
    assert not {name for name in CHECKS if not re.search(rf"\b{name}\b", table)}
    assert all(f"`{{{name}}}`" in PAGE for name in PLACEHOLDERS) and all(f"{name}:" in events for name in EVENTS)


def test_the_log_is_proved_by_the_standard_library_alone(
    three: Registry,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    three("promote", "churn", "2", "Production", "--reason", "bettér – 1/3")
    monkeypatch.chdir(tmp_path)
    log = three("history", "--format", "json")
    (snippet,) = (one for one in blocks("python") if "log.json" in one)
    Path("log.json").write_text(log, "utf-8")
    space: dict[str, Any] = {}
    exec(snippet, space)
    assert space["previous"] == three.json("verify")["last_hash"]
    Path("log.json").write_text(log.replace("1/3", "1/4"), "utf-8")
    with pytest.raises(AssertionError):
        exec(snippet, {})


def test_the_message_and_its_proof_are_those_that_are_sent() -> None:
    entry = Entry(
        41, 1_774_969_200_000, "anna", "transition", "churn", 3, "Staging", "Production", "beats v2", hash="9f2c…"
    )
    message = message_of(Delivery(1, entry, {}, "waiting", 0, 0, ""))
    (shown,) = blocks("json")
    assert json.loads(shown) == json.loads(message.body)
    (snippet,) = (one for one in blocks("python") if "is_ours" in one)
    space: dict[str, Any] = {}
    exec(snippet, space)
    headers, body = message.headers("secret", time.time()), message.body.encode()
    assert space["is_ours"](headers, body, "secret")
    assert not space["is_ours"](headers, body, "other") and not space["is_ours"](headers, body + b" ", "secret")
    assert not space["is_ours"](message.headers("secret", time.time() - 1000), body, "secret")


def test_the_page_tells_the_breaks_between_attempts() -> None:
    words = {10_000: "10 seconds", 60_000: "1 minute", 600_000: "10 minutes", 3_600_000: "1 hour"}
    told = [words[one] for one in BREAKS]
    assert f"after {', '.join(told[:-1])} and {told[-1]}" in " ".join(PAGE.split())


def test_the_page_on_the_command_line_has_each_command() -> None:
    page = (DOCS / "cli.md").read_text("utf-8")
    section = page.partition("## The registry\n")[2].partition("\n## ")[0]
    names = [str(command.name) for command in app.registered_commands]
    assert len(names) > 12 and not {name for name in names if not re.search(rf"\b{name}\b", section)}
