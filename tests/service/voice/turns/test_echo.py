"""The assistant's own sound, back from a loudspeaker and a room, triggers nothing; a customer over it does."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.voice_turns import Hear, Outcome, play, room
from service.voice.turns.echo import EchoJudge
from speech import decode
from tests.flite import Speak

Sound = NDArray[np.float32]
BLOCK = 512


@pytest.fixture(scope="module")
def reply(speak: Speak) -> Sound:
    return decode(
        speak("Your parcel left our warehouse on Monday, and it comes on Thursday before noon.", "slt")
    ).samples


@pytest.fixture(scope="module")
def customer(speak: Speak) -> Sound:
    return decode(speak("wait a moment, that is not what I have ordered", "rms")).samples


def deaf(samples: Sound) -> tuple[str, float | None, float]:
    """A recogniser that always believes to hear an interruption."""
    return "that is wrong", 0.99, 0.05


def quiet_room(seconds: float) -> Sound:
    return (1e-4 * np.random.default_rng(3).standard_normal(round(seconds * 16000))).astype(np.float32)


@pytest.mark.parametrize(("delay_s", "level_db"), [(0.02, -5), (0.2, -12), (0.6, -20)])
def test_an_echo_triggers_nothing(reply: Sound, delay_s: float, level_db: float) -> None:
    out = play(quiet_room(reply.size / 16000 + 1), reply, deaf, echo=room(delay_s, level_db, seed=4))
    assert not out.cancelled + out.texts


def test_without_the_comparison_the_same_echo_would_interrupt(reply: Sound, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EchoJudge, "is_echo", lambda self, at, was_echo: False)
    out = play(quiet_room(reply.size / 16000 + 1), reply, deaf, echo=room(0.2, -12, seed=4))
    assert out.cancelled


def interrupted(hear: Hear, reply: Sound, customer: Sound, echo: Callable[[Sound], Sound] | None) -> Outcome:
    sound = quiet_room(2 + customer.size / 16000 + 2)
    sound[32000 : 32000 + customer.size] += customer
    return play(sound, reply, hear, echo=echo, sounds_at=2.0)


def test_a_customer_over_the_echo_is_heard(reply: Sound, customer: Sound) -> None:
    out = interrupted(deaf, reply, customer, room(0.2, -15, seed=4))
    assert out.cancelled and out.texts


def test_a_customer_without_any_echo_is_no_echo(reply: Sound, customer: Sound) -> None:
    out = interrupted(deaf, reply, customer, None)
    assert min(out.paused) < 0.4
    assert "echo" not in out.ignored


def test_silence_and_nothing_played_are_no_echo() -> None:
    judge = EchoJudge()
    assert not judge.is_echo(1.0, was_echo=False)
    zeros = np.zeros(16000, dtype=np.float32)
    judge.heard(zeros, 1.0)
    judge.played(zeros, 1.0)
    assert not judge.is_echo(1.0, was_echo=True)
