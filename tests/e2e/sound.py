"""What the browser's pretended microphone hears."""

import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.e2e.browser import CHROMIUM_ARGUMENTS, chromium_path
from tests.flite import needs_flite, say

RATE_HZ: Final = 16_000
LEAD_S: Final = 0.3
QUESTION: Final = "where is my order four one seven"
QUESTION_S: Final = 2.35


def spoken(path: Path, text: str, *, lead_s: float = LEAD_S, pause_s: float = 6.0) -> Path:
    """A file with a sentence by flite between two silences; skips without flite."""
    needs_flite()
    say(text, "slt", path)
    with wave.open(str(path), "rb") as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE_HZ, 1, 2)
        words = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    return _written(path, np.concatenate([_silence(lead_s), words, _silence(pause_s)]))


def silent(path: Path, seconds: float = 20.0) -> Path:
    """A file with digital silence."""
    return _written(path, _silence(seconds))


def _silence(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * RATE_HZ), dtype="<i2")


def _written(path: Path, samples: np.ndarray) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
        file.writeframes(samples.astype("<i2").tobytes())
    return path


@contextmanager
def listening_browser(sound: Path | None, *, camera: Path | None = None, asks: bool = False) -> Iterator[Browser]:
    """Chromium whose microphone plays `sound` once, from its beginning, each time it is opened.

    camera: MJPEG file that its camera shows. asks: the customer would have to allow it, which nobody does in a test:
    the microphone is refused.
    """
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium here: apt-get install chromium, or name one in ATTUNE_TEST_CHROMIUM")
    arguments = [*CHROMIUM_ARGUMENTS, "--use-fake-device-for-media-stream"]
    if sound is not None:
        arguments.append(f"--use-file-for-fake-audio-capture={sound}%noloop")
    if camera is not None:
        arguments.append(f"--use-file-for-fake-video-capture={camera}")
    if not asks:
        arguments.append("--use-fake-ui-for-media-stream")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=arguments)
        yield running
        running.close()


def phone(browser: Browser, **options: object) -> BrowserContext:
    """A tab's surroundings on a phone."""
    return browser.new_context(viewport={"width": 390, "height": 844}, **options)  # type: ignore[arg-type]
