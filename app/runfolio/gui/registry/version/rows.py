"""What is told of a version, as rows of the inspector's tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from runfolio.core.numbers import age, full_time, size
from runfolio.core.registry.chain import Entry
from runfolio.core.registry.entry_words import told
from runfolio.core.registry.gates import Judgement
from runfolio.core.registry.lineage import Kind, Lineage, Node, places
from runfolio.core.registry.records import ModelFacts, ModelVersion
from runfolio.gui.inspector.rows import Span, TableRow, muted, plain, simple
from runfolio.store.registry.transitions import Preview

#: In the order in which one comes from the other.
ORDER = (Kind.DATASET, Kind.RUN, Kind.ARTIFACT, Kind.VERSION, Kind.STAGE)
PASSED, FAILED = "✓ ", "✗ "


def row(key: str, name: Span, *spans: Span, target: object = None, full: str = "") -> TableRow:
    """A row whose value stands fast."""
    return TableRow(key, name, partial(tuple, spans), target, full=(lambda: full) if full else None)


def lineage_rows(graph: Lineage) -> list[TableRow]:
    """Each thing that a version comes from, and the stage it is in; those that can be gone to lead there."""
    place = places(graph)
    nodes = sorted(graph.nodes.values(), key=lambda node: (ORDER.index(node.kind), place[node.key]))
    return [row(node.key, muted(node.kind), *_node(node), target=node if leads(node) else None) for node in nodes]


def leads(node: Node) -> bool:
    """Whether there is anything to be seen of a node elsewhere."""
    return bool(node.run or node.version)


def _node(node: Node) -> tuple[Span, ...]:
    title = ("accent" if leads(node) and node.kind is not Kind.VERSION else "text", node.title)
    return (title, muted(f"  {node.detail}")) if node.detail and node.kind is not Kind.STAGE else (title,)


def signature_rows(facts: ModelFacts) -> list[TableRow]:
    """Inputs, params and outputs with their types."""
    return [
        *(simple(name, kind) for name, kind in facts.inputs),
        *(row(f"param {name}", muted(f"{name} (param)"), plain(kind)) for name, kind in facts.params),
        *(row(f"out {name}", muted(f"→ {name}"), plain(kind)) for name, kind in facts.outputs),
    ]


def fact_rows(version: ModelVersion) -> list[TableRow]:
    """What else is known of its files, and who registered it."""
    facts = version.facts
    told_of = {
        "size": size(version.size),
        "flavors": ", ".join(facts.flavors),
        "python": facts.python,
        "mlflow format": facts.mlflow_version,
        "input example": "yes" if facts.has_input_example else "no",
        "registered": full_time(version.creation_time),
        "by": version.user,
        "source": version.source,
        "sha256": version.digest,
    }
    tags = [row(f"tag {name}", muted(f"tag {name}"), plain(value)) for name, value in sorted(version.tags.items())]
    return [*(simple(name, text) for name, text in told_of.items() if text), *tags]


def metric_rows(version: ModelVersion, short: Mapping[str, str]) -> list[TableRow]:
    """The last values of its run's metrics, as texts that were made of all versions' figures."""
    return [row(name, muted(name), plain(text), full=repr(version.metrics[name])) for name, text in short.items()]


def gate_rows(found: Mapping[str, Preview], stage: str) -> list[TableRow]:
    """What the gates of each stage ask for, and whether it is there; but for the stage that the version is in."""
    others = {name: preview.judgement for name, preview in found.items() if name != stage}
    return [one for name, judgement in others.items() for one in _gate(name, judgement)]


def _gate(stage: str, judgement: Judgement) -> Iterator[TableRow]:
    for number, one in enumerate(judgement.checks):
        mark = ("ok", PASSED) if one.passed else ("bad", FAILED)
        found = (muted(f"  {one.found}"),) if one.found else ()
        yield row(f"{stage} {number}", muted("" if number else stage), mark, plain(one.text), *found)


def history_rows(entries: Sequence[Entry], now: int) -> list[TableRow]:
    """What was done, with the reasons; the newest first."""
    return [_entry(one, now) for one in entries]


def _entry(entry: Entry, now: int) -> TableRow:
    reason = (muted(f"  “{' '.join(entry.reason.split())}”"),) if entry.reason else ()
    full = f"{full_time(entry.time)} {entry.user}: {told(entry)} {entry.reason}".strip()
    return row(str(entry.number), muted(age(entry.time, now)), plain(told(entry)), *reason, full=full)
