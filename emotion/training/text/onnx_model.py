"""The trained text network as an ONNX file of 8-bit weights, written node by node: no exporter.

Weights are whole numbers with one scale for each output (matrices) or row (embeddings); what goes through the matrices
is brought to 8 bits for each call by its own range. Sums, norms and attention stay floating.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from emotion.model_files import MODEL_FILE
from emotion.text.cues import NAMES
from emotion.text.tokens import MAX_TOKENS
from emotion.training.text.network import HEADS, SCALE

OPSET: Final = 20
IR_VERSION: Final = 9
_LEAST: Final = 1e-12  # a row of zeros has no scale of its own
_NEVER: Final = -1e4  # what a padded place gets before the softmax

Weights = Mapping[str, NDArray[np.float32]]


class _Writer:
    """Nodes and weights under construction; every method returns the name of what it computes."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.weights: list[Any] = []

    def node(self, kind: str, *sources: str, outputs: int = 1, **attributes: Any) -> str:
        from onnx import helper

        names = [f"{kind.lower()}{len(self.nodes)}" + (f"_{index}" if index else "") for index in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(sources), names, **attributes))
        return names[0]

    def weight(self, values: NDArray[Any], kind: Any = np.float32) -> str:
        from onnx import numpy_helper

        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(values, dtype=kind, order="C"), name))
        return name

    def whole(self, *values: int) -> str:
        return self.weight(np.array(values), np.int64)

    def rows(self, table: NDArray[np.float32], ids: str) -> str:
        """Rows of a table by their numbers, as floats."""
        scale = np.maximum(np.abs(table).max(axis=1, keepdims=True), _LEAST) / 127.0
        whole = self.node("Gather", self.weight(np.round(table / scale), np.int8), ids)
        return self.node("Mul", self.node("Cast", whole, to=1), self.node("Gather", self.weight(scale), ids))

    def dense(self, source: str, matrix: NDArray[np.float32], bias: NDArray[np.float32]) -> str:
        """source @ matrix + bias in 8 bits; matrix: shape (inputs, outputs)."""
        scale = np.maximum(np.abs(matrix).max(axis=0), _LEAST) / 127.0
        kind = "DynamicQuantizeLinear"
        whole = self.node(kind, source, outputs=3)
        product = self.node(
            "MatMulInteger",
            whole,
            self.weight(np.round(matrix / scale), np.int8),
            f"{whole}_2",
            self.weight(np.zeros(()), np.int8),
        )
        factor = self.node("Mul", f"{whole}_1", self.weight(scale))
        return self.node("Add", self.node("Mul", self.node("Cast", product, to=1), factor), self.weight(bias))

    def norm(self, source: str, weights: Weights, name: str) -> str:
        scale, shift = self.weight(weights[f"{name}.weight"]), self.weight(weights[f"{name}.bias"])
        return self.node("LayerNormalization", source, scale, shift, axis=-1, epsilon=1e-12)


def write_model(weights: Weights, folder: Path, *, heads: int) -> None:
    """Write model.onnx into `folder`.

    weights: of a network of emotion/training/text/network.py, by its names. heads: of attention.
    Inputs: input_ids, attention_mask, both int64, shape (n, pieces); cues, float, shape (n, len(NAMES)).
    Outputs: logits, named as HEADS, shape (n, width).
    """
    from onnx import TensorProto, checker, helper

    out = _Writer()
    hidden = _embedded(out, weights)
    kept = out.node("Cast", out.node("Unsqueeze", "attention_mask", out.whole(1, 2)), to=1)
    mask = out.node("Mul", out.node("Sub", out.weight(np.array(1.0)), kept), out.weight(np.array(_NEVER)))
    layers = 1 + max(int(name.split(".")[3]) for name in weights if name.startswith("bert.encoder.layer."))
    for layer in range(layers):
        hidden = _layer(out, hidden, mask, weights, f"bert.encoder.layer.{layer}", heads)
    read = _pooled(out, hidden)
    outputs = []
    for index, (name, width) in enumerate(HEADS.items()):
        matrix, bias = weights[f"heads.{index}.weight"].T, weights[f"heads.{index}.bias"]
        out.nodes.append(helper.make_node("Gemm", [read, out.weight(matrix), out.weight(bias)], [name]))
        outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", width]))
    graph = helper.make_graph(
        out.nodes,
        "text_emotion",
        [
            helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["n", "pieces"]),
            helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["n", "pieces"]),
            helper.make_tensor_value_info("cues", TensorProto.FLOAT, ["n", len(NAMES)]),
        ],
        outputs,
        out.weights,
    )
    model = helper.make_model(
        graph, producer_name="attune", opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
    )
    checker.check_model(model)
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{MODEL_FILE}.partial"
    partial.write_bytes(model.SerializeToString())
    partial.replace(folder / MODEL_FILE)


def _embedded(out: _Writer, weights: Weights) -> str:
    """Words, places and the one type of text, summed and normed: shape (n, pieces, width)."""
    name = "bert.embeddings"
    # The type of text is always the first: its row goes into the places.
    places = weights[f"{name}.position_embeddings.weight"] + weights[f"{name}.token_type_embeddings.weight"][0]
    words = out.rows(weights[f"{name}.word_embeddings.weight"], "input_ids")
    length = out.node("Gather", out.node("Shape", "input_ids"), out.weight(np.array(1), np.int64))
    table = out.weight(places[:MAX_TOKENS])
    here = out.node("Slice", table, out.whole(0), out.node("Unsqueeze", length, out.whole(0)), out.whole(0))
    return out.norm(out.node("Add", words, here), weights, f"{name}.LayerNorm")


def _layer(out: _Writer, hidden: str, mask: str, weights: Weights, name: str, heads: int) -> str:
    def pair(part: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        return weights[f"{name}.{part}.weight"].T, weights[f"{name}.{part}.bias"]

    parts = [pair(f"attention.self.{part}") for part in ("query", "key", "value")]
    width = parts[0][0].shape[0]
    size = width // heads
    # One product for all three; the scale of attention goes into the queries.
    root = np.float32(1.0 / np.sqrt(size))
    parts[0] = (parts[0][0] * root, parts[0][1] * root)
    three = out.dense(hidden, np.concatenate([matrix for matrix, _ in parts], 1), np.concatenate([b for _, b in parts]))
    split = out.node("Reshape", three, out.whole(0, 0, 3, heads, size))
    split = out.node("Transpose", split, perm=[2, 0, 3, 1, 4])
    query, key, value = (out.node("Gather", split, out.weight(np.array(at), np.int64), axis=0) for at in range(3))
    likeness = out.node("MatMul", query, out.node("Transpose", key, perm=[0, 1, 3, 2]))
    share = out.node("Softmax", out.node("Add", likeness, mask), axis=-1)
    mixed = out.node("Transpose", out.node("MatMul", share, value), perm=[0, 2, 1, 3])
    mixed = out.dense(out.node("Reshape", mixed, out.whole(0, 0, width)), *pair("attention.output.dense"))
    hidden = out.norm(out.node("Add", hidden, mixed), weights, f"{name}.attention.output.LayerNorm")
    inner = out.node("Gelu", out.dense(hidden, *pair("intermediate.dense")))
    return out.norm(
        out.node("Add", hidden, out.dense(inner, *pair("output.dense"))), weights, f"{name}.output.LayerNorm"
    )


def _pooled(out: _Writer, hidden: str) -> str:
    """The mean over the pieces and the first piece, scaled, with the cues: what the heads read."""
    mask = out.node("Cast", out.node("Unsqueeze", "attention_mask", out.whole(2)), to=1)
    total = out.node("ReduceSum", out.node("Mul", hidden, mask), out.whole(1), keepdims=0)
    mean = out.node("Div", total, out.node("ReduceSum", mask, out.whole(1), keepdims=0))
    first = out.node("Gather", hidden, out.weight(np.array(0), np.int64), axis=1)
    both = out.node("Mul", out.node("Concat", mean, first, axis=-1), out.weight(np.array(SCALE)))
    return out.node("Concat", both, "cues", axis=-1)
