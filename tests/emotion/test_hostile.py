"""Whatever comes in, every scorer gives a clear result or a clear reason, within the time of one turn."""

import io
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from benchmarks import drawn_turn
from emotion import (
    BehaviourScorer,
    FaceScorer,
    Panel,
    Readings,
    TextScorer,
    TurnSignals,
    VoiceScorer,
    decode_frame,
)
from tests.emotion.builders import tone, voice
from vocabulary import (
    SAMPLE_RATE_HZ,
    Absent,
    Clip,
    ClipError,
    Frame,
    FrameError,
    Modality,
    ModalityScore,
    Step,
    StepKind,
)

MODELS = Path(__file__).resolve().parents[2] / "models"
BUDGET_S = 2.0
"""Time of one whole assessment (actions/settings.py). Counted as processor time: other programs do not matter."""

Samples = NDArray[np.float32]


@pytest.fixture(scope="module")
def panel(text_scorer: TextScorer, voice_scorer: VoiceScorer) -> Panel:
    return Panel(
        text=text_scorer,
        voice=voice_scorer,
        face=FaceScorer(MODELS / "face_emotion"),
        behaviour=BehaviourScorer(MODELS / "behaviour"),
    )


def timed(panel: Panel, signals: TurnSignals) -> Readings:
    """Score within the budget; a scorer that raised is a failure, not an absence."""
    started = time.process_time()
    readings = panel.read(signals)
    assert time.process_time() - started < BUDGET_S
    assert not [reason for reason in readings.absent.values() if "failed" in reason]
    assert not [value for score in readings.scores for value in score.probabilities if not np.isfinite(value)]
    return readings


def answer(panel: Panel, signals: TurnSignals, modality: Modality) -> ModalityScore | str:
    readings = timed(panel, signals)
    found = [score for score in readings.scores if score.modality is modality]
    return found[0] if found else readings.absent[modality]


# Voice


def said(samples: Samples) -> TurnSignals:
    return TurnSignals(clip=Clip(np.asarray(samples, dtype=np.float32)))


SPEECH = voice(3, seconds=3.0).samples
NOISE = np.random.default_rng(0).normal(size=3 * SAMPLE_RATE_HZ).astype(np.float32)


@pytest.mark.parametrize(
    ("name", "samples"),
    [
        ("an empty clip", np.zeros(0)),
        ("one sample", np.ones(1)),
        ("50 ms", SPEECH[: SAMPLE_RATE_HZ // 20]),
        ("silence", np.zeros(3 * SAMPLE_RATE_HZ)),
        ("a constant", np.full(3 * SAMPLE_RATE_HZ, 0.7)),
        ("a whisper of rounding errors", NOISE * 1e-7),
        ("one click", np.eye(1, 3 * SAMPLE_RATE_HZ, SAMPLE_RATE_HZ)[0]),
    ],
)
def test_sound_without_a_voice_is_absent_with_the_reason(panel: Panel, name: str, samples: Samples) -> None:
    found = answer(panel, said(samples), Modality.VOICE)
    assert isinstance(found, str) and found, name


@pytest.mark.parametrize(
    ("name", "samples"),
    [
        ("white noise", 0.3 * NOISE),
        ("noise at full scale", np.clip(NOISE, -1, 1)),
        ("a hum", tone(50.0, 3.0)),
        ("a steady tone", tone(220.0, 3.0, harmonics=1)),
        ("a square wave", np.sign(np.sin(np.arange(3 * SAMPLE_RATE_HZ) / 20.0))),
        ("samples beyond full scale", 1000 * SPEECH),
        ("speech played backwards", SPEECH[::-1]),
        ("speech in its second half only", np.concatenate([np.zeros(SPEECH.size), SPEECH])),
    ],
)
def test_strange_sound_gets_an_answer_that_is_a_score_or_a_reason(panel: Panel, name: str, samples: Samples) -> None:
    found = answer(panel, said(samples), Modality.VOICE)
    assert isinstance(found, ModalityScore) or found, name


@pytest.mark.parametrize("offset", [0.05, 0.3, -0.5])
def test_an_offset_of_the_microphone_changes_nothing_that_matters(panel: Panel, offset: float) -> None:
    plain = answer(panel, said(SPEECH), Modality.VOICE)
    shifted = answer(panel, said(SPEECH + offset), Modality.VOICE)
    assert isinstance(plain, ModalityScore) and isinstance(shifted, ModalityScore)
    assert np.abs(np.array(plain.probabilities) - shifted.probabilities).max() < 0.05


def test_clipped_speech_is_still_judged(panel: Panel) -> None:
    assert isinstance(answer(panel, said(np.clip(20 * SPEECH, -1, 1)), Modality.VOICE), ModalityScore)


def test_ten_minutes_cost_no_more_than_a_turn_may(panel: Panel) -> None:
    long = np.tile(SPEECH, 200)
    assert long.size == 600 * SAMPLE_RATE_HZ
    assert isinstance(answer(panel, said(long), Modality.VOICE), ModalityScore)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_sound_that_is_no_number_is_refused_before_any_scorer(value: float) -> None:
    broken = SPEECH.copy()
    broken[100] = value
    with pytest.raises(ClipError, match="NaN or infinity"):
        Clip(broken)


@pytest.mark.parametrize("segments", [(), ((0.0, 0.0),), ((5.0, 9.0),), ((-3.0, -1.0),), ((2.0, 1.0),), ((0.0, 1e9),)])
def test_spans_outside_the_clip_are_no_reason_to_fall_over(
    panel: Panel, segments: tuple[tuple[float, float], ...]
) -> None:
    found = answer(panel, TurnSignals(clip=Clip(SPEECH, customer_segments=segments)), Modality.VOICE)
    assert isinstance(found, ModalityScore) or found


# Words


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nothing", ""),
        ("blanks", " \n\t "),
        ("a number", "4711-22"),
        ("zero bytes", "\x00\x00\x00"),
        ("lone surrogates", "\ud800\udfff"),
    ],
)
def test_texts_without_words_are_absent(panel: Panel, name: str, text: str) -> None:
    found = answer(panel, TurnSignals(text=text), Modality.TEXT)
    assert isinstance(found, str) and found, name


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("10,000 words", "my parcel is late and nobody answers " * 1430),
        ("10,000 words without a full stop or a capital", "word " * 10_000),
        ("one word of 100,000 letters", "a" * 100_000),
        ("100,000 exclamation marks", "no" + "!" * 100_000),
        ("letters under a pile of marks", "he" + "\u0301" * 3000 + "llo where is my order"),
        ("right to left marks around English", "\u202ewhere is my order\u202c please"),
        ("zero-width letters", "w\u200bh\u200be\u200br\u200be is my order"),
        ("full-width letters", "ｗｈｅｒｅ ｉｓ ｍｙ ｏｒｄｅｒ"),
        ("a mix of scripts", "where is мой заказ please 我的订单"),
        ("mark-up", "<script>alert(1)</script> where is my order"),
        ("a format string", "%s %n {0} {{}} where is my order"),
        ("many lines", "where is my order\n" * 2000),
    ],
)
def test_strange_texts_get_a_score_or_a_reason(panel: Panel, name: str, text: str) -> None:
    found = answer(panel, TurnSignals(text=text), Modality.TEXT)
    assert isinstance(found, ModalityScore) or found, name


@pytest.mark.parametrize("text", ["أين طلبي؟ لقد انتظرت طويلا جدا", "איפה ההזמנה שלי? חיכיתי יותר מדי זמן"])
def test_right_to_left_languages_are_absent_and_not_neutral(panel: Panel, text: str) -> None:
    assert isinstance(answer(panel, TurnSignals(text=text), Modality.TEXT), str)


@pytest.mark.parametrize(("text", "label"), [("😡😡😡", "anger"), ("😀🎉❤️", "happiness"), ("😡" * 4000, "anger")])
def test_only_emoji_are_read_as_what_they_show_or_left_alone(panel: Panel, text: str, label: str) -> None:
    found = answer(panel, TurnSignals(text=text), Modality.TEXT)
    if isinstance(found, ModalityScore):
        assert found.probabilities[6] < 0.9, "a row of faces is not neutral"


# Face

FACE = drawn_turn.face()


def encoded(pixels: NDArray[np.uint8], kind: str = "PNG") -> bytes:
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, kind)
    return content.getvalue()


def animated() -> bytes:
    content = io.BytesIO()
    pictures = [Image.fromarray(drawn_turn.face(number)) for number in range(3)]
    pictures[0].save(content, "GIF", save_all=True, append_images=pictures[1:], duration=100)
    return content.getvalue()


def photograph_of_a_photograph() -> NDArray[np.uint8]:
    """The portrait hangs on a wall, a third of the picture wide, in a frame."""
    wall = np.full((480, 640, 3), 210, dtype=np.uint8)
    wall[100:390, 180:470] = 60
    small = np.asarray(Image.fromarray(FACE).resize((250, 250)))
    wall[120:370, 200:450] = small
    return wall


def test_the_drawn_face_is_found(panel: Panel) -> None:
    assert isinstance(answer(panel, TurnSignals(frames=(Frame(FACE),)), Modality.FACE), ModalityScore)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a photograph of a photograph", photograph_of_a_photograph),
        ("grey", lambda: np.full((480, 640, 3), 128, dtype=np.uint8)),
        ("black", lambda: np.zeros((480, 640, 3), dtype=np.uint8)),
        ("noise", lambda: np.random.default_rng(1).integers(0, 255, (480, 640, 3), dtype=np.uint8)),
        ("one pixel", lambda: np.zeros((1, 1, 3), dtype=np.uint8)),
        ("one row", lambda: np.zeros((1, 4000, 3), dtype=np.uint8)),
        ("upside down", lambda: FACE[::-1].copy()),
        ("on its side", lambda: np.rot90(FACE).copy()),
        ("two faces", lambda: np.concatenate([FACE, FACE], axis=1)),
        ("8k × 8k", lambda: np.kron(FACE[:400, 120:520], np.ones((20, 20, 1), dtype=np.uint8))),
    ],
)
def test_strange_pictures_get_a_score_or_a_reason(
    panel: Panel, name: str, make: Callable[[], NDArray[np.uint8]]
) -> None:
    found = answer(panel, TurnSignals(frames=(Frame(make()),)), Modality.FACE)
    assert isinstance(found, ModalityScore) or found, name


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("an animated GIF", animated()),
        ("a grey JPEG", encoded(FACE[..., 0], "JPEG")),
        ("a picture of 8k × 8k", encoded(np.zeros((8000, 8000), dtype=np.uint8))),
        ("nothing", b""),
        ("a text", b"this is no picture"),
        ("half a PNG", encoded(FACE)[:5000]),
        ("a GIF's head alone", b"GIF89a"),
    ],
)
def test_strange_files_are_a_picture_or_a_clear_error(name: str, data: bytes) -> None:
    started = time.process_time()
    try:
        frame: Frame | Absent = decode_frame(data)
    except FrameError as error:
        assert str(error) and error.code
    else:
        assert isinstance(frame, Frame)
    assert time.process_time() - started < BUDGET_S, name


# Behaviour


def test_any_steps_get_a_score_or_a_reason(panel: Panel) -> None:
    flood = tuple(Step("pay", StepKind.CLICK, at) for at in range(0, 10_000))
    backwards = tuple(Step("pay", StepKind.ENTER, at) for at in range(60_000, 0, -1000))
    for steps in ((Step("pay", StepKind.ENTER, 0),), flood, backwards, flood[:1] * 500):
        found = answer(panel, TurnSignals(steps=steps), Modality.BEHAVIOUR)
        assert isinstance(found, ModalityScore) or found
