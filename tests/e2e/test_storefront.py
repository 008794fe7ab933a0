"""The storefront, and the chat that it hosts by one script tag."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from tests.e2e.conftest import is_about_the_line, watch
from tests.e2e.fake_api import FakeApi

pytestmark = pytest.mark.browser


@pytest.fixture
def shop(context: BrowserContext, api: FakeApi) -> Iterator[Page]:
    page = context.new_page()
    complaints: list[str] = []
    watch(page, complaints)
    page.goto(f"{api.url}/?category=all")
    expect(page.get_by_test_id("shop-item")).to_have_count(13)
    yield page
    assert [line for line in complaints if not is_about_the_line(line)] == []


def open_widget(shop: Page) -> FrameLocator:
    shop.get_by_test_id("chat-launcher").click()
    chat = shop.frame_locator("iframe")
    chat.get_by_test_id("consent-continue").click()
    return chat


def test_front_page_shows_one_of_every_category_and_leads_to_all(shop: Page, api: FakeApi) -> None:
    shop.goto(api.url)
    expect(shop.get_by_test_id("shop-item")).to_have_count(8)
    shop.get_by_role("button", name="See all 13 products").click()
    expect(shop.get_by_test_id("shop-item")).to_have_count(13)


def test_search_and_categories_narrow_the_products(shop: Page) -> None:
    shop.get_by_test_id("shop-search").fill("kettle bruna")
    expect(shop.get_by_test_id("shop-item")).to_have_count(3)
    shop.get_by_test_id("shop-search").fill("")
    shop.get_by_role("button", name="Headphones", exact=True).click()
    expect(shop.get_by_test_id("shop-item")).to_have_count(2)
    expect(shop.get_by_test_id("shop-count")).to_have_text("2 products")
    shop.reload()
    expect(shop.get_by_test_id("shop-item")).to_have_count(2)


def test_visit_emits_click_view_cart_and_purchase(shop: Page, api: FakeApi) -> None:
    shop.get_by_role("button", name="Norrvale Bruna kettle, cream", exact=True).click()
    expect(shop.get_by_test_id("item-detail")).to_contain_text("€49.90")
    shop.get_by_test_id("item-add").click()
    shop.get_by_test_id("item-buy").click()
    expect(shop.get_by_test_id("cart-total")).to_have_text("€99.80")
    shop.get_by_test_id("cart-buy").click()
    expect(shop.get_by_test_id("purchase-done")).to_contain_text("€99.80")
    expect(shop.get_by_test_id("cart-count")).to_be_hidden()
    shop.wait_for_timeout(200)
    kinds = [event["type"] for event in api.events if event["item_id"] == "kettle-1"]
    assert kinds == ["storefront.click", "storefront.view", "storefront.cart", "storefront.cart", "storefront.purchase"]
    assert len({event["session"] for event in api.events}) == 1


def test_spare_part_leads_to_what_it_fits(shop: Page) -> None:
    shop.get_by_role("button", name="Limescale filter for Bruna kettle", exact=True).click()
    shop.get_by_test_id("item-detail").get_by_role("button", name="Norrvale Bruna kettle, cream").click()
    heading = shop.get_by_test_id("item-detail").get_by_role("heading", level=2)
    expect(heading).to_have_text("Norrvale Bruna kettle, cream")


def test_sold_out_item_cannot_be_bought(shop: Page) -> None:
    shop.get_by_role("button", name="Vessel Mini earbuds, white", exact=True).click()
    expect(shop.get_by_test_id("item-detail")).to_contain_text("Sold out")
    expect(shop.get_by_test_id("item-add")).to_be_disabled()


def test_visitor_who_never_opens_the_chat_begins_no_conversation(shop: Page, api: FakeApi) -> None:
    expect(shop.get_by_test_id("chat-launcher")).to_be_visible()
    assert shop.locator("iframe").count() == 0
    assert api.messages == {}


def test_launcher_opens_by_keyboard_and_escape_gives_the_focus_back(shop: Page) -> None:
    shop.get_by_test_id("chat-launcher").focus()
    shop.keyboard.press("Enter")
    chat = shop.frame_locator("iframe")
    expect(chat.get_by_role("heading", name="May we notice")).to_be_focused()
    chat.get_by_test_id("consent-decline").press("Enter")
    expect(chat.get_by_test_id("chat-input")).to_be_focused()
    shop.keyboard.press("Escape")
    expect(shop.locator("iframe")).to_be_hidden()
    expect(shop.get_by_test_id("chat-launcher")).to_be_focused()


def test_chat_covers_a_phone_and_stands_beside_the_shop_on_a_desktop(shop: Page) -> None:
    open_widget(shop)
    box = shop.locator("iframe").bounding_box()
    assert box is not None and (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 360, 740)
    shop.set_viewport_size({"width": 1280, "height": 800})
    box = shop.locator("iframe").bounding_box()
    assert box is not None and 390 <= box["width"] <= 400 and 600 <= box["height"] <= 700


def test_card_opens_the_product_and_fills_the_cart(shop: Page, api: FakeApi) -> None:
    chat = open_widget(shop)
    chat.get_by_test_id("chat-input").fill("headphones please")
    chat.get_by_test_id("chat-input").press("Enter")
    card = chat.get_by_test_id("suggestion-card").first
    card.get_by_role("button", name="Add").click()
    expect(card).to_contain_text("Added to cart")
    card.get_by_role("link", name="View").click()
    expect(shop.locator("iframe")).to_be_hidden()
    expect(shop.get_by_test_id("item-detail")).to_contain_text("Vessel Quiet headphones, sand")
    expect(shop.get_by_test_id("cart-count")).to_have_text("1")
    assert {event["type"] for event in api.events} >= {"suggestion.clicked", "storefront.cart", "storefront.view"}


def test_chat_offers_to_ask_about_the_open_product(shop: Page, api: FakeApi) -> None:
    shop.get_by_role("button", name="Norrvale Solo toaster, sand", exact=True).click()
    shop.get_by_role("button", name="Ask about it").click()
    chat = shop.frame_locator("iframe")
    chat.get_by_test_id("consent-continue").click()
    chat.get_by_test_id("about-item").click()
    expect(chat.get_by_test_id("chat-input")).to_have_value("I have a question about the Norrvale Solo toaster, sand: ")


def test_answer_that_comes_while_the_chat_is_closed_is_counted(shop: Page, api: FakeApi) -> None:
    chat = open_widget(shop)
    expect(chat.get_by_role("log")).to_have_attribute("aria-live", "polite")
    chat.get_by_test_id("chat-close").click()
    expect(shop.locator("iframe")).to_be_hidden()
    api.say_as("bot", "There is news about your order.")
    expect(shop.get_by_test_id("chat-launcher")).to_have_attribute("aria-label", "Chat with us, 1 new")
    shop.get_by_test_id("chat-launcher").click()
    expect(chat.get_by_text("There is news")).to_be_visible()


def test_foreign_window_cannot_speak_for_the_chat(shop: Page) -> None:
    open_widget(shop)
    shop.evaluate("window.postMessage({source: 'attune-chat', type: 'add-to-cart', item: {id: 'kettle-1'}}, '*')")
    shop.evaluate("window.postMessage({source: 'attune-chat', type: 'close'}, '*')")
    shop.wait_for_timeout(300)
    expect(shop.locator("iframe")).to_be_visible()
    expect(shop.get_by_test_id("cart-count")).to_be_hidden()


def test_widget_works_in_a_shop_on_another_host_under_its_strict_policy(context: BrowserContext, api: FakeApi) -> None:
    page = context.new_page()
    complaints: list[str] = []
    watch(page, complaints)
    page.goto(f"http://localhost:{api.port}/foreign")
    chat = open_widget(page)
    expect(chat.get_by_role("heading", name="Another shop")).to_be_visible()
    chat.get_by_test_id("chat-input").fill("headphones")
    chat.get_by_test_id("chat-input").press("Enter")
    chat.get_by_test_id("suggestion-card").first.get_by_role("link", name="View").click()
    page.wait_for_url(f"http://localhost:{api.port}/p/headphones-1")
    assert [line for line in complaints if not is_about_the_line(line)] == []
