"""What a stored turn rests on: which signals, of this conversation and of earlier ones that it went on from. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from vocabulary import Assessment, Signal


@dataclass(frozen=True)
class Turn:
    """A stored turn as far as its origin matters. previous_id: the turn whose state it continued."""

    id: str
    conversation_id: str
    previous_id: str | None
    assessment: Assessment

    @property
    def holds_something(self) -> bool:
        """Whether anything of it was derived, now or from the turns before: an emotion, a state, or their manner."""
        return bool(self.assessment.emotion or self.assessment.state or self.assessment.was_left_out)

    @property
    def scored(self) -> frozenset[Signal]:
        """The signals of its own scores."""
        return frozenset(Signal(score.modality.value) for score in self.assessment.scores)


@dataclass(frozen=True)
class Origin:
    """own: signals that were scored in the conversation up to this turn. carried: of earlier conversations."""

    own: frozenset[Signal] = frozenset()
    carried: frozenset[Signal] = frozenset()

    @property
    def signals(self) -> frozenset[Signal]:
        return self.own | self.carried


@dataclass
class _Talk:
    own: set[Signal] = field(default_factory=set)
    carried: set[Signal] = field(default_factory=set)


def origins(turns: Iterable[Turn]) -> Mapping[str, Origin]:
    """By id, for all turns of one customer, oldest first.

    A later turn of a conversation rests on all earlier ones of it, whichever of them it continued: the text before a
    message is read with it.
    """
    talks: dict[str, _Talk] = {}
    found: dict[str, Origin] = {}
    where: dict[str, str] = {}
    for turn in turns:
        talk = talks.setdefault(turn.conversation_id, _Talk())
        before = found.get(turn.previous_id or "")
        if before is not None and where[turn.previous_id or ""] != turn.conversation_id:
            talk.carried |= before.signals
        talk.own |= turn.scored
        found[turn.id] = Origin(frozenset(talk.own), frozenset(talk.carried))
        where[turn.id] = turn.conversation_id
    return found
