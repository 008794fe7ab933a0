"""Presidio's pattern recognisers, without any language model.

The package imports spaCy, whose thinc imports torch where it is installed: 442 MB and 3.3 s beside a web server. No
recogniser here uses either. `_without_models` hides the model libraries while Presidio is imported, from this thread
alone: 47 MB and 0.4 s remain (docs/decisions/0102-redaction.md). This is the only module that imports it.
"""

import importlib
import re
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Final

from privacy.errors import RedactionError
from privacy.redaction.context import has_any, stands_in
from privacy.redaction.spans import Kind, Span

_MODEL_LIBRARIES: Final = frozenset(
    {"torch", "transformers", "tensorflow", "mxnet", "cupy", "stanza", "spacy_stanza", "gliner", "langextract"}
)
# Countries whose national way of writing a number is found; numbers that begin with + are found of every country.
_PHONE_REGIONS: Final = ("GB", "US", "DE", "FR", "ES", "IT", "NL", "PL", "SE")
_DIALLED: Final = re.compile(r"\d(?:[^\w\n]{0,4}\d){6}")
_SURE: Final = 0.5
_EMAIL: Final = r"\b[\w!#$%&'*+/=?^`{|}~.-]{0,63}[\w!#$%&'*+/=?^`{|}~-]@\w+(?:-+\w+)*(?:\.\w+(?:-+\w+)*)+\b"
# Class, kind, and whether a word such as "passport" must stand near: digits alone can be anything.
_RECOGNISERS: Final[tuple[tuple[str, Kind, bool], ...]] = (
    ("CreditCardRecognizer", Kind.CARD, False),
    ("IbanRecognizer", Kind.IBAN, False),
    ("IpRecognizer", Kind.IP, False),
    ("UkNinoRecognizer", Kind.NATIONAL_ID, False),
    ("UsSsnRecognizer", Kind.NATIONAL_ID, False),
    ("EsNifRecognizer", Kind.NATIONAL_ID, False),
    ("EsNieRecognizer", Kind.NATIONAL_ID, False),
    ("ItFiscalCodeRecognizer", Kind.NATIONAL_ID, False),
    ("FiPersonalIdentityCodeRecognizer", Kind.NATIONAL_ID, False),
    ("DeSocialSecurityRecognizer", Kind.NATIONAL_ID, False),
    ("KrRrnRecognizer", Kind.NATIONAL_ID, False),
    ("NhsRecognizer", Kind.NATIONAL_ID, True),
    ("UkPassportRecognizer", Kind.NATIONAL_ID, True),
    ("UkDrivingLicenceRecognizer", Kind.NATIONAL_ID, False),
    ("UsPassportRecognizer", Kind.NATIONAL_ID, True),
    ("UsLicenseRecognizer", Kind.NATIONAL_ID, True),
    ("UsItinRecognizer", Kind.NATIONAL_ID, True),
    ("CaSinRecognizer", Kind.NATIONAL_ID, True),
    ("DeTaxIdRecognizer", Kind.NATIONAL_ID, True),
    ("DeIdCardRecognizer", Kind.NATIONAL_ID, True),
    ("DePassportRecognizer", Kind.NATIONAL_ID, True),
    ("DeHealthInsuranceRecognizer", Kind.NATIONAL_ID, True),
    ("PlPeselRecognizer", Kind.NATIONAL_ID, True),
    ("SePersonnummerRecognizer", Kind.NATIONAL_ID, True),
    ("InAadhaarRecognizer", Kind.NATIONAL_ID, True),
    ("InPanRecognizer", Kind.NATIONAL_ID, True),
    ("SgFinRecognizer", Kind.NATIONAL_ID, True),
    ("AuTfnRecognizer", Kind.NATIONAL_ID, True),
    ("AuMedicareRecognizer", Kind.NATIONAL_ID, True),
    ("ZaIdNumberRecognizer", Kind.NATIONAL_ID, True),
    ("TrNationalIdRecognizer", Kind.NATIONAL_ID, True),
    ("ThTninRecognizer", Kind.NATIONAL_ID, True),
)
_ID_WORDS: Final = (
    "id number", "identity", "passport", "social security", "national insurance", "tax number", "tax id", "licence",
    "license", "ausweis", "steuer", "dni", "nif", "personnummer", "medicare",
)  # fmt: skip


class PresidioPatterns:
    """The recognisers, loaded. Building one imports Presidio. Raises: RedactionError."""

    def __init__(self) -> None:
        package = _imported("presidio_analyzer.predefined_recognizers")
        self._recognisers: list[tuple[Any, Kind, tuple[str, ...], bool]] = []
        for name, kind, needs_word in _RECOGNISERS:
            recogniser: Any = getattr(package, name)()
            words = (*(recogniser.context or ()), *(_ID_WORDS if kind is Kind.NATIONAL_ID else ()))
            self._recognisers.append((recogniser, kind, words, needs_word))
        self._phone: Any = package.PhoneRecognizer(supported_regions=_PHONE_REGIONS)
        self._email: Any = _email_recogniser(package)

    def find(self, text: str) -> Iterator[Span]:
        """Everything that they find in a text, sure or with a word near it that says what it is."""
        if "@" in text:
            yield from (Span(found.start, found.end, Kind.EMAIL) for found in _run(self._email, text))
        if not any(char.isdigit() for char in text):
            return
        for recogniser, kind, words, needs_word in self._recognisers:
            if needs_word and not stands_in(text, words):
                continue
            for found in _run(recogniser, text):
                if (found.score >= _SURE and not needs_word) or has_any(text, found.start, found.end, words):
                    yield Span(found.start, found.end, kind)
        if _DIALLED.search(text):
            yield from (Span(found.start, found.end, Kind.PHONE) for found in _run(self._phone, text))


def _run(recogniser: Any, text: str) -> Sequence[Any]:
    return recogniser.analyze(text, recogniser.supported_entities)  # type: ignore[no-any-return]


def _email_recogniser(package: ModuleType) -> Any:
    class WithoutDownload(package.EmailRecognizer):  # type: ignore[misc, name-defined]
        """The stock one fetches a list of domains from the network, and leaves out what is not in it."""

        def validate_result(self, pattern_text: str) -> bool | None:
            return None

    # As long before the @ as RFC 5321 allows: the stock pattern takes a second for 4,000 letters and dots.
    pattern = importlib.import_module("presidio_analyzer").Pattern("e-mail", _EMAIL, _SURE)
    return WithoutDownload(patterns=[pattern])


def _imported(name: str) -> ModuleType:
    try:
        with _without_models():
            return importlib.import_module(name)
    except ImportError as err:
        raise RedactionError(
            f"Presidio cannot be loaded ({err.name or type(err).__name__} is missing); expected the packages of "
            "requirements/ml.txt. Run: pip install presidio-analyzer",
            code="presidio_missing",
        ) from None


@contextmanager
def _without_models() -> Iterator[None]:
    guard = _Guard(threading.get_ident())
    sys.meta_path.insert(0, guard)
    try:
        yield
    finally:
        sys.meta_path.remove(guard)


class _Guard:
    """Lets one thread's imports of the model libraries fail; what is loaded already stays loaded."""

    def __init__(self, thread: int) -> None:
        self._thread = thread

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if threading.get_ident() == self._thread and name.partition(".")[0] in _MODEL_LIBRARIES:
            raise ModuleNotFoundError(f"{name} is not needed here", name=name)
        return None
