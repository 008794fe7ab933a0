"""What was sensed of a customer over time, and their own word about it."""

from typing import Final, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from service.access import ServicesDep, limit_address
from service.me.conversations import check_own
from service.permit import PersonDep, permit
from service.shapes import In
from service.text import beginning
from service.verdicts import record_verdict
from store import StoredAssessment, Transaction, Verdict
from vocabulary import Author, Perceived, Right

router = APIRouter(prefix="/api/me/emotion", tags=["me"], dependencies=[Depends(limit_address), permit(Right.DATA_OWN)])


_WORDS_SHOWN: Final = 80
# Older ones are told by their time alone: each costs a look into the database.
_MOST_WITH_WORDS: Final = 200


class ContestIn(In):
    """What the customer says about a reading. label: what it really was, if they wish to say so."""

    perceived: Literal["less_upset", "as_shown", "more_upset"] = Field(
        description="less_upset: it reads too high. as_shown: it is right. more_upset: it reads too low."
    )
    label: Literal["anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral"] | None = None


class PointOut(BaseModel):
    """One assessed message. frustration: 0 to 100. name: of the state. label: of the emotion; null where none was read.

    words: the beginning of the message, empty where it is gone or long ago.
    verdict, verdict_label: the customer's own word, which outranks the reading. explanation: why, in a few sentences.
    """

    at: str
    frustration: float
    name: str
    label: str | None
    conversation: str
    message: str
    words: str
    verdict: str | None
    verdict_label: str | None
    explanation: list[str]


class TrendOut(BaseModel):
    """Oldest first; empty without consent, because then nothing is scored or kept."""

    points: list[PointOut]


@router.get("", summary="What was sensed of me")
async def get_trend(person: PersonDep, services: ServicesDep) -> TrendOut:
    """Every reading that is stored of this customer, with their own word about it."""
    async with services.db.reading() as tx:
        stored = [one for one in await tx.assessments.of_customer(person.customer_id) if one.assessment.state]
        said = await _own_words(tx, stored)
        newest = {id(one) for one in stored[-_MOST_WITH_WORDS:]}
        return TrendOut(points=[await _point(tx, one, said, words=id(one) in newest) for one in stored])


@router.put("/{conversation_id}/{message_id}", summary="Contest a reading")
async def contest(
    person: PersonDep, conversation_id: str, message_id: str, given: ContestIn, services: ServicesDep
) -> PointOut:
    """The customer's word outranks the reading from the next message on; the last word about a message counts.

    It also moves the shop's thresholds if every signal behind the reading may improve the service.
    Raises: Refused (404, somebody else's conversation, or nothing was sensed in this message).
    """
    async with services.db.transaction() as tx:
        await check_own(tx, person, conversation_id)
        said = Perceived(given.perceived)
        await record_verdict(tx, conversation_id, message_id, Author.CUSTOMER, person.customer_id, said, given.label)
        stored = await tx.assessments.get(conversation_id, message_id)
        assert stored is not None
        point = await _point(tx, stored, await _own_words(tx, [stored]))
    services.hub.changed(conversation_id)
    return point


async def _own_words(tx: Transaction, stored: list[StoredAssessment]) -> dict[tuple[str, str], Verdict]:
    conversations = dict.fromkeys(one.assessment.conversation_id for one in stored)
    return {
        (verdict.conversation_id, verdict.message_id): verdict
        for conversation_id in conversations
        for verdict in await tx.verdicts.of_conversation(conversation_id)
        if verdict.author is Author.CUSTOMER
    }


async def _point(
    tx: Transaction, stored: StoredAssessment, said: dict[tuple[str, str], Verdict], *, words: bool = True
) -> PointOut:
    assessment = stored.assessment
    message = await tx.inbox.get(assessment.conversation_id, assessment.message_id) if words else None
    text = "" if message is None else message.text
    assert assessment.state is not None
    own = said.get((assessment.conversation_id, assessment.message_id))
    return PointOut(
        at=stored.at.isoformat(),
        frustration=round(assessment.state.frustration, 1),
        name=assessment.state.name.value,
        label=assessment.emotion.label if assessment.emotion else None,
        conversation=assessment.conversation_id,
        message=assessment.message_id,
        words=beginning(text, _WORDS_SHOWN),
        verdict=own.perceived.value if own else None,
        verdict_label=own.label if own else None,
        explanation=list(stored.explanations.get("customer", ())),
    )
