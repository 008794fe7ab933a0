"""Finding in the shop: words, filters, the visitor's own switch, shelves with reasons, pictures and prices."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.e2e.conftest import is_about_the_line, watch
from tests.e2e.fake_api import FakeApi
from tests.e2e.fake_catalogue import OVEN, WATCH

pytestmark = pytest.mark.browser

_PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="6"><rect width="8" height="6" fill="teal"/></svg>'


@pytest.fixture
def shop(context: BrowserContext, api: FakeApi) -> Iterator[Page]:
    def picture(route: Route) -> None:
        route.fulfill(content_type="image/svg+xml", body=_PICTURE)

    api.shop.catalogue.add(OVEN, WATCH)
    context.route("https://*.example/**", picture)
    page = context.new_page()
    complaints: list[str] = []
    watch(page, complaints)
    page.goto(api.url)
    expect(page.get_by_test_id("shop-item").first).to_be_visible()
    yield page
    # One picture lies on a host that the policy does not name, on purpose.
    expected = ("elsewhere.example",)
    assert [one for one in complaints if not is_about_the_line(one) and not any(x in one for x in expected)] == []


def test_results_come_while_typing_and_push_the_greeting_away(shop: Page, api: FakeApi) -> None:
    expect(shop.locator("#hero")).to_be_visible()
    shop.evaluate("window.scrollTo(0, 900)")
    shop.get_by_test_id("shop-search").press_sequentially("kettle")
    expect(shop.get_by_test_id("shop-count")).to_have_text("3 products")
    expect(shop.locator("#hero")).to_be_hidden()
    assert shop.evaluate("window.scrollY") == 0
    assert api.search.asked[-1]["q"] == "kettle"
    assert len([one for one in api.search.asked if one["q"]]) < len("kettle"), "every key was a search"
    shop.get_by_test_id("shop-search").fill("")
    expect(shop.locator("#hero")).to_be_visible()


def test_filters_narrow_stay_in_the_address_and_are_cleared_at_once(shop: Page) -> None:
    shop.get_by_test_id("shop-filters").click()
    shop.get_by_test_id("filter-most").fill("60,00")
    expect(shop.get_by_test_id("shop-count")).to_have_text("5 products")
    shop.get_by_test_id("filter-stock").check()
    expect(shop.get_by_test_id("shop-count")).to_have_text("4 products")
    expect(shop.get_by_test_id("shop-filters")).to_have_text("Filters · 2")
    shop.reload()
    expect(shop.get_by_test_id("shop-count")).to_have_text("4 products")
    shop.get_by_test_id("filter-least").fill("100")
    expect(shop.get_by_text("The lower price is above the higher one.")).to_be_visible()
    shop.get_by_role("button", name="Clear").click()
    expect(shop.get_by_test_id("shop-count")).to_have_text("One from every corner of the shop")
    expect(shop.get_by_test_id("shop-filters")).to_be_focused()
    assert "to=" not in shop.url


def test_a_visit_counts_for_the_shop_that_is_shown_only_while_the_switch_is_on(shop: Page, api: FakeApi) -> None:
    switch = shop.get_by_role("switch", name="Fit the shop to me")
    expect(switch).to_have_attribute("aria-checked", "false")
    shop.get_by_role("button", name="Vessel Quiet headphones, sand", exact=True).click()
    shop.keyboard.press("Escape")
    shop.get_by_test_id("shop-search").fill("vessel")
    expect(shop.get_by_test_id("shop-count")).to_have_text("2 products")
    shop.get_by_test_id("shop-search").fill("")
    assert {one["visit"] for one in api.search.asked} == {None}
    expect(shop.get_by_test_id("for-you")).to_be_hidden()

    switch.press("Space")
    expect(switch).to_have_attribute("aria-checked", "true")
    expect(shop.get_by_test_id("fit-note")).to_contain_text("never changes a price")
    expect(shop.get_by_test_id("for-you-item")).to_have_count(2)
    expect(shop.get_by_test_id("for-you-item").first).to_contain_text("Like what you looked at")
    assert api.search.asked[-1]["visit"] == api.events[0]["session"]
    shop.reload()
    expect(shop.get_by_test_id("for-you-item")).to_have_count(2)
    shop.get_by_test_id("for-you-item").first.get_by_role("button").first.click()
    expect(shop.get_by_test_id("item-detail")).to_be_visible()
    assert "suggestion.clicked" in {event["type"] for event in api.events}
    shop.keyboard.press("Escape")

    switch.click()
    expect(shop.get_by_test_id("for-you")).to_be_hidden()
    shop.get_by_test_id("shop-search").fill("vessel")
    expect(shop.get_by_test_id("shop-count")).to_have_text("2 products")
    assert api.search.asked[-1]["visit"] is None


def test_switch_that_has_nothing_to_go_by_says_what_to_do(shop: Page) -> None:
    shop.get_by_test_id("fit-switch").click()
    expect(shop.get_by_test_id("for-you-none")).to_be_visible()
    expect(shop.get_by_test_id("for-you-item")).to_have_count(0)


def test_product_shows_what_goes_with_it_and_why(shop: Page, api: FakeApi) -> None:
    shop.goto(f"{api.url}/?item=kettle-1")
    related = shop.get_by_test_id("related-item")
    expect(related).to_contain_text("Made for it.")
    expect(shop.get_by_test_id("item-detail").get_by_role("heading", level=2)).to_be_focused()
    related.get_by_role("button", name="Limescale filter").first.click()
    expect(shop.get_by_test_id("item-detail").get_by_role("heading", level=2)).to_have_text(
        "Limescale filter for Bruna kettle"
    )


def test_time_on_a_product_is_told_once_it_is_more_than_a_glance(shop: Page, api: FakeApi) -> None:
    shop.goto(f"{api.url}/?item=tv-1")
    expect(shop.get_by_test_id("item-detail")).to_be_visible()
    shop.wait_for_timeout(2300)
    shop.keyboard.press("Escape")
    shop.goto(f"{api.url}/?item=kettle-1")
    expect(shop.get_by_test_id("item-detail")).to_be_visible()
    shop.keyboard.press("Escape")
    shop.wait_for_timeout(300)
    dwells = [event for event in api.events if event["type"] == "storefront.dwell"]
    assert [(one["item_id"], one["seconds"]) for one in dwells] == [("tv-1", 2)]


def test_what_has_no_price_is_asked_for_instead_of_bought(shop: Page, api: FakeApi) -> None:
    shop.goto(f"{api.url}/?item=oven-1")
    detail = shop.get_by_test_id("item-detail")
    expect(detail).to_contain_text("Price on request")
    expect(detail).to_contain_text("Available")
    expect(shop.get_by_test_id("item-add")).to_have_count(0)
    detail.get_by_role("button", name="Ask for the price").click()
    chat = shop.frame_locator("iframe")
    chat.get_by_test_id("consent-continue").click()
    expect(chat.get_by_test_id("about-item")).to_contain_text("Lindo Hearth steam oven")


def test_prices_of_two_currencies_are_never_added_up(shop: Page, api: FakeApi) -> None:
    shop.goto(f"{api.url}/?category=Watches")
    shop.get_by_role("button", name="Add Orlo Alp watch, steel to cart").click()
    shop.goto(f"{api.url}/?item=kettle-1")
    shop.get_by_test_id("item-buy").click()
    expect(shop.get_by_test_id("cart-total")).to_have_text("CHF 240.00 + €49.90")


def test_only_pictures_from_the_hosts_of_the_catalogue_are_loaded(shop: Page, api: FakeApi) -> None:
    shop.goto(f"{api.url}/?category=Ovens")
    oven = shop.get_by_test_id("shop-item").locator("img")
    expect(oven).to_have_attribute("src", "https://pictures.example/oven.svg")
    expect(oven).to_have_js_property("naturalWidth", 8)
    shop.goto(f"{api.url}/?category=Watches")
    expect(shop.get_by_test_id("shop-item").locator("img")).to_have_attribute("src", "storefront/pictures/watch.svg")
