"""The record of who saw and changed what, and whether it is whole."""

import json

from nicegui import ui

from service.desk.audit_work import ENTRIES
from service.desk.element import button
from service.desk.frame import page_frame
from service.desk.parts import day_and_time, field, page_head, table
from service.desk.visit import Visit
from service.text import beginning
from store import AuditEntry
from vocabulary import Right

_VALUE_CHARS = 60
_GROUPS = {
    "": "Everything",
    "case.": "Conversations",
    "person.": "Customers",
    "staff.": "Staff",
    "account.": "Accounts",
    "request.": "Requests",
    "data.": "Exports and erasures",
    "emotion.": "Emotion",
    "audit.": "This record",
}


async def draw_audit(visit: Visit) -> None:
    """Build the page."""
    page = AuditPage(visit)
    with page_frame(visit, current="/audit"):
        page_head("Audit", "Entries are added, never changed. Each names the one before it.")
        page.lay_out()
    await page.draw()


class AuditPage:
    """Newest entries first, a page at a time."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._records = visit.desk.works.audit
        self._before: int | None = None

    def lay_out(self) -> None:
        """The parts that stay."""
        with ui.element("div").classes("find"):
            self._group = (
                ui.select(_GROUPS, value="")
                .props('outlined dense options-dense aria-label="What kind of act" data-testid="desk-audit-group"')
                .classes("find-choice")
            )
            self._act = field("or an act, such as case.reveal", "desk-audit-act").classes("find-text")
            self._button("Show", "desk-audit-show", self._first, kind="primary")
            self._button("Check the record", "desk-audit-verify", self._verify)
            if self._visit.may(Right.AUDIT_EXPORT):
                export = self._visit.guarded(self._export, Right.AUDIT_EXPORT)
                button("Take its head away", kind="secondary", test_id="desk-audit-head", on_click=export)
        self._verdict = ui.element("div").props('role="status" data-testid="desk-audit-verdict"')
        self._shown = ui.element("div")

    def _button(self, text: str, test_id: str, act: object, *, kind: str = "secondary") -> None:
        button(text, kind=kind, test_id=test_id, on_click=self._visit.guarded(act, Right.AUDIT_VIEW))  # type: ignore[arg-type]

    async def draw(self) -> None:
        """Read a page of entries and show them."""
        act = str(self._act.value or "").strip() or str(self._group.value or "")
        entries = await self._records.entries(self._visit.token, before=self._before, act=act)
        names = await self._records.names(self._visit.token, {entry.actor for entry in entries})
        self._shown.clear()
        with self._shown:
            if entries:
                _table(list(entries), names)
            else:
                with ui.element("div").classes("empty"):
                    ui.label("No such entries.")
            if len(entries) == ENTRIES:
                self._button("Older ones", "desk-audit-older", self._older(entries[-1].number))

    async def _first(self) -> None:
        self._before = None
        await self.draw()

    def _older(self, before: int) -> object:
        async def older() -> None:
            self._before = before
            await self.draw()

        return older

    async def _verify(self) -> None:
        report = await self._records.verify(self._visit.token)
        self._verdict.clear()
        with self._verdict:
            if report.ok:
                kind, words = "calm", f"All {report.entries} entries are as they were written."
            else:
                kind = "high"
                words = f"The record was tampered with ({report.problem}), first at entry {report.first_bad or '–'}."
            ui.label(words).classes(f"verdict level-{kind}")
            if report.resumed:
                ui.label(f"It went on after a loss that was accepted {report.resumed} times.").classes("page-note")

    async def _export(self) -> None:
        ui.download.content(await self._records.export_head(self._visit.token), "audit-head.json")


def _table(entries: list[AuditEntry], names: dict[str, str]) -> None:
    table(
        ("No.", "When", "Who", "Act", "Purpose", "About", "Details"),
        [
            (
                str(entry.number),
                day_and_time(entry.at),
                names.get(entry.actor, entry.actor),
                entry.act,
                entry.purpose + (f": {entry.note}" if entry.note else ""),
                _about(entry),
                ", ".join(f"{name} {_short(value)}" for name, value in entry.details.items()) or "–",
            )
            for entry in entries
        ],
        label="Audit entries",
        test_id="desk-audit",
    )


def _about(entry: AuditEntry) -> str:
    return "erased" if entry.erased else entry.subject or "–"


def _short(value: object) -> str:
    return beginning(value if isinstance(value, str) else json.dumps(value), _VALUE_CHARS)
