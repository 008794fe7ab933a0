"""The two halves of the conversation page, drawn from one case."""

from collections.abc import Awaitable, Callable, Mapping

from nicegui import ui

from service.desk.chart import TurnReading, chart_options, readings
from service.desk.element import Words, button
from service.desk.words import (
    clock,
    correction_words,
    level,
    level_words,
    read_out_words,
    state_words,
    step_words,
    verdict_words,
)
from service.desk.work import Case
from store import Message
from vocabulary import LABELS, Author, Perceived, say_price

Handler = Callable[..., Awaitable[None]]
Judge = Callable[[str, Perceived, Callable[[], str | None]], Handler]
Reveal = Callable[[str], Handler | None]


def draw_messages(case: Case, revealed: Mapping[str, str], reveal: Reveal) -> None:
    """Everything that was said. Labels hold text only: a customer's words are never markup.

    revealed: whole texts by message id; the others show placeholders. reveal: what shows the whole text of a message,
    or None where that is not allowed.
    """
    for message in case.messages:
        _message(case, message, revealed.get(message.id), reveal)


def _message(case: Case, message: Message, whole: str | None, reveal: Reveal) -> None:
    with ui.element("article").classes(f"message from-{message.author.value}"):
        with ui.element("div").classes("message-head"):
            ui.label(_author(case, message)).classes("message-author")
            ui.label(clock(message.created_at)).classes("message-time")
            reading = case.readings.get(message.id)
            if reading is not None and reading.assessment.state is not None:
                frustration = reading.assessment.state.frustration
                ui.label(level_words(frustration)).classes(f"level level-{level(frustration)}").props(
                    'title="frustration after this turn, 0 to 100"'
                )
        if message.text:
            ui.label(whole or message.text).classes("message-text")
        if note := read_out_words(case.read_out.get(message.id)):
            ui.label(note).classes("message-offer").props('data-testid="desk-read-out"')
        if (steps := case.call_turns.get(message.id)) is not None:
            ui.label(step_words(steps)).classes("message-offer").props(
                'title="seconds after the customer stopped speaking" data-testid="desk-steps"'
            )
        if message.revealable and whole is None and (show := reveal(message.id)) is not None:
            button("Show personal data", kind="quiet", test_id="desk-reveal", on_click=show).props(
                'title="Shows what the placeholders stand for. That you looked is put on record."'
            )
        if note := correction_words(message, case.messages):
            ui.label(note).classes("message-offer").props('data-testid="desk-correction"')
        for suggestion in message.suggestions:
            ui.label(f"{suggestion.title} · {say_price(suggestion)}").classes("message-offer")
        if message.buttons:
            ui.label("Choices: " + ", ".join(button.title for button in message.buttons)).classes("message-offer")


def _author(case: Case, message: Message) -> str:
    if message.author is Author.CUSTOMER:
        return "Customer"
    if message.author is Author.BOT:
        return "Assistant"
    return case.names.get(message.staff_id or "", "Agent")


def draw_readings(case: Case, judge: Judge) -> None:
    """Why the conversation is here, and the level turn by turn with the reason of each decision.

    judge: gives what stores the agent's word about a turn's reading.
    """
    with ui.element("section").classes("panel"):
        Words("h2", "Why it is here")
        ui.label(case.escalation.reason).classes("panel-reason").props('data-testid="desk-why"')
    turns = readings(case.messages, case.readings)
    scored = any(turn.frustration is not None for turn in turns)
    with ui.element("section").classes("panel"):
        Words("h2", "Frustration by turn")
        if scored:
            ui.echart(chart_options(turns)).classes("chart").props('data-testid="desk-chart"')
        else:
            ui.label("The customer has not allowed scoring, or nothing could be judged.").classes("panel-note")
        if turns:
            with ui.element("ol").classes("turns"):
                for turn in reversed(turns):
                    _turn(case, turn, judge)
    ui.label("An estimate, not a fact. Customers can look up in the chat what was sensed.").classes("panel-note")


def _turn(case: Case, turn: TurnReading, judge: Judge) -> None:
    with ui.element("li").classes("turn"):
        with ui.element("div").classes("turn-head"):
            ui.label(f"Turn {turn.number}").classes("turn-number")
            ui.label(level_words(turn.frustration)).classes(f"level level-{level(turn.frustration)}")
            ui.label("passed on to a person" if turn.escalated else turn.mode).classes("turn-mode")
        for sentence in turn.explanation or (turn.reason,):
            ui.label(sentence).classes("turn-reason")
        if turn.since is not None and (named := state_words(turn.state, turn.frustration)):
            ui.label(f"{named} since {clock(turn.since)}").classes("turn-reason")
        if turn.voice_left_out:
            ui.label("The voice was left out: another voice may be in the recording.").classes("turn-reason").props(
                'data-testid="desk-voice-left-out"'
            )
        for verdict in case.verdicts:
            if verdict.message_id == turn.message_id:
                ui.label(verdict_words(verdict, case.names)).classes("turn-verdict").props('data-testid="desk-verdict"')
        if case.mine and turn.frustration is not None:
            _draw_judging(turn, judge)


def _draw_judging(turn: TurnReading, judge: Judge) -> None:
    """Three buttons on the level and a choice of emotion: what agents say corrects this reading and later ones."""
    as_read = f"read as {turn.label}" if turn.label else "no emotion read"
    with (
        ui.element("div")
        .classes("judging")
        .props(f'role="group" aria-label="Correct the reading of turn {turn.number}"')
    ):
        label = (
            ui.select({None: as_read, **{name: name for name in LABELS}}, value=None)
            .props('outlined dense options-dense aria-label="What the emotion really was" data-testid="desk-label"')
            .classes("judging-label")
        )
        for said, words in (
            (Perceived.AS_SHOWN, "Right"),
            (Perceived.LESS_UPSET, "Less upset"),
            (Perceived.MORE_UPSET, "More upset"),
        ):
            send = judge(turn.message_id, said, lambda: label.value)
            button(words, kind="secondary", test_id=f"desk-judge-{said.value}", on_click=send)
