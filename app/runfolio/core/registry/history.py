"""What the audit log tells of any moment: the stage of each version, and who was in a stage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from runfolio.core.registry.chain import Entry
from runfolio.core.registry.names import NONE

MOVES = frozenset(["transition", "rollback", "undo"])


@dataclass(slots=True)
class State:
    """A registered model at some moment, as the log tells it.

    Attributes:
        name: of the model.
        stages: the stage of each version that is not in the trash.
        since: since when each is in its stage, epoch milliseconds.
        aliases: versions by alias.
        digests: of the files of each version.
        deleted: versions in the trash, with their stages.
        in_trash: whether the model is.
        policy, description, tags: of the model.
        descriptions, tags_of: of each version; no tags are known of one that was registered by a version of this
            program which did not log them.
    """

    name: str
    stages: dict[int, str] = field(default_factory=dict)
    since: dict[int, int] = field(default_factory=dict)
    aliases: dict[str, int] = field(default_factory=dict)
    digests: dict[int, str] = field(default_factory=dict)
    deleted: dict[int, str] = field(default_factory=dict)
    in_trash: bool = False
    policy: str = ""
    description: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    descriptions: dict[int, str] = field(default_factory=dict)
    tags_of: dict[int, dict[str, str]] = field(default_factory=dict)

    def holders(self, stage: str) -> list[int]:
        """The versions in a stage, the latest to come there first."""
        found = [version for version, its in self.stages.items() if its.lower() == stage.lower()]
        return sorted(found, key=lambda version: (self.since.get(version, 0), version), reverse=True)


def replay(entries: Iterable[Entry], until: int | None = None) -> dict[str, State]:
    """All models as the log tells them, by name; at a time in epoch milliseconds, if one is given."""
    models: dict[str, State] = {}
    for entry in entries:
        if until is not None and entry.time > until:
            break
        _apply(models, entry)
    return models


def _apply(models: dict[str, State], entry: Entry) -> None:
    state = models.setdefault(entry.model, State(entry.model))
    match entry.action:
        case "rename_model":
            del models[entry.model]
            state.name = str(entry.new)
            models[state.name] = state
        case "purge":
            _purge(models, state, entry)
        case "alias":
            _apply_alias(state, entry)
        case _ if entry.version is None:
            _apply_to_model(state, entry)
        case _:
            _apply_to_version(state, entry.version, entry)


def _apply_to_model(state: State, entry: Entry) -> None:
    match entry.action:
        case "create_model":
            state.description = str(entry.evidence.get("description", ""))
            state.tags = dict(entry.evidence.get("tags", {}))
        case "delete_model" | "restore_model":
            state.in_trash = entry.action == "delete_model"
        case "policy":
            state.policy = str(entry.new)
        case "describe_model":
            state.description = str(entry.new)
        case "tag_model":
            _apply_tag(state.tags, entry)


def _apply_to_version(state: State, version: int, entry: Entry) -> None:
    match entry.action:
        case "register":
            state.stages[version], state.since[version] = NONE, entry.time
            state.digests[version] = str(entry.evidence.get("digest", ""))
            state.descriptions[version] = str(entry.evidence.get("description", ""))
            if "tags" in entry.evidence:
                state.tags_of[version] = dict(entry.evidence["tags"])
        case action if action in MOVES:
            state.stages[version], state.since[version] = str(entry.new), entry.time
        case "describe":
            state.descriptions[version] = str(entry.new)
        case "tag" if version in state.tags_of:
            _apply_tag(state.tags_of[version], entry)
        case "delete":
            state.deleted[version] = state.stages.pop(version, NONE)
        case "restore":
            state.stages[version] = state.deleted.pop(version, NONE)


def _apply_alias(state: State, entry: Entry) -> None:
    alias = str(entry.evidence.get("alias", ""))
    if entry.new is None:
        state.aliases.pop(alias, None)
    else:
        state.aliases[alias] = int(entry.new)


def _apply_tag(tags: dict[str, str], entry: Entry) -> None:
    key = str(entry.evidence.get("tag", ""))
    if entry.new is None:
        tags.pop(key, None)
    else:
        tags[key] = str(entry.new)


def _purge(models: dict[str, State], state: State, entry: Entry) -> None:
    if entry.version is None:
        del models[state.name]
    else:
        state.deleted.pop(entry.version, None)  # or it went with its model
        state.stages.pop(entry.version, None)
        state.aliases = {alias: version for alias, version in state.aliases.items() if version != entry.version}


def of_model(entries: Sequence[Entry], name: str) -> list[Entry]:
    """What the log has of the model that has a name now, or had it last, under all names that it ever had."""
    found = []
    for entry in reversed(entries):
        if entry.action == "rename_model" and entry.new == name:
            found.append(entry)
            name = entry.model
        elif entry.model == name:
            found.append(entry)
            if entry.action == "create_model":
                break
    return found[::-1]


def name_at(entries: Iterable[Entry], name: str, moment: int) -> str:
    """What a model was called at a time in epoch milliseconds, by its present name."""
    renames = [one for one in entries if one.action == "rename_model" and one.time > moment]
    for one in reversed(renames):
        if one.new == name:
            name = one.model
    return name


def previous_holder(entries: Iterable[Entry], model: str, stage: str) -> int | None:
    """The version that was in a stage before the one that is there now: whom a rollback goes back to.

    Who was rolled back, or came by a move that was undone, does not count; those in the trash are passed over. So one
    rollback after another goes further back. None if there is nobody.
    """
    listed = list(entries)
    state = replay(listed).get(model)
    if state is None:
        return None
    there = set(state.holders(stage))
    return next(
        (one for one in reversed(_line(listed, model, stage)) if one in state.stages and one not in there), None
    )


def _line(entries: Iterable[Entry], model: str, stage: str) -> list[int]:
    """Who was in a stage of a model, by its present name, one after the other; without who was taken back."""
    lines: dict[str, list[int]] = {}
    for entry in entries:
        line = lines.setdefault(entry.model, [])
        version = entry.version or 0
        if entry.action == "rename_model":
            lines[str(entry.new)] = lines.pop(entry.model)
        elif entry.action == "purge" and entry.version is None:
            del lines[entry.model]
        elif entry.action in MOVES:
            came, went = _is(entry.new, stage), _is(entry.old, stage)
            taken_back = entry.action != "transition"
            if came and not (taken_back and version in line):
                line[:] = [*(one for one in line if one != version), version]
            elif came:
                del line[line.index(version) + 1 :]
            elif went and taken_back and version in line:
                line.remove(version)
    return lines.get(model, [])


def _is(told: object, stage: str) -> bool:
    return isinstance(told, str) and told.lower() == stage.lower()
