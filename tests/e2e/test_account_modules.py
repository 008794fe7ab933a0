"""The pure parts of the account page, and its service worker, run by the browser that will run them."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from tests.e2e.conftest import until
from tests.e2e.fake_api import FakeApi

pytestmark = pytest.mark.browser

Run = Callable[[str], Any]


@pytest.fixture
def run(browser: Browser, api: FakeApi) -> Run:
    """Runs the body of an async function, in which `load(name)` imports a module of the account page."""
    page = browser.new_page()
    page.goto(f"{api.url}/account")

    def run_(body: str) -> Any:
        return page.evaluate(f"async () => {{ const load = (name) => import(`/static/account/${{name}}.js`); {body} }}")

    return run_


def test_levels_stand_between_top_and_axis_evenly_spaced(run: Run) -> None:
    placed = run(
        """const { layOut } = await load("view/trend");
        const levels = [0, 50, 100, null, 250];
        const points = levels.map((frustration) => ({ frustration, conversation: "c", at: "2026-03-01" }));
        return layOut(points, 258, 144).points.map(({ x, y }) => [x, y]);"""
    )
    # 258 wide less 46 and 12; 144 high less 14 and 30.
    assert placed == [[46, 114], [96, 64], [146, 14], [196, None], [246, 14]]


def test_single_point_stands_in_the_middle_and_old_ones_are_left_to_the_table(run: Run) -> None:
    assert run(
        """const { layOut } = await load("view/trend");
        const point = { frustration: 10, conversation: "c", at: "2026-03-01" };
        const many = layOut(Array(90).fill(point), 500);
        return [layOut([point], 258).points[0].x, many.shown, many.begins.length];"""
    ) == [146, 60, 1]


def test_line_breaks_between_conversations_and_where_nothing_was_read(run: Run) -> None:
    assert run(
        """const { lines } = await load("view/trend");
        const points = [["a", 1], ["a", 2], ["a", null], ["a", 3], ["b", 4], ["b", 5]];
        return lines(points.map(([conversation, y]) => ({ conversation, y }))).map((part) => part.map(({ y }) => y));"""
    ) == [[1, 2], [3], [4, 5]]


@pytest.mark.parametrize(
    ("fragment", "left", "known"),
    [
        ("#guest=c_1.t_1", "#guest", {"id": "c_1", "token": "t_1"}),
        ("#join=c-1.t-1", "#join", {"id": "c-1", "token": "t-1"}),
        ("#guest", "#guest", None),
        ("#guest=c_1", "#guest=c_1", None),
        ("#guest=<b>.t", "#guest=<b>.t", None),
        ("#privacy=c_1.t_1", "#privacy=c_1.t_1", None),
    ],
)
def test_only_a_whole_hand_over_is_taken(run: Run, fragment: str, left: str, known: dict[str, str] | None) -> None:
    assert run(
        f"""const {{ BrowserConversation }} = await load("guest");
        const conversation = new BrowserConversation();
        return [conversation.take({fragment!r}), conversation.current];"""
    ) == [left, known]


def test_push_keys_are_read_with_and_without_their_padding(run: Run) -> None:
    assert run(
        """const { bytesOf } = await load("push"); return [...bytesOf("-_8")].concat([...bytesOf("AQID")]);"""
    ) == [251, 255, 1, 2, 3]


PUSHES = [
    ('{"title": "Your answer", "body": "It is here.", "url": "/account#data"}', ["Your answer", "It is here."]),
    ('{"title": 7, "body": ["x"]}', ["Customer care", "There is news for you."]),
    ("not json", ["Customer care", "There is news for you."]),
    ("", ["Customer care", "There is news for you."]),
]


def test_worker_shows_what_is_pushed_in_plain_words(context: BrowserContext, api: FakeApi) -> None:
    context.grant_permissions(["notifications"], origin=api.url)
    page = context.new_page()
    page.goto(f"{api.url}/account")
    tools = context.new_cdp_session(page)
    registrations: list[dict[str, Any]] = []
    tools.on("ServiceWorker.workerRegistrationUpdated", lambda event: registrations.extend(event["registrations"]))
    tools.send("ServiceWorker.enable")
    scope = page.evaluate(
        """async () => {
          const worker = await navigator.serviceWorker.register("/account/worker.js", { scope: "/account" });
          await navigator.serviceWorker.ready;
          return worker.scope;
        }"""
    )
    assert scope == f"{api.url}/account"
    until(page, "navigator.serviceWorker.getRegistration('/account').then((found) => Boolean(found?.active))")
    look = "navigator.serviceWorker.getRegistration('/account').then((found) => found.getNotifications())"
    for data, shown in PUSHES:
        _push(tools, page, api.url, registrations[-1]["registrationId"], data, until_shown=look)
        assert page.evaluate(f"{look}.then((all) => [all[0].title, all[0].body])") == shown
        page.evaluate(f"{look}.then((all) => all.forEach((one) => one.close()))")
        until(page, f"{look}.then((all) => all.length === 0)")


def _push(tools: CDPSession, page: Page, origin: str, registration: str, data: str, *, until_shown: str) -> None:
    """Push until the worker has shown it: the browser drops a push for a worker that is just going to sleep."""
    for attempt in range(4):
        tools.send("ServiceWorker.deliverPushMessage", {"origin": origin, "registrationId": registration, "data": data})
        try:
            until(page, f"{until_shown}.then((all) => all.length > 0)", within_s=8)
            return
        except AssertionError:
            if attempt == 3:
                raise
