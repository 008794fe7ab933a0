"""What a cell says: text, a yes or no, a stock, an address."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from recommender.catalogue.amounts import looks_like_amount

MISSING: Final = frozenset(
    {
        "", "-", "--", "---", "–", "—", "?", ".", "null", "none", "nan", "nat", "n/a", "#n/a", "na", "n.a.", "n. a.",
        "nil", "\\n", "undefined", "(null)", "(none)", "(empty)", "<na>", "#value!", "#ref!", "#name?", "#div/0!", "[]",
        "{}", "k.a.", "s/o", "tbd", "tba",
    }
)  # fmt: skip
TRUE: Final = frozenset(
    {"true", "yes", "y", "t", "1", "ja", "j", "oui", "si", "sí", "sì", "tak", "sim", "on", "x", "✓", "wahr"}
)
FALSE: Final = frozenset(
    {"false", "no", "n", "f", "0", "-1", "nein", "non", "nie", "não", "nee", "nej", "off", "falsch", "faux"}
)
_STOCKED: Final = re.compile(
    r"\b(in[ _-]?stock|instock|available|low[ _-]?stock|few left|limited(?: ?availability)?|auf lager|lieferbar|"
    r"vorrätig|verfügbar|sofort|en stock|disponible|dispo|disponibile|op voorraad|leverbaar|på lager|i lager|"
    r"dostępny|na stanie|em estoque|disponível)\b"
)
_UNSTOCKED: Final = re.compile(
    r"\b(out[ _-]?of[ _-]?stock|outofstock|sold[ _-]?out|not[ _-]?available|unavailable|discontinued|no stock|"
    r"end of life|eol|nicht (?:auf lager|lieferbar|vorrätig|verfügbar)|ausverkauft|vergriffen|épuisé|rupture|agotado|"
    r"sin stock|indisponible|esaurito|non disponibile|uitverkocht|niet (?:op voorraad|leverbaar)|slutsåld|"
    r"niedostępny|brak|esgotado|indisponível|pre[ _-]?order|back[ _-]?order(?:ed)?|coming soon|vorbestell\w*)\b"
)
_UNCOUNTED: Final = frozenset({"unlimited", "infinite", "inf", "∞", "not tracked", "always", "unbegrenzt", "digital"})
_COUNT: Final = re.compile(r"(?<![\w.-])[-+]?\d[\d\s.,']*(?![\w-])")
_INVISIBLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u2060\ufeff\ufffe\uffff]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_SPACES: Final = re.compile(r"\s+")
_ADDRESS_LENGTH: Final = 2_000
_SHOWN: Final = 40
_LIST_SEPARATOR: Final = re.compile(r"[,;|\s]+")


def as_text(value: Any) -> str:
    """A cell as clean text in one line; empty if it says nothing.

    Lists are joined by ", "; True and False are "yes" and "no"; 5.0 is "5".
    """
    return _SPACES.sub(" ", as_raw(value)).strip()


def as_raw(value: Any) -> str:
    """A cell as clean text with its line breaks; empty if it says nothing ("N/A", "null", NaN)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "" if value != value else f"{int(value)}" if value.is_integer() and abs(value) < 1e15 else f"{value}"
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, map(as_text, value)))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {said}" for key, inner in value.items() if (said := as_text(inner)))
    text = str(value)
    if not text.isascii() or not text.isprintable():
        text = _SURROGATE.sub("\ufffd", unicodedata.normalize("NFC", _INVISIBLE.sub("", text)))
    text = text.strip()
    return "" if text.lower() in MISSING else text


def as_truth(value: Any) -> bool | None:
    """Yes or no, in several languages; None for anything else."""
    if isinstance(value, bool):
        return value
    word = as_text(value).lower()
    if word in TRUE:
        return True
    return False if word in FALSE else None


def as_stock(value: Any) -> tuple[int | None, bool]:
    """Pieces, and whether the cell could be read: "in stock" is (None, True), "sold out" is (0, True).

    None is "not counted". A negative count, which shops use for what is sold beyond the stock, is 0; parts of a piece
    are left out. What can only be ordered in advance is not to be had now.
    """
    if isinstance(value, bool):
        return (None if value else 0), True
    if isinstance(value, list | tuple) and not value:
        return None, True
    text = as_text(value).lower()
    if not text or text in _UNCOUNTED:
        return None, True
    if _UNSTOCKED.search(text.rsplit("/", 1)[-1]):
        return 0, True
    number = _COUNT.search(text)
    if number is not None and (number.end() - number.start() == len(text) or len(text) <= 24):
        return _pieces(number.group()), True
    if _STOCKED.search(text.rsplit("/", 1)[-1]):
        return None, True
    truth = as_truth(text)
    return (None, False) if truth is None else (None if truth else 0, True)


def _pieces(words: str) -> int:
    """A count: "1.250" and "1,250" are 1250, "3.0" and "2,5" are 3 and 2."""
    plain = re.sub(r"[\s']", "", words).rstrip(".,")
    whole = re.sub(r"[.,]\d{1,2}$|[.,]\d{4,}$", "", plain)
    digits = re.sub(r"[.,]", "", whole)
    if digits.lstrip("+-") and len(digits) <= 10:
        return max(0, min(int(digits), 2_000_000_000))
    return 0 if digits.startswith("-") else 2_000_000_000


def as_address(value: Any) -> tuple[str | None, bool]:
    """The first https address in a cell, and whether there was another one that is left out (http, damaged)."""
    candidates = value if isinstance(value, list | tuple) else _LIST_SEPARATOR.split(as_raw(value))
    left_out = False
    for candidate in candidates:
        words = as_text(candidate)
        if words.startswith("//"):
            words = f"https:{words}"
        if is_safe_address(words):
            return words, False
        left_out |= bool(words)
    return None, left_out


def is_safe_address(words: str) -> bool:
    """Whether this is an https address that a page may show: a host, no user name, no sign that ends a quote."""
    if not words.lower().startswith("https://") or len(words) > _ADDRESS_LENGTH or re.search(r"[\s\"'<>\\`{}]", words):
        return False
    try:
        parts = urlsplit(words)
        return bool(parts.hostname and "." in parts.hostname) and parts.username is None and (parts.port or 443) > 0
    except ValueError:
        return False


def looks_like_data(names: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether what should be column names is a row: amounts or addresses stand where the rows have them too."""
    if not rows or not names:
        return False
    below = [[row[number].strip() for row in rows[:50] if number < len(row)] for number in range(len(names))]
    alike = sum(_is_value(name) and _mostly_values(cells) for name, cells in zip(names, below, strict=True))
    repeated = sum(bool(name) for name in names) - len({name for name in names if name})
    return alike > 0 and (alike >= 0.25 * len(names) or repeated > 0)


def _is_value(words: str) -> bool:
    return bool(words) and (looks_like_amount(words) or words.lower().startswith(("http://", "https://")))


def _mostly_values(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and sum(map(_is_value, filled)) > 0.6 * len(filled)


def shown(value: Any) -> str:
    """A cell as a message quotes it: its beginning."""
    text = as_text(value)
    return repr(text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…")
