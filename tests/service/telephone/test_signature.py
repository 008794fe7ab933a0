"""Only the provider's own requests get in: the signature is that of the published examples, and nothing near it."""

import pytest

from service import Settings
from service.telephone.signature import is_signed, signature
from tests.service.telephone.provider import ACCOUNT, TOKEN

URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FORM = [
    ("To", "+18005551212"),
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675310"),
    ("Digits", "1234"),
    ("From", "+14158675310"),
]
PUBLISHED = "GvWf1cFY/Q7PnoempGyD5oXAezc="


def test_the_published_example_is_signed_so() -> None:
    assert signature("12345", URL, FORM) == PUBLISHED
    assert is_signed("12345", PUBLISHED, URL, FORM)


@pytest.mark.parametrize(
    "changed",
    [
        ("1234", URL, FORM),
        ("12345", URL.replace("foo=1", "foo=2"), FORM),
        ("12345", URL.replace("https", "http"), FORM),
        ("12345", URL, FORM[1:]),
        ("12345", URL, [*FORM, ("More", "")]),
        ("12345", URL, [(name, value.replace("0", "1")) for name, value in FORM]),
        ("12345", URL, []),
    ],
)
def test_whatever_is_changed_is_not_signed(changed: tuple[str, str, list[tuple[str, str]]]) -> None:
    token, url, form = changed
    assert not is_signed(token, PUBLISHED, url, form)


@pytest.mark.parametrize(
    "given", ["", "=", PUBLISHED[:-1], PUBLISHED.lower(), f"{PUBLISHED} ", "ß", "\ud800", "x" * 9999]
)
def test_what_is_no_signature_signs_nothing(given: str) -> None:
    assert not is_signed("12345", given, URL, FORM)


def test_the_provider_may_write_the_usual_port_and_a_slash_after_a_socket_s_address() -> None:
    url = "wss://shop.example/api/telephone/twilio/media"
    for written in (url, f"{url}/", url.replace("example", "example:443"), f"{url.replace('example', 'example:443')}/"):
        assert is_signed(TOKEN, signature(TOKEN, written), url)
    assert not is_signed(TOKEN, signature(TOKEN, url.replace("example", "example:8443")), url)
    assert not is_signed(TOKEN, signature(TOKEN, url.replace("wss", "https")), url)
    own = "https://shop.example:8443/x"
    assert is_signed(TOKEN, signature(TOKEN, own), own)
    assert not is_signed(TOKEN, signature(TOKEN, "https://shop.example/x"), own)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"twilio_account_sid": ACCOUNT, "public_url": "https://shop.example"}, "ATTUNE_TWILIO_AUTH_TOKEN"),
        ({"twilio_auth_token": TOKEN, "public_url": "https://shop.example"}, "ATTUNE_TWILIO_ACCOUNT_SID"),
        ({"twilio_auth_token": TOKEN, "twilio_account_sid": ACCOUNT}, "ATTUNE_PUBLIC_URL"),
        ({"twilio_account_sid": "AC1"}, "twilio_account_sid"),
    ],
)
def test_settings_that_cannot_work_are_refused_and_no_token_is_told(changes: dict[str, str], named: str) -> None:
    with pytest.raises(ValueError, match=named) as refused:
        Settings(**changes)  # type: ignore[arg-type]
    assert TOKEN not in str(refused.value)
