"""The queue: who waits, why, how long, and how they feel."""

from nicegui import ui

from service.desk.element import Words, button
from service.desk.frame import page_frame
from service.desk.visit import Visit
from service.desk.words import level, level_words, priority_words, waiting_words
from service.desk.work import QueueEntry
from vocabulary import Right


async def draw_queue(visit: Visit) -> None:
    """Build the page, and keep it fresh."""
    entries_at_first = await visit.desk.works.cases.open_queue(visit.token)
    with page_frame(visit, current="/"):
        with ui.element("div").classes("page-head"):
            Words("h1", "Waiting for a person")
            count = ui.label("").classes("page-note").props('role="status" data-testid="desk-count"')
        entries = ui.element("div").classes("queue")

    async def redraw() -> None:
        draw(await visit.desk.works.cases.queue(visit.token))

    def draw(queue: list[QueueEntry]) -> None:
        waiting = [entry for entry in queue if entry.escalation.claimed_by is None]
        taken = [entry for entry in queue if entry.escalation.claimed_by is not None]
        count.set_text(_count_words(len(waiting), len(taken)))
        entries.clear()
        with entries:
            if not queue:
                _nobody()
            if waiting:
                _list(visit, waiting, "Waiting")
            mine = [entry for entry in taken if entry.mine]
            others = [entry for entry in taken if not entry.mine]
            if mine:
                _list(visit, mine, "With you")
            if others:
                _list(visit, others, "With colleagues")

    draw(entries_at_first)
    visit.redraw_on_change(redraw, Right.QUEUE_VIEW)


def _count_words(waiting: int, taken: int) -> str:
    people = "nobody waits" if waiting == 0 else "1 customer waits" if waiting == 1 else f"{waiting} customers wait"
    return f"{people.capitalize()}, {taken} in conversation" if taken else people.capitalize()


def _waiting(entry: QueueEntry) -> str:
    words = waiting_words(entry.waiting_s)
    return f"waits {words}" if entry.escalation.claimed_by is None else f"asked {words} ago"


def _nobody() -> None:
    with ui.element("div").classes("empty"):
        Words("h2", "Nobody is waiting")
        ui.label("Conversations appear here as soon as a customer needs a person. You can leave this page open.")


def _list(visit: Visit, entries: list[QueueEntry], title: str) -> None:
    Words("h2", title).classes("queue-title")
    with ui.element("ul").classes("queue-list"):
        for entry in entries:
            _card(visit, entry)


def _card(visit: Visit, entry: QueueEntry) -> None:
    escalation = entry.escalation
    urgency = priority_words(escalation.priority)
    address = f"/desk/conversations/{escalation.conversation_id}"
    with ui.element("li").classes(f"card urgency-{urgency}").props('data-testid="desk-entry"'):
        with ui.element("div").classes("card-facts"):
            ui.label(urgency).classes(f"tag tag-{urgency}").props(f'title="priority {escalation.priority} of 100"')
            ui.label(_waiting(entry)).classes("fact").props('data-testid="desk-waiting"')
            if entry.on_call:
                ui.label("on a call").classes("tag tag-call").props(
                    'title="The customer is on the line now." data-testid="desk-on-call"'
                )
            ui.label(f"frustration {level_words(entry.frustration)}").classes(
                f"fact level level-{level(entry.frustration)}"
            )
            if entry.claimed_by_name and not entry.mine:
                ui.label(f"with {entry.claimed_by_name}").classes("fact")
        if entry.preview:
            ui.label(f"“{entry.preview}”").classes("card-words")
        ui.label(escalation.reason).classes("card-reason").props('data-testid="desk-reason"')
        with ui.element("div").classes("card-actions"):
            if escalation.claimed_by is None and visit.may(Right.CASE_ANSWER):

                async def take() -> None:
                    await visit.desk.works.cases.claim(visit.token, escalation.id)
                    ui.navigate.to(f"/conversations/{escalation.conversation_id}")

                button(
                    "Take over", kind="primary", test_id="desk-claim", on_click=visit.guarded(take, Right.CASE_ANSWER)
                )
            Words("a", "Open" if entry.mine else "Read first" if escalation.claimed_by is None else "Read").props(
                f'href="{address}" data-testid="desk-open"'
            ).classes("button-like")
