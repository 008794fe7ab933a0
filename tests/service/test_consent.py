"""Nothing is scored that was not allowed, and a withdrawal holds from the next message on."""

from pathlib import Path
from uuid import uuid4

import pytest

from privacy import NOTICE_VERSION, notice
from tests.service.talk import Customer, Talk
from vocabulary import Assessment, CustomerState, Decision, Emotion, Modality, ModalityScore, Mode, StateName

NOTHING = dict.fromkeys(("text", "voice", "face", "behaviour"), False)
ANGRY = (0.7, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05)


def assessment(conversation_id: str, message_id: str) -> Assessment:
    return Assessment(
        conversation_id=conversation_id,
        message_id=message_id,
        scores=(ModalityScore(Modality.TEXT, ANGRY, 0.7),),
        emotion=Emotion(ANGRY, 0.7, {Modality.TEXT: 1.0}, mixed=False, certain=True),
        state=CustomerState(72.0, 20.0, StateName.FRUSTRATED, 0.7, 1),
    )


def clips(talk: Talk) -> list[Path]:
    folder = talk.services.settings.media_dir
    return list(folder.glob("*.media")) if folder.is_dir() else []


async def test_a_conversation_starts_with_the_notice_and_without_consent(talk: Talk) -> None:
    body = (await talk.client.post("/api/conversations")).json()
    assert body["consent"] == NOTHING
    assert body["notice"] == {"version": NOTICE_VERSION, "text": notice().text}


async def test_each_signal_is_allowed_by_itself_and_has_a_receipt(customer: Customer) -> None:
    answer = (await customer.consent("text")).json()
    assert answer["consent"] == NOTHING | {"text": True}
    assert answer["receipt"]["signal"] == "text" and answer["receipt"]["granted"] is True
    assert answer["receipt"]["text_version"] == NOTICE_VERSION and answer["receipt"]["id"]
    assert (await customer.get()).json()["consent"] == NOTHING | {"text": True}


async def test_an_answer_to_another_notice_does_not_count(talk: Talk, customer: Customer) -> None:
    response = await talk.client.put(
        f"/api/conversations/{customer.id}/consent",
        headers=customer.headers,
        json={"signal": "text", "granted": True, "text_version": "1999-01-1"},
    )
    assert response.status_code == 422 and response.json()["error"]["code"] == "unknown_notice"
    assert NOTICE_VERSION in response.json()["error"]["message"]
    assert (await customer.get()).json()["consent"]["text"] is False


async def test_forbidding_needs_no_notice(talk: Talk, customer: Customer) -> None:
    await customer.consent("text")
    address = f"/api/conversations/{customer.id}/consent"
    for granted, status in ((True, 422), (False, 200)):
        body = {"signal": "text", "granted": granted}
        assert (await talk.client.put(address, headers=customer.headers, json=body)).status_code == status
    assert (await customer.get()).json()["consent"]["text"] is False


async def test_signals_that_are_not_asked_for_cannot_be_allowed(customer: Customer) -> None:
    assert (await customer.consent("gesture")).status_code == 422


async def test_withdrawing_deletes_what_came_from_the_signal(talk: Talk, customer: Customer) -> None:
    await customer.consent("text")
    turn = await customer.say("this is ridiculous")
    async with talk.services.db.transaction() as tx:
        await tx.assessments.save(
            assessment(customer.id, turn["message_id"]), Decision(Mode.SLOW, True, False, "It was slowed down.")
        )
    scored = (await customer.get(f"turns/{turn['message_id']}")).json()
    assert scored["emotion"]["label"] == "anger" and scored["frustration"] == 72.0 and scored["mode"] == "slow"
    await customer.consent("text", granted=False)
    scored = (await customer.get(f"turns/{turn['message_id']}")).json()
    assert scored["emotion"] is None and scored["frustration"] is None and scored["mode"] == "neutral"
    async with talk.services.db.reading() as tx:
        assert len(await tx.events.recent(type="consent.changed")) == 2


async def test_a_spoken_message_is_its_transcript_and_no_clip_is_kept_without_consent(
    talk: Talk, customer: Customer
) -> None:
    response = await customer.post(f"audio?id={uuid4()}&wait=5", content=b"say:where is my order")
    assert response.json()["transcript"] == "where is my order"
    assert talk.rasa.turns[0]["text"] == "where is my order"
    assert talk.rasa.turns[0]["metadata"]["clip_id"] is None
    assert clips(talk) == []


async def test_with_consent_the_clip_exists_during_the_turn_only(talk: Talk, customer: Customer) -> None:
    await customer.consent("voice")
    seen: list[bool] = []

    async def look(turn: dict[str, dict[str, str]]) -> None:
        seen.append(talk.services.media.get_clip(turn["metadata"]["clip_id"]) is not None)

    talk.rasa.during_turn = look
    await customer.post(f"audio?id={uuid4()}&wait=5", content=b"say:where is my order")
    assert seen == [True]
    assert clips(talk) == []


async def test_a_withdrawal_before_the_turn_takes_the_clip_out_of_it(talk: Talk, customer: Customer) -> None:
    await customer.consent("voice")
    talk.rasa.state = "down"
    await customer.post(f"audio?id={uuid4()}", content=b"say:where is my order")
    await customer.consent("voice", granted=False)
    talk.rasa.state = "up"
    await customer.settled()
    assert talk.rasa.turns[0]["metadata"]["clip_id"] is None
    assert clips(talk) == []


async def test_the_clip_goes_when_a_person_answers_or_the_turn_is_refused(talk: Talk, customer: Customer) -> None:
    await customer.consent("voice")
    talk.rasa.state = "refusing"
    await customer.post(f"audio?id={uuid4()}&wait=5", content=b"say:hm")
    await customer.hand_over()
    await customer.post(f"audio?id={uuid4()}&wait=5", content=b"say:hm")
    await customer.settled()
    assert clips(talk) == []


async def test_the_same_recording_twice_is_heard_and_stored_once(talk: Talk, customer: Customer) -> None:
    await customer.consent("voice")
    message_id = str(uuid4())
    first = (await customer.post(f"audio?id={message_id}&wait=5", content=b"say:hello")).json()
    second = (await customer.post(f"audio?id={message_id}&wait=5", content=b"say:hello")).json()
    assert first == second and talk.ears.heard == 1 and len(talk.rasa.turns) == 1
    assert clips(talk) == []


async def test_silence_is_refused_and_nothing_is_stored(talk: Talk, customer: Customer) -> None:
    await customer.consent("voice")
    response = await customer.post(f"audio?id={uuid4()}", content=b"silence")
    assert response.status_code == 422 and response.json()["error"]["code"] == "no_speech"
    assert await customer.history() == [] and clips(talk) == []


async def test_a_recording_in_a_form_is_taken_too(talk: Talk, customer: Customer) -> None:
    response = await customer.post(f"audio?id={uuid4()}", files={"audio": ("a.wav", b"say:hello", "audio/wav")})
    assert response.status_code == 202 and response.json()["transcript"] == "hello"
    empty = await customer.post(f"audio?id={uuid4()}", files={"audio": (None, b"say:hello")})
    assert empty.status_code == 422 and empty.json()["error"]["code"] == "file_missing"


async def test_a_recording_that_is_too_large_is_refused_while_it_arrives(talk: Talk, customer: Customer) -> None:
    async def chunks() -> object:
        for _ in range(27):
            yield b"a" * 1_000_000

    response = await customer.post(f"audio?id={uuid4()}", content=chunks())
    assert response.status_code == 413 and "25 MB" in response.json()["error"]["message"]
    assert talk.ears.heard == 0


async def test_a_plug_in_s_signal_is_neither_shown_nor_taken_where_none_is_installed(
    talk: Talk, customer: Customer
) -> None:
    address = f"/api/conversations/{customer.id}/consent"
    body = {"signal": "physiological", "granted": True, "text_version": NOTICE_VERSION}
    response = await talk.client.put(address, headers=customer.headers, json=body)
    assert response.status_code == 422 and response.json()["error"]["code"] == "unknown_signal"
    assert (await customer.get()).json()["consent"] == NOTHING
    withdrawn = await talk.client.put(address, headers=customer.headers, json={**body, "granted": False})
    assert withdrawn.status_code == 200


async def test_a_plug_in_s_signal_is_asked_for_like_the_others_where_one_is_installed(
    customer: Customer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "attune_pulse-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: attune-pulse\nVersion: 1.0\n")
    # The module does not exist: the web process knows the name and loads nothing.
    (info / "entry_points.txt").write_text("[attune.scorers]\nphysiological = no_such_module:Pulse\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert (await customer.get()).json()["consent"] == NOTHING | {"physiological": False}
    answer = (await customer.consent("physiological")).json()
    assert answer["consent"] == NOTHING | {"physiological": True}


async def test_a_withdrawal_deletes_the_recording_of_a_message_that_still_waits(talk: Talk, customer: Customer) -> None:
    await customer.consent("voice")
    left: list[int] = []

    async def withdraw(_turn: object) -> None:
        left.append(len(clips(talk)))
        await customer.consent("voice", granted=False)
        left.append(len(clips(talk)))

    talk.rasa.during_turn = withdraw
    await customer.post(f"audio?id={uuid4()}&wait=5", content=b"say:where is my order")
    assert left == [1, 0]
