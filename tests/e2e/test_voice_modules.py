"""The pure parts of recording, run by the browser."""

import pytest

from tests.e2e.test_chat_modules import Run, run

pytestmark = pytest.mark.browser
__all__ = ["run"]


def judge(run: Run, levels: str) -> dict[str, float | bool]:
    """What the detector says after frames every 50 ms; levels: a JavaScript list of dB."""
    return run(
        f"""const {{ Loudness }} = await load("voice/loudness"); const one = new Loudness();
        const levels = {levels}; levels.forEach((db, i) => one.take(db, i * 50));
        return {{ spoken: one.spoken, silentMs: one.silentMs, isDead: one.isDead }};"""
    )


def frames(db: float, seconds: float) -> str:
    return f"...Array({round(seconds * 20)}).fill({db})"


@pytest.mark.parametrize("room", [-100, -75, -60, -45])
def test_speech_above_any_room_is_heard_and_so_is_its_end(run: Run, room: float) -> None:
    voice = room + 25 if room > -70 else -45
    heard = judge(run, f"[{frames(room, 0.5)}, {frames(voice, 1)}, {frames(room, 1.2)}]")
    assert heard["spoken"] is True
    assert 1100 <= float(heard["silentMs"]) <= 1300


@pytest.mark.parametrize("room", [-100, -70, -50, -40, -30])
def test_steady_noise_is_never_speech(run: Run, room: float) -> None:
    wavering = f"Array.from({{length: 120}}, (_, i) => {room} + 3 * Math.sin(i))"
    assert judge(run, wavering)["spoken"] is False


def test_words_at_once_are_heard(run: Run) -> None:
    assert judge(run, f"[{frames(-28, 0.6)}, {frames(-65, 1.3)}]")["spoken"] is True


def test_short_gaps_between_words_are_no_end(run: Run) -> None:
    word = f"{frames(-30, 0.3)}, {frames(-62, 0.3)}"
    heard = judge(run, f"[{frames(-62, 0.5)}, {word}, {word}, {word}]")
    assert heard["spoken"] is True and float(heard["silentMs"]) < 400


def test_click_is_no_word_and_a_dead_microphone_is_known(run: Run) -> None:
    assert judge(run, f"[{frames(-60, 1)}, -20, -25, {frames(-60, 1)}]")["spoken"] is False
    assert judge(run, f"[{frames(-100, 2)}]") == {"spoken": False, "silentMs": 0, "isDead": True}
    assert judge(run, f"[{frames(-80, 2)}]")["isDead"] is False


def test_levels_are_what_they_are(run: Run) -> None:
    seen = run(
        """const { decibels, meterLevel } = await load("voice/loudness");
        return [decibels(new Float32Array([1, -1])), decibels(new Float32Array([0.1, -0.1])),
                meterLevel(-Infinity), meterLevel(-34), meterLevel(0)];"""
    )
    assert seen[0] == 0 and seen[1] == pytest.approx(-20, abs=0.01)
    assert seen[2:] == [0, 0.5, 1]


@pytest.mark.parametrize(
    ("supported", "chosen", "name"),
    [
        ("webm", "audio/webm;codecs=opus", "message.webm"),
        ("ogg", "audio/ogg;codecs=opus", "message.ogg"),
        ("mp4", "audio/mp4;codecs=mp4a.40.2", "message.m4a"),
        ("nothing", "", "message.audio"),
    ],
)
def test_format_is_what_the_browser_can(run: Run, supported: str, chosen: str, name: str) -> None:
    assert run(
        f"""const {{ recordingType, fileName }} = await load("voice/formats");
        const type = recordingType((one) => one.includes("{supported}")); return [type, fileName(type)];"""
    ) == [chosen, name]


def test_whoever_begins_silences_the_others(run: Run) -> None:
    assert run(
        """const { keepQuietFor, claimQuiet } = await load("voice/quiet"); const stopped = [];
        for (const who of ["a", "b", "c"]) keepQuietFor(who, () => stopped.push(who));
        claimQuiet("b"); return stopped.filter((who) => who.length === 1);"""
    ) == ["a", "c"]
