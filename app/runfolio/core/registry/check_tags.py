"""Which tag tells how a version's model fared in its own environment: the version's own, or one of its run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from runfolio.core.system_tags import MODEL_CHECK


def texts(version_tags: Mapping[str, str], run_tags: Mapping[str, str]) -> list[str]:
    """All that tell of a check, of these files or of others, the version's own first."""
    own = [version_tags[MODEL_CHECK]] if MODEL_CHECK in version_tags else []
    return own + [text for tag, text in sorted(run_tags.items()) if tag.startswith(f"{MODEL_CHECK}.")]


def check_of(told: list[str], fingerprint: str) -> dict[str, Any] | None:
    """The first check of files with this fingerprint, as it was written, by whomsoever; None if there is none."""
    for text in told:
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict) and found.get("digest") == fingerprint:
            return found
    return None
