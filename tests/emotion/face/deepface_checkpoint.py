"""A checkpoint with random weights of the architecture of DeepFace's emotion network, as its ONNX file has it.

Source of the layers: serengil/deepface 0.0.103 (MIT), models/demography/pytorch/Emotion.py.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_CONVOLUTIONS = ((64, 1, 5), (64, 64, 3), (64, 64, 3), (128, 64, 3), (128, 128, 3))
_DENSE = ((1024, 128), (1024, 1024), (7, 1024))


def random_weights(seed: int = 5) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Weight and bias of five convolutions and three dense layers, scaled so that the answers differ."""
    rng = np.random.default_rng(seed)
    shapes = [(out, into, side, side) for out, into, side in _CONVOLUTIONS] + [tuple(shape) for shape in _DENSE]
    found = []
    for shape in shapes:
        scale = np.sqrt(2 / np.prod(shape[1:]))
        weight = rng.normal(scale=scale, size=shape).astype(np.float32)
        found.append((weight, rng.normal(scale=0.3, size=shape[0]).astype(np.float32)))
    return found


def write_checkpoint(path: Path, *, classes: int = 7) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Write the file: input (n, 48, 48, 1), output (n, 7) after softmax. Gives the weights."""
    from onnx import TensorProto, helper, numpy_helper, save

    weights = random_weights()
    weights[-1] = (weights[-1][0][:classes], weights[-1][1][:classes])
    nodes: list[Any] = [helper.make_node("Transpose", ["input"], ["x0"], perm=[0, 3, 1, 2])]
    stored: list[Any] = []
    last = "x0"

    def add(kind: str, *inputs: str, **attributes: Any) -> None:
        nonlocal last
        name = f"x{len(nodes)}"
        nodes.append(helper.make_node(kind, [last, *inputs], [name], **attributes))
        last = name

    for index, (weight, bias) in enumerate(weights):
        stored += [numpy_helper.from_array(weight, f"w{index}"), numpy_helper.from_array(bias, f"b{index}")]
        if weight.ndim == 4:
            add("Conv", f"w{index}", f"b{index}")
            add("Relu")
            if index == 0:
                add("MaxPool", kernel_shape=[5, 5], strides=[2, 2])
            if index in (2, 4):
                add("AveragePool", kernel_shape=[3, 3], strides=[2, 2])
            if index == 4:
                add("Flatten")
        else:
            add("Gemm", f"w{index}", f"b{index}", transB=1)
            add("Softmax" if index == len(weights) - 1 else "Relu")
    graph = helper.make_graph(
        nodes,
        "emotion",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["n", 48, 48, 1])],
        [helper.make_tensor_value_info(last, TensorProto.FLOAT, ["n", classes])],
        stored,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))
    return weights
