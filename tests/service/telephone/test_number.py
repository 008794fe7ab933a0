"""Who rang is for the agent who has the conversation, and for nobody else."""

from service.desk import DeskWork
from service.desk.gate import Gate
from tests.service.talk import Customer, Talk
from tests.service.telephone.provider import new_call
from vocabulary import Role

NUMBER = "+4915112345678"


async def test_the_number_is_shown_to_the_agent_who_has_the_conversation(talk: Talk, customer: Customer) -> None:
    services = talk.services
    desk = DeskWork(services.db, Gate(admin_second_factor=False), services.hub, services.notifier, max_chars=4000)
    tokens = []
    for name in ("Kim Lee", "Sam Poe"):
        account = await talk.staff(Role.AGENT, name, f"{name.split()[0].lower()}@example.org")
        async with services.db.transaction() as tx:
            tokens.append(await tx.sessions.open(account))
    async with services.db.transaction() as tx:
        await tx.telephone.begin(customer.id, new_call(), NUMBER)
    escalation = await customer.hand_over()
    kim, sam = tokens
    assert (await desk.open_case(kim, customer.id)).number is None, "nobody has it yet"
    await desk.claim(kim, escalation)
    assert (await desk.case(kim, customer.id)).number == NUMBER
    assert (await desk.case(sam, customer.id)).number is None


async def test_a_conversation_of_the_page_has_no_number(talk: Talk, customer: Customer) -> None:
    services = talk.services
    desk = DeskWork(services.db, Gate(admin_second_factor=False), services.hub, services.notifier, max_chars=4000)
    account = await talk.staff()
    async with services.db.transaction() as tx:
        token = await tx.sessions.open(account)
    await desk.claim(token, await customer.hand_over())
    assert (await desk.case(token, customer.id)).number is None
