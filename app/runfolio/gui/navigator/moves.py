"""What dropping or moving things in the tree does: said in one sentence before it is done. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from runfolio.core.numbers import counted
from runfolio.gui.navigator.tree import Node, topmost
from runfolio.store.folders import is_at, move_paths
from runfolio.store.merging import merge_experiments
from runfolio.store.moving import move_runs
from runfolio.store.operations import Operation
from runfolio.store.steps import InSteps


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that can be done.

    Attributes:
        text: what it will do.
        operation: does it; None where only folders are concerned that nothing is in.
        paths: the folders and experiments that get other paths by it: old and new.
        heir: the experiment that takes in the runs of those that go by it.
    """

    text: str
    operation: Operation | None
    paths: tuple[tuple[str, str], ...] = ()
    heir: int | None = None


def to_folder(nodes: Iterable[Node], folder: str) -> Move | None:
    """Put folders and experiments into a folder, or to the top with an empty path; None if that changes nothing."""
    moving = [node for node in topmost(nodes) if node.path.rpartition("/")[0] != folder]
    if not moving or any(is_at(folder, node.path) for node in moving):
        return None
    return to_paths(moving, {node.path: f"{folder}/{node.name}" if folder else node.name for node in moving})


def to_paths(nodes: Sequence[Node], paths: Mapping[str, str]) -> Move:
    """Give folders and experiments other paths."""
    full = {node.path: paths[node.path] for node in nodes if _holds(node)}
    places = {new.rpartition("/")[0] for new in paths.values()}
    what = nodes[0].name if len(nodes) == 1 else f"{len(nodes):,} rows"
    text = f"Move {what} to {places.pop() or 'the top'}"
    return Move(text, partial(move_paths, paths=full) if full else None, tuple(paths.items()))


def into_experiment(nodes: Sequence[Node], target: Node) -> Move | None:
    """Merge experiments into another one; None if there are none, or if a folder is among them."""
    sources = [node.experiment for node in nodes if node.experiment is not None and node is not target]
    if target.experiment is None or not sources or len(sources) < len(nodes):
        return None
    what = sources[0].name if len(sources) == 1 else f"{len(sources):,} experiments"
    runs = counted(sum(one.runs for one in sources), "run")
    text = f"Merge {what} with {runs} into {target.path}"
    heir, numbers = target.experiment.id, [one.id for one in sources]
    merging = InSteps(lambda store, steps: merge_experiments(store, numbers, heir, steps), "Merging experiments")
    return Move(text, merging, heir=heir)


def runs_to(runs: Sequence[int], target: Node, listed: Sequence[int] = ()) -> Move | None:
    """Put runs into an experiment; None if it is the only one of those they are `listed` from."""
    if target.experiment is None or not runs or tuple(listed) == (target.experiment.id,):
        return None
    text = f"Move {counted(len(runs), 'run')} to {target.path}"
    return Move(text, moving(runs, target.experiment.id))


def moving(runs: Sequence[int], experiment: int) -> Operation:
    """Puts runs into an experiment, in steps."""
    return InSteps(lambda store, steps: move_runs(store, runs, experiment, steps), "Moving runs")


def _holds(node: Node) -> bool:
    """Whether there is an experiment here or below."""
    return any(part.experiment is not None for part in node.walk())
