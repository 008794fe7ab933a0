"""Frames, silence at once, and going on from there: hand-computed on a simulated clock."""

import numpy as np

from service.voice.output_clock import OutputClock
from service.voice.playback import FRAME, Playback, Progress, Spoken


class Told:
    def __init__(self) -> None:
        self.events: list[tuple[str, int, Progress, float]] = []

    def __call__(self, spoken: Spoken, progress: Progress, at: float) -> None:
        self.events.append((spoken.reply, spoken.index, progress, at))

    @property
    def states(self) -> list[tuple[int, Progress]]:
        return [(index, progress) for _, index, progress, _ in self.events]


def sentence(index: int, frames: float, *, pause_s: float = 0.0, last: bool = False, may: bool = True) -> Spoken:
    samples = np.full(int(frames * FRAME), 1000 + index, dtype=np.int16)
    return Spoken("reply", index, samples, pause_s, last, may)


def play(playback: Playback, at: float, count: int) -> list[np.ndarray | None]:
    return [playback.frame(at + number * 0.02) for number in range(count)]


def test_nothing_to_say_is_silence() -> None:
    told = Told()
    assert Playback(told).frame(1.0) is None
    assert told.events == []


def test_sentences_follow_each_other_with_their_pauses() -> None:
    told = Told()
    playback = Playback(told)
    playback.add(sentence(0, 2, pause_s=0.04))
    playback.add(sentence(1, 1.5, last=True))
    frames = play(playback, 10.0, 7)
    assert [None if one is None else int(one[0]) for one in frames] == [1000, 1000, 0, 0, 1001, 1001, None]
    assert int(frames[5][FRAME // 2]) == 0, "the last frame is filled with silence"
    assert told.events == [
        ("reply", 0, "began", 10.0),
        ("reply", 0, "ended", 10.06),
        ("reply", 1, "began", 10.08),
        ("reply", 1, "ended", 10.1),
    ]
    assert playback.is_empty


def test_a_pause_is_silent_after_one_falling_frame_and_goes_on_a_little_before() -> None:
    told = Told()
    playback = Playback(told)
    ramp = np.arange(50 * FRAME, dtype=np.int16)
    playback.add(Spoken("reply", 0, ramp, last=True))
    play(playback, 0.0, 20)
    assert playback.pause(0.4)
    falling, *silent = play(playback, 0.4, 4)
    assert falling is not None and falling[0] == 20 * FRAME and falling[-1] == 0
    assert silent == [None, None, None]
    assert not playback.pause(0.5), "it is silent already"
    assert playback.resume(0.5)
    again = playback.frame(0.5)
    # 0.15 s before sample 6400.
    assert again is not None and again[-1] == 20 * FRAME - 2400 + FRAME - 1
    assert again[0] == 0, "it rises from silence"
    assert told.states == [(0, "began"), (0, "broken_off"), (0, "resumed")]


def test_what_was_broken_off_is_dropped_with_all_that_follows() -> None:
    told = Told()
    playback = Playback(told)
    for index in range(3):
        playback.add(sentence(index, 5, last=index == 2))
    play(playback, 0.0, 2)
    playback.pause(0.04)
    assert playback.cancel(0.1) == "reply"
    assert playback.is_empty and not playback.paused
    assert playback.frame(0.12) is None
    assert told.states == [(0, "began"), (0, "broken_off")], "it is told once"


def test_what_must_be_heard_whole_is_neither_paused_nor_dropped() -> None:
    told = Told()
    playback = Playback(told)
    playback.add(sentence(0, 3, may=False))
    playback.add(sentence(1, 1))
    play(playback, 0.0, 1)
    assert not playback.pause(0.02)
    assert playback.cancel(0.02) is None
    assert [one is not None for one in play(playback, 0.02, 3)] == [True, True, False]
    assert told.states == [(0, "began"), (0, "ended")]


def test_a_sentence_that_has_not_begun_is_not_told_as_broken_off() -> None:
    told = Told()
    playback = Playback(told)
    playback.add(sentence(0, 3))
    assert playback.cancel(0.0) is None
    assert told.events == []


def test_resuming_what_was_not_paused_changes_nothing() -> None:
    playback = Playback(Told())
    assert not playback.resume(0.0)


def test_a_clock_keeps_its_schedule_and_counts_what_leaves_a_whole_frame_late() -> None:
    clock = OutputClock()
    for number, behind in enumerate((0.0, 0.005, 0.015, 0.025, 0.0)):
        due = clock.due(1.0)
        assert abs(due - (1.0 + 0.02 * number)) < 1e-9, "no drift, however late the frames before"
        clock.left(due + behind, with_sound=True)
    clock.left(clock.due(0) + 0.05, with_sound=False)
    assert (clock.frames, clock.late) == (5, 1), "silence is never late"


def test_after_a_standstill_the_clock_begins_anew() -> None:
    clock = OutputClock()
    clock.left(1.0, with_sound=True)
    clock.left(1.5, with_sound=True)
    assert abs(clock.due(1.5) - 1.52) < 1e-9
    assert clock.late == 1
