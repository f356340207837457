"""What an ONNX model is: its inputs and outputs, operators and weights, without the library that runs it.

The numbers of fields are those of onnx/onnx.proto.
"""

from __future__ import annotations

import mmap
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from runfolio.core.errors import CannotShow
from runfolio.previews.files import open_plain
from runfolio.previews.kept import Kept
from runfolio.previews.protobuf import DAMAGED, Message
from runfolio.previews.records import Question

MOST_NODES, MOST_SHOWN = 1_000_000, 5_000
TYPES = (
    "undefined float32 uint8 int8 uint16 int16 int32 int64 string bool float16 float64 uint32 uint64 complex64 "
    "complex128 bfloat16 float8e4m3fn float8e4m3fnuz float8e5m2 float8e5m2fnuz uint4 int4 float4e2m1"
).split()
# Of half a byte each; 16 bits and less; all others have 4 or 8 bytes.
BITS = dict(
    zip(TYPES, [0, 32, 8, 8, 16, 16, 32, 64, 0, 8, 16, 64, 32, 64, 64, 128, 16, 8, 8, 8, 8, 4, 4, 4], strict=True)
)


@dataclass(frozen=True, slots=True)
class OnnxValue:
    """An input, an output or a weight.

    Attributes:
        name, type: of it.
        shape: as text, such as `batch × 3 × 224`.
        bytes: that the values of a weight take.
        elsewhere: whether these lie in another file.
    """

    name: str
    type: str
    shape: str
    bytes: int = 0
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class OnnxNode:
    """An operation: its name, operator, and the names of what goes in and comes out."""

    name: str
    operator: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnnxModel:
    """What is known of a model.

    Attributes:
        producer: what has written it, with its version.
        ir_version: of the format.
        opsets: sets of operators with their versions; that of ONNX itself has no name.
        name, note: of the graph.
        inputs, outputs, weights: its values; of very many weights the first ones.
        nodes: its operations; of very many the first ones.
        operators: how often each operator occurs, the most frequent first.
        node_count, weight_count, parameters, bytes: of all operations and weights.
        metadata: what else the model says of itself.
    """

    producer: str
    ir_version: int
    opsets: tuple[tuple[str, int], ...]
    name: str
    note: str
    inputs: tuple[OnnxValue, ...]
    outputs: tuple[OnnxValue, ...]
    weights: tuple[OnnxValue, ...]
    nodes: tuple[OnnxNode, ...]
    operators: tuple[tuple[str, int], ...]
    node_count: int
    weight_count: int
    parameters: int
    bytes: int
    metadata: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AskOnnx(Question[OnnxModel]):
    """What is an ONNX model?"""

    path: str

    def answer(self, kept: Kept) -> OnnxModel:
        """It."""
        return kept.get(read_model, self.path)


def read_model(path: str) -> OnnxModel:
    """What is in a file. Raises CannotShow if it is no model."""
    with open_plain(path) as stream:
        try:
            data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        except (ValueError, OSError) as error:  # an empty file has nothing to map
            raise CannotShow("This file is empty.") from error
    model = Message(memoryview(data))
    graph = model.first(7)
    if not graph.data or not model.number(1):
        raise CannotShow(DAMAGED)
    return _model(model, graph)


def _model(model: Message, graph: Message) -> OnnxModel:
    weights, parameters, size = _weights(graph)
    operators: Counter[str] = Counter()
    nodes: list[OnnxNode] = []
    for number, one in enumerate(graph.messages(1)):
        if number > MOST_NODES:
            raise CannotShow(f"A graph of more than {MOST_NODES:,} operations is not shown.")
        operator = ".".join(filter(None, (one.first(7).text, one.first(4).text)))
        operators[operator] += 1
        if number < MOST_SHOWN:
            inputs, outputs = (tuple(value.text for value in one.messages(field)) for field in (1, 2))
            nodes.append(OnnxNode(one.first(3).text, operator, inputs[:100], outputs[:100]))
    named = {weight.name for weight in weights}
    return OnnxModel(
        producer=" ".join(filter(None, (model.first(2).text, model.first(3).text))),
        ir_version=model.number(1),
        opsets=tuple((one.first(1).text, one.number(2)) for one in model.messages(8)),
        name=graph.first(2).text,
        note=model.first(6).text or graph.first(10).text,
        # Older models name their weights among the inputs.
        inputs=tuple(value for value in map(_value, graph.messages(11)) if value.name not in named),
        outputs=tuple(map(_value, graph.messages(12))),
        weights=tuple(weights[:MOST_SHOWN]),
        nodes=tuple(nodes),
        operators=tuple(operators.most_common()),
        node_count=operators.total(),
        weight_count=len(weights),
        parameters=parameters,
        bytes=size,
        metadata=tuple((one.first(1).text, one.first(2).text) for one in model.messages(14))[:200],
    )


def _weights(graph: Message) -> tuple[list[OnnxValue], int, int]:
    """The weights, how many numbers they have and how many bytes these take."""
    found: list[OnnxValue] = []
    parameters = size = 0
    for tensor in graph.messages(5):
        shape = [_signed(one) for one in tensor.numbers(1)][:64]
        count = 1
        for one in shape:
            count *= max(one, 0)
        type_ = _type(tensor.number(2))
        takes = count * BITS.get(type_, 0) // 8
        elsewhere = tensor.number(14) == 1
        found.append(OnnxValue(tensor.first(8).text, type_, _shape(map(str, shape)), takes, elsewhere))
        parameters, size = parameters + count, size + takes
    return found, parameters, size


def _value(value: Message) -> OnnxValue:
    type_ = value.first(2)
    tensor = type_.first(1)
    if not tensor.data:
        kind = "sequence" if type_.first(4).data else "map" if type_.first(5).data else "unknown"
        return OnnxValue(value.first(1).text, kind, "")
    sizes = map(_size, tensor.first(2).messages(1))
    return OnnxValue(value.first(1).text, _type(tensor.number(1)), _shape(sizes))


def _size(dimension: Message) -> str:
    """Of a dimension that is left open, the name; one without a name has nothing at all."""
    return dimension.first(2).text or next((str(_signed(one)) for one in dimension.numbers(1)), "?")


def _shape(sizes: Iterable[str]) -> str:
    return " × ".join(sizes)


def _type(number: int) -> str:
    return TYPES[number] if number < len(TYPES) else f"type {number}"


def _signed(number: int) -> int:
    return number - 2**64 if number >= 2**63 else number
