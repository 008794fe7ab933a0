"""Profile, consent centre, own data and notifications, in a real browser against the fake service."""

import json
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.account_page import AccountPage
from tests.e2e.fake_account import PASSWORD
from tests.e2e.fake_api import FakeApi

pytestmark = pytest.mark.browser


def test_details_are_saved_and_an_emptied_one_is_taken_out(account_page: AccountPage) -> None:
    account_page.sign_in()
    account_page.find("name").fill("Anna Weber")
    account_page.find("birth_year").fill("")
    account_page.find("language").select_option("de")
    account_page.find("details-submit").click()
    expect(account_page.said).to_have_text("Your details are saved.")
    assert account_page.fake.account["name"] == "Anna Weber"
    assert account_page.fake.account["birth_year"] is None
    assert account_page.fake.account["language"] == "de"


def test_a_liked_category_leaves_the_disliked_ones(account_page: AccountPage) -> None:
    account_page.sign_in()
    account_page.find("disliked-Kettles").click()
    expect(account_page.find("disliked-Kettles")).to_have_attribute("aria-pressed", "true")
    expect(account_page.find("liked-Kettles")).to_have_attribute("aria-pressed", "false")
    account_page.find("interest").fill("quiet <i>things</i>")
    account_page.find("interest").press("Enter")
    expect(account_page.find("interests").locator("li")).to_have_count(2)
    account_page.find("recommendations").click()
    expect(account_page.said).to_have_text("Saved.")
    expect(account_page.find("recommendations")).not_to_be_checked()
    account_page.page.get_by_role("button", name="Remove baking").click()
    expect(account_page.find("interests").locator("li")).to_have_count(1)
    assert account_page.fake.profile == {
        "interests": ["quiet <i>things</i>"],
        "liked": [],
        "disliked": ["Kettles"],
        "recommendations": False,
    }


def test_refused_profile_change_goes_back(account_page: AccountPage) -> None:
    account_page.sign_in()
    expect(account_page.find("liked-Lamps")).to_be_visible()
    account_page.fake.fails.add("me/profile")
    account_page.find("liked-Lamps").click()
    expect(account_page.said).to_contain_text("not possible just now")
    expect(account_page.find("liked-Lamps")).to_have_attribute("aria-pressed", "false")


def test_everything_is_off_until_turned_on_use_by_use(account_page: AccountPage) -> None:
    account_page.sign_in("#privacy")
    switches = account_page.page.locator("input[role=switch]")
    expect(switches).to_have_count(4)
    assert [switch.is_checked() for switch in switches.all()] == [False] * 4
    expect(account_page.find("consent-overview")).to_have_text("Nothing is assessed.")
    account_page.find("consent-voice-assist").click()
    expect(account_page.find("consent-voice-improve")).to_be_visible()
    account_page.find("consent-voice-improve").click()
    expect(account_page.find("consent-voice-improve")).to_be_checked()
    expect(account_page.find("consent-voice-improve")).to_be_focused()
    expect(account_page.find("consent-overview")).to_have_text("Assessed now: Voice.")
    assert account_page.fake.granted["voice"] == {"assist": True, "personalise": False, "improve": True}
    assert {call["text_version"] for call in account_page.fake.asked("me/consents") if call} == {"fake-3"}
    expect(account_page.find("receipt")).to_have_count(2)


def test_one_tap_turns_everything_off_with_a_receipt_for_each(account_page: AccountPage) -> None:
    for signal in ("text", "face"):
        account_page.fake.granted[signal]["assist"] = True
    account_page.sign_in("#privacy")
    account_page.find("everything-off").click()
    expect(account_page.find("consent-overview")).to_have_text("Nothing is assessed.")
    expect(account_page.find("receipt")).to_have_count(2)
    expect(account_page.find("receipt").first).to_contain_text("off")
    expect(account_page.find("everything-off")).to_have_count(0)


def test_a_choice_that_is_not_stored_is_not_shown(account_page: AccountPage) -> None:
    account_page.sign_in("#privacy")
    expect(account_page.find("consent-text-assist")).to_be_visible()
    account_page.fake.fails.add("me/consents")
    account_page.find("consent-text-assist").click()
    expect(account_page.said).to_contain_text("Not saved, nothing has changed")
    expect(account_page.find("consent-text-assist")).not_to_be_checked()


def test_minors_are_told_and_have_no_switches(account_page: AccountPage) -> None:
    account_page.fake.minor = True
    account_page.sign_in("#privacy")
    expect(account_page.find("consent-minor")).to_contain_text("never assessed")
    expect(account_page.page.locator("input[role=switch]")).to_have_count(0)


def test_trend_says_the_same_as_chart_and_as_table(account_page: AccountPage) -> None:
    account_page.sign_in("#data")
    chart = account_page.find("trend-chart").locator("svg")
    told = re.compile(r"^10 estimates from .+ to .+; the level lay between 12 and 74 of 100, last at 20\.$")
    expect(chart).to_have_attribute("aria-label", told)
    expect(chart.locator(".dot")).to_have_count(10)
    expect(chart.locator(".dot.is-own")).to_have_count(1)
    expect(chart.locator("polyline")).to_have_count(2)
    readings = account_page.find("reading")
    expect(readings).to_have_count(10)
    expect(readings.first).to_contain_text("calm, 20 of 100")
    expect(readings.last).to_contain_text("calm, 12 of 100")
    expect(readings.last).to_contain_text("“Words of message 0”")


def test_nobody_is_called_calm_half_way_up(account_page: AccountPage) -> None:
    account_page.fake.points[-1] |= {"name": "calm", "frustration": 47.0}
    account_page.sign_in("#data")
    expect(account_page.find("reading").first).to_contain_text("between calm and upset, 47 of 100")


def test_contested_estimate_is_marked_in_table_and_chart(account_page: AccountPage) -> None:
    account_page.sign_in("#data")
    account_page.find("contest").nth(1).click()
    account_page.find("sensed-less_upset").click()
    expect(account_page.find("contest").nth(1)).to_have_text("less upset")
    expect(account_page.find("trend-chart").locator(".dot.is-own")).to_have_count(2)
    account_page.find("contest-label").select_option("surprise")
    expect(account_page.find("contest-panel")).to_contain_text("Your word counts")
    assert account_page.fake.asked("me/emotion/c_new/m-8") == [
        {"perceived": "less_upset"},
        {"perceived": "less_upset", "label": "surprise"},
    ]


def test_a_point_of_the_chart_opens_its_estimate(account_page: AccountPage) -> None:
    account_page.sign_in("#data")
    account_page.find("trend-chart").locator(".point").nth(8).click()
    expect(account_page.find("reading").nth(1).get_by_test_id("contest")).to_have_attribute("aria-expanded", "true")


def test_conversations_open_with_what_was_said_as_words(account_page: AccountPage) -> None:
    account_page.sign_in("#data")
    talk = account_page.find("conversation").first
    talk.locator("summary").click()
    expect(talk).to_contain_text("Please recommend a kettle <b>now</b>")
    expect(talk).to_contain_text("Vessel Quiet kettle, sand, €49.00")


def test_opinion_on_a_suggestion_is_kept_and_taken_back(account_page: AccountPage) -> None:
    account_page.sign_in("#data")
    button = account_page.find("opinion-not_for_me")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert [call["verdict"] for call in account_page.fake.asked("me/suggestions/kettle-1")] == ["not_for_me", "none"]


def test_export_is_a_file_of_the_customer_s(account_page: AccountPage, tmp_path: Path) -> None:
    account_page.sign_in("#data")
    with account_page.page.expect_download() as download:
        account_page.find("export").click()
    assert download.value.suggested_filename == "attune-export.zip"
    download.value.save_as(tmp_path / "mine.zip")
    with zipfile.ZipFile(tmp_path / "mine.zip") as archive:
        assert json.loads(archive.read("data.json")) == account_page.fake.profile


def test_erasure_shows_first_asks_twice_and_proves(account_page: AccountPage, tmp_path: Path) -> None:
    account_page.sign_in("#data")
    account_page.find("erase-preview").click()
    expect(account_page.find("erase-stores")).to_contain_text("Amounts stay for accounting")
    account_page.find("erase-password").fill("not mine")
    account_page.find("erase-submit").click()
    expect(account_page.page.get_by_text("Please tick this first.")).to_be_visible()
    account_page.find("erase-understood").check()
    account_page.find("erase-submit").click()
    expect(account_page.find("erase-wrong")).to_contain_text("not right")
    assert not account_page.fake.erased
    account_page.find("erase-password").fill(PASSWORD)
    account_page.find("erase-submit").click()
    expect(account_page.find("certificate-id")).to_have_text("e_77")
    assert account_page.fake.erased
    with account_page.page.expect_download() as download:
        account_page.find("certificate-save").click()
    download.value.save_as(tmp_path / "proof.json")
    assert json.loads((tmp_path / "proof.json").read_text())["ok"] is True


def test_notifications_are_stored_one_by_one(account_page: AccountPage) -> None:
    account_page.sign_in("#notifications")
    account_page.find("mail-follow_up").click()
    expect(account_page.said).to_have_text("Saved.")
    assert account_page.fake.notifications["mail"]["follow_up"] is True
    expect(account_page.find("push-here")).to_contain_text("sends no messages to browsers")


def test_push_says_what_the_browser_lacks(account_page: AccountPage) -> None:
    account_page.fake.notifications["push_key"] = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcx"
    account_page.page.add_init_script("delete window.PushManager")
    account_page.sign_in("#notifications")
    expect(account_page.find("push-here")).to_contain_text("cannot receive messages")


def begin_chat(page: Page, api: FakeApi) -> str:
    """A guest's conversation in this browser; answers its id."""
    page.goto(f"{api.url}/chat")
    page.get_by_test_id("consent-continue").click()
    expect(page.get_by_test_id("chat-input")).to_be_visible()
    conversation = list(api.tokens)[-1]
    api.account.guest_tokens[conversation] = api.tokens[conversation]
    return conversation


def test_guest_reaches_own_data_from_the_chat_without_an_account(account_page: AccountPage, api: FakeApi) -> None:
    conversation = begin_chat(account_page.page, api)
    account_page.page.get_by_test_id("consent-open").click()
    with account_page.page.context.expect_page() as opened:
        account_page.page.get_by_test_id("to-my-data").click()
    page = opened.value
    expect(page.locator("h1")).to_have_text("My privacy")
    page.get_by_test_id("consent-text-assist").click()
    expect(page.get_by_test_id("consent-overview")).to_have_text("Assessed now: Text.")
    page.get_by_test_id("section-data").click()
    expect(page.get_by_test_id("reading")).to_have_count(10)
    expect(page.get_by_test_id("section-profile")).to_have_count(0)
    page.get_by_test_id("erase-preview").click()
    expect(page.get_by_test_id("erase-password")).to_have_count(0)
    page.get_by_test_id("erase-understood").check()
    page.get_by_test_id("erase-submit").click()
    expect(page.get_by_test_id("certificate")).to_be_visible()
    kept = page.evaluate("localStorage.getItem('attune.conversation')")
    assert kept is None or json.loads(kept)["id"] != conversation, "the open chat may have begun another one"


def test_without_a_conversation_there_is_nothing_to_show(account_page: AccountPage) -> None:
    account_page.open("#guest")
    expect(account_page.find("nothing-here")).to_contain_text("There is no conversation in this browser")


def test_handed_over_conversation_leaves_the_address_at_once(account_page: AccountPage) -> None:
    account_page.fake.guest_tokens["c_framed"] = "t_secret"
    account_page.open("#guest=c_framed.t_secret")
    expect(account_page.heading).to_have_text("My privacy")
    assert account_page.page.url.endswith("/account#guest")
    assert "t_secret" not in account_page.page.evaluate("JSON.stringify(history.state) + location.href")


def test_guest_s_conversation_joins_the_account_only_on_request(account_page: AccountPage, api: FakeApi) -> None:
    conversation = begin_chat(account_page.page, api)
    account_page.sign_in("#join")
    expect(account_page.find("join-offer")).to_be_visible()
    assert account_page.fake.joined == []
    account_page.find("join").click()
    expect(account_page.said).to_contain_text("in your account now")
    expect(account_page.find("join-offer")).to_have_count(0)
    assert account_page.fake.joined == [conversation]
    account_page.find("sign-out").click()
    expect(account_page.heading).to_have_text("Sign in")
    assert account_page.page.evaluate("Object.keys(localStorage)") == [], "the next person here must not read on"


def test_signing_out_empties_a_chat_in_another_tab_too(account_page: AccountPage, api: FakeApi) -> None:
    chat = account_page.page.context.new_page()
    conversation = begin_chat(chat, api)
    chat.get_by_test_id("chat-input").fill("my word is marigold")
    chat.get_by_test_id("chat-input").press("Enter")
    expect(chat.get_by_text("You said: my word is marigold")).to_be_visible()
    account_page.sign_in()
    account_page.find("join").click()
    expect(account_page.said).to_contain_text("in your account now")
    kept = chat.evaluate("JSON.parse(localStorage.getItem('attune.conversation'))")
    assert (kept["id"], kept["token"], kept["joined"]) == (conversation, None, True)
    chat.reload()
    expect(chat.get_by_text("You said: my word is marigold")).to_be_visible()
    account_page.find("sign-out").click()
    expect(account_page.heading).to_have_text("Sign in")
    expect(chat.get_by_test_id("consent-sheet")).to_be_visible()
    expect(chat.get_by_text("marigold")).to_have_count(0)
    assert chat.evaluate("JSON.parse(localStorage.getItem('attune.conversation')).id") != conversation


def test_a_declined_join_is_not_asked_again_and_changes_nothing(account_page: AccountPage, api: FakeApi) -> None:
    conversation = begin_chat(account_page.page, api)
    account_page.sign_in()
    account_page.find("join-not").click()
    expect(account_page.find("join-offer")).to_have_count(0)
    account_page.find("section-privacy").click()
    expect(account_page.heading).to_have_text("My privacy")
    expect(account_page.find("join-offer")).to_have_count(0)
    account_page.find("sign-out").click()
    expect(account_page.heading).to_have_text("Sign in")
    assert account_page.page.evaluate("JSON.parse(localStorage.getItem('attune.conversation')).id") == conversation


def test_chat_asks_what_the_customer_thinks_of_a_suggestion(account_page: AccountPage, api: FakeApi) -> None:
    conversation = begin_chat(account_page.page, api)
    account_page.page.get_by_test_id("chat-input").fill("headphones please")
    account_page.page.get_by_test_id("chat-input").press("Enter")
    card = account_page.page.get_by_test_id("suggestion-card").first
    card.get_by_test_id("opinion-not_for_me").click()
    expect(card).to_contain_text("It is not suggested again.")
    expect(card).not_to_contain_text("89.00")
    expect(card.get_by_test_id("opinion-undo")).to_be_focused()
    account_page.page.keyboard.press("Enter")
    expect(card).to_contain_text("Taken back.")
    expect(card).to_contain_text("89.00")
    expect(card.get_by_test_id("opinion-not_for_me")).to_be_focused()
    said = api.account.asked("me/suggestions/headphones-1")
    assert said == [{"verdict": verdict, "conversation": conversation} for verdict in ("not_for_me", "none")]


def test_chat_asks_for_no_consent_in_a_bad_moment(account_page: AccountPage, api: FakeApi) -> None:
    api.may_ask = False
    page = account_page.page
    session = {"id": "c_1", "token": "t_c_1", "notice": {"version": "fake-1", "text": "You decide."}, "asked": False}
    page.add_init_script(f"localStorage.setItem('attune.conversation', JSON.stringify({json.dumps(session)}))")
    api.messages["c_1"], api.tokens["c_1"] = [], "t_c_1"
    api.consent["c_1"], api.owner["c_1"], api.agent["c_1"] = {}, "bot", None
    page.goto(f"{api.url}/chat")
    expect(page.get_by_test_id("status-line")).to_contain_text("assistant")
    expect(page.get_by_test_id("connection-line")).to_be_hidden()
    page.wait_for_timeout(300)
    expect(page.get_by_test_id("consent-sheet")).to_be_hidden()
    page.get_by_test_id("consent-open").click()
    expect(page.get_by_test_id("consent-sheet")).to_be_visible()
    api.may_ask = True
    page.reload()
    expect(page.get_by_test_id("consent-sheet")).to_be_visible()
