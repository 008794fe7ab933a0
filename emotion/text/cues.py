"""What a text shows by its writing alone: capitals, punctuation, persistence, strong words. English."""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vocabulary import Feature

MAX_CHARS: Final = 2_000
"""Longer messages are judged by their beginning, so that 100 kB of text costs no more than a page."""


@dataclass(frozen=True)
class _Cue:
    """value = matches / full, at most 1. words: for an agent; shown when the value is above 0."""

    name: str
    words: str
    pattern: re.Pattern[str]
    full: float = 1.0


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(alternatives) + r")\b", re.IGNORECASE)


_NUMBER: Final = r"(?:second|2nd|third|3rd|fourth|4th|fifth|5th|tenth|10th|hundredth|millionth|umpteenth|\d+th)"

_PATTERNS: Final = (
    _Cue("exclamation", "exclamation marks", re.compile(r"!"), 3.0),
    _Cue("repeated_marks", "repeated ! or ?", re.compile(r"[!?]{2,}"), 1.0),
    _Cue("question", "a question", re.compile(r"\?"), 1.0),
    _Cue("stretched", "stretched letters", re.compile(r"([a-z])\1{2,}", re.IGNORECASE), 1.0),
    _Cue(
        "counted_attempts",
        "counts the attempts",
        _words(
            rf"{_NUMBER} (?:time|attempt|message|call|email|e-mail|chat)",
            r"(?:two|three|four|five|six|ten|several|many|so many|multiple|\d+) times",
            r"how (?:often|many times|many more times|much longer)",
            r"over and over|again and again|time and again|time after time|yet again|once again",
        ),
    ),
    _Cue(
        "already_said",
        "says it was said before",
        _words(
            r"(?:i|we)(?:'ve| have)? (?:just |already |literally )*"
            r"(?:told|asked|said|explained|answered|sent|gave|given|written|wrote|tried|called)",
            r"already (?:told|asked|said|explained|answered|sent|gave|given|tried)",
            r"like i said|as i said",
            r"same (?:answer|question|thing|reply|mistake|problem)",
            r"keep (?:asking|telling|repeating|saying|sending)",
            r"repeat(?:ing)? myself|going (?:round|around) in circles|in circles",
        ),
    ),
    _Cue("still_waiting", "still or yet", _words(r"still", r"yet", r"anymore", r"any more", r"even"), 2.0),
    _Cue(
        "long_wait",
        "a wait in weeks, days or hours",
        _words(
            r"(?:for|since|after|waited|waiting|took|taken|been) (?:\w+ ){0,2}"
            r"(?:hours?|days?|weeks?|months?|ages|forever)",
            r"(?:hours|days|weeks|months|ages) (?:now|later|ago)",
        ),
    ),
    _Cue(
        "outrage",
        "strong words about the service",
        _words(
            r"ridiculous",
            r"unacceptable",
            r"outrage(?:ous)?",
            r"disgrace(?:ful)?",
            r"joke",
            r"useless",
            r"pathetic",
            r"appalling",
            r"terrible",
            r"horrible",
            r"awful",
            r"worst",
            r"scam(?:mers?)?",
            r"liars?",
            r"lying",
            r"lies",
            r"incompetent",
            r"clueless",
            r"shameful",
            r"shame on you",
            r"rip ?off",
            r"hopeless",
            r"nightmare",
            r"rubbish",
            r"garbage",
            r"nonsense",
            r"absurd",
            r"insult(?:ing)?",
            r"waste of (?:my )?(?:time|money)",
            r"thieves",
            r"stealing|robbed|stole my money",
            r"stupid|idiots?|moron(?:s|ic)?|dumb",
        ),
    ),
    _Cue(
        "own_anger",
        "names the own anger",
        _words(
            r"(?:i am|i'm|im|getting|making me|makes me|makes my|so|really|very|extremely|absolutely) "
            r"(?:(?!not\b)\w+ )?"
            r"(?:angry|mad|furious|livid|annoyed|irritated|frustrated|fuming|upset|pissed|sick|disgusted)",
            r"fed up",
            r"had enough",
            r"sick of|sick and tired|tired of",
            r"enough is enough",
            r"losing (?:my )?patience|patience is (?:running|wearing|over)|out of patience",
            r"frustrating|infuriating|annoying|maddening",
            r"can(?:no|')t (?:believe|stand) (?:this|it|how|you)",
        ),
    ),
    _Cue(
        "not_helped",
        "says that nobody helps",
        _words(
            r"(?:not|never|nobody|no one|don'?t|doesn'?t|isn'?t|aren'?t|won'?t|can'?t|nothing) (?:\w+ ){0,2}"
            r"(?:help|helps|helping|helped|helpful|listen|listening|listens|answer|answers|answering|care|cares"
            r"|respond|responds|reply|replies|understand|works)",
            r"ignor(?:e|ed|es|ing) (?:me|my|this)",
            r"no (?:answer|response|reply|help) (?:at all|from|again|yet)",
        ),
    ),
    _Cue(
        "threat",
        "threatens with consequences",
        _words(
            r"lawyer|solicitor|sue|legal action|court|police|ombudsman|consumer protection|chargeback",
            r"never (?:buy|buying|order|ordering|shop|shopping|again)|last time i",
            r"tell everyone|bad review|one star|1 star",
            r"take my business|money back (?:now|immediately|right now)|right now|immediately",
        ),
    ),
    _Cue(
        "profanity",
        "swearing",
        _words(
            r"fuck\w*",
            r"f\*+\w*|f\*\*\*",
            r"shit\w*",
            r"bullshit",
            r"damn(?:ed|it)?",
            r"goddamn",
            r"crap(?:py)?",
            r"bloody",
            r"ass(?:hole)?s?",
            r"bastards?",
            r"bitch\w*",
            r"wtf|ffs|stfu",
            r"piss(?:ed)?",
            r"(?:what|why|where|who|how) the (?:hell|heck)",
            r"for (?:god|christ|heaven)'?s? ?sake",
            r"screw (?:you|this)",
            r"go to hell",
        ),
    ),
    _Cue(
        "negation",
        "negations",
        _words(r"not", r"no", r"never", r"nothing", r"nobody", r"none", r"cannot", r"\w+n['’]t"),
        3.0,
    ),
    _Cue(
        "courtesy",
        "courtesy",
        _words(r"please|kindly|may i|(?:could|would) you|i(?: would|'d) like|no (?:worries|rush|problem)"),
        2.0,
    ),
    _Cue(
        "thanks",
        "thanks or praise",
        _words(
            r"thanks?|thank you|thx|cheers|appreciate",
            r"great|perfect|lovely|wonderful|brilliant|awesome|excellent|happy with|love it",
        ),
        2.0,
    ),
    _Cue("glad_sign", "a smiling sign", re.compile("[😀-😆😉-😍😘🙂🙃😇🥰👍🎉💖❤]|(?<!\\w)[:;]-?[)D](?!\\w)")),
    _Cue("angry_sign", "an angry or sad sign", re.compile("[😠-😣😤😥😒😞😟🤬😡😩😫🙄👎💢]|(?<!\\w):-?[(/](?!\\w)")),
)  # fmt: skip

NAMES: Final = ("capitals", *(cue.name for cue in _PATTERNS), "length")

_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_APOSTROPHES: Final = str.maketrans({"’": "'", "‘": "'", "`": "'"})


@dataclass(frozen=True)
class Cues:
    """values: float32 in [0, 1], shape (len(NAMES),), in the order of NAMES."""

    values: NDArray[np.float32]

    def value(self, name: str) -> float:
        """One cue by its name in NAMES."""
        return float(self.values[NAMES.index(name)])


def read_cues(text: str) -> Cues:
    """The cues of one message. Case, punctuation and word patterns only: no model.

    >>> read_cues("Where is my order?").value("capitals")
    0.0
    >>> read_cues("THIS IS THE THIRD TIME!!!").value("counted_attempts")
    1.0
    """
    head = text[:MAX_CHARS].translate(_APOSTROPHES)
    values = [_capitals(head)]
    values += [min(1.0, sum(1 for _ in cue.pattern.finditer(head)) / cue.full) for cue in _PATTERNS]
    values.append(min(1.0, math.log1p(len(head.split())) / math.log1p(60)))
    return Cues(np.array(values, dtype=np.float32))


def cue_matrix(texts: Sequence[str]) -> NDArray[np.float32]:
    """float32, shape (len(texts), len(NAMES))."""
    return np.stack([read_cues(text).values for text in texts]) if texts else np.zeros((0, len(NAMES)), np.float32)


def explain(cues: Cues) -> tuple[Feature, ...]:
    """The cues that speak for dissatisfaction, in words for an agent, strongest first."""
    telling = ("capitals", "repeated_marks", *(cue.name for cue in _PATTERNS[4:13]), "angry_sign")
    words = {"capitals": "written in capitals"} | {cue.name: cue.words for cue in _PATTERNS}
    found = [Feature(name, cues.value(name), words[name]) for name in telling if cues.value(name) > 0.3]
    return tuple(sorted(found, key=lambda feature: -feature.value))


def without(text: str, name: str) -> str:
    """The same message without one cue of explain(): its words or marks taken out, capitals made small.

    >>> without("THIS IS ridiculous", "outrage"), without("Where IS MINE NOW", "capitals")
    ('THIS IS ', 'where is mine now')
    """
    if name == "capitals":
        return text.lower()
    plain = text.translate(_APOSTROPHES)
    pattern = next(cue.pattern for cue in _PATTERNS if cue.name == name)
    return pattern.sub(lambda found: found.group()[0] if name == "repeated_marks" else "", plain)


def has_sign(text: str, cues: Cues) -> bool:
    """Whether a message without a word still shows feeling: repeated marks, an emoticon or any emoji."""
    shown = any(cues.value(name) > 0 for name in ("repeated_marks", "glad_sign", "angry_sign"))
    return shown or any(unicodedata.category(char) == "So" for char in text[:MAX_CHARS])


def _capitals(text: str) -> float:
    """Share of letters in capitals, for messages with at least two words of three letters in capitals."""
    shouted = [word for word in _WORD.findall(text) if len(word) >= 3 and word.isupper()]
    if len(shouted) < 2:
        return 0.0
    letters = [char for char in text if char.isalpha()]
    return sum(char.isupper() for char in letters) / len(letters)
