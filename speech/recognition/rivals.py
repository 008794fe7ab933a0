"""Which of two readings of the same sound to believe: the general one, or the shop's."""

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from speech.measure import distance

if TYPE_CHECKING:
    from pocketsphinx import NGramModel

# Natural logarithm of Sphinx's base, 1.0001.
_LOG_BASE: Final = math.log(1.0001)
# What the models give a word that they do not know.
_FLOOR: Final = -250_000
# Chosen on sentences that are not measured: `python -m benchmarks.speech_choice` prints the table.
SHARE: Final = 0.1
# Likelihood for each sound that differs from what the general model heard.
NATS_PER_PHONE: Final = 0.25


class Rivals:
    """Compares readings by an interpolated language model, and by how far they are from each other in sound.

    Two recognisers run over the same sound: one knows general English, one only this shop's phrases. The
    second is far better inside the shop's business and wrong outside it. Its reading is taken if the
    interpolated model prefers it by more than so many nats for each differing sound.
    """

    def __init__(
        self,
        general: "NGramModel",
        shop: "NGramModel",
        phones: Callable[[str], Sequence[str]],
        *,
        share: float = SHARE,
        nats_per_phone: float = NATS_PER_PHONE,
    ) -> None:
        """phones: how a word sounds. share: of the shop's model in the mixture, 0 to 1."""
        self._share = share
        self._nats_per_phone = nats_per_phone
        self._general = general
        self._shop = shop
        self._phones = phones

    def choose(self, general: str, shop: str) -> str:
        """The reading to believe; an empty one loses."""
        if not shop or not general or general == shop:
            return general or shop
        gain = self.log_likelihood(shop) - self.log_likelihood(general)
        return shop if gain > self._nats_per_phone * distance(self._sound(general), self._sound(shop)) else general

    def log_likelihood(self, text: str) -> float:
        """Natural logarithm of the sentence's chance under the interpolated model."""
        tokens = ["<s>", *text.split(), "</s>"]
        total = 0.0
        for end in range(1, len(tokens)):
            # Sphinx takes the word first, then its history backwards.
            gram = tokens[max(0, end - 2) : end + 1][::-1]
            mixed = self._share * _chance(self._shop, gram) + (1 - self._share) * _chance(self._general, gram)
            total += math.log(mixed)
        return total

    def _sound(self, text: str) -> list[str]:
        return [phone for word in text.split() for phone in self._phones(word)]


def _chance(model: "NGramModel", gram: list[str]) -> float:
    return math.exp(max(model.prob(gram), _FLOOR) * _LOG_BASE)
