"""Messages between the processes survive the way; anything else is refused without being shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.calls.wire import LARGEST_PAYLOAD, Heard, Picture, Say, Sentence, Stages, Start, WireError, pack, unpack
from vocabulary import Author


@pytest.mark.parametrize(
    "message",
    [
        Start(transport="webrtc", offer="v=0", camera=True),
        Say(reply="r-12345678", author=Author.BOT, sentences=(Sentence(text="Good morning."),)),
        Heard(message="m-12345678", text="where is my order", seconds=1.5, stages=Stages(turn_end=0.4)),
        Picture(message="m-12345678"),
    ],
)
@given(payload=st.binary(max_size=64))
def test_message_and_payload_come_back(message: Start | Say | Heard | Picture, payload: bytes) -> None:
    assert unpack(pack(message, payload)) == (message, payload)


@given(frame=st.binary(max_size=200))
def test_noise_is_refused_and_nothing_else_happens(frame: bytes) -> None:
    with pytest.raises(WireError):
        unpack(frame)


def test_error_names_no_content() -> None:
    frame = pack(Heard(message="m-12345678", text="my secret", seconds=1.0)).replace(b'"heard"', b'"hoard"')
    with pytest.raises(WireError) as told:
        unpack(frame)
    assert "secret" not in str(told.value)


def test_cut_short_and_too_large_are_refused() -> None:
    frame = pack(Picture(message="m-12345678"))
    with pytest.raises(WireError, match="cut short"):
        unpack(frame[:20])
    with pytest.raises(WireError, match="at most"):
        pack(Picture(message="m-12345678"), bytes(LARGEST_PAYLOAD + 1))
