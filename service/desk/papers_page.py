"""The governance papers as they are in force now: a list, and each as a page or as text."""

import asyncio
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from service.access import ServicesDep
from service.caller import CallerDep
from service.desk.element import Words
from service.desk.frame import page_frame
from service.desk.parts import Cell, link, page_head, table
from service.desk.visit import Visit
from service.errors import Refused
from service.papers import papers_in_force
from service.permit import permit
from vocabulary import Right

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
_FORMS: Final = {"html": "text/html; charset=utf-8", "md": "text/markdown; charset=utf-8"}


async def draw_papers(visit: Visit) -> None:
    """Build the page."""
    papers = await visit.desk.works.papers.list(visit.token)
    rows: list[tuple[Cell, ...]] = [
        (
            paper.title,
            link("Open", f"/desk/paper/{paper.name}.html"),
            link("Markdown", f"/desk/paper/{paper.name}.md"),
        )
        for paper in papers
    ]
    with page_frame(visit, current="/papers"):
        page_head("Papers", "Made from the settings, lists and rules that are in force at this moment.")
        table(("Paper", "To read", "As text"), rows, label="Governance papers", test_id="desk-papers")
        Words("p", "The same on the command line: attune privacy papers.").classes("page-note")


def papers_router() -> APIRouter:
    """The route `/desk/paper/{file}`."""
    router = APIRouter(prefix="/desk", include_in_schema=False, dependencies=[permit(Right.PAPERS_VIEW)])

    @router.get("/paper/{file}")
    async def paper(file: str, caller: CallerDep, services: ServicesDep) -> Response:
        name, _, form = file.rpartition(".")
        papers = await asyncio.to_thread(papers_in_force, services.settings)
        found = next((one for one in papers if one.name == name and form in _FORMS), None)
        if found is None or caller.account is None:
            raise Refused("unknown_paper", "There is no such paper. The list is at /desk/papers.", status=404)
        async with services.db.transaction() as tx:
            await tx.audit.add(caller.account.id, "papers.view", purpose="oversight", details={"paper": name})
        return Response(
            found.html if form == "html" else found.markdown,
            media_type=_FORMS[form],
            headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"},
        )

    return router
