"""Spoken clips and a browser for the acceptance tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.e2e.conftest import browser as browser
from tests.flite import Speak


@pytest.fixture(scope="session")
def flite_clip(speak: Speak) -> Callable[[str], Path]:
    """Speak a sentence into a WAV file; skips where flite is not installed."""
    return lambda text: speak(text, "slt")


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of somebody new: nothing of an earlier test is in it."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB", accept_downloads=True)
    yield context
    context.close()
