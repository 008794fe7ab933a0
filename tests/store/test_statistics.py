"""Who counts in a private statistic, and what its budget keeps."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from store import BudgetSpent, Database, StoreError, month_of
from store.schema import AssessmentRow, ConsentRow
from vocabulary import (
    Assessment,
    CustomerState,
    Decision,
    Emotion,
    Modality,
    ModalityScore,
    Mode,
    Purpose,
    Signal,
    StateName,
)

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
NEXT = MONDAY + timedelta(days=7)
DECISION = Decision(Mode.NEUTRAL, offers_allowed=True, escalate=False, reason="Calm.")
ANGRY = (0.7, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05)


def turn(
    conversation: str, message: str, *, level: float, name: StateName, signal: Modality = Modality.TEXT
) -> Assessment:
    score = ModalityScore(signal, ANGRY, confidence=0.8)
    emotion = Emotion(ANGRY, 0.8, {signal: 1.0}, mixed=False, certain=True)
    return Assessment(conversation, message, (score,), emotion=emotion, state=CustomerState(level, 0.0, name, 0.8, 1))


async def customer(
    db: Database,
    *assessments: Assessment,
    at: datetime = MONDAY + timedelta(days=1),
    improve: tuple[Signal, ...] = (Signal.TEXT,),
    since: datetime = MONDAY - timedelta(days=30),
) -> str:
    """A customer with these turns, and this consent to both uses since then."""
    async with db.transaction() as tx:
        talk = await tx.conversations.create()
        for signal in (Signal.TEXT, Signal.VOICE):
            await tx.consents.record(talk.customer_id, signal, Purpose.ASSIST, True, "3")
        for signal in improve:
            await tx.consents.record(talk.customer_id, signal, Purpose.IMPROVE, True, "3")
        for number, assessment in enumerate(assessments):
            stored = replace(assessment, conversation_id=talk.id, message_id=f"m-{number}")
            await tx.assessments.save(stored, DECISION)
        session = tx.statistics._session
        await session.execute(update(AssessmentRow).where(AssessmentRow.conversation_id == talk.id).values(at=at))
        await session.execute(update(ConsentRow).where(ConsentRow.customer_id == talk.customer_id).values(at=since))
    return talk.customer_id


async def people(db: Database) -> list[tuple[str, str | None, float]]:
    async with db.reading() as tx:
        return sorted((one.state, one.label, one.frustration) for one in await tx.statistics.people(MONDAY, NEXT))


CALM = turn("c", "m", level=10.0, name=StateName.CALM)
UPSET = turn("c", "m", level=70.0, name=StateName.FRUSTRATED)
BY_VOICE = turn("c", "m", level=70.0, name=StateName.FRUSTRATED, signal=Modality.VOICE)


async def test_a_person_counts_once_however_much_they_write(db: Database) -> None:
    await customer(db, UPSET, UPSET, CALM)
    await customer(db, CALM)
    assert await people(db) == [("calm", "anger", 10.0), ("frustrated", "anger", 50.0)]


async def test_only_who_allows_the_use_counts(db: Database) -> None:
    await customer(db, CALM, improve=())
    await customer(db, BY_VOICE, improve=(Signal.TEXT,))
    await customer(db, CALM, since=MONDAY + timedelta(days=3))
    assert await people(db) == []
    await customer(db, BY_VOICE, improve=(Signal.TEXT, Signal.VOICE))
    assert len(await people(db)) == 1


async def test_who_withdraws_counts_no_more(db: Database) -> None:
    customer_id = await customer(db, CALM)
    async with db.transaction() as tx:
        await tx.consents.answer(customer_id, Signal.TEXT, Purpose.IMPROVE, False, "3")
    assert await people(db) == []


async def test_minors_never_count(db: Database) -> None:
    customer_id = await customer(db, CALM)
    async with db.transaction() as tx:
        await tx.consents.set_minor(customer_id, True)
    assert await people(db) == []


@pytest.mark.parametrize(("at", "counts"), [(MONDAY, 1), (NEXT - timedelta(microseconds=1), 1), (NEXT, 0)])
async def test_week_begins_and_ends_at_midnight(db: Database, at: datetime, counts: int) -> None:
    await customer(db, CALM, at=at)
    assert len(await people(db)) == counts


async def test_turn_without_a_state_says_nothing(db: Database) -> None:
    await customer(db, replace(CALM, state=None))
    assert await people(db) == []


async def test_doubtful_emotions_are_no_label(db: Database) -> None:
    assert CALM.emotion is not None
    await customer(db, replace(CALM, emotion=replace(CALM.emotion, certain=False)))
    await customer(db, replace(CALM, emotion=replace(CALM.emotion, mixed=True)))
    assert await people(db) == [("calm", None, 10.0)] * 2


async def test_first_answer_counts_for_ever(db: Database) -> None:
    async with db.transaction() as tx:
        assert await tx.statistics.released("q") is None
        with pytest.raises(StoreError) as caught:
            await tx.statistics.settle("q", {"epsilon": 1.0})
        assert caught.value.code == "not_reserved"
        await tx.statistics.reserve("q", 1.0, month_may_cost=1.0)
        assert await tx.statistics.released("q") is None
        await tx.statistics.settle("q", {"epsilon": 1.0, "n": 1})
        again = await tx.statistics.settle("q", {"epsilon": 0.1, "n": 2})
    assert (again.result["n"], again.epsilon) == (1, 1.0)


async def test_budget_of_a_month_is_kept(db: Database) -> None:
    now = month_of(datetime.now(UTC))
    async with db.transaction() as tx:
        for number in range(3):
            await tx.statistics.reserve(f"q{number}", 1.0, month_may_cost=3.0)
    with pytest.raises(BudgetSpent, match="have cost 3 of 3"):
        async with db.transaction() as tx:
            await tx.statistics.reserve("q3", 0.1, month_may_cost=3.0)
    async with db.transaction() as tx:
        # What was reserved and never answered is taken over, at no further cost.
        await tx.statistics.reserve("q0", 1.0, month_may_cost=3.0)
        await tx.statistics.settle("q0", {"epsilon": 0.25})
        assert await tx.statistics.spent(now) == 2.25
        assert [one.query for one in await tx.statistics.releases(now)] == ["q0"]
        assert await tx.statistics.spent("2020-01") == 0.0
