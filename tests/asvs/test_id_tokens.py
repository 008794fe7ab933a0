"""Which ID tokens of a provider are believed."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from service.accounts.oidc import OidcClient, OidcError, OidcProvider

ISSUER = "https://login.provider.test"
OWN = RSAKey.generate_key(2048, {"kid": "own", "use": "sig"})
STRANGE = RSAKey.generate_key(2048, {"kid": "own", "use": "sig"})
CLIENT = OidcClient(
    OidcProvider(id="p", name="P", issuer=ISSUER, client_id="shop"),
    "https://help.shop.test/api/account/providers/p/back",
)


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    whole = {"iss": ISSUER, "aud": "shop", "sub": "42", "iat": now, "exp": now + 300, "nonce": "n-1", **changes}
    return {name: value for name, value in whole.items() if value is not None}


def token(key: Any = OWN, alg: str = "RS256", header: dict[str, Any] | None = None, **changes: Any) -> str:
    return str(jwt.encode({"alg": alg, "kid": "own", **(header or {})}, claims(**changes), key, algorithms=[alg]))


def judged(text: str, keys: list[Any] | None = None) -> dict[str, Any]:
    known = KeySet(keys or [OWN]).as_dict(private=False)
    return CLIENT._claims(text, known, ISSUER, "n-1")  # type: ignore[arg-type]


def refused(text: str, keys: list[Any] | None = None) -> None:
    with pytest.raises(OidcError) as caught:
        judged(text, keys)
    assert caught.value.code == "invalid"


def part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def forged(header: dict[str, Any]) -> str:
    """A token signed with the strange key, whatever its header says; libraries refuse to make some of these."""
    signed = f"{part(header)}.{part(claims())}".encode()
    signature = STRANGE.private_key.sign(signed, PKCS1v15(), SHA256())
    return f"{signed.decode()}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def test_the_forger_s_tokens_would_pass_with_their_own_key() -> None:
    assert judged(forged({"alg": "RS256", "kid": "own"}), [STRANGE])["sub"] == "42"


def test_a_whole_token_is_believed() -> None:
    assert judged(token())["sub"] == "42"
    key = ECKey.generate_key("P-256", {"kid": "own"})
    assert judged(token(key, "ES256"), [key])["sub"] == "42"


def test_only_the_provider_s_signature_counts() -> None:
    refused(token(STRANGE))
    head, body, signature = token().split(".")
    refused(f"{head}.{part(claims(sub='43'))}.{signature}")
    refused(f"{head}.{body}.")
    refused(f"{head}.{body}.{signature[:-4]}AAAA")


def test_none_and_shared_secrets_are_no_signatures() -> None:
    for alg in ("none", "None", "NONE", ""):
        refused(f"{part({'alg': alg, 'kid': 'own'})}.{part(claims())}.")
    signed = f"{part({'alg': 'HS256', 'kid': 'own'})}.{part(claims())}"
    for secret in (OWN.as_pem(private=False), b"shop", b""):
        digest = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
        refused(f"{signed}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}")


def test_keys_that_the_token_brings_along_are_not_used() -> None:
    own_key = STRANGE.as_dict(private=False)
    for header in ({"jwk": own_key}, {"jku": "https://evil.test/keys"}, {"x5u": "https://evil.test/cert"}):
        refused(forged({"alg": "RS256", "kid": "own", **header}))


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": 1},
        {"exp": int(time.time()) - 120},
        {"exp": None},
        {"nbf": int(time.time()) + 3600},
        {"iat": None},
        {"iss": "https://login.evil.test"},
        {"aud": "other"},
        {"aud": ["shop", "other"]},
        {"nonce": "n-2"},
        {"nonce": None},
        {"sub": None},
    ],
)
def test_a_token_of_another_time_place_or_request_is_refused(changes: dict[str, Any]) -> None:
    refused(token(**changes))


@pytest.mark.parametrize("text", ["", "a.b.c", "..", "x" * 100_000, "é.é.é", token()[:-2] + "\0"])
def test_what_is_no_token_is_refused(text: str) -> None:
    refused(text)
