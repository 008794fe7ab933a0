"""The real voices: what they say, what hostile text does, limits of time and size."""

import asyncio
import io
import json
import os
import re
import shutil
import sys
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
import uvloop

from speech import (
    Sound,
    Voice,
    VoiceError,
    VoiceSetup,
    describe_voice,
    open_transcriber,
    open_voice,
    sentences,
)
from speech.synthesis import flite, piper
from speech.synthesis.measure import measure
from speech.synthesis.program import run_program
from tests.speech.synthesis.tiny_piper import write_tiny_voice

# Found again by its figure: other programs on the machine may sleep, too.
NAP_S = f"30.{os.getpid()}"
HOSTILE = (
    *("[[aa]]", "<voice name='x'>a</voice>", "<speak><break time='30s'/></speak>", "-f /etc/passwd", "--help"),
    *('"; touch /tmp/x; "', "$(id) `id`", "a\nb\rc\x00d", 'it\'s "quoted"', "\\x1b]0;x\x07 a", "a" * 240, "1 " * 100),
)


@pytest.fixture(params=["flite", "espeak-ng"])
def voice(request: pytest.FixtureRequest) -> Voice:
    return _open(VoiceSetup(request.param))


def _open(setup: VoiceSetup) -> Voice:
    try:
        voice = open_voice(setup)
    except VoiceError as err:
        pytest.skip(str(err))
    assert voice is not None
    return voice


def read(sound: Sound) -> tuple[int, int, int, int]:
    """Channels, bytes of a sample, rate, samples: as the file says."""
    with wave.open(io.BytesIO(sound.wav)) as file:
        assert len(file.readframes(file.getnframes())) == 2 * file.getnframes()
        return file.getnchannels(), file.getsampwidth(), file.getframerate(), file.getnframes()


async def test_sentence_becomes_a_whole_wav_file(voice: Voice) -> None:
    sound = await voice.speak("Your order is on its way.")
    channels, width, rate_hz, samples = read(sound)
    assert (channels, width, rate_hz) == (1, 2, sound.rate_hz)
    assert sound.seconds == pytest.approx(samples / rate_hz)
    assert 1.0 < sound.seconds < 5.0


async def test_own_recogniser_understands_what_is_read(voice: Voice) -> None:
    """At most one word in four wrong: machine voices are not what recognisers learn from. 0071 has the figures."""
    found = await measure(voice, open_transcriber())
    print(found)
    assert found.words > 100 and found.wer <= 0.25


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_is_read_or_dropped_never_obeyed(voice: Voice, text: str) -> None:
    for sentence in sentences(text):
        sound = await voice.speak(sentence.spoken)
        assert sound.seconds < 5 + 0.8 * len(sentence.spoken)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("...", "empty"),
        ("a" * 1_000_000, "too_long"),
        ("<speak>", "not_speakable"),
        ("[[aa]]", "not_speakable"),
        ("a\x00b", "not_speakable"),
        ("a\nb", "not_speakable"),
        ("Привет", "not_speakable"),
        ("🙂", "not_speakable"),
    ],
)
async def test_voice_itself_refuses_what_was_not_made_readable(voice: Voice, text: str, code: str) -> None:
    with pytest.raises(VoiceError) as refusal:
        await voice.speak(text)
    assert refusal.value.code == code


async def test_two_sentences_at_once_do_not_mix(voice: Voice) -> None:
    texts = ("Yes.", "Your refund has been sent to your bank account.")
    alone = [await voice.speak(text) for text in texts]
    together = await asyncio.gather(*(voice.speak(text) for text in texts * 2))
    assert [sound.wav for sound in together] == [sound.wav for sound in alone] * 2


def test_voice_speaks_on_the_service_s_own_event_loop(voice: Voice) -> None:
    """uvloop gives programs sockets where asyncio gives them pipes."""
    assert uvloop.run(voice.speak("Your order is on its way.")).seconds > 1.0


async def test_text_is_on_no_command_line(voice: Voice) -> None:
    speaking = asyncio.create_task(voice.speak("A secret word, zebra, " * 10 + "ends here."))
    seen: set[str] = set()
    while not speaking.done():
        for child in psutil.Process().children(recursive=True):
            try:
                seen.add(" ".join(child.cmdline()))
            except psutil.Error:
                continue
        await asyncio.sleep(0.002)
    await speaking
    assert any("flite" in line or "espeak" in line for line in seen)
    assert not [line for line in seen if "zebra" in line]


async def test_slow_program_is_ended_in_time() -> None:
    began = time.monotonic()
    with pytest.raises(VoiceError) as failure:
        await run_program([_program("sleep"), NAP_S], "text", longest_s=0.2)
    assert failure.value.code == "voice_slow" and time.monotonic() - began < 10
    assert not _children("sleep")


async def test_cancelling_kills_the_program_and_what_it_started() -> None:
    task = asyncio.create_task(run_program([_program("sh"), "-c", f"sleep {NAP_S} & sleep {NAP_S}; :"], "text"))
    await _until(lambda: len(_children("sleep")) == 2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await _until(lambda: not _children("sleep"))


async def test_killed_program_is_an_error_and_the_next_sentence_works(voice: Voice) -> None:
    with pytest.raises(VoiceError) as failure:
        await run_program([_program("sh"), "-c", "kill -9 $$"], "text")
    assert failure.value.code == "voice_failed"
    assert (await voice.speak("Yes.")).seconds > 0.1


async def test_program_that_never_stops_writing_is_stopped() -> None:
    with pytest.raises(VoiceError) as failure:
        await run_program([_program("yes")], "text", most_bytes=100_000)
    assert failure.value.code == "voice_failed"


async def test_program_that_does_not_read_its_text_is_no_deadlock() -> None:
    assert await run_program([_program("echo"), "done"], "x" * 1_000_000) == b"done\n"


async def test_program_that_is_not_there_is_named() -> None:
    with pytest.raises(VoiceError, match="/nowhere/flite does not start"):
        await run_program(["/nowhere/flite"], "text")


async def test_program_without_sound_is_an_error(tmp_path: Path) -> None:
    silent = tmp_path / "flite"
    silent.write_text("#!/bin/sh\ncat > /dev/null\n")
    silent.chmod(0o755)
    with pytest.raises(VoiceError, match="no WAV file"):
        await flite.FliteVoice(str(silent)).speak("Yes.")


async def _until(holds: Callable[[], bool]) -> None:
    for _ in range(2_000):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("not so within 20 s")


def _program(name: str) -> str:
    found = shutil.which(name)
    assert found is not None
    return found


def _children(name: str) -> list[psutil.Process]:
    """Running processes `name NAP_S`, whoever their parent is: a killed shell leaves what it started to others."""
    running = psutil.process_iter(["cmdline", "status"])
    return [
        process
        for process in running
        if (process.info["cmdline"] or [""])[0].rpartition("/")[2] == name
        and process.info["cmdline"][1:] == [NAP_S]
        and process.info["status"] != psutil.STATUS_ZOMBIE
    ]


def test_espeak_s_library_is_never_loaded_here() -> None:
    _open(VoiceSetup("espeak-ng"))
    assert not [file.path for file in psutil.Process().memory_maps() if "espeak" in file.path]
    assert "espeakng_loader" not in sys.modules and "speech.synthesis.espeak_process" not in sys.modules


# What is chosen, and what is said about it.


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr("speech.synthesis.espeak.find_spec", lambda name: None)
    monkeypatch.setattr("speech.synthesis.piper.find_spec", lambda name: None)


@pytest.mark.usefixtures("nothing_installed")
def test_without_any_voice_answers_are_text_and_it_is_said() -> None:
    assert open_voice() is None
    status = describe_voice()
    assert not status.in_use and status.better == "Piper"
    assert status.how_to_get is not None and status.how_to_get.startswith("answers are text")


def test_switched_off_is_no_voice() -> None:
    assert open_voice(VoiceSetup("none")) is None
    assert "switched off" in (describe_voice(VoiceSetup("none")).how_to_get or "")


@pytest.mark.usefixtures("nothing_installed")
@pytest.mark.parametrize("asked", ["flite", "espeak-ng", "piper", "en_GB-nobody-medium", "/nowhere/a.onnx"])
def test_voice_that_is_asked_for_and_not_here_is_an_error_that_names_it(asked: str) -> None:
    with pytest.raises(VoiceError, match=re.escape(repr(asked))):
        open_voice(VoiceSetup(asked))
    status = describe_voice(VoiceSetup(asked))
    assert not status.in_use and asked in (status.how_to_get or "")


def test_better_voice_is_named_with_the_way_to_get_it() -> None:
    _open(VoiceSetup("espeak-ng"))
    status = describe_voice(VoiceSetup("espeak-ng"))
    assert status.in_use and status.engine == "espeak-ng, English"
    assert status.better is not None and status.how_to_get


# Piper: its command line is stable, so a stand-in shows how it is called, and the real one runs where it is installed.


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    write_tiny_voice(tmp_path / "en_GB-tiny-low.onnx")
    return tmp_path


def _without_its_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("speech.synthesis.piper.find_spec", lambda name: None)


async def test_piper_is_first_when_it_and_a_voice_are_here(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in = tmp_path / "piper"
    # Writes what it was called with and what it read as if both were samples.
    stand_in.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\ncat\n')
    stand_in.chmod(0o755)
    _without_its_module(monkeypatch)
    monkeypatch.setattr("shutil.which", lambda name: str(stand_in) if name == "piper" else None)
    voice = _open(VoiceSetup(shelf=shelf))
    assert voice.name == "Piper, en_GB-tiny-low"
    sound = await voice.speak("One two.")
    told = sound.wav[44:].decode().splitlines()
    assert told == ["--model", str(shelf / "en_GB-tiny-low.onnx"), "--output-raw", "One two."]
    assert sound.rate_hz == 16_000
    status = describe_voice(VoiceSetup(shelf=shelf))
    assert status.in_use and status.better is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"espeak": {"voice": "de"}}, "speaks 'de'"),
        ({"audio": {"sample_rate": 7}}, "7 Hz"),
        ({"audio": None}, "no description"),
    ],
)
def test_voice_of_another_language_or_without_sense_is_not_taken(
    shelf: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, object], why: str
) -> None:
    _without_its_module(monkeypatch)
    monkeypatch.setattr("shutil.which", lambda name: "/bin/piper" if name == "piper" else None)
    description = shelf / "en_GB-tiny-low.onnx.json"
    description.write_text(json.dumps({**json.loads(description.read_text()), **change}))
    presence = piper.presence(VoiceSetup(shelf=shelf))
    assert not presence.ready and why in (presence.missing or "")


@pytest.fixture
def real_piper() -> Iterator[None]:
    if piper._program() is None:
        pytest.skip("Piper is not installed: pip install piper-tts (GPL-3) somewhere, and put its command into PATH")
    yield


@pytest.mark.usefixtures("real_piper")
async def test_real_piper_speaks_with_a_tiny_voice(shelf: Path) -> None:
    voice = _open(VoiceSetup(shelf=shelf))
    sound = await voice.speak("Your order is on its way.")
    assert read(sound)[:3] == (1, 2, 16_000)
    assert sound.seconds > 0.2
