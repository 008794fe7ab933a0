"""Importing a file at the desk: look what its columns mean, put it right, then take it in."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from nicegui import ui

from service.desk.element import Words, button
from service.desk.parts import Cell, ask, field, table
from service.desk.visit import Visit
from vocabulary import Right

FACT: Final = "attribute"
LEFT_OUT: Final = "ignored"
MEANINGS: Final = {
    "id": "Id",
    "title": "Title",
    "description": "Description",
    "category": "Category",
    "price": "Price",
    "sale_price": "Reduced price",
    "currency": "Currency",
    "stock": "Stock",
    "availability": "Whether it can be had",
    "published": "Whether it is shown",
    "group": "What variants share",
    "image": "Picture",
    "url": "Page in the shop",
    "accessory_of": "Accessory of",
    "spare_part_of": "Spare part of",
    "replacement_for": "Replacement for",
    "service_plan_for": "Service plan for",
    "accessories": "Its accessories",
    "spare_parts": "Its spare parts",
    "replaced_by": "What replaces it",
    "service_plans": "Its service plans",
    FACT: "A fact of the item",
    LEFT_OUT: "Left out",
}
_SENDS_WITHIN_S: Final = 900.0
_MOST_SAMPLES: Final = 3
_SAMPLE_CHARS: Final = 40


def mapping_of(chosen: Mapping[str, str], names: Mapping[str, str]) -> dict[str, list[str]]:
    """What the API is sent. chosen: what each column means. names: what a column's fact is called, where it is not as
    the column. Every column is settled, so that nothing is proposed behind somebody's back."""
    mapping: dict[str, list[str]] = {name: [] for name in MEANINGS if name not in (FACT, LEFT_OUT)}
    mapping["ignore"] = []
    for column, meaning in chosen.items():
        if meaning == FACT:
            mapping[f"{FACT}.{names.get(column, column)}"] = [column]
        else:
            mapping["ignore" if meaning == LEFT_OUT else meaning].append(column)
    return mapping


class ImportPanel:
    """One file at a time. after: called when the catalogue has changed."""

    def __init__(self, visit: Visit, after: Callable[[], Awaitable[None]]) -> None:
        self._visit = visit
        self._after = after
        self._choices: dict[str, ui.select] = {}
        self._fact_names: dict[str, str] = {}

    def draw(self) -> None:
        """The panel, before a file is chosen."""
        ui.add_head_html('<script src="/desk/assets/catalogue.js" defer></script>')
        with ui.element("details").classes("panel import").props('data-testid="desk-import"'):
            Words("summary", "Import a file").props('data-testid="desk-import-open"')
            ui.label(
                "CSV, TSV, JSON, JSON Lines or Parquet, with any column names. Nothing changes before you have seen "
                "what the columns are taken for."
            ).classes("panel-note")
            self._file = (
                ui.element("input")
                .classes("file")
                .props(
                    'type="file" accept=".csv,.tsv,.txt,.json,.jsonl,.ndjson,.parquet" '
                    'aria-label="File to import" data-testid="desk-import-file"'
                )
            )
            self._currency = field("Currency, if the file names none (EUR, USD, …)", "desk-import-currency")
            self._update = ui.checkbox("Keep items that are not in the file").props('data-testid="desk-import-update"')
            with ui.element("div").classes("card-actions"):
                self._button("Look at it", "desk-import-look", self._look, kind="primary")
            self._shown = ui.element("div").props('aria-live="polite"')
            self._deciding = ui.element("div").classes("card-actions")
            with self._deciding:
                self._button("Import", "desk-import-go", self._asked, kind="primary")
                self._button("Look again", "desk-import-again", self._check, kind="secondary")
            self._deciding.set_visibility(False)

    async def _look(self) -> None:
        self._choices = {}
        await self._check()

    async def _check(self) -> None:
        result = await self._send(dry_run=True)
        if result is not None:
            self._draw_look(result)

    async def _import(self) -> None:
        result = await self._send(dry_run=False)
        if result is None:
            return
        self._choices = {}
        self._shown.clear()
        self._deciding.set_visibility(False)
        with self._shown:
            words = f"{result['imported']:,} of {result['rows']:,} rows are in the catalogue now."
            Words("p", words).classes("verdict level-calm").props('data-testid="desk-import-done"')
            _draw_rejected(result)
        await self._after()

    async def _asked(self) -> None:
        if self._update.value:
            await self._import()
            return
        question = "Make this file the whole catalogue? Items that are not in it are taken out."
        ask(self._visit, question, "Import", self._import, Right.CATALOGUE_EDIT)

    async def _send(self, *, dry_run: bool) -> dict[str, Any] | None:
        fields = {
            "dry_run": str(dry_run).lower(),
            "update": str(bool(self._update.value)).lower(),
            "currency": str(self._currency.value or "").strip().upper(),
        }
        if self._choices:
            chosen = {column: str(one.value) for column, one in self._choices.items()}
            fields["mapping"] = json.dumps(mapping_of(chosen, self._fact_names))
        call = f"return await attuneImport({json.dumps(self._file.html_id)}, {json.dumps(fields)})"
        try:
            said = await ui.run_javascript(call, timeout=_SENDS_WITHIN_S)
        except TimeoutError:
            said = {"error": "The file took longer than a quarter of an hour. Import it with: attune catalogue import"}
        if "error" in said:
            ui.notify(said["error"], type="warning", multi_line=True)
            return None
        return dict(said["result"])

    def _draw_look(self, result: Mapping[str, Any]) -> None:
        self._choices, self._fact_names = {}, {}
        self._shown.clear()
        with self._shown:
            words = (
                f"{result['kind']}: {result['rows']:,} rows, of which {result['imported']:,} would come in. "
                f"Prices in {result['currency']}."
            )
            Words("p", words).classes("import-words").props('data-testid="desk-import-words"')
            for note in result["notes"]:
                Words("p", note).classes("panel-note")
            rows = [self._column_row(column) for column in result["columns"]]
            headings = ("Column", "Filled", "For example", "Is taken for", "Why")
            table(headings, rows, label="Columns of the file", test_id="desk-import-columns")
            _draw_rejected(result)
        self._deciding.set_visibility(True)

    def _column_row(self, column: Mapping[str, Any]) -> tuple[Cell, ...]:
        name, meaning = str(column["name"]), str(column["field"])
        if meaning.startswith(f"{FACT} "):
            self._fact_names[name] = meaning.removeprefix(f"{FACT} ")
            meaning = FACT

        def choice() -> None:
            made = ui.select(MEANINGS, value=meaning if meaning in MEANINGS else LEFT_OUT)
            made.props('outlined dense options-dense data-testid="desk-import-meaning"').classes("meaning")
            made.props["aria-label"] = f"What {name} means"
            self._choices[name] = made

        samples = " · ".join(str(one)[:_SAMPLE_CHARS] for one in column["samples"][:_MOST_SAMPLES]) or "–"
        return (name, f"{column['filled']:.0%}", samples, choice, str(column["reason"]))

    def _button(self, text: str, test_id: str, act: Callable[[], Awaitable[None]], *, kind: str) -> None:
        button(text, kind=kind, test_id=test_id, on_click=self._visit.guarded(act, Right.CATALOGUE_EDIT))


def _draw_rejected(result: Mapping[str, Any]) -> None:
    rejected, total = result["rejected"], int(result["rejected_total"])
    if not total:
        return
    shown = f"; the first {len(rejected)} are shown" if total > len(rejected) else ""
    Words("h3", f"{total:,} {'row does' if total == 1 else 'rows do'} not come in{shown}").classes("import-title")
    rows = [(f"{one['line']:,}", str(one["reason"])) for one in rejected]
    table(("Line", "Why"), rows, label="Rows that do not come in", test_id="desk-import-rejected")
