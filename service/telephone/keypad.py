"""What a caller decides by a key: consent and its withdrawal, a person, and hearing more."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final
from uuid import uuid4

from privacy import SPOKEN_NOTICE_VERSION, SPOKEN_SIGNALS, spoken_notice
from service.calls.call import Call
from service.consenting import Consenting
from service.errors import ServiceError
from service.intake import Intake
from service.limits import RateLimiter
from service.telephone.words import ALLOWED, NOT_STORED, UNDER_AGE, WITHDRAWN
from store import Conversation, StoreError
from vocabulary import Purpose

log = logging.getLogger(__name__)

YES: Final = "1"
NO: Final = "2"
PERSON: Final = "0"
MORE: Final = "*"
_ONE: Final = ""


class Keypad:
    """The keys of one call, taken one after the other in the order in which they were pressed."""

    def __init__(self, conversation: Conversation, call: Call, consenting: Consenting, intake: Intake) -> None:
        self._conversation = conversation
        self._call = call
        self._consenting = consenting
        self._intake = intake
        self._waiting: deque[str] = deque()
        self._pressed = asyncio.Event()
        # Held down, a key comes again and again.
        self._limit = RateLimiter(burst=10, per_s=1.0)
        self._means: dict[str, Callable[[], Awaitable[None]]] = {
            YES: self._allow,
            NO: self._withdraw,
            PERSON: self._ask_for_person,
            MORE: self._tell_more,
        }

    def press(self, key: str) -> None:
        """A key was pressed. One that means nothing, or comes too often, is left out; a withdrawal never is."""
        if key == NO:
            with contextlib.suppress(ValueError):
                # A yes that was not done yet is taken back.
                self._waiting.remove(YES)
        elif key not in self._means or self._limit.take(_ONE):
            return
        if key not in self._waiting:
            self._waiting.append(key)
            self._pressed.set()

    async def run(self) -> None:
        """Do what the keys mean, for as long as the call lasts."""
        while True:
            await self._pressed.wait()
            key = self._waiting.popleft()
            if not self._waiting:
                self._pressed.clear()
            try:
                await self._call.hush()
                await self._means[key]()
            except ServiceError as err:
                log.warning("a caller's key was refused", extra={"code": err.code})
                await self._call.say(UNDER_AGE if err.code == "minor" else NOT_STORED)
            except StoreError as err:
                log.error("a caller's key was not stored", extra={"code": err.code})
                await self._call.say(NOT_STORED)

    async def _allow(self) -> None:
        for signal in SPOKEN_SIGNALS:
            await self._consenting.answer(
                self._conversation.customer_id, signal, Purpose.ASSIST, True, SPOKEN_NOTICE_VERSION
            )
        await self._call.say(ALLOWED)

    async def _withdraw(self) -> None:
        await self._consenting.withdraw_all(self._conversation.customer_id)
        await self._call.say(WITHDRAWN)

    async def _ask_for_person(self) -> None:
        # What is answered comes as every answer does.
        await self._intake.person(self._conversation, str(uuid4()))

    async def _tell_more(self) -> None:
        await self._call.say(spoken_notice().details)
