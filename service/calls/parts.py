"""What every call works with."""

from dataclasses import dataclass

from service.hub import Hub
from service.intake import Intake
from service.limits import RateLimiter
from service.metrics import Metrics, Spans
from service.pictures import Pictures
from service.sign_outs import SignOuts
from store import Database


@dataclass(frozen=True)
class CallParts:
    """Of the web process. The voice process has none of these."""

    db: Database
    hub: Hub
    intake: Intake
    pictures: Pictures
    sign_outs: SignOuts
    message_limit: RateLimiter
    metrics: Metrics
    spans: Spans
    hold_every_s: float
    longest_s: float
