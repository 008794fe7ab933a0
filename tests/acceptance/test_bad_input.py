"""Hostile input against the real processes: a clear message, nothing lost, nothing doubled."""

import struct
import threading
import wave
import zlib
from pathlib import Path

import httpx
import pytest

from benchmarks import Customer, Stack

pytestmark = pytest.mark.processes


@pytest.fixture
def customer(stack: Stack):
    with stack.operator() as client:
        yield Customer(client, "text", "voice")


def post_text(customer: Customer, text: object, message_id: str = "bad-input-1") -> httpx.Response:
    return customer.client.post(f"/api/conversations/{customer.id}/messages", json={"id": message_id, "text": text})


def post_audio(customer: Customer, content: bytes, message_id: str = "bad-audio-1") -> httpx.Response:
    return customer.client.post(f"/api/conversations/{customer.id}/audio", params={"id": message_id}, content=content)


def check_refused(answer: httpx.Response, *statuses: int) -> dict:
    assert answer.status_code in statuses, answer.text
    error = answer.json()["error"]
    assert error["code"]
    assert len(error["message"]) > 15
    assert "Traceback" not in error["message"]
    return error


def wav(samples: bytes, rate: int = 16_000, channels: int = 1) -> bytes:
    import io

    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples)
    return buffer.getvalue()


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"\0\0"))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_empty_text_is_refused(customer: Customer, text: str) -> None:
    check_refused(post_text(customer, text), 400, 422)
    assert customer.history() == []


def test_huge_text_is_refused_with_the_limit(customer: Customer) -> None:
    error = check_refused(post_text(customer, "a" * 100_000), 413, 422)
    assert "4000" in error["message"] or "4,000" in error["message"]
    assert customer.history() == []


@pytest.mark.parametrize("text", [None, 7, ["a"], {"a": 1}])
def test_text_of_a_wrong_type_is_refused(customer: Customer, text: object) -> None:
    check_refused(post_text(customer, text), 400, 422)


def test_control_characters_harm_nothing(customer: Customer) -> None:
    answer = post_text(customer, "what are\x00 your \x1b[31mopening\x07 hours\u202e")
    assert answer.status_code in (200, 202, 400, 422)
    for message in customer.history():
        assert "\x00" not in message["text"]
        assert "\x1b" not in message["text"]


def test_body_that_is_not_utf8_is_refused(customer: Customer) -> None:
    answer = customer.client.post(
        f"/api/conversations/{customer.id}/messages",
        content=b'{"id": "bad-bytes-1", "text": "caf\xe9"}',
        headers={"Content-Type": "application/json"},
    )
    check_refused(answer, 400, 422)


@pytest.mark.parametrize("message_id", ["", "x" * 65, "../../etc/passwd", "a b", "1' OR '1'='1"])
def test_bad_message_id_is_refused(customer: Customer, message_id: str) -> None:
    check_refused(post_text(customer, "hello", message_id), 400, 422)


def test_unknown_conversation_and_wrong_token_are_told_apart_from_nothing(stack: Stack, customer: Customer) -> None:
    check_refused(customer.client.get("/api/conversations/c_0000000000000000000000"), 404)
    with httpx.Client(base_url=stack.url, headers={"Authorization": "Bearer wrong"}) as stranger:
        check_refused(stranger.get(f"/api/conversations/{customer.id}"), 401, 403, 404)
        check_refused(stranger.get(f"/api/conversations/{customer.id}/messages"), 401, 403, 404)


def test_same_id_twice_at_once_is_one_message(stack: Stack, customer: Customer) -> None:
    answers: list[httpx.Response] = []

    def send() -> None:
        with stack.operator() as client:
            answers.append(
                client.post(
                    f"/api/conversations/{customer.id}/messages",
                    params={"wait": 60},
                    json={"id": "twice-at-once", "text": "what are your opening hours"},
                )
            )

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {200}
    assert len({tuple(reply["id"] for reply in answer.json()["replies"]) for answer in answers}) == 1
    assert len([message for message in customer.history() if message["author"] == "customer"]) == 1


def test_silence_is_refused_and_nothing_is_invented(customer: Customer) -> None:
    check_refused(post_audio(customer, wav(b"\0\0" * 32_000)), 422)
    assert customer.history() == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a file of 0 bytes", b""),
        ("a PNG named .wav", png()),
        ("words", b"hello, this is no audio at all"),
        ("a WAV header and nothing else", wav(b"")),
    ],
)
def test_what_is_no_audio_is_refused(customer: Customer, name: str, content: bytes) -> None:
    check_refused(post_audio(customer, content), 400, 415, 422)
    assert customer.history() == [], name


def test_truncated_flac_is_refused(customer: Customer, shared_data: Path) -> None:
    whole = (shared_data / "speech" / "jfk.flac").read_bytes()
    answer = post_audio(customer, whole[: len(whole) // 3])
    if not answer.is_success:
        check_refused(answer, 400, 415, 422)
    else:
        assert customer.history()[0]["text"]


def test_nan_samples_are_refused(customer: Customer) -> None:
    import io

    import numpy as np
    import soundfile

    buffer = io.BytesIO()
    soundfile.write(buffer, np.full(16_000, np.nan, dtype=np.float32), 16_000, format="WAV", subtype="FLOAT")
    check_refused(post_audio(customer, buffer.getvalue()), 400, 415, 422)


def test_an_hour_of_audio_is_refused_quickly(customer: Customer) -> None:
    hour = wav(b"\0\0" * 8_000 * 3_600, rate=8_000)
    check_refused(post_audio(customer, hour), 413, 422)


def test_stereo_telephone_speech_is_understood(customer: Customer, flite_clip) -> None:
    import io

    import soundfile
    import soxr

    samples, rate = soundfile.read(flite_clip("what are your opening hours"), dtype="float32")
    narrow = soxr.resample(samples, rate, 8_000)
    buffer = io.BytesIO()
    soundfile.write(buffer, [[value, value] for value in narrow], 8_000, format="WAV")
    answer = customer.client.post(
        f"/api/conversations/{customer.id}/audio",
        params={"id": "telephone-1", "wait": 60},
        content=buffer.getvalue(),
    )
    assert answer.is_success, answer.text
    assert answer.json()["transcript"]


def test_error_shape_is_one_everywhere(stack: Stack) -> None:
    with httpx.Client(base_url=stack.url) as client:
        check_refused(client.get("/api/nothing-here"), 404)
        check_refused(client.delete("/api/conversations"), 405)
        check_refused(client.post("/api/events", content=b"no json"), 400, 422)
