"""Whether this process lives, and whether the product can answer."""

import asyncio
import shutil
from dataclasses import asdict
from typing import Final

from fastapi import APIRouter, Response
from pydantic import BaseModel

from service.access import ServicesDep
from service.context import Services
from service.permit import public
from store import StoreError

router = APIRouter(
    tags=["health"],
    dependencies=[
        public("a load balancer asks without credentials; no customer and no configuration is in the answer")
    ],
)
# A turn writes a few kB to the database and its log; a recording up to 50 MB, which the media store refuses by itself.
_LEAST_FREE_BYTES: Final = 8 * 1024 * 1024


class ListeningOut(BaseModel):
    """Recordings: heard now, waiting or arriving, and how many may be in all."""

    workers: int
    ready: int
    hearing: int
    waiting: int
    places: int


class HealthOut(BaseModel):
    """This process answers. engines: the engine in use, by capability. better: what would be better, and how to get it.

    listening: how busy the ears are; ready counts the workers whose model is loaded.
    """

    status: str
    engines: dict[str, str]
    better: dict[str, str]
    listening: ListeningOut


class ReadyOut(BaseModel):
    """Whether each part can do its work now."""

    ready: bool
    database: bool
    rasa: bool
    actions: bool


@router.get("/health", summary="Does this process live?")
async def health(services: ServicesDep) -> HealthOut:
    """Says nothing about the other processes; that is /ready."""
    engines = {status.capability: status.engine for status in services.ears.engines}
    return HealthOut(
        status="ok",
        engines=engines | {"text to speech": services.speaker.engine},
        better={
            status.capability: f"{status.better}: {status.how_to_get}"
            for status in services.ears.engines
            if status.better is not None
        },
        listening=ListeningOut(**asdict(services.ears.listening)),
    )


@router.get("/ready", summary="Can customers be answered?", responses={503: {"model": ReadyOut}})
async def ready(services: ServicesDep, response: Response) -> ReadyOut:
    """200 when the database can be written and Rasa and the action server answer; else 503."""
    database, rasa, actions = await asyncio.gather(
        _database_is_writable(services), services.rasa.is_ready(), services.actions_are_up()
    )
    result = ReadyOut(ready=database and rasa and actions, database=database, rasa=rasa, actions=actions)
    if not result.ready:
        response.status_code = 503
    return result


async def _database_is_writable(services: Services) -> bool:
    try:
        # The write lock shows that nobody holds the database for long; a full disk would still give it.
        if shutil.disk_usage(services.settings.home).free < _LEAST_FREE_BYTES:
            return False
        async with asyncio.timeout(1.5), services.db.transaction() as tx:
            await tx.events.recent(limit=1)
    except (StoreError, TimeoutError, OSError):
        return False
    return True
