"""Pictures of the face come in with consent only, reach their own turn only, and are gone after it."""

from pathlib import Path
from uuid import uuid4

from tests.service.talk import Customer, Talk, until

JPEG = b"\xff\xd8\xff\xe0" + bytes(200)


def files(talk: Talk) -> list[Path]:
    folder = talk.services.settings.media_dir
    return list(folder.glob("*.media")) if folder.is_dir() else []


async def attach(customer: Customer, message_id: str, data: bytes = JPEG, **options: object) -> tuple[int, str]:
    response = await customer.post(f"frames?message_id={message_id}", content=data, **options)
    return response.status_code, response.json().get("error", {}).get("code", "")


async def test_without_consent_to_the_face_no_picture_is_taken(talk: Talk, customer: Customer) -> None:
    await customer.consent("text")
    await customer.consent("voice")
    assert await attach(customer, str(uuid4())) == (403, "consent_missing")
    assert files(talk) == []


async def test_pictures_reach_the_turn_of_their_message_and_go_with_it(talk: Talk, customer: Customer) -> None:
    await customer.consent("face")
    seen: list[int] = []

    async def look(_turn: object) -> None:
        seen.append(len(files(talk)))

    talk.rasa.during_turn = look
    message_id = str(uuid4())
    assert [await attach(customer, message_id) for _ in range(2)] == [(201, ""), (201, "")]
    sealed = {path.read_bytes() for path in files(talk)}
    assert len(sealed) == 2 and not any(JPEG in one for one in sealed)
    await customer.write("look at this", message_id)
    await customer.write("and this without a picture")
    await customer.settled()
    first, second = talk.rasa.turns
    assert len(first["metadata"]["frame_ids"]) == 2 and second["metadata"]["frame_ids"] == []
    assert seen == [2, 0]
    await until(lambda: not files(talk))
    async with talk.services.db.reading() as tx:
        assert await tx.frames.of_message(customer.id, message_id) == ()


async def test_a_spoken_message_takes_pictures_too(talk: Talk, customer: Customer) -> None:
    await customer.consent("face")
    message_id = str(uuid4())
    await attach(customer, message_id)
    await customer.post(f"audio?id={message_id}&wait=5", content=b"say:where is my order")
    assert len(talk.rasa.turns[0]["metadata"]["frame_ids"]) == 1
    assert talk.rasa.turns[0]["metadata"]["clip_id"] is None
    await until(lambda: not files(talk))


async def test_withdrawing_deletes_pictures_that_wait(talk: Talk, customer: Customer) -> None:
    await customer.consent("face")
    message_id = str(uuid4())
    await attach(customer, message_id)
    await customer.consent("voice", granted=False)
    assert len(files(talk)) == 1
    await customer.consent("face", granted=False)
    assert files(talk) == []
    await customer.consent("face")
    await customer.write("hello", message_id)
    await customer.settled()
    assert talk.rasa.turns[0]["metadata"]["frame_ids"] == []


async def test_the_sixth_picture_a_late_one_and_a_file_that_is_none_are_refused(talk: Talk, customer: Customer) -> None:
    await customer.consent("face")
    message_id = str(uuid4())
    for _ in range(5):
        assert (await attach(customer, message_id))[0] == 201
    assert await attach(customer, message_id) == (409, "too_many_pictures")
    assert await attach(customer, str(uuid4()), b"%PDF-1.7 hello") == (415, "no_picture")
    assert await attach(customer, str(uuid4()), b"") == (415, "no_picture")
    assert (await attach(customer, "no id!"))[0] == 422
    await customer.write("hello", message_id)
    assert await attach(customer, message_id) == (409, "message_sent")
    await customer.settled()
    await until(lambda: not files(talk))


async def test_a_picture_of_more_than_5_mb_is_refused_while_it_arrives(talk: Talk, customer: Customer) -> None:
    await customer.consent("face")

    async def chunks() -> object:
        yield JPEG
        for _ in range(6):
            yield bytes(1_000_000)

    response = await customer.post(f"frames?message_id={uuid4()}", content=chunks())
    assert response.status_code == 413 and "5 MB" in response.json()["error"]["message"]
    assert files(talk) == []


async def test_a_picture_in_a_form_is_taken_too(talk: Talk, customer: Customer) -> None:
    await customer.consent("face")
    address = f"frames?message_id={uuid4()}"
    response = await customer.post(address, files={"image": ("me.jpg", JPEG, "image/jpeg")})
    assert response.status_code == 201 and response.json()["frames"] == 1
    assert (await customer.post(address, files={"image": (None, JPEG)})).status_code == 422


async def test_pictures_go_when_a_person_answers(talk: Talk, customer: Customer) -> None:
    await customer.consent("face")
    await customer.hand_over()
    message_id = str(uuid4())
    await attach(customer, message_id)
    await customer.write("hello", message_id)
    await customer.settled()
    assert talk.rasa.turns == []
    await until(lambda: not files(talk))


async def test_another_conversation_cannot_use_a_picture(talk: Talk, customer: Customer) -> None:
    await customer.consent("face")
    message_id = str(uuid4())
    await attach(customer, message_id)
    other = await talk.start()
    await other.consent("face")
    await other.write("hello", message_id)
    await other.settled()
    assert talk.rasa.turns[0]["metadata"]["frame_ids"] == []
    assert len(files(talk)) == 1


async def test_pictures_of_messages_that_never_come_do_not_pile_up(talk: Talk, customer: Customer) -> None:
    await customer.consent("face")
    ids = [str(uuid4()) for _ in range(5)]
    for message_id in ids:
        for _ in range(5):
            assert (await attach(customer, message_id))[0] == 201
    assert len(files(talk)) == 20
    async with talk.services.db.reading() as tx:
        kept = [len(await tx.frames.of_message(customer.id, message_id)) for message_id in ids]
    assert kept == [0, 5, 5, 5, 5]
