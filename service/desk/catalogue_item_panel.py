"""The form in which one item is written: a new one, or one that is there."""

from collections.abc import Awaitable, Callable
from typing import Final

from nicegui import ui

from service.desk.catalogue_form import LABELS, form_of
from service.desk.catalogue_work import CatalogueWork
from service.desk.element import Words, button
from service.desk.visit import Visit
from vocabulary import Right

_HINTS: Final = {
    "id": "Letters, digits and _ . : -. It never changes.",
    "path": "The widest first: Kitchen > Kettles",
    "price": "Empty: on request",
    "stock": "Empty: not counted, always to be had",
    "image": "https address",
    "url": "https address",
    "attributes": "One a line, as colour: blue",
    "relations": "One a line, as accessory of kettle-1",
}
_LONG: Final = frozenset({"description", "attributes", "relations"})


class ItemPanel:
    """Closed until somebody adds or edits; one item at a time. after: called when one was saved."""

    def __init__(self, visit: Visit, work: CatalogueWork, after: Callable[[], Awaitable[None]]) -> None:
        self._visit = visit
        self._work = work
        self._after = after
        self._version: int | None = None
        self._fields: dict[str, ui.input | ui.textarea] = {}
        self._place = ui.element("div").classes("item-place")

    async def open(self, item_id: str | None) -> None:
        """Show the form of an item, or an empty one. Raises: NotAllowed, Refused (it is gone)."""
        stored = None if item_id is None else await self._work.item(self._visit.token, item_id)
        self._version = None if stored is None else stored.version
        values = {"currency": "EUR"} if stored is None else form_of(stored.item)
        self._place.clear()
        with self._place, ui.element("section").classes("panel item-form").props('data-testid="desk-item-form"'):
            Words("h2", "A new item" if stored is None else stored.item.title)
            with ui.element("div").classes("form-grid"):
                self._fields = {name: self._field(name, values.get(name, "")) for name in LABELS}
            with ui.element("div").classes("card-actions"):
                words = "Add it" if stored is None else "Save"
                for text, kind, test_id, act in (
                    (words, "primary", "desk-item-keep", self._keep),
                    ("Cancel", "secondary", "desk-item-cancel", self._close),
                ):
                    button(text, kind=kind, test_id=test_id, on_click=self._visit.guarded(act, Right.CATALOGUE_EDIT))
        first = self._fields["id" if stored is None else "title"]
        first.run_method("focus")
        ui.run_javascript(f'getHtmlElement({self._place.id}).scrollIntoView({{block: "start"}})')

    def _field(self, name: str, value: str) -> ui.input | ui.textarea:
        is_long = name in _LONG
        made = ui.textarea(label=LABELS[name], value=value) if is_long else ui.input(label=LABELS[name], value=value)
        made.classes("field wide" if is_long or name == "title" else "field")
        made.props(f'outlined dense data-testid="desk-item-{name}-field" hint="{_HINTS.get(name, "")}"')
        made.props["aria-label"] = LABELS[name]
        if is_long:
            made.props("autogrow")
        if name == "id" and self._version is not None:
            made.props("readonly")
        return made

    async def _keep(self) -> None:
        form = {name: str(one.value or "") for name, one in self._fields.items()}
        if self._version is None:
            stored = await self._work.add(self._visit.token, form)
        else:
            stored = await self._work.save(self._visit.token, form, self._version)
        ui.notify(f"{stored.item.title} is saved.", type="positive")
        await self._close()
        await self._after()

    async def _close(self) -> None:
        self._place.clear()
        self._fields = {}
