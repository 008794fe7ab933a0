"""What customers see and decide about themselves: `/api/me`."""

from service.me.conversations import join_router
from service.me.conversations import router as conversations_router
from service.me.emotion import router as emotion_router
from service.me.my_consents import router as consents_router
from service.me.profile import router as profile_router
from service.me.suggestions import router as suggestions_router

ME_ROUTERS = (consents_router, profile_router, join_router, conversations_router, suggestions_router, emotion_router)

__all__ = ["ME_ROUTERS"]
