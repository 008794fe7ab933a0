"""What one transaction can reach: a repository per noun."""

from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncSession

from privacy import Chain, HeadFile, Redactor
from store.accounts import Accounts, OneTimeCodes, SecondFactor, Sessions, SocialLogins
from store.assessments import Assessments
from store.audit import Audit
from store.baselines import SpeakerBaselines
from store.behaviour import Behaviour
from store.calls import Calls
from store.catalogue import Catalogue
from store.consents import Consents
from store.conversations import Conversations
from store.customers import Customers
from store.erasure.journal import Erasures
from store.erasure.records import Records
from store.erasure.subject import Subjects
from store.erasure.tombstones import Tombstones
from store.escalations import Escalations
from store.events import Events
from store.frames import Frames
from store.inbox import Inbox
from store.interactions import Interactions
from store.notifications import Notifications
from store.orders import Orders
from store.overdue import Overdue
from store.people_history import PeopleHistory
from store.profiles import Profiles
from store.program_keys import ProgramKeys
from store.purges import Purges
from store.push_subscriptions import PushSubscriptions
from store.receipts import Receipts
from store.requests import Requests
from store.ring_values import RingValues
from store.sealing import Sealer
from store.slates import Slates
from store.statistics import Statistics
from store.suggestion_feedback import SuggestionFeedback
from store.telephone import Telephone
from store.vault import Vault
from store.verdicts import Verdicts


class Transaction:
    """All repositories over one transaction. Use it inside its `async with` block and in one task only."""

    def __init__(
        self, session: AsyncSession, sealer: Sealer, audit_head: HeadFile, redactor: Redactor, *, writing: bool
    ) -> None:
        self._session = session
        self._sealer = sealer
        self._redactor = redactor
        self._audit_head = audit_head
        self._writing = writing

    async def committing(self) -> None:
        """What comes before a commit; the database calls it. Raises: AuditRefused."""
        if "audit" in self.__dict__:
            await self.audit.committing()

    async def committed(self) -> None:
        """What follows a commit; the database calls it."""
        if "audit" in self.__dict__:
            await self.audit.committed()

    @cached_property
    def vault(self) -> Vault:
        return Vault(self._session, self._sealer.keyring, self._sealer.cache)

    @cached_property
    def ring_values(self) -> RingValues:
        return RingValues(self._session, self._sealer.keyring)

    @cached_property
    def audit(self) -> Audit:
        chain = Chain(self._sealer.keyring)
        return Audit(self._session, self.vault, chain, self._audit_head, writing=self._writing)

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self._session, self._sealer, self.vault)

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self._session, self.vault)

    @cached_property
    def codes(self) -> OneTimeCodes:
        return OneTimeCodes(self._session, self._sealer, self.vault)

    @cached_property
    def second_factor(self) -> SecondFactor:
        return SecondFactor(self._session, self.vault)

    @cached_property
    def social(self) -> SocialLogins:
        return SocialLogins(self._session, self._sealer)

    @cached_property
    def conversations(self) -> Conversations:
        return Conversations(self._session)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self._session, self.vault, self._redactor)

    @cached_property
    def consents(self) -> Consents:
        return Consents(
            self._session,
            inbox=self.inbox,
            assessments=self.assessments,
            verdicts=self.verdicts,
            baselines=self.baselines,
            behaviour=self.behaviour,
            frames=self.frames,
            interactions=self.interactions,
            slates=self.slates,
        )

    @cached_property
    def customers(self) -> Customers:
        return Customers(
            self._session,
            self.vault,
            consents=self.consents,
            profiles=self.profiles,
            feedback=self.suggestion_feedback,
            interactions=self.interactions,
        )

    @cached_property
    def profiles(self) -> Profiles:
        return Profiles(self._session, self.vault)

    @cached_property
    def suggestion_feedback(self) -> SuggestionFeedback:
        return SuggestionFeedback(self._session)

    @cached_property
    def people_history(self) -> PeopleHistory:
        return PeopleHistory(self._session)

    @cached_property
    def assessments(self) -> Assessments:
        return Assessments(self._session, self.vault, self.verdicts)

    @cached_property
    def statistics(self) -> Statistics:
        return Statistics(self._session, self.assessments, self.consents)

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
    def calls(self) -> Calls:
        return Calls(self._session)

    @cached_property
    def frames(self) -> Frames:
        return Frames(self._session)

    @cached_property
    def escalations(self) -> Escalations:
        return Escalations(self._session, self.vault)

    @cached_property
    def telephone(self) -> Telephone:
        return Telephone(self._session, self._sealer.keyring, self.vault)

    @cached_property
    def events(self) -> Events:
        return Events(self._session)

    @cached_property
    def receipts(self) -> Receipts:
        return Receipts(self._session, self.vault)

    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue(self._session)

    @cached_property
    def interactions(self) -> Interactions:
        return Interactions(self._session, self._sealer.keyring)

    @cached_property
    def slates(self) -> Slates:
        return Slates(self._session, self.vault)

    @cached_property
    def program_keys(self) -> ProgramKeys:
        return ProgramKeys(self._session)

    @cached_property
    def orders(self) -> Orders:
        return Orders(self._session, self._sealer, self.vault)

    @cached_property
    def notifications(self) -> Notifications:
        return Notifications(self._session, self.vault)

    @cached_property
    def push(self) -> PushSubscriptions:
        return PushSubscriptions(self._session, self._sealer, self.vault)

    @cached_property
    def requests(self) -> Requests:
        return Requests(self._session, self.vault)

    @cached_property
    def subjects(self) -> Subjects:
        return Subjects(self._session, self._sealer, self.accounts)

    @cached_property
    def records(self) -> Records:
        return Records(self._session, self._sealer, self.vault, self.requests)

    @cached_property
    def tombstones(self) -> Tombstones:
        return Tombstones(self._session, self._sealer.keyring)

    @cached_property
    def erasures(self) -> Erasures:
        return Erasures(self._session, self._sealer, self.subjects, self.tombstones)

    @cached_property
    def purges(self) -> Purges:
        return Purges(self._session)

    @cached_property
    def overdue(self) -> Overdue:
        return Overdue(self._session, self.subjects)
