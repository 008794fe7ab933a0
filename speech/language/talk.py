"""What customers of one shop are likely to say: its bot's phrases, the words of its catalogue, and numbers."""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from speech.language.numbers_said import number_sentences
from speech.language.phrases import spoken_form

# Part of the fingerprint: raise it when the same talk would give another model.
VERSION: Final = 2
_SEED: Final = 417_203
_ORDERS, _PRICES, _DATES = 900, 250, 150
_FRAMES_OF_A_TITLE: Final = 3
_FRAMES: Final = (
    *("the {}", "i bought the {}", "do you have the {}", "how much is the {}", "is the {} in stock", "{}"),
    *("my {} is broken", "my {} does not work", "i want to return the {}", "i ordered the {}", "tell me about the {}"),
    *("i am looking for a {}", "show me the {}", "what about the {}", "i would like a {}", "can i buy the {}"),
    *("where is my {}", "when will the {} arrive", "i need a {}", "is there a cheaper {}", "does the {} fit"),
)


@dataclass(frozen=True)
class Talk:
    """phrases: the bot's training phrases as they are written. titles: names of products, brands and categories."""

    phrases: tuple[str, ...]
    titles: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Changes whenever the sentences do; 12 hex digits."""
        digest = hashlib.sha256(str(VERSION).encode())
        for part in (self.phrases, self.titles):
            digest.update("\n".join((f"{len(part)}", *part)).encode())
        return digest.hexdigest()[:12]

    def sentences(self) -> Iterator[list[str]]:
        """Every sentence as its words are said. The same talk gives the same ones.

        Order numbers of the phrases get other digits, so that every sequence is as likely as another.
        """
        draw = random.Random(_SEED)
        for phrase in self.phrases:
            yield spoken_form(phrase, draw)
        for title in self.titles:
            said = " ".join(spoken_form(title))
            for frame in draw.sample(_FRAMES, _FRAMES_OF_A_TITLE):
                yield frame.format(said).split()
        for sentence in number_sentences(_SEED, orders=_ORDERS, prices=_PRICES, dates=_DATES):
            yield sentence.split()
