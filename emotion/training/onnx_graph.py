"""Small networks as ONNX files, written node by node: no exporter, no tracing, the same bytes each time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

OPSET: Final = 17
IR_VERSION: Final = 8


@dataclass
class Graph:
    """A chain of nodes under construction; every method returns the name of what it computes."""

    name: str
    nodes: list[Any] = field(default_factory=list)
    weights: list[Any] = field(default_factory=list)

    def dense(self, source: str, weight: NDArray[Any], bias: NDArray[Any]) -> str:
        """source @ weight + bias; weight: shape (inputs, outputs)."""
        return self._node("Gemm", source, self._weight(weight), self._weight(bias))

    def scale(self, source: str, factor: float) -> str:
        return self._node("Mul", source, self._weight(np.asarray(factor)))

    def relu(self, source: str) -> str:
        return self._node("Relu", source)

    def softmax(self, source: str) -> str:
        return self._node("Softmax", source, axis=-1)

    def sigmoid(self, source: str) -> str:
        return self._node("Sigmoid", source)

    def square(self, source: str) -> str:
        return self._node("Mul", source, source)

    def join(self, *sources: str) -> str:
        return self._node("Concat", *sources, axis=-1)

    def save(self, path: Path, inputs: Sequence[tuple[str, int]], outputs: Sequence[tuple[str, str, int]]) -> None:
        """Check and write. inputs: (name, width). outputs: (public name, node's name, width)."""
        from onnx import TensorProto, checker, helper

        for public, source, _ in outputs:
            self.nodes.append(helper.make_node("Identity", [source], [public]))
        graph = helper.make_graph(
            self.nodes,
            self.name,
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", width]) for name, width in inputs],
            [helper.make_tensor_value_info(public, TensorProto.FLOAT, ["n", width]) for public, _, width in outputs],
            self.weights,
        )
        model = helper.make_model(
            graph, producer_name="attune", opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
        )
        checker.check_model(model)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        partial.write_bytes(model.SerializeToString())
        partial.replace(path)

    def _weight(self, values: NDArray[Any]) -> str:
        from onnx import numpy_helper

        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values, dtype=np.float32), name))
        return name

    def _node(self, kind: str, *sources: str, **attributes: Any) -> str:
        from onnx import helper

        name = f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(sources), [name], **attributes))
        return name
