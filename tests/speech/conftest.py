"""What the tests of recognisers share."""

import pytest

from speech import Transcriber, decode, open_transcriber
from tests.flite import Speak
from vocabulary import Clip


@pytest.fixture(scope="session")
def spoken_order(speak: Speak) -> Clip:
    return decode(speak("where is my order four one seven two zero three"))


@pytest.fixture(scope="session")
def transcriber() -> Transcriber:
    return open_transcriber()
