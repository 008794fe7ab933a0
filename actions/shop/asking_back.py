"""Asking back for what was heard unsurely: "Did you say 4 1 7 2 0 3?"."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import ClassVar, Final, Self

from rasa_sdk.executor import CollectingDispatcher

from actions.base import AttuneAction, Event
from actions.shop.agreement import AGREES, DENIES, NEGATES
from actions.shop.heard import Said
from actions.shop.reply import Reply, utter
from actions.shop.slots import DOUBT, MISHEARD
from actions.shop.wording import say_spelled
from actions.turn import Turn

BUTTONS: Final = (("Yes", "/affirm"), ("No", "/deny"))
MOST_MISHEARD: Final = 2
"""After so many wrong hearings typing or a person is offered instead of trying again."""


class Answer(Enum):
    """What a message says to "Did you say …?"."""

    YES = auto()
    NO = auto()
    OTHER = auto()
    """Another number, or another proof."""
    UNCLEAR = auto()


@dataclass(frozen=True)
class Doubts:
    """What was heard and is not believed yet: asked about one by one, the number first."""

    number: str | None = None
    proof: str | None = None

    @classmethod
    def of(cls, turn: Turn) -> Self:
        """The doubts that the conversation has."""
        parts = dict(part.partition(":")[::2] for part in str(turn.slot(DOUBT) or "").split())
        return cls(parts.get("number"), parts.get("proof"))

    def __str__(self) -> str:
        named = (("number", self.number), ("proof", self.proof))
        return " ".join(f"{name}:{value}" for name, value in named if value)

    @property
    def slot(self) -> str | None:
        """The slot's value; None without doubts."""
        return str(self) or None

    @property
    def asked(self) -> str | None:
        """What the next question is about."""
        return self.number or self.proof


def answer_to(doubts: Doubts, turn: Turn, said: Said, proof: str | None) -> Answer:
    """How this message answers the question about `doubts.asked`. proof: the one that is in this message."""
    reading = said.number()
    given = reading.value if doubts.number and reading else None if doubts.number else proof
    denies = turn.intent == "deny" or bool(DENIES.match(said.text))
    if given is not None and given != doubts.asked:
        return Answer.OTHER
    if denies:
        return Answer.NO
    agrees = turn.intent == "affirm" or (AGREES.match(said.text) and not NEGATES.search(said.text))
    return Answer.YES if agrees or given is not None else Answer.UNCLEAR


def misheard_of(turn: Turn) -> int:
    """How often the customer has said that something was heard wrongly."""
    stored = turn.slot(MISHEARD)
    return int(stored) if isinstance(stored, int | float) else 0


class AskHeardAction(AttuneAction):
    """Asks whether a number, an e-mail address or a postcode was heard rightly."""

    action_name: ClassVar[str] = "action_ask_shop_heard"

    async def act(self, turn: Turn, dispatcher: CollectingDispatcher) -> list[Event]:
        """Say it digit by digit, with a button for each answer."""
        doubts = Doubts.of(turn)
        if doubts.asked is None:
            return []
        response = "utter_shop_did_you_say" if doubts.number else "utter_shop_did_you_say_proof"
        utter(Reply(response, {"heard": say_spelled(doubts.asked)}, buttons=BUTTONS), dispatcher)
        return []
