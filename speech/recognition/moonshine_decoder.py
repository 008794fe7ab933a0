"""Moonshine's two networks over onnxruntime: the sound once, then one token after the other."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_HEADS: Final = 8
_WIDTH: Final = 36
Floats = NDArray[np.float32]


class MoonshineNetworks:
    """The sessions; they may run in several threads at once."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """Raises what onnxruntime raises for files that it cannot read."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Idle threads wait instead of spinning; without the arena memory does not stay at the longest stretch.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        self.encoder: InferenceSession = onnxruntime.InferenceSession(folder / "encoder_model.ort", options)
        self.decoder: InferenceSession = onnxruntime.InferenceSession(folder / "decoder_model_merged.ort", options)
        self.outputs = [output.name for output in self.decoder.get_outputs()]
        caches = [given.name for given in self.decoder.get_inputs() if given.name.startswith("past")]
        self.own_caches = [name for name in caches if "decoder" in name]
        self.sound_caches = [name for name in caches if "encoder" in name]

    def listen(self, samples: Floats) -> "Listening":
        """What the decoder needs of a sound: (n_samples,) at 16 kHz in [-1, 1]."""
        return Listening(self, samples)


class Listening:
    """One sound being written down, by several hypotheses at once. Belongs to one thread."""

    def __init__(self, networks: MoonshineNetworks, samples: Floats) -> None:
        self._networks = networks
        mask = np.ones((1, samples.size), dtype=np.int64)
        self._hidden: Floats = networks.encoder.run(None, {"input_values": samples[None], "attention_mask": mask})[0]
        # One row serves all hypotheses: every one of them hears the whole sound.
        self._mask = mask
        self._own: list[Floats] = []
        self._sound: list[Floats] = []

    def start(self, token: int, width: int) -> Floats:
        """Log-probabilities of what follows the first token, shape (vocabulary,). width: hypotheses from then on."""
        networks = self._networks
        empty = np.zeros((1, _HEADS, 0, _WIDTH), dtype=np.float32)
        given = dict.fromkeys((*networks.own_caches, *networks.sound_caches), empty)
        made = self._run(np.array([[token]]), given, cached=False)
        self._own = [made[_made(name)] for name in networks.own_caches]
        self._sound = [np.repeat(made[_made(name)], width, axis=0) for name in networks.sound_caches]
        return _log_softmax(made["logits"][0, -1])

    def follow(self, tokens: NDArray[np.int64], parents: NDArray[np.int64]) -> Floats:
        """Log-probabilities of what follows, shape (width, vocabulary).

        tokens: the last one of each hypothesis. parents: the row that each of them continues, of the step before.
        """
        networks = self._networks
        own = [cache[parents] for cache in self._own]
        given = dict(zip(networks.own_caches, own, strict=True)) | dict(
            zip(networks.sound_caches, self._sound, strict=True)
        )
        made = self._run(tokens[:, None], given, cached=True)
        self._own = [made[_made(name)] for name in networks.own_caches]
        return _log_softmax(made["logits"][:, -1])

    def score(self, start: int, tokens: list[int]) -> Floats:
        """Log-probability of each token of a whole text, given the sound and the tokens before it."""
        networks = self._networks
        empty = np.zeros((1, _HEADS, 0, _WIDTH), dtype=np.float32)
        given = dict.fromkeys((*networks.own_caches, *networks.sound_caches), empty)
        made = self._run(np.array([[start, *tokens[:-1]]]), given, cached=False)
        return _log_softmax(made["logits"][0])[np.arange(len(tokens)), tokens]

    def _run(self, tokens: NDArray[np.int64], caches: dict[str, Floats], *, cached: bool) -> dict[str, Floats]:
        networks = self._networks
        given = {
            "encoder_attention_mask": self._mask,
            "input_ids": tokens.astype(np.int64),
            "encoder_hidden_states": self._hidden,
            "use_cache_branch": np.array([cached]),
            **caches,
        }
        return dict(zip(networks.outputs, networks.decoder.run(None, given), strict=True))


def _made(cache: str) -> str:
    return cache.replace("past_key_values", "present")


def _log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    result: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result
