"""What the tab of the audit log asks for, and what it gets: all that takes long is done on a worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from runfolio.core.registry.chain import Entry, canonical_text
from runfolio.core.registry.entry_words import action_title, change
from runfolio.core.registry.history import State, replay
from runfolio.store import Store
from runfolio.store.registry.audit import read_entries
from runfolio.store.registry.reading import get_model


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked at of the log.

    Attributes:
        model: of which model; "" for all.
        words: all of these are in an entry.
        action: what was done; "" for anything.
        version: of which version; None for all.
        as_of: who was in each stage at this time, epoch milliseconds; None if nobody asks.
    """

    model: str
    words: str = ""
    action: str = ""
    version: int | None = None
    as_of: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Log:
    """What was found.

    Attributes:
        entries: all of the model, the oldest first.
        rows: those that are looked for, the newest first.
        stages: of the model, in their order.
        holders: by model, who was in each stage at the time that is asked for: `v4`, or several.
    """

    wanted: Wanted
    entries: Sequence[Entry]
    rows: Sequence[Entry] = ()
    stages: Sequence[str] = ()
    holders: Sequence[tuple[str, dict[str, tuple[int, ...]]]] = field(default_factory=tuple)


def read_log(store: Store, name: str, wanted: Wanted, known: Sequence[Entry] | None) -> Log:
    """Find what is looked for, in what is known of the log or, without that, in the store. Raises NotFound."""
    stages = get_model(store, name).stages
    entries = read_entries(store, wanted.model or None) if known is None else known
    rows = [one for one in reversed(entries) if _fits(one, wanted)]
    return Log(wanted, entries, rows, stages, _holders(entries, wanted))


def _fits(entry: Entry, wanted: Wanted) -> bool:
    if wanted.action not in ("", entry.action) or wanted.version not in (None, entry.version):
        return False
    text = text_of(entry) if wanted.words else ""
    return all(word in text for word in wanted.words.casefold().split())


def text_of(entry: Entry) -> str:
    """All that can be searched for in an entry, in small letters."""
    version = "" if entry.version is None else f"v{entry.version}"
    parts = (str(entry.number), entry.user, action_title(entry.action), entry.action, entry.model, version)
    return " ".join((*parts, change(entry), entry.reason, canonical_text(dict(entry.evidence)))).casefold()


def _holders(entries: Sequence[Entry], wanted: Wanted) -> tuple[tuple[str, dict[str, tuple[int, ...]]], ...]:
    if wanted.as_of is None:
        return ()
    then = replay(entries, wanted.as_of)
    return tuple((name, _by_stage(state)) for name, state in sorted(then.items()) if not state.in_trash)


def _by_stage(state: State) -> dict[str, tuple[int, ...]]:
    return {stage: tuple(state.holders(stage)) for stage in dict.fromkeys(state.stages.values())}
