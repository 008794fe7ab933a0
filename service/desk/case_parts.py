"""The two halves of the conversation page, drawn from one case."""

from nicegui import ui

from service.desk.chart import TurnReading, chart_options, readings
from service.desk.element import Words
from service.desk.words import clock, correction_words, level, level_words
from service.desk.work import Case
from store import Message
from vocabulary import Author


def draw_messages(case: Case) -> None:
    """Everything that was said. Labels hold text only: a customer's words are never markup."""
    for message in case.messages:
        _message(case, message)


def _message(case: Case, message: Message) -> None:
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
            ui.label(message.text).classes("message-text")
        if note := correction_words(message, case.messages):
            ui.label(note).classes("message-offer").props('data-testid="desk-correction"')
        for suggestion in message.suggestions:
            ui.label(f"{suggestion.title} · {suggestion.price:.2f} €").classes("message-offer")
        if message.buttons:
            ui.label("Choices: " + ", ".join(button.title for button in message.buttons)).classes("message-offer")


def _author(case: Case, message: Message) -> str:
    if message.author is Author.CUSTOMER:
        return "Customer"
    if message.author is Author.BOT:
        return "Assistant"
    return case.names.get(message.staff_id or "", "Agent")


def draw_readings(case: Case) -> None:
    """Why the conversation is here, and the level turn by turn with the reason of each decision."""
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
                    _turn(turn)
    ui.label("An estimate, not a fact. Customers can look up in the chat what was sensed.").classes("panel-note")


def _turn(turn: TurnReading) -> None:
    with ui.element("li").classes("turn"):
        with ui.element("div").classes("turn-head"):
            ui.label(f"Turn {turn.number}").classes("turn-number")
            ui.label(level_words(turn.frustration)).classes(f"level level-{level(turn.frustration)}")
            ui.label("passed on to a person" if turn.escalated else turn.mode).classes("turn-mode")
        ui.label(turn.reason).classes("turn-reason")
        if turn.voice_left_out:
            ui.label("The voice was left out: another voice may be in the recording.").classes("turn-reason").props(
                'data-testid="desk-voice-left-out"'
            )
