"""One way from OpenAI's file to every engine: checkpoint → Hugging Face folder → CTranslate2 in 8 bits."""

import base64
import gzip
import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np

from speech.errors import TranscriberError
from speech.whisper_models.checkpoint import Checkpoint, Dimensions
from speech.whisper_models.tokens import END, START, Vocabulary, not_speech, vocabulary, write_tokenizer

_RENAMED: Final = (
    (r"\.blocks\.", ".layers."),
    (r"\.cross_attn_ln\.", ".encoder_attn_layer_norm."),
    (r"\.attn_ln\.", ".self_attn_layer_norm."),
    (r"\.cross_attn\.", ".encoder_attn."),
    (r"\.attn\.", ".self_attn."),
    (r"\.query\.", ".q_proj."),
    (r"\.key\.", ".k_proj."),
    (r"\.value\.", ".v_proj."),
    (r"\.out\.", ".out_proj."),
    (r"\.mlp_ln\.", ".final_layer_norm."),
    (r"\.mlp\.0\.", ".fc1."),
    (r"\.mlp\.2\.", ".fc2."),
    (r"^encoder\.ln_post\.", "encoder.layer_norm."),
    (r"^decoder\.ln\.", "decoder.layer_norm."),
    (r"^decoder\.token_embedding\.", "decoder.embed_tokens."),
    (r"\.positional_embedding$", ".embed_positions.weight"),
)
# Beside the weights, what CTranslate2's folder needs so that no hub is asked for it.
_BESIDE: Final = ("tokenizer.json", "preprocessor_config.json")


def to_transformers(checkpoint: Checkpoint, folder: Path, *, official: str | None = None) -> None:
    """Write a Hugging Face folder in half precision. official: OpenAI's name, which tells the alignment heads."""
    import torch
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    tensors = {
        f"model.{_renamed(name)}": tensor.to(torch.float16).contiguous() for name, tensor in checkpoint.tensors.items()
    }
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    words = vocabulary(checkpoint.dimensions.n_vocab)
    _write(folder / "config.json", _config(checkpoint.dimensions, words))
    _write(folder / "generation_config.json", _generation(checkpoint.dimensions, words, official))
    _write(folder / "preprocessor_config.json", preprocessor(checkpoint.dimensions.n_mels))
    write_tokenizer(words, folder)


def to_ctranslate2(source: Path, folder: Path) -> None:
    """Convert a Hugging Face folder to CTranslate2 with 8-bit weights. Raises: TranscriberError."""
    from ctranslate2.converters import TransformersConverter

    transformers: Any = import_module("transformers")
    transformers.logging.disable_progress_bar()
    try:
        converter = TransformersConverter(
            str(source), copy_files=[name for name in _BESIDE if (source / name).is_file()]
        )
        converter.convert(str(folder), quantization="int8")
    except (ValueError, RuntimeError, NotImplementedError, OSError, KeyError, AttributeError) as err:
        raise TranscriberError(
            f"{source.name} cannot be converted ({type(err).__name__}); expected a Whisper model.", code="not_converted"
        ) from err


def preprocessor(mel_bands: int) -> dict[str, Any]:
    """How sound becomes a spectrogram: 25 ms windows every 10 ms at 16 kHz, 30 s at once."""
    return {
        "feature_extractor_type": "WhisperFeatureExtractor",
        "processor_class": "WhisperProcessor",
        "feature_size": mel_bands,
        "sampling_rate": 16000,
        "hop_length": 160,
        "chunk_length": 30,
        "n_fft": 400,
        "n_samples": 480_000,
        "nb_max_frames": 3000,
        "padding_side": "right",
        "padding_value": 0.0,
        "return_attention_mask": False,
    }


def alignment_heads(dimensions: Dimensions, official: str | None) -> list[list[int]]:
    """(layer, head) of the cross-attention that follows the speech: OpenAI's own, else the later half of the layers."""
    shape = dimensions.n_text_layer, dimensions.n_text_head
    packed = _known_heads(official)
    if packed is None:
        chosen = np.zeros(shape, dtype=bool)
        chosen[dimensions.n_text_layer // 2 :] = True
    else:
        chosen = np.frombuffer(gzip.decompress(base64.b85decode(packed)), dtype=bool).reshape(shape)
    return [[int(layer), int(head)] for layer, head in np.argwhere(chosen)]


def _known_heads(official: str | None) -> bytes | None:
    """As openai-whisper carries them; None for a model that is none of OpenAI's."""
    from whisper import _ALIGNMENT_HEADS

    heads: bytes | None = _ALIGNMENT_HEADS.get(official)
    return heads


def _renamed(name: str) -> str:
    for old, new in _RENAMED:
        name = re.sub(old, new, name)
    return name


def _config(dimensions: Dimensions, words: Vocabulary) -> dict[str, Any]:
    return {
        "architectures": ["WhisperForConditionalGeneration"],
        "model_type": "whisper",
        "dtype": "float16",
        "vocab_size": dimensions.n_vocab,
        "num_mel_bins": dimensions.n_mels,
        "d_model": dimensions.n_audio_state,
        "encoder_layers": dimensions.n_audio_layer,
        "encoder_attention_heads": dimensions.n_audio_head,
        "encoder_ffn_dim": 4 * dimensions.n_audio_state,
        "decoder_layers": dimensions.n_text_layer,
        "decoder_attention_heads": dimensions.n_text_head,
        "decoder_ffn_dim": 4 * dimensions.n_text_state,
        "max_source_positions": dimensions.n_audio_ctx,
        "max_target_positions": dimensions.n_text_ctx,
        "activation_function": "gelu",
        "scale_embedding": False,
        "is_encoder_decoder": True,
        "bos_token_id": words.special[END],
        "eos_token_id": words.special[END],
        "pad_token_id": words.special[END],
        "decoder_start_token_id": words.special[START],
    }


def _generation(dimensions: Dimensions, words: Vocabulary, official: str | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "bos_token_id": words.special[END],
        "eos_token_id": words.special[END],
        "pad_token_id": words.special[END],
        "decoder_start_token_id": words.special[START],
        "prev_sot_token_id": words.special["<|startofprev|>"],
        "no_timestamps_token_id": words.special["<|notimestamps|>"],
        # The first word begins within a second: 50 steps of 20 ms.
        "max_initial_timestamp_index": 50,
        "max_length": dimensions.n_text_ctx,
        "return_timestamps": False,
        "is_multilingual": dimensions.multilingual,
        "alignment_heads": alignment_heads(dimensions, official),
        # A space or the end may not come first.
        "begin_suppress_tokens": [words.plain["Ġ"], words.special[END]],
        "suppress_tokens": not_speech(words),
    }
    if dimensions.multilingual:
        told["lang_to_id"] = words.languages
        told["task_to_id"] = {
            "transcribe": words.special["<|transcribe|>"],
            "translate": words.special["<|translate|>"],
        }
    return told


def _write(path: Path, told: dict[str, Any]) -> None:
    path.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
