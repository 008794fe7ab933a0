"""What a sound of the customer's means while the assistant speaks."""

import numpy as np
import pytest

from service.voice.turns import (
    CancelBot,
    IgnoredSound,
    PauseBot,
    ResumeBot,
    TranscribeSegment,
    TurnBegan,
    TurnEnded,
)
from service.voice.turns.echo import EchoJudge
from tests.service.voice.turns.simulated import Simulated


@pytest.fixture
def call() -> Simulated:
    call = Simulated()
    call.silence(0.5)
    call.bot_speaks()
    call.silence(1.0)
    return call


def test_the_assistant_is_silent_within_200_ms_of_a_voice(call: Simulated) -> None:
    began = call.now
    call.voice(0.5)
    assert call.when(PauseBot) - began <= 0.2


@pytest.mark.parametrize("text", ["Mm-hm.", "okay", "Right, okay.", "Uh-huh", "I see", "yes", "um"])
def test_a_sign_of_listening_lets_the_assistant_go_on(call: Simulated, text: str) -> None:
    call.says(text, seconds=0.4)
    assert call.last(IgnoredSound).why == "backchannel"
    assert call.last(ResumeBot).gap_s == pytest.approx(call.when(ResumeBot) - call.when(PauseBot))
    call.silence(3.0)
    assert not call.all(CancelBot) + call.all(TurnBegan) + call.all(TurnEnded)


@pytest.mark.parametrize("text", ["stop", "No.", "wait", "but when will it come", "okay but I paid", "four one seven"])
def test_words_interrupt(call: Simulated, text: str) -> None:
    call.says(text, seconds=0.74)
    assert call.last(CancelBot)
    assert call.last(TurnBegan).interrupted
    call.silence(2.0)
    ended = call.last(TurnEnded)
    assert (ended.text, ended.interrupted) == (text, True)
    assert not call.all(ResumeBot)


def test_a_sign_of_listening_that_goes_on_to_words_belongs_to_them(call: Simulated) -> None:
    call.voice(0.4)
    call.silence(0.26)
    call.voice(0.8)
    call.silence(0.26)
    first, second = call.all(TranscribeSegment)
    call.take(call.taker.segment_heard(second.segment, "when does it come", 0.9, call.now))
    call.take(call.taker.segment_heard(first.segment, "okay", 0.9, call.now))
    call.silence(1.0)
    assert call.last(TurnEnded).text == "okay when does it come"


def test_yes_answers_a_question_that_is_being_put() -> None:
    call = Simulated()
    call.bot_speaks(asks=True)
    call.silence(1.0)
    call.says("yes", seconds=0.3)
    assert call.last(CancelBot)


def test_a_cough_only_makes_a_gap(call: Simulated) -> None:
    call.says("", seconds=0.3, confidence=None)
    assert call.last(IgnoredSound).why == "noise"
    assert call.last(ResumeBot).gap_s < 0.7


def test_a_word_guessed_from_a_hum_does_not_interrupt(call: Simulated) -> None:
    call.says("What?", seconds=0.3, confidence=0.4)
    assert call.last(IgnoredSound).why == "unclear"
    assert call.last(ResumeBot)


@pytest.mark.parametrize("text", ["You have.", "And?", "the"])
def test_words_that_carry_nothing_do_not_interrupt(call: Simulated, text: str) -> None:
    call.says(text, seconds=0.5, confidence=0.9)
    assert call.last(IgnoredSound).why == "unclear"


def test_more_letters_than_fit_do_not_interrupt(call: Simulated) -> None:
    call.says("Your heart is", seconds=0.2, confidence=0.9)
    assert call.last(IgnoredSound).why == "unclear"


@pytest.mark.parametrize("text", ["Stop it.", "wait", "hello?"])
def test_a_command_interrupts_however_badly_it_is_heard(call: Simulated, text: str) -> None:
    call.says(text, seconds=0.4, confidence=0.1)
    assert call.last(CancelBot)


def test_a_hum_makes_no_gap(call: Simulated) -> None:
    call.hum(0.4)
    call.silence(0.26)
    call.hears("Mm-hmm.")
    assert not call.all(PauseBot) + call.all(CancelBot)


def test_a_long_hum_is_listened_to(call: Simulated) -> None:
    call.hum(1.2)
    assert call.all(PauseBot)


def test_a_weak_voice_is_not_worth_a_gap(call: Simulated) -> None:
    call.voice(0.5, probability=0.6)
    assert not call.all(PauseBot)


def test_who_goes_on_speaking_is_believed_before_they_have_finished(call: Simulated) -> None:
    call.voice(1.8)
    probe = call.last(TranscribeSegment)
    assert probe.probe
    call.hears("I want to tell you")
    assert call.last(CancelBot)
    call.voice(0.6)
    call.silence(0.26)
    call.hears("I want to tell you that it is broken")
    call.silence(1.0)
    assert call.last(TurnEnded).text == "I want to tell you that it is broken"


def test_the_assistant_goes_on_over_music(call: Simulated) -> None:
    call.voice(1.8)
    call.hears("", None)
    assert call.last(ResumeBot)
    call.voice(1.0)
    assert len(call.all(PauseBot)) == 1


def test_what_must_be_heard_whole_is_not_paused_but_words_count() -> None:
    call = Simulated()
    call.bot_speaks(interruptible=False)
    call.silence(0.5)
    call.says("stop it please")
    call.silence(1.0)
    assert not call.all(PauseBot) + call.all(CancelBot)
    ended = call.last(TurnEnded)
    assert (ended.text, ended.interrupted) == ("stop it please", False)


def test_a_recogniser_that_fails_lets_the_assistant_go_on(call: Simulated) -> None:
    call.voice(0.6)
    call.silence(0.26)
    call.take(call.taker.segment_failed(call.last(TranscribeSegment).segment, call.now))
    assert call.last(ResumeBot)


def test_an_okay_that_ends_after_the_assistant_is_still_only_an_okay(call: Simulated) -> None:
    call.voice(0.3)
    call.take(call.taker.bot_ended(call.now))
    call.silence(0.26)
    call.hears("okay")
    call.silence(2.0)
    assert not call.all(TurnEnded)


def test_every_pause_is_resumed_or_cancelled_whatever_happens() -> None:
    random = np.random.default_rng(77)
    texts = ["", "okay", "mm", "stop", "when does it come", "what", "my number is", "yes"]
    for _ in range(12):
        call = Simulated()
        call.bot_speaks()
        unheard: list[int] = []
        asked = 0
        for _ in range(12):
            (call.voice if random.random() < 0.5 else call.silence)(float(random.uniform(0.1, 1.5)))
            segments = call.all(TranscribeSegment)
            unheard += [segment.segment for segment in segments[asked:]]
            asked = len(segments)
            if unheard and random.random() < 0.7:
                text, confidence = str(random.choice(texts)), float(random.random())
                call.take(call.taker.segment_heard(unheard.pop(0), text, confidence, call.now))
        call.silence(0.5)
        unheard += [segment.segment for segment in call.all(TranscribeSegment)[asked:]]
        for number in unheard:
            call.take(call.taker.segment_heard(number, "", None, call.now))
        call.silence(12.0)
        assert len(call.all(PauseBot)) == len(call.all(ResumeBot)) + sum(
            1 for at, command in call.told if isinstance(command, CancelBot) and _was_paused(call, at)
        )
        assert call.taker.state in ("listening", "speaking")


def _was_paused(call: Simulated, until: float) -> bool:
    paused = False
    for at, command in call.told:
        if isinstance(command, CancelBot) and at == until:
            return paused
        if isinstance(command, PauseBot):
            paused = True
        elif isinstance(command, ResumeBot):
            paused = False
    return paused


@pytest.mark.parametrize("echo_s", [0.0, 1.0])
def test_a_first_word_that_is_taken_for_an_echo_is_not_lost(
    call: Simulated, echo_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = call.now + echo_s
    monkeypatch.setattr(EchoJudge, "is_echo", lambda self, at, was_echo: at < began + 0.4)
    call.voice(echo_s, level=0.005)
    began = call.now
    call.says("what are your opening hours", seconds=1.6)
    segment = call.last(TranscribeSegment)
    assert segment.start == pytest.approx(began, abs=0.07)
    assert segment.samples.size / 16000 == pytest.approx(1.6 + 0.4, abs=0.1)
