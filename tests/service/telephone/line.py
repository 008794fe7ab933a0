"""A shop with a telephone: the real web and voice applications, doubles for recogniser and voice, and a provider."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.telephone.words import ALLOWED
from store import Conversation, Message, TelephoneCall
from tests.service.served import served
from tests.service.talk import Talk, talking
from tests.service.telephone.provider import SETTINGS, Provider, Stream, new_call
from tests.service.voice.fake_web import FakeEars, FakeVoice, VoiceProcess, voice_process
from vocabulary import Signal

__all__ = ["ALLOWED", "Line", "line"]


@dataclass
class Line:
    """Everything that a test of a telephone call looks at."""

    talk: Talk
    process: VoiceProcess
    provider: Provider
    ears: FakeEars
    voice: FakeVoice

    @asynccontextmanager
    async def call(self, call: str | None = None, **fields: str) -> AsyncIterator[Stream]:
        """A call that has come in and whose stream has begun."""
        call = call or new_call()
        document = await self.provider.rings(call, **fields)
        assert document.ticket is not None
        async with self.provider.stream(call, document.ticket) as stream:
            await stream.begin()
            yield stream

    @property
    def said(self) -> str:
        """Everything that the voice was given to say."""
        return " ".join(text for text, _ in self.voice.spoken)

    async def known(self, call: str) -> TelephoneCall:
        """The call as it is stored."""
        async with self.talk.services.db.reading() as tx:
            found = await tx.telephone.find(call)
        assert found is not None
        return found

    async def conversation(self, call: str) -> Conversation:
        """Its conversation."""
        known = await self.known(call)
        async with self.talk.services.db.reading() as tx:
            found = await tx.conversations.get(known.conversation_id)
        assert found is not None
        return found

    async def messages(self, call: str) -> list[Message]:
        """What was said in it."""
        known = await self.known(call)
        async with self.talk.services.db.reading() as tx:
            return await tx.inbox.history(known.conversation_id)

    async def allowed(self, call: str) -> frozenset[Signal]:
        """What may be scored."""
        conversation = await self.conversation(call)
        async with self.talk.services.db.reading() as tx:
            return await tx.consents.granted(conversation.customer_id)

    @property
    def live(self) -> int:
        """Calls that the voice process has now."""
        return len(self.process.app.state.calls)


@asynccontextmanager
async def line(
    home: Path, *, ears: FakeEars | None = None, pace_s: float = 0.001, **changes: Any
) -> AsyncIterator[Line]:
    """Open for calls until the block ends. pace_s: how long each character of a sentence sounds."""
    ears, voice = ears or FakeEars(), FakeVoice(pace_s)
    settings = {**SETTINGS, **changes}
    async with (
        voice_process(home, ears=ears, voice=voice) as process,
        talking(home, voice_port=process.port, **settings) as talk,
        served(talk.app) as host,
    ):
        yield Line(talk, process, Provider(host), ears, voice)
