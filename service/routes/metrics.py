"""Figures for Prometheus."""

import hmac

from fastapi import APIRouter, Depends, Request, Response

from service.access import ServicesDep, limit_address
from service.caller import CallerDep
from service.metrics.figures import CONTENT_TYPE
from service.permit import checks_itself, refusal
from vocabulary import Right

router = APIRouter(tags=["health"], dependencies=[Depends(limit_address)])


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}, "description": "the figures"}},
    dependencies=[checks_itself(Right.METRICS_VIEW, "a token of its own opens the figures and nothing else")],
    summary="Figures of this process",
)
async def metrics(request: Request, services: ServicesDep, caller: CallerDep) -> Response:
    """In Prometheus' text format, with the token that `attune metrics --token` prints: 'Authorization: Bearer <token>'.

    Numbers of calls and turns and how long they took; nothing of a conversation and no id.
    """
    given = request.headers.get("authorization", "").removeprefix("Bearer ").encode()
    if not (hmac.compare_digest(given, services.metrics_token.encode()) or caller.may(Right.METRICS_VIEW)):
        raise refusal(caller, Right.METRICS_VIEW)
    return Response(services.metrics.text(), media_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})
