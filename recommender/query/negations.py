"""What a customer does not want: "not black", "without a timer", "no Samsung", "anything but white"."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from recommender.query.words import STOP_WORDS, content_stems, normalise, stems

Words = tuple[str, ...]

_NO: Final = (
    r"(?:anything|everything|any colou?r|any brand|any) (?:but|except(?: for)?)|but not|not|without|w/o|no|non|"
    r"except(?: for)?|excluding|exclude|apart from|other than|rather than|instead of|free of|nothing|minus|avoid|hate|"
    r"(?:don'?t|do not) (?:want|like|need)|(?:that|which|who) (?:doesn'?t|does not|don'?t|do not) "
    r"(?:have|come with|need|include)|(?:isn'?t|is not|aren'?t|mustn'?t be|shouldn'?t be|must not be|should not be)"
)
_NOT_YET: Final = (
    r"(?! (?:more than|less than|longer|only|sure|really|yet|working|idea|problem|matter|doubt|too|much|that|bad|just|"
    r"worry|work|works|start|turn|spin|drain|charge|heat|fit|know|thanks?|now|necessarily|expensive|one)\b)"
)
_TIE: Final = (
    r"(?: (?:a|an|any|the|in|of|with|from|by|that has|that have|which has|have|having|anything|something|is|are|"
    r"ones? (?:in|with|from|by|that (?:is|are)))\b)*"
)
_SCOPE: Final = re.compile(rf"(?<![\w-])(?:{_NO})\b{_NOT_YET}{_TIE} (?P<what>[^,.;:!?()]{{1,60}})")
_FREE: Final = re.compile(r"\b(?P<what>\w+) free\b")
_ENDS: Final = re.compile(
    r" (?:but|with|for|under|over|below|above|if|because|so|then|please|and (?!not\b)(?:with|for|under|a|an|the|it|i)|"
    r"that|which|to|as|at|on|thanks?|and (?:has|have|comes?|can|is|should|must|i'd|i would))\b.*$"
)
_TOLD: Final = re.compile(
    r"\b(?:(?:my|our|it|its|still|there(?:'s| is| are| was)?)\b[^,.;!?]*|"
    r"(?<!that )(?<!which )(?:has|have|had|got|is|are|was))\s*$"
)
_LACK: Final = re.compile(
    r"\b(?:my|our|it|leak\w*|broken?|broke|dead|died|stop(?:s|ped)?|works?|worked|again|repair)\b"
)
"""“My oven has no display” and “no heat again” tell of a fault; they refuse nothing."""

_JOINED: Final = re.compile(r" (?:(?:and|or|nor)(?: (?:not|no|without))?) ")
_DENIED: Final = re.compile(r"\b(?:without|no|never|free of|free from)(?: (?:a|an|any|the|need for|need of))* \w+")
MOST_WORDS: Final = 4
"""“Not” reaches no further than this."""


@dataclass(frozen=True)
class Refusal:
    """rest: the text without what is refused. unwanted: groups of stems; what is all of one group is refused.

    missing: those of them that "no" stands before, which may as well tell of something that is not there.
    denied: stems after a "not" that no fact of the catalogue is; they stay in `rest`, but nobody asks for them.
    """

    rest: str
    unwanted: tuple[Words, ...] = ()
    missing: tuple[Words, ...] = ()
    denied: frozenset[str] = frozenset()


def read_refusals(text: str, is_known: Callable[[Words], bool]) -> Refusal:
    """Find what is refused.

    is_known: whether these stems name a fact of the catalogue. What it does not know is left in the text for the
    encoder to read: "a fan, not loud".

    >>> read_refusals("a kettle, not black", lambda words: words == ("black",))
    Refusal(rest='a kettle,', unwanted=(('black',),))
    """
    plain, unwanted, missing, denied = normalise(text), list[Words](), list[Words](), set[str]()
    for pattern in (_SCOPE, _FREE):
        match = pattern.search(plain)
        while match is not None:
            what, start = match["what"], match.start("what")
            said = _ENDS.sub("", f" {what}").strip()
            groups = _groups(said, is_known)
            told = _TOLD.search(plain[: match.start()]) or (pattern is _FREE and is_known(tuple(stems(match[0]))))
            told = told or (pattern is _SCOPE and match[0].startswith("no ") and _LACK.search(plain) is not None)
            if groups and not told:
                unwanted += [group for group in groups if group not in unwanted]
                missing += groups if match[0].startswith("no ") else []
                end = start + len(said) if pattern is _SCOPE else match.end()
                # Where words go on after the refused ones, they are wanted: "not black kettle" wants a kettle.
                left = _left_over(said, groups[-1]) if pattern is _SCOPE else ""
                plain, start = f"{plain[: match.start()].rstrip()} {left}{plain[end:]}".strip(), 0
            else:
                if pattern is _SCOPE and not told:
                    denied |= {word for word in content_stems(said)[:1] if not is_known((word,))}
                start = start if pattern is _SCOPE else match.end()
            match = pattern.search(plain, start)
    return Refusal(" ".join(plain.split()) if unwanted else text, tuple(unwanted), tuple(missing), frozenset(denied))


def _groups(said: str, is_known: Callable[[Words], bool]) -> list[Words]:
    """ "black or white" → two groups; nothing where the first part is not known."""
    groups: list[Words] = []
    for part in _JOINED.split(said):
        group = _known_part(part, is_known)
        if not group:
            break
        groups.append(group)
    return groups


def _known_part(said: str, is_known: Callable[[Words], bool]) -> Words:
    """The longest beginning that names something: "black" of "black ones"."""
    words = stems(said)[:MOST_WORDS]
    while words and words[0] in STOP_WORDS:
        words = words[1:]
    for end in range(len(words), 0, -1):
        named = tuple(word for word in words[:end] if word not in STOP_WORDS)
        if named and is_known(named):
            return named
    return ()


def _left_over(said: str, last: Words) -> str:
    tokens = said.split()
    for place in range(len(tokens), 0, -1):
        if stems(tokens[place - 1])[-1:] == [last[-1]]:
            rest = [token for token in tokens[place:] if token not in ("one", "ones", "colour", "color", "model")]
            return " ".join(rest)
    return ""


def held_words(text: str) -> Sequence[str]:
    """The stems of a description that it says of its item: "no plastic inside" does not make it plastic."""
    plain = normalise(text)
    return stems(_DENIED.sub(" ", plain))
