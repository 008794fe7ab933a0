"""What private statistics are made of, which were released, and what is left of the budget."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from privacy import PersonInWeek
from store.assessments import Assessments, StoredAssessment, turn_of
from store.consents import Consents
from store.dialect import lock_for_budget
from store.errors import StoreError
from store.origins import origins
from store.schema import AssessmentRow, ConversationRow, CustomerRow, PrivacyBudgetRow
from vocabulary import LABELS, Purpose


@dataclass(frozen=True)
class Released:
    """One release. query: what was asked. period: the month whose budget it took from. result: as it was released."""

    query: str
    period: str
    epsilon: float
    result: Mapping[str, Any]
    at: datetime


class BudgetSpent(StoreError):  # noqa: N818 - reads as a sentence where it is caught
    """This month's releases have cost what a month may cost."""

    code = "budget_spent"


class Statistics:
    """Repository of private statistics. A question that was answered is answered the same for ever."""

    def __init__(self, session: AsyncSession, assessments: Assessments, consents: Consents) -> None:
        self._session = session
        self._assessments = assessments
        self._consents = consents

    async def people(self, since: datetime, before: datetime) -> list[PersonInWeek]:
        """One value for each customer with an assessed turn in the time, most frequent state first of all.

        Only turns of adults whose signals may be used to improve the service, then as now.
        """
        ids = await self._session.scalars(
            select(ConversationRow.customer_id)
            .join(AssessmentRow, AssessmentRow.conversation_id == ConversationRow.id)
            .join(CustomerRow, CustomerRow.id == ConversationRow.customer_id)
            .where(AssessmentRow.at >= since, AssessmentRow.at < before, CustomerRow.minor.is_(False))
            .distinct()
        )
        people = [await self._person(customer_id, since, before) for customer_id in sorted(ids)]
        return [person for person in people if person is not None]

    async def _person(self, customer_id: str, since: datetime, before: datetime) -> PersonInWeek | None:
        allowed = await self._consents.granted_since(customer_id, Purpose.IMPROVE)
        if not allowed:
            return None
        turns: list[StoredAssessment] = []
        everything = await self._assessments.of_customer(customer_id)
        rests_on = origins(turn_of(one) for one in everything)
        for stored in everything:
            signals = rests_on[stored.id].signals
            if not (since <= stored.at < before) or stored.assessment.state is None or not signals:
                continue
            if all(signal in allowed and allowed[signal] <= stored.at for signal in signals):
                turns.append(stored)
        states = [stored.assessment.state for stored in turns if stored.assessment.state is not None]
        if not states:
            return None
        emotions = [stored.assessment.emotion for stored in turns]
        labels = Counter(
            max(zip(one.probabilities, LABELS, strict=True))[1]
            for one in emotions
            if one is not None and one.certain and not one.mixed
        )
        return PersonInWeek(
            state=Counter(state.name.value for state in states).most_common(1)[0][0],
            label=labels.most_common(1)[0][0] if labels else None,
            frustration=sum(state.frustration for state in states) / len(states),
        )

    async def released(self, query: str) -> Released | None:
        """The answer to a question, if it was ever given."""
        row = await self._session.get(PrivacyBudgetRow, query)
        return None if row is None or not row.result else _from_row(row)

    async def reserve(self, query: str, epsilon: float, *, month_may_cost: float) -> None:
        """Take what an answer costs at most from this month's budget, before it is made.

        A reservation whose answer was never stored is taken over: nothing of it has been seen. Raises: BudgetSpent.
        """
        await (await self._session.connection()).run_sync(lock_for_budget)
        if await self._session.get(PrivacyBudgetRow, query) is not None:
            return
        now = datetime.now(UTC)
        period = month_of(now)
        spent = await self.spent(period)
        if spent + epsilon > month_may_cost + 1e-9:
            raise BudgetSpent(
                f"private statistics of {period} have cost {spent:g} of {month_may_cost:g}, and this one costs "
                f"{epsilon:g}. Answers that were given stay readable; wait for the next month, or decide for a larger "
                "ATTUNE_STATISTICS_BUDGET, which protects each customer less."
            )
        self._session.add(PrivacyBudgetRow(id=query, period=period, query=query, epsilon=epsilon, result={}, at=now))
        await self._session.flush()

    async def settle(self, query: str, result: Mapping[str, Any]) -> Released:
        """Store an answer and what it cost in the end; where another was faster, that one counts.

        Raises: StoreError, code not_reserved.
        """
        await (await self._session.connection()).run_sync(lock_for_budget)
        row = await self._session.get(PrivacyBudgetRow, query)
        if row is None:
            raise StoreError(f"{query} was not reserved; expected reserve() before.", code="not_reserved")
        if not row.result:
            row.result = dict(result)
            row.epsilon = float(result["epsilon"])
            await self._session.flush()
        return _from_row(row)

    async def spent(self, period: str) -> float:
        """What this month's releases have cost."""
        query = select(func.sum(PrivacyBudgetRow.epsilon)).where(PrivacyBudgetRow.period == period)
        return float(await self._session.scalar(query) or 0.0)

    async def releases(self, period: str | None = None) -> list[Released]:
        """What was released, newest first. period: only what a month's budget was spent on."""
        query = select(PrivacyBudgetRow).order_by(PrivacyBudgetRow.at.desc(), PrivacyBudgetRow.id)
        if period is not None:
            query = query.where(PrivacyBudgetRow.period == period)
        return [_from_row(row) for row in await self._session.scalars(query) if row.result]


def month_of(at: datetime) -> str:
    """The month that a release counts in, such as 2026-03."""
    return at.astimezone(UTC).strftime("%Y-%m")


def _from_row(row: PrivacyBudgetRow) -> Released:
    return Released(row.query, row.period, row.epsilon, row.result, row.at)
