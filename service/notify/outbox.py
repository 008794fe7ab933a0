"""The worker that sends what is in the outbox."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Final

from privacy import PrivacyError
from service.hub import Hub
from service.notify.errors import SendFailed
from service.notify.follow_up import FOLLOW_UP, has_written
from service.notify.notifier import Notifier
from service.notify.senders import Senders
from store import Database, Delivery, StoreError

log = logging.getLogger(__name__)

_LOOK_EVERY_S: Final = 2.0
_AT_ONCE: Final = 8
_SEND_WITHIN_S: Final = 30.0
# Longer than a sending may take: a claim is taken over only when its holder is gone.
_LEASE: Final = timedelta(seconds=90)
# About a day in all; a code or a link in it is worthless then.
_AFTER: Final = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 14400, 43200))


class Outbox:
    """Claims, sends, and notes what became of it. Several may work on one database; each message is claimed by one."""

    def __init__(self, db: Database, notifier: Notifier, senders: Senders, hub: Hub | None = None) -> None:
        """hub: who reads which conversation; without it, nobody does."""
        self._hub = hub
        self._db = db
        self._notifier = notifier
        self._senders = senders
        self._working: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to send; what an earlier process left is taken up."""
        self._working = asyncio.create_task(self._work(), name="outbox")

    async def stop(self) -> None:
        """End. What was being sent and not noted is sent again by the next process."""
        if self._working is not None:
            self._working.cancel()
            await asyncio.gather(self._working, return_exceptions=True)
        await self._senders.close()

    async def send_due(self) -> int:
        """Send what is due now; gives how many were claimed."""
        async with self._db.reading() as tx:
            if not await tx.notifications.any_due():
                return 0
        async with self._db.transaction() as tx:
            claimed = await tx.notifications.claim(_AT_ONCE, _LEASE)
        await asyncio.gather(*(self._deliver(delivery) for delivery in claimed))
        return len(claimed)

    async def _work(self) -> None:
        while True:
            self._notifier.written.clear()
            try:
                while await self.send_due() == _AT_ONCE:
                    pass
            except (StoreError, PrivacyError) as err:
                log.error("outbox could not be read", extra={"code": err.code})
            try:
                async with asyncio.timeout(_LOOK_EVERY_S):
                    await self._notifier.written.wait()
            except TimeoutError:
                pass

    async def _deliver(self, delivery: Delivery) -> None:
        if delivery.about and await self._is_needless(delivery):
            async with self._db.transaction() as tx:
                await tx.notifications.withdraw(delivery)
            return
        failure: SendFailed | None = None
        try:
            async with asyncio.timeout(_SEND_WITHIN_S):
                await self._senders.send(delivery)
        except TimeoutError:
            failure = SendFailed("timeout", f"not taken within {_SEND_WITHIN_S:g} s", retryable=True)
        except SendFailed as err:
            failure = err
        except Exception as err:  # A plug-in's sender may raise anything; the outbox goes on.
            log.error("sender failed", extra={"channel": delivery.channel, "error": type(err).__name__}, exc_info=err)
            failure = SendFailed("sender", "the sender raised", retryable=True)
        await self._note(delivery, failure)

    async def _is_needless(self, delivery: Delivery) -> bool:
        if delivery.kind == FOLLOW_UP:
            async with self._db.reading() as tx:
                return await has_written(tx, delivery.about, delivery.created_at)
        return self._hub is not None and self._hub.is_read(delivery.about, delivery.created_at)

    async def _note(self, delivery: Delivery, failure: SendFailed | None) -> None:
        facts = {
            "notification_id": delivery.id,
            "channel": delivery.channel,
            "kind": delivery.kind,
            "attempt": delivery.attempt,
        }
        async with self._db.transaction() as tx:
            if failure is None:
                await tx.notifications.sent(delivery)
                waited = datetime.now(UTC) - delivery.created_at
                log.info("notification sent", extra={**facts, "waited_ms": round(waited.total_seconds() * 1000)})
                return
            if failure.gone and delivery.channel == "push":
                await tx.push.drop(delivery.address)
            if failure.retryable and delivery.attempt <= len(_AFTER):
                await tx.notifications.retry(delivery, _AFTER[delivery.attempt - 1])
                log.warning("notification not sent, will be tried again", extra={**facts, "code": failure.code})
                return
            await tx.notifications.failed(delivery)
            log.error("notification given up", extra={**facts, "code": failure.code})
