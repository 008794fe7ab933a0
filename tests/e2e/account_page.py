"""The account page, as tests drive it."""

from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

from tests.e2e.account_data import EMAIL
from tests.e2e.fake_account import PASSWORD, FakeAccount


@dataclass
class AccountPage:
    """complaints: what the console and the content policy said."""

    page: Page
    url: str
    fake: FakeAccount
    complaints: list[str] = field(default_factory=list)

    def find(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid)

    def open(self, place: str = "") -> None:
        self.page.goto("about:blank")
        self.page.goto(f"{self.url}/account{place}")

    def sign_in(self, place: str = "") -> None:
        self.open(place)
        self.find("email").fill(EMAIL)
        self.find("password").fill(PASSWORD)
        self.find("sign-in-submit").click()
        expect(self.find("sign-out")).to_be_visible()

    @property
    def heading(self) -> Locator:
        return self.page.locator("h1")

    @property
    def said(self) -> Locator:
        return self.find("account-said")
