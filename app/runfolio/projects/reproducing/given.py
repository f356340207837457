"""What is known of a run that is to be done again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from runfolio.core.entities import Run
from runfolio.projects.sources.source import Watch
from runfolio.store import Store


@dataclass(frozen=True, slots=True)
class Given:
    """A run, the values that are to be other than they were, and who waits for the plan."""

    store: Store
    run: Run
    values: Mapping[str, str]
    watch: Watch

    def tag(self, name: str) -> str:
        """A tag's value; "" where the run has none of that name."""
        return self.run.tags.get(name, "")
