"""Case 3: a face is read where the customer allows it, stored with its label and its confidence, and not otherwise."""

import io

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, FilePayload, Frame, FrameLocator, Page, expect

from benchmarks import Stack
from benchmarks.drawn_turn import face
from store import Database, StoredAssessment
from tests.acceptance.browsing import ask, in_database, open_chat
from vocabulary import LABELS, Modality, ModalityScore

pytestmark = [pytest.mark.processes, pytest.mark.browser, pytest.mark.case(3, "face")]


def test_photo_is_scored_with_consent_and_not_taken_without(context: BrowserContext, stack: Stack) -> None:
    page = context.new_page()
    chat = open_chat(page, stack, allow_text=False)
    assert "image" not in (chat.get_by_test_id("chat-file").get_attribute("accept") or "")
    ask(chat, "what are your opening hours")
    conversation = conversation_of(page)
    assert faces(stack, conversation) == []

    allow_face(chat, granted=True)
    chat.get_by_test_id("chat-file").set_input_files(photo())
    expect(chat.get_by_test_id("chat-photo")).to_be_visible()
    ask(chat, "what are your opening hours")
    (score,) = faces(stack, conversation)
    assert is_reading(score)
    assert list(stack.settings.media_dir.glob("*")) == [], "the picture is gone with its turn"

    allow_face(chat, granted=False)
    assert faces(stack, conversation) == [], "a withdrawal takes what was read along"
    ask(chat, "what are your opening hours")
    assert faces(stack, conversation) == []


def photo() -> FilePayload:
    out = io.BytesIO()
    Image.fromarray(face(0)).save(out, "JPEG", quality=90)
    return {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def allow_face(chat: FrameLocator, *, granted: bool) -> None:
    chat.get_by_test_id("consent-open").click()
    switch = chat.get_by_test_id("consent-face")
    switch.click()
    (expect(switch).to_be_checked if granted else expect(switch).not_to_be_checked)()
    expect(chat.get_by_test_id("consent-sheet")).to_contain_text("Saved.")
    chat.get_by_test_id("consent-continue").click()


def conversation_of(page: Page) -> str:
    """Which conversation the page's chat is in."""
    frame: Frame = next(frame for frame in page.frames if frame is not page.main_frame)
    return str(frame.evaluate("JSON.parse(localStorage.getItem('attune.conversation')).id"))


def faces(stack: Stack, conversation: str) -> list[ModalityScore]:
    """What is stored about the face, oldest first."""

    async def read(db: Database) -> list[StoredAssessment]:
        async with db.reading() as tx:
            return list(await tx.assessments.timeline(conversation))

    stored = in_database(stack, read)
    return [score for one in stored for score in one.assessment.scores if score.modality is Modality.FACE]


def is_reading(score: ModalityScore) -> bool:
    """Seven labels with their probabilities, the likeliest of them with a confidence."""
    return (
        len(score.probabilities) == len(LABELS)
        and abs(sum(score.probabilities) - 1) < 1e-3
        and 0 < score.confidence <= 1
    )
