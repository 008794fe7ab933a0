"""The d-vector network of the wheel `Resemblyzer`, and our two heads on it, as one ONNX file with half-size weights."""

import io
import zipfile
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from speech.errors import WhoSpeaksError
from speech.voices.mel import BANDS

WHEEL: Final = "Resemblyzer-0.1.4-py3-none-any.whl"
_MEMBER = "resemblyzer/pretrained.pt"
_LAYERS = 3
_WIDTH = 256
# LSTM gates: torch has input, forget, cell, output; ONNX has input, output, forget, cell.
_GATES = (0, 3, 1, 2)
Array = NDArray[np.float32]


def read_wheel(wheel: Path) -> dict[str, Array]:
    """The network's weights by name. Raises: WhoSpeaksError if the file is not that wheel."""
    import torch

    try:
        with zipfile.ZipFile(wheel) as archive:
            data = archive.read(_MEMBER)
    except (OSError, zipfile.BadZipFile, KeyError):
        raise WhoSpeaksError(
            f"{wheel} is not the wheel {WHEEL}. Fetch it: pip download --no-deps Resemblyzer==0.1.4", code="settings"
        ) from None
    # weights_only: a pickle may not run code.
    state = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)["model_state"]
    return {name: value.numpy() for name, value in state.items() if name.split(".")[0] in ("lstm", "linear")}


def write_onnx(weights: dict[str, Array], heads: dict[str, Array], path: Path) -> None:
    """mel (n, 160, 40) → voice (n, 256), identity (n, k), overlap (n, 1).

    heads: mean (256,) and projection (256, k) of identity; weight (256, 1) and bias (1,) of overlap.
    Weights are stored as float16 and computed with as float32.
    """
    from onnx import TensorProto, checker, helper, numpy_helper

    nodes: list[Any] = []
    stored: list[Any] = []

    def constant(name: str, values: NDArray[Any]) -> str:
        stored.append(numpy_helper.from_array(np.ascontiguousarray(values, dtype=np.float16), f"{name}_half"))
        nodes.append(helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))
        return name

    def add(kind: str, sources: list[str], target: str, **attributes: Any) -> str:
        nodes.append(helper.make_node(kind, sources, [target], **attributes))
        return target

    stored.append(numpy_helper.from_array(np.array([1], dtype=np.int64), "direction"))
    stored.append(numpy_helper.from_array(np.array([0], dtype=np.int64), "first"))
    sequence = add("Transpose", ["mel"], "sequence", perm=[1, 0, 2])
    for layer in range(_LAYERS):
        gates = [_reordered(weights[f"lstm.{name}_l{layer}"]) for name in ("weight_ih", "weight_hh")]
        biases = [_reordered(weights[f"lstm.{name}_l{layer}"]) for name in ("bias_ih", "bias_hh")]
        given = [
            constant(f"w{layer}", gates[0][None]),
            constant(f"r{layer}", gates[1][None]),
            constant(f"b{layer}", np.concatenate(biases)[None]),
        ]
        nodes.append(helper.make_node("LSTM", [sequence, *given], [f"all{layer}", f"last{layer}"], hidden_size=_WIDTH))
        sequence = add("Squeeze", [f"all{layer}", "direction"], f"layer{layer}")
    last = add("Squeeze", [f"last{_LAYERS - 1}", "first"], "last")
    raw = add(
        "Gemm",
        [last, constant("lw", weights["linear.weight"]), constant("lb", weights["linear.bias"])],
        "raw",
        transB=1,
    )
    add("LpNormalization", [add("Relu", [raw], "positive")], "voice", axis=1, p=2)
    centred = add("Sub", ["voice", constant("mean", heads["mean"])], "centred")
    projected = add("MatMul", [centred, constant("projection", heads["projection"])], "projected")
    add("LpNormalization", [projected], "identity", axis=1, p=2)
    add("Gemm", ["voice", constant("ow", heads["weight"]), constant("ob", heads["bias"])], "overlap")
    outputs = [("voice", _WIDTH), ("identity", heads["projection"].shape[1]), ("overlap", 1)]
    graph = helper.make_graph(
        nodes,
        "voices",
        [helper.make_tensor_value_info("mel", TensorProto.FLOAT, ["n", "frames", BANDS])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", width]) for name, width in outputs],
        stored,
    )
    model = helper.make_model(graph, producer_name="attune", opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    checker.check_model(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_bytes(model.SerializeToString())
    partial.replace(path)


def no_heads() -> dict[str, Array]:
    """Heads that change nothing, to run the network before there are any."""
    return {
        "mean": np.zeros(_WIDTH, dtype=np.float32),
        "projection": np.eye(_WIDTH, dtype=np.float32),
        "weight": np.zeros((_WIDTH, 1), dtype=np.float32),
        "bias": np.zeros(1, dtype=np.float32),
    }


def _reordered(gates: Array) -> Array:
    return np.concatenate([np.split(gates, 4)[gate] for gate in _GATES])
