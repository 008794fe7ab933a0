"""The pure parts of the chat page, run by the browser that will run them."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.fake_api import FakeApi

pytestmark = pytest.mark.browser

Run = Callable[[str], Any]


@pytest.fixture
def run(browser: Browser, api: FakeApi) -> Run:
    """Runs the body of an async function, in which `load(name)` imports a module of the chat."""
    page = browser.new_page()
    page.goto(f"{api.url}/chat")

    def run_(body: str) -> Any:
        return page.evaluate(f"async () => {{ const load = (name) => import(`/static/chat/${{name}}.js`); {body} }}")

    return run_


def walk(run: Run, *events: str) -> list[Any]:
    """The states and effects that the events lead to, without chance."""
    return run(
        f"""const {{ START, step }} = await load("connection");
        let state = START; const seen = [];
        for (const event of {list(events)}) {{
          const next = step(state, event, () => 1);
          state = next.state;
          seen.push([state.name, state.attempts, ...next.effects.map((e) => e.wait ?? e)]);
        }}
        return seen;"""
    )


def test_line_opens_greets_and_is_online(run: Run) -> None:
    assert walk(run, "start", "opened", "hello") == [
        ["connecting", 0, "open"],
        ["greeting", 0, "greet"],
        ["online", 0],
    ]


def test_each_failed_attempt_waits_twice_as_long_up_to_a_limit(run: Run) -> None:
    steps = walk(run, "start", *["closed", "due"] * 8)
    waits = [step[-1] for step in steps if step[0] == "waiting"]
    assert waits == [500, 1000, 2000, 4000, 8000, 16000, 20000, 20000]


def test_wait_is_spread_over_the_upper_half(run: Run) -> None:
    assert run(
        """const { backoff } = await load("connection"); return [backoff(3, () => 0), backoff(3, () => 1)];"""
    ) == [
        2000,
        4000,
    ]


def test_line_lost_before_its_greeting_asks_whether_the_conversation_exists(run: Run) -> None:
    assert walk(run, "start", "opened", "closed")[-1] == ["waiting", 1, "probe", 500]
    assert walk(run, "start", "opened", "hello", "closed")[-1] == ["waiting", 1, 500]


def test_network_off_closes_and_network_on_opens_at_once(run: Run) -> None:
    assert walk(run, "start", "opened", "hello", "network-off", "closed", "network-on")[-3:] == [
        ["offline", 0, "close"],
        ["offline", 0],
        ["connecting", 0, "open"],
    ]


def test_silent_line_is_given_up(run: Run) -> None:
    assert walk(run, "start", "opened", "hello", "silent")[-1] == ["waiting", 1, "close", 500]


def test_links_are_http_only_and_lose_no_character(run: Run) -> None:
    text = "a https://x.example/p?q=1). javascript:alert(1) http://[bad ftp://y HTTPS://Z.example"
    pieces = run(f"""const {{ splitLinks }} = await load("links"); return splitLinks({text!r});""")
    assert "".join(piece["text"] for piece in pieces) == text
    assert [piece["href"] for piece in pieces if "href" in piece] == ["https://x.example/p?q=1", "https://z.example/"]


def test_outbox_keeps_order_and_ids_over_a_move(run: Run) -> None:
    kept = run(
        """const { Outbox } = await load("outbox"); const { openStorage } = await load("storage");
        const storage = openStorage(null);
        const box = new Outbox({ storage, conversation: "new", now: () => 7 });
        const ids = ["a", "b", "c"].map((text) => box.add({ kind: "message", text }).id);
        box.add({ kind: "button", text: "yes", reply_id: "r", index: 0 });
        box.refuse(ids[1], { code: "x", message: "no", retryable: true });
        box.moveTo("c_1");
        const same = box.entries().slice(0, 3).every((entry, i) => entry.id === ids[i]);
        const again = new Outbox({ storage, conversation: "c_1" });
        const texts = (entries) => entries.map((entry) => entry.text);
        return [same, texts(again.entries()), texts(again.waiting()), again.entries()[3].kind];"""
    )
    assert kept == [True, ["a", "b", "c", "yes"], ["a", "c", "yes"], "message"]


def test_ids_are_what_the_service_takes(run: Run) -> None:
    ids = run(
        """const { newMessageId } = await load("outbox");
        const uuid = crypto.randomUUID; const made = [newMessageId()];
        Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
        made.push(newMessageId(), newMessageId());
        return made;"""
    )
    assert len(set(ids)) == 3
    assert all(len(id_) == 36 and set(id_) <= set("0123456789abcdef-") for id_ in ids)


def test_store_shows_each_message_once_and_knows_its_gaps(run: Run) -> None:
    seen = run(
        """const { MessageStore } = await load("store"); let changes = 0;
        const store = new MessageStore(() => { changes += 1; });
        const bot = (seq, id = `m${seq}`) => ({ seq, id, author: "bot", text: id });
        store.addOwn({ id: "mine", text: "hi", at: 0, order: 1 });
        store.receive(bot(2)); store.receive(bot(2)); store.receive(bot(2, "other"));
        const gap = [store.known, store.hasGap];
        store.accept("mine", 1); store.receive({ seq: 1, id: "mine", author: "customer", text: "hi" });
        store.receive(bot(5)); store.settle(5);
        return [gap, store.all().map((m) => m.id), store.known, store.hasGap, changes];"""
    )
    assert seen == [[0, True], ["mine", "m2", "m5"], 5, False, 5]


def test_what_was_sensed_is_told_in_modest_words(run: Run) -> None:
    def words(turn: str, allowed: str = "true") -> list[str]:
        return run(
            f"""const {{ sensedWords }} = await load("words"); return sensedWords({turn}, {{ allowed: {allowed} }});"""
        )

    assert words("{emotion: null}", "false") == ["Nothing was assessed, because you have not allowed it."]
    sure = "{label: 'anger', confidence: .714, certain: true, mixed: false, contributions: {text: .6, voice: .4}}"
    assert words(f"{{emotion: {sure}, frustration: 62.2}}") == [
        "This message read as annoyed (71 % sure).",
        "Frustration so far: raised (62 of 100).",
        "Estimated from your words and voice.",
        "A program's estimate. It is often wrong.",
    ]
    unsure = sure.replace("certain: true", "certain: false")
    assert "does not rely on it" in words(f"{{emotion: {unsure}, frustration: null}}")[0]
    mixed = sure.replace("mixed: false", "mixed: true")
    assert "no single feeling was assumed" in words(f"{{emotion: {mixed}}}")[0]
    told = words(f"{{emotion: {sure}, frustration: 62.2, explanation: ['Mainly from your words.', 'So it goes on.']}}")
    assert told[2:4] == ["Mainly from your words.", "So it goes on."] and "Estimated from" not in " ".join(told)
    steps = sure.replace("{text: .6, voice: .4}", "{behaviour: 1}")
    assert words(f"{{emotion: {steps}, frustration: 22}}") == [
        "Only your steps in the shop were assessed. They do not say how you feel.",
        "Frustration so far: low (22 of 100).",
        "Estimated from your steps in the shop.",
        "A program's estimate. It is often wrong.",
    ]
    three = sure.replace("{text: .6, voice: .4}", "{text: .5, voice: .3, behaviour: .2}")
    assert "Estimated from your words, voice and steps in the shop." in words(f"{{emotion: {three}}}")


def test_storage_that_is_forbidden_falls_back_to_memory(run: Run) -> None:
    assert run(
        """const { openStorage } = await load("storage");
        const no = () => { throw new Error("forbidden"); };
        const closed = { getItem: no, setItem: no, removeItem: no, get length() { return no(); } };
        const storage = openStorage(closed);
        storage.setJson("a.1", { x: 1 }); const kept = storage.getJson("a.1"); const keys = storage.keys("a.");
        storage.remove("a.1");
        return [kept, keys, storage.get("a.1")];"""
    ) == [{"x": 1}, ["a.1"], None]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", ["/chat", "/"])
def test_text_colours_have_enough_contrast(browser: Browser, api: FakeApi, scheme: str, page: str) -> None:
    """WCAG 2.2 AA: 4.5 to 1 for text. The formula: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    tab = browser.new_page(color_scheme=scheme)
    tab.goto(api.url + page)
    pairs = [(ink, ground) for ink in ("ink", "soft", "accent", "bad", "good") for ground in ("paper", "surface")] + [
        ("on-accent", "accent"),
        ("on-accent", "accent-strong"),
        ("accent", "accent-tint"),
        ("paper", "ink"),
        *([("surface", "bad"), ("ink", "sunken"), ("soft", "sunken")] if page == "/chat" else []),
    ]
    colours = tab.evaluate(
        """names => {
          const style = getComputedStyle(document.documentElement);
          return Object.fromEntries(names.map((name) => [name, style.getPropertyValue("--" + name)]));
        }""",
        sorted({name for pair in pairs for name in pair}),
    )
    for ink, ground in pairs:
        assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    tab.close()


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    digits = colour.strip().lstrip("#")
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
