"""What one transaction can reach: a repository per noun."""

from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncSession

from store.assessments import Assessments
from store.baselines import SpeakerBaselines
from store.behaviour import Behaviour
from store.catalogue import Catalogue
from store.consents import Consents
from store.conversations import Conversations
from store.escalations import Escalations
from store.events import Events
from store.frames import Frames
from store.inbox import Inbox
from store.orders import Orders
from store.receipts import Receipts
from store.sealing import Sealer
from store.staff import Staff
from store.vault import Vault
from store.verdicts import Verdicts


class Transaction:
    """All repositories over one transaction. Use it inside its `async with` block and in one task only."""

    def __init__(self, session: AsyncSession, sealer: Sealer) -> None:
        self._session = session
        self._sealer = sealer

    @cached_property
    def vault(self) -> Vault:
        return Vault(self._session, self._sealer.keyring)

    @cached_property
    def conversations(self) -> Conversations:
        return Conversations(self._session)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self._session, self.vault)

    @cached_property
    def consents(self) -> Consents:
        return Consents(self._session, self.assessments, self.baselines, self.behaviour, self.frames)

    @cached_property
    def assessments(self) -> Assessments:
        return Assessments(self._session, self.vault, self.verdicts)

    @cached_property
    def verdicts(self) -> Verdicts:
        return Verdicts(self._session, self.vault)

    @cached_property
    def baselines(self) -> SpeakerBaselines:
        return SpeakerBaselines(self._session, self.vault)

    @cached_property
    def behaviour(self) -> Behaviour:
        return Behaviour(self._session, self.vault)

    @cached_property
    def frames(self) -> Frames:
        return Frames(self._session)

    @cached_property
    def escalations(self) -> Escalations:
        return Escalations(self._session, self.vault)

    @cached_property
    def events(self) -> Events:
        return Events(self._session)

    @cached_property
    def staff(self) -> Staff:
        return Staff(self._session)

    @cached_property
    def receipts(self) -> Receipts:
        return Receipts(self._session, self.vault)

    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue(self._session)

    @cached_property
    def orders(self) -> Orders:
        return Orders(self._session, self._sealer, self.vault)
