"""What staff can do. Every call names the session it comes from, and the right is checked in the same breath."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from service.desk.gate import Gate
from service.errors import Refused
from service.hub import Hub
from service.intake import check_message_id
from service.notify import Notifier, ask_whether_settled
from service.owners import announce_owner
from service.text import beginning, clean
from service.verdicts import record_verdict
from store import (
    Account,
    AlreadyClaimed,
    CallTurn,
    Conversation,
    Database,
    EscalationStateError,
    Message,
    StoredAssessment,
    StoredCall,
    Transaction,
    Verdict,
)
from vocabulary import STAFF_ROLES, Author, Escalation, EscalationState, Owner, Perceived, Right

_PREVIEW_CHARS = 120
_SHOWN_MESSAGES = 300
_PURPOSE = "answering the customer"


@dataclass(frozen=True)
class QueueEntry:
    """One hand-over in the queue. frustration: 0 to 100, None if nothing was scored. preview: the last words.

    on_call: the customer is on the line now.
    """

    escalation: Escalation
    waiting_s: float
    frustration: float | None
    preview: str
    claimed_by_name: str | None
    mine: bool
    on_call: bool = False


@dataclass(frozen=True)
class Case:
    """One handed-over conversation as an agent sees it. readings: what was scored, by message id.

    verdicts: what the customer and colleagues have said about these readings, oldest first.
    call: the call that goes on now. call_turns: how long the steps of spoken turns took, by message id. read_out: what
    became of what is read out in the call: began, ended, broken_off or resumed, by message id. number: who rang, for
    the agent who has the conversation; None for others, for another channel, and where it was withheld.
    """

    escalation: Escalation
    conversation: Conversation
    messages: tuple[Message, ...]
    readings: dict[str, StoredAssessment]
    verdicts: tuple[Verdict, ...]
    names: dict[str, str]
    mine: bool
    waiting_s: float
    call: StoredCall | None = None
    call_turns: Mapping[str, CallTurn] = field(default_factory=dict)
    read_out: Mapping[str, str] = field(default_factory=dict)
    number: str | None = None


class DeskWork:
    """The desk's actions over the database; the pages only draw and call.

    Agents' words go to the inbox as agents' words: nothing here can reach the assistant or a scorer.
    """

    def __init__(
        self,
        db: Database,
        gate: Gate,
        hub: Hub,
        notifier: Notifier,
        *,
        max_chars: int,
        read_out: Callable[[str], Mapping[str, str]] = lambda _: {},
    ) -> None:
        """read_out: what has been read out in a conversation's call, as Calls.spoken gives it."""
        self._read_out = read_out
        self._db = db
        self._gate = gate
        self._hub = hub
        self._notifier = notifier
        self._max_chars = max_chars

    async def open_queue(self, token: str) -> list[QueueEntry]:
        """The queue for somebody who opens its page: the audit record says so first. Raises: NotAllowed."""
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.QUEUE_VIEW)
            await tx.audit.add(member.id, "queue.view", purpose=_PURPOSE)
        return await self.queue(token)

    async def queue(self, token: str) -> list[QueueEntry]:
        """Waiting and claimed hand-overs, in the order in which to take them. Raises: NotAllowed."""
        async with self._db.reading() as tx:
            member = await self._gate.require(tx, token, Right.QUEUE_VIEW)
            names = await _names(tx)
            waiting = await tx.escalations.open()
            calls = await tx.calls.live([one.conversation_id for one in waiting])
            return [await _entry(tx, one, member, names, on_call=one.conversation_id in calls) for one in waiting]

    async def open_case(self, token: str, conversation_id: str) -> Case:
        """A conversation that is handed over now, for somebody who opens its page: the audit record says so first.

        Raises: NotAllowed, Refused (404, it is not handed over).
        """
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.CASE_VIEW)
            _, conversation = await _handed_over(tx, conversation_id)
            await tx.audit.add(member.id, "case.view", subject=conversation.customer_id, purpose=_PURPOSE)
        return await self.case(token, conversation_id)

    async def case(self, token: str, conversation_id: str) -> Case:
        """The same as it stands now, for a page that is open. Texts hold placeholders for personal data.

        Raises: NotAllowed, Refused (404, it is not handed over).
        """
        async with self._db.reading() as tx:
            member = await self._gate.require(tx, token, Right.CASE_VIEW)
            escalation, conversation = await _handed_over(tx, conversation_id)
            mine = escalation.claimed_by == member.id
            rang = await tx.telephone.of_conversation(conversation_id) if mine else None
            return Case(
                escalation=escalation,
                conversation=conversation,
                messages=tuple(await _latest_messages(tx, conversation, _SHOWN_MESSAGES)),
                readings={one.assessment.message_id: one for one in await tx.assessments.timeline(conversation_id)},
                verdicts=tuple(await tx.verdicts.of_conversation(conversation_id)),
                names=await _names(tx),
                mine=mine,
                waiting_s=_waiting_s(escalation),
                number=rang.number if rang is not None else None,
                call=(await tx.calls.live([conversation_id])).get(conversation_id),
                call_turns=await tx.calls.turns(conversation_id),
                read_out=dict(self._read_out(conversation_id)),
            )

    async def reveal(self, token: str, conversation_id: str, message_id: str) -> str:
        """A message with the personal data that its placeholders stand for, for the agent who has the conversation.

        Raises: NotAllowed, Refused (404 or 409, not yours), AuditRefused.
        """
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.CASE_REVEAL)
            conversation = await _mine(tx, conversation_id, member, "Take the conversation first; then you can reveal.")
            await tx.audit.add(member.id, "case.reveal", subject=conversation.customer_id, purpose=_PURPOSE)
            message = await tx.inbox.get(conversation_id, message_id)
            if message is None:
                raise Refused("unknown_message", "This conversation has no such message.", status=404)
            return message.text

    async def claim(self, token: str, escalation_id: str) -> None:
        """Take a conversation. Raises: NotAllowed, Refused (409, a colleague was faster)."""
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.CASE_ANSWER)
            try:
                escalation = await tx.escalations.claim(escalation_id, member.id)
            except AlreadyClaimed:
                raise Refused("already_claimed", "A colleague has just taken this conversation.", status=409) from None
            except EscalationStateError:
                raise Refused("ended", "This hand-over has ended meanwhile.", status=409) from None
            await self._record(tx, "escalation.claimed", escalation, member)
        await announce_owner(self._db, self._hub, escalation.conversation_id)

    async def reply(self, token: str, conversation_id: str, message_id: str, text: str) -> Message:
        """Write to the customer. Raises: NotAllowed, Refused (409, the conversation is not yours)."""
        check_message_id(message_id)
        text = clean(text, max_chars=self._max_chars)
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.CASE_ANSWER)
            await _mine(tx, conversation_id, member, "Take the conversation first; then you can write.")
            message = await tx.inbox.add_agent_message(conversation_id, member.id, message_id, text)
        self._hub.messages_changed(conversation_id)
        return message

    async def judge(
        self, token: str, conversation_id: str, message_id: str, said: Perceived, label: str | None = None
    ) -> None:
        """Confirm or correct the reading of a turn. Raises: NotAllowed, Refused (404 or 409, not yours)."""
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.CASE_JUDGE)
            await _mine(tx, conversation_id, member, "Take the conversation first; then you can correct it.")
            await record_verdict(tx, conversation_id, message_id, Author.AGENT, member.id, said, label)
        self._hub.changed(conversation_id)

    async def hand_back(self, token: str, escalation_id: str) -> None:
        """Let the assistant answer again. Raises: NotAllowed, Refused."""
        await self._end(token, escalation_id, EscalationState.RETURNED)

    async def close(self, token: str, escalation_id: str) -> None:
        """The matter is settled; the assistant answers what comes next. Raises: NotAllowed, Refused.

        A day later the customer is asked whether it is, if they wish to be asked and have not written again.
        """
        await self._end(token, escalation_id, EscalationState.CLOSED)

    async def _end(self, token: str, escalation_id: str, state: EscalationState) -> None:
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.CASE_ANSWER)
            end = tx.escalations.give_back if state is EscalationState.RETURNED else tx.escalations.close
            try:
                escalation = await end(escalation_id, member.id)
            except EscalationStateError:
                raise Refused(
                    "not_yours", "Only the colleague who has the conversation can end it.", status=409
                ) from None
            await self._record(tx, f"escalation.{state.value}", escalation, member)
            if state is EscalationState.CLOSED:
                await ask_whether_settled(tx, self._notifier, escalation.conversation_id)
        await announce_owner(self._db, self._hub, escalation.conversation_id)

    async def _record(self, tx: Transaction, event: str, escalation: Escalation, member: Account) -> None:
        await tx.events.add(
            event,
            {"escalation_id": escalation.id, "staff_id": member.id, "waited_s": round(_waiting_s(escalation), 1)},
            conversation_id=escalation.conversation_id,
        )


async def _handed_over(tx: Transaction, conversation_id: str) -> tuple[Escalation, Conversation]:
    escalation = await tx.escalations.of_conversation(conversation_id)
    conversation = await tx.conversations.get(conversation_id)
    if escalation is None or conversation is None:
        raise Refused("not_handed_over", "This conversation is not with us: it was handed back or closed.", status=404)
    return escalation, conversation


async def _mine(tx: Transaction, conversation_id: str, member: Account, words: str) -> Conversation:
    conversation = await tx.conversations.get(conversation_id)
    if conversation is None or conversation.owner is not Owner.AGENT or conversation.agent_id != member.id:
        raise Refused("not_yours", words, status=409)
    return conversation


async def _names(tx: Transaction) -> dict[str, str]:
    return {one.id: one.name for one in await tx.accounts.list(roles=STAFF_ROLES, limit=1000)}


async def _entry(
    tx: Transaction, escalation: Escalation, member: Account, names: dict[str, str], *, on_call: bool
) -> QueueEntry:
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
        preview=beginning(preview, _PREVIEW_CHARS),
        claimed_by_name=names.get(escalation.claimed_by or ""),
        mine=escalation.claimed_by == member.id,
        on_call=on_call,
    )


async def _latest_messages(tx: Transaction, conversation: Conversation, count: int) -> list[Message]:
    return await tx.inbox.history(
        conversation.id, after_seq=max(0, conversation.last_seq - count), limit=count, redacted=True
    )


def _waiting_s(escalation: Escalation) -> float:
    return max(0.0, (datetime.now(UTC) - escalation.requested_at).total_seconds())
