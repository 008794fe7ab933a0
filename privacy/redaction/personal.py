"""What people tell about themselves in ways of their own: birth dates, names, secrets, accounts, spelled addresses."""

import re
from collections.abc import Iterator
from typing import Final

from privacy.redaction.context import compiled, has_any
from privacy.redaction.spans import Kind, Span

_MONTHS: Final = (
    "jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|mrz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|"
    "sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?"
)
_DATE: Final = compiled(
    rf"\b(?:\d{{1,2}}\s?[./-]\s?\d{{1,2}}\s?[./-]\s?(?:19|20)?\d{{2}}|(?:19|20)\d{{2}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|"
    rf"\d{{1,2}}(?:st|nd|rd|th|\.)?\s+(?:of\s+)?(?:{_MONTHS})\.?,?(?:\s+(?:of\s+)?(?:19|20)?\d{{2}})?|"
    rf"(?:{_MONTHS})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+(?:19|20)\d{{2}})?)(?!\w)"
)
_BIRTH: Final = (
    "born", "birth", "birthday", "birthdate", "date of birth", "dob", "d.o.b", "geboren", "geburtsdatum", "geburtstag",
    "geb", "né le", "née le", "nacimiento", "nacido", "nacida",
)  # fmt: skip
_IS_BIRTH: Final = compiled(
    r"[\s,]*(?:(?:is|was|ist|war|=|\()\s*)?(?:(?:my|her|his|mein|the)\s+)?"
    r"(?:date of birth|birth ?date|birthday|dob|geburtsdatum|geburtstag)"
)
_PART: Final = r"[^\W\d_][\w'’-]{1,24}"
_NAME: Final = compiled(
    rf"\b(?:(?:my|her|his|the customer['’]?s) (?:full |last |first |sur)?name(?: is|['’]s|:)|i am called|"
    rf"mein name ist|ich hei(?:ß|ss)e|je m['’]appelle|me llamo|mi chiamo|account is under|in the name of|"
    rf"order is under)\s+(?P<name>(?:(?:mr|mrs|ms|dr|herr|frau)\.?\s+)?{_PART}(?:\s+{_PART}){{0,2}})"
)
_SIGNED: Final = compiled(
    rf"(?:(?:kind |best |warm )?regards|sincerely|yours truly|mit freundlichen grüßen|viele grüße|cheers),?\s*\n?\s*"
    rf"(?P<name>(?-i:[^\W\d_a-z]){_PART}(?:[ \t]+(?-i:[^\W\d_a-z])[\w'’-]{{0,24}}){{0,2}})\s*$"
)
_TITLED: Final = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Herr|Frau|Dr)\.?\s+(?P<name>[^\W\d_a-z][\w'’-]{1,24}(?:\s+[^\W\d_a-z][\w'’-]{1,24})?)"
)
# What follows "my name is" without being a name, and what ends one.
_NO_NAME: Final = frozenset((
    "not", "wrong", "misspelled", "spelled", "spelt", "correct", "incorrect", "missing", "on", "and", "but", "so",
    "the", "a", "an", "in", "at", "it", "is", "i", "you", "please", "from", "because", "with", "for", "what",
    "still", "also", "different", "changed", "my", "or", "that", "this", "where", "when", "order", "orders",
    "number", "email", "under", "of", "nicht", "falsch", "und", "aber", "die", "der", "das", "mit", "bitte",
    "meine",
))  # fmt: skip
_SECRET: Final = compiled(
    r"\b(?:password|passwort|passcode|pass phrase|pin(?: code| number)?|cvv2?|cvc2?|security code|kennwort|tan)\b"
    r"(?:\s+(?:is|was|ist|war|lautet))?\s*[:=]?\s*[\"'“]?(?P<secret>[^\s\"'“”]{3,64})"
)
_SORT_CODE: Final = re.compile(r"\b\d{2}-\d{2}-\d{2}\b")
_ACCOUNT: Final = compiled(
    r"\b(?:bank account|account number|account no\.?|acct\.?|kontonummer|konto)\b(?:\s+(?:number|no\.?))?"
    r"(?:\s+(?:is|ist))?\s*[:=#]?\s*(?P<number>\d(?:[ -]?\d){6,16})(?!\d)"
)
_LINK: Final = compiled(r"\b(?:https?|ftp)://[^\s<>\"')\]]+")
_PRIVATE_LINK: Final = compiled(
    r"://[^/\s]*@|[?&#;](?:[\w.-]*(?:token|key|secret|sig(?:nature)?|auth|session|sid|password|pwd|code|otp|jwt|hash|"
    r"email|mail|user|customer|invite|reset)[\w.-]*)=[^&\s]+|/(?:reset|verify|invite|confirm|magic|unsubscribe)[\w-]*/[\w.-]{12,}"
)
_DOT: Final = r"(?:\s+dot\s+|\s+punkt\s+|\.|\s*[\[(]\s*dot\s*[\])]\s*)"
_SPELLED: Final = compiled(
    rf"\b[\w+-]{{1,40}}(?:(?:{_DOT}|\s+underscore\s+|\s+dash\s+)[\w+-]{{1,40}}){{0,4}}"
    r"\s*(?:\s+at\s+|\s*[\[(]\s*(?:at|ät)\s*[\])]\s*|\s+ät\s+)"
    rf"[\w-]{{1,40}}(?:{_DOT}[\w-]{{1,40}}){{0,2}}{_DOT}"
    r"(?:com|org|net|de|uk|fr|es|it|eu|info|io|at|ch|nl|edu|co uk)\b"
)


def find_personal(text: str) -> Iterator[Span]:
    """Birth dates, names that are introduced as such, secrets, bank accounts, private links, spelled-out e-mails."""
    for match in _SPELLED.finditer(text):
        yield Span(*match.span(), Kind.EMAIL)
    yield from _names(text)
    for match in _LINK.finditer(text):
        if _PRIVATE_LINK.search(match[0]):
            yield Span(*match.span(), Kind.LINK)
    for match in _SECRET.finditer(text):
        # "my password is wrong" names none: a secret has a digit or a sign in it.
        secret = match["secret"].rstrip(".,;!?")
        if any(not char.isalpha() for char in secret) and not secret.startswith(("[", "(", "-", "'")):
            yield Span(match.start("secret"), match.start("secret") + len(secret), Kind.SECRET)
    if not any(char.isdigit() for char in text):
        return
    for match in _DATE.finditer(text):
        if _says_birth(text, *match.span()):
            yield Span(*match.span(), Kind.BIRTH_DATE)
    for match in _SORT_CODE.finditer(text):
        if has_any(text, *match.span(), ("sort code", "sort-code", "bank", "account"), before=40, after=40):
            yield Span(*match.span(), Kind.ACCOUNT)
    for match in _ACCOUNT.finditer(text):
        yield Span(*match.span("number"), Kind.ACCOUNT)


def _says_birth(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 40) : start]
    # A word for birth belongs to the date that stands next to it.
    others = [match.end() for match in _DATE.finditer(before)]
    before = before[others[-1] :] if others else before
    return has_any(before, len(before), len(before), _BIRTH) or _IS_BIRTH.match(text, end) is not None


def _names(text: str) -> Iterator[Span]:
    for match in _NAME.finditer(text):
        start = match.start("name")
        end = start
        for word in re.finditer(r"\S+", match["name"]):
            bare = word[0].strip(".,;!?").casefold()
            if bare in _NO_NAME:
                break
            end = start + word.start() + len(word[0].rstrip(".,;!?"))
            if word[0][-1] in ".,;!?" and bare not in {"mr", "mrs", "ms", "dr"}:
                break
        if end > start:
            yield Span(start, end, Kind.NAME)
    for pattern in (_SIGNED, _TITLED):
        for match in pattern.finditer(text):
            yield Span(*match.span("name"), Kind.NAME)
