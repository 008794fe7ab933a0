"""A voice with Piper's interface whose model is a few operations: each sound of the sentence is 256 samples of a tone.

It proves the way from a sentence to samples through Piper's own program; nobody could understand it.
"""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

RATE_HZ = 16_000
HOP = 256


def write_tiny_voice(path: Path) -> None:
    """path: NAME.onnx; NAME.onnx.json is written beside it."""
    onnx.save(_model(), path)
    signs = "_^$ !',-.:;?abcdefghijklmnopqrstuvwxyzæçðøħŋœɐɑɒɔəɚɛɜɝɡɪɫɹɾʃʊʌʒʔʰˈˌːθᵻ"
    description = {
        "audio": {"sample_rate": RATE_HZ, "quality": "low"},
        "espeak": {"voice": "en-us"},
        "phoneme_type": "espeak",
        "num_symbols": 256,
        "num_speakers": 1,
        "inference": {"noise_scale": 0.667, "length_scale": 1.0, "noise_w": 0.8},
        "phoneme_id_map": {sign: [number] for number, sign in enumerate(signs)},
        "speaker_id_map": {},
    }
    path.with_name(path.name + ".json").write_text(json.dumps(description), encoding="utf-8")


def _model() -> onnx.ModelProto:
    """input (1, n) int64, input_lengths (1,), scales (3,) → output (1, 1, 1, n × HOP): louder for higher ids."""
    tone = np.sin(2 * np.pi * 220 * np.arange(HOP) / RATE_HZ).astype(np.float32)[None, :] / 256
    nodes = [
        helper.make_node("Cast", ["input"], ["ids"], to=TensorProto.FLOAT),
        helper.make_node("Reshape", ["ids", "column"], ["levels"]),
        helper.make_node("MatMul", ["levels", "tone"], ["frames"]),
        helper.make_node("Reshape", ["frames", "shape"], ["output"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [
            helper.make_tensor_value_info("input", TensorProto.INT64, [1, None]),
            helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
            helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
        ],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, None])],
        [
            numpy_helper.from_array(tone, "tone"),
            numpy_helper.from_array(np.array([-1, 1]), "column"),
            numpy_helper.from_array(np.array([1, 1, 1, -1]), "shape"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    return model
