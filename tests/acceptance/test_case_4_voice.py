"""Case 4: a voice gives its pitch, its tone, a sentiment and an engagement score, where the customer allows it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from benchmarks import Stack
from emotion.voice.prosody import NAMES
from store import Database, StoredAssessment
from tests.acceptance.browsing import ANSWER_MS, ask, in_database, open_chat
from tests.acceptance.test_case_3_face import conversation_of
from tests.flite import Speak
from vocabulary import FINE_SENTIMENTS, LABELS, Emotion, Modality, ModalityScore

pytestmark = [pytest.mark.processes, pytest.mark.browser, pytest.mark.case(4, "voice")]

SENTENCE = "where is my order please, I have been waiting for it since Monday"


@dataclass(frozen=True)
class Heard:
    """What is stored of one conversation's voice. usual: its running profile, None where there is none."""

    scores: list[ModalityScore]
    emotions: list[Emotion]
    hints: list[str]
    usual: dict[str, Any] | None

    def pitch(self) -> float:
        """Semitones above 55 Hz."""
        assert self.usual is not None
        return float(self.usual["mean"][NAMES.index("pitch_median")])


def test_voice_gives_pitch_tone_sentiment_and_engagement(context: BrowserContext, stack: Stack, speak: Speak) -> None:
    high = spoken_turn(context, stack, speak(SENTENCE, "slt"))
    page = context.new_page()
    chat = open_spoken_chat(page, stack)
    send(chat, speak(SENTENCE, "rms"))
    low = stored(stack, conversation_of(page))
    for heard in (high, low):
        (score,), (emotion,) = heard.scores, heard.emotions
        assert len(score.probabilities) == len(LABELS) and 0 < score.confidence <= 1
        assert score.arousal is not None and score.valence is not None
        assert -1 <= score.arousal <= 1 and -1 <= score.valence <= 1
        assert score.engagement is not None and 0 <= score.engagement <= 1
        assert emotion.sentiment is not None and len(emotion.sentiment) == len(FINE_SENTIMENTS)
        assert emotion.engagement is not None and 0 <= emotion.engagement <= 1
        assert score.doubt is not None and 0 <= score.doubt <= 1
        assert any("synthetic" in line for line in heard.hints) == score.is_doubted
    # A woman's voice and a man's, each within what voices have, and told apart by more than three semitones.
    assert 10 < low.pitch() < high.pitch() - 3 < 30, (low.pitch(), high.pitch())
    a_withdrawal_takes_along_what_was_heard(chat, stack, conversation_of(page))


def test_without_consent_words_are_heard_and_no_voice_is_kept(
    context: BrowserContext, stack: Stack, speak: Speak
) -> None:
    page = context.new_page()
    chat = open_chat(page, stack, allow_text=False)
    send(chat, speak(SENTENCE, "slt"))
    conversation = conversation_of(page)
    heard = stored(stack, conversation)
    assert (heard.scores, heard.emotions, heard.usual) == ([], [], None)
    assert list(stack.settings.media_dir.glob("*")) == []


def a_withdrawal_takes_along_what_was_heard(chat: FrameLocator, stack: Stack, conversation: str) -> None:
    chat.get_by_test_id("consent-open").click()
    chat.get_by_test_id("consent-voice").click()
    expect(chat.get_by_test_id("consent-voice")).not_to_be_checked()
    chat.get_by_test_id("consent-continue").click()
    gone = stored(stack, conversation)
    assert (gone.scores, gone.usual) == ([], None)
    ask(chat, "what are your opening hours")
    assert stored(stack, conversation).scores == []


def spoken_turn(context: BrowserContext, stack: Stack, clip: Path) -> Heard:
    """Somebody new sends a recording; what is stored of it."""
    page = context.new_page()
    send(open_spoken_chat(page, stack), clip)
    heard = stored(stack, conversation_of(page))
    context.clear_cookies()
    page.evaluate("localStorage.clear()")
    page.close()
    return heard


def open_spoken_chat(page: Page, stack: Stack) -> FrameLocator:
    """The chat of a customer who allows words and voice."""
    page.goto(stack.url)
    page.get_by_test_id("chat-launcher").click()
    chat = page.frame_locator("iframe")
    for signal in ("text", "voice"):
        chat.get_by_test_id(f"consent-{signal}").click()
    chat.get_by_test_id("consent-continue").click()
    return chat


def send(chat: FrameLocator, clip: Path) -> None:
    """Send a recording and wait until the assistant has answered it."""
    answers = chat.locator('[data-testid="chat-message"][data-author="bot"]')
    before = answers.count()
    chat.get_by_test_id("chat-file").set_input_files(clip)
    # The first recording may start the recogniser.
    expect(chat.locator("[data-author=customer]").last).to_contain_text("order", timeout=60_000)
    expect(answers.nth(before)).to_be_visible(timeout=ANSWER_MS)


def stored(stack: Stack, conversation: str) -> Heard:
    """What the database holds about the voice of a conversation."""

    async def read(db: Database) -> tuple[list[StoredAssessment], dict[str, Any] | None]:
        async with db.reading() as tx:
            return list(await tx.assessments.timeline(conversation)), await tx.baselines.get(conversation)

    turns, usual = in_database(stack, read)
    return Heard(
        [score for one in turns for score in one.assessment.scores if score.modality is Modality.VOICE],
        [one.assessment.emotion for one in turns if one.assessment.emotion is not None],
        [line for one in turns for line in one.explanations.get("agent", ())],
        usual,
    )
