"""A started application beside a fake voice process."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from privacy import Secrets
from tests.service.fake_voice import FakeVoice, voice_process
from tests.service.talk import Customer, Talk, make_settings, talking


@pytest.fixture
async def voice(tmp_path: Path) -> AsyncIterator[FakeVoice]:
    settings = make_settings(tmp_path)
    async with voice_process(Secrets.load_or_create(settings.secrets_file).voice_token) as started:
        yield started


@pytest.fixture
async def talk(tmp_path: Path, voice: FakeVoice) -> AsyncIterator[Talk]:
    async with talking(tmp_path, voice_urls=(voice.url,), hold_every_s=5) as started:
        yield started


@pytest.fixture
async def customer(talk: Talk) -> Customer:
    return await talk.start()
