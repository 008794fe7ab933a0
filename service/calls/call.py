"""One call, as long as it lasts: a reader of the voice process, a teller, and what may end it."""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine, Sequence
from typing import Any, Final

from service.calls.hearing import CallHearing
from service.calls.line import LineDown, VoiceLine
from service.calls.parts import CallParts
from service.calls.processes import DOWN, FULL, refusal
from service.calls.record import CallRecord
from service.calls.telling import CallTelling
from service.calls.wire import (
    Answer,
    End,
    Ended,
    Heard,
    Measured,
    NotHeard,
    Offer,
    Picture,
    Ready,
    Said,
    Stop,
    Taken,
    Trouble,
)
from service.errors import Refused
from service.session_watch import SessionWatch
from store import SignedIn, StoreError

log = logging.getLogger(__name__)

_ANSWER_WITHIN_S: Final = 8.0
_CONNECT_WITHIN_S: Final = 40.0
# What was heard before the end still goes into the inbox: looking for a second voice takes seconds.
_FINISH_WITHIN_S: Final = 12.0
_BYE_WITHIN_S: Final = 1.0
# What a voice process calls it, and what it is for whoever was on the call.
_REASONS: Final = {
    "customer": "asked",
    "line": "line_dropped",
    "shutdown": "voice_down",
    "web_gone": "voice_down",
    "web_stuck": "voice_down",
}
_FORGETFUL: Final = frozenset({"erased"})
_WAITING_TURNS: Final = 32


class Call:
    """A call of one conversation. `ended` gives the reason once it is over."""

    def __init__(
        self,
        parts: CallParts,
        call_id: str,
        conversation_id: str,
        transport: str,
        line: VoiceLine,
        audio_url: str,
        telling: CallTelling,
        signed_in: SignedIn | None,
    ) -> None:
        """line: open, with Start already sent. audio_url: where its sound goes by WebSocket."""
        self.id = call_id
        self.conversation_id = conversation_id
        self.transport = transport
        self.audio_url = audio_url
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.spoken: dict[str, str] = {}
        self._parts = parts
        self._line = line
        self._telling = telling
        self._signed_in = signed_in
        self._hearing = CallHearing(parts, conversation_id)
        self._record = CallRecord(parts, conversation_id, call_id, transport)
        self._over: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._answers: asyncio.Queue[Answer | None] = asyncio.Queue()
        self._renewing = asyncio.Lock()
        self._turns: asyncio.Queue[tuple[Heard | Picture, bytes]] = asyncio.Queue(_WAITING_TURNS)
        self._last: Ended | None = None
        self._announced = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Run from now on."""
        self._parts.metrics.call_begun(self.transport)
        self._task = asyncio.create_task(self._run(), name=f"call {self.id}")

    def announce(self) -> None:
        """Tell every open page that the call has begun; its end will be told as well."""
        self._announced = True
        self._parts.hub.publish(self.conversation_id, {"type": "call", "state": "begun", "call": self.id})
        self._parts.hub.changed(self.conversation_id)

    async def answer(self) -> str | None:
        """The SDP that answers the offer; None for a call without one. Raises: Refused (422), Unavailable."""
        waiting = asyncio.ensure_future(self._answers.get())
        either: set[asyncio.Future[Any]] = {waiting, self.ended}
        try:
            await asyncio.wait(either, timeout=_ANSWER_WITHIN_S, return_when=asyncio.FIRST_COMPLETED)
        finally:
            answer = waiting.result() if waiting.done() else None
            refused = waiting.done() and answer is None
            waiting.cancel()
        if answer is not None:
            return answer.sdp
        if refused or (self._last is not None and self._last.because == "offer"):
            raise Refused("offer_unusable", "This SDP offer cannot be answered. Offer audio, or call by websocket.")
        full = self._line.was_full or (self._last is not None and self._last.because == "full")
        raise refusal(FULL if full else DOWN)

    async def renew(self, offer: str) -> str | None:
        """The answer to a new offer, after the browser's network changed. Raises: Refused (422), Unavailable."""
        async with self._renewing:
            while not self._answers.empty():
                self._answers.get_nowait()
            try:
                await self._line.send(Offer(sdp=offer))
            except LineDown:
                raise refusal(DOWN) from None
            return await self.answer()

    async def say(self, sentences: Sequence[str], *, interruptible: bool = True) -> None:
        """Say words that are no message of the conversation; nothing once the call is over."""
        with contextlib.suppress(LineDown):
            await self._telling.tell(sentences, interruptible=interruptible)

    async def hush(self) -> None:
        """Break off what is being said, and say nothing more of what waits; what is said next comes after it."""
        with contextlib.suppress(LineDown):
            await self._line.send(Stop())

    async def end(self, because: str) -> None:
        """Hang up and wait until everything that was heard is in the inbox. Ending twice is no error."""
        if not self._over.done():
            self._over.set_result(because)
        if self._task is not None:
            # Shielded: who asks may go away, the call still ends as it should.
            await asyncio.shield(self._task)

    async def _run(self) -> None:
        because = "failed"
        try:
            because = await self._until_over()
        finally:
            await self._close(because)

    async def _until_over(self) -> str:
        hub = self._parts.hub
        session = SessionWatch(self._parts.db, self._parts.sign_outs, self._signed_in)
        with hub.subscribe(self.conversation_id) as events, contextlib.closing(session):
            tasks: list[asyncio.Task[str | None]] = [
                asyncio.create_task(work)
                for work in (
                    self._read(),
                    self._telling.run(events),
                    self._telling.hold(),
                    self._not_connected(),
                    _after(session.ended(), "signed_out"),
                    self._warm(),
                    _after(asyncio.sleep(self._parts.longest_s), "too_long"),
                )
            ]
            taker = asyncio.create_task(self._take_turns())
            try:
                either: set[asyncio.Future[Any]] = {*tasks, self._over}
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
                because = self._reason(tasks)
                if because not in _FORGETFUL:
                    await self._finish(taker)
                return because
            finally:
                for task in (*tasks, taker):
                    task.cancel()
                await asyncio.gather(*tasks, taker, return_exceptions=True)

    def _reason(self, tasks: Sequence["asyncio.Task[str | None]"]) -> str:
        if self._over.done():
            return self._over.result()
        for task in tasks:
            if not task.done():
                continue
            error = task.exception()
            if error is None:
                return str(task.result())
            if isinstance(error, LineDown):
                return "voice_down"
            log.error("a call failed", extra={"call_id": self.id, "error": type(error).__name__}, exc_info=error)
        return "failed"

    async def _warm(self) -> str:
        """While the greeting is said, load what the first clip needs."""
        await self._telling.voice_permitted.wait()
        await self._parts.intake.warm()
        return await _never()

    async def _not_connected(self) -> str:
        """Ends a call whose sound never came through."""
        try:
            async with asyncio.timeout(_CONNECT_WITHIN_S):
                await self._telling.ready.wait()
        except TimeoutError:
            return "not_connected"
        return await _never()

    async def _read(self) -> str:
        """Everything that the voice process says."""
        async for received in self._line.received():
            match received.message:
                case Answer() as answer:
                    self._answers.put_nowait(answer)
                case Ready():
                    self._telling.ready.set()
                case Heard() | Picture() as turn:
                    await self._turns.put((turn, received.payload))
                case Said() as said:
                    self.spoken[said.reply] = said.state
                    self._parts.hub.changed(self.conversation_id)
                case Measured() as measured:
                    await self._record.measured(measured.message, measured.stages)
                case NotHeard() as missed:
                    self._parts.metrics.not_heard(missed.code)
                case Trouble() as trouble:
                    if trouble.code == "offer":
                        self._answers.put_nowait(None)
                    self._parts.metrics.trouble(trouble.code)
                    log.warning("trouble in a call", extra={"call_id": self.id, "code": trouble.code})
                case Ended() as ended:
                    self._last = ended
                    return _REASONS.get(ended.because, ended.because)
        return "voice_down"

    async def _take_turns(self) -> None:
        """Turns and pictures, one after the other: a picture comes before the message that it belongs to."""
        while True:
            turn, payload = await self._turns.get()
            try:
                if isinstance(turn, Picture):
                    await self._hearing.seen(turn, payload)
                else:
                    await self._take(turn, payload)
            except Exception as err:  # noqa: BLE001 - one turn's failure must not end the call; its text may hold content
                log.error("a turn of a call failed", extra={"call_id": self.id, "error": type(err).__name__})
                if isinstance(turn, Heard):
                    # The customer is told, and says it again.
                    self._record.refused(turn.message)
                    with contextlib.suppress(LineDown):
                        await self._line.send(Taken(message=turn.message, code="failed"))
            finally:
                self._turns.task_done()

    async def _take(self, heard: Heard, sound: bytes) -> None:
        self._record.heard(heard)
        taken = await self._hearing.heard(heard, sound)
        if taken.code is None:
            self._record.accepted(heard.message)
        else:
            self._record.refused(heard.message)
            self._parts.metrics.not_heard(taken.code)
        with contextlib.suppress(LineDown):
            await self._line.send(taken)

    async def _finish(self, taker: "asyncio.Task[None]") -> None:
        """Let what was heard before the end get into the inbox."""
        try:
            async with asyncio.timeout(_FINISH_WITHIN_S):
                await self._turns.join()
        except TimeoutError:
            log.error("turns of a call were lost", extra={"call_id": self.id, "count": self._turns.qsize() + 1})
        taker.cancel()

    async def _close(self, because: str) -> None:
        frames = late = 0
        try:
            if self._last is None and because != "voice_down":
                await self._say_bye(because)
            if self._last is not None:
                frames, late = self._last.frames, self._last.late
            await self._line.close()
            if because not in _FORGETFUL:
                await self._hearing.drop_unsaid()
                await self._record.finish()
                await self._note(because, frames, late)
        finally:
            self._parts.metrics.call_ended(self.transport, because, frames=frames, late=late)
            log.info("call ended", extra={"call_id": self.id, "because": because, "frames": frames, "late": late})
            if not self.ended.done():
                self.ended.set_result(because)
            if self._announced:
                frame = {"type": "call", "state": "ended", "call": self.id, "because": because}
                self._parts.hub.publish(self.conversation_id, frame)
                self._parts.hub.changed(self.conversation_id)

    async def _say_bye(self, because: str) -> None:
        """Hang up, and read how the sound went."""
        with contextlib.suppress(LineDown, TimeoutError):
            await self._line.send(End(because=because[:32]))
            async with asyncio.timeout(_BYE_WITHIN_S):
                async for received in self._line.received():
                    if isinstance(received.message, Ended):
                        self._last = received.message
                        return

    async def _note(self, because: str, frames: int, late: int) -> None:
        try:
            async with self._parts.db.transaction() as tx:
                if await tx.calls.end(self.id, because[:32], frames=frames, late=late):
                    await tx.events.add(
                        "call.ended",
                        {"call_id": self.id, "because": because, "frames": frames, "late": late},
                        conversation_id=self.conversation_id,
                    )
        except StoreError as err:
            log.error("the end of a call is not stored", extra={"call_id": self.id, "code": err.code})


async def _after(waiting: Coroutine[Any, Any, None], because: str) -> str:
    await waiting
    return because


async def _never() -> str:
    await asyncio.Event().wait()
    return ""
