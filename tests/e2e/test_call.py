"""A call on the chat page: real WebRTC in Chromium, with a pretended microphone and camera."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.call_page import api, browser, call, context, live_tracks, note, wait
from tests.e2e.conftest import Chat, until
from tests.e2e.fake_api import NOTICE, FakeApi

__all__ = ["api", "browser", "context"]

pytestmark = pytest.mark.browser

Open = Callable[..., Chat]
ANSWER = "Your order is on its way. It comes tomorrow. Is there anything else?"
SECOND = "It comes tomorrow."
MARKED = "[...(CSS.highlights.get('attune-heard') ?? [])].map(String).join()"


def test_call_carries_sound_both_ways_and_ends(chat: Chat, api: FakeApi) -> None:
    call(chat)
    assert api.call.begun[0]["transport"] == "webrtc" and api.call.begun[0]["camera"] is True
    api.call.plays = True
    until(
        chat.page,
        """(() => {
          if (!window.ear) {
            const context = new AudioContext();
            window.ear = context.createAnalyser();
            context.createMediaStreamSource(document.getElementById("call-sound").srcObject).connect(window.ear);
          }
          const samples = new Float32Array(window.ear.fftSize);
          window.ear.getFloatTimeDomainData(samples);
          return Math.max(...samples) > 0.1;
        })()""",
    )
    wait(chat, lambda: api.call.loudest > 0.02)
    expect(chat.find("call-time")).to_have_text("0:02")
    chat.find("call-end").click()
    expect(chat.find("call")).to_be_hidden()
    expect(chat.find("chat-notice").last).to_contain_text("Call ended after 0:0")
    expect(chat.find("call-begin")).to_be_focused()
    wait(chat, lambda: api.call.ended == ["call-1"])
    assert {"type": "bye"} in api.call.said
    assert live_tracks(chat) == []


def test_captions_follow_the_speech_and_the_page_does_not_talk_over_it(chat: Chat, api: FakeApi) -> None:
    call(chat)
    log = chat.page.locator("#log")
    expect(log).to_have_attribute("aria-live", "off")
    for state, words in (("listening", "Listening"), ("hearing", "We hear you"), ("thinking", "Thinking")):
        api.call.state(state)
        expect(chat.find("call-state")).to_have_text(words)
    api.say_as("bot", ANSWER)
    message = api.messages[list(api.messages)[-1]][-1]["id"]
    api.call.state("speaking")
    api.call.caption(message, SECOND, start=ANSWER.index(SECOND), seconds=30)
    expect(chat.find("call-caption")).to_have_text(SECOND)
    until(chat.page, f"{MARKED} === '{SECOND}'")
    api.call.tell(type="broken_off", reply=message, index=0)
    until(chat.page, f"{MARKED} === ''")
    api.call.tell(type="resumed", reply=message, index=0)
    until(chat.page, f"{MARKED} === '{SECOND}'")
    api.call.tell(type="broken_off", reply=message, index=0)
    api.call.state("listening")
    expect(chat.find("call-caption")).to_be_empty()
    # Neither words nor states are announced; what matters is.
    assert chat.find("call-caption").get_attribute("aria-hidden") == "true"
    assert chat.find("call-state").get_attribute("role") is None
    assert chat.find("call-note").get_attribute("role") == "status"
    chat.find("call-end").click()
    expect(log).to_have_attribute("aria-live", "polite")


def test_sentence_ends_in_the_page_when_it_has_been_spoken(chat: Chat, api: FakeApi) -> None:
    call(chat)
    api.call.caption("unknown", "All is well.", seconds=0.1)
    expect(chat.find("call-caption")).to_have_text("All is well.")
    expect(chat.find("call-caption")).to_be_empty()


def test_unknown_and_broken_frames_change_nothing(chat: Chat, api: FakeApi) -> None:
    call(chat)
    api.call.state("thinking")
    expect(chat.find("call-state")).to_have_text("Thinking")
    for frame in (
        {"type": "dance"},
        {"type": "state", "state": "<b>"},
        {"type": "caption"},
        {"type": "caption", "reply": 7},
    ):
        api.call.tell(**frame)
    api.call.tell(type="trouble", code="recogniser")
    expect(chat.find("call-note")).to_contain_text("Please type")
    expect(chat.find("call-state")).to_have_text("Thinking")


def test_muted_is_silent_and_the_other_side_knows(chat: Chat, api: FakeApi) -> None:
    call(chat)
    chat.find("call-mute").click()
    expect(chat.find("call-mute")).to_have_attribute("aria-pressed", "true")
    wait(chat, lambda: {"type": "muted", "on": True} in api.call.said)
    assert "Nobody hears you" in note(chat)
    expect(chat.find("call-state")).to_have_text("Muted")
    chat.page.wait_for_timeout(300)
    api.call.loudest = 0.0
    chat.page.wait_for_timeout(1000)
    assert api.call.loudest < 0.001
    chat.find("call-mute").click()
    wait(chat, lambda: api.call.said[-1] == {"type": "muted", "on": False})
    chat.find("call-quiet").click()
    wait(chat, lambda: api.call.said[-1] == {"type": "stop"})


def test_typing_and_calling_a_person_go_on_in_a_call(chat: Chat, api: FakeApi) -> None:
    call(chat)
    chat.ask("I would rather write this")
    chat.find("call-person").click()
    expect(chat.find("call-person")).to_have_attribute("aria-disabled", "true")
    api.call.state("holding")
    expect(chat.find("call-state")).to_have_text("On hold")
    expect(chat.find("call-note")).to_contain_text("Stay on the line")
    api.set_owner("agent", "Mara")
    api.call.state("listening")
    expect(chat.find("call-note")).to_have_text("Mara answers in writing, and we read it out.")
    api.set_owner("bot")
    expect(chat.find("call-note")).to_be_empty()


def test_camera_is_asked_for_and_ends_with_the_consent(chat: Chat, api: FakeApi) -> None:
    call(chat)
    chat.find("call-camera").click()
    expect(chat.find("call-ask")).to_contain_text("No person sees them")
    assert live_tracks(chat) == ["audio"]
    chat.find("call-ask-no").click()
    assert api.consent_calls == []
    chat.find("call-camera").click()
    chat.find("call-ask-yes").click()
    expect(chat.find("call-preview")).to_be_visible()
    assert api.consent_calls[-1]["signal"] == "face" and api.consent_calls[-1]["granted"] is True
    expect(chat.find("call-consent-face").locator("..")).to_contain_text("assessed")
    wait(chat, lambda: api.call.pictures > 3)
    chat.find("call-consent-face").click()
    assert live_tracks(chat) == ["audio"]  # Before the server has answered.
    expect(chat.find("call-preview")).to_be_hidden()
    chat.page.wait_for_timeout(300)
    before = api.call.pictures
    chat.page.wait_for_timeout(700)
    assert api.call.pictures == before
    # The call itself is what it was.
    expect(chat.find("call")).to_have_attribute("data-call", "live")


def test_withdrawal_elsewhere_ends_the_camera_too(chat: Chat, api: FakeApi) -> None:
    call(chat)
    chat.find("call-camera").click()
    chat.find("call-ask-yes").click()
    expect(chat.find("call-preview")).to_be_visible()
    everything_off = dict.fromkeys(("text", "voice", "face", "behaviour"), False)
    api.broadcast({"type": "consent", "consent": everything_off})
    expect(chat.find("call-preview")).to_be_hidden()
    assert live_tracks(chat) == ["audio"]
    expect(chat.find("call-note")).to_contain_text("Your camera is off")


def test_nothing_is_filmed_while_a_person_answers(chat: Chat, api: FakeApi) -> None:
    call(chat)
    chat.find("call-camera").click()
    chat.find("call-ask-yes").click()
    expect(chat.find("call-preview")).to_be_visible()
    api.set_owner("agent", "Mara")
    expect(chat.find("call-preview")).to_be_hidden()
    assert live_tracks(chat) == ["audio"]
    expect(chat.find("call-consent-face").locator("..")).to_contain_text("paused")
    chat.find("call-camera").click()
    expect(chat.find("call-note")).to_contain_text("while a person answers")
    assert live_tracks(chat) == ["audio"]


def test_voice_consent_is_in_sight_and_what_was_sensed_can_be_put_right(chat: Chat, api: FakeApi) -> None:
    call(chat)
    switch = chat.find("call-consent-voice")
    expect(switch.locator("..")).to_contain_text("not assessed")
    switch.click()
    expect(switch).to_be_checked()
    assert api.consent_calls[-1]["signal"] == "voice"
    chat.ask("This takes long")
    sensed = chat.page.locator(".call-sensed")
    sensed.get_by_test_id("sensed-open").click()
    sensed.get_by_test_id("sensed-less_upset").click()
    expect(sensed.get_by_test_id("sensed-judged")).to_contain_text("Noted")
    assert list(api.verdicts.values()) == ["less_upset"]
    switch.click()
    expect(switch).not_to_be_checked()
    assert api.consent_calls[-1]["granted"] is False


def test_a_yes_from_before_there_were_calls_is_shown_as_none(chat: Chat, api: FakeApi) -> None:
    api.call.uncovered = ("voice", "face")
    for answers in api.consent.values():
        answers.update(voice=True, face=True)
        api.broadcast({"type": "consent", "consent": dict(answers)})
    call(chat)
    switch = chat.find("call-consent-voice")
    expect(switch.locator("..")).to_contain_text("not assessed")
    expect(switch).not_to_be_checked()
    chat.find("call-camera").click()
    expect(chat.find("call-ask")).to_be_visible()
    switch.click()
    expect(switch).to_be_checked()
    expect(chat.find("call-consent-face")).not_to_be_checked()
    chat.find("call-ask-yes").click()
    expect(chat.find("call-preview")).to_be_visible()
    assert [(one["signal"], one["granted"]) for one in api.consent_calls] == [("voice", True), ("face", True)]


def test_a_page_from_before_this_notice_gives_its_yes_to_this_one(chat: Chat, api: FakeApi) -> None:
    chat.page.evaluate(
        """() => {
            const saved = JSON.parse(localStorage.getItem("attune.conversation"));
            saved.notice = { version: "older", text: "Older words." };
            localStorage.setItem("attune.conversation", JSON.stringify(saved));
        }"""
    )
    chat.page.reload()
    call(chat)
    switch = chat.find("call-consent-voice")
    switch.click()
    expect(switch).to_be_checked()
    assert api.consent_calls[-1]["text_version"] == NOTICE["version"]


def test_everything_fits_a_small_phone_and_has_a_name(open_chat: Open, api: FakeApi) -> None:
    chat = open_chat()
    chat.page.set_viewport_size({"width": 360, "height": 640})
    chat.begin()
    call(chat)
    for width in (360, 320):
        chat.page.set_viewport_size({"width": width, "height": 640})
        assert chat.page.evaluate("document.documentElement.scrollWidth") <= width
        for name in ("call-mute", "call-camera", "call-quiet", "call-person", "call-end"):
            box = chat.find(name).bounding_box()
            assert box is not None and box["width"] >= 44 and box["height"] >= 44 and box["x"] + box["width"] <= width
            shown = chat.find(name).inner_text().strip().lower()
            assert shown in (chat.find(name).get_attribute("aria-label") or shown).lower()
    expect(chat.find("chat-input")).to_be_in_viewport()
    # By keyboard alone: from the controls to hanging up.
    chat.find("call-mute").focus()
    for _ in range(4):
        chat.page.keyboard.press("Tab")
    expect(chat.find("call-end")).to_be_focused()
    chat.page.keyboard.press("Enter")
    expect(chat.find("call")).to_be_hidden()
