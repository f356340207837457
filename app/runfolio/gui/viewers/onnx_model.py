"""ONNX models: inputs, outputs, operators and weights."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from runfolio.core import numbers
from runfolio.gui.inspector.rows import simple
from runfolio.gui.inspector.text_table import TextTable
from runfolio.gui.session import Session
from runfolio.gui.viewers.list_model import ListColumn
from runfolio.gui.viewers.listing import Listing
from runfolio.gui.viewers.viewer import ViewedFile, Viewer
from runfolio.previews.onnx_graph import AskOnnx, OnnxModel, OnnxNode, OnnxValue


@dataclass(frozen=True, slots=True)
class Sided:
    """An input or an output."""

    side: str
    value: OnnxValue


SIGNATURE: tuple[ListColumn[Sided], ...] = (
    ListColumn("", lambda one: one.side, role=lambda one: "muted"),
    ListColumn("name", lambda one: one.value.name),
    ListColumn("type", lambda one: one.value.type),
    ListColumn("shape", lambda one: one.value.shape),
)
WEIGHTS: tuple[ListColumn[OnnxValue], ...] = (
    ListColumn("name", lambda value: value.name),
    ListColumn("type", lambda value: value.type),
    ListColumn("shape", lambda value: value.shape),
    ListColumn(
        "size",
        lambda value: f"{numbers.size(value.bytes)}{' in another file' if value.elsewhere else ''}",
        lambda value: value.bytes,
        right=True,
    ),
)
NODES: tuple[ListColumn[OnnxNode], ...] = (
    ListColumn("operator", lambda node: node.operator),
    ListColumn("name", lambda node: node.name),
    ListColumn("inputs", lambda node: ", ".join(node.inputs)),
    ListColumn("outputs", lambda node: ", ".join(node.outputs)),
)
OPERATORS: tuple[ListColumn[tuple[str, int]], ...] = (
    ListColumn("operator", lambda one: one[0]),
    ListColumn("times", lambda one: f"{one[1]:,}", lambda one: one[1], right=True),
)


class OnnxViewer(Viewer):
    """A model.

    Attributes:
        facts: what is known of it as a whole.
        tabs: its parts.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        theme = session.theme
        self.facts, self.tabs = TextTable("What is known of the model", theme.color, tight=True), QTabWidget()
        theme.theme_changed.connect(self.facts.recolor)
        self.signature: Listing[Sided] = Listing("Inputs and outputs", SIGNATURE, theme, lambda one: one.value.name)
        self.operators: Listing[tuple[str, int]] = Listing("Operators", OPERATORS, theme, lambda one: one[0])
        self.nodes: Listing[OnnxNode] = Listing("Operations", NODES, theme, lambda node: f"{node.operator} {node.name}")
        self.weights: Listing[OnnxValue] = Listing("Weights", WEIGHTS, theme, lambda value: value.name)
        for title, page in (
            ("Inputs and Outputs", self.signature),
            ("Operators", self.operators),
            ("Graph", self.nodes),
            ("Weights", self.weights),
        ):
            self.tabs.addTab(page, title)
        self.tabs.tabBar().setAccessibleName("Parts of the model")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.facts)
        layout.addWidget(self.tabs, 1)
        self.setFocusProxy(self.tabs)

    def show_file(self, file: ViewedFile) -> None:
        """Ask what it is."""
        self.ask(AskOnnx(str(file.file)), self._on_model, "model")

    def _on_model(self, model: OnnxModel) -> None:
        opsets = ", ".join(f"{name or 'ONNX'} {version}" for name, version in model.opsets)
        rows = [("written by", model.producer), ("graph", model.name), ("note", model.note), ("operators", opsets)]
        rows += [("format", f"ONNX, version {model.ir_version}"), ("parameters", f"{model.parameters:,}")]
        rows += model.metadata
        self.facts.set_rows([simple(name, value) for name, value in rows if value])
        sides = [Sided("input", value) for value in model.inputs]
        self.signature.show_things([*sides, *(Sided("output", value) for value in model.outputs)])
        self.operators.show_things(model.operators)
        self.nodes.show_things(model.nodes, _first(len(model.nodes), model.node_count, "operations"))
        self.weights.show_things(model.weights, _first(len(model.weights), model.weight_count, "weights"))
        weights = f"{model.parameters:,} parameters · {numbers.size(model.bytes)} of weights"
        self.told.emit(f"{model.node_count:,} operations · {weights}")


def _first(shown: int, count: int, what: str) -> str:
    return f"The first {shown:,} of {count:,} {what}." if shown < count else ""
