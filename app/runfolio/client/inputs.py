"""Noting which datasets a run used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from runfolio.client.active_runs import run_to_log_to
from runfolio.core import rules
from runfolio.core.errors import InvalidValue
from runfolio.core.states import DATA_CONTEXT


class Described(Protocol):
    """A dataset that can tell its fields: one of ours, or one of MLflow's."""

    def to_dict(self) -> dict[str, Any]:
        """Name, digest, source type, source, schema and profile, as texts."""


def log_input(
    dataset: Described | None = None,
    context: str | None = None,
    tags: Mapping[str, Any] | None = None,
    model: Any = None,
) -> None:
    """Note that the active run used a dataset; the context says what for, as "training" does."""
    if dataset is not None:
        log_inputs([dataset], [context], [tags])


def log_inputs(
    datasets: Sequence[Described] | None = None,
    contexts: Sequence[str | None] | None = None,
    tags_list: Sequence[Mapping[str, Any] | None] | None = None,
    models: Any = None,
) -> None:
    """Note that the active run used several datasets. Raises InvalidValue if the lists differ in length."""
    given = rules.listed(datasets or (), "datasets")
    contexts = [None] * len(given) if contexts is None else contexts
    tags_list = [None] * len(given) if tags_list is None else tags_list
    if not len(given) == len(contexts) == len(tags_list):
        raise InvalidValue("There must be as many contexts and tags as datasets.")
    entries = []
    for dataset, context, tags in zip(given, contexts, tags_list, strict=True):
        named = {**rules.mapping(tags or {}, "tags"), **({DATA_CONTEXT: context} if context is not None else {})}
        entries.append(entry(dataset, named))
    run_to_log_to().note_inputs(entries)


def entry(dataset: Described, tags: Mapping[str, Any]) -> dict[str, Any]:
    """A dataset's use as the journal holds it. Raises InvalidValue."""
    if not hasattr(dataset, "to_dict"):
        raise InvalidValue(
            f"A dataset is what runfolio.data makes of data, not {type(dataset).__name__}.",
            "Use data.from_pandas, data.from_numpy and the like.",
        )
    fields = dataset.to_dict()
    return {
        **{name: rules.text(fields[name]) for name in ("name", "digest", "source_type", "source")},
        **{name: None if fields.get(name) is None else rules.text(fields[name]) for name in ("schema", "profile")},
        "tags": rules.tags(tags),
    }
