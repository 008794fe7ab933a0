"""The pure parts of a call, run by the browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.fake_api import FakeApi
from tests.e2e.test_chat_modules import Run

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def run(browser: Browser) -> Iterator[Run]:
    """As test_chat_modules has it, on one page for all: nothing here leaves a trace."""
    api = FakeApi()
    api.start()
    page = browser.new_page()
    page.goto(f"{api.url}/chat")

    def run_(body: str) -> Any:
        return page.evaluate(f"async () => {{ const load = (name) => import(`/static/chat/${{name}}.js`); {body} }}")

    yield run_
    page.close()
    api.kill()


def walk(run: Run, *events: str, transports: str = '["webrtc", "websocket"]', code: str = "busy") -> list[Any]:
    """The states and effects that the events lead to, without chance."""
    return run(
        f"""const {{ START, step }} = await load("call/machine");
        let state = START; const seen = [];
        for (const event of {list(events)}) {{
          const next = step(state, event, {{ transports: {transports}, code: "{code}", random: () => 1 }});
          state = next.state;
          seen.push([state.name, state.via, state.tries, state.code, ...next.effects.map((e) => e.wait ?? e)]);
        }}
        return seen;"""
    )


def test_call_asks_opens_is_live_and_ends(run: Run) -> None:
    assert walk(run, "press", "granted", "live", "hang-up") == [
        ["asking", None, 0, None, "ask"],
        ["connecting", "webrtc", 0, None, "call"],
        ["live", "webrtc", 0, None],
        ["idle", None, 0, None, "bye", "drop", "release"],
    ]


def test_websocket_is_tried_where_webrtc_fails_and_then_nothing(run: Run) -> None:
    assert walk(run, "press", "granted", "failed", "failed")[2:] == [
        ["connecting", "websocket", 1, None, "drop", "call"],
        ["failed", None, 0, "unreachable", "bye", "drop", "release"],
    ]
    assert walk(run, "press", "granted", "failed", transports='["webrtc"]')[-1][:4] == [
        "failed",
        None,
        0,
        "unreachable",
    ]


def test_lost_line_is_mended_in_the_call_then_in_a_new_one_and_not_for_ever(run: Run) -> None:
    seen = walk(run, "press", "granted", "live", "lost", "failed", *["failed", "due"] * 6)
    assert seen[3] == ["mending", "webrtc", 1, None, "reoffer"]
    assert seen[4] == ["mending", "websocket", 2, None, "drop", "call"]
    waits = [state[-1] for state in seen if state[0] == "mending" and isinstance(state[-1], int)]
    assert waits == [2000, 4000, 8000]
    assert seen[-1][:4] == ["failed", None, 0, "dropped"]


def test_service_that_is_away_is_asked_again_the_same_way(run: Run) -> None:
    seen = walk(run, "press", "granted", "live", "gone", *["unavailable", "due"] * 2, "live")
    assert [state[:3] for state in seen[4::2]] == [
        ["mending", "webrtc", 2],
        ["mending", "webrtc", 3],
        ["live", "webrtc", 0],
    ]
    assert walk(run, "press", "granted", "live", "gone", *["unavailable", "due"] * 5)[-1][3] == "dropped"


def test_line_that_is_live_again_forgets_its_failures(run: Run) -> None:
    seen = walk(run, "press", "granted", "live", "network", "live", "lost", "gone", "live")
    assert [state[0] for state in seen[3:]] == ["mending", "live", "mending", "mending", "live"]
    assert seen[6] == ["mending", "webrtc", 2, None, "drop", "call"] and seen[-1][2] == 0


def test_late_events_of_a_finished_call_change_nothing(run: Run) -> None:
    events = (
        "live",
        "lost",
        "failed",
        "gone",
        "unavailable",
        "due",
        "network",
        "hang-up",
        "ended",
        "granted",
        "refused",
        "dismiss",
    )
    assert walk(run, *events) == [["idle", None, 0, None]] * len(events)


def test_refusal_keeps_its_reason_and_can_be_tried_again(run: Run) -> None:
    seen = walk(run, "press", "refused", "press", code="mic_denied")
    assert seen[1] == ["failed", None, 0, "mic_denied", "drop", "release"]
    assert seen[2] == ["asking", None, 0, None, "ask"]


def test_only_an_unanswered_question_is_silence(run: Run) -> None:
    """A page out of sight asks once a minute; a device that slept finds its question unanswered."""
    seen = run(
        """const { Heartbeat } = await load("call/heartbeat");
        const real = performance.now; let now = 1; performance.now = () => now;
        const seen = { asked: 0, silent: 0 };
        const send = () => { seen.asked += 1; return true; };
        const one = new Heartbeat({ send, onSilent: () => { seen.silent += 1; } });
        try {
          one.start(); one.heard();
          now += 60_000; one.beat(); const afterAMinute = seen.silent;
          now += 5_000; one.beat(); const afterFive = seen.silent;
          now += 5_001; one.beat(); one.beat();
          return [seen.asked, afterAMinute, afterFive, seen.silent];
        } finally { one.stop(); performance.now = real; }"""
    )
    assert seen[:3] == [3, 0, 0]
    assert seen[3] == 1


@pytest.mark.parametrize(("from_hz", "to_hz"), [(48_000, 16_000), (44_100, 16_000), (16_000, 48_000), (16_000, 16_000)])
def test_resampling_keeps_a_tone_and_its_length(run: Run, from_hz: int, to_hz: int) -> None:
    seen = run(
        f"""const {{ Resampler }} = await load("call/resample");
        const one = new Resampler({from_hz}, {to_hz}); const out = [];
        const tone = (n) => 0.5 * Math.sin(2 * Math.PI * 1000 * n / {from_hz});
        for (let n = 0; n < {from_hz}; n += 128) {{
          out.push(...one.take(Float32Array.from({{ length: 128 }}, (_, i) => tone(n + i))));
        }}
        let worst = 0;
        for (let n = 2000; n < out.length - 2000; n += 1) {{
          worst = Math.max(worst, Math.abs(out[n] - 0.5 * Math.sin(2 * Math.PI * 1000 * n / {to_hz})));
        }}
        return [out.length, worst];"""
    )
    assert seen[0] == pytest.approx(to_hz, rel=0.01)
    assert seen[1] < 0.01  # 34 dB below the tone.


def test_what_the_line_cannot_carry_does_not_come_back_as_another_tone(run: Run) -> None:
    loudest = run(
        """const { Resampler } = await load("call/resample");
        const one = new Resampler(48000, 16000);
        const out = one.take(Float32Array.from({ length: 48000 }, (_, n) => Math.sin(2 * Math.PI * 11000 * n / 48000)));
        return Math.max(...out.slice(1000, -1000));"""
    )
    assert loudest < 0.01


def test_uneven_sound_is_played_evenly(run: Run) -> None:
    seen = run(
        """const { Jitter } = await load("call/jitter");
        const one = new Jitter({ ahead: 4, most: 8 });
        const seen = [];
        const take = () => { const out = new Float32Array(3); one.fill(out); return [...out]; };
        one.put(Float32Array.of(1, 2)); seen.push(take());
        one.put(Float32Array.of(3, 4)); seen.push(take(), take());
        one.put(Float32Array.of(5)); seen.push(take());
        one.clear(); one.put(Float32Array.of(6, 7, 8, 9, 10)); one.put(Float32Array.of(11, 12, 13, 14, 15));
        seen.push(take());
        one.clear(); seen.push(one.held);
        return seen;"""
    )
    assert seen == [[0, 0, 0], [1, 2, 3], [4, 0, 0], [0, 0, 0], [11, 12, 13], 0]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('{"type":"state","state":"speaking"}', True),
        ('{"type":"state","state":"dancing"}', False),
        ('{"type":"caption","reply":"a","text":"b"}', True),
        ('{"type":"caption","reply":1,"text":"b"}', False),
        ('{"type":"broken_off"}', False),
        ('{"type":"bye"}', True),
        ('{"type":"later"}', False),
        ("null", False),
        ("[", False),
    ],
)
def test_only_frames_of_ours_are_read(run: Run, text: str, kept: bool) -> None:
    assert run(f"""const {{ readFrame }} = await load("call/frames"); return readFrame({text!r}) !== null;""") is kept


def test_every_end_and_every_refusal_has_words(run: Run) -> None:
    wanted = ["asked", "bye", "customer", "hung_up", "signed_out", "joined", "elsewhere", "erased", "toString"]
    ends = [*wanted, "failed", "shutdown", "too_long", "web_stopped"]
    codes = ["dropped", "unreachable", "calls_full", "voice_down", "unheard-of"]
    codes += ["mic_denied", "mic_framed", "mic_missing", "mic_busy", "mic_elsewhere"]
    words = run(
        f"""const {{ endWords, noteOf }} = await load("view/call_notes");
        const failed = (code, refusal, online) => noteOf({{ state: {{ name: "failed", code }}, refusal, online }});
        return [
          {ends}.map((one) => endWords(one, 61)), {codes}.map((one) => failed(one, "", true)),
          failed("busy", "In the server's words.", true), failed("unreachable", "", false),
        ];"""
    )
    assert all("1:01" in one for one in words[0])
    assert all(len(one) > 40 for one in words[1])
    assert words[2] == "In the server's words." and "offline" in words[3]
