"""Numbers in the words that agents read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from store import CallTurn, Message, Verdict
from vocabulary import Author, Mode, Owner, Perceived

# The bounds within which agents are told to read the level; the decision itself is journey's.
_RAISED, _HIGH = 35.0, 65.0

MODE_WORDS: Final = {
    Mode.NEUTRAL: "spoke as usual",
    Mode.SLOW: "slowed down",
    Mode.NO_SELL: "offered nothing",
}


def waiting_words(seconds: float) -> str:
    """How long someone has waited: 40 s, 12 min, 1 h 05 min."""
    if seconds < 60:
        return f"{int(seconds)} s"
    minutes = int(seconds // 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def level(frustration: float | None) -> str:
    """The band of a frustration level, which is also the name of its colour."""
    if frustration is None:
        return "unknown"
    if frustration < _RAISED:
        return "calm"
    return "raised" if frustration < _HIGH else "high"


def state_words(state: str, frustration: float | None) -> str:
    """The name of the state; empty where "calm" beside a raised level would read as a contradiction."""
    return "" if state == "calm" and level(frustration) != "calm" else state


def level_words(frustration: float | None) -> str:
    """The level with its band: 72 · high."""
    return "not scored" if frustration is None else f"{round(frustration)} · {level(frustration)}"


def priority_words(priority: int) -> str:
    """The band of a priority from 0 to 100."""
    if priority >= 80:
        return "urgent"
    return "soon" if priority >= 50 else "normal"


def clock(at: datetime) -> str:
    """The time of day here."""
    return at.astimezone().strftime("%H:%M")


PERCEIVED_WORDS: Final = {
    Perceived.AS_SHOWN: "the reading is right",
    Perceived.LESS_UPSET: "less upset than this",
    Perceived.MORE_UPSET: "more upset than this",
}


def verdict_words(verdict: Verdict, names: Mapping[str, str]) -> str:
    """Who says what about a reading: "Customer: less upset than this"."""
    who = "Customer" if verdict.author is Author.CUSTOMER else names.get(verdict.source, "A colleague")
    said = PERCEIVED_WORDS[verdict.perceived]
    if verdict.label is None or verdict.label == verdict.shown_label:
        return f"{who}: {said}"
    # The buttons judge the level, the choice the emotion: one can be right and the other not.
    level_said = "the level is right" if verdict.perceived is Perceived.AS_SHOWN else said
    return f"{who}: {level_said}, and the emotion was {verdict.label}"


def correction_words(message: Message, messages: Sequence[Message]) -> str:
    """How a spoken message and its correction belong together; empty for every other message."""
    if message.misheard is not None:
        return f"Spoken, and corrected by the customer before it was answered. Heard first: “{message.misheard}”"
    if message.corrected_by is not None:
        return "Spoken, and heard wrongly: the customer has corrected it in a later message."
    if message.corrects is not None:
        wrong = next((one.text for one in messages if one.id == message.corrects), None)
        return "Corrects a spoken message." if wrong is None else f"Corrects what was heard as “{wrong}”"
    return "Spoken: this is what was heard." if message.spoken else ""


_READ_OUT: Final = {
    "began": "Is being read out to the customer.",
    "resumed": "Is being read out to the customer.",
    "ended": "Read out to the customer.",
    "broken_off": "The customer interrupted while this was read out.",
}


def read_out_words(state: str | None) -> str:
    """What became of a message that is read out in a call; empty for every other."""
    return _READ_OUT.get(state or "", "")


def call_words(owner: Owner, *, mine: bool) -> str:
    """What a call of the customer means for whoever looks at it. mine: the conversation is theirs."""
    if mine:
        return "On a call: the customer hears what you write, read out as you send it."
    if owner is Owner.WAITING:
        return "On a call: the customer holds the line."
    return "On a call."


_STEPS: Final = {
    "turn_end": "turn over",
    "transcript": "words",
    "accepted": "stored",
    "assessed": "emotion",
    "answered": "answer",
    "spoken": "speech",
    "first_audio": "first sound",
}


def step_words(turn: CallTurn) -> str:
    """When what happened after the customer stopped speaking: "turn over 0.6 s · words 0.8 s · first sound 1.3 s"."""
    return " · ".join(f"{_STEPS[name]} {seconds:.1f} s" for name, seconds in turn.stages().items())
