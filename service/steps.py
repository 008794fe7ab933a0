"""Steps of a shop's page: kept with consent only, and answered with an offer of help at most once."""

from collections.abc import Sequence
from dataclasses import dataclass

from journey import offers_help
from service.errors import NotAllowed
from store import Conversation, Database, PastStep
from vocabulary import Owner, Signal


@dataclass(frozen=True)
class StepBatch:
    """What a page reports at once. id: of the batch, for repeats. tab: a random name of the browser's tab.

    idle: the chat is closed, or nothing is being said in it: an offer of help would not interrupt.
    """

    id: str
    tab: str
    idle: bool
    steps: Sequence[PastStep]


@dataclass(frozen=True)
class StepsTaken:
    """repeated: the batch was known. help: offer help now, in this tab."""

    repeated: bool
    help: bool


class Steps:
    """Takes the steps of conversations."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def take(self, conversation: Conversation, batch: StepBatch) -> StepsTaken:
        """Keep a batch, and decide whether help is offered. Raises: NotAllowed without consent.

        Consent, owner and the one offer are read in the transaction that writes, so a withdrawal, a hand-over or a
        second tab meanwhile cannot be overtaken. The same batch again gets the same offer: the answer may be lost.
        """
        async with self._db.transaction() as tx:
            now = await tx.conversations.locked(conversation.id)
            since = (await tx.consents.granted_since(conversation.customer_id)).get(Signal.BEHAVIOUR)
            if since is None:
                raise NotAllowed(
                    "no_consent",
                    "Steps need consent to the signal behaviour, and there is none. Nothing was stored; send no more.",
                    status=403,
                )
            added = await tx.behaviour.add(conversation.id, batch.id, batch.tab, batch.steps, since=since)
            help_now = False
            if batch.idle and now is not None and now.owner is Owner.BOT:
                recent = await tx.behaviour.recent(conversation.id, since=since)
                help_now = offers_help(recent) and await tx.behaviour.offer_help(conversation.id, batch.id)
        return StepsTaken(repeated=not added, help=help_now)
