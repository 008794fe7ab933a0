"""The office of the desk: customers, colleagues, requests, the record. Each look is on record before it happens."""

import io
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from privacy import NOTICE_VERSION
from service.desk.person_page import engagement_words
from service.desk.requests_page import due_words
from service.desk.visit import Works
from service.errors import NotAllowed, Refused
from store import AuditRefused, RequestKind, RequestState
from tests.service.callers import Callers, people_of
from tests.service.talk import talking
from vocabulary import Owner, Purpose, Role, Signal


@pytest.fixture
async def people(tmp_path: Path) -> AsyncIterator[Callers]:
    async with talking(tmp_path, desk=True) as talk:
        yield await people_of(talk)


def works(people: Callers) -> Works:
    found = people.talk.app.state.desk.works
    assert isinstance(found, Works)
    return found


async def acts(people: Callers, prefix: str = "") -> list[str]:
    """The acts on record, oldest first."""
    async with people.talk.services.db.reading() as tx:
        return [entry.act for entry in reversed(await tx.audit.entries(act=prefix or None))]


async def taken(people: Callers, role: Role = Role.AGENT) -> str:
    """A conversation of the customer that a colleague with this role has taken; their token."""
    token = await people.session(role)
    things = people.own[Role.CUSTOMER]
    async with people.talk.services.db.transaction() as tx:
        await tx.inbox.receive(things.conversation_id, "message-0002", "write to ada@example.org please")
        asked = await tx.escalations.request(things.conversation_id, "message-0001", "asked for a person", 50)
    await works(people).cases.claim(token, asked.id)
    return token


async def test_a_case_shows_placeholders_and_reveals_one_message_on_record(people: Callers) -> None:
    token, conversation = await taken(people), people.own[Role.CUSTOMER].conversation_id
    case = await works(people).cases.open_case(token, conversation)
    assert [message.text for message in case.messages if message.id == "message-0002"] == ["write to [email 1] please"]
    shown = await works(people).cases.reveal(token, conversation, "message-0002")
    assert shown == "write to ada@example.org please"
    assert await acts(people, "case.") == ["case.view", "case.reveal"]
    async with people.talk.services.db.reading() as tx:
        (entry,) = await tx.audit.entries(act="case.reveal")
    assert entry.actor == people.accounts[Role.AGENT] and entry.subject == people.own[Role.CUSTOMER].customer_id


async def test_only_who_has_the_conversation_reveals(people: Callers) -> None:
    await taken(people)
    colleague = await people.session(Role.SUPERVISOR)
    with pytest.raises(Refused, match="not_yours"):
        await works(people).cases.reveal(colleague, people.own[Role.CUSTOMER].conversation_id, "message-0002")
    assert await acts(people, "case.reveal") == []


async def test_nothing_is_shown_when_the_record_cannot_be_written(people: Callers) -> None:
    token, conversation = await taken(people), people.own[Role.CUSTOMER].conversation_id
    await works(people).cases.open_case(token, conversation)
    admin = await people.session(Role.ADMIN)
    people.talk.services.settings.audit_head_file.unlink()
    calls = (
        lambda: works(people).cases.open_queue(token),
        lambda: works(people).cases.open_case(token, conversation),
        lambda: works(people).cases.reveal(token, conversation, "message-0002"),
        lambda: works(people).people.find(admin, ""),
        lambda: works(people).people.person(admin, people.accounts[Role.CUSTOMER]),
        lambda: works(people).people.emotion(admin, people.accounts[Role.CUSTOMER], "a complaint of the customer"),
        lambda: works(people).people.disable(admin, people.accounts[Role.CUSTOMER]),
        lambda: works(people).staff.set_role(admin, people.accounts[Role.AGENT], Role.ADMIN),
        lambda: works(people).requests.list(admin),
        lambda: works(people).audit.entries(admin),
    )
    for call in calls:
        with pytest.raises(AuditRefused):
            await call()
    async with people.talk.services.db.reading() as tx:
        customer, agent = [await tx.accounts.get(people.accounts[role]) for role in (Role.CUSTOMER, Role.AGENT)]
    assert customer is not None and not customer.disabled and agent is not None and agent.role is Role.AGENT


async def test_customers_are_found_by_their_details_and_colleagues_are_not(people: Callers) -> None:
    admin = await people.session(Role.ADMIN)
    for text in ("some customer", "CUSTOMER@example.org", people.accounts[Role.CUSTOMER]):
        assert [one.name for one in await works(people).people.find(admin, text)] == ["Some customer"]
    assert [one.name for one in await works(people).people.find(admin, "agent")] == []
    with pytest.raises(Refused, match="unknown_person"):
        await works(people).people.person(admin, people.accounts[Role.AGENT])


async def test_a_guest_is_found_by_the_conversation_and_stays_nobody(people: Callers) -> None:
    admin, guest = await people.session(Role.ADMIN), people.own["guest"]
    view = await works(people).people.person(admin, guest.conversation_id)
    assert (view.owner, view.account) == (guest.customer_id, None)
    assert view.engagement is not None and (view.engagement.conversations, view.engagement.messages) == (1, 1)


async def test_closing_an_account_ends_its_sessions_at_once(people: Callers) -> None:
    admin, account = await people.session(Role.ADMIN), people.accounts[Role.CUSTOMER]
    heard: list[str] = []
    people.talk.services.sign_outs.listen(heard.append)
    customer = await people.session(Role.CUSTOMER)
    await works(people).people.disable(admin, account)
    async with people.talk.services.db.reading() as tx:
        assert await tx.sessions.of_token(customer) is None
    assert heard == [account]
    await works(people).people.enable(admin, account)
    await people.session(Role.CUSTOMER)
    assert await acts(people, "person.") == ["person.disable", "person.enable"]


@pytest.mark.parametrize("purpose", ["", "   ", "because", "x" * 201])
async def test_a_person_s_emotion_needs_a_purpose_in_words(people: Callers, purpose: str) -> None:
    admin = await people.session(Role.ADMIN)
    with pytest.raises(Refused, match="purpose_missing"):
        await works(people).people.emotion(admin, people.accounts[Role.CUSTOMER], purpose)
    assert await acts(people) == []


async def test_the_purpose_is_on_record_with_who_and_whose(people: Callers) -> None:
    admin, account = await people.session(Role.ADMIN), people.accounts[Role.CUSTOMER]
    points = await works(people).people.emotion(admin, account, "complaint about the\nhand-over of Monday")
    assert [round(one.assessment.state.frustration) for one in points if one.assessment.state] == [72]
    async with people.talk.services.db.reading() as tx:
        (entry,) = await tx.audit.entries(act="emotion.person")
    assert (entry.actor, entry.subject) == (people.accounts[Role.ADMIN], account)
    assert entry.note == "complaint about the hand-over of Monday"


async def test_an_erasure_is_previewed_and_proved(people: Callers) -> None:
    admin, account = await people.session(Role.ADMIN), people.accounts[Role.CUSTOMER]
    preview = await works(people).people.preview_erasure(admin, account)
    assert sum(store.count for store in preview.stores) > 0
    certificate = await works(people).people.erase(admin, account)
    assert certificate.ok, certificate.residual
    with pytest.raises(Refused, match="unknown_person"):
        await works(people).people.person(admin, account)


async def test_nobody_changes_their_own_rights_and_one_admin_stays(people: Callers) -> None:
    admin, staff = await people.session(Role.ADMIN), works(people).staff
    own = people.accounts[Role.ADMIN]
    for change in (
        lambda: staff.set_role(admin, own, Role.AUDITOR),
        lambda: staff.disable(admin, own),
        lambda: staff.reset_second_factor(admin, own),
    ):
        with pytest.raises(Refused, match="own_account"):
            await change()
    second = await staff.create(admin, "Second Admin", "second@example.org", Role.ADMIN)
    async with people.talk.services.db.transaction() as tx:
        token = await tx.sessions.open(second.id)
    await staff.disable(token, own)
    with pytest.raises(NotAllowed):
        await staff.list(admin)
    # The other one is closed: the one who is left can be closed by nobody.
    async with people.talk.services.db.transaction() as tx:
        await tx.accounts.enable(own)
    again = await people.session(Role.ADMIN)
    await staff.set_role(again, second.id, Role.AGENT)
    assert [one.role for one in await staff.list(again) if one.id == second.id] == [Role.AGENT]


async def test_a_new_role_ends_the_colleague_s_sessions(people: Callers) -> None:
    admin, agent = await people.session(Role.ADMIN), await people.session(Role.AGENT)
    await works(people).staff.set_role(admin, people.accounts[Role.AGENT], Role.SUPERVISOR)
    with pytest.raises(NotAllowed, match="signed_out"):
        await works(people).cases.queue(agent)


async def test_a_closed_colleague_s_customers_wait_for_somebody_else(people: Callers) -> None:
    await taken(people)
    admin, conversation_id = await people.session(Role.ADMIN), people.own[Role.CUSTOMER].conversation_id
    await works(people).staff.disable(admin, people.accounts[Role.AGENT])
    async with people.talk.services.db.reading() as tx:
        conversation = await tx.conversations.get(conversation_id)
    assert conversation is not None and (conversation.owner, conversation.agent_id) == (Owner.WAITING, None)
    (entry,) = await works(people).cases.queue(admin)
    assert entry.claimed_by_name is None
    await works(people).cases.claim(admin, entry.escalation.id)


async def test_a_customer_never_becomes_staff(people: Callers) -> None:
    admin = await people.session(Role.ADMIN)
    with pytest.raises(Refused, match="unknown_staff"):
        await works(people).staff.set_role(admin, people.accounts[Role.CUSTOMER], Role.ADMIN)
    with pytest.raises(Refused, match="role_invalid"):
        await works(people).staff.create(admin, "Customer", "new@example.org", Role.CUSTOMER)


@pytest.mark.parametrize(
    ("name", "email", "code"),
    [
        ("", "new@example.org", "name_invalid"),
        ("New", "nowhere", "email_invalid"),
        ("New", "agent@example.org", "taken"),
    ],
)
async def test_a_form_s_mistakes_are_told(people: Callers, name: str, email: str, code: str) -> None:
    admin = await people.session(Role.ADMIN)
    with pytest.raises(Refused, match=code):
        await works(people).staff.create(admin, name, email, Role.AGENT)


async def test_a_request_is_answered_with_the_copy_and_words(people: Callers) -> None:
    admin, account = await people.session(Role.ADMIN), people.accounts[Role.CUSTOMER]
    async with people.talk.services.db.transaction() as tx:
        asked = await tx.requests.add(account, RequestKind.ACCESS, by="self", words="a copy please")
    assert [one.id for one in await works(people).requests.list(admin)] == [asked.id]
    packed = zipfile.ZipFile(io.BytesIO(await works(people).requests.export(admin, account)))
    assert "data.json" in packed.namelist()
    await works(people).requests.finish(admin, asked.id, RequestState.DONE, "sent by mail")
    assert await works(people).requests.list(admin) == []
    done = next(one for one in await works(people).requests.list(admin, open_only=False) if one.id == asked.id)
    assert (done.state, done.answer) == (RequestState.DONE, "sent by mail")


async def told(people: Callers) -> list[str]:
    async with people.talk.services.db.reading() as tx:
        return [one.kind for one in await tx.notifications.of_account(people.accounts[Role.CUSTOMER])]


async def test_a_request_by_post_is_written_down_from_its_day_and_the_person_is_told(people: Callers) -> None:
    admin, account = await people.session(Role.ADMIN), people.accounts[Role.CUSTOMER]
    async with people.talk.services.db.transaction() as tx:
        known = await tx.accounts.get(account)
    assert known is not None and known.email is not None
    came_on = datetime.now(UTC).date() - timedelta(days=3)
    asked = await works(people).requests.add(admin, known.email, RequestKind.CORRECT, "my name is Ada", came_on)
    assert (asked.owner, asked.by != "self", asked.words) == (account, True, "my name is Ada")
    assert (asked.due_at.date() - came_on).days == people.talk.services.settings.request_days
    assert await told(people) == ["data_request"] * known.email_verified
    await works(people).requests.finish(admin, asked.id, RequestState.DONE, "corrected")
    await works(people).requests.finish(admin, asked.id, RequestState.DONE, "corrected again")
    assert await told(people) == ["data_request"] * 2 * known.email_verified
    assert await acts(people, "request.add") == ["request.add"]


@pytest.mark.parametrize(
    ("who", "days", "code"),
    [
        ("nobody@example.org", 0, "unknown_person"),
        ("", 0, "unknown_person"),
        ("own", -1, "came_on"),
        ("own", 400, "came_on"),
    ],
)
async def test_a_request_of_nobody_or_of_another_time_is_refused(
    people: Callers, who: str, days: int, code: str
) -> None:
    admin = await people.session(Role.ADMIN)
    who = people.accounts[Role.CUSTOMER] if who == "own" else who
    came_on = datetime.now(UTC).date() - timedelta(days=days)
    with pytest.raises(Refused) as caught:
        await works(people).requests.add(admin, who, RequestKind.ACCESS, "please", came_on)
    assert caught.value.code == code and await works(people).requests.list(admin) == []


async def test_the_record_is_looked_through_on_record(people: Callers) -> None:
    auditor, admin = await people.session(Role.AUDITOR), await people.session(Role.ADMIN)
    await works(people).people.find(admin, "")
    assert [entry.act for entry in await works(people).audit.entries(auditor)] == ["person.find"]
    assert await acts(people) == ["person.find", "audit.view"]
    assert (await works(people).audit.verify(auditor)).ok
    assert (await works(people).audit.export_head(auditor)).startswith(b'{"head": "3:')


def test_engagement_is_told_by_use_alone() -> None:
    assert [engagement_words(*one) for one in ((0, 0), (1, 3), (1, 8), (2, 3), (5, 5), (1, 40))] == [
        "none", "new", "occasional", "occasional", "regular", "regular",
    ]  # fmt: skip


def test_a_due_day_is_told_with_its_urgency() -> None:
    now = datetime(2026, 1, 10, tzinfo=UTC)
    told = [due_words(now + timedelta(days=days), now) for days in (20, 6.5, 0.2, -0.1, -3)]
    assert told == [
        ("20 d left", "calm"),
        ("6 d left", "raised"),
        ("0 d left", "raised"),
        ("1 d late", "high"),
        ("3 d late", "high"),
    ]


async def test_a_birth_year_that_staff_enter_ends_a_minor_s_consents(people: Callers) -> None:
    admin, things = await people.session(Role.ADMIN), people.own[Role.CUSTOMER]
    async with people.talk.services.db.transaction() as tx:
        await tx.consents.answer(things.customer_id, Signal.TEXT, Purpose.ASSIST, True, NOTICE_VERSION)
    account = people.accounts[Role.CUSTOMER]
    edit = works(people).people.edit
    await edit(admin, account, name="Some customer", language=None, birth_year=1990)
    async with people.talk.services.db.reading() as tx:
        assert await tx.consents.granted(things.customer_id) == {Signal.TEXT}
    await edit(admin, account, name="Some customer", language=None, birth_year=datetime.now(UTC).year - 12)
    async with people.talk.services.db.reading() as tx:
        customer = await tx.customers.get(things.customer_id)
        assert customer is not None and customer.minor and not await tx.consents.granted(things.customer_id)
        assert (await tx.consents.history(things.customer_id))[-1].granted is False
