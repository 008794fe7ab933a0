"""Which voice processes there are, and which of them takes the next call."""

import asyncio
import logging
import time
from typing import Final

import httpx

from service.calls.line import Health, LineDown, VoiceLine
from service.errors import Unavailable
from service.outgoing import tls
from service.settings import Settings

log = logging.getLogger(__name__)

_LOOK_WITHIN_S: Final = 1.0
# Pages ask whether they may offer a call; one look serves all of them.
_KNOWN_FOR_S: Final = 2.0

DOWN: Final = "voice_down"
FULL: Final = "calls_full"


class VoiceProcesses:
    """The voice processes of this installation: the least loaded healthy one takes a call."""

    def __init__(self, settings: Settings, token: str, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        host = f"[{settings.voice_host}]" if ":" in settings.voice_host else settings.voice_host
        self.urls = settings.voice_urls or (f"http://{host}:{settings.voice_port}",)
        self._token = token
        self._http = httpx.AsyncClient(verify=tls(), timeout=_LOOK_WITHIN_S, transport=transport, trust_env=False)
        self._known: tuple[float, list[Health]] = (-_KNOWN_FOR_S, [])

    async def why_none(self) -> str | None:
        """None if a call would be taken now; else why not: voice_down or calls_full."""
        at, found = self._known
        if time.monotonic() - at >= _KNOWN_FOR_S:
            found = await self._look()
        if not found:
            return DOWN
        return FULL if all(one.is_full for one in found) else None

    async def open(self, call_id: str) -> tuple[VoiceLine, str]:
        """A line to the least loaded process, and its address. Raises: Unavailable (voice_down, calls_full)."""
        found = await self._look()
        if not found:
            raise refusal(DOWN)
        for health in sorted(found, key=lambda one: one.calls / max(1, one.places)):
            if health.is_full:
                break
            try:
                return await VoiceLine.open(health.url, call_id, self._token), health.url
            except LineDown as err:
                log.warning("a voice process took no call", extra={"code": err.code})
        raise refusal(FULL if any(one.is_full for one in found) else DOWN)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _look(self) -> list[Health]:
        healths = await asyncio.gather(*(self._health(url) for url in self.urls))
        found = [health for health in healths if health is not None]
        self._known = (time.monotonic(), found)
        return found

    async def _health(self, url: str) -> Health | None:
        try:
            response = await self._http.get(f"{url.rstrip('/')}/health")
        except httpx.HTTPError:
            return None
        return Health.read(url, response.content) if response.status_code == 200 else None


def refusal(code: str) -> Unavailable:
    """What a customer is told who cannot be called now."""
    words = (
        "All lines are busy. Please go on in the chat, or call again in a moment."
        if code == FULL
        else "Calls are not possible right now. Please go on in the chat; nothing is lost."
    )
    return Unavailable(code, words, retry_after_s=10)
