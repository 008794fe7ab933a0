"""The words of a spoken message wait beside it for the actions."""

import numpy as np
import pytest

from speech import Word
from store import HeardWord
from tests.service.talk import Talk
from vocabulary import SAMPLE_RATE_HZ, Clip


async def test_heard_words_are_stored_with_the_message(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    services = talk.services
    customer = await talk.start()
    async with services.db.reading() as tx:
        conversation = await tx.conversations.get(customer.id)
    assert conversation is not None
    words = (Word("Order", confidence=0.9), Word("417203.", confidence=0.4))
    clip = Clip(np.zeros(SAMPLE_RATE_HZ, dtype=np.float32))
    with monkeypatch.context() as patched:
        patched.setattr(services.drain, "wake", lambda *_, **__: None)
        await services.intake.spoken(conversation, "spoken-0001", "Order 417203.", clip, words)
        await services.intake.spoken(conversation, "spoken-0002", "Order please", clip)
    async with services.db.reading() as tx:
        first = await tx.inbox.get(customer.id, "spoken-0001")
        second = await tx.inbox.get(customer.id, "spoken-0002")
    assert first is not None and first.heard == (HeardWord("Order", 0.9), HeardWord("417203.", 0.4))
    # An engine without words of its own leaves words that nobody is sure of.
    assert second is not None and second.heard == (HeardWord("Order"), HeardWord("please"))
