"""Whatever ends a call: the conversation goes on as text, and what was heard before is in the inbox."""

import asyncio

import pytest

from service.calls.line import VoiceLine
from service.calls.wire import End, Ended, Start, ToVoice
from tests.service.calls.calling import begin, call_of, ended, frame_of, stored, texts
from tests.service.fake_voice import FakeVoice
from tests.service.me import signed_in
from tests.service.talk import Customer, Talk, until
from tests.service.test_me_join import join


async def test_a_killed_voice_process_ends_the_call_and_nothing_else(
    talk: Talk, customer: Customer, voice: FakeVoice
) -> None:
    _, call = await call_of(customer, voice)
    talk.rasa.delay_s = 0.3
    await call.taken(await call.hear("are you there"))
    with talk.services.hub.subscribe(customer.id) as events:
        await voice.kill()
        assert (await frame_of(events, "call"))["because"] == "voice_down"
    await customer.settled()
    assert await texts(customer) == ["are you there", "You said: are you there"]
    assert (await begin(customer)).status_code == 503
    assert (await customer.say("typed instead"))["answered"]
    assert await ended(customer) == "voice_down"


async def test_a_turn_heard_just_before_the_line_broke_is_in_the_inbox(
    talk: Talk, customer: Customer, voice: FakeVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken = talk.services.intake.spoken
    reached = asyncio.Event()

    async def slow(*given: object, **more: object) -> object:
        reached.set()
        await asyncio.sleep(0.3)
        return await spoken(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(talk.services.intake, "spoken", slow)
    _, call = await call_of(customer, voice)
    await call.hear("one")
    await call.hear("two")
    await reached.wait()
    await voice.kill()
    assert await ended(customer) == "voice_down"
    said = [message.text for message in await customer.settled() if message.spoken]
    assert said == ["one", "two"]


@pytest.mark.parametrize(
    ("told", "because"),
    [
        ("customer", "asked"), ("line", "line_dropped"), ("shutdown", "voice_down"), ("too_long", "too_long"),
        ("something new", "something new"),
    ],
)  # fmt: skip
async def test_the_voice_process_may_end_it_and_says_how_the_sound_went(
    talk: Talk, customer: Customer, voice: FakeVoice, told: str, because: str
) -> None:
    _, call = await call_of(customer, voice)
    await call.send(Ended(because=told, frames=500, late=3))
    assert await ended(customer) == because
    (kept,) = await stored(customer)
    assert (kept.frames, kept.late) == (500, 3)
    figures = talk.services.metrics.text().decode()
    assert "attune_call_frames_total 500.0" in figures and "attune_call_late_frames_total 3.0" in figures
    told_as = "other" if because == "something new" else because
    assert f'attune_calls_ended_total{{because="{told_as}"}} 1.0' in figures


async def test_signing_out_ends_the_call_of_that_session(talk: Talk, voice: FakeVoice) -> None:
    me = await signed_in(talk)
    customer = await me.talks()
    _, call = await call_of(customer, voice)
    async with talk.services.db.transaction() as tx:
        session = await tx.sessions.end_token(me.token)
    assert session is not None
    talk.services.sign_outs.publish(session)
    assert await ended(customer) == "signed_out"
    assert call.of(End)[0].because == "signed_out"


async def test_a_guest_s_call_ends_when_the_conversation_joins_an_account(
    talk: Talk, customer: Customer, voice: FakeVoice
) -> None:
    _, call = await call_of(customer, voice)
    assert (await join(await signed_in(talk), customer)).status_code == 200
    assert await ended(customer) == "joined"
    await until(lambda: bool(call.of(End)))


@pytest.mark.parametrize("what", ["erased", "joined"])
async def test_what_happens_while_a_call_begins_is_not_missed(
    talk: Talk, customer: Customer, voice: FakeVoice, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    account = await signed_in(talk)
    sending = VoiceLine.send

    async def meanwhile(line: VoiceLine, message: ToVoice) -> None:
        # The conversation has been read, and nobody listens to its events yet.
        await sending(line, message)
        if isinstance(message, Start):
            await (talk.services.rights.erase(customer.id) if what == "erased" else join(account, customer))

    monkeypatch.setattr(VoiceLine, "send", meanwhile)
    await begin(customer)
    await until(lambda: bool(voice.calls) and bool(voice.call.of(End)))
    assert voice.call.of(End)[0].because in (what, "failed")
    await until(lambda: not talk.services.calls._calls)


async def test_an_erasure_ends_the_call_and_leaves_nothing_of_it(
    talk: Talk, customer: Customer, voice: FakeVoice
) -> None:
    _, call = await call_of(customer, voice)
    message = await call.hear("erase me")
    await call.taken(message)
    await customer.settled()
    await call.measure(message, turn_end=0.5, first_audio=0.9)
    await talk.services.rights.erase(customer.id)
    await until(lambda: bool(call.of(End)))
    assert call.of(End)[0].because == "erased"
    assert await stored(customer) == []
    async with talk.services.db.reading() as tx:
        assert await tx.calls.turns(customer.id) == {}
        assert [one.type for one in await tx.events.recent() if one.conversation_id == customer.id] == []


async def test_the_longest_call_ends_and_says_so(
    talk: Talk, customer: Customer, voice: FakeVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = talk.services.calls._parts
    monkeypatch.setattr(talk.services.calls, "_parts", type(parts)(**{**vars(parts), "longest_s": 0.3}))
    await begin(customer)
    assert await ended(customer) == "too_long"
    await until(lambda: bool(voice.call.of(End)))


async def test_under_age_nothing_is_taken_and_the_call_goes_on(
    talk: Talk, customer: Customer, voice: FakeVoice
) -> None:
    await customer.consent("voice")
    await customer.consent("face")
    _, call = await call_of(customer, voice)
    assert call.permitted() == (True, True)

    async def says_their_age(_turn: object) -> None:
        async with talk.services.db.transaction() as tx:
            conversation = await tx.conversations.get(customer.id)
            assert conversation is not None
            await tx.consents.set_minor(conversation.customer_id, True)

    talk.rasa.during_turn = says_their_age
    await call.hear("I am fifteen")
    await call.said("You said: I am fifteen.")
    await until(lambda: call.permitted() == (False, False))
    assert (await stored(customer))[0].ended_at is None


async def test_what_is_no_message_of_the_protocol_harms_nobody(
    talk: Talk, customer: Customer, voice: FakeVoice
) -> None:
    _, call = await call_of(customer, voice)
    for frame in (b"", b"\x00", b"\x00\x00\x00\xffnope", b"\x00\x00\x00\x02{}", "text"):
        await call.socket.send(frame)
    await call.hear("still here")
    await call.said("You said: still here.")
