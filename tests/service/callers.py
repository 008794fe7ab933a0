"""One caller of each kind, what is theirs, and what is somebody else's."""

from dataclasses import dataclass, field, replace

from privacy import STRANGERS
from service.accounts.cookie import PLAIN_NAME
from store import Reply, Transaction
from tests.service.talk import Talk
from tests.service.test_consent import assessment
from vocabulary import STAFF_ROLES, Decision, Mode, Role

KINDS = (*STRANGERS, *Role)


@dataclass(frozen=True)
class Things:
    """What somebody has. Every name is a placeholder of a path, and may be named in permissions.toml."""

    customer_id: str
    conversation_id: str
    token: str
    message_id: str = "message-0001"
    answer: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """The value of a placeholder; a name that says nothing here stands for itself."""
        return str(getattr(self, name, None) or self.extra.get(name) or name)


@dataclass
class Callers:
    """The people of the test. own, other: what belongs to the caller, and to somebody else."""

    talk: Talk
    accounts: dict[Role, str]
    own: dict[str, Things]
    other: Things
    key: str

    def own_of(self, kind: str) -> Things:
        """What is the caller's; what is anybody's for those who have nothing of their own."""
        return self.own.get(kind, self.other)

    async def session(self, role: Role) -> str:
        """A fresh session's token: some calls end it."""
        async with self.talk.services.db.transaction() as tx:
            return await tx.sessions.open(self.accounts[role], "A browser")

    async def with_session(self, role: Role) -> Things:
        """What is theirs, with a session beside the one that calls: other calls may have ended those before."""
        async with self.talk.services.db.transaction() as tx:
            return replace(self.own_of(role), extra={"session_id": await _session_of(tx, self.accounts[role])})

    async def headers(self, kind: str) -> dict[str, str]:
        """How this kind of caller shows who it is."""
        if kind == "guest":
            return {"Authorization": f"Bearer {self.own['guest'].token}"}
        if kind == "operator":
            return {"Authorization": f"Bearer {self.talk.services.secrets.operator_token}"}
        if kind == "program":
            return {"Authorization": f"Bearer {self.key}"}
        if kind == "anonymous":
            return {}
        return {"Cookie": f"{PLAIN_NAME}={await self.session(Role(kind))}", "Sec-Fetch-Site": "same-origin"}


async def people_of(talk: Talk) -> Callers:
    """Make them all."""
    async with talk.services.db.transaction() as tx:
        accounts = {
            role: (await tx.accounts.create(role, name=f"Some {role}", email=f"{role}@example.org")).id for role in Role
        }
        customer = await tx.accounts.get(accounts[Role.CUSTOMER])
        stranger = await tx.accounts.create(Role.CUSTOMER, name="Somebody Else", email="else@example.org")
        assert customer is not None and customer.customer_id and stranger.customer_id
        own = {"guest": await _things(tx, None), Role.CUSTOMER: await _things(tx, customer.customer_id)}
        other = await _things(tx, stranger.customer_id)
        other.extra["session_id"] = await _session_of(tx, stranger.id)
        _, key = await tx.program_keys.create("a program")
    return Callers(talk, accounts, own, other, key)


async def _session_of(tx: Transaction, account_id: str) -> str:
    await tx.sessions.open(account_id, "Another browser")
    return (await tx.sessions.list(account_id))[0].id


async def _things(tx: Transaction, customer_id: str | None) -> Things:
    made = await tx.conversations.create(customer_id=customer_id)
    await tx.inbox.receive(made.id, "message-0001", "where is my order?")
    await tx.inbox.mark_sent(made.id, "message-0001")
    answers = await tx.inbox.answer(made.id, "message-0001", [Reply("It is on its way.")])
    scored = Decision(Mode.NO_SELL, False, True, "It is the third time.", 90)
    await tx.assessments.save(assessment(made.id, "message-0001"), scored)
    return Things(made.customer_id, made.id, made.token, answer=answers[0].id)


def is_staff(kind: str) -> bool:
    """Whether this kind of caller signs in at the desk."""
    return kind in STAFF_ROLES
