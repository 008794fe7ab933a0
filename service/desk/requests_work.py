"""What people ask about their data, and how it is answered."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from service.desk.gate import Gate
from service.errors import Refused
from service.notify import Notifier, Words
from service.rights import Rights
from store import Account, Database, DataRequest, RequestKind, RequestState, Transaction
from vocabulary import Right

_LAW: Final = "a person's rights about their data"
_OLDEST: Final = timedelta(days=365)


class RequestsWork:
    """What supervisors, admins and auditors see of the requests, and who answers them does.

    due_in: the time within which a request is answered, from the day on which it came.
    """

    def __init__(self, db: Database, gate: Gate, rights: Rights, notifier: Notifier, due_in: timedelta) -> None:
        self._db = db
        self._gate = gate
        self._rights = rights
        self._notifier = notifier
        self._due_in = due_in

    async def list(self, token: str, *, open_only: bool = True) -> Sequence[DataRequest]:
        """People's requests about their data, the most urgent first. Raises: NotAllowed."""
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.REQUESTS_VIEW)
            found = await tx.requests.by_due_day(open_only=open_only)
            await tx.audit.add(member.id, "request.list", purpose=_LAW, details={"shown": len(found)})
            return found

    async def add(self, token: str, who: str, kind: RequestKind, words: str, came_on: date | None) -> DataRequest:
        """Write down a request that came by post or telephone; the person is told that it was received.

        who: an e-mail address, a telephone number, or the id of an account or conversation. came_on: None means today.
        Raises: NotAllowed, Refused (404 unknown_person, 422 came_on), StoreError (words_too_long).
        """
        now = datetime.now(UTC)
        came_on = came_on or now.date()
        if not now.date() - _OLDEST <= came_on <= now.date():
            raise Refused("came_on", "A request came today or earlier, and at most a year ago. Check the date.")
        came_at = now if came_on == now.date() else datetime.combine(came_on, time(), UTC)
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.REQUESTS_ACT)
            subject = await tx.subjects.find(who)
            owner = None if subject is None else subject.known_as
            if owner is None:
                raise Refused(
                    "unknown_person",
                    "Nobody is known by that. Give an e-mail address, a number as +49…, or an id from the Person page.",
                    status=404,
                )
            await tx.audit.add(member.id, "request.add", subject=owner, purpose=_LAW, details={"kind": kind.value})
            request = await tx.requests.add(
                owner, kind, by=member.id, words=words, due_in=self._due_in, received_at=came_at
            )
            text = f"We have received your request about your data. You get an answer by {_day(request.due_at)}."
            await self._tell(tx, owner, "We have your request", text)
            return request

    async def finish(self, token: str, request_id: str, state: RequestState, answer: str) -> None:
        """Answer a request, or refuse it for a reason; the person is told that the answer is in their account.

        Raises: NotAllowed, Refused (404), StoreError.
        """
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.REQUESTS_ACT)
            request = await tx.requests.get(request_id)
            if request is None:
                raise Refused("unknown_request", "There is no such request.", status=404)
            await tx.audit.add(
                member.id, "request.finish", subject=request.owner, purpose=_LAW,
                details={"request": request_id, "kind": request.kind.value, "state": state.value},
            )  # fmt: skip
            await tx.requests.finish(request_id, state, answer)
            if request.owner is not None and request.state is RequestState.RECEIVED:
                text = "Your request about your data is answered. You find the answer in your account, under My data."
                await self._tell(tx, request.owner, "Your request is answered", text)

    async def export(self, token: str, owner: str) -> bytes:
        """Everything that is stored of a person, as a zip, to answer their request. Raises: NotAllowed, Refused."""
        async with self._db.reading() as tx:
            member = await self._gate.require(tx, token, Right.REQUESTS_ACT)
        return await self._rights.export(owner, by=member.id)

    async def _tell(self, tx: Transaction, owner: str, subject: str, text: str) -> None:
        account = await _account_of(tx, owner)
        if account is not None:
            words = Words(subject, text, f"{self._notifier.site}/account#data")
            await self._notifier.tell(tx, account, "data_request", words)


async def _account_of(tx: Transaction, owner: str) -> Account | None:
    return await tx.accounts.get(owner) or await tx.accounts.of_customer(owner)


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"
