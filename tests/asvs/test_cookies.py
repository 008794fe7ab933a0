"""The session's cookie over TLS and without."""

import pytest
from fastapi import Response
from starlette.requests import Request

from privacy import new_token
from service.accounts.cookie import clear_session, session_token, set_session
from vocabulary import Role


def request(scheme: str, cookie: str = "") -> Request:
    headers = [(b"host", b"help.shop.de"), *([(b"cookie", cookie.encode())] if cookie else [])]
    return Request(
        {"type": "http", "scheme": scheme, "path": "/", "query_string": b"", "headers": headers, "server": None}
    )


def attributes(scheme: str, role: Role = Role.CUSTOMER) -> tuple[str, set[str]]:
    response = Response()
    set_session(request(scheme), response, "token", role)
    name, *rest = response.headers["set-cookie"].split("; ")
    return name, {part.lower() for part in rest}


@pytest.mark.parametrize("role", list(Role))
def test_over_tls_the_cookie_is_secure_and_bound_to_this_host(role: Role) -> None:
    name, rest = attributes("https", role)
    assert name == "__Host-attune_session=token"
    assert {"secure", "httponly", "path=/", "samesite=lax"} <= rest
    assert not [part for part in rest if part.startswith("domain")]


def test_scripts_never_read_it() -> None:
    assert "httponly" in attributes("http")[1]


def test_over_tls_a_cookie_that_others_could_plant_counts_for_nothing() -> None:
    assert session_token(request("https", "attune_session=planted")) is None
    assert session_token(request("https", "__Host-attune_session=own; attune_session=planted")) == "own"
    assert session_token(request("https")) is None


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_signing_out_takes_it_away(scheme: str) -> None:
    response = Response()
    clear_session(request(scheme), response)
    assert "max-age=0" in response.headers["set-cookie"].lower()


def test_tokens_have_256_random_bits() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    # 32 bytes in URL-safe base 64 without padding.
    assert {len(token) for token in tokens} == {43}
