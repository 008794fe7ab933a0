"""The HTTP and WebSocket routes; each one is thin."""

from service.routes.account import router as account_router
from service.routes.audio import router as audio_router
from service.routes.calls import router as calls_router
from service.routes.calls import sound_router as call_sound_router
from service.routes.conversations import router as conversations_router
from service.routes.frames import router as frames_router
from service.routes.health import router as health_router
from service.routes.messages import router as messages_router
from service.routes.metrics import router as metrics_router
from service.routes.notifications import router as notifications_router
from service.routes.own_account import leaving_router
from service.routes.own_account import router as own_account_router
from service.routes.pages import pages_router
from service.routes.providers import router as providers_router
from service.routes.shop_events import router as shop_events_router
from service.routes.socket import router as socket_router
from service.routes.speech import router as speech_router
from service.routes.steps import router as steps_router
from service.routes.verdicts import router as verdicts_router

__all__ = [
    "account_router",
    "audio_router",
    "call_sound_router",
    "calls_router",
    "conversations_router",
    "frames_router",
    "health_router",
    "leaving_router",
    "messages_router",
    "metrics_router",
    "notifications_router",
    "own_account_router",
    "pages_router",
    "providers_router",
    "shop_events_router",
    "socket_router",
    "speech_router",
    "steps_router",
    "verdicts_router",
]
