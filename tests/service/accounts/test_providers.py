"""Signing in by an outside provider, against a real one on this machine."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from service.accounts.oidc import OidcProvider
from service.accounts.providers import safe_path
from tests.service.accounts.oidc_provider import CLIENT, SECRET, Provider, provider
from tests.service.accounts.people import PASSWORD, Browser, Place, code_of, place_in
from vocabulary import Role


@pytest.fixture
async def shop() -> AsyncIterator[Provider]:
    async with provider() as made:
        yield made


@pytest.fixture
async def place(tmp_path: Path, shop: Provider) -> AsyncIterator[Place]:
    known = {"id": "shop", "name": "Shop", "issuer": shop.issuer, "client_id": CLIENT, "client_secret": SECRET}
    settings: dict[str, Any] = {"oidc_providers": (OidcProvider(**known),), "public_url": "https://attune.test"}
    async with place_in(tmp_path, **settings) as started:
        yield started


def fresh(place: Place) -> Browser:
    return place.browser(base_url="https://attune.test")


async def leave(browser: Browser, next_path: str = "/account") -> str:
    """Start a journey and sign in at the provider; where it sends the browser back to."""
    start = await browser.client.get("/api/account/providers/shop/start", params={"next": next_path})
    assert start.status_code == 302
    async with httpx.AsyncClient(trust_env=False) as outside:
        answer = await outside.get(start.headers["location"])
    assert answer.status_code == 302
    return answer.headers["location"]


async def journey(browser: Browser, next_path: str = "/account") -> str:
    """There and back; where the browser is led at last."""
    back = await browser.client.get(await leave(browser, next_path))
    assert back.status_code == 302
    return back.headers["location"]


async def test_the_first_journey_makes_the_account_and_the_next_one_opens_it(place: Place, shop: Provider) -> None:
    browser = fresh(place)
    assert (await browser.get("providers")).json() == [{"id": "shop", "name": "Shop"}]
    assert await journey(browser) == "/account"
    body = (await browser.get()).json()
    assert (body["email"], body["email_verified"], body["name"], body["language"], body["has_password"]) == (
        "ana@example.org",
        True,
        "Ana Quist",
        "en",
        False,
    )
    shop.person = {"email": "other@example.org", "email_verified": True}
    again = fresh(place)
    assert await journey(again, "/shop") == "/shop"
    assert (await again.get()).json()["id"] == body["id"]


async def test_what_is_asked_of_the_provider_is_fresh_and_bound_to_the_browser(place: Place, shop: Provider) -> None:
    for _ in range(2):
        await leave(fresh(place))
    first, second = shop.asked
    for name in ("state", "nonce", "code_challenge"):
        assert first[name] != second[name]
        assert len(first[name]) >= 30
    assert first["code_challenge_method"] == "S256"
    assert first["redirect_uri"] == "https://attune.test/api/account/providers/shop/back"
    start = await fresh(place).client.get("/api/account/providers/shop/start")
    cookie = start.headers["set-cookie"]
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/api/account/providers"} <= set(cookie.split("; "))
    assert parse_qs(urlsplit(start.headers["location"]).query)["state"][0] not in cookie


async def test_an_address_that_the_provider_does_not_vouch_for_is_not_taken(place: Place, shop: Provider) -> None:
    for number, unproved in enumerate((False, None, "true")):
        shop.subject, shop.person = f"subject-{number}", {"email": "ana@example.org", "email_verified": unproved}
        browser = fresh(place)
        assert await journey(browser) == "/account"
        assert (await browser.get()).json()["email"] is None


async def test_a_providers_word_never_takes_over_an_account(place: Place, shop: Provider) -> None:
    for number, role in enumerate((Role.CUSTOMER, Role.ADMIN)):
        shop.person["email"] = f"person{number}@example.org"
        await place.account(f"person{number}@example.org", role)
        browser = fresh(place)
        assert await journey(browser) == "/account#error=address_known"
        assert (await browser.get()).status_code == 401


async def test_signed_in_people_add_the_provider_themselves(place: Place, shop: Provider) -> None:
    account = await place.account()
    browser = fresh(place)
    await browser.login()
    assert await journey(browser) == "/account"
    assert "can be opened by Shop" in (await place.letters.next("ana@example.org")).text
    async with place.talk.services.db.reading() as tx:
        assert [entry.act for entry in await tx.audit.entries(subject=account.id)] == ["account.provider"]
    other = fresh(place)
    await journey(other)
    assert (await other.get()).json()["id"] == account.id
    stranger = await place.signed_in("bo@example.org", base_url="https://attune.test")
    assert await journey(stranger) == "/account#error=login_taken"


async def test_a_provider_is_removed_unless_nothing_else_opens_the_account(place: Place) -> None:
    browser = fresh(place)
    await journey(browser)
    assert (await browser.get("logins")).json() == {"providers": ["shop"]}
    assert code_of(await browser.delete("logins/other")) == (404, "unknown_provider")
    assert code_of(await browser.delete("logins/shop")) == (409, "last_way")
    await browser.post("password", new=PASSWORD)
    assert (await browser.delete("logins/shop")).json() == {"providers": []}
    assert await journey(fresh(place)) == "/account#error=address_known"


async def test_a_journey_ends_in_the_account_that_began_it(place: Place) -> None:
    await place.account()
    browser = fresh(place)
    await browser.login()
    back = await leave(browser)
    await browser.post("logout")
    assert (await browser.client.get(back)).headers["location"] == "/account#error=not_signed_in"


async def test_staff_and_second_factors_keep_to_the_password(place: Place) -> None:
    staff = await place.signed_in("kim@example.org", Role.AGENT, base_url="https://attune.test")
    assert await journey(staff) == "/account#error=staff"
    browser = fresh(place)
    await journey(browser)
    import pyotp

    async with place.talk.services.db.transaction() as tx:
        account = await tx.accounts.by_email("ana@example.org")
        assert account is not None
        secret = await tx.second_factor.start(account.id)
        await tx.second_factor.confirm(account.id, pyotp.TOTP(secret).now())
    assert await journey(fresh(place)) == "/account#error=second_factor"


async def test_a_closed_account_stays_closed(place: Place) -> None:
    await journey(fresh(place))
    async with place.talk.services.db.transaction() as tx:
        account = await tx.accounts.by_email("ana@example.org")
        assert account is not None
        await tx.accounts.disable(account.id)
    browser = fresh(place)
    assert await journey(browser) == "/account#error=wrong_credentials"
    assert (await browser.get()).status_code == 401


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "somebody-else"},
        {"aud": [CLIENT, "other"], "azp": "other"},
        {"iss": "https://evil.example"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"sub": None},
    ],
)
async def test_a_word_for_somebody_else_is_not_believed(place: Place, shop: Provider, claims: dict[str, Any]) -> None:
    shop.claims = claims
    browser = fresh(place)
    assert await journey(browser) == "/account#error=provider_invalid"
    assert (await browser.get()).status_code == 401


@pytest.mark.parametrize("trick", ["foreign_key", "unsigned"])
async def test_a_word_that_the_provider_did_not_sign_is_not_believed(place: Place, shop: Provider, trick: str) -> None:
    setattr(shop, trick, True)
    assert await journey(fresh(place)) == "/account#error=provider_invalid"


async def test_an_answer_counts_in_the_browser_that_asked_and_once(place: Place) -> None:
    victim, attacker = fresh(place), fresh(place)
    answer = await leave(attacker)
    assert (await victim.client.get(answer)).headers["location"] == "/account#error=provider_invalid"
    await leave(victim)
    assert (await victim.client.get(answer)).headers["location"] == "/account#error=provider_invalid"
    assert (await victim.get()).status_code == 401
    assert (await attacker.client.get(answer)).headers["location"] == "/account"
    assert (await attacker.client.get(answer)).headers["location"] == "/account#error=provider_invalid"


@pytest.mark.parametrize("query", ["", "error=access_denied&state={state}", "code=&state={state}", "code=x&state=y"])
async def test_half_an_answer_opens_nothing(place: Place, shop: Provider, query: str) -> None:
    browser = fresh(place)
    await leave(browser)
    address = f"/api/account/providers/shop/back?{query.format(state=shop.asked[-1]['state'])}"
    place_led_to = (await browser.client.get(address)).headers["location"]
    assert place_led_to in ("/account#error=provider_refused", "/account#error=provider_invalid")


async def test_a_provider_that_is_down_or_another_one_is_told(place: Place, shop: Provider) -> None:
    browser = fresh(place)
    shop.down = True
    start = await browser.client.get("/api/account/providers/shop/start")
    assert start.headers["location"] == "/account#error=provider_unavailable"
    shop.down, shop.described_issuer = False, "https://evil.example"
    start = await browser.client.get("/api/account/providers/shop/start")
    assert start.headers["location"] == "/account#error=provider_invalid"
    unknown = await browser.client.get("/api/account/providers/nobody/start")
    assert unknown.status_code == 404


@pytest.mark.parametrize(
    "path",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "/a//b", "/x?y", "a"],
)
async def test_nobody_is_sent_elsewhere_through_us(path: str) -> None:
    assert safe_path(path) == "/account"
    assert safe_path("/account#data") == "/account#data"


async def test_the_password_still_opens_what_it_opened(place: Place) -> None:
    await place.account()
    assert (await fresh(place).login(password=PASSWORD)).status_code == 200


def test_a_provider_is_given_by_https() -> None:
    given = {"id": "x", "name": "X", "client_id": "c"}
    for issuer in ("http://provider.example", "ftp://x", "provider.example", "https://"):
        with pytest.raises(ValueError, match="https"):
            OidcProvider(issuer=issuer, **given)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_another_site_begins_no_journey(place: Place, shop: Provider, site: str) -> None:
    # It would add whoever is signed in at the provider, perhaps the other site's owner, to this account.
    browser = fresh(place)
    start = await browser.client.get("/api/account/providers/shop/start", headers={"Sec-Fetch-Site": site})
    assert start.headers["location"] == "/account#error=provider_invalid" and not shop.asked
    own = await browser.client.get("/api/account/providers/shop/start", headers={"Sec-Fetch-Site": "same-origin"})
    assert own.headers["location"].startswith(shop.issuer)
