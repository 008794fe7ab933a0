"""Web push: encrypted for the browser (RFC 8291), signed with this installation's key (RFC 8292)."""

import asyncio
import base64
import json
import re
import time
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import httpx
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from py_vapid import Vapid02, VapidException

from service.notify.errors import SendFailed
from service.outgoing import tls
from store import Database, Delivery, PushSubscription

_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256, FIPS 186-4, D.1.2.3
_VALID_S: Final = 12 * 3600
_TTL_S: Final = 24 * 3600
_TIMEOUT_S: Final = 15.0
# Push services take 4,096 bytes of ciphertext at least (RFC 8030, 7.2); a notification shows far less.
_MOST_SHOWN: Final = 300
_POINT_BYTES: Final = 65
_AUTH_BYTES: Final = 16


class VapidKey:
    """This installation's key for push services. It is derived from the session secret: nothing more to keep."""

    def __init__(self, session_secret: str) -> None:
        # 16 bytes more than the order has: the remainder is as good as uniform.
        material = HKDF(algorithm=hashes.SHA256(), length=48, salt=None, info=b"attune web push").derive(
            session_secret.encode()
        )
        self._private = ec.derive_private_key(int.from_bytes(material) % (_ORDER - 1) + 1, ec.SECP256R1())

    @property
    def public(self) -> str:
        """What a browser subscribes with: the point, uncompressed, base64url without padding."""
        point = self._private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return base64.urlsafe_b64encode(point).decode().rstrip("=")

    def headers(self, origin: str, contact: str) -> dict[str, str]:
        """The Authorization header for one push service."""
        claims = {"aud": origin, "sub": contact, "exp": int(time.time()) + _VALID_S}
        try:
            signed: dict[str, str] = Vapid02(self._private, conf={"no-strict": True}).sign(claims)
        except VapidException as err:
            raise SendFailed("push_signature", f"cannot be signed ({type(err).__name__})", retryable=False) from None
        return signed


@dataclass(frozen=True)
class PushServices:
    """The push services that browsers may name. Anything else would let a stranger send this server anywhere."""

    origins: tuple[str, ...]

    def knows(self, endpoint: str) -> bool:
        """Whether a browser's address belongs to one of them."""
        try:
            parts = urlsplit(endpoint)
            origin = f"{parts.scheme}://{parts.netloc}"
        except ValueError:
            return False
        return "@" not in parts.netloc and any(_pattern(known).fullmatch(origin) for known in self.origins)


def _pattern(origin: str) -> re.Pattern[str]:
    return re.compile(re.escape(origin).replace(r"\*", r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"))


def check_browser_keys(p256dh: str, auth: str) -> bool:
    """Whether these are a point of P-256 and 16 bytes, as RFC 8291 asks for."""
    try:
        point, secret = (base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)) for value in (p256dh, auth))
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return False
    return len(point) == _POINT_BYTES and len(secret) == _AUTH_BYTES


def _encrypted(browser: PushSubscription, message: bytes) -> bytes:
    # 13 MB that only installations need where somebody has subscribed.
    from pywebpush import WebPusher, WebPushException

    keys = {"p256dh": browser.p256dh, "auth": browser.auth}
    try:
        encoded: bytes = WebPusher({"endpoint": browser.endpoint, "keys": keys}).encode(message)["body"]
    except (WebPushException, ValueError):
        raise SendFailed("push_keys", "the browser's keys are none", retryable=False, gone=True) from None
    return encoded


class PushSender:
    """Sends to the push service of each browser. The address of a delivery is a subscription's id."""

    def __init__(self, db: Database, key: VapidKey, services: PushServices, contact: str) -> None:
        self._db = db
        self._key = key
        self._services = services
        self._contact = contact
        self._http = httpx.AsyncClient(verify=tls(), timeout=_TIMEOUT_S, follow_redirects=False, trust_env=False)

    async def send(self, delivery: Delivery) -> None:
        """Raises: SendFailed."""
        async with self._db.reading() as tx:
            browser = await tx.push.get(delivery.address)
        if browser is None:
            raise SendFailed("push_unsubscribed", "the browser was removed meanwhile", retryable=False)
        if not self._services.knows(browser.endpoint):
            raise SendFailed("push_service_unknown", "see ATTUNE_PUSH_SERVICES", retryable=False, gone=True)
        shown = {"title": delivery.subject, "body": delivery.text[:_MOST_SHOWN], "url": delivery.link}
        body = await asyncio.to_thread(_encrypted, browser, json.dumps(shown).encode())
        parts = urlsplit(browser.endpoint)
        headers = {
            **self._key.headers(f"{parts.scheme}://{parts.netloc}", self._contact),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(_TTL_S),
        }
        try:
            async with self._http.stream("POST", browser.endpoint, content=body, headers=headers) as response:
                status = response.status_code
        except httpx.HTTPError as err:
            raise SendFailed("push_unreachable", f"not reached ({type(err).__name__})", retryable=True) from None
        if status in (404, 410):
            raise SendFailed("push_gone", "the browser has unsubscribed", retryable=False, gone=True)
        if not 200 <= status < 300:
            retryable = status == 429 or status >= 500
            raise SendFailed(f"push_{status}", "the push service refuses the message", retryable=retryable)

    async def close(self) -> None:
        """Close the connections to push services."""
        await self._http.aclose()
