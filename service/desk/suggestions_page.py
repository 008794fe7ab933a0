"""How suggestions are made: the rules, what was learned, and what was offered last with everything that moved it."""

from datetime import datetime
from typing import Final

from nicegui import ui

from recommender import Rules
from service.desk.element import Words, button
from service.desk.frame import page_frame
from service.desk.parts import day_and_time, facts, page_head
from service.desk.rules_words import effects, order_facts, when
from service.desk.slates_panel import draw_slates
from service.desk.suggestions_work import Figures, LearnedNow, RulesFile
from service.desk.visit import Visit
from vocabulary import Right

_NOTE = "A state changes order and number of what is shown, never a price. The code keeps that, whatever the rules say."

_LOOK_AGAIN_S: Final = 1.5


async def draw_suggestions(visit: Visit) -> None:
    """Build the page."""
    page = SuggestionsPage(visit)
    with page_frame(visit, current="/suggestions"):
        page_head("Suggestions", _NOTE)
        page.draw_frame()
    await page.draw()


class SuggestionsPage:
    """The rules in words, their text for those who may change it, figures, and the latest offers."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._work = visit.desk.works.suggestions
        self._before = ""

    def draw_frame(self) -> None:
        """The places of the parts."""
        self._rules = ui.element("div")
        self._editor = ui.element("div")
        with ui.element("section").classes("panel").props('data-testid="desk-suggestions-figures"'):
            Words("h2", "What was done and offered")
            self._figures = ui.element("div")
        with ui.element("section").classes("panel").props('data-testid="desk-model"'):
            Words("h2", "What was learned from behaviour")
            self._model = ui.element("div").props('aria-live="polite"')
            if self._visit.may(Right.SUGGESTIONS_TUNE):
                train = self._visit.guarded(self._train, Right.SUGGESTIONS_TUNE)
                button("Learn now", kind="secondary", test_id="desk-train", on_click=train)
        with ui.element("section").classes("panel").props('data-testid="desk-slates-panel"'):
            Words("h2", "What was offered last")
            ui.label(
                "The sentence is what the customer read. Beside it stands everything that moved the item. Opening this "
                "is on record."
            ).classes("panel-note")

            async def show() -> None:
                slates = await self._work.slates(self._visit.token)
                shown.clear()
                with shown:
                    draw_slates(slates)

            guarded = self._visit.guarded(show, Right.SUGGESTIONS_VIEW)
            button("Show the last offers", kind="secondary", test_id="desk-slates-show", on_click=guarded)
            shown = ui.element("div").props('aria-live="polite"')

    async def draw(self) -> None:
        """Read everything and show it."""
        file = await self._work.rules(self._visit.token)
        figures = await self._work.figures(self._visit.token)
        self._rules.clear()
        with self._rules:
            _draw_rules(file)
        self._editor.clear()
        if self._visit.may(Right.SUGGESTIONS_TUNE):
            with self._editor:
                self._draw_editor(file)
        self._figures.clear()
        with self._figures:
            _draw_figures(figures)
        await self._refresh_model()

    async def _train(self) -> None:
        await self._work.train(self._visit.token)
        await self._refresh_model()

    async def _refresh_model(self) -> None:
        now = await self._work.learned(self._visit.token)
        self._model.clear()
        with self._model:
            _draw_model(now)
            if now.is_learning:
                # Asked again until it is done, by this page alone.
                again = self._visit.guarded_quietly(self._refresh_model, Right.SUGGESTIONS_VIEW)
                ui.timer(_LOOK_AGAIN_S, again, once=True)

    def _draw_editor(self, file: RulesFile) -> None:
        self._before = file.text
        with ui.element("details").classes("panel editor").props('data-testid="desk-rules-editor"'):
            Words("summary", "Change the rules")
            ui.label(
                "Checked before it is saved. Assistant and shop take in what is saved with their next suggestion."
            ).classes("panel-note")
            self._text = ui.codemirror(file.text, language="TOML", line_wrapping=True).classes("rules-text")
            self._text.props('data-testid="desk-rules-text"')
            self._said = ui.element("div").props('role="status" data-testid="desk-rules-said"')
            with ui.element("div").classes("card-actions"):
                for words, kind, test_id, act in (
                    ("Check", "secondary", "desk-rules-check", self._check),
                    ("Save", "primary", "desk-rules-save", self._save),
                ):
                    guarded = self._visit.guarded(act, Right.SUGGESTIONS_TUNE)
                    button(words, kind=kind, test_id=test_id, on_click=guarded)

    async def _check(self) -> None:
        rules = await self._work.check(self._visit.token, str(self._text.value or ""))
        self._say(f"These rules can be used: {_count(rules)}.")

    async def _save(self) -> None:
        rules = await self._work.save(self._visit.token, str(self._text.value or ""), self._before)
        await self.draw()
        ui.notify(f"Saved: {_count(rules)}, version {rules.version}.", type="positive")

    def _say(self, words: str) -> None:
        self._said.clear()
        with self._said:
            Words("p", words).classes("verdict level-calm")


def _draw_rules(file: RulesFile) -> None:
    if file.rules is None:
        with ui.element("section").classes("panel").props('role="alert" data-testid="desk-rules-problem"'):
            Words("h2", "The rules cannot be used")
            Words("p", file.problem).classes("panel-reason")
            ui.label("A process that starts now refuses to run with them.").classes("panel-note")
        return
    rules = file.rules
    with ui.element("ol").classes("rules").props('data-testid="desk-rules"'):
        for rule in rules.states:
            with ui.element("li").classes("panel rule"):
                Words("h2", rule.name)
                Words("p", rule.words)
                Words("p", f"For somebody who is {when(rule)}.").classes("rule-when")
                with ui.element("ul").classes("rule-effects"):
                    for effect in effects(rule) or ["The order stays as it is."]:
                        Words("li", effect)
    with ui.element("section").classes("panel").props('data-testid="desk-order"'):
        Words("h2", "For everybody, whatever the state")
        facts(order_facts(rules.order))
        Words("p", f"Version {rules.version}. The first rule that applies is the only one.").classes("panel-note")


def _draw_model(now: LearnedNow) -> None:
    if now.is_learning:
        Words("p", "Learning is under way …").props('data-testid="desk-learning"')
    if now.last is None:
        Words("p", "Nothing was learned yet. Suggestions follow words, facts and relations alone.").classes(
            "panel-note"
        )
        return
    facts(
        (
            ("Learned at", day_and_time(datetime.fromisoformat(now.last.at))),
            ("From steps in the shop", f"{now.last.count:,}"),
            ("Items", f"{now.last.items:,}"),
            ("It took", f"{now.last.seconds:g} s"),
        )
    )


def _draw_figures(figures: Figures) -> None:
    facts(
        (
            ("Steps in the shop that are kept", f"{figures.interactions:,}"),
            ("Of them for learning", f"{figures.learned_from:,}"),
            ("Offers that are kept", f"{figures.slates:,}"),
        )
    )


def _count(rules: Rules) -> str:
    count = len(rules.states)
    return f"{count} rule{'' if count == 1 else 's'}"
