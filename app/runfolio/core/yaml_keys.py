"""Keys that stand twice in one mapping of a text of YAML, of which readers keep the last in silence."""

from __future__ import annotations

import yaml

from runfolio.core.yaml_text import DEEPEST, MOST, events


def repeated_key(text: str, *, deepest: int = DEEPEST, most: int = MOST) -> tuple[str, int] | None:
    """The first such key and its line, counted from 1; None if all are different. Raises NotYaml."""
    # Of each collection that is open its keys, None for a list; and whether the next part of it is a key.
    keys: list[set[str] | None] = []
    before_key: list[bool] = []
    for event in events(text, deepest=deepest, most=most):
        if isinstance(event, yaml.CollectionEndEvent):
            keys.pop()
            before_key.pop()
        if not isinstance(event, yaml.NodeEvent):
            continue
        known = keys[-1] if keys else None
        if known is not None:
            if before_key[-1] and isinstance(event, yaml.ScalarEvent):
                if event.value in known:
                    return event.value, event.start_mark.line + 1 if event.start_mark else 0
                known.add(event.value)
            before_key[-1] = not before_key[-1]
        if isinstance(event, yaml.CollectionStartEvent):
            keys.append(set() if isinstance(event, yaml.MappingStartEvent) else None)
            before_key.append(True)
    return None
