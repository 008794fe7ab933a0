"""Text as it is read aloud: numbers, prices, dates, addresses and marks as words, in English."""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

from speech.language.numerals import MONTHS
from speech.synthesis.amounts import CURRENCY_MARKS, measure_words, number_words, price_words

MONTH_NAMES: Final = tuple(month.capitalize() for month in MONTHS)
# Letters that Unicode does not take apart, and marks that have a plain cousin.
_PLAIN: Final = str.maketrans(
    {
        **{"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ł": "l", "Ł": "L", "đ": "d"},
        **{"ð": "d", "þ": "th", "ı": "i", "’": "'", "‘": "'", "´": "'", "…": ". ", "−": "-", "‑": "-", "‐": "-"},
        **{"•": "*", "·": "*", "–": " - ", "—": " - ", "⁄": "/", "→": ", ", "\u200b": "", "\u00ad": "", "\u2060": ""},
    }
)
_KEPT: Final = "€£°×"
_NUMBER: Final = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
# 1,299.00 · 1.299,00 · 1 299,00 · 19.99 · 19,99 · 89
_AMOUNT: Final = r"(?:\d{1,3}(?:[,. ]\d{3})+(?!\d)|\d+)(?:[.,]\d{1,2}(?!\d))?"
_CURRENCY: Final = r"(?:[€$£]|(?:EUR|USD|GBP)\b)"
_CURRENCY_AFTER: Final = r"(?:[€$£]|(?:EUR|USD|GBP|[Ee]uros?|[Dd]ollars?|[Pp]ounds?)\b)"
_UNIT: Final = r"(?:kWh|kW|kg|km|cm|mm|mAh|ml|GB|MB|TB|Hz|h|min|g|m|l|W|V|°C|°F|°|%)"
_MONTH: Final = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
_SHORT: Final = {
    **{"e.g.": "for example", "i.e.": "that is", "etc.": "et cetera", "approx.": "about", "incl.": "including"},
    **{"excl.": "excluding", "vs.": "versus", "max.": "at most", "min.": "at least", "dept.": "department"},
    **{"tel.": "telephone", "ext.": "extension", "mr.": "mister", "mrs.": "missis", "dr.": "doctor", "a.m.": "A M"},
    **{"p.m.": "P M", "w/o": "without"},
}


def readable(text: str) -> str:
    """One sentence as a voice is given it: ASCII letters, digits, spaces and . , ; : ? ! ' - ; "" if nothing is left.

    Marks that an engine could take for its own (SSML, phonemes in brackets) cannot come through. Latin letters lose
    their accents; other scripts, emoji and Markdown are dropped.

    >>> readable("**Order 417203** of 2026-11-21: €19.99 at https://shop.example/help 🙂")
    'Order 4 1 7 2 0 3 of 21 November 2026: 19 euros 99 at the page shop dot example.'
    """
    return _tidy(_RULES.sub(_said, _list_mark(_fold(text))))


def spelled(letters: str) -> str:
    """Letters and digits one by one; all else is left out."""
    return " ".join(char for char in letters if char.isalnum())


def _fold(text: str) -> str:
    """The text in ASCII and a few known signs."""
    out = []
    for char in unicodedata.normalize("NFKD", text.translate(_PLAIN)).translate(_PLAIN):
        if (char.isascii() and char.isprintable()) or char in _KEPT:
            out.append(char)
        elif unicodedata.category(char) == "Nd":
            out.append(str(unicodedata.digit(char)))
        elif not unicodedata.combining(char):
            out.append(" ")
    return " ".join("".join(out).split())


def _list_mark(text: str) -> str:
    bare = re.sub(r"^(?:[-*+>#]+ )+", "", text)
    return re.sub(r"^(\d{1,3})[.)] ", r"\1, ", bare)


def _link(match: re.Match[str]) -> str:
    host = re.sub(r"^(?:[a-z]+://)?(?:www\.)?", "", match["link"], flags=re.IGNORECASE)
    host = re.split(r"[/?#:@]", host, maxsplit=1)[0].rstrip(".")
    tail = re.search(r"[.,;:!?)]*$", match["link"])
    return f" the page {_dotted(host)}{tail[0] if tail else ''} "


def _email(match: re.Match[str]) -> str:
    name, _, host = match["email"].partition("@")
    return f" {_dotted(name)} at {_dotted(host)} "


def _dotted(name: str) -> str:
    marks = {".": " dot ", "-": " dash ", "_": " underscore ", "+": " plus "}
    parts = re.findall(r"\d+|[A-Za-z]+|[._+-]", name)
    return " ".join(marks.get(part, spelled(part) if part.isdigit() else part).strip() for part in parts)


def _date(match: re.Match[str]) -> str:
    if match["iso_year"]:
        year, month, day = match["iso_year"], int(match["iso_month"]), int(match["iso_day"])
    else:
        year, month, day = match["year"], int(match["month"]), int(match["day"])
        if month > 12:
            month, day = day, month
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return f" {spelled(match[0])} "
    return f" {day} {MONTH_NAMES[month - 1]} {year} "


def _clock(match: re.Match[str]) -> str:
    hour, minute = int(match["hour"]), int(match["minute"])
    if hour > 23 or minute > 59:
        return f" {spelled(match[0])} "
    return f" {hour} {'o-clock' if minute == 0 else f'oh {minute}' if minute < 10 else minute} "


def _price(match: re.Match[str]) -> str:
    mark = match["before"] or match["after"]
    return f" {price_words(match['cost'] or match['cost_after'], CURRENCY_MARKS[mark.lower().rstrip('s')])} "


def _code(match: re.Match[str]) -> str:
    parts = re.findall(r"[A-Z]+|\d+", match["code"])
    said = (part if (len(part) > 3 if part.isalpha() else len(part) < 3) else spelled(part) for part in parts)
    return f" {' '.join(said)} "


def _range(match: re.Match[str]) -> str:
    first, last = match["first"], match["last"]
    if max(len(first), len(last)) > 4 or int(first) >= int(last):
        return f" {spelled(first)} {spelled(last)} "
    return f" {first} to {last} "


_HANDLERS: Final[dict[str, Callable[[re.Match[str]], str]]] = {
    "titled": lambda match: f" {match['title']} ",
    "link": _link,
    "email": _email,
    "date": _date,
    "clock": _clock,
    "price": _price,
    "phone": lambda match: f" plus {spelled(match['phone'])} ",
    "serial": lambda match: f" {spelled(match['serial'])} ",
    "hash": lambda match: f" number {spelled(match['hash'])} ",
    "range": _range,
    "measure": lambda match: f" {measure_words(match['quantity'], match['unit'])} ",
    "times": lambda match: f"{match['times']} times ",
    "code": _code,
    "digits": lambda match: f" {spelled(match['digits'])} ",
    "named": lambda match: f"{match['name']} {spelled(match['short_number'])} ",
    "number": lambda match: number_words(match["number"]),
    "day_month": lambda match: next(name for name in MONTH_NAMES if name.startswith(match["day_month"][:3])) + " ",
    "short": lambda match: f" {_SHORT[match['short'].lower()]} ",
    "short_no": lambda match: "number ",
    "mark": lambda match: {"&": " and ", "+": " plus ", "×": " times ", "°": " degrees "}[match["mark"]],
}
# One pass, the first rule that fits: what a rule has said is not read again.
_RULES: Final = re.compile(
    "|".join(
        (
            r"\[(?P<title>[^\[\]]{1,200})\]\((?P<titled>(?:https?://|/|mailto:)[^\s()]{0,500})\)",
            r"(?P<link>\b(?:https?://|www\.)[^\s<>\"'`\]]+)",
            r"(?P<email>(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})",
            r"(?P<date>(?<![\w.-])(?:(?P<iso_year>\d{4})-(?P<iso_month>\d\d)-(?P<iso_day>\d\d)"
            r"|(?P<day>\d{1,2})(?P<sep>[./])(?P<month>\d{1,2})(?P=sep)(?P<year>\d{4}))(?![\w-]))",
            r"(?P<clock>(?<![\w.:])(?P<hour>\d{1,2}):(?P<minute>\d\d)(?![\w:]))",
            rf"(?P<price>(?:(?P<before>{_CURRENCY}) ?(?P<cost>{_AMOUNT})"
            rf"|(?<![\w.,])(?P<cost_after>{_AMOUNT}) ?(?P<after>{_CURRENCY_AFTER})))(?!\w)",
            r"(?P<phone>(?<![\w+])\+\d(?: ?[()/-]? ?\d){6,17}(?!\d))",
            r"(?P<hash>(?<![\w#])#\d{1,40}(?!\w))",
            r"(?P<range>(?<![\w.,-])(?P<first>\d{1,20}) ?- ?(?P<last>\d{1,20})(?![\w-]|[.,]\d))",
            r"(?P<serial>(?<![\w.,-])\d{1,20}(?:-\d{1,20}){2,}(?![\w-]))",
            rf"(?P<measure>(?<![\w.,])(?P<quantity>{_NUMBER}) ?(?P<unit>{_UNIT})(?!\w))",
            r"(?:(?<![\w.,])(?P<times>\d{1,4}) ?x(?!\w))",
            r"(?P<code>(?<![\w-])(?:(?=[A-Z]+-?\d)|(?=\d+-?[A-Z]))[A-Z0-9]+(?:-[A-Z0-9]+)*(?![\w-]))",
            r"(?P<digits>(?<![\w.,])\d{5,}(?![\w]|[.,]\d))",
            r"(?P<named>\b(?P<name>[Oo]rder|[Cc]ode|[Nn]umber|[Pp]ostcode|PIN) (?P<short_number>\d{4})(?![\w]|[.,]\d))",
            r"(?P<number>(?<![\w])\d+(?:[.,]\d+)+(?!\w))",
            rf"(?P<day_month>\b{_MONTH}\b\.?(?= \d))",
            r"(?P<short>(?<![\w.])(?i:" + "|".join(re.escape(word) for word in _SHORT) + r")(?!\w))",
            r"(?P<short_no>(?<![\w.])(?:[Nn]o|[Nn]r)\. ?(?=\d))",
            r"(?P<mark>[&+×°])",
        )
    ),
    # ASCII: the text is folded already; \d must not match what voices cannot read.
    re.ASCII,
)


def _said(match: re.Match[str]) -> str:
    kind = next(name for name in _HANDLERS if match[name] is not None)
    return _HANDLERS[kind](match)


def _tidy(text: str) -> str:
    """Only what voices read, with one mark at a time and an end."""
    text = re.sub(r"[^A-Za-z0-9 .,;:?!'-]+", " ", text)
    # Apostrophes and hyphens belong inside words; a dash between words is a pause.
    text = re.sub(r"(?<![A-Za-z0-9])'|'(?![A-Za-z0-9])", " ", text)
    text = re.sub(r"(?<=\w) +-+ +(?=\w)", ", ", text)
    text = re.sub(r"(?<![A-Za-z])-+|-+(?![A-Za-z])", " ", text)
    text = re.sub(r" +(?=[.,;:?!])", "", " ".join(text.split()))
    text = re.sub(r"[.,;:]*([?!])[.,;:?!]*|([.,;:])[.,;:]+", lambda m: m[1] or m[2], text)
    text = re.sub(r"(?<=[,;:])(?=\w)", " ", text).lstrip(" .,;:?!")
    if not any(char.isalnum() for char in text):
        return ""
    text = text.rstrip(" ,;:")
    return text if text[-1] in ".?!" else text + "."
