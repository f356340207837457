"""Where versions come from, as a graph: data → runs → files → versions → stages, and the models they were made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import fmean

from runfolio.core import captured
from runfolio.core.entities import DatasetInput, Run
from runfolio.core.numbers import size
from runfolio.core.registry.records import ModelVersion
from runfolio.core.states import DATA_CONTEXT

#: So many letters of a commit or a digest tell it from others.
SHORT = 7
FUNCTION = "python_function"


class Kind(StrEnum):
    """What a node is."""

    DATASET = "dataset"
    RUN = "run"
    ARTIFACT = "artifact"
    VERSION = "version"
    STAGE = "stage"


@dataclass(frozen=True, slots=True)
class Node:
    """One thing that a version comes from or has become.

    Attributes:
        key: tells it from all others.
        title, detail: its name, and what else is told of it.
        run, experiment: numbers of the run that it is, or that shows it; 0 of none.
        path: of the files of a run.
        model, version: of a version.
        stage: of the stage of a model.
    """

    key: str
    kind: Kind
    title: str
    detail: str = ""
    run: int = 0
    experiment: int = 0
    path: str = ""
    model: str = ""
    version: int = 0
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Lineage:
    """Nodes by key, and which lead to which.

    Attributes:
        left_out: so many older versions are not among them.
    """

    nodes: Mapping[str, Node] = field(default_factory=dict)
    edges: tuple[tuple[str, str], ...] = ()
    left_out: int = 0


def lineage(
    versions: Sequence[ModelVersion],
    runs: Mapping[int, Run],
    data: Mapping[int, Sequence[DatasetInput]],
    left_out: int = 0,
) -> Lineage:
    """The graph of some versions, of the runs they are from and of those above these, and of the data of each."""
    graph = _Graph({node.key: node for node in map(_version, versions)}, {})
    for version in versions:
        graph.join(_above(graph, version, runs, data), _version(version))
        graph.join(_version(version), _stage(version))
    return Lineage(graph.nodes, tuple(graph.edges), left_out)


@dataclass(slots=True)
class _Graph:
    nodes: dict[str, Node]
    edges: dict[tuple[str, str], None]

    def join(self, first: Node | None, second: Node) -> None:
        self.nodes.setdefault(second.key, second)
        if first is not None:
            self.nodes.setdefault(first.key, first)
            self.edges[first.key, second.key] = None


def source_version(source: str) -> tuple[str, int] | None:
    """The version that an address such as `models:/name/3` means, if it means one by number."""
    name, _, number = source.removeprefix("models:/").rpartition("/")
    return (name, int(number)) if source.startswith("models:/") and name and number.isdecimal() else None


def _above(
    graph: _Graph, version: ModelVersion, runs: Mapping[int, Run], data: Mapping[int, Sequence[DatasetInput]]
) -> Node:
    """What a version was registered from, in the graph with all above it."""
    origin = source_version(version.source)
    if origin is not None:
        return Node(_key(*origin), Kind.VERSION, f"{origin[0]} v{origin[1]}", model=origin[0], version=origin[1])
    run = runs.get(version.run) if version.run is not None else None
    files = _files(version, run)
    if run is not None:
        graph.join(_run(run), files)
        _add_run(graph, run, runs, data)
    elif version.run_id:
        graph.join(Node(f"run {version.run_id}", Kind.RUN, version.run_id[:SHORT], "removed"), files)
    return files


def _add_run(graph: _Graph, run: Run, runs: Mapping[int, Run], data: Mapping[int, Sequence[DatasetInput]]) -> None:
    """What a run had: its data, and the runs above it."""
    for one in data.get(run.id, ()):
        used = one.tags.get(DATA_CONTEXT, "")
        detail = " · ".join(filter(None, (used, f"digest {one.dataset.digest[:SHORT]}")))
        key = f"data {one.dataset.name} {one.dataset.digest}"
        graph.join(Node(key, Kind.DATASET, one.dataset.name, detail, run.id, run.experiment), _run(run))
    parent = runs.get(run.parent) if run.parent is not None else None
    if parent is not None and (_run(parent).key, _run(run).key) not in graph.edges:
        graph.join(_run(parent), _run(run))
        _add_run(graph, parent, runs, data)


def _run(run: Run) -> Node:
    commit, dirty = run.tags.get(captured.COMMIT, ""), run.tags.get(captured.DIRTY)
    state = {"False": " · clean", "True": " · uncommitted changes"}.get(dirty or "", "")
    detail = f"git {commit[:SHORT]}{state}" if commit else run.experiment_name
    return Node(f"run {run.run_id}", Kind.RUN, run.name, detail, run.id, run.experiment)


def _files(version: ModelVersion, run: Run | None) -> Node:
    prefix = f"runs:/{version.run_id}"
    path = version.source.removeprefix(prefix).strip("/") if version.source.startswith(prefix) else ""
    title = f"{path}/" if path else version.source.rstrip("/").rpartition("/")[2] if not version.run_id else "all files"
    flavors = ", ".join(one for one in version.facts.flavors if one != FUNCTION) or "no flavor"
    number, experiment = (run.id, run.experiment) if run is not None else (0, 0)
    detail = f"{flavors} · {size(version.size)}"
    return Node(f"files {version.source or version.id}", Kind.ARTIFACT, title, detail, number, experiment, path)


def _version(version: ModelVersion) -> Node:
    aliases = " ".join(f"@{one}" for one in version.aliases)
    title = f"{version.name} v{version.version}"
    return Node(
        _key(version.name, version.version), Kind.VERSION, title, aliases, model=version.name, version=version.version
    )


def _stage(version: ModelVersion) -> Node:
    key = f"stage {version.name}/{version.stage}"
    return Node(key, Kind.STAGE, version.stage, version.name, model=version.name, stage=version.stage)


def _key(name: str, version: int) -> str:
    return f"version {name}/{version}"


def places(graph: Lineage) -> dict[str, tuple[int, float]]:
    """Column and row of each node: what leads to a node stands left of it, and what belongs together beside it."""
    columns = _columns(graph)
    rows = _rows(graph)
    found: dict[str, tuple[int, float]] = {}
    for column in sorted(set(columns.values())):
        keys = [key for key in graph.nodes if columns[key] == column]
        found |= {key: (column, row) for key, row in _apart({key: rows[key] for key in keys}).items()}
    return found


def _columns(graph: Lineage) -> dict[str, int]:
    """By the longest way that leads to each; stages are all in the last column."""
    columns = dict.fromkeys(graph.nodes, 0)
    for _ in graph.nodes:  # a chain is no longer than that, and a circle, which nobody can make, ends too
        moved = False
        for first, second in graph.edges:
            if columns[second] <= columns[first]:
                columns[second], moved = columns[first] + 1, True
        if not moved:
            break
    last = max(columns.values(), default=0)
    return {key: last if graph.nodes[key].kind is Kind.STAGE else column for key, column in columns.items()}


def _rows(graph: Lineage) -> dict[str, float]:
    """Versions below each other; everything else as far down as what it is joined to."""
    beside: dict[str, list[str]] = defaultdict(list)
    for first, second in graph.edges:
        beside[first].append(second)
        beside[second].append(first)
    versions = (key for key, node in graph.nodes.items() if node.kind is Kind.VERSION)
    rows = {key: float(at) for at, key in enumerate(versions)}
    while len(rows) < len(graph.nodes):
        near = {key: [rows[one] for one in beside[key] if one in rows] for key in graph.nodes if key not in rows}
        rows |= {key: fmean(found) for key, found in near.items() if found}
    return rows


def _apart(wanted: Mapping[str, float]) -> dict[str, float]:
    """The same rows, none of which is less than one from the next; together they stay where they were."""
    keys = sorted(wanted, key=lambda key: wanted[key])
    placed: list[float] = []
    for key in keys:
        placed.append(max(wanted[key], placed[-1] + 1) if placed else wanted[key])
    shift = _mean(wanted[key] - row for key, row in zip(keys, placed, strict=True))
    return {key: row + shift for key, row in zip(keys, placed, strict=True)}


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return fmean(found) if found else 0.0
