"""What stands between strangers and the application: connections, bodies, origins, headers, and production."""

from service.protection.bodies import BodyLimit
from service.protection.gate import Gate
from service.protection.headers import ACCOUNT_POLICY, STAFF_POLICY, SecurityHeaders, chat_policy
from service.protection.origin import SameOrigin
from service.protection.production import production_problems
from service.protection.server import server_config

__all__ = [
    "ACCOUNT_POLICY",
    "STAFF_POLICY",
    "BodyLimit",
    "Gate",
    "SameOrigin",
    "SecurityHeaders",
    "chat_policy",
    "production_problems",
    "server_config",
]
