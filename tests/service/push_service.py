"""A push service and a browser of the tests' own: real HTTP, real signatures, real decryption."""

import base64
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import http_ece
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI, Request, Response

from tests.service.served import served


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@dataclass
class Browser:
    """One subscription: its keys, and what it can read of what arrives."""

    name: str
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def keys(self) -> dict[str, str]:
        point = self.private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return {"p256dh": _text(point), "auth": _text(self.auth)}

    def read(self, body: bytes) -> Any:
        """Decrypt as RFC 8291 says."""
        return json.loads(http_ece.decrypt(body, private_key=self.private, auth_secret=self.auth, version="aes128gcm"))


@dataclass
class PushService:
    """status: what it answers. arrived: browser, headers and body of each message."""

    origin: str = ""
    status: int = 201
    arrived: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def endpoint(self, browser: Browser) -> str:
        return f"{self.origin}/send/{browser.name}"


@asynccontextmanager
async def push_service() -> AsyncIterator[PushService]:
    service, app = PushService(), FastAPI()

    @app.post("/send/{browser}")
    async def take(browser: str, request: Request) -> Response:
        service.arrived.append((browser, dict(request.headers), await request.body()))
        return Response(status_code=service.status, headers={"Location": "http://127.0.0.1:9/elsewhere"})

    async with served(app) as address:
        service.origin = f"http://{address}"
        yield service
