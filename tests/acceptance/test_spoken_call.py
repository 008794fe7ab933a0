"""A whole spoken call: the page, its microphone and camera, and all real processes."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from benchmarks import Stack
from speech import canonical
from store import Message
from tests.acceptance.calling import CallingPage, calling_page, camera_file, heard_in
from tests.acceptance.test_case_3_face import is_reading
from tests.e2e.sound import listening_browser, spoken
from tests.e2e.test_main_job import ANSWER_MS, log_in, newest_hand_over
from vocabulary import Modality, ModalityScore

pytestmark = [pytest.mark.processes, pytest.mark.browser]

QUESTION = "where is my order"
# The greeting is heard out before the question in the microphone's file begins.
GREETED_S = 12.0
QUIET_S = 1.0


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    folder = tmp_path_factory.mktemp("call")
    sound = spoken(folder / "question.wav", QUESTION, lead_s=GREETED_S)
    with listening_browser(sound, camera=camera_file(folder / "face.mjpeg")) as running:
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, permissions=["microphone", "camera"])
    yield context
    context.close()


@pytest.mark.case(3, "face")
def test_a_whole_spoken_call(context: BrowserContext, stack: Stack, tmp_path: Path) -> None:
    caller = calling_page(context, stack.url, tmp_path, "text", "voice", "face")
    complaints = complaints_of(caller)
    caller.begin()
    caller.wait_audible()
    caller.find("call-camera").click()
    expect(caller.find("call-preview")).to_be_visible()

    question_is_understood_and_its_answer_heard(caller)
    first, *_ = own_messages(stack, caller)
    scored = scores(stack, caller)[first.id]
    assert {Modality.TEXT, Modality.VOICE, Modality.FACE} <= set(scored), set(scored)
    assert all(is_reading(scored[one]) for one in (Modality.VOICE, Modality.FACE))

    nothing_is_stored_without_consent(caller, stack)
    an_answer_is_interrupted(caller)
    a_person_is_heard_and_hands_back(caller, context, stack)

    caller.find("call-end").click()
    expect(caller.find("call")).to_be_hidden()
    assert list(stack.settings.media_dir.glob("*")) == [], "no sound and no picture outlives its turn"
    assert complaints == []


def question_is_understood_and_its_answer_heard(caller: CallingPage) -> None:
    """The first sound is the microphone's own, from its file; the answer is what the page plays, heard again by us."""
    own = caller.messages("customer")
    expect(own.first).to_contain_text("order", timeout=60_000)
    caller.recording()
    answer = answer_after(caller, 0)
    caller.wait_audible()
    caller.wait_silent(QUIET_S)
    said, heard = words(answer), words(heard_in(caller.recording()).text)
    # Most words of a synthetic voice are recognised; another answer would share but a few.
    assert len(said & heard) >= 0.5 * len(said), (answer, heard)


def nothing_is_stored_without_consent(caller: CallingPage, stack: Stack) -> None:
    """Voice and face are switched off in the call; the very next message carries neither."""
    for signal in ("voice", "face"):
        switch = caller.find(f"call-consent-{signal}")
        switch.click()
        expect(switch).not_to_be_checked()
    expect(caller.find("call-preview")).to_be_hidden()
    expect(caller.chat.get_by_test_id("consent-sheet")).to_be_hidden()
    kept = {one for scored in scores(stack, caller).values() for one in scored}
    assert kept <= {Modality.TEXT}, "a withdrawal takes what was read along"
    count = len(own_messages(stack, caller))
    caller.say("what are your opening hours")
    expect(caller.messages("customer")).to_have_count(count + 1, timeout=ANSWER_MS)
    answer_after(caller, count)
    last = own_messages(stack, caller)[-1]
    assert set(scores(stack, caller).get(last.id, {})) <= {Modality.TEXT}
    assert list(stack.settings.media_dir.glob("*")) == []


def an_answer_is_interrupted(caller: CallingPage) -> None:
    """The assistant falls silent soon after the first word, drops the rest, and takes what is said."""
    caller.wait_silent(QUIET_S)
    count = caller.messages("customer").count()
    caller.say("please recommend me a kettle")
    expect(caller.messages("customer")).to_have_count(count + 1, timeout=ANSWER_MS)
    caller.wait_audible()
    at = caller.say("stop I want to talk about something else")
    expect(caller.messages("customer")).to_have_count(count + 2, timeout=ANSWER_MS)
    told = caller.told(at)
    assert next((frame for _, frame in told if frame["type"] == "broken_off"), None) is not None, told
    silent = caller.silent_from(at)
    # The clip begins with some silence of its own, and a machine that runs a browser as well is no measure.
    assert silent is not None and silent - at < 2.0, (silent, at, told)


def a_person_is_heard_and_hands_back(caller: CallingPage, context: BrowserContext, stack: Stack) -> None:
    """What the agent types is spoken; the assistant answers again afterwards."""
    caller.wait_silent(QUIET_S)
    caller.find("call-person").click()
    expect(caller.find("status-line")).to_contain_text("person", timeout=ANSWER_MS)
    caller.wait_audible()
    desk = log_in(context, stack)
    address = f"/desk/conversations/{newest_hand_over(stack)}"
    entry = desk.get_by_test_id("desk-entry").filter(has=desk.locator(f'[href="{address}"]'))
    entry.get_by_test_id("desk-claim").click()
    desk.wait_for_url(f"{stack.url}{address}")
    caller.wait_silent(QUIET_S)
    caller.recording()
    said = "Your parcel will be with you on Wednesday morning"
    desk.get_by_test_id("desk-input").fill(said)
    desk.get_by_test_id("desk-send").click()
    expect(caller.messages("agent").first).to_contain_text("Wednesday", timeout=ANSWER_MS)
    caller.wait_audible()
    caller.wait_silent(QUIET_S)
    heard = words(heard_in(caller.recording()).text)
    assert len(words(said) & heard) >= 0.5 * len(words(said)), heard

    before = caller.messages("bot").count()
    count = caller.messages("customer").count()
    caller.say("thank you that is good")
    expect(caller.messages("customer")).to_have_count(count + 1, timeout=ANSWER_MS)
    expect(desk.get_by_text("thank you").first).to_be_visible(timeout=ANSWER_MS)
    assert caller.messages("bot").count() == before, "the assistant is silent while a person answers"
    desk.get_by_test_id("desk-hand-back").click()
    expect(caller.find("status-line")).to_contain_text("ssistant", timeout=ANSWER_MS)
    caller.wait_silent(QUIET_S)
    caller.say("what are your opening hours")
    answer_after(caller, count + 1)
    desk.close()


def test_voice_process_killed_in_a_call_loses_nothing(context: BrowserContext, stack: Stack, tmp_path: Path) -> None:
    caller = calling_page(context, stack.url, tmp_path)
    caller.begin()
    caller.wait_audible()
    caller.say("my word is marigold")
    expect(caller.messages("customer")).to_have_count(1, timeout=60_000)
    stack.kill("voice")
    try:
        expect(caller.find("call")).not_to_have_attribute("data-call", "live", timeout=30_000)
        caller.find("chat-input").fill("what are your opening hours")
        caller.find("chat-input").press("Enter")
        answer_after(caller, 1)
    finally:
        stack.start("voice")
        stack.wait_ready()
    kept = own_messages(stack, caller)
    assert [one.spoken for one in kept] == [True, False]
    expect(caller.messages("customer")).to_have_count(2)


def answer_after(caller: CallingPage, number: int) -> str:
    """What the assistant answers to the customer's message of that number, counted from 0."""
    own = caller.messages("customer").nth(number)
    answer = own.locator('xpath=following-sibling::*[@data-author="bot"]').first
    expect(answer).to_be_visible(timeout=ANSWER_MS)
    return answer.locator(".bubble").inner_text()


def words(text: str) -> set[str]:
    return set(canonical(text))


def complaints_of(caller: CallingPage) -> list[str]:
    complaints: list[str] = []
    caller.page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    return complaints


def own_messages(stack: Stack, caller: CallingPage) -> list[Message]:
    history = run(lambda tx: tx.inbox.history(caller.conversation), stack)
    return [one for one in history if one.author == "customer"]


def scores(stack: Stack, caller: CallingPage) -> dict[str, dict[Modality, ModalityScore]]:
    """What was scored, by message and modality."""
    found = run(lambda tx: tx.assessments.timeline(caller.conversation), stack)
    return {one.assessment.message_id: {score.modality: score for score in one.assessment.scores} for one in found}


def run(read, stack: Stack):
    async def reading():
        db = stack.database()
        try:
            async with db.reading() as tx:
                return await read(tx)
        finally:
            await db.close()

    # Playwright's own loop runs in this thread.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(reading())).result()
