"""When a turn begins and ends while the assistant is silent."""

import numpy as np
import pytest

from service.voice.turns import (
    IgnoredSound,
    JudgeEnd,
    PauseBot,
    ResumeBot,
    TranscribeSegment,
    TurnBegan,
    TurnEnded,
    TurnSettings,
)
from tests.service.voice.turns.simulated import STEP_S, Simulated


@pytest.fixture
def call() -> Simulated:
    call = Simulated()
    call.silence(0.5)
    return call


def test_a_turn_ends_after_the_silence_timeout(call: Simulated) -> None:
    call.says("where is my parcel", seconds=1.0)
    call.silence(1.0)
    ended = call.last(TurnEnded)
    assert ended.text == "where is my parcel"
    assert ended.because == "silence"
    assert not ended.interrupted
    assert call.when(TurnEnded) - ended.end == pytest.approx(0.7, abs=STEP_S)
    assert call.last(TurnBegan).at == pytest.approx(ended.start, abs=1e-6)


def test_a_word_of_150_ms_is_a_turn(call: Simulated) -> None:
    call.says("no", seconds=0.15)
    call.silence(0.6)
    assert call.last(TurnEnded).text == "no"


def test_a_line_that_falls_still_in_the_middle_of_a_voice_ends_the_turn(call: Simulated) -> None:
    call.voice(1.0)
    stopped = call.now
    for _ in range(100):
        call.now += 0.02
        call.take(call.taker.tick(call.now))
        if call.all(TranscribeSegment) and not call.all(TurnEnded):
            call.hears("where is my parcel")
    ended = call.last(TurnEnded)
    assert ended.text == "where is my parcel"
    assert ended.end == pytest.approx(stopped, abs=STEP_S)
    assert call.taker.state == "listening"
    call.says("no, my order", seconds=0.64)
    call.silence(1.0)
    assert call.last(TurnEnded).text == "no, my order"


def test_a_click_is_nothing(call: Simulated) -> None:
    call.voice(0.064)
    call.silence(2.0)
    assert call.told == []


def test_the_clip_has_the_voice_without_what_was_before_it(call: Simulated) -> None:
    call.says("hello there", seconds=0.96)
    call.silence(1.0)
    clip = call.last(TurnEnded).samples
    assert clip.size / 16000 == pytest.approx(0.96 + 0.12, abs=0.04)
    assert call.last(TranscribeSegment).samples.size / 16000 == pytest.approx(0.96 + 0.4, abs=0.04)


def test_a_short_pause_is_heard_again_in_one_piece(call: Simulated) -> None:
    call.says("I would like to", seconds=0.64)
    call.says("I would like to cancel it", seconds=0.64)
    call.silence(1.0)
    first, second = call.all(TranscribeSegment)
    assert second.replaces == (first.segment,)
    assert second.samples.size > 2 * 0.64 * 16000
    ended = call.last(TurnEnded)
    assert (ended.text, ended.segments) == ("I would like to cancel it", (second.segment,))
    assert len(call.all(TurnBegan)) == 1


def test_a_rejoined_segment_that_cannot_be_heard_keeps_what_was_heard_before(call: Simulated) -> None:
    call.says("my parcel", seconds=0.64)
    call.voice(0.3)
    call.silence(0.26)
    call.take(call.taker.segment_failed(call.last(TranscribeSegment).segment, call.now))
    call.silence(1.0)
    assert call.last(TurnEnded).text == "my parcel"


def test_a_turn_waits_for_words_that_come_late(call: Simulated) -> None:
    call.voice(0.6)
    call.silence(3.0)
    assert call.all(TurnEnded) == []
    call.hears("where is my parcel")
    ended = call.last(TurnEnded)
    assert ended.ended_at - ended.end == pytest.approx(0.7, abs=STEP_S)


def test_speaking_again_before_the_words_are_there_goes_on_with_the_turn(call: Simulated) -> None:
    call.voice(0.6)
    call.silence(1.0)
    call.voice(0.6)
    call.silence(0.26)
    for segment, text in zip(call.all(TranscribeSegment), ("one thing", "and another"), strict=True):
        call.take(call.taker.segment_heard(segment.segment, text, None, call.now))
    call.silence(1.0)
    assert [ended.text for ended in call.all(TurnEnded)] == ["one thing and another"]


@pytest.mark.parametrize("text", ["my number is", "I want to", "it's the"])
def test_after_unfinished_words_more_is_waited_for(call: Simulated, text: str) -> None:
    call.says(text)
    call.silence(1.5)
    assert call.all(TurnEnded) == []
    call.silence(0.5)
    assert call.last(TurnEnded).because == "patience"


def test_a_long_pause_while_looking_for_the_number_is_waited_for(call: Simulated) -> None:
    call.taker.awaits("shop_order_number")
    call.says("one moment, let me look")
    call.silence(6.0)
    call.says("four", seconds=0.3)
    call.hears("4")
    assert call.all(TurnEnded) == []
    call.silence(1.0)
    call.says("17", seconds=0.5)
    call.silence(2.0)
    assert [ended.text for ended in call.all(TurnEnded)] == ["one moment, let me look 417"]


def test_who_does_not_have_the_number_is_not_waited_for(call: Simulated) -> None:
    call.taker.awaits("shop_order_number")
    call.says("I do not have it", seconds=0.8)
    call.silence(0.8)
    assert call.last(TurnEnded).because == "silence"


def test_thinking_aloud_is_no_message(call: Simulated) -> None:
    call.says("Um.")
    call.silence(4.0)
    ignored = call.last(IgnoredSound)
    assert (ignored.why, ignored.turn) == ("filler", call.last(TurnBegan).turn)
    assert call.all(TurnEnded) == []


def test_a_cough_that_the_recogniser_refuses_is_no_message(call: Simulated) -> None:
    call.says("")
    call.silence(1.0)
    assert call.last(IgnoredSound).why == "no_words"
    assert call.all(TurnEnded) == []


def test_words_guessed_from_a_short_sound_are_no_message(call: Simulated) -> None:
    call.says("Yeah.", seconds=0.3, confidence=0.45)
    call.silence(1.0)
    assert call.last(IgnoredSound).why == "unclear"
    call.says("Yeah.", seconds=0.3, confidence=0.55)
    call.silence(1.0)
    assert call.last(TurnEnded).text == "Yeah."


def test_smart_turn_ends_early_or_waits() -> None:
    for probability, waits_s, because in ((0.9, 0.3, "complete"), (0.1, 1.4, "patience"), (None, 0.7, "silence")):
        call = Simulated(TurnSettings())
        call.silence(0.5)
        call.voice(0.9)
        call.silence(0.224)
        call.take(call.taker.end_judged(call.last(JudgeEnd).segment, probability, call.now))
        call.hears("where is my parcel")
        call.silence(2.0)
        ended = call.last(TurnEnded)
        assert ended.because == because
        assert call.when(TurnEnded) - ended.end == pytest.approx(waits_s, abs=STEP_S + 1e-6)


def test_smart_turn_that_does_not_answer_is_replaced_by_the_timeout() -> None:
    call = Simulated(TurnSettings())
    call.says("where is my parcel")
    call.silence(1.0)
    assert call.last(TurnEnded).because == "silence"
    call.take(call.taker.end_judged(call.last(JudgeEnd).segment, 0.0, call.now))
    assert len(call.all(TurnEnded)) == 1


def test_smart_turn_is_not_believed_after_unfinished_words() -> None:
    call = Simulated(TurnSettings())
    call.says("my number is")
    call.take(call.taker.end_judged(call.last(JudgeEnd).segment, 0.99, call.now))
    call.silence(1.2)
    assert call.all(TurnEnded) == []


def test_an_endless_talk_is_cut_into_messages() -> None:
    call = Simulated(TurnSettings(strategy="timeout", longest_segment_s=2.0, longest_turn_s=5.0))
    call.voice(13.0)
    call.silence(2.0)
    for segment in call.all(TranscribeSegment):
        call.take(call.taker.segment_heard(segment.segment, "and so on and on", None, call.now))
        call.silence(0.1)
    call.silence(2.0)
    assert len(call.all(TurnEnded)) >= 2
    assert call.all(TurnEnded)[0].because == "too_long"
    assert max(ended.samples.size for ended in call.all(TurnEnded)) <= 8 * 16000


def test_switching_the_microphone_off_ends_the_turn_at_once(call: Simulated) -> None:
    call.voice(0.6)
    call.take(call.taker.muted(True, call.now))
    call.hears("goodbye then")
    assert call.last(TurnEnded).because == "muted"
    call.voice(1.0)
    call.take(call.taker.muted(False, call.now))
    assert len(call.all(TurnBegan)) == 1
    call.says("I am back")
    call.silence(1.0)
    assert call.last(TurnEnded).text == "I am back"


def test_a_reply_that_comes_while_the_customer_speaks_waits(call: Simulated) -> None:
    call.voice(0.6)
    call.bot_speaks()
    assert call.last(PauseBot)
    call.silence(0.26)
    call.hears("and one more thing")
    call.silence(1.0)
    assert call.last(TurnEnded).text == "and one more thing"
    assert call.when(ResumeBot) == call.when(TurnEnded)


def test_senseless_sounds_and_words_do_no_harm(call: Simulated) -> None:
    nothing = np.zeros(0, dtype=np.float32)
    for probability in (float("nan"), -1.0, 7.0, float("inf")):
        call.take(call.taker.sound(nothing, call.now, probability))
    call.take(call.taker.segment_heard(999, "nobody said it", 0.9, call.now))
    call.take(call.taker.end_judged(999, float("nan"), call.now))
    call.take(call.taker.bot_ended(call.now))
    assert call.told == []


@pytest.mark.parametrize("value", [0.0, -1.0, 500.0, float("nan")])
def test_settings_out_of_range_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match=r"silence_s .* allowed are 0\.02 to 120"):
        TurnSettings(silence_s=value)


def test_sound_dies_with_its_turn_and_silence_gathers_nothing() -> None:
    call = Simulated()
    call.says("where is my order")
    call.silence(4.0)
    assert len(call.all(TurnEnded)) == 1
    tape = call.taker._tape
    assert tape.cut(0.0, call.now - 2.1).size == 0
    assert tape.cut(0.0, call.now).size <= 2.1 * 16_000
    call.voice(6.0)
    assert tape.cut(0.0, call.now).size > 6.0 * 16_000


@pytest.mark.parametrize("voice_s", [0.8, 4.0, 30.0])
def test_a_talk_whose_pauses_are_short_becomes_messages_all_the_same(voice_s: float) -> None:
    call = Simulated(TurnSettings(strategy="timeout", longest_turn_s=15, longest_segment_s=10))
    while call.now < 60:
        call.voice(voice_s)
        call.silence(0.4)
        for segment in call.all(TranscribeSegment):
            call.take(call.taker.segment_heard(segment.segment, "and so on", 0.9, call.now))
    turns = call.all(TurnEnded)
    assert len(turns) >= 2
    assert all(turn.end - turn.start <= 15 + 10 + 1 for turn in turns)
