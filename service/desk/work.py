"""What staff can do. Every call names the session it comes from, and the right is checked in the same breath."""

from dataclasses import dataclass
from datetime import UTC, datetime

from service.desk.lockout import Lockout
from service.errors import NotAllowed, Refused
from service.hub import Hub
from service.intake import check_message_id
from service.owners import owner_frame
from service.text import clean
from service.verdicts import record_verdict
from store import (
    Account,
    AlreadyClaimed,
    Conversation,
    Database,
    EscalationStateError,
    Message,
    StoredAssessment,
    Transaction,
    Verdict,
)
from vocabulary import STAFF_ROLES, Author, Escalation, EscalationState, Owner, Perceived, Role

_PREVIEW_CHARS = 120
_SHOWN_MESSAGES = 300
_WRONG = "E-mail or password is wrong."


@dataclass(frozen=True)
class QueueEntry:
    """One hand-over in the queue. frustration: 0 to 100, None if nothing was scored. preview: the last words."""

    escalation: Escalation
    waiting_s: float
    frustration: float | None
    preview: str
    claimed_by_name: str | None
    mine: bool


@dataclass(frozen=True)
class Case:
    """One handed-over conversation as an agent sees it. readings: what was scored, by message id.

    verdicts: what the customer and colleagues have said about these readings, oldest first.
    """

    escalation: Escalation
    conversation: Conversation
    messages: tuple[Message, ...]
    readings: dict[str, StoredAssessment]
    verdicts: tuple[Verdict, ...]
    names: dict[str, str]
    mine: bool
    waiting_s: float


class DeskWork:
    """The desk's actions over the database; the pages only draw and call.

    Agents' words go to the inbox as agents' words: nothing here can reach the assistant or a scorer.
    """

    def __init__(self, db: Database, hub: Hub, lockout: Lockout, *, max_chars: int) -> None:
        self._db = db
        self._hub = hub
        self._lockout = lockout
        self._max_chars = max_chars

    async def sign_in(self, email: str, password: str, address: str) -> str:
        """The token of a new session. Raises: NotAllowed, Refused (429, too many failures)."""
        self._lockout.check(email, address)
        async with self._db.reading() as tx:
            member = await tx.accounts.verify_password(email, password)
        if member is None or member.role not in STAFF_ROLES:
            self._lockout.failed(email, address)
            raise NotAllowed("wrong_password", _WRONG)
        self._lockout.succeeded(email, address)
        async with self._db.transaction() as tx:
            return await tx.sessions.open(member.id)

    async def sign_out(self, token: str) -> None:
        """End a session; every later call with its token is refused."""
        async with self._db.transaction() as tx:
            await tx.sessions.end_token(token)

    async def member(self, token: str, role: Role = Role.AGENT) -> Account:
        """Who this session belongs to. Raises: NotAllowed without a session or without the right."""
        async with self._db.reading() as tx:
            return await _require(tx, token, role)

    async def queue(self, token: str) -> list[QueueEntry]:
        """Waiting and claimed hand-overs, in the order in which to take them. Raises: NotAllowed."""
        async with self._db.reading() as tx:
            member = await _require(tx, token)
            names = {one.id: one.name for one in await tx.accounts.list(roles=STAFF_ROLES)}
            return [await _entry(tx, escalation, member, names) for escalation in await tx.escalations.open()]

    async def case(self, token: str, conversation_id: str) -> Case:
        """A conversation that is handed over now. Raises: NotAllowed, Refused (404, it is not handed over)."""
        async with self._db.reading() as tx:
            member = await _require(tx, token)
            escalation = await tx.escalations.of_conversation(conversation_id)
            conversation = await tx.conversations.get(conversation_id)
            if escalation is None or conversation is None:
                raise Refused(
                    "not_handed_over", "This conversation is not with us: it was handed back or closed.", status=404
                )
            return Case(
                escalation=escalation,
                conversation=conversation,
                messages=tuple(await _latest_messages(tx, conversation, _SHOWN_MESSAGES)),
                readings={one.assessment.message_id: one for one in await tx.assessments.timeline(conversation_id)},
                verdicts=tuple(await tx.verdicts.of_conversation(conversation_id)),
                names={one.id: one.name for one in await tx.accounts.list(roles=STAFF_ROLES)},
                mine=escalation.claimed_by == member.id,
                waiting_s=_waiting_s(escalation),
            )

    async def claim(self, token: str, escalation_id: str) -> None:
        """Take a conversation. Raises: NotAllowed, Refused (409, a colleague was faster)."""
        async with self._db.transaction() as tx:
            member = await _require(tx, token)
            try:
                escalation = await tx.escalations.claim(escalation_id, member.id)
            except AlreadyClaimed:
                raise Refused("already_claimed", "A colleague has just taken this conversation.", status=409) from None
            except EscalationStateError:
                raise Refused("ended", "This hand-over has ended meanwhile.", status=409) from None
            await self._record(tx, "escalation.claimed", escalation, member)
        await self._announce_owner(escalation.conversation_id)

    async def reply(self, token: str, conversation_id: str, message_id: str, text: str) -> Message:
        """Write to the customer. Raises: NotAllowed, Refused (409, the conversation is not yours)."""
        check_message_id(message_id)
        text = clean(text, max_chars=self._max_chars)
        async with self._db.transaction() as tx:
            member = await _require(tx, token)
            await _require_mine(tx, conversation_id, member, "Take the conversation first; then you can write.")
            message = await tx.inbox.add_agent_message(conversation_id, member.id, message_id, text)
        self._hub.messages_changed(conversation_id)
        return message

    async def judge(
        self, token: str, conversation_id: str, message_id: str, said: Perceived, label: str | None = None
    ) -> None:
        """Confirm or correct the reading of a turn. Raises: NotAllowed, Refused (404 or 409, not yours)."""
        async with self._db.transaction() as tx:
            member = await _require(tx, token)
            await _require_mine(tx, conversation_id, member, "Take the conversation first; then you can correct it.")
            await record_verdict(tx, conversation_id, message_id, Author.AGENT, member.id, said, label)
        self._hub.changed(conversation_id)

    async def hand_back(self, token: str, escalation_id: str) -> None:
        """Let the assistant answer again. Raises: NotAllowed, Refused."""
        await self._end(token, escalation_id, EscalationState.RETURNED)

    async def close(self, token: str, escalation_id: str) -> None:
        """The matter is settled; the assistant answers what comes next. Raises: NotAllowed, Refused."""
        await self._end(token, escalation_id, EscalationState.CLOSED)

    async def staff(self, token: str) -> list[Account]:
        """Every account. Raises: NotAllowed for anyone but an admin."""
        async with self._db.reading() as tx:
            await _require(tx, token, Role.ADMIN)
            return list(await tx.accounts.list(roles=STAFF_ROLES))

    async def _end(self, token: str, escalation_id: str, state: EscalationState) -> None:
        async with self._db.transaction() as tx:
            member = await _require(tx, token)
            end = tx.escalations.give_back if state is EscalationState.RETURNED else tx.escalations.close
            try:
                escalation = await end(escalation_id, member.id)
            except EscalationStateError:
                raise Refused(
                    "not_yours", "Only the colleague who has the conversation can end it.", status=409
                ) from None
            await self._record(tx, f"escalation.{state.value}", escalation, member)
        await self._announce_owner(escalation.conversation_id)

    async def _record(self, tx: Transaction, event: str, escalation: Escalation, member: Account) -> None:
        await tx.events.add(
            event,
            {"escalation_id": escalation.id, "staff_id": member.id, "waited_s": round(_waiting_s(escalation), 1)},
            conversation_id=escalation.conversation_id,
        )

    async def _announce_owner(self, conversation_id: str) -> None:
        async with self._db.reading() as tx:
            conversation = await tx.conversations.get(conversation_id)
            frame = await owner_frame(tx, conversation) if conversation else None
        if frame is not None:
            self._hub.publish(conversation_id, frame)
        self._hub.changed(conversation_id)


async def _require(tx: Transaction, token: str, role: Role = Role.AGENT) -> Account:
    signed_in = await tx.sessions.of_token(token)
    if signed_in is None or signed_in.account.role not in STAFF_ROLES:
        raise NotAllowed("signed_out", "Your session has ended. Please sign in again.")
    member = signed_in.account
    if role is Role.ADMIN and member.role is not Role.ADMIN:
        raise NotAllowed("admins_only", "Only admins may see this.", status=403)
    return member


async def _require_mine(tx: Transaction, conversation_id: str, member: Account, words: str) -> None:
    conversation = await tx.conversations.get(conversation_id)
    if conversation is None or conversation.owner is not Owner.AGENT or conversation.agent_id != member.id:
        raise Refused("not_yours", words, status=409)


async def _entry(tx: Transaction, escalation: Escalation, member: Account, names: dict[str, str]) -> QueueEntry:
    conversation = await tx.conversations.get(escalation.conversation_id)
    messages = await _latest_messages(tx, conversation, 20) if conversation else []
    said = [message.text for message in messages if message.author is Author.CUSTOMER]
    latest = await tx.assessments.latest(escalation.conversation_id)
    state = latest.assessment.state if latest else None
    preview = said[-1] if said else ""
    return QueueEntry(
        escalation=escalation,
        waiting_s=_waiting_s(escalation),
        frustration=state.frustration if state else None,
        preview=preview if len(preview) <= _PREVIEW_CHARS else f"{preview[:_PREVIEW_CHARS].rstrip()}…",
        claimed_by_name=names.get(escalation.claimed_by or ""),
        mine=escalation.claimed_by == member.id,
    )


async def _latest_messages(tx: Transaction, conversation: Conversation, count: int) -> list[Message]:
    return await tx.inbox.history(conversation.id, after_seq=max(0, conversation.last_seq - count), limit=count)


def _waiting_s(escalation: Escalation) -> float:
    return max(0.0, (datetime.now(UTC) - escalation.requested_at).total_seconds())
