"""What people ask about their data, and how it is answered."""

from collections.abc import Sequence
from typing import Final

from service.desk.gate import Gate
from service.errors import Refused
from service.rights import Rights
from store import Database, DataRequest, RequestState
from vocabulary import Right

_LAW: Final = "a person's rights about their data"


class RequestsWork:
    """What supervisors, admins and auditors see of the requests, and who answers them does."""

    def __init__(self, db: Database, gate: Gate, rights: Rights) -> None:
        self._db = db
        self._gate = gate
        self._rights = rights

    async def list(self, token: str, *, open_only: bool = True) -> Sequence[DataRequest]:
        """People's requests about their data, the most urgent first. Raises: NotAllowed."""
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.REQUESTS_VIEW)
            found = await tx.requests.by_due_day(open_only=open_only)
            await tx.audit.add(member.id, "request.list", purpose=_LAW, details={"shown": len(found)})
            return found

    async def finish(self, token: str, request_id: str, state: RequestState, answer: str) -> None:
        """Say that a request was answered, or refused for a reason that the person was told.

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

    async def export(self, token: str, owner: str) -> bytes:
        """Everything that is stored of a person, as a zip, to answer their request. Raises: NotAllowed, Refused."""
        async with self._db.reading() as tx:
            member = await self._gate.require(tx, token, Right.REQUESTS_ACT)
        return await self._rights.export(owner, by=member.id)
