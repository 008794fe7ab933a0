"""The web application: customers' chat and API, the shop, and the staff pages."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import Depends, FastAPI

from service.access import limit_search
from service.catalogue.routes import router as catalogue_router
from service.context import Services
from service.desk import attach_desk
from service.ears import Ears
from service.errors import install_error_handlers
from service.me import ME_ROUTERS
from service.permit import public
from service.protection import BodyLimit, SameOrigin, SecurityHeaders
from service.rights.routes import router as rights_router
from service.routes import (
    account_router,
    audio_router,
    call_sound_router,
    calls_router,
    conversations_router,
    frames_router,
    health_router,
    leaving_router,
    messages_router,
    metrics_router,
    notifications_router,
    own_account_router,
    pages_router,
    providers_router,
    shop_events_router,
    socket_router,
    speech_router,
    steps_router,
    verdicts_router,
)
from service.routes.pages import STATIC, RevalidatedFiles
from service.settings import Settings
from service.shapes import ErrorOut
from service.telephone.routes import router as telephone_router
from service.visits import visit_history
from shop import storefront_router
from store import StoreError

DESCRIPTION = """
Customers' conversations with the assistant, spoken or typed, over HTTP or a WebSocket.

Start one with `POST /api/conversations`; its token opens everything beneath it. Every error has the same shape.
Nothing is scored before the customer has consented to a signal.
"""
_ERRORS: dict[int | str, dict[str, Any]] = {
    code: {"model": ErrorOut, "description": description}
    for code, description in (
        (400, "the body cannot be read"),
        (401, "no token, or the wrong one"),
        (404, "no such thing"),
        (413, "too large"),
        (422, "something in it is not allowed"),
        (429, "too much at once"),
        (503, "not now; send it again"),
    )
}


def create_app(
    settings: Settings,
    *,
    rasa_transport: httpx.AsyncBaseTransport | None = None,
    actions_transport: httpx.AsyncBaseTransport | None = None,
    ears: Ears | None = None,
    desk: bool = True,
) -> FastAPI:
    """The application, not started yet; its lifespan opens the database and takes up unanswered messages.

    The transports and the ears are the edges that tests replace. desk: False leaves the staff pages out.
    """
    services = Services.build(settings, rasa_transport=rasa_transport, actions_transport=actions_transport, ears=ears)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            await services.open()
        except StoreError as err:
            # The log keeps messages out; this one names the file and what to do, and nothing of a conversation.
            sys.stderr.write(f"{err}\n")
            raise
        try:
            yield
        finally:
            await services.close()

    app = FastAPI(
        title="Attune",
        version="0.1.0",
        description=DESCRIPTION,
        lifespan=lifespan,
        # The stock documentation pages load scripts from outside hosts.
        docs_url=None,
        redoc_url=None,
        responses=_ERRORS,
    )
    app.state.services = services
    install_error_handlers(app)
    app.add_middleware(BodyLimit, settings=settings)
    app.add_middleware(SameOrigin, settings=settings)
    app.add_middleware(SecurityHeaders, settings=settings)
    for router in (
        conversations_router,
        messages_router,
        audio_router,
        calls_router,
        call_sound_router,
        telephone_router,
        frames_router,
        speech_router,
        socket_router,
        shop_events_router,
        catalogue_router,
        steps_router,
        verdicts_router,
        notifications_router,
        account_router,
        own_account_router,
        leaving_router,
        providers_router,
        *ME_ROUTERS,
        rights_router,
    ):
        app.include_router(router)
    app.include_router(health_router)
    app.include_router(metrics_router)
    app.include_router(pages_router(services))
    app.include_router(
        storefront_router(
            services.db, settings, history_of=visit_history(services.db), search_guards=[Depends(limit_search)]
        ),
        dependencies=[public("the shop window is for everybody")],
    )
    app.mount("/static", RevalidatedFiles(directory=STATIC, check_dir=False), name="static")
    if desk:
        attach_desk(app, services)
    return app
