"""An OpenID Connect provider in this process: real HTTP, real signatures, PKCE checked. It can be told to misbehave."""

import base64
import hashlib
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from tests.service.served import served

CLIENT, SECRET = "attune", "client secret of the shop"


@dataclass
class Provider:
    """Who signs in there, and what goes wrong. claims: put over those of the ID token; None leaves one out."""

    issuer: str = ""
    subject: str = "subject-1"
    person: dict[str, Any] = field(
        default_factory=lambda: {
            "email": "ana@example.org", "email_verified": True, "name": "Ana Quist", "locale": "en-GB",
        }
    )  # fmt: skip
    claims: dict[str, Any] = field(default_factory=dict)
    foreign_key: bool = False
    unsigned: bool = False
    described_issuer: str | None = None
    down: bool = False
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def app(self) -> FastAPI:
        """The provider's endpoints."""
        app = FastAPI()

        @app.get("/.well-known/openid-configuration")
        async def describe() -> JSONResponse:
            if self.down:
                return JSONResponse({}, status_code=503)
            return JSONResponse(
                {
                    "issuer": self.described_issuer or self.issuer,
                    "authorization_endpoint": f"{self.issuer}/authorize",
                    "token_endpoint": f"{self.issuer}/token",
                    "jwks_uri": f"{self.issuer}/keys",
                }
            )

        @app.get("/keys")
        async def keys() -> JSONResponse:
            return JSONResponse(KeySet([self.key]).as_dict(private=False))

        @app.get("/authorize")
        async def authorize(request: Request) -> RedirectResponse:
            asked = dict(request.query_params)
            self.asked.append(asked)
            code = secrets.token_urlsafe(16)
            self.codes[code] = asked
            answer = urlencode({"code": code, "state": asked["state"], "iss": self.issuer})
            return RedirectResponse(f"{asked['redirect_uri']}?{answer}", status_code=302)

        @app.post("/token")
        async def token(
            request: Request, code: str = Form(), code_verifier: str = Form(), redirect_uri: str = Form()
        ) -> JSONResponse:
            asked = self.codes.pop(code, None)
            basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
            digest = hashlib.sha256(code_verifier.encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            if (
                asked is None
                or request.headers.get("authorization") != f"Basic {basic}"
                or challenge != asked["code_challenge"]
                or asked["code_challenge_method"] != "S256"
                or redirect_uri != asked["redirect_uri"]
            ):
                return JSONResponse({"error": "invalid_grant"}, status_code=400)
            return JSONResponse(
                {"access_token": "x", "token_type": "Bearer", "id_token": self.id_token(asked["nonce"])}
            )

        return app

    def id_token(self, nonce: str) -> str:
        """The signed word of the provider."""
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": self.subject, "iat": now, "exp": now + 60, "nonce": nonce,
            **self.person, **self.claims,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.unsigned:
            import json

            parts = ({"alg": "none"}, claims)
            return (
                ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
                + "."
            )
        key = RSAKey.generate_key(2048, {"kid": "one"}) if self.foreign_key else self.key
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


@asynccontextmanager
async def provider() -> AsyncIterator[Provider]:
    """A running provider."""
    made = Provider()
    async with served(made.app()) as host:
        made.issuer = f"http://{host}"
        yield made
