"""Erasing one customer: what would go, then a deliberate yes, then the proof that nothing is left."""

from typing import Final

from nicegui import ui

from privacy import Outcome
from service.desk.element import Words, button
from service.desk.parts import facts, field, table
from service.desk.visit import Visit
from service.errors import Refused
from store import Certificate, Preview
from vocabulary import Right

_WORD: Final = "erase"
_OUTCOMES: Final = {
    Outcome.DELETED: "deleted",
    Outcome.STRIPPED: "stays without the person",
    Outcome.UNREADABLE: "stays, unreadable",
    Outcome.NONE: "nothing to do",
    Outcome.KEPT: "stays",
}


def draw_erasure_panel(visit: Visit, owner: str) -> None:
    """The panel: first only a button that shows what an erasure would do."""
    with ui.element("section").classes("panel").props('data-testid="desk-erasure"'):
        Words("h2", "Erase this customer")
        ui.label("On the customer's request. It cannot be taken back, by anybody.").classes("panel-note")
        shown = ui.element("div")

        async def preview() -> None:
            found = await visit.desk.works.people.preview_erasure(visit.token, owner)
            shown.clear()
            with shown:
                _draw_preview(found)
                word = field(f"Type {_WORD} to confirm", "desk-erase-word")
                button(
                    "Erase for ever", kind="primary", test_id="desk-erase",
                    on_click=visit.guarded(erase, Right.PEOPLE_DELETE),
                )  # fmt: skip
            typed.append(word)

        async def erase() -> None:
            if str(typed[-1].value or "").strip().lower() != _WORD:
                raise Refused("not_confirmed", f"Type {_WORD} into the field first.")
            certificate = await visit.desk.works.people.erase(visit.token, owner)
            shown.clear()
            with shown:
                _draw_certificate(certificate)

        typed: list[ui.input] = []
        button(
            "Show what would be erased", kind="secondary", test_id="desk-erase-preview",
            on_click=visit.guarded(preview, Right.PEOPLE_DELETE),
        )  # fmt: skip


def _draw_preview(preview: Preview) -> None:
    there = [store for store in preview.stores if store.count]
    table(
        ("What", "How many", "Then", "Note"),
        [(store.title, str(store.count), _OUTCOMES[store.outcome], store.note or "–") for store in there],
        label="What would be erased",
        test_id="desk-erase-stores",
    )
    nothing = [store.title.lower() for store in preview.stores if not store.count]
    if nothing:
        ui.label(f"Nothing of them: {', '.join(nothing)}.").classes("panel-note")
    if preview.backups:
        names = ", ".join(backup.name for backup in preview.backups)
        ui.label(f"Copies that you have to deal with yourself: {names}").classes("panel-note")


def _draw_certificate(certificate: Certificate) -> None:
    kind, words = ("calm", "Erased. Nothing was found afterwards.") if certificate.ok else ("high", "Not all is gone.")
    ui.label(words).classes(f"verdict level-{kind}").props('role="status" data-testid="desk-certificate"')
    facts(
        [
            ("Certificate", certificate.id),
            ("Took", f"{certificate.seconds:.1f} s"),
            *((name, str(value)) for name, value in certificate.searched.items()),
            *(("Still found in", place) for place in certificate.residual),
            *(("To be done by you", what) for what in certificate.pending),
        ]
    )
