"""The calls of this process: one for each conversation at a time."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from weakref import WeakValueDictionary

from privacy import Secrets, new_id
from service.calls.call import Call
from service.calls.line import LineDown, VoiceLine, socket_url
from service.calls.parts import CallParts
from service.calls.processes import DOWN, VoiceProcesses, refusal
from service.calls.saying import manner_of
from service.calls.telling import CallTelling, permitted
from service.calls.wire import IceServer, Start
from service.errors import Refused, ServiceError
from store import Conversation, NotFound, SignedIn, StoreError

log = logging.getLogger(__name__)

Transport = Literal["webrtc", "websocket", "telephone"]


@dataclass(frozen=True)
class _Wish:
    """A call that somebody wants; see Calls.begin."""

    transport: Transport
    offer: str | None
    camera: bool
    signed_in: SignedIn | None
    is_guest: bool
    address: str | None
    greeting: Sequence[str] | None

    @property
    def is_telephone(self) -> bool:
        return self.transport == "telephone"


class Calls:
    """Begins calls, finds them, and ends them."""

    def __init__(
        self,
        parts: CallParts,
        processes: VoiceProcesses,
        secrets: Secrets,
        *,
        ice_servers: tuple[IceServer, ...] = (),
        calls_of_address: int,
    ) -> None:
        self.processes = processes
        self.ice_servers = ice_servers
        self._parts = parts
        self._token = secrets.voice_token
        self._calls_of_address = calls_of_address
        self._calls: dict[str, Call] = {}
        self._of_address: Counter[str] = Counter()
        self._beginning: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._closing = False

    async def start(self) -> None:
        """Calls of an earlier process have ended with it."""
        async with self._parts.db.transaction() as tx:
            ended = await tx.calls.end_all("web_stopped")
        if ended:
            log.warning("calls had ended with the process before", extra={"count": ended})

    async def begin(
        self,
        conversation: Conversation,
        *,
        transport: Transport,
        offer: str | None = None,
        camera: bool = False,
        signed_in: SignedIn | None = None,
        is_guest: bool = False,
        address: str | None = None,
        greeting: Sequence[str] | None = None,
    ) -> tuple[Call, str | None]:
        """A call that goes on from now on, and the SDP that answers the offer. An earlier one of the conversation ends.

        signed_in: ends with this session. is_guest: begun by the conversation's token. address: whose calls are
        counted; None for those that are not. greeting: said first, in place of the usual words.
        Raises: Refused (422 offer_missing, offer_unusable; 429), Unavailable, StoreError.
        """
        wish = _Wish(transport, offer, camera, signed_in, is_guest, address, greeting)
        try:
            return await self._begin(conversation, wish)
        except ServiceError as err:
            self._parts.metrics.call_refused(err.code)
            raise

    def of(self, conversation_id: str, call_id: str) -> Call:
        """A call that goes on now. Raises: Refused (404)."""
        call = self._calls.get(conversation_id)
        if call is None or call.id != call_id:
            raise Refused("unknown_call", "This call has ended. Begin another one, or go on in the chat.", status=404)
        return call

    def spoken(self, conversation_id: str) -> Mapping[str, str]:
        """What has become of each message that is read out in the call that goes on now: wire.Said.state by id."""
        call = self._calls.get(conversation_id)
        return {} if call is None else call.spoken

    async def end(self, call_id: str, because: str) -> None:
        """Hang up; a call that is over stays over."""
        for call in list(self._calls.values()):
            if call.id == call_id:
                await call.end(because)

    async def close(self) -> None:
        """Hang up everywhere."""
        self._closing = True
        await asyncio.gather(*(call.end("shutdown") for call in list(self._calls.values())), return_exceptions=True)
        await self.processes.close()

    async def _begin(self, conversation: Conversation, wish: _Wish) -> tuple[Call, str | None]:
        self._check(wish)
        # Counted from now on: those that begin at the same moment must not all find room.
        give_back = self._count(wish.address)
        try:
            return await self._begin_counted(conversation, wish, give_back)
        except BaseException:
            give_back()
            raise

    async def _begin_counted(
        self, conversation: Conversation, wish: _Wish, give_back: Callable[[], None]
    ) -> tuple[Call, str | None]:
        lock = self._beginning.setdefault(conversation.id, asyncio.Lock())
        async with lock:
            if self._closing:
                raise refusal(DOWN)
            if (before := self._calls.get(conversation.id)) is not None:
                await before.end("elsewhere")
            call_id = new_id("v")
            line, url = await self.processes.open(call_id)
            call = await self._start(call_id, conversation, wish, line, url)
            self._keep(call, give_back)
            try:
                answer = await call.answer()
                if wish.transport == "webrtc" and not answer:
                    raise refusal(DOWN)
                async with self._parts.db.transaction() as tx:
                    await tx.calls.begin(call_id, conversation.id, wish.transport, camera=wish.camera)
                    await tx.events.add(
                        "call.begun",
                        {"call_id": call_id, "transport": wish.transport, "camera": wish.camera},
                        conversation_id=conversation.id,
                        customer_id=conversation.customer_id,
                    )
            except BaseException:
                # Whatever it was, also a caller who is gone: no line stays open.
                await call.end("failed")
                raise
            call.announce()
            return call, answer

    def _check(self, wish: _Wish) -> None:
        if wish.transport == "webrtc" and not (wish.offer or "").strip():
            raise Refused("offer_missing", "A call by webrtc needs the browser's SDP as 'offer'.")
        if wish.address is not None and self._of_address[wish.address] >= self._calls_of_address:
            raise Refused(
                "too_many_calls",
                f"{self._calls_of_address} calls go on from this network already, the most possible. Please use chat.",
                status=429,
                retry_after_s=30,
            )

    async def _start(self, call_id: str, conversation: Conversation, wish: _Wish, line: VoiceLine, url: str) -> Call:
        try:
            async with self._parts.db.reading() as tx:
                now = await tx.conversations.get(conversation.id)
                if now is None:
                    raise NotFound("conversation", conversation.id)
                granted = await tx.consents.granted_in_calls(now.customer_id)
                latest = await tx.assessments.latest(now.id, after=now.handed_back_at)
            allowed = permitted(now.owner, granted)
            await line.send(
                Start(
                    transport=wish.transport,
                    offer=wish.offer,
                    ice_servers=self.ice_servers,
                    camera=wish.camera,
                    voice=allowed.voice,
                    face=allowed.face,
                    owner=now.owner,
                    manner=manner_of(latest.decision.mode if latest else None),
                )
            )
        except LineDown:
            await line.close()
            raise refusal(DOWN) from None
        except StoreError:
            await line.close()
            raise
        telling = CallTelling(
            self._parts,
            line,
            now,
            allowed,
            is_guest=wish.is_guest,
            greeting=wish.greeting,
            is_telephone=wish.is_telephone,
        )
        audio_url = f"{socket_url(url)}/calls/{call_id}/audio"
        call = Call(self._parts, call_id, now.id, wish.transport, line, audio_url, telling, wish.signed_in)
        call.start()
        return call

    def _count(self, address: str | None) -> Callable[[], None]:
        """Count a call of an address; what is given ends that, once."""
        if address is None:
            return lambda: None
        counted = [address]
        self._of_address[address] += 1

        def give_back() -> None:
            if counted:
                self._of_address[counted.pop()] -= 1
                self._of_address += Counter()  # Without those at nought.

        return give_back

    def _keep(self, call: Call, give_back: Callable[[], None]) -> None:
        self._calls[call.conversation_id] = call

        def over(_: object) -> None:
            if self._calls.get(call.conversation_id) is call:
                del self._calls[call.conversation_id]
            give_back()

        call.ended.add_done_callback(over)
