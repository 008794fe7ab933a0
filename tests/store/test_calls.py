"""Rows of calls: who is on one now, why it ended, and how long which step took."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from store import CALL_STAGES, CallTurn, Database, NotFound
from store.overdue_rules import rules
from store.schema import CallRow, CallTurnRow


async def talk_of(db: Database) -> str:
    async with db.transaction() as tx:
        return (await tx.conversations.create()).id


async def test_a_call_is_live_until_it_has_ended_and_ends_once(db: Database) -> None:
    talk, other = await talk_of(db), await talk_of(db)
    async with db.transaction() as tx:
        await tx.calls.begin("v_one", talk, "webrtc", camera=True)
        await tx.calls.begin("v_two", other, "telephone", camera=False)
        assert set(await tx.calls.live([talk, other, "c_unknown"])) == {talk, other}
        assert await tx.calls.end("v_one", "asked", frames=50, late=2)
        assert not await tx.calls.end("v_one", "elsewhere")
        assert not await tx.calls.end("v_unknown", "asked")
    async with db.reading() as tx:
        assert set(await tx.calls.live([talk, other])) == {other}
        (call,) = await tx.calls.of_conversation(talk)
        assert (call.because, call.frames, call.late, call.camera) == ("asked", 50, 2, True)


async def test_calls_of_a_process_that_is_gone_end_together(db: Database) -> None:
    talk = await talk_of(db)
    async with db.transaction() as tx:
        for number in range(3):
            await tx.calls.begin(f"v_{number}", talk, "websocket", camera=False)
        await tx.calls.end("v_0", "asked")
        assert await tx.calls.end_all("web_stopped") == 2
        assert await tx.calls.end_all("web_stopped") == 0
        told = [call.because for call in await tx.calls.of_conversation(talk)]
    assert sorted(str(one) for one in told) == ["asked", "web_stopped", "web_stopped"]


async def test_a_call_of_no_conversation_is_refused(db: Database) -> None:
    async with db.transaction() as tx:
        with pytest.raises(NotFound):
            await tx.calls.begin("v_one", "c_nobody", "webrtc", camera=False)


async def test_the_stages_of_a_turn_are_read_as_they_were_kept_and_the_last_word_counts(db: Database) -> None:
    talk = await talk_of(db)
    first = CallTurn("message-1", turn_end=0.0, transcript=0.2)
    whole = CallTurn("message-1", **{name: 0.1 * place for place, name in enumerate(CALL_STAGES)}, interrupted=True)
    async with db.transaction() as tx:
        await tx.calls.begin("v_one", talk, "webrtc", camera=False)
        await tx.calls.put_turn(talk, "v_one", first)
        assert await tx.calls.turns(talk) == {"message-1": first}
        await tx.calls.put_turn(talk, "v_one", whole)
    async with db.reading() as tx:
        assert await tx.calls.turns(talk) == {"message-1": whole}
    assert first.stages() == {"turn_end": 0.0, "transcript": 0.2}, "nought is a time, nothing is none"


async def test_calls_and_their_turns_go_after_their_time_unless_they_go_on(db: Database) -> None:
    talk = await talk_of(db)
    long_ago = datetime.now(UTC) - timedelta(days=200)
    async with db.transaction() as tx:
        for call in ("v_old", "v_live"):
            await tx.calls.begin(call, talk, "webrtc", camera=False)
        await tx.calls.end("v_old", "asked")
        await tx.calls.put_turn(talk, "v_old", CallTurn("message-1", turn_end=0.5))
        await tx._session.execute(update(CallRow).values(began_at=long_ago))
        await tx._session.execute(update(CallTurnRow).values(at=long_ago))
        before = datetime.now(UTC) - timedelta(days=90)
        assert (await tx.overdue.count("calls", before, None))[0] == 2
        assert await tx.overdue.delete("calls", before, None) == 2
        assert [call.id for call in await tx.calls.of_conversation(talk)] == ["v_live"]
    assert len(rules()["calls"]) == 2
