"""What an entry of the audit log says, in few words: `None → Staging`, `@champion: v4 → v6`."""

from __future__ import annotations

from typing import Any

from runfolio.core.registry.chain import Entry
from runfolio.core.registry.history import MOVES

#: What is called what: that of `chain.ACTIONS`, as people read it.
TITLES = {
    "create_model": "created",
    "rename_model": "renamed",
    "describe_model": "model described",
    "tag_model": "model tagged",
    "policy": "gates",
    "delete_model": "model to trash",
    "restore_model": "model restored",
    "register": "registered",
    "describe": "described",
    "tag": "tagged",
    "alias": "alias",
    "transition": "moved",
    "rollback": "rolled back",
    "undo": "taken back",
    "delete": "to trash",
    "restore": "restored",
    "purge": "removed for good",
}
#: Longer texts, such as descriptions and policies, are told in a line.
LONGEST = 60
ARROW = " → "


def action_title(action: str) -> str:
    """What was done, as people read it; of an action that is not known, its own name."""
    return TITLES.get(action, action)


def change(entry: Entry) -> str:
    """From what to what; empty where the action says it all."""
    evidence = entry.evidence
    if entry.action in MOVES:
        return f"{entry.old}{ARROW}{entry.new}"
    if entry.action == "register":
        return str(evidence.get("source", ""))
    if entry.action == "alias":
        return f"@{evidence.get('alias', '')}: {_version(entry.old)}{ARROW}{_version(entry.new)}"
    if entry.action in ("tag", "tag_model"):
        return f"{evidence.get('tag', '')}: {_brief(entry.old)}{ARROW}{_brief(entry.new)}"
    if entry.old is None and entry.new is None:
        return ""
    return f"{_brief(entry.old)}{ARROW}{_brief(entry.new)}"


def told(entry: Entry) -> str:
    """The whole of it but who, when and why: `moved None → Staging`."""
    if entry.action == "transition":
        return change(entry)
    if entry.action == "register":
        return "registered from run" if entry.evidence.get("run_id") else "registered from files"
    if entry.action in ("describe", "describe_model", "policy"):
        return f"{'gates' if entry.action == 'policy' else 'description'} changed"
    return f"{action_title(entry.action)} {change(entry)}".strip()


def _version(value: Any) -> str:
    return "nothing" if value is None else f"v{value}"


def _brief(value: Any) -> str:
    """A value in one short line."""
    if value is None or value == "":
        return "nothing"
    line = " ".join(str(value).split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
