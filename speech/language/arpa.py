"""Reading a language model: how likely a word is after the words before it."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

from speech.errors import SpeechError

START: Final = "<s>"
END: Final = "</s>"
_UNKNOWN: Final = "<unk>"
_TO_NATURAL: Final = math.log(10)
# What ARPA files write for "never": <s> is no word that follows another.
_NEVER: Final = -99.0

Gram = tuple[str, ...]


class ArpaModel:
    """A back-off model of n-grams. Words are lower case, as people say them ("forty one", never "41").

    >>> model = ArpaModel(2, {("a",): (-0.3, -0.3), ("b",): (-0.6, 0.0), ("a", "b"): (-0.1, 0.0)})
    >>> round(model.log_probability("b", ["<s>", "a"]) / math.log(10), 6)
    -0.1
    >>> round(model.log_probability("a", ["a"]) / math.log(10), 6)
    -0.6
    """

    def __init__(self, order: int, grams: dict[Gram, tuple[float, float]]) -> None:
        """grams: decimal logarithms of chance and back-off weight, as the file has them."""
        self.order = order
        self._grams = grams
        self._words = frozenset(gram[0] for gram in grams if len(gram) == 1) - {START, END, _UNKNOWN}
        kept = [chance for gram, (chance, _) in grams.items() if len(gram) == 1 and chance > _NEVER]
        left = 1.0 - sum(10.0**chance for chance in kept)
        rarest = min(kept, default=-7.0)
        # A word that the model does not know: no likelier than the rarest that it knows.
        self._unknown = min(rarest, math.log10(left) if left > 0 else rarest)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read an ARPA file. Raises: SpeechError (code "language_model") if it is none; OSError."""
        grams: dict[Gram, tuple[float, float]] = {}
        order = size = 0
        try:
            for line in path.read_text(encoding="utf-8").splitlines():
                if line.startswith("\\"):
                    size = int(line[1:].partition("-")[0]) if line.endswith("-grams:") else 0
                    order = max(order, size)
                elif size and line.strip():
                    fields = line.split()
                    backoff = float(fields[size + 1]) if len(fields) > size + 1 else 0.0
                    grams[tuple(fields[1 : size + 1])] = (float(fields[0]), backoff)
        except (ValueError, IndexError, UnicodeDecodeError):
            grams = {}
        if not grams:
            raise SpeechError(
                f"{path} is no language model; expected the ARPA format. Run: attune speech prepare",
                code="language_model",
            ) from None
        return cls(order, grams)

    @property
    def words(self) -> frozenset[str]:
        """What the model knows, without the marks of a sentence's beginning and end."""
        return self._words

    def log_probability(self, word: str, history: Sequence[str]) -> float:
        """Natural logarithm of the chance of word after history (oldest first; "<s>" begins a sentence).

        "</s>" as the word ends a sentence. A word that is unknown gets no more than the rarest known one, and
        cuts the history where it stands in it.
        """
        gram = (*history[max(0, len(history) - self.order + 1) :], word)
        total = 0.0
        while len(gram) > 1:
            found = self._grams.get(gram)
            if found is not None:
                return (total + found[0]) * _TO_NATURAL
            context = self._grams.get(gram[:-1])
            total += 0.0 if context is None else context[1]
            gram = gram[1:]
        found = self._grams.get(gram) or self._grams.get((_UNKNOWN,))
        return (total + (self._unknown if found is None else found[0])) * _TO_NATURAL

    def sentence_log_probability(self, words: Sequence[str]) -> float:
        """Natural logarithm of the chance of a whole sentence, with its beginning and end."""
        said = [START, *words, END]
        return sum(self.log_probability(said[end], said[:end]) for end in range(1, len(said)))
