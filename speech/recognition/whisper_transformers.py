"""Whisper through transformers: for models that come as a Hugging Face folder."""

import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from speech.errors import TranscriberError
from speech.recognition import guards
from speech.recognition import whisper_choice as choice
from speech.recognition.setup import Presence, SpeechSetup
from speech.recognition.transcript import Hints, Passage, Word
from speech.recognition.whisper_alignment import token_starts
from speech.recognition.whisper_windows import STEP_S, WINDOW_S, Sentence, sentences
from speech.whisper_models.shelf import Form
from vocabulary import SAMPLE_RATE_HZ

_ENGINE: Final = "transformers"
# A prompt may take half of what the decoder reads, less the mark before it: the authors' rule.
_PROMPT_TOKENS: Final = 223
_ANSWER_TOKENS: Final = 224
# Start, language, task, the mark before a prompt, and the end.
_MARKS: Final = 5
_LEAST_S: Final = 0.1


def presence(setup: SpeechSetup) -> Presence:
    """Whether transformers and a Whisper folder of its kind are here."""
    installed = find_spec("transformers") is not None and find_spec("torch") is not None
    return choice.presence(setup, Form.TRANSFORMERS, _ENGINE, package="transformers", installed=installed)


def open_engine(setup: SpeechSetup) -> "TransformersEngine":
    """Load the model. Raises: TranscriberError."""
    return TransformersEngine(choice.opened(setup, Form.TRANSFORMERS), setup)


@dataclass(frozen=True)
class _Reading:
    """One answer for a window. tokens: without what was given and the end.

    log_probabilities: one for each token; times_s: when each of them begins, and the end.
    """

    tokens: list[int]
    log_probabilities: NDArray[np.float64]
    times_s: NDArray[np.float64]
    text: str

    @property
    def average(self) -> float:
        """As the authors count it: the end is one more token."""
        return float(self.log_probabilities.sum() / (len(self.tokens) + 1))

    @property
    def failed(self) -> bool:
        """Improbable, or so repetitive that it packs too well."""
        packed = len(zlib.compress(self.text.encode())) if self.text else 1
        ratio = len(self.text.encode()) / packed
        return ratio > guards.MOST_COMPRESSION or self.average < guards.NO_SPEECH_LOG_PROBABILITY


class TransformersEngine:
    """Window after window, as the authors' own code goes. One clip at a time: torch's threads are the process's."""

    longest_s = WINDOW_S

    def __init__(self, chosen: choice.Chosen, setup: SpeechSetup) -> None:
        try:
            import torch

            transformers: Any = import_module("transformers")
        except ImportError:
            raise TranscriberError("transformers is not installed. Run: make setup", code="engine_missing") from None
        torch.set_num_threads(setup.threads)
        transformers.logging.disable_progress_bar()
        # It warns of every call about settings that it combines itself.
        transformers.logging.set_verbosity_error()
        try:
            self._processor: Any = transformers.WhisperProcessor.from_pretrained(chosen.path, local_files_only=True)
            # Word times are read from the attention, which only the plain implementation gives out.
            self._model: Any = transformers.WhisperForConditionalGeneration.from_pretrained(
                chosen.path,
                local_files_only=True,
                dtype=torch.float32,
                attn_implementation="eager",
                use_safetensors=True,
            )
        except (OSError, ValueError, RuntimeError, KeyError) as err:
            raise choice.unusable(chosen.name, err) from err
        self._model.eval()
        told = self._model.generation_config
        self._codes: dict[str, int] = {
            name.strip("<|>"): number for name, number in (getattr(told, "lang_to_id", None) or {}).items()
        }
        self._transcribe: int = (getattr(told, "task_to_id", None) or {}).get("transcribe", 0)
        self._heads: list[list[int]] = getattr(told, "alignment_heads", None) or _later_half(self._model.config)
        self._end: int = self._model.config.eos_token_id
        self._times_from: int = told.no_timestamps_token_id + 1
        self._start: int = self._model.config.decoder_start_token_id
        self.name = choice.shown(choice.Chosen(chosen.name, chosen.path, len(self._codes) or 1), _ENGINE)
        self._known = frozenset(self._codes or {"en"})
        self._turn = threading.Lock()
        choice.language_of(Hints(language=setup.language), self._known, self.name)

    def recognise(self, samples: NDArray[np.float32], hints: Hints) -> Iterator[Passage]:
        """One passage for each sentence or so, with words. Takes sound of any length. Raises: TranscriberError."""
        language = choice.language_of(hints, self._known, self.name)
        start_s, length_s = 0.0, samples.size / SAMPLE_RATE_HZ
        prompt = choice.prompt_of(hints, with_hotwords=True)
        while length_s - start_s >= _LEAST_S:
            window = samples[round(start_s * SAMPLE_RATE_HZ) : round((start_s + WINDOW_S) * SAMPLE_RATE_HZ)]
            try:
                with self._turn:
                    passages, went_s, language = self._window(window, start_s, language, prompt)
            except (RuntimeError, ValueError, IndexError) as err:
                raise choice.failed(self.name, err) from None
            yield from passages
            start_s += went_s
            # A prompt counts in the first window only, hotwords in every one.
            prompt = choice.prompt_of(Hints(hotwords=hints.hotwords), with_hotwords=True)

    def _window(
        self, samples: NDArray[np.float32], start_s: float, language: str | None, prompt: str | None
    ) -> tuple[list[Passage], float, str | None]:
        import torch

        with torch.inference_mode(), torch.random.fork_rng(devices=[]):
            torch.manual_seed(choice.SEED)
            features = self._processor.feature_extractor(samples, sampling_rate=SAMPLE_RATE_HZ, return_tensors="pt")
            heard = self._model.get_encoder()(features.input_features)
            first = self._model(encoder_outputs=heard, decoder_input_ids=torch.tensor([[self._start]])).logits[0, 0]
            no_speech = float(first.softmax(-1)[self._times_from - 2])
            if language is None:
                language = max(self._codes, key=lambda code: float(first[self._codes[code]]))
            reading = self._read(heard, language, prompt, samples.size)
        seconds = samples.size / SAMPLE_RATE_HZ
        if no_speech > guards.NO_SPEECH and reading.average < guards.NO_SPEECH_LOG_PROBABILITY:
            return [], seconds, language
        found, went_s = sentences(reading.tokens, self._times_from, seconds)
        passages = [self._passage(reading, one, start_s, no_speech, language) for one in found]
        return [passage for passage in passages if passage.text], max(went_s, 2 * _LEAST_S), language

    def _read(self, heard: Any, language: str, prompt: str | None, size: int) -> _Reading:
        """The best path, or a sampled one where that fails."""
        for temperature in choice.TEMPERATURES:
            reading = self._generate(heard, language, prompt, size, temperature)
            if not reading.failed:
                break
        return reading

    def _generate(self, heard: Any, language: str, prompt: str | None, size: int, temperature: float) -> _Reading:
        asked: dict[str, Any] = {"num_beams": choice.BEAMS} if temperature == 0 else {}
        if temperature > 0:
            asked |= {"do_sample": True, "temperature": temperature, "top_k": 0}
        if self._codes:
            asked |= {"language": language, "task": "transcribe"}
        if prompt:
            asked["prompt_ids"] = self._processor.get_prompt_ids(prompt, return_tensors="pt")[-_PROMPT_TOKENS:]
        from transformers.modeling_outputs import BaseModelOutput

        room = self._model.config.max_target_positions - _MARKS - len(asked.get("prompt_ids", ()))

        # generate() widens what it is given to the number of beams.
        copy = BaseModelOutput(last_hidden_state=heard.last_hidden_state)
        made = self._model.generate(
            encoder_outputs=copy, return_timestamps=True, max_new_tokens=min(_ANSWER_TOKENS, room), **asked
        )
        tokens = [token for token in made[0].tolist() if token < self._end or token >= self._times_from]
        return self._reading(heard, language, tokens, size)

    def _reading(self, heard: Any, language: str, tokens: list[int], size: int) -> _Reading:
        """One more pass over the answer tells how probable each token is, and where the decoder looked for it."""
        import torch

        given = [self._start, *([self._codes[language], self._transcribe] if self._codes else [])]
        ids = torch.tensor([[*given, *tokens, self._end]])
        told = self._model(encoder_outputs=heard, decoder_input_ids=ids, output_attentions=True)
        chances = told.logits[0].log_softmax(-1)[len(given) - 1 : -2].gather(1, ids[0, len(given) : -1, None])[:, 0]
        looks = torch.stack([told.cross_attentions[layer][0, head] for layer, head in self._heads])
        # A position looks for the token that it predicts, the next one.
        starts = token_starts(looks[:, len(given) - 1 : -1].numpy(), min(1500, size // 320))
        text = self._processor.tokenizer.decode([token for token in tokens if token < self._times_from])
        return _Reading(tokens, chances.double().numpy(), (starts * STEP_S).astype(np.float64), text)

    def _passage(self, reading: _Reading, one: Sentence, start_s: float, no_speech: float, language: str) -> Passage:
        words: list[Word] = []
        pieces: list[int] = []
        began = one.first
        tokenizer = self._processor.tokenizer
        for at in range(one.first, one.last + 1):
            # A word begins with a space; punctuation stays with the word before it.
            if at == one.last or (pieces and tokenizer.convert_ids_to_tokens(reading.tokens[at]).startswith("Ġ")):
                if text := tokenizer.decode(pieces).strip():
                    chance = float(np.exp(reading.log_probabilities[began:at].mean()))
                    begins_s = float(reading.times_s[began])
                    ends_s = max(begins_s, float(reading.times_s[min(at, len(reading.times_s) - 1)]))
                    words.append(Word(text, start_s + begins_s, start_s + ends_s, chance))
                pieces, began = [], at
            if at < one.last:
                pieces.append(reading.tokens[at])
        return Passage(
            " ".join(word.text for word in words),
            tuple(words),
            start_s=start_s + one.start_s,
            end_s=start_s + one.end_s,
            no_speech_probability=no_speech,
            average_log_probability=reading.average,
            language=language,
        )


def _later_half(config: Any) -> list[list[int]]:
    """The heads that align where a model does not say: every one of the later half of the layers."""
    layers, heads = config.decoder_layers, config.decoder_attention_heads
    return [[layer, head] for layer in range(layers // 2, layers) for head in range(heads)]
