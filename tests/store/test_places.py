"""Every table, column and kind of file is in the list of places, so that none is forgotten by an erasure."""

import re
from pathlib import Path

import pytest

from privacy import KEPT, LIVE, Holder, Outcome, PlacesError, periods, places
from store import StoreSettings
from store.erasure.records import Records
from store.erasure.subject import Subject
from store.schema import Base

ROOT = Path(__file__).resolve().parent.parent.parent


def test_every_column_of_every_table_is_in_one_place() -> None:
    told: dict[str, set[str]] = {}
    for place in places():
        for table, columns in place.personal.items():
            assert table not in told, f"{table} is in two places"
            told[table] = {*columns, *place.other[table]}
            assert len(told[table]) == len(columns) + len(place.other[table]), f"{table} names a column twice"
    stored = {table.name: {column.name for column in table.columns} for table in Base.metadata.sorted_tables}
    stored["alembic_version"] = {"version_num"}
    assert told == stored


def test_columns_that_seal_are_personal_unless_the_place_is_nobody_s() -> None:
    hidden = [
        (place.name, table, column)
        for place in places()
        if place.holder is not Holder.NOBODY
        for table, columns in place.other.items()
        for column in columns
        if re.search(r"sealed|heard|originals|fingerprint|customer_id|account_id|conversation_id|owner$", column)
        and column != "owner"
    ]
    assert hidden == []


def test_every_period_is_used_and_has_a_length() -> None:
    used = {place.period for place in places()}
    assert set(periods()) - used <= {"originals", "unverified"}
    assert used - set(periods()) <= {KEPT, LIVE}
    assert all(period.length.total_seconds() >= 60 for period in periods().values())


async def test_erasure_counts_every_place_that_it_says_it_empties(db: object) -> None:
    from store import Database

    assert isinstance(db, Database)
    async with db.reading() as tx:
        records: Records = tx.records
        counted = set(await records.count(Subject(customers=("p_x",))))
    outside = {"tracker", "bot_examples", "recommender"}
    emptied = {place.name for place in places() if place.outcome not in (Outcome.NONE, Outcome.KEPT)}
    assert counted | outside == emptied | {"recommender"}


@pytest.mark.parametrize(
    "setting",
    ["flies=3d", "media=1d", "events=", "events=0d", "events=-1d", "events=1y", "events=3٣d", "events=99999999d"],
)
def test_a_period_that_cannot_be_is_refused_with_what_is_allowed(setting: str, tmp_path: Path) -> None:
    with pytest.raises(PlacesError, match="expected"):
        periods(setting)
    with pytest.raises(ValueError, match="expected"):
        StoreSettings(home=tmp_path, retention=setting)


def test_settings_change_a_period(tmp_path: Path) -> None:
    found = StoreSettings(home=tmp_path, retention="events=12h, readings=7d", media_ttl_s=60).periods
    assert (found["events"].length.total_seconds(), found["readings"].length.days) == (43_200, 7)
    assert found["media"].length.total_seconds() == 60
    assert found["conversations"] == periods()["conversations"]
