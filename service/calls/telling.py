"""What the voice process is told while a call goes on: what to say, what is permitted, who answers."""

import asyncio
import logging
from collections.abc import Sequence

from service.calls.line import VoiceLine
from service.calls.parts import CallParts
from service.calls.saying import announce, manner_of, say
from service.calls.wire import Manner, Owned, Permitted
from service.calls.words import HOLD_AGAIN, HOLD_SHORT, LATE, owner_words, pick_up_words
from service.hub import GONE, JOINED, NEW_MESSAGES, Frame, Subscription
from service.owners import agent_name
from store import Conversation, Message, StoredAssessment, StoreError
from vocabulary import Author, Mode, Owner, Signal

log = logging.getLogger(__name__)

_BATCH = 50
_AGAIN_AFTER_S = 0.5
_READ_AGAIN = ("consent", "owner")


class CallTelling:
    """Follows a conversation as every open page does, and passes on what changes. Each message is said once."""

    def __init__(
        self,
        parts: CallParts,
        line: VoiceLine,
        conversation: Conversation,
        permitted: Permitted,
        *,
        is_guest: bool = False,
        greeting: Sequence[str] | None = None,
        is_telephone: bool = False,
    ) -> None:
        """conversation, permitted: as the voice process was told at the start. is_guest: begun by a token.

        greeting: said first, in place of the usual words. is_telephone: there is no chat beside the call.
        """
        self._greeting = greeting
        self._is_telephone = is_telephone
        self._parts = parts
        self._line = line
        self._id = conversation.id
        self._customer_id = conversation.customer_id
        self._seq = conversation.last_seq
        self._is_new = conversation.last_seq == 0
        self._owner = conversation.owner
        self._permitted = permitted
        self._manner = Manner()
        self._is_guest = is_guest
        self._announced = 0
        self.ready = asyncio.Event()
        # Set at the first leave to use the voice in this call.
        self.voice_permitted = asyncio.Event()
        if permitted.voice:
            self.voice_permitted.set()
        # Set once they have heard that they wait.
        self._holding = asyncio.Event()

    async def run(self, events: Subscription) -> str:
        """Until the call has to end; gives the reason. Raises: LineDown."""
        # Consent counts from the first picture on, and that may come before the sound flows both ways.
        because = await self._catch_up(greet=False)
        while because is None and not self.ready.is_set():
            because = await self._next(events, until_ready=True)
        if because is not None:
            return because
        greeting = self._greeting
        if greeting is None:
            greeting = pick_up_words(self._owner, is_new=self._is_new, has_chat=not self._is_telephone)
        await self._announce(greeting)
        self._note_holding()
        because = await self._catch_up()
        while because is None:
            because = await self._next(events)
        return because

    async def hold(self) -> None:
        """While a person is awaited, say now and then that they are. Raises: LineDown."""
        while True:
            await self._holding.wait()
            await asyncio.sleep(self._parts.hold_every_s)
            if self._holding.is_set():
                await self._announce((HOLD_AGAIN,))

    async def _next(self, events: Subscription, *, until_ready: bool = False) -> str | None:
        frame = await self._frame(events, until_ready=until_ready)
        if frame is None:
            return None
        if frame is GONE:
            return "erased"
        if frame is JOINED:
            # The token that began the call opens nothing any more.
            return "joined" if self._is_guest else None
        if frame is NEW_MESSAGES or frame.get("type") in _READ_AGAIN:
            return await self._catch_up(greet=not until_ready)
        if frame.get("type") == "notice" and not until_ready:
            await self._announce((LATE if frame["code"] == "assistant_slow" else str(frame["text"]),))
        return None

    async def _frame(self, events: Subscription, *, until_ready: bool) -> Frame | None:
        """The next frame; None when this reader was too slow, or when the line is ready, which is waited for too."""
        arriving = asyncio.ensure_future(events.next())
        waiting = {arriving, asyncio.ensure_future(self.ready.wait())} if until_ready else {arriving}
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if not arriving.done():
                return None
            # Too slow: everything is read from the database again.
            frame = arriving.result()
            if frame is None:
                events.start_again()
            return NEW_MESSAGES if frame is None else frame
        finally:
            for task in waiting:
                task.cancel()

    async def _catch_up(self, *, greet: bool = True) -> str | None:
        """Bring the voice process up to date; why the call has to end, if so. greet: messages are said too."""
        while True:
            try:
                return await self._read_and_tell(speak=greet)
            except StoreError as err:
                log.warning("a call waits for the database", extra={"code": err.code})
                await asyncio.sleep(_AGAIN_AFTER_S)

    async def _read_and_tell(self, *, speak: bool) -> str | None:
        async with self._parts.db.reading() as tx:
            conversation = await tx.conversations.get(self._id)
            if conversation is None:
                return "erased"
            if self._is_guest and conversation.customer_id != self._customer_id:
                return "joined"
            granted = await tx.consents.granted_in_calls(conversation.customer_id)
            agent = await agent_name(tx, conversation)
            latest = await tx.assessments.latest(self._id, after=conversation.handed_back_at)
            messages = await tx.inbox.history(self._id, after_seq=self._seq, limit=_BATCH) if speak else []
        await self._permit(permitted(conversation.owner, granted))
        self._manner = manner_of(_mode(latest))
        before, self._owner = self._owner, conversation.owner
        if before is not self._owner:
            await self._line.send(Owned(owner=self._owner))
        words = owner_words(before, self._owner, agent, has_chat=not self._is_telephone) if speak else ()
        if self._owner is Owner.WAITING:
            # The words that pass the customer on come first.
            said = await self._say(messages)
            await self._announce(HOLD_SHORT if said and words else words, interruptible=False)
            if speak:
                self._note_holding()
        else:
            self._holding.clear()
            await self._announce(words)
            await self._say(messages)
        return await self._read_and_tell(speak=True) if len(messages) == _BATCH else None

    def _note_holding(self) -> None:
        if self._owner is Owner.WAITING:
            self._holding.set()

    async def _permit(self, now: Permitted) -> None:
        if now.voice:
            self.voice_permitted.set()
        if now != self._permitted:
            self._permitted = now
            await self._line.send(now)

    async def _say(self, messages: Sequence[Message]) -> bool:
        """Read messages out; whether one of them was the assistant's."""
        bots = False
        for message in messages:
            bots |= message.author is Author.BOT
            spoken = say(message, owner=self._owner, manner=self._manner, has_screen=not self._is_telephone)
            if spoken is not None:
                await self._line.send(spoken)
            self._seq = message.seq
        return bots

    async def _announce(self, words: Sequence[str], *, interruptible: bool = True) -> None:
        if words:
            self._announced += 1
            key = f"announcement-{self._announced}"
            await self._line.send(announce(key, words, manner=self._manner, interruptible=interruptible))

    async def tell(self, words: Sequence[str], *, interruptible: bool = True) -> None:
        """Say words that are no message of the conversation. Raises: LineDown."""
        await self._announce(words, interruptible=interruptible)


def permitted(owner: Owner, granted: frozenset[Signal]) -> Permitted:
    """What the voice process may send. While a person answers nothing is scored, so nothing is taken.

    granted: the signals that are covered in calls.
    """
    scored = owner is Owner.BOT
    return Permitted(voice=scored and Signal.VOICE in granted, face=scored and Signal.FACE in granted)


def _mode(latest: StoredAssessment | None) -> Mode | None:
    return None if latest is None else latest.decision.mode
