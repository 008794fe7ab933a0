"""One OpenID Connect provider: where to send the browser, and who it says has come back.

Authorization code flow with PKCE (RFC 7636), state and nonce; the ID token's signature and claims are checked.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, Field, SecretStr, field_validator

from service.addresses import LOOPBACK
from service.outgoing import tls

_DISCOVERY: Final = "/.well-known/openid-configuration"
_KEPT_S: Final = 3600.0
_TIMEOUT_S: Final = 5.0
_MOST_BYTES: Final = 256 * 1024
# Signatures with public keys only: a shared secret or none would let a client of the provider write tokens.
_ALGORITHMS: Final = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
    "Ed25519",
)


class OidcProvider(BaseModel):
    """A provider by which customers may sign in, from the setting ATTUNE_OIDC_PROVIDERS (a JSON list of these)."""

    id: str = Field(pattern=r"[a-z0-9-]{1,32}")
    name: str = Field(min_length=1, max_length=60, description="what the button says")
    issuer: str
    client_id: str = Field(min_length=1)
    client_secret: SecretStr = SecretStr("")
    scope: str = "openid email profile"

    @field_validator("issuer")
    @classmethod
    def _check_issuer(cls, value: str) -> str:
        if not _is_safe(value):
            raise ValueError(f"{value!r} is no issuer; expected an https address (http on this machine only)")
        return value


class OidcError(Exception):
    """A provider did not do what it should. code: unavailable, refused (by the person or the provider), invalid."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Departure:
    """A browser on its way to the provider. state, nonce, verifier: kept for its return, in that browser alone."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Who the provider says has come. subject: its own id for the person. email: only if it says that it is proved."""

    subject: str
    email: str | None
    name: str
    language: str | None


class OidcClient:
    """Speaks with one provider. back: the address of this site that the provider sends the browser to."""

    def __init__(self, provider: OidcProvider, back: str) -> None:
        self.provider = provider
        self._back = back
        self._known: tuple[float, dict[str, Any], dict[str, Any]] | None = None

    async def depart(self) -> Departure:
        """Where to send the browser. Raises: OidcError."""
        from authlib.common.security import generate_token

        metadata, _ = await self._metadata()
        nonce, verifier = generate_token(32), generate_token(64)
        async with self._client() as client:
            url, state = client.create_authorization_url(
                metadata["authorization_endpoint"], nonce=nonce, code_verifier=verifier
            )
        return Departure(str(url), str(state), nonce, verifier)

    async def arrive(self, query: Mapping[str, str], state: str, nonce: str, verifier: str) -> Identity:
        """Who has come back, from the answer's query. Raises: OidcError."""
        if query.get("state") != state:
            raise OidcError("invalid", "the answer belongs to another request of this browser")
        if "error" in query or not query.get("code"):
            raise OidcError("refused", "the provider sent no code")
        metadata, keys = await self._metadata()
        # RFC 9207: a mix-up of providers shows here.
        if query.get("iss", metadata["issuer"]) != metadata["issuer"]:
            raise OidcError("invalid", "the answer names another issuer")
        token = await self._fetch_token(metadata["token_endpoint"], query["code"], verifier)
        claims = self._claims(token, keys, metadata["issuer"], nonce)
        email = claims.get("email") if claims.get("email_verified") is True else None
        return Identity(
            subject=str(claims["sub"]),
            email=email if isinstance(email, str) else None,
            name=_plain(claims.get("name"), 120),
            language=_plain(claims.get("locale"), 2).lower() or None,
        )

    async def _fetch_token(self, endpoint: str, code: str, verifier: str) -> str:
        from authlib.integrations.base_client.errors import OAuthError

        try:
            async with self._client() as client:
                answer = await client.fetch_token(
                    endpoint, code=code, code_verifier=verifier, grant_type="authorization_code"
                )
        except (httpx.HTTPError, ValueError) as err:
            raise OidcError("unavailable", type(err).__name__) from None
        except OAuthError as err:
            raise OidcError("refused", str(err.error)) from None
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise OidcError("invalid", "the provider sent no ID token")
        return token

    def _claims(self, token: str, keys: dict[str, Any], issuer: str, nonce: str) -> dict[str, Any]:
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        rules = jwt.JWTClaimsRegistry(
            leeway=60,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": self.provider.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=_ALGORITHMS).claims  # type: ignore[arg-type]
            rules.validate(claims)
        except (JoseError, ValueError, KeyError, TypeError) as err:
            raise OidcError("invalid", f"the ID token is not to be believed ({type(err).__name__})") from None
        audience = claims["aud"]
        if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != self.provider.client_id:
            raise OidcError("invalid", "the ID token was made for another client")
        return dict(claims)

    async def _metadata(self) -> tuple[dict[str, Any], dict[str, Any]]:
        if self._known is None or time.monotonic() - self._known[0] > _KEPT_S:
            issuer = self.provider.issuer
            metadata = await self._get(issuer.rstrip("/") + _DISCOVERY)
            if metadata.get("issuer") != issuer:
                raise OidcError("invalid", "the provider's description names another issuer")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if not _is_safe(metadata.get(name)):
                    raise OidcError("invalid", f"the provider's {name} is no https address")
            self._known = (time.monotonic(), metadata, await self._get(metadata["jwks_uri"]))
        return self._known[1], self._known[2]

    async def _get(self, url: str) -> dict[str, Any]:
        try:
            async with httpx.AsyncClient(verify=tls(), timeout=_TIMEOUT_S, trust_env=False) as client:
                answer = await client.get(url)
                answer.raise_for_status()
                found = answer.json() if len(answer.content) <= _MOST_BYTES else None
        except (httpx.HTTPError, ValueError) as err:
            raise OidcError("unavailable", type(err).__name__) from None
        if not isinstance(found, dict):
            raise OidcError("invalid", "the provider's description is no JSON object")
        return found

    def _client(self) -> Any:
        # 25 MB, for installations with a provider.
        from authlib.integrations.httpx_client import AsyncOAuth2Client

        secret = self.provider.client_secret.get_secret_value()
        return AsyncOAuth2Client(
            self.provider.client_id,
            secret or None,
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
            scope=self.provider.scope,
            redirect_uri=self._back,
            code_challenge_method="S256",
            timeout=_TIMEOUT_S,
            trust_env=False,
        )


def _is_safe(url: object) -> bool:
    if not isinstance(url, str):
        return False
    parts = urlsplit(url)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))


def _plain(value: object, length: int) -> str:
    text = value if isinstance(value, str) else ""
    return "".join(character for character in text if character.isprintable())[:length]
