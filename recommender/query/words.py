"""Words of a query and of the catalogue, brought to one form."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+(?:[.,]\d+)?", re.UNICODE)
_FREE: Final = re.compile(r"\b(\w{3,}) free\b")

_STOP_WORDS: Final = """
a about all also am an and any anything are as at be been best but buy by can could do does euro euros eur
    find for from get give good has have help hello hey hi how i if in is it its just like looking me my need new
    nice of on one or our please product products recommend recommendation search show so some something suggest
    suggestion thank thanks that the their them then there these thing things this to us use used want was we what
    when where which will with would you your
    s t m re ll ve d make makes made come comes out too very really lot lots more much get gets got keep keeps go goes
    not without nor neither other others another same only each even rather instead
"""
STOP_WORDS: Final = frozenset(_STOP_WORDS.split())
"""Words that say nothing about the thing itself."""

SYNONYMS: Final = {
    "tv": "television",
    "tvs": "television",
    "telly": "television",
    "hoover": "vacuum cleaner",
    "vacuum": "vacuum cleaner",
    "refrigerator": "fridge",
    "icebox": "fridge",
    "washer": "washing machine",
    "laundry machine": "washing machine",
    "clothes dryer": "tumble dryer",
    "cooker": "oven",
    "stove": "hob",
    "cooktop": "hob",
    "earphones": "earbuds",
    "earphone": "earbuds",
    "in ears": "earbuds",
    "headset": "headphones",
    "notebook": "laptop",
    "espresso maker": "espresso machine",
    "coffee maker": "coffee machine",
    "coffeemaker": "coffee machine",
    "mobile": "phone",
    "smartphone": "phone",
    "cellphone": "phone",
    "handset": "phone",
    "lead": "cable",
    "cord": "cable",
    "lightbulb": "bulb",
    "light": "lamp",
    "hairdryer": "hair dryer",
    "blow dryer": "hair dryer",
    "razor": "shaver",
    "insurance": "protection plan",
    "guarantee": "protection plan",
    "warranty extension": "protection plan",
    "extended warranty": "protection plan",
    "soundbar": "sound bar",
    "powerbank": "power bank",
    "loudspeaker": "speaker",
    "dish washer": "dishwasher",
    "airfryer": "air fryer",
    "multi plug": "power strip",
    "extension lead": "power strip",
    "gasket": "seal",
    "jug": "carafe",
    "pot": "carafe",
    "carafes": "carafe",
    "remote": "remote control",
    "controller": "remote control",
    "doorbell": "video doorbell",
    "cctv": "camera",
    "ac": "air conditioner",
    "aircon": "air conditioner",
}
"""What customers say → what a shop writes. Applied to queries and to category filters alike."""

_SYNONYM: Final = re.compile(
    r"\b(" + "|".join(sorted(map(re.escape, SYNONYMS), key=len, reverse=True)) + r")\b", re.IGNORECASE
)
_COMPLETE: Final = frozenset({"vacuum cleaner", "remote control", "video doorbell"})


def normalise(text: str) -> str:
    """Lower case, compatibility forms folded, hyphens opened."""
    return unicodedata.normalize("NFKC", text).casefold().replace("-", " ").replace("’", "'")


def with_shop_words(text: str) -> str:
    """The text with the customers' words replaced by the shop's ("hoover" → "vacuum cleaner")."""
    plain = normalise(text)

    def shop_word(match: re.Match[str]) -> str:
        word = SYNONYMS[match.group(1)]
        rest = word.partition(" ")[2]
        # "vacuum cleaner" stays as it is: the second word stands there already.
        if word in _COMPLETE and plain[match.end() :].lstrip().startswith(rest):
            return match.group(0)
        return word

    return _SYNONYM.sub(shop_word, plain)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The singular of an English plural, roughly: enough to let "batteries" meet "battery"."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def stems(text: str) -> list[str]:
    """The words of a text in order, each in its stem. "BPA-free" is one word: it is the contrary of "BPA"."""
    plain = normalise(text)
    if " free" in plain:
        plain = _FREE.sub(lambda match: match[0] if match[1] in STOP_WORDS else f"{match[1]}free", plain)
    return [stem(word) for word in _WORD.findall(plain)]


def content_stems(text: str) -> list[str]:
    """Stems of the words that say something, each once, in order."""
    return list(dict.fromkeys(word for word in stems(text) if word not in STOP_WORDS))


def contains_phrase(words: list[str], phrase: Iterable[str]) -> int | None:
    """Where the phrase last ends in the words (position after it); None if it does not occur."""
    parts = list(phrase)
    for start in range(len(words) - len(parts), -1, -1):
        if parts and words[start : start + len(parts)] == parts:
            return start + len(parts)
    return None
