"""A week's figures, made by a process of their own, once."""

import asyncio
import random
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import service.statistics as made
from privacy import KeyRing, PersonInWeek
from service import PrivateStatistics
from service.errors import Refused, Unavailable
from store import AuditRefused, BudgetSpent, Database, StoreSettings
from tests.store.test_statistics import CALM, MONDAY, UPSET, customer

AFTER = MONDAY + timedelta(days=9)
CUSTOMERS = 60


@pytest.fixture
def settings(tmp_path: Path) -> StoreSettings:
    return StoreSettings(home=tmp_path)


@pytest.fixture
async def db(settings: StoreSettings) -> AsyncIterator[Database]:
    database = Database(settings, KeyRing.load_or_create(settings.key_file))
    await database.upgrade()
    yield database
    await database.close()


@pytest.fixture
async def week(db: Database) -> Database:
    for number in range(CUSTOMERS):
        await customer(db, UPSET if number % 3 == 0 else CALM)
    return db


def statistics(db: Database, *, month_may_cost: float = 5.0) -> PrivateStatistics:
    return PrivateStatistics(db, month_may_cost=month_may_cost, minimum=10)


async def test_week_is_released_once_and_read_ever_after(week: Database) -> None:
    makes = statistics(week)
    first = await makes.week("2026-W10", actor="a_admin", now=AFTER)
    assert not first.result["withheld"] and abs(first.result["customers"] - CUSTOMERS) < 60
    assert first.epsilon == 1.0
    # Somebody comes or goes: the answer stays, so that no difference can be taken.
    await customer(week, UPSET)
    assert await makes.week(None, actor="a_other", now=AFTER) == first
    assert await statistics(week).week("2026-W10", actor="a_admin", now=AFTER) == first
    budget = await makes.budget()
    assert (budget.spent, budget.left, [one.query for one in budget.releases]) == (1.0, 4.0, ["emotion:2026-W10"])
    assert await makes.known() == [first]
    async with week.reading() as tx:
        entries = await tx.audit.entries(act="statistics.week")
    assert [entry.actor for entry in entries] == ["a_admin", "a_other", "a_admin"]


async def test_two_who_ask_at_once_get_one_answer(week: Database, settings: StoreSettings) -> None:
    other = Database(settings, KeyRing.load_or_create(settings.key_file))
    answers = await asyncio.gather(
        *(statistics(db).week("2026-W10", actor="a_1", now=AFTER) for db in (week, week, other))
    )
    await other.close()
    assert len({str(answer) for answer in answers}) == 1
    assert (await statistics(week).budget()).spent == 1.0


async def test_small_week_is_withheld_and_costs_less(db: Database) -> None:
    await customer(db, UPSET)
    answer = await statistics(db).week("2026-W10", actor="a_1", now=AFTER)
    assert answer.result["withheld"] and "frustration" not in answer.result and answer.epsilon == 0.25


async def test_spent_budget_refuses_new_weeks_and_keeps_the_old(db: Database) -> None:
    makes = statistics(db, month_may_cost=1.0)
    first = await makes.week("2026-W10", actor="a_1", now=AFTER)
    with pytest.raises(BudgetSpent):
        await makes.week("2026-W09", actor="a_1", now=AFTER)
    assert await makes.week("2026-W10", actor="a_1", now=AFTER) == first


@pytest.mark.parametrize(
    "asked", ["2026-W11", "2099-W01", "1999-W01", "2026-W54", "2026-W00", "", "nonsense", "2026-03-02", "W" * 5000]
)
async def test_what_is_no_whole_week_is_refused_and_costs_nothing(db: Database, asked: str) -> None:
    with pytest.raises(Refused) as caught:
        await statistics(db).week(asked, actor="a_1", now=AFTER)
    assert caught.value.code == "invalid_week" and len(str(caught.value)) < 200
    assert (await statistics(db).budget()).spent == 0.0


def test_weeks_around_new_year() -> None:
    name, first = made._whole_week("2026-W53", datetime(2027, 2, 1, tzinfo=UTC))
    assert (name, first) == ("2026-W53", datetime(2026, 12, 28, tzinfo=UTC))
    assert made._whole_week(None, datetime(2027, 1, 4, tzinfo=UTC))[0] == "2026-W53"
    assert made._whole_week(None, datetime(2027, 1, 3, 23, tzinfo=UTC))[0] == "2026-W52"


async def test_nothing_is_released_without_an_audit_entry(week: Database, settings: StoreSettings) -> None:
    async with week.transaction() as tx:
        await tx.audit.add("a_1", "case.view", purpose="test")
    settings.audit_head_file.unlink()
    with pytest.raises(AuditRefused):
        await statistics(week).week("2026-W10", actor="a_1", now=AFTER)
    assert await statistics(week).known() == []


async def test_release_that_dies_half_way_costs_once(week: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(Unavailable):
        await statistics(week).week("2026-W10", actor="a_1", now=AFTER)
    assert (await statistics(week).budget()).spent == 1.0
    monkeypatch.undo()
    answer = await statistics(week).week("2026-W10", actor="a_1", now=AFTER)
    assert not answer.result["withheld"]
    assert (await statistics(week).budget()).spent == 1.0


async def test_many_customers_fit_through_the_pipe() -> None:
    people = [PersonInWeek(random.choice(("calm", "unsure")), "anger", 50.0) for _ in range(50_000)]
    figures = await made._released(people, 10)
    assert abs(figures["customers"] - 50_000) < 60 and abs(figures["frustration"] - 50) < 1


def test_web_process_stays_free_of_what_makes_them() -> None:
    code = "import sys, service.app, service.statistics; sys.exit('opendp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
