"""People's requests about their data, by the date on which the law wants an answer."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Final

from nicegui import ui

from service.desk.element import Words, button
from service.desk.frame import page_frame
from service.desk.parts import ask, day, field, link, page_head, table
from service.desk.visit import Visit
from service.errors import Refused
from store import DataRequest, RequestKind, RequestState
from vocabulary import Right

_KIND_WORDS: Final = {
    RequestKind.ACCESS: "a copy of their data",
    RequestKind.ERASE: "erase their data",
    RequestKind.CORRECT: "correct their data",
    RequestKind.OBJECT: "stop a use of their data",
}


async def draw_requests(visit: Visit) -> None:
    """Build the page."""
    page = RequestsPage(visit)
    with page_frame(visit, current="/requests"):
        page_head("Requests about personal data", "The most urgent first. Each has to be answered by its date.")
        page.shown = ui.element("div")
        if visit.may(Right.REQUESTS_ACT):
            page.draw_form()
    await page.draw()


class RequestsPage:
    """The list, and what may be done about each entry."""

    shown: ui.element

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._requests = visit.desk.works.requests
        self._open_only = True

    async def draw(self) -> None:
        """Read the requests and show them."""
        requests = await self._requests.list(self._visit.token, open_only=self._open_only)
        self.shown.clear()
        with self.shown:
            if requests:
                self._table(list(requests))
            else:
                with ui.element("div").classes("empty"):
                    Words("h2", "Nothing is open")
                    ui.label("What customers ask on their page, or staff write down for them, appears here.")
            button(
                "Show answered ones too" if self._open_only else "Show open ones only",
                kind="quiet",
                test_id="desk-requests-all",
                on_click=self._visit.guarded(self._switch, Right.REQUESTS_VIEW),
            )

    def draw_form(self) -> None:
        """The form for what came by post or telephone."""
        with ui.element("section").classes("panel"):
            Words("h2", "A request that came by post or telephone")
            ui.label(
                "Write it down on the day it comes: the time to answer runs from then. Make sure that it is the person "
                "themselves who asks. With an account they are told that it has arrived."
            ).classes("panel-note")
            who = field("E-mail, phone (+49…) or an id", "desk-request-who")
            kind = (
                ui.select({one.value: words for one, words in _KIND_WORDS.items()}, value=RequestKind.ACCESS.value)
                .props('outlined dense options-dense aria-label="What they ask for" data-testid="desk-request-kind"')
                .classes("field")
            )
            came_on = field("Came on, such as 2026-03-01 (empty: today)", "desk-request-came")
            words = (
                ui.textarea(label="In their words")
                .props('outlined autogrow dense aria-label="In their words" data-testid="desk-request-words"')
                .classes("field")
            )

            async def add() -> None:
                request = await self._requests.add(
                    self._visit.token,
                    str(who.value or "").strip(),
                    RequestKind(str(kind.value)),
                    str(words.value or "").strip(),
                    _date(str(came_on.value or "")),
                )
                ui.notify(f"Written down. To be answered by {day(request.due_at)}.", type="positive")
                for one in (who, came_on, words):
                    one.set_value("")
                await self.draw()

            button(
                "Write it down", kind="primary", test_id="desk-request-add",
                on_click=self._visit.guarded(add, Right.REQUESTS_ACT),
            )  # fmt: skip

    async def _switch(self) -> None:
        self._open_only = not self._open_only
        await self.draw()

    def _table(self, requests: list[DataRequest]) -> None:
        table(
            ("Due", "Asks for", "Who", "In their words", "Received", "State"),
            [
                (
                    _due_cell(request),
                    _KIND_WORDS[request.kind],
                    self._who_cell(request),
                    request.words or "–",
                    day(request.received_at),
                    self._state_cell(request),
                )
                for request in requests
            ],
            label="Requests",
            test_id="desk-requests",
        )

    def _who_cell(self, request: DataRequest) -> Callable[[], None] | str:
        if request.owner is None:
            return "erased"
        if not self._visit.may(Right.PEOPLE_VIEW):
            return "a customer"
        return link("Open", f"/desk/people/{request.owner}")

    def _state_cell(self, request: DataRequest) -> Callable[[], None] | str:
        if request.state is not RequestState.RECEIVED or not self._visit.may(Right.REQUESTS_ACT):
            done = f", {day(request.done_at)}" if request.done_at else ""
            return f"{request.state.value}{done}" + (f": {request.answer}" if request.answer else "")

        def draw() -> None:
            with ui.element("div").classes("card-actions"):
                if request.kind is RequestKind.ACCESS and request.owner is not None:
                    self._button("Download the copy", "desk-request-export", self._export(request.owner))
                self._button("Answered", "desk-request-done", self._ask(request, RequestState.DONE))
                self._button("Refused", "desk-request-refused", self._ask(request, RequestState.REFUSED))

        return draw

    def _button(self, text: str, test_id: str, act: Callable[[], Awaitable[None]]) -> None:
        button(text, kind="secondary", test_id=test_id, on_click=self._visit.guarded(act, Right.REQUESTS_ACT))

    def _export(self, owner: str) -> Callable[[], Awaitable[None]]:
        async def export() -> None:
            ui.download.content(await self._requests.export(self._visit.token, owner), "personal-data.zip")

        return export

    def _ask(self, request: DataRequest, state: RequestState) -> Callable[[], Awaitable[None]]:
        async def finish(answer: str) -> None:
            await self._requests.finish(self._visit.token, request.id, state, answer)
            await self.draw()

        question = (
            "How was it answered? The person can read this."
            if state is RequestState.DONE
            else "Why is it refused? The law asks for a reason, and the person can read it."
        )

        async def asked() -> None:
            ask(self._visit, question, "Save", finish, Right.REQUESTS_ACT, wants_text=True)

        return asked


def _due_cell(request: DataRequest) -> Callable[[], None]:
    def draw() -> None:
        ui.label(day(request.due_at))
        if request.state is RequestState.RECEIVED:
            words, kind = due_words(request.due_at, datetime.now(UTC))
            ui.label(words).classes(f"level level-{kind}")

    return draw


def _date(text: str) -> date | None:
    """Raises: Refused for what is no date."""
    text = text.strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("came_on", "A date is written as 2026-03-01. Leave it empty for today.") from None


def due_words(due_at: datetime, now: datetime) -> tuple[str, str]:
    """How long is left, and how urgent that is: calm, raised (a week), high (late)."""
    days = (due_at - now).total_seconds() / 86400
    if days < 0:
        return f"{max(1, round(-days))} d late", "high"
    return f"{int(days)} d left", "raised" if days < 7 else "calm"
