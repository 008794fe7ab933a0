"""Beginning a call: the least loaded process, clear refusals, one call at a time, and who may."""

import asyncio

import pytest

from privacy import Secrets
from service.calls.wire import Start
from tests.service.calls.calling import OFFER, begin, call_of, ended, frame_of, stored
from tests.service.fake_voice import FakeVoice, voice_process
from tests.service.talk import Customer, Talk, talking, until
from vocabulary import Owner


async def test_an_offer_is_answered_and_the_call_is_on_record(talk: Talk, customer: Customer, voice: FakeVoice) -> None:
    with talk.services.hub.subscribe(customer.id) as events:
        response = await begin(customer, camera=True)
        assert response.status_code == 201
        assert response.json() == {"call": voice.call.id, "answer": f"answer to {OFFER}", "ice_servers": []}
        assert (await frame_of(events, "call"))["state"] == "begun"
    start = voice.call.start
    assert start.model_dump(include={"transport", "offer", "camera", "voice", "face", "owner"}) == {
        "transport": "webrtc", "offer": OFFER, "camera": True, "voice": False, "face": False, "owner": Owner.BOT,
    }  # fmt: skip
    (call,) = await stored(customer)
    assert (call.id, call.transport, call.camera, call.ended_at) == (voice.call.id, "webrtc", True, None)


async def test_hanging_up_ends_the_call_everywhere_and_may_be_repeated(
    talk: Talk, customer: Customer, voice: FakeVoice
) -> None:
    call_id, call = await call_of(customer, voice)
    with talk.services.hub.subscribe(customer.id) as events:
        for _ in range(2):
            path = f"/api/conversations/{customer.id}/calls/{call_id}"
            assert (await talk.client.delete(path, headers=customer.headers)).status_code == 204
        assert await frame_of(events, "call") == {
            "type": "call", "state": "ended", "call": call_id, "because": "asked",
        }  # fmt: skip
    assert call.told[-1].type == "end"
    (kept,) = await stored(customer)
    assert (kept.because, kept.frames, kept.late) == ("asked", 100, 1)
    assert 'attune_calls{transport="webrtc"} 0.0' in talk.services.metrics.text().decode()


async def test_a_second_call_ends_the_first(customer: Customer, voice: FakeVoice) -> None:
    first, _ = await call_of(customer, voice)
    second, _ = await call_of(customer, voice)
    assert first != second
    by_id = {call.id: call for call in await stored(customer)}
    assert (by_id[first].because, by_id[second].ended_at) == ("elsewhere", None)


async def test_two_calls_at_the_same_moment_leave_one(customer: Customer, voice: FakeVoice) -> None:
    responses = await asyncio.gather(begin(customer), begin(customer))
    assert [response.status_code for response in responses] == [201, 201]
    calls = await stored(customer)
    assert sorted(str(call.because) for call in calls) == ["None", "elsewhere"]


async def test_the_least_loaded_process_takes_the_call_and_a_full_one_never(
    talk: Talk, voice: FakeVoice, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("shared")
    token = Secrets.load_or_create(home / "secrets.json").voice_token
    async with voice_process(token) as busy, voice_process(token) as full, voice_process(token) as idle:
        busy.busy, full.busy, full.places = 3, 1, 1
        urls = (busy.url, full.url, idle.url, "http://127.0.0.1:9")
        async with talking(home, voice_urls=urls) as other:
            await call_of(await other.start(), idle)
            assert (len(busy.calls), len(full.calls), len(idle.calls)) == (0, 0, 1)
            idle.busy = 11
            await call_of(await other.start(), busy)


async def test_full_lines_and_no_process_are_told_apart_and_chat_goes_on(
    talk: Talk, customer: Customer, voice: FakeVoice
) -> None:
    voice.busy = voice.places
    full = await begin(customer)
    assert (full.status_code, full.json()["error"]["code"]) == (503, "calls_full")
    assert full.headers["Retry-After"] == "10"
    assert (await customer.get("calls/settings")).json()["because"] == "calls_full"
    await voice.kill()
    await asyncio.sleep(0)
    down = await begin(customer)
    assert (down.status_code, down.json()["error"]["code"]) == (503, "voice_down")
    assert await stored(customer) == []
    assert (await customer.say("still here"))["replies"][0]["text"] == "You said: still here"
    figures = talk.services.metrics.text().decode()
    assert 'attune_calls_refused_total{code="calls_full"} 1.0' in figures
    assert 'attune_calls_refused_total{code="voice_down"} 1.0' in figures


async def test_a_process_that_hangs_up_at_once_leaves_nothing_open(
    talk: Talk, customer: Customer, voice: FakeVoice
) -> None:
    voice.answers = voice.ready = False
    asking = asyncio.create_task(begin(customer))
    call = await voice.begun()
    await call.socket.close(1013)
    response = await asking
    assert (response.status_code, response.json()["error"]["code"]) == (503, "calls_full")
    assert await stored(customer) == []
    assert 'attune_calls{transport="webrtc"} 0.0' in talk.services.metrics.text().decode()


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        ({"transport": "webrtc", "offer": None}, 422, "offer_missing"),
        ({"transport": "webrtc", "offer": "  "}, 422, "offer_missing"),
        ({"transport": "webrtc", "offer": "x" * 70_000}, 413, "too_large"),
        ({"transport": "telephone"}, 422, "invalid_field"),
        ({"transport": "webrtc", "offer": 5}, 422, "invalid_field"),
        ({"transport": "webrtc", "offer": OFFER, "face": True}, 422, "invalid_field"),
    ],
)
async def test_a_wish_that_cannot_be_is_refused(
    customer: Customer, voice: FakeVoice, wish: dict[str, object], status: int, code: str
) -> None:
    response = await customer.post("calls", json=wish)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert voice.calls == []


async def test_a_new_offer_is_answered_in_the_same_call(talk: Talk, customer: Customer, voice: FakeVoice) -> None:
    call_id, call = await call_of(customer, voice)
    renewed = await customer.post(f"calls/{call_id}/offer", json={"offer": "another network"})
    assert renewed.json() == {"answer": "answer to another network"}
    unknown = await customer.post("calls/v_somebody_elses/offer", json={"offer": "x"})
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "unknown_call")
    assert len(call.of(Start)) == 1


async def test_one_address_does_not_take_every_line(talk: Talk, voice: FakeVoice) -> None:
    talk.services.calls._calls_of_address = 2
    for _ in range(2):
        assert (await begin(await talk.start())).status_code == 201
    third = await talk.start()
    response = await begin(third)
    assert (response.status_code, response.json()["error"]["code"]) == (429, "too_many_calls")
    await talk.services.calls.end(voice.calls[0].id, "asked")
    assert (await begin(third)).status_code == 201


async def test_calls_that_begin_at_the_same_moment_are_counted_too(talk: Talk) -> None:
    calls = talk.services.calls
    calls._calls_of_address = 2
    customers = [await talk.start() for _ in range(4)]
    responses = await asyncio.gather(*(begin(one) for one in customers))
    assert sorted(response.status_code for response in responses) == [201, 201, 429, 429]
    refused = customers[[response.status_code for response in responses].index(429)]
    assert (await begin(refused, offer="")).status_code == 422
    await calls.close()
    assert not calls._of_address


async def test_a_call_whose_sound_never_comes_ends(
    talk: Talk, customer: Customer, voice: FakeVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.calls.call._CONNECT_WITHIN_S", 0.1)
    voice.ready = False
    assert (await begin(customer)).status_code == 201
    assert await ended(customer) == "not_connected"


async def test_the_web_process_ends_its_calls_when_it_stops_and_notes_those_of_one_that_was_killed(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = tmp_path_factory.mktemp("stopping")
    async with voice_process(Secrets.load_or_create(home / "secrets.json").voice_token) as voice:
        async with talking(home, voice_urls=(voice.url,)) as talk:
            customer = await talk.start()
            _, call = await call_of(customer, voice)
            async with talk.services.db.transaction() as tx:
                await tx.calls.begin("v_of_a_killed_process", customer.id, "webrtc", camera=False)
        await until(lambda: call.told[-1].type == "end")
        async with talking(home, voice_urls=(voice.url,)) as talk:
            customer.talk = talk
            by_id = {one.id: one.because for one in await stored(customer)}
            assert by_id == {call.id: "shutdown", "v_of_a_killed_process": "web_stopped"}
