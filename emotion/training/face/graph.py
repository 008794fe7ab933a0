"""The trained network as one ONNX file: brightness and contrast evened out inside, one byte a weight."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from emotion.training.face.augment import CROP
from emotion.training.face.network import Block, FaceNetwork

OPSET: Final = 17
IR_VERSION: Final = 8
_Array = NDArray[np.float32]


def write_graph(network: FaceNetwork, path: Path) -> None:
    """Input `faces`: float32 (n, 1, 44, 44), 0 to 255. Output `logits`: (n, 7).

    Batch normalisation is folded into the convolutions. Weights are whole numbers of -127 to 127 with one scale per
    output channel, widened once when the file is opened: a quarter of the size, and the same arithmetic.
    """
    from onnx import TensorProto, checker, helper

    graph = _Writer()
    mean = graph.node("ReduceMean", "faces", axes=[1, 2, 3], keepdims=1)
    centred = graph.node("Sub", "faces", mean)
    power = graph.node("ReduceMean", graph.node("Mul", centred, centred), axes=[1, 2, 3], keepdims=1)
    contrast = graph.node("Max", graph.node("Sqrt", power), graph.number(4.0))
    found = graph.node("Div", centred, contrast)
    stem, stem_norm = network.body[0], network.body[1]
    found = graph.node("Relu", graph.convolution(found, stem, stem_norm))
    for block in list(network.body)[3:]:
        found = _block(graph, block, found)
    pooled = graph.node("Flatten", graph.node("GlobalAveragePool", found))
    weight, bias = _values(network.head.weight), _values(network.head.bias)
    graph.nodes.append(
        helper.make_node("Gemm", [pooled, graph.small(weight), graph.number(bias)], ["logits"], transB=1)
    )
    made = helper.make_graph(
        graph.nodes,
        "face_emotion",
        [helper.make_tensor_value_info("faces", TensorProto.FLOAT, ["n", 1, CROP, CROP])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 7])],
        graph.weights,
    )
    model = helper.make_model(
        made, producer_name="attune", opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
    )
    checker.check_model(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_bytes(model.SerializeToString())
    partial.replace(path)


def _block(graph: "_Writer", block: Any, source: str) -> str:
    assert isinstance(block, Block)
    found = graph.node("Relu", graph.convolution(source, block.first, block.first_norm))
    found = graph.convolution(found, block.second, block.second_norm)
    squeezed = graph.node("Relu", graph.convolution(graph.node("GlobalAveragePool", found), block.squeeze, None))
    excited = graph.node("Sigmoid", graph.convolution(squeezed, block.excite, None))
    found = graph.node("Mul", found, excited)
    if isinstance(block.shortcut, nn.Sequential):
        *pools, convolution, norm = list(block.shortcut)
        for _ in pools:
            source = graph.node("AveragePool", source, kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)
        source = graph.convolution(source, convolution, norm)
    return graph.node("Relu", graph.node("Add", found, source))


class _Writer:
    """Nodes and weights under construction; every method returns the name of what it computes."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.weights: list[Any] = []

    def node(self, kind: str, *sources: str, **attributes: Any) -> str:
        from onnx import helper

        name = f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(sources), [name], **attributes))
        return name

    def number(self, values: _Array | float) -> str:
        return self._weight(np.asarray(values, dtype=np.float32))

    def whole(self, values: NDArray[Any]) -> str:
        return self._weight(np.asarray(values, dtype=np.int64))

    def small(self, values: _Array) -> str:
        """A weight of shape (outputs, …) in one byte each."""
        scale = np.maximum(np.abs(values).reshape(len(values), -1).max(axis=1), 1e-12) / 127.0
        shaped = scale.reshape(-1, *([1] * (values.ndim - 1))).astype(np.float32)
        wide = self.node("Cast", self._weight(np.rint(values / shaped).astype(np.int8)), to=1)
        return self.node("Mul", wide, self.number(shaped))

    def convolution(self, source: str, layer: Any, norm: Any) -> str:
        """layer: a Conv2d; norm: the batch normalisation after it, or None."""
        weight = _values(layer.weight)
        bias = np.zeros(len(weight), dtype=np.float32) if layer.bias is None else _values(layer.bias)
        if norm is not None:
            factor = _values(norm.weight) / np.sqrt(_values(norm.running_var) + np.float32(norm.eps))
            weight = weight * factor[:, None, None, None]
            bias = (bias - _values(norm.running_mean)) * factor + _values(norm.bias)
        edge, stride = int(layer.padding[0]), int(layer.stride[0])
        return self.node(
            "Conv",
            source,
            self.small(weight),
            self.number(bias),
            kernel_shape=list(weight.shape[2:]),
            strides=[stride, stride],
            pads=[edge] * 4,
        )

    def _weight(self, values: NDArray[Any]) -> str:
        from onnx import numpy_helper

        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name


def _values(tensor: torch.Tensor) -> _Array:
    return tensor.detach().float().numpy()
