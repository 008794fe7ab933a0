"""Steps of the shop's page: nothing before consent, only names and times after it, one offer of help, and an end."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, Request, expect

from tests.e2e.conftest import is_about_the_line, watch
from tests.e2e.fake_api import FakeApi

pytestmark = pytest.mark.browser

STORED = "Object.keys(localStorage).concat(Object.keys(sessionStorage)).filter((key) => /step|tab$|behav/.test(key))"
SENT_AFTER_MS = 4_000


@pytest.fixture
def shop(context: BrowserContext, api: FakeApi) -> Iterator[Page]:
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 800})
    complaints: list[str] = []
    watch(page, complaints)
    page.goto(f"{api.url}/?category=all")
    expect(page.get_by_test_id("shop-item")).to_have_count(13)
    yield page
    assert [line for line in complaints if not is_about_the_line(line)] == []


def open_chat(page: Page, *, allow: bool) -> FrameLocator:
    page.get_by_test_id("chat-launcher").click()
    chat = page.frame_locator("iframe")
    if allow:
        chat.get_by_test_id("consent-behaviour").click()
        expect(chat.get_by_test_id("consent-behaviour")).to_be_checked()
    chat.get_by_test_id("consent-continue").click()
    expect(chat.get_by_test_id("chat-input")).to_be_visible()
    return chat


def allowed(page: Page) -> FrameLocator:
    """Behaviour is allowed and the chat closed again."""
    chat = open_chat(page, allow=True)
    chat.get_by_test_id("chat-close").click()
    expect(page.get_by_test_id("chat-launcher")).to_be_visible()
    return chat


def walk(page: Page) -> None:
    """To and fro between a product and the cart."""
    page.get_by_role("button", name="Norrvale Bruna kettle, cream", exact=True).click()
    page.get_by_test_id("item-buy").click()
    page.get_by_role("button", name="Close cart").click()


def sent(api: FakeApi, page: Page, *, at_least: int = 1) -> list[dict[str, Any]]:
    """The steps that have been sent, once there are so many."""
    for _ in range(200):
        steps = [step for batch in api.steps for step in batch["steps"]]
        if len(steps) >= at_least:
            return steps
        page.wait_for_timeout(50)
    raise AssertionError(f"{len(steps)} steps were sent, not {at_least}")


def stored(page: Page) -> list[str]:
    return sorted({key for frame in page.frames for key in frame.evaluate(STORED)})


def test_without_consent_nothing_is_sent_stored_or_kept(shop: Page, api: FakeApi) -> None:
    asked: list[Request] = []
    shop.on("request", lambda request: asked.append(request) if request.url.endswith("/steps") else None)
    before = shop.context.cookies()
    walk(shop)
    shop.evaluate("attune.step('voucher', {kind: 'abort'})")
    open_chat(shop, allow=False)
    walk(shop)
    shop.wait_for_timeout(SENT_AFTER_MS)
    assert asked == [] and api.steps == []
    assert stored(shop) == []
    assert shop.context.cookies() == before == []


def test_what_happened_before_the_consent_is_dropped_and_not_queued(shop: Page, api: FakeApi) -> None:
    open_chat(shop, allow=False).get_by_test_id("chat-close").click()
    walk(shop)
    chat = shop.frame_locator("iframe")
    shop.get_by_test_id("chat-launcher").click()
    chat.get_by_test_id("consent-open").click()
    chat.get_by_test_id("consent-behaviour").click()
    expect(chat.get_by_test_id("consent-behaviour")).to_be_checked()
    shop.evaluate("attune.step('after', {kind: 'enter'})")
    assert [step["name"] for step in sent(api, shop)] == ["after"]


def test_with_consent_names_kinds_and_times_are_sent_and_nothing_else(shop: Page, api: FakeApi) -> None:
    allowed(shop)
    shop.get_by_test_id("shop-search").fill("kettle bruna")
    expect(shop.get_by_test_id("shop-item")).to_have_count(3)
    walk(shop)
    steps = sent(api, shop, at_least=4)
    assert [(step["name"], step["kind"]) for step in steps] == [
        ("product", "enter"),
        ("cart", "enter"),
        ("product", "leave"),
        ("cart", "leave"),
    ]
    assert all(set(step) == {"name", "kind", "ago_ms"} for step in steps)
    assert all(set(batch) == {"id", "tab", "idle", "steps"} for batch in api.steps)
    assert "bruna" not in str(api.steps)


def test_quick_clicks_and_reading_again_are_noticed_by_themselves(shop: Page, api: FakeApi) -> None:
    allowed(shop)
    shop.evaluate("attune.step('form')")
    shop.mouse.click(700, 12)  # A single click is not recorded.
    shop.wait_for_timeout(1200)
    for _ in range(4):
        shop.mouse.click(700, 12)
    shop.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    shop.wait_for_timeout(300)
    shop.evaluate("window.scrollTo(0, 0)")
    kinds = [step["kind"] for step in sent(api, shop, at_least=6)]
    assert kinds == ["enter", "click", "click", "click", "click", "read"]


def test_quick_clicks_that_the_shop_expects_are_not_taken(shop: Page, api: FakeApi) -> None:
    allowed(shop)
    shop.get_by_role("button", name="Norrvale Bruna kettle, cream", exact=True).click()
    shop.get_by_test_id("item-buy").click()
    for _ in range(5):
        shop.get_by_role("button", name="One more: Norrvale Bruna kettle, cream").click()
    shop.get_by_test_id("cart-buy").click()
    kinds = [step["kind"] for step in sent(api, shop, at_least=4)]
    assert kinds == ["enter", "enter", "leave", "done"]


def test_a_wrong_name_is_told_to_the_shop_s_developer_and_breaks_nothing(context: BrowserContext, api: FakeApi) -> None:
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    page.goto(api.url)
    wrong = ["'My address'", "''", "'a'.repeat(65)", "null", "{}", "'cart', {kind: 'hover'}"]
    for name in wrong:
        page.evaluate(f"attune.step({name})")
    assert [line.startswith("attune.step: expected a name") for line in said] == [True] * len(wrong)


def test_help_is_offered_beside_the_closed_chat_and_opens_it(shop: Page, api: FakeApi) -> None:
    chat = allowed(shop)
    api.offers_help = True
    walk(shop)
    offer = shop.get_by_test_id("help-offer")
    expect(offer).to_contain_text("Can I help with this step?")
    expect(shop.get_by_role("status").filter(has_text="Can I help")).to_have_count(1)
    assert shop.evaluate("document.activeElement.tagName") != "ATTUNE-CHAT"  # It takes no focus.
    shop.get_by_test_id("help-yes").click()
    expect(offer).to_have_count(0)
    expect(chat.get_by_text("Write or say what is in your way")).to_be_visible()
    expect(chat.get_by_test_id("chat-input")).to_be_focused()


def test_an_offer_is_dismissed_by_keyboard_and_does_not_come_back(shop: Page, api: FakeApi) -> None:
    allowed(shop)
    api.offers_help = True
    walk(shop)
    expect(shop.get_by_test_id("help-offer")).to_be_visible()
    shop.get_by_test_id("help-no").focus()
    shop.keyboard.press("Escape")
    expect(shop.get_by_test_id("help-offer")).to_have_count(0)
    expect(shop.get_by_test_id("chat-launcher")).to_be_focused()
    walk(shop)
    shop.wait_for_timeout(SENT_AFTER_MS)
    expect(shop.get_by_test_id("help-offer")).to_have_count(0)


def test_an_open_chat_that_rests_offers_inside_and_one_that_is_used_does_not(shop: Page, api: FakeApi) -> None:
    chat = open_chat(shop, allow=True)
    chat.get_by_test_id("chat-input").fill("half a sen")
    shop.evaluate("attune.step('voucher')")
    sent(api, shop)
    assert api.steps[-1]["idle"] is False
    chat.get_by_test_id("chat-input").fill("")
    api.offers_help = True
    shop.evaluate("attune.step('voucher', {kind: 'abort'})")
    expect(chat.get_by_test_id("help-offer")).to_have_text("Can I help with this step?")
    chat.get_by_test_id("help-no").click()
    expect(chat.get_by_test_id("help-offer")).to_have_count(0)
    chat.get_by_test_id("chat-input").fill("hello")
    chat.get_by_test_id("chat-input").press("Enter")
    expect(chat.locator("[data-author=bot]")).to_have_count(1)
    shop.evaluate("attune.step('voucher')")
    sent(api, shop, at_least=3)
    assert api.steps[-1]["idle"] is False


def test_a_hand_over_takes_the_offer_back_and_rests_no_more(shop: Page, api: FakeApi) -> None:
    allowed(shop)
    api.offers_help = True
    walk(shop)
    expect(shop.get_by_test_id("help-offer")).to_be_visible()
    api.set_owner("waiting")
    expect(shop.get_by_test_id("help-offer")).to_have_count(0)
    before = len(api.steps)
    walk(shop)
    sent(api, shop, at_least=6)
    assert [batch["idle"] for batch in api.steps[before:]] == [False]


def test_a_withdrawal_stops_at_once_and_cleans_up(shop: Page, api: FakeApi) -> None:
    chat = allowed(shop)
    api.offers_help = True
    walk(shop)
    expect(shop.get_by_test_id("help-offer")).to_be_visible()
    assert stored(shop) == ["attune.steps", "attune.tab"]
    shop.get_by_test_id("chat-launcher").click()
    shop.evaluate("attune.step('last')")
    chat.get_by_test_id("consent-withdraw").click()
    expect(chat.get_by_test_id("privacy-state")).to_have_text("Mood sensing is off")
    before = len(api.steps)
    chat.get_by_test_id("chat-close").click()
    walk(shop)
    shop.wait_for_timeout(SENT_AFTER_MS)
    assert len(api.steps) == before and "last" not in str(api.steps)
    assert stored(shop) == []


def test_a_withdrawal_in_another_tab_stops_this_one(shop: Page, api: FakeApi) -> None:
    allowed(shop)
    other = shop.context.new_page()
    other.goto(f"{api.url}/chat")
    other.get_by_test_id("consent-withdraw").click()
    expect(other.get_by_test_id("privacy-state")).to_have_text("Mood sensing is off")
    shop.wait_for_timeout(300)
    before = len(api.steps)
    shop.evaluate("attune.step('later')")
    shop.wait_for_timeout(SENT_AFTER_MS)
    assert len(api.steps) == before and stored(shop) == []


def test_the_next_page_of_the_shop_goes_on_without_opening_the_chat(shop: Page, api: FakeApi) -> None:
    allowed(shop)
    shop.reload()
    expect(shop.get_by_test_id("shop-item")).to_have_count(13)
    shop.evaluate("attune.step('second-page')")
    assert "second-page" in [step["name"] for step in sent(api, shop)]
    expect(shop.locator("iframe")).to_be_hidden()
    tabs = {batch["tab"] for batch in api.steps}
    assert len(tabs) == 1


def test_two_tabs_are_told_apart(shop: Page, api: FakeApi) -> None:
    allowed(shop)
    shop.evaluate("attune.step('one')")
    sent(api, shop)
    other = shop.context.new_page()
    other.goto(f"{api.url}/?category=all")
    other.get_by_test_id("chat-launcher").click()
    expect(other.frame_locator("iframe").get_by_test_id("privacy-state")).to_contain_text("steps")
    other.evaluate("attune.step('two')")
    sent(api, other, at_least=2)
    assert len({batch["tab"] for batch in api.steps}) == 2


def test_a_page_that_reports_no_steps_asks_for_no_consent_to_them(context: BrowserContext, api: FakeApi) -> None:
    page = context.new_page()
    page.goto(f"http://localhost:{api.port}/foreign")
    page.evaluate("attune.step('cart')")
    page.get_by_test_id("chat-launcher").click()
    chat = page.frame_locator("iframe")
    expect(chat.get_by_test_id("consent-text")).to_be_visible()
    expect(chat.get_by_test_id("consent-behaviour")).to_be_hidden()


def test_a_lost_answer_is_asked_for_again_with_the_same_batch(shop: Page, api: FakeApi) -> None:
    allowed(shop)
    ids: list[str] = []

    def lose_first(route: Any) -> None:
        ids.append(route.request.post_data_json["id"])
        if len(ids) == 1:
            route.abort()
        else:
            route.continue_()

    shop.route("**/steps", lose_first)
    shop.evaluate("attune.step('cart')")
    for _ in range(400):
        if len(ids) > 1:
            break
        shop.wait_for_timeout(50)
    assert len(ids) == 2 and len(set(ids)) == 1
