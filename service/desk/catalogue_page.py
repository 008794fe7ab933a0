"""The catalogue: find, look, change price and stock in place, add, edit, delete, import."""

from collections.abc import Awaitable, Callable

from nicegui import events, ui

from service.catalogue import CatalogueStatus
from service.desk.catalogue_import_panel import ImportPanel
from service.desk.catalogue_item_panel import ItemPanel
from service.desk.catalogue_work import MOST_SHOWN, CataloguePart
from service.desk.element import Words, button
from service.desk.frame import page_frame
from service.desk.parts import Cell, ask, facts, page_head, table
from service.desk.visit import Visit
from service.errors import Refused
from store import StoredItem
from vocabulary import Right, say_price

_ON_ENTER = '(e) => { if (e.key === "Enter") emit(e.target.value); }'
_EVERY_CATEGORY = ""


async def draw_catalogue(visit: Visit) -> None:
    """Build the page."""
    page = CataloguePage(visit)
    categories = await visit.desk.works.catalogue.categories(visit.token)
    with page_frame(visit, current="/catalogue"):
        page_head("Catalogue", "What the shop offers, and what the assistant may suggest. Every change is on record.")
        page.draw_frame(categories)
    await page.draw()


class CataloguePage:
    """What is shown of the catalogue, with a form above it while an item is written."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._work = visit.desk.works.catalogue
        self._text, self._category, self._offset = "", _EVERY_CATEGORY, 0
        self._may_edit = visit.may(Right.CATALOGUE_EDIT)

    def draw_frame(self, categories: list[str]) -> None:
        """All that stays: how it stands, the search, the places for the form and the list."""
        self._status = ui.element("section").classes("panel status").props('data-testid="desk-catalogue-status"')
        with ui.element("div").classes("find catalogue-find").props('role="search"'):
            self._words = (
                ui.input(placeholder="Words of the title or the description")
                .props('outlined dense clearable aria-label="Find items" data-testid="desk-catalogue-find"')
                .classes("find-text")
            )
            self._words.on("keydown", self._guarded(self._find), js_handler=_ON_ENTER)
            self._chosen = (
                ui.select({_EVERY_CATEGORY: "Every category", **{name: name for name in categories}}, value="")
                .props('outlined dense options-dense aria-label="Category" data-testid="desk-catalogue-category"')
                .classes("find-choice")
            )

            async def find() -> None:
                await self._find()

            button("Find", kind="primary", test_id="desk-catalogue-go", on_click=self._guarded(find))
            if self._may_edit:
                button("Add an item", kind="secondary", test_id="desk-catalogue-add", on_click=self._editing(None))
        if self._may_edit:
            ImportPanel(self._visit, self.draw).draw()
            self._form = ItemPanel(self._visit, self._work, self.draw)
        self._list = ui.element("div").props('aria-live="polite"')

    async def draw(self) -> None:
        """Read and show the items that are looked at."""
        part = await self._work.page(self._visit.token, self._text, self._category, self._offset)
        status = await self._work.status(self._visit.token)
        self._status.clear()
        with self._status:
            _draw_status(status)
        self._list.clear()
        with self._list:
            self._draw_list(part)

    async def _find(self, event: events.GenericEventArguments | None = None) -> None:
        self._text = str((event.args if event is not None else self._words.value) or "").strip()
        self._category, self._offset = str(self._chosen.value or ""), 0
        await self.draw()

    def _draw_list(self, part: CataloguePart) -> None:
        if not part.items:
            with ui.element("div").classes("empty"):
                Words("h2", "Nothing found")
                ui.label("Try other words or another category.")
            return
        headings = ("Item", "Category", "Price", "Stock", *(["Change"] if self._may_edit else []))
        rows = [self._row(one) for one in part.items]
        table(headings, rows, label="Items of the catalogue", test_id="desk-catalogue")
        with ui.element("div").classes("card-actions pager"):
            first, last = part.offset + 1, part.offset + len(part.items)
            Words("p", f"{first:,}–{last:,} of {part.total:,}").classes("page-note")
            if part.offset > 0:
                button("Before", kind="secondary", test_id="desk-catalogue-before", on_click=self._turning(-MOST_SHOWN))
            if last < part.total:
                button("Next", kind="secondary", test_id="desk-catalogue-next", on_click=self._turning(MOST_SHOWN))

    def _row(self, stored: StoredItem) -> tuple[Cell, ...]:
        item = stored.item

        def title() -> None:
            Words("b", item.title).classes("item-title")
            Words("small", item.id).classes("item-id")

        stock = "not counted" if item.stock is None else str(item.stock)
        if not self._may_edit:
            return (title, item.category, say_price(item), stock)
        price = NumberCell("price", f"Price of {item.title}", "" if item.price is None else f"{item.price:.2f}")
        pieces = NumberCell("stock", f"Stock of {item.title}", "" if item.stock is None else stock)

        async def save() -> None:
            try:
                await self._work.set_numbers(self._visit.token, item.id, price.value, pieces.value, stored.version)
            except Refused as err:
                if err.code in ("item_changed", "unknown_item"):
                    # What stands here is old: show what is there now, and say so.
                    await self.draw()
                raise
            ui.notify(f"{item.title}: price and stock are saved.", type="positive")
            await self.draw()

        async def delete() -> None:
            await self._work.delete(self._visit.token, item.id, stored.version)
            ui.notify(f"{item.title} is not in the catalogue any more.", type="positive")
            await self.draw()

        async def asked() -> None:
            question = f"Delete “{item.title}”? It is suggested to nobody from now on. Orders that hold it stay."
            ask(self._visit, question, "Delete", delete, Right.CATALOGUE_EDIT)

        def acts() -> None:
            with ui.element("div").classes("card-actions"):
                for words, test_id, act in (
                    ("Save", "desk-item-save", self._saving(save)),
                    ("Edit", "desk-item-edit", self._editing(item.id)),
                    ("Delete", "desk-item-delete", self._visit.guarded(asked, Right.CATALOGUE_EDIT)),
                ):
                    made = button(words, kind="quiet", test_id=test_id, on_click=act)
                    made.props["aria-label"] = f"{words}: {item.title}"

        for cell in (price, pieces):
            cell.on_enter = self._saving(save)
        return (title, item.category, lambda: price.draw(item.currency), lambda: pieces.draw("pieces"), acts)

    def _saving(self, save: Callable[[], Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        return self._visit.guarded(save, Right.CATALOGUE_EDIT)

    def _guarded(self, act: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        return self._visit.guarded(act, Right.CATALOGUE_VIEW)

    def _turning(self, by: int) -> Callable[..., Awaitable[None]]:
        async def turn() -> None:
            self._offset = max(0, self._offset + by)
            await self.draw()

        return self._guarded(turn)

    def _editing(self, item_id: str | None) -> Callable[..., Awaitable[None]]:
        async def edit() -> None:
            await self._form.open(item_id)

        return self._visit.guarded(edit, Right.CATALOGUE_EDIT)


class NumberCell:
    """A number that can be changed where it stands. value: as it is written now."""

    def __init__(self, name: str, label: str, value: str) -> None:
        self._name, self._label, self._start = name, label, value
        self._input: ui.input | None = None
        self.on_enter: Callable[..., Awaitable[None]] | None = None

    @property
    def value(self) -> str:
        return self._start if self._input is None else str(self._input.value or "")

    def draw(self, suffix: str) -> None:
        """Inside a cell. suffix: fixed words or three letters."""
        self._input = ui.input(value=self._start).classes(f"number number-{self._name}")
        self._input.props(f'outlined dense inputmode="decimal" suffix="{suffix}" data-testid="desk-item-{self._name}"')
        # Set by itself: a title may hold any sign.
        self._input.props["aria-label"] = self._label
        if self.on_enter is not None:
            self._input.on("keydown.enter", self.on_enter, args=[])


def _draw_status(status: CatalogueStatus) -> None:
    known = [
        (
            "Items",
            f"{status.items:,} in {status.categories:,} {'category' if status.categories == 1 else 'categories'}",
        ),
        ("Version", f"{status.version:,} (grows with every change)"),
        ("Pictures from", ", ".join(status.image_hosts) or "nowhere: the shop's drawings stand in"),
    ]
    if "currency" in status.facts:
        known.insert(1, ("Currency", str(status.facts["currency"])))
    facts(known)
