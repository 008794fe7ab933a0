"""What the words of a sound mean for whose turn it is: English lists, and nothing that understands."""

import re
from typing import Final, Literal

Meaning = Literal["nothing", "filler", "backchannel", "answer", "stop", "words"]
"""nothing: no word. filler: thinking aloud. backchannel: I am listening. answer: yes, where something was asked.

stop: always interrupts. words: anything else."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TOKEN: Final = re.compile(r"[a-z0-9']+")
_HUMS: Final = _set("mm mmm mmmm hm hmm hmmm mhm mmhm mmhmm mhmm uhhuh uhuh aha ah huh m em hum")
_FILLERS: Final = _set("um umm uh uhh uhm er err erm eh hm hmm hmmm mm mmm ah oh so well like")
_LISTENING: Final = _HUMS | _set(
    "uh um oh ok okay okey k right yeah yea yep yup yes ya sure alright cool great good fine nice lovely perfect "
    "exactly true indeed correct absolutely definitely really wow gotcha understood"
)
_LISTENING_PHRASES: Final = frozenset(
    {
        ("i", "see"), ("got", "it"), ("all", "right"), ("of", "course"), ("that's", "right"), ("thats", "right"),
        ("that's", "good"), ("that's", "fine"), ("i", "know"), ("makes", "sense"), ("go", "on"), ("i", "understand"),
        ("very", "good"), ("sounds", "good"), ("fair", "enough"), ("for", "sure"),
    }
)  # fmt: skip
_YES: Final = _set(
    "yes yeah yea yep yup ya sure ok okay right correct exactly fine please mhm mmhm mmhmm uhhuh alright"
)
_STOP: Final = _set("stop wait no nope nah don't dont hello hey hold hang pause quiet enough sorry excuse")
# With these alone nobody interrupts; recognisers make them of hums.
_FUNCTION: Final = _set(
    "i you he she it we they me him her them a an the and or but is are am was were be been have has had do does did "
    "to of in on at so then there here my your his our this that these those it's i'm you're he's she's we're"
)
_COMMANDS: Final = _set("stop wait hold hang hello hey pause quiet enough sorry excuse")
# After these, a sentence of English goes on.
_UNFINISHED: Final = _set(
    "a an the my your his her our their this these is are was be am it's its and or but because if that which who "
    "of to for from with at in on by about number called named i'm i'll i've i'd we're you're so um uh er erm like "
    "when where what how than as into order's"
)
_LOOK_UP: Final = (
    "one moment", "one second", "one sec", "just a", "give me a", "hold on", "hang on", "let me", "wait", "a moment",
    "a minute", "a second", "bear with me", "i'm looking", "where is it", "where did i", "looking for",
)  # fmt: skip
_DIGITS: Final = _set("zero oh o one two three four five six seven eight nine double triple")
_MOST_LISTENING_WORDS: Final = 5


def tokens(text: str) -> list[str]:
    """The words in small letters; hums that are written with a hyphen are one.

    >>> tokens("Mm-hm. Uh huh, OK!")
    ['mmhm', 'uhhuh', 'ok']
    """
    plain = text.lower().replace("’", "'")
    plain = re.sub(r"\b(m+|uh|mm|mh)[\s-]+(h?m+|huh|hu)\b", lambda m: m[1] + m[2], plain)
    return _TOKEN.findall(plain)


def meaning(text: str, *, asked: bool = False) -> Meaning:
    """What it is when somebody says this while, or after, another speaks. asked: a question has just been put.

    >>> meaning("Mm-hm, okay."), meaning("Okay, but when?"), meaning("yes", asked=True), meaning("No.")
    ('backchannel', 'words', 'answer', 'stop')
    """
    words = tokens(text)
    if not words:
        return "nothing"
    if any(word in _STOP for word in words[:2]):
        return "stop"
    if asked and any(word in _YES for word in words):
        return "answer"
    if all(word in _FILLERS for word in words):
        return "filler"
    if len(words) <= _MOST_LISTENING_WORDS and _only_listening(words):
        return "backchannel"
    return "words"


def is_command(text: str) -> bool:
    """Whether it begins with a word for which the assistant is silent, however badly it was heard.

    >>> is_command("Stop it."), is_command("No.")
    (True, False)
    """
    return any(word in _COMMANDS for word in tokens(text)[:1])


def says_nothing(text: str) -> bool:
    """Whether only words are there that carry others: "and the", "you have"."""
    return all(word in _FUNCTION for word in tokens(text))


def is_short_answer(text: str) -> bool:
    """Whether it is a yes or a no and nothing else: nobody has to be waited for after it."""
    words = tokens(text)
    return 0 < len(words) <= 3 and all(word in _YES or word in {"no", "nope", "nah", "thanks", "thank", "you"}
                                       for word in words)  # fmt: skip


def is_unfinished(text: str) -> bool:
    """Whether a sentence that stops here goes on: "my number is"."""
    words = tokens(text)
    return bool(words) and words[-1] in _UNFINISHED


def looks_something_up(text: str) -> bool:
    """Whether somebody says that they need a moment, and has not gone on to say what they looked for."""
    plain = " ".join(tokens(text))
    return any(phrase in plain for phrase in _LOOK_UP) and not any(letter.isdigit() for letter in plain)


def ends_in_digits(text: str) -> bool:
    """Whether the last word is a number, in digits or as single digits are said; more of them may follow.

    >>> ends_in_digits("My number is four one"), ends_in_digits("It is 41."), ends_in_digits("That one")
    (True, True, False)
    """
    words = tokens(text)
    if not words or words[-1][-1].isdigit():
        return bool(words)
    # "That one" is no number; alone, or after another digit, it is.
    return words[-1] in _DIGITS and (len(words) == 1 or words[-2] in _DIGITS or words[-2] == "is")


def joined(texts: list[str], *, number: bool) -> str:
    """The segments' texts as one. number: one is awaited, so that digits on both sides of a pause belong together.

    >>> joined(["My number is 41", "7", "thanks"], number=True)
    'My number is 417 thanks'
    >>> joined(["One zero.", "Zero one."], number=True)
    'One zero zero one.'
    """
    together = ""
    for text in (each.strip() for each in texts):
        if not text:
            continue
        bare = together.rstrip(".,")
        if number and bare[-1:].isdigit() and text[0].isdigit():
            together = bare + text
        elif number and ends_in_digits(bare) and tokens(text)[:1] and tokens(text)[0] in _DIGITS:
            together = f"{bare} {text[0].lower()}{text[1:]}"
        else:
            together = f"{together} {text}" if together else text
    return together


def _only_listening(words: list[str]) -> bool:
    place = 0
    while place < len(words):
        if tuple(words[place : place + 2]) in _LISTENING_PHRASES:
            place += 2
        elif words[place] in _LISTENING:
            place += 1
        else:
            return False
    return True
