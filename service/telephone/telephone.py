"""Calls by telephone: which of the provider's calls is which conversation, and what the provider is told to do."""

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

from service.calls.call import Call
from service.calls.calls import Calls
from service.calls.processes import FULL
from service.consenting import Consenting
from service.errors import NotAllowed, Refused
from service.intake import Intake
from service.settings import Settings
from service.telephone.keypad import Keypad
from service.telephone.signature import Params, is_signed
from service.telephone.tickets import Ticket, Tickets
from service.telephone.twiml import connect, hang_up
from service.telephone.words import BUSY, INTERRUPTED, OUT_OF_ORDER, greeting
from store import Conversation, Database

log = logging.getLogger(__name__)

PREFIX: Final = "/api/telephone/twilio"
MEDIA_PATH: Final = f"{PREFIX}/media"
CALL_ID: Final = re.compile(r"CA[0-9a-f]{32}")
ENDED: Final = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
"""What the provider calls a call that is over."""
_NUMBER: Final = re.compile(r"\+[0-9]{5,15}|sips?:[^\s<>\"]{1,190}")
# What carriers send in place of a number that is withheld.
_NOBODY: Final = frozenset({"+266696687", "+7378742833", "+8566696", "+86282452253", "+2562533"})
_CONNECTS_AGAIN: Final = 2
_REMEMBERED: Final = 1000


class Telephone:
    """The installation's telephone line. Apart from the checks, every method takes what the provider has signed."""

    def __init__(self, settings: Settings, db: Database, calls: Calls, consenting: Consenting, intake: Intake) -> None:
        self._account = settings.twilio_account_sid
        self._token = settings.twilio_auth_token.get_secret_value()
        self._site = settings.public_url
        self._db = db
        self._calls = calls
        self._consenting = consenting
        self._intake = intake
        self._tickets = Tickets()
        self._arriving = asyncio.Lock()
        self._live: dict[str, Call] = {}
        self._over: OrderedDict[str, tuple[Ticket, str]] = OrderedDict()

    @property
    def is_on(self) -> bool:
        """Whether a provider's account is set."""
        return bool(self._token)

    def check_form(self, given: str, path_and_query: str, fields: Params) -> dict[str, str]:
        """The fields of a request that the provider has signed, about our account.

        Raises: Refused (404 where there is no telephone), NotAllowed (403).
        """
        self.check(given, f"{self._site}{path_and_query}", fields)
        form = dict(fields)
        if form.get("AccountSid") != self._account or not CALL_ID.fullmatch(form.get("CallSid", "")):
            raise _not_the_provider()
        return form

    def check_socket(self, given: str) -> None:
        """The same for the WebSocket's request, which has no fields. Raises: Refused, NotAllowed."""
        self.check(given, self._stream_url)

    def check(self, given: str, url: str, fields: Params = ()) -> None:
        """Whether the provider has signed this. Raises: Refused (404), NotAllowed (403)."""
        if not self.is_on:
            raise Refused(
                "telephone_off", "No telephone is connected here; docs/howto/telephone.md says how.", status=404
            )
        if not is_signed(self._token, given, url, fields):
            log.warning("a request is not signed by the telephone provider")
            raise _not_the_provider()

    async def arrives(self, form: Mapping[str, str]) -> str:
        """What to do with a call that comes in. The provider asks again when our answer was lost; nobody else may."""
        provider_call = form["CallSid"]
        # One at a time: asked twice at once, one call must not become two conversations.
        async with self._arriving:
            waiting = self._tickets.waiting(provider_call)
            if waiting is not None:
                return self._connect(waiting)
            async with self._db.reading() as tx:
                known = await tx.telephone.find(provider_call)
            if known is not None:
                log.warning("a telephone call arrived again")
                return hang_up()
            why = await self._calls.processes.why_none()
            if why is not None:
                log.warning("a telephone call was not taken", extra={"code": why})
                return hang_up(_sorry(why))
            async with self._db.transaction() as tx:
                made = await tx.conversations.create(channel="telephone")
                await tx.telephone.begin(made.id, provider_call, _number(form.get("From", "")))
            return self._connect(self._tickets.issue(Ticket(provider_call, made.id)))

    def redeem(self, start: Mapping[str, object]) -> Ticket | None:
        """The call whose sound begins, by the `start` of its stream; None if it has no ticket."""
        provider_call, given = start.get("callSid"), start.get("customParameters")
        secret = given.get("ticket") if isinstance(given, dict) else None
        if (
            start.get("accountSid") != self._account
            or not isinstance(provider_call, str)
            or not isinstance(secret, str)
        ):
            return None
        return self._tickets.redeem(provider_call, secret)

    async def begin(self, ticket: Ticket) -> tuple[Call, Keypad]:
        """The call, and its keys. Raises: Refused, Unavailable, StoreError."""
        conversation = await self._conversation(ticket.conversation_id)
        call, _ = await self._calls.begin(
            conversation, transport="telephone", greeting=greeting() if ticket.tries == 0 else None
        )
        self._live[ticket.call] = call
        return call, Keypad(conversation, call, self._consenting, self._intake)

    async def ended(self, ticket: Ticket, because: str) -> None:
        """The call's sound is over. because: as Call.ended, or why it never began."""
        self._over[ticket.call] = (ticket, because)
        while len(self._over) > _REMEMBERED:
            self._over.popitem(last=False)
        call = self._live.pop(ticket.call, None)
        if call is not None:
            await self._calls.end(call.id, because)

    async def follows(self, form: Mapping[str, str]) -> str:
        """What to do once a stream has ended while the caller is still there."""
        ticket, because = self._over.pop(form["CallSid"], (None, ""))
        if ticket is None or because not in ("voice_down", FULL) or form.get("CallStatus") in ENDED:
            return hang_up()
        why = await self._calls.processes.why_none()
        if why is not None or ticket.tries >= _CONNECTS_AGAIN:
            return hang_up(_sorry(why or because))
        again = Ticket(ticket.call, ticket.conversation_id, ticket.tries + 1)
        return self._connect(self._tickets.issue(again), INTERRUPTED)

    async def status(self, form: Mapping[str, str]) -> None:
        """The provider tells how a call stands; one that is over there is over here."""
        call = self._live.get(form["CallSid"])
        if call is not None and form.get("CallStatus") in ENDED:
            await self._calls.end(call.id, "hung_up")

    def _connect(self, secret: str, *first: str) -> str:
        return connect(self._stream_url, f"{self._site}{PREFIX}/after", secret, first=first)

    @property
    def _stream_url(self) -> str:
        return f"wss://{self._site.removeprefix('https://')}{MEDIA_PATH}"

    async def _conversation(self, conversation_id: str) -> Conversation:
        async with self._db.reading() as tx:
            conversation = await tx.conversations.get(conversation_id)
        if conversation is None:
            raise Refused("unknown_conversation", "The conversation has been erased.", status=404)
        return conversation


def _not_the_provider() -> NotAllowed:
    return NotAllowed(
        "wrong_signature",
        "This is not signed by the telephone provider. Check ATTUNE_TWILIO_AUTH_TOKEN and ATTUNE_PUBLIC_URL.",
        status=403,
    )


def _sorry(why: str) -> str:
    return BUSY if why == FULL else OUT_OF_ORDER


def _number(given: str) -> str | None:
    return given if _NUMBER.fullmatch(given) and given not in _NOBODY else None
