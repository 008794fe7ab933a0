"""Offers that were made, item by item: what the customer read, and all that moved it. It names no customer."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from nicegui import ui

from service.desk.element import Words
from service.desk.parts import Cell, day_and_time, table
from store import StoredSlate

_KINDS: Final = {
    "words": "words of the query",
    "meaning": "means what was asked",
    "kind": "the kind of thing asked for",
    "relation": "belongs to the case",
    "behaviour": "what this customer did",
    "taste": "a category they like",
    "popular": "many choose it",
    "state": "rule of the state",
    "variety": "differs from those before",
    "tried": "tried out",
    "cold": "new, judged by its text",
}


def draw_slates(slates: Sequence[StoredSlate]) -> None:
    """The offers, newest first."""
    if not slates:
        Words("p", "Nothing was offered yet, or all of it is past its time.").classes("panel-note")
        return
    for number, slate in enumerate(slates):
        with ui.element("details").classes("slate").props('data-testid="desk-slate"' + " open" * (number == 0)):
            Words("summary", _heading(slate))
            explained = {one.get("item"): one for one in slate.slate.get("explanations", ())}
            rows = [_row(one, explained.get(one.get("id"), {})) for one in slate.slate.get("suggestions", ())]
            table(
                ("Place", "Item", "What the customer read", "What moved it"), rows, label="Offer", test_id="desk-offer"
            )


def _heading(slate: StoredSlate) -> str:
    count = len(slate.slate.get("suggestions", ()))
    rule = next((one.get("rule") for one in slate.slate.get("explanations", ()) if one.get("rule")), None)
    words = [day_and_time(slate.at), f"{count} item{'' if count == 1 else 's'}"]
    words.append(f"rule “{rule}”" if rule else "no rule of a state")
    choice = slate.slate.get("choice")
    if choice:
        tried = ", tried out" if choice.get("explored") else ""
        words.append(f"{slate.policy}, chance {float(choice.get('propensity', 1)):.0%}{tried}")
    words.append("settled" if slate.settled_at else "may still be followed")
    return " · ".join(words)


def _row(suggestion: Mapping[str, Any], explanation: Mapping[str, Any]) -> tuple[Cell, ...]:
    def moved() -> None:
        factors = explanation.get("factors", ())
        if not factors:
            Words("span", "nothing is kept about it")
        with ui.element("ul").classes("factors"):
            for factor in factors:
                with ui.element("li"):
                    Words("b", f"{float(factor['weight']):+.2f}")
                    Words("span", f"{_KINDS.get(str(factor['kind']), str(factor['kind']))}{_details(factor)}")

    return (str(explanation.get("place", "–")), str(suggestion["title"]), str(suggestion["reason"]), moved)


def _details(factor: Mapping[str, Any]) -> str:
    details = factor.get("details") or {}
    said = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in details.items())
    return f": {said}" if said else ""
