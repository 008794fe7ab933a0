"""PocketSphinx: a small recogniser whose wheel carries an English model, so that it needs no download."""

import queue
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from speech.errors import TranscriberError
from speech.language import pronunciations
from speech.language.pronounce import read_dictionary
from speech.recognition.rivals import Rivals
from speech.recognition.setup import Presence, SpeechSetup
from speech.recognition.transcript import Hints, Passage, Word
from vocabulary import SAMPLE_RATE_HZ

if TYPE_CHECKING:
    from pocketsphinx import Decoder

# The model is trained on speech of ordinary level; quiet microphones are raised to it.
_PEAK = 0.6
_MOST_GAIN = 30.0
# The recogniser wants a moment of background around the words.
_PAD_S = 0.1
_WAIT_S = 60.0
_SHOP = "shop"
# The acoustic model's own rate.
_FRAMES_PER_S = 100


def presence(setup: SpeechSetup) -> Presence:
    """Whether PocketSphinx is installed, and with which phrases."""
    if find_spec("pocketsphinx") is None:
        return Presence("PocketSphinx", "pocketsphinx is not installed", "run: pip install 'pocketsphinx>=5'")
    if setup.language not in (None, "en"):
        return Presence(
            "PocketSphinx, English",
            f"it understands English only, and customers speak {setup.language!r}",
            "run: attune speech model add small  (Whisper, many languages)",
        )
    return Presence(_name(setup.phrases), None)


def open_engine(setup: SpeechSetup) -> "SphinxEngine":
    """The recogniser; its decoders are made when first needed."""
    return SphinxEngine(language_model=setup.phrases, decoders=setup.clips)


class SphinxEngine:
    """PocketSphinx over its English model (8 kHz band, 16 kHz sampling).

    A decoder is not thread-safe: each stretch borrows one of a few, which are made when first needed.
    """

    # Over 12 clips of four sentences each that are not measured: WER .181 in chunks of 5 s, .157 of 8 s, .154 of 12 s,
    # .157 of 30 s. Shorter chunks forget a wrong turn sooner.
    longest_s = 8.0

    def __init__(self, *, language_model: Path | None = None, decoders: int = 2) -> None:
        if decoders < 1:
            raise TranscriberError(f"{decoders} decoders; expected 1 or more.", code="settings")
        self._language_model = language_model
        self._free: queue.LifoQueue[Ears | None] = queue.LifoQueue()
        for _ in range(decoders):
            self._free.put(None)

    @property
    def name(self) -> str:
        """Engine and model."""
        return _name(self._language_model)

    def recognise(self, samples: NDArray[np.float32], hints: Hints) -> Iterator[Passage]:
        """One passage, or none. A word's confidence is its share in the recogniser's lattice.

        Raises: TranscriberError.
        """
        ears = self._borrow()
        usable = False
        try:
            words = ears.hear(samples)
            usable = True
        except RuntimeError:
            raise TranscriberError("PocketSphinx failed on a clip. Send it again.", code="engine") from None
        finally:
            # After a failure its state is unknown: a fresh one is made next time.
            self._give_back(ears if usable else None)
        if words:
            yield Passage(
                " ".join(word.text for word in words), words, end_s=samples.size / SAMPLE_RATE_HZ, language="en"
            )

    def _borrow(self) -> "Ears":
        try:
            ears = self._free.get(timeout=_WAIT_S)
        except queue.Empty:
            raise TranscriberError(
                f"no recogniser was free for {_WAIT_S:.0f} s; expected fewer clips at once. Try again.",
                code="busy",
            ) from None
        if ears is not None:
            return ears
        try:
            return Ears(self._language_model)
        except BaseException:
            self._give_back(None)
            raise

    def _give_back(self, ears: "Ears | None") -> None:
        self._free.put(ears)


def _name(language_model: Path | None) -> str:
    return "PocketSphinx, English" + (
        ", general phrases only" if language_model is None else ", with this shop's phrases"
    )


class Ears:
    """One recogniser with two ways to listen: general English, and the shop's phrases if there is a model.

    Both share the acoustic model and the dictionary: 126 MB instead of 191 (resident, measured).
    """

    def __init__(self, shop_model: Path | None) -> None:
        self._decoder = _load()
        self._general: str = self._decoder.current_search()
        self._rivals: Rivals | None = None
        if shop_model is not None:
            try:
                self._learn(pronunciations(shop_model))
                self._decoder.add_lm_file(_SHOP, str(shop_model))
                shop = self._decoder.get_lm(_SHOP)
            except (RuntimeError, ValueError):
                raise _unusable(str(shop_model)) from None
            self.models = self._decoder.get_lm(self._general), shop
            self._rivals = Rivals(*self.models, self.phones)

    def hear(self, samples: NDArray[np.float32]) -> tuple[Word, ...]:
        """The words of one stretch of speech."""
        general, shop = self.readings(samples)
        if self._rivals is None or not shop:
            return general
        believed = self._rivals.choose(_text(general), _text(shop))
        return general if believed == _text(general) else shop

    def readings(self, samples: NDArray[np.float32]) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
        """What either model hears, the general one first; the shop's is empty where there is no model of it."""
        general = _decode(self._decoder, self._general, samples)
        return general, () if self._rivals is None else _decode(self._decoder, _SHOP, samples)

    def _learn(self, sounds: Path) -> None:
        """Add the pronunciations of the shop's new words, before the model that names them."""
        if not sounds.is_file():
            return
        for word, phones in read_dictionary(sounds).items():
            if self._decoder.lookup_word(word) is None:
                self._decoder.add_word(word, " ".join(phones), update=False)

    def phones(self, word: str) -> list[str]:
        """How a word sounds; an unknown one sounds like itself only."""
        phones = self._decoder.lookup_word(word)
        return [word] if phones is None else str(phones).split()


def _load() -> "Decoder":
    try:
        from pocketsphinx import Decoder, get_model_path
    except ImportError:
        raise TranscriberError(
            "pocketsphinx is not installed; expected version 5. Run: pip install 'pocketsphinx>=5'",
            code="engine_missing",
        ) from None
    try:
        return Decoder(
            hmm=get_model_path("en-us/en-us"),
            dict=get_model_path("en-us/cmudict-en-us.dict"),
            lm=get_model_path("en-us/en-us.lm.bin"),
            loglevel="FATAL",
        )
    except (RuntimeError, ValueError):
        raise _unusable("its own model") from None


def _unusable(model: str) -> TranscriberError:
    return TranscriberError(
        f"PocketSphinx cannot load {model}; expected a language model. Run: attune speech prepare",
        code="engine_model",
    )


def _decode(decoder: "Decoder", search: str, samples: NDArray[np.float32]) -> tuple[Word, ...]:
    peak = float(np.abs(samples).max(initial=0.0))
    gain = min(_PEAK / peak, _MOST_GAIN) if peak > 0 else 1.0
    padded = np.pad(samples * gain, _sample(_PAD_S))
    decoder.activate_search(search)
    decoder.start_utt()
    decoder.process_raw((padded * 32767).astype("<i2").tobytes(), no_search=False, full_utt=True)
    decoder.end_utt()
    if decoder.hyp() is None:
        return ()
    return tuple(
        Word(
            # Variants of a pronunciation carry a number: "the(2)".
            segment.word.partition("(")[0],
            start_s=_seconds(segment.start_frame, samples.size),
            end_s=_seconds(segment.end_frame + 1, samples.size),
            # Rounded sums of the lattice can pass 1 by a hair.
            confidence=min(1.0, max(0.0, float(segment.prob))),
        )
        for segment in decoder.seg() or ()
        if segment.word[0] not in "<["
    )


def _text(words: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in words)


def _seconds(frame: int, size: int) -> float:
    """The time of a frame of the padded sound within the sound itself."""
    return min(max(0.0, frame / _FRAMES_PER_S - _PAD_S), size / SAMPLE_RATE_HZ)


def _sample(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE_HZ)
