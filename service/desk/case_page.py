"""One handed-over conversation: what was said, how it felt, and the agent's answer."""

from collections.abc import Callable
from uuid import uuid4

from nicegui import events, ui

from service.desk.case_parts import draw_messages, draw_readings
from service.desk.element import Words, button
from service.desk.frame import page_frame
from service.desk.visit import Guarded, Visit
from service.desk.words import call_words, waiting_words
from service.desk.work import Case
from service.errors import Refused
from vocabulary import Owner, Perceived, Right

# Enter sends, Shift+Enter breaks the line; the value travels with the key, so a fast typist loses nothing.
_SEND_ON_ENTER = """(e) => {
    if (e.key !== "Enter" || e.shiftKey || e.isComposing) return;
    e.preventDefault();
    emit(e.target.value);
}"""


async def draw_case(visit: Visit, conversation_id: str) -> None:
    """Build the page and keep it fresh. Raises: Refused (404) if the conversation is not handed over."""
    case = await visit.desk.works.cases.open_case(visit.token, conversation_id)
    with page_frame(visit, current="/conversations/{key}"):
        page = CasePage(visit, case)
    page.draw(case)
    visit.redraw_on_change(page.refresh, Right.CASE_VIEW, conversation_id=conversation_id)


class CasePage:
    """The page's parts; `draw` brings them up to date."""

    def __init__(self, visit: Visit, case: Case) -> None:
        self._visit = visit
        self._cases = visit.desk.works.cases
        self._case = case
        # What the agent has asked to see, by message; forgotten with the page.
        self._revealed: dict[str, str] = {}
        self._drawn: tuple[object, ...] = ()
        with ui.element("div").classes("case-head"):
            with ui.element("div").classes("case-title"):
                Words("a", "← Queue").props('href="/desk/"').classes("back")
                Words("h1", "Conversation")
                self._status = ui.label("").classes("page-note").props('role="status" data-testid="desk-owner"')
                self._number = ui.label("").classes("page-note").props('data-testid="desk-number"')
                self._call = ui.label("").classes("page-note on-call").props('role="status" data-testid="desk-call"')
            self._actions = ui.element("div").classes("case-actions")
        with ui.element("div").classes("case"):
            with ui.element("section").props('aria-label="Messages"').classes("talk"):
                self._messages = (
                    ui.element("div")
                    .classes("messages")
                    .props('role="log" aria-live="polite" tabindex="0" data-testid="desk-messages"')
                )
                self._draw_composer()
            with ui.element("aside").props('aria-label="How the customer feels"').classes("reading"):
                self._readings = ui.element("div")

    async def refresh(self) -> None:
        """Read the conversation again; back to the queue once it has ended."""
        try:
            case = await self._cases.case(self._visit.token, self._case.conversation.id)
        except Refused:
            ui.navigate.to("/")
            return
        self.draw(case)

    def draw(self, case: Case) -> None:
        """Show the case; the messages only if something about them changed."""
        self._case = case
        self._status.set_text(self._status_words(case))
        self._number.set_text(f"Rang from {case.number}" if case.number else "")
        self._number.set_visibility(case.number is not None)
        self._call.set_text(call_words(case.conversation.owner, mine=case.mine))
        self._call.set_visibility(case.call is not None)
        shape = (
            len(case.messages),
            tuple((key, one.id) for key, one in case.readings.items()),
            case.conversation.owner,
            case.escalation.claimed_by,
            tuple(message.corrected_by for message in case.messages),
            case.verdicts,
            tuple(self._revealed),
            case.call,
            tuple(case.call_turns),
            tuple(case.read_out.items()),
        )
        if shape == self._drawn:
            return
        self._drawn = shape
        self._draw_actions(case)
        self._write.set_visibility(case.mine)
        self._messages.clear()
        with self._messages:
            draw_messages(case, self._revealed, self._revealing)
        self._readings.clear()
        with self._readings:
            draw_readings(case, self._judging)
        ui.run_javascript(
            f"const log = getHtmlElement({self._messages.id}); if (log) log.scrollTop = log.scrollHeight;"
        )

    @staticmethod
    def _status_words(case: Case) -> str:
        if case.mine:
            return "You have this conversation; the assistant is silent."
        if case.conversation.owner is Owner.AGENT:
            name = case.names.get(case.escalation.claimed_by or "", "a colleague")
            return f"{name} has this conversation."
        return f"Waiting for {waiting_words(case.waiting_s)}; the assistant is silent."

    def _draw_actions(self, case: Case) -> None:
        self._actions.clear()
        with self._actions:
            if case.mine:
                back = self._visit.guarded(self._hand_back, Right.CASE_ANSWER)
                close = self._visit.guarded(self._close, Right.CASE_ANSWER)
                button("Hand back to the assistant", kind="secondary", test_id="desk-hand-back", on_click=back)
                button("Close", kind="quiet", test_id="desk-close", on_click=close)
            elif case.conversation.owner is Owner.WAITING:
                claim = self._visit.guarded(self._claim, Right.CASE_ANSWER)
                button("Take over", kind="primary", test_id="desk-claim", on_click=claim)

    def _draw_composer(self) -> None:
        self._write = ui.element("div").classes("write")
        with self._write:
            self._text = (
                ui.textarea()
                .props(
                    'outlined autogrow dense aria-label="Your answer to the customer" '
                    'placeholder="Write to the customer" data-testid="desk-input"'
                )
                .classes("write-text")
            )
            send = self._visit.guarded(self._send_event, Right.CASE_ANSWER)
            self._text.on("keydown", send, js_handler=_SEND_ON_ENTER)

            async def send_written() -> None:
                await self._send(str(self._text.value or ""))

            written = self._visit.guarded(send_written, Right.CASE_ANSWER)
            button("Send", kind="primary", test_id="desk-send", on_click=written)

    async def _send_event(self, event: events.GenericEventArguments) -> None:
        await self._send(str(event.args or ""))

    async def _send(self, text: str) -> None:
        if not text.strip():
            return
        await self._cases.reply(self._visit.token, self._case.conversation.id, str(uuid4()), text)
        self._text.set_value("")
        await self.refresh()

    def _judging(self, message_id: str, said: Perceived, label: Callable[[], str | None]) -> Guarded:
        """What stores an agent's word about a reading."""

        async def judge() -> None:
            await self._cases.judge(self._visit.token, self._case.conversation.id, message_id, said, label())
            await self.refresh()

        return self._visit.guarded(judge, Right.CASE_JUDGE)

    def _revealing(self, message_id: str) -> Guarded | None:
        """What shows the personal data in a message; None for whoever may not see it."""
        if not self._case.mine or not self._visit.may(Right.CASE_REVEAL):
            return None

        async def reveal() -> None:
            shown = await self._cases.reveal(self._visit.token, self._case.conversation.id, message_id)
            self._revealed[message_id] = shown
            await self.refresh()

        return self._visit.guarded(reveal, Right.CASE_REVEAL)

    async def _claim(self) -> None:
        await self._cases.claim(self._visit.token, self._case.escalation.id)
        await self.refresh()

    async def _hand_back(self) -> None:
        await self._cases.hand_back(self._visit.token, self._case.escalation.id)
        ui.navigate.to("/")

    async def _close(self) -> None:
        await self._cases.close(self._visit.token, self._case.escalation.id)
        ui.navigate.to("/")
