"""Answers read out over the API: who may hear what, and that nothing of it is kept or scored."""

import asyncio
import contextlib
import io
import logging
import sqlite3
import wave
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from service.speaking import Speaker
from speech import Sound, Voice, VoiceError, VoiceSetup
from speech.synthesis.voice import sound_of_samples, speakable
from tests.service.fake_rasa import text_reply
from tests.service.talk import Customer, Talk, talking, until

ORDER = "Your order 417203 is on its way. 🎉 It comes on Monday."


@dataclass
class FakeVoice:
    """Speaks a millisecond of silence for each character; told to, it fails or waits."""

    said: list[str] = field(default_factory=list)
    fails: str | None = None
    gate: asyncio.Event | None = None
    at_once: int = 0
    most_at_once: int = 0
    name: str = "fake voice"

    async def speak(self, sentence: str) -> Sound:
        self.said.append(speakable(sentence))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.gate is not None:
                await self.gate.wait()
            if self.fails:
                raise VoiceError("it failed", code=self.fails)
            return sound_of_samples(bytes(32 * len(sentence)), 16_000)
        finally:
            self.at_once -= 1


@pytest.fixture
def voice(talk: Talk) -> FakeVoice:
    fake = FakeVoice()
    install(talk, fake)
    return fake


def install(talk: Talk, voice: Voice | None, **limits: int) -> None:
    talk.services.speaker = Speaker(VoiceSetup("none"), voice=lambda _: voice, **limits)


async def answer(customer: Customer, text: str = ORDER, **more: Any) -> str:
    """Id of an answer of the assistant."""
    customer.talk.rasa.answer = lambda turn: [text_reply(text, **more)]
    turn = await customer.say("where is my order?")
    message_id: str = turn["replies"][0]["id"]
    return message_id


async def parts(customer: Customer, message_id: str) -> httpx.Response:
    return await customer.get(f"messages/{message_id}/speech")


async def sound(customer: Customer, message_id: str, index: int | str = 0) -> httpx.Response:
    return await customer.get(f"messages/{message_id}/speech/{index}")


async def test_answer_is_read_sentence_by_sentence(customer: Customer, voice: FakeVoice) -> None:
    message_id = await answer(customer)
    told = (await parts(customer, message_id)).json()
    assert (told["sentences"], told["engine"]) == (2, "fake voice")
    # The party sign counts twice in a browser.
    places = [
        ORDER.encode("utf-16-le")[2 * part["start"] : 2 * part["end"]].decode("utf-16-le") for part in told["parts"]
    ]
    assert places == ["Your order 417203 is on its way.", "🎉 It comes on Monday."]
    response = await sound(customer, message_id, 1)
    assert response.status_code == 200 and response.headers["content-type"] == "audio/wav"
    assert response.headers["cache-control"] == "no-store"
    with wave.open(io.BytesIO(response.content)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 16_000)
    await sound(customer, message_id, 0)
    assert voice.said == ["It comes on Monday.", "Your order 4 1 7 2 0 3 is on its way."]


async def test_buttons_are_read_after_the_text(customer: Customer, voice: FakeVoice) -> None:
    red, blue = {"title": "Red", "payload": "/red"}, {"title": "Blue", "payload": "/blue"}
    message_id = await answer(customer, "Which one?", buttons=[red, blue])
    told = (await parts(customer, message_id)).json()
    assert [part["part"] for part in told["parts"]] == ["text", "buttons"]
    await sound(customer, message_id, 1)
    assert voice.said == ["You can answer: Red; Blue."], "what a button means to the assistant is not read"


async def test_yes_and_no_are_not_read_as_choices(customer: Customer, voice: FakeVoice) -> None:
    yes, no = {"title": "Yes", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}
    message_id = await answer(customer, "Did you say 4 1 7?", buttons=[yes, no])
    assert [part["part"] for part in (await parts(customer, message_id)).json()["parts"]] == ["text"]


async def test_answer_without_words_has_no_sentences(customer: Customer, voice: FakeVoice) -> None:
    message_id = await answer(customer, "🙂")
    assert (await parts(customer, message_id)).json()["sentences"] == 0
    assert (await sound(customer, message_id)).status_code == 404


async def test_words_of_an_agent_are_read_and_reach_nothing_that_scores(customer: Customer, voice: FakeVoice) -> None:
    talk = customer.talk
    await customer.consent("text")
    await customer.consent("voice")
    staff = await talk.staff()
    async with talk.services.db.transaction() as tx:
        message = await tx.inbox.add_agent_message(
            customer.id, staff, "agent-message-1", "I am furious! This is my fault."
        )
    before = await traces(talk)
    assert (await parts(customer, message.id)).json()["sentences"] == 2
    assert (await sound(customer, message.id)).status_code == 200
    assert await traces(talk) == before


async def traces(talk: Talk) -> dict[str, Any]:
    """How many rows each table has, which clips there are, and what Rasa was sent; the purge's own notes apart."""
    home = talk.services.settings.home
    with contextlib.closing(sqlite3.connect(f"file:{home / 'attune.db'}?mode=ro", uri=True)) as db:
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        names = tables - {"leases", "retention_runs"}
        rows = {name: db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
    clips = sorted(talk.services.settings.media_dir.rglob("*"))
    return {"rows": rows, "clips": clips, "requests": len(talk.rasa.requests)}


async def test_customer_s_own_message_is_not_read_out(customer: Customer, voice: FakeVoice) -> None:
    message_id = await customer.write("hello")
    for response in (await parts(customer, message_id), await sound(customer, message_id)):
        assert response.status_code == 403 and response.json()["error"]["code"] == "not_read_out"
    assert voice.said == []


async def test_other_conversations_and_strangers_hear_nothing(talk: Talk, customer: Customer, voice: FakeVoice) -> None:
    message_id = await answer(customer)
    other = await talk.start()
    assert (await sound(other, message_id)).status_code == 404
    stranger = Customer(talk, customer.id, other.token)
    assert (await sound(stranger, message_id)).status_code == 404
    bare = await talk.client.get(f"/api/conversations/{customer.id}/messages/{message_id}/speech/0")
    assert bare.status_code == 401
    assert voice.said == []


@pytest.mark.parametrize(
    ("message", "index", "status", "code"),
    [
        (None, "2", 404, "unknown_sentence"),
        (None, "-1", 422, "invalid_field"),
        (None, "x", 422, "invalid_field"),
        (None, "9" * 30, 422, "invalid_field"),
        ("m_nothing", "0", 404, "unknown_message"),
    ],
)
async def test_what_is_not_there_is_refused(
    customer: Customer, voice: FakeVoice, message: str | None, index: str, status: int, code: str
) -> None:
    message_id = await answer(customer)
    response = await sound(customer, message or message_id, index)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)


async def test_answer_beyond_any_reading_is_refused(customer: Customer, voice: FakeVoice) -> None:
    response = await parts(customer, await answer(customer, "word " * 3000))
    assert (response.status_code, response.json()["error"]["code"]) == (422, "too_long")


async def test_without_a_voice_it_is_said_once_and_for_all(talk: Talk, customer: Customer) -> None:
    install(talk, None)
    response = await parts(customer, await answer(customer))
    assert response.status_code == 503
    assert response.json()["error"]["code"] == "no_voice" and response.json()["error"]["retryable"] is False


async def test_voice_that_fails_can_be_tried_again_and_the_log_holds_no_words(
    customer: Customer, voice: FakeVoice, caplog: pytest.LogCaptureFixture
) -> None:
    message_id = await answer(customer)
    voice.fails = "voice_slow"
    with caplog.at_level(logging.INFO):
        response = await sound(customer, message_id)
        voice.fails = None
        assert (await sound(customer, message_id)).status_code == 200
    assert response.status_code == 503 and response.json()["error"]["retryable"] is True
    assert "retry-after" in response.headers
    assert "417203" not in caplog.text and "4 1 7" not in caplog.text


async def test_few_are_spoken_at_once_and_the_rest_wait_or_are_told(talk: Talk, customer: Customer) -> None:
    voice = FakeVoice(gate=asyncio.Event())
    install(talk, voice, at_once=2, may_wait=3)
    message_id = await answer(customer)
    asked = [asyncio.create_task(sound(customer, message_id)) for _ in range(8)]
    await until(lambda: sum(task.done() for task in asked) == 3)
    assert [task.result().json()["error"]["code"] for task in asked if task.done()] == ["busy"] * 3
    assert voice.gate is not None
    voice.gate.set()
    statuses = [task.result().status_code for task in (await asyncio.wait(asked))[0]]
    assert sorted(statuses) == [200] * 5 + [503] * 3
    assert voice.most_at_once == 2


async def test_one_listener_cannot_ask_without_end(talk: Talk, customer: Customer, voice: FakeVoice) -> None:
    message_id = await answer(customer)
    statuses = [(await parts(customer, message_id)).status_code for _ in range(140)]
    assert statuses[:100] == [200] * 100 and statuses[-1] == 429


async def test_real_voice_is_used_and_named(tmp_path: Any) -> None:
    async with talking(tmp_path, speech_voice="espeak-ng") as talk:
        assert (await talk.client.get("/health")).json()["engines"]["text to speech"] == "espeak-ng, English"
        customer = await talk.start()
        message_id = await answer(customer)
        response = await sound(customer, message_id)
        assert response.status_code == 200 and len(response.content) > 20_000


async def test_voice_that_is_not_here_leaves_text_and_starts_anyway(tmp_path: Any) -> None:
    async with talking(tmp_path, speech_voice="/nowhere/voice.onnx") as talk:
        customer = await talk.start()
        assert (await parts(customer, await answer(customer))).json()["error"]["code"] == "no_voice"
