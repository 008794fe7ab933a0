"""Another person's voice is never scored as the customer's: it is separated, or the voice is absent and says so."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest

from emotion import VoiceScorer
from service.second_voice import LEFT_OUT, SEPARATED, OwnVoice, SecondVoice
from speech import DiarizationSetup, Diarizer, SpeakerTurn, Suspicion, WhoSpeaksError
from tests.service.talk import Customer, Talk
from vocabulary import (
    ANOTHER_VOICE,
    SAMPLE_RATE_HZ,
    Assessment,
    Clip,
    Decision,
    Modality,
    Mode,
)

FIVE_SECONDS = Clip(np.full(5 * SAMPLE_RATE_HZ, 0.1, np.float32))


class KnownTurns(Diarizer):
    """Diarization that answers as the test says; None is an environment that is not installed."""

    def __init__(self, answer: tuple[SpeakerTurn, ...] | WhoSpeaksError | None) -> None:
        super().__init__(DiarizationSetup(pipeline=Path("nowhere")))
        self.answer = answer
        self.asked = 0

    @property
    def missing(self) -> str | None:
        return "not installed" if self.answer is None else None

    def turns(self, clip: Clip, *, budget_s: float | None = None) -> tuple[SpeakerTurn, ...]:
        self.asked += 1
        if isinstance(self.answer, WhoSpeaksError):
            raise self.answer
        return self.answer or ()


def suspects(yes: bool) -> Callable[[Clip], Suspicion]:
    return lambda _clip: Suspicion(yes, float(yes), "as the test says")


TWO = (SpeakerTurn(0.0, 3.0, "a"), SpeakerTurn(2.0, 4.0, "b"))


async def test_an_unsuspected_clip_is_kept_whole_and_nobody_is_asked() -> None:
    diarizer = KnownTurns(TWO)
    own = await SecondVoice(diarizer, suspect=suspects(False)).own_voice(FIVE_SECONDS)
    assert own.clip is FIVE_SECONDS and own.second_voice is None and diarizer.asked == 0


async def test_a_suspected_clip_carries_the_customer_s_spans() -> None:
    own = await SecondVoice(KnownTurns(TWO), suspect=suspects(True)).own_voice(FIVE_SECONDS)
    assert own.clip is not None and own.second_voice == SEPARATED
    assert own.clip.customer_segments == ((0.0, 2.0),)
    assert own.clip.samples is FIVE_SECONDS.samples


@pytest.mark.parametrize(
    "answer",
    [None, WhoSpeaksError("late", code="too_slow"), WhoSpeaksError("gone", code="died"), ()],
    ids=["not installed", "too slow", "died", "found nobody"],
)
async def test_without_an_answer_the_voice_is_left_out(answer: tuple[SpeakerTurn, ...] | WhoSpeaksError | None) -> None:
    own = await SecondVoice(KnownTurns(answer), suspect=suspects(True)).own_voice(FIVE_SECONDS)
    assert own.clip is None and own.second_voice == LEFT_OUT


async def test_two_channels_are_two_people_without_listening() -> None:
    own = await SecondVoice(KnownTurns(None), suspect=suspects(False)).own_voice(FIVE_SECONDS, two_sides=True)
    assert own.clip is None and own.second_voice == LEFT_OUT


async def test_a_missing_model_does_not_stop_the_turn() -> None:
    def broken(_clip: Clip) -> Suspicion:
        raise WhoSpeaksError("no model")

    own = await SecondVoice(KnownTurns(None), suspect=broken).own_voice(FIVE_SECONDS)
    assert own.clip is FIVE_SECONDS


def listen(talk: Talk, answer: tuple[SpeakerTurn, ...] | None, *, suspected: bool = True) -> KnownTurns:
    """Give the running service these opinions about voices."""
    diarizer = KnownTurns(answer)
    talk.services.intake._second_voice = SecondVoice(diarizer, suspect=suspects(suspected))
    return diarizer


async def stored(talk: Talk, customer: Customer, message_id: str) -> tuple[str | None, dict[str, object]]:
    """The message's clip id and its receipt."""
    async with talk.services.db.reading() as tx:
        message = await tx.inbox.get(customer.id, message_id)
        receipt = await tx.receipts.get(customer.id, message_id, "spoken")
    assert message is not None and receipt is not None
    return message.clip_id, receipt


async def speak(customer: Customer, message_id: str) -> None:
    answer = await customer.post(f"audio?id={message_id}", content=b"say:where is my order")
    assert answer.status_code == 202, answer.text


async def test_the_words_go_on_and_the_sound_stays_behind(talk: Talk, customer: Customer) -> None:
    await customer.consent("voice")
    listen(talk, None)
    message_id = uuid4().hex
    await speak(customer, message_id)
    assert await stored(talk, customer, message_id) == (None, {"clip": False, "second_voice": LEFT_OUT})
    assert [message.text for message in await customer.settled()][:1] == ["where is my order"]
    assert not list(talk.services.settings.media_dir.glob("*.media"))


async def test_the_spans_are_stored_with_the_clip(talk: Talk, customer: Customer) -> None:
    await customer.consent("voice")
    listen(talk, (SpeakerTurn(0.0, 0.7, "a"), SpeakerTurn(0.6, 1.0, "b")))
    kept: list[Clip] = []
    put = talk.services.media.put_clip
    talk.services.media.put_clip = lambda clip: kept.append(clip) or put(clip)  # type: ignore[method-assign, func-returns-value]
    message_id = uuid4().hex
    await speak(customer, message_id)
    clip_id, receipt = await stored(talk, customer, message_id)
    assert clip_id is not None and receipt == {"clip": True, "second_voice": SEPARATED}
    assert [clip.customer_segments for clip in kept] == [((0.0, 0.6),)]


async def test_without_consent_nothing_is_computed_about_a_voice(talk: Talk, customer: Customer) -> None:
    def forbidden(_clip: Clip) -> Suspicion:
        raise AssertionError("listened without consent")

    talk.services.intake._second_voice = SecondVoice(KnownTurns(TWO), suspect=forbidden)
    message_id = uuid4().hex
    await speak(customer, message_id)
    assert await stored(talk, customer, message_id) == (None, {"clip": False, "second_voice": None})


async def test_a_withdrawal_while_voices_are_told_apart_keeps_nothing(talk: Talk, customer: Customer) -> None:
    await customer.consent("voice")
    asked, answer = asyncio.Event(), asyncio.Event()

    class Slow(SecondVoice):
        async def own_voice(self, clip: Clip, *, two_sides: bool = False) -> OwnVoice:
            asked.set()
            await answer.wait()
            return OwnVoice(clip, SEPARATED)

    talk.services.intake._second_voice = Slow(KnownTurns(TWO))
    kept: list[Clip] = []
    talk.services.media.put_clip = lambda clip: str(kept.append(clip))  # type: ignore[method-assign, func-returns-value]
    message_id = uuid4().hex
    speaking = asyncio.create_task(speak(customer, message_id))
    await asyncio.wait_for(asked.wait(), 5)
    await customer.consent("voice", False)
    answer.set()
    await speaking
    assert not kept
    assert await stored(talk, customer, message_id) == (None, {"clip": False, "second_voice": None})


async def test_a_withdrawal_forgets_that_another_voice_was_heard(talk: Talk, customer: Customer) -> None:
    await customer.consent("voice")
    listen(talk, None)
    message_id = uuid4().hex
    await speak(customer, message_id)
    await customer.settled()
    left_out = Assessment(customer.id, message_id, absent={Modality.VOICE: ANOTHER_VOICE, Modality.TEXT: "no words"})
    async with talk.services.db.transaction() as tx:
        await tx.assessments.save(left_out, Decision(Mode.NEUTRAL, False, False, "calm"), None)
    await customer.consent("text", False)
    assert await stored(talk, customer, message_id) == (None, {"clip": False, "second_voice": LEFT_OUT})
    await customer.consent("voice", False)
    assert await stored(talk, customer, message_id) == (None, {"clip": False, "second_voice": None})
    async with talk.services.db.reading() as tx:
        assessed = await tx.assessments.get(customer.id, message_id)
        events = await tx.events.recent()
    assert assessed is not None
    assert assessed.assessment.absent == {Modality.VOICE: "no consent", Modality.TEXT: "no words"}
    assert not any("second_voice" in event.payload for event in events)
    assert (await customer.get(f"turns/{message_id}")).json()["voice_left_out"] is False


async def test_the_turn_says_that_the_voice_was_left_out(talk: Talk, customer: Customer) -> None:
    message_id = uuid4().hex
    await speak(customer, message_id)
    await customer.settled()
    assert (await customer.get(f"turns/{message_id}")).json()["voice_left_out"] is False
    left_out = Assessment(customer.id, message_id, absent={Modality.VOICE: ANOTHER_VOICE})
    async with talk.services.db.transaction() as tx:
        await tx.assessments.save(left_out, Decision(Mode.NEUTRAL, False, False, "calm"), None)
    assert (await customer.get(f"turns/{message_id}")).json()["voice_left_out"] is True


def test_the_voice_scorer_hears_the_stored_spans_only(talk_free_media: tuple[Path, Path]) -> None:
    """Whatever the other person's part sounds like, the score is the same; without spans it is not."""
    from privacy import KeyRing
    from store import MediaStore

    folder, models = talk_free_media
    media = MediaStore(folder / "media", KeyRing.load_or_create(folder / "keys.json"))
    scorer = VoiceScorer(models / "voice_emotion")
    times = np.arange(3 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ

    def voice(hz: float, swing: float, level: float) -> np.ndarray:
        phase = hz * times + swing * np.sin(2.1 * times)
        return (level * sum(np.sin(2 * np.pi * k * phase) / k for k in range(1, 14))).astype(np.float32)

    own, others = voice(120, 3, 0.05), (voice(300, 20, 0.2), voice(90, 1, 0.01))
    spans = ((0.0, 3.0),)
    through = [
        media.get_clip(media.put_clip(Clip(np.concatenate([own, other]), customer_segments=spans))) for other in others
    ]
    scores = [scorer.score(clip) for clip in through if clip is not None]
    assert len(scores) == 2 and scores[0] is not None
    assert scores[0] == scores[1]
    whole = [scorer.score(Clip(np.concatenate([own, other]))) for other in others]
    assert whole[0] != whole[1]


@pytest.fixture
def talk_free_media(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path, Path(__file__).resolve().parents[2] / "models"
