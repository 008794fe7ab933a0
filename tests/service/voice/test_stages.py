"""Moments of a turn, counted from the customer's last sound."""

from service.calls.wire import Stages
from service.voice.stages import StageClock


def test_every_stage_counts_from_the_last_sound() -> None:
    clock = StageClock()
    clock.heard("m", speech_end=10.0, turn_end=10.7, transcript=10.8)
    assert clock.of("m") == Stages(turn_end=0.7, transcript=0.8)
    clock.accepted("m", 10.85)
    clock.answered("m", "r1", 11.0)
    clock.answered("m", "r2", 11.5)
    clock.spoken("r1", 11.1)
    assert clock.sounded("r2", 11.9) is None, "the first reply counts"
    measured = clock.sounded("r1", 11.12)
    assert measured is not None and measured[0] == "m"
    assert measured[1].accepted == 0.85
    assert (measured[1].answered, measured[1].spoken, measured[1].first_audio) == (1.0, 1.1, 1.12)
    assert clock.sounded("r1", 11.2) is None, "once"


def test_a_reply_to_nothing_is_not_measured() -> None:
    clock = StageClock()
    clock.answered("unknown", "r", 1.0)
    clock.accepted("unknown", 1.0)
    clock.spoken("r", 1.0)
    assert clock.sounded("r", 1.0) is None


def test_turns_that_nobody_answers_are_forgotten() -> None:
    clock = StageClock()
    for number in range(100):
        clock.heard(f"m{number}", speech_end=0, turn_end=0, transcript=0)
        clock.answered(f"m{number}", f"r{number}", 1.0)
    assert clock.of("m0") == Stages()
    assert clock.sounded("r0", 2.0) is None
    assert clock.sounded("r99", 2.0) is not None
    assert len(clock._answers) <= 32
