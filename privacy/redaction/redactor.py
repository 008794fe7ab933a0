"""Personal data out of a text, reversibly for whoever keeps the originals."""

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Self

from privacy.errors import RedactionError
from privacy.redaction.addresses import find_addresses
from privacy.redaction.context import has_any
from privacy.redaction.personal import find_personal
from privacy.redaction.presidio import PresidioPatterns
from privacy.redaction.spans import Kind, Span, merged

_DIGIT: Final = re.compile(r"\d")
_SIX_DIGITS: Final = re.compile(r"\d{6}")
_PHONE_WORDS: Final = (
    "phone", "telephone", "mobile", "cell", "call", "call me", "tel", "whatsapp", "sms", "text me", "reach me",
    "ring me", "fax", "landline", "telefon", "handy", "nummer", "anrufen", "contact number", "reached", "number is",
)  # fmt: skip
# Digits that a shop writes itself, and that belong to nobody alone.
_SHOP_WORDS: Final = (
    "order", "tracking", "parcel number", "article", "item", "serial", "model", "invoice", "bestellung", "sendung",
    "sendungsnummer", "bestellnummer", "reference", "ticket", "version", "sku", "ean", "isbn", "imei",
)  # fmt: skip


@dataclass(frozen=True)
class Original:
    """What a placeholder stands for. start: where the placeholder begins in the redacted text, in characters."""

    start: int
    placeholder: str
    text: str

    def to_list(self) -> list[Any]:
        return [self.start, self.placeholder, self.text]

    @classmethod
    def from_list(cls, raw: Sequence[Any]) -> Self:
        return cls(int(raw[0]), str(raw[1]), str(raw[2]))


@dataclass(frozen=True)
class Redacted:
    """text: with a placeholder, such as [email 1], for each piece of personal data. originals: in their order."""

    text: str
    originals: tuple[Original, ...] = ()


class Redactor:
    """Finds personal data by patterns. Nothing is downloaded, nothing leaves the process, no model is loaded.

    Presidio is loaded at the first text that needs it, or by load(). Safe in several threads.
    """

    # One for the process: loading takes most of a second, and nothing in them changes.
    _presidio: ClassVar[PresidioPatterns | None] = None
    _loading: ClassVar = threading.Lock()

    def load(self) -> None:
        """Load what takes time, so that no customer waits for it. Raises: RedactionError."""
        self._patterns()

    def redact(self, text: str) -> Redacted:
        """The text without the personal data that is found in it; equal pieces get the same number.

        Six-digit order numbers stay. Raises: RedactionError.
        """
        parts: list[str] = []
        originals: list[Original] = []
        names: dict[tuple[Kind, str], str] = {}
        counts: dict[Kind, int] = {}
        at = length = 0
        for span in self.find(text):
            piece = text[span.start : span.end]
            key = (span.kind, piece.casefold())
            if key not in names:
                counts[span.kind] = counts.get(span.kind, 0) + 1
                names[key] = f"[{span.kind.value} {counts[span.kind]}]"
            before = text[at : span.start]
            originals.append(Original(length + len(before), names[key], piece))
            parts += [before, names[key]]
            length += len(before) + len(names[key])
            at = span.end
        return Redacted("".join([*parts, text[at:]]), tuple(originals))

    def find(self, text: str) -> list[Span]:
        """Where personal data stands, in order, without overlaps. Raises: RedactionError."""
        spans = [*find_personal(text), *find_addresses(text)]
        if "@" in text or _DIGIT.search(text):
            found = self._patterns().find(text)
            spans += [span for span in found if span.kind is not Kind.PHONE or _is_phone(text, span)]
        return merged(_without_order_numbers(text, spans))

    def _patterns(self) -> PresidioPatterns:
        with self._loading:
            if Redactor._presidio is None:
                Redactor._presidio = PresidioPatterns()
            return Redactor._presidio


def restored(redacted: Redacted) -> str:
    """The text as it was. Raises: RedactionError if the originals are not those of this text."""
    parts: list[str] = []
    at = 0
    for original in redacted.originals:
        end = original.start + len(original.placeholder)
        if original.start < at or redacted.text[original.start : end] != original.placeholder:
            raise RedactionError(
                f"a placeholder is not at character {original.start}; expected the originals of this very text.",
                code="originals_differ",
            )
        parts += [redacted.text[at : original.start], original.text]
        at = end
    return "".join([*parts, redacted.text[at:]])


def _is_phone(text: str, span: Span) -> bool:
    """Whether digits that could be dialled somewhere are a telephone number here."""
    piece = text[span.start : span.end]
    digits = sum(char.isdigit() for char in piece)
    if digits < 7:
        return False
    if piece.startswith("+") or has_any(text, span.start, span.end, _PHONE_WORDS):
        return True
    if has_any(text, span.start, span.end, _SHOP_WORDS, before=32, after=0):
        return False
    return digits >= 9 and (piece[0] in "0(" or any(char in " -./()" for char in piece))


def _without_order_numbers(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    for span in spans:
        bare = text[span.start : span.end].strip()
        if span.kind not in (Kind.SECRET, Kind.BIRTH_DATE) and _SIX_DIGITS.fullmatch(bare):
            continue
        yield span
