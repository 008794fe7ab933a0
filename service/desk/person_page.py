"""One customer: details, how they use the service, and what may be done about the account."""

from nicegui import ui

from service.desk.element import Words, button
from service.desk.emotion_panel import draw_emotion_panel
from service.desk.erasure_panel import draw_erasure_panel
from service.desk.frame import page_frame
from service.desk.parts import ask, day_and_time, facts, field, page_head, yes_no
from service.desk.people_work import PersonView
from service.desk.visit import Visit
from service.errors import Refused
from store import Account
from vocabulary import Right


async def draw_person(visit: Visit, owner: str) -> None:
    """Build the page. Raises: Refused (404) if there is no such customer."""
    person = await visit.desk.works.people.person(visit.token, owner)
    with page_frame(visit, current="/people/{key}"):
        Words("a", "← People").props('href="/desk/people"').classes("back")
        page_head(*((_called(person.account), "") if person.account else ("Guest", "A customer without an account")))
        with ui.element("div").classes("columns"):
            with ui.element("div").classes("column"):
                _draw_details(visit, person)
                if person.account is not None and visit.may(Right.PEOPLE_EDIT):
                    _draw_editing(visit, person.account)
            with ui.element("div").classes("column"):
                _draw_engagement(person)
                if person.customer_id is not None and visit.may(Right.EMOTION_PERSON):
                    draw_emotion_panel(visit, person.owner)
        if visit.may(Right.PEOPLE_DELETE):
            draw_erasure_panel(visit, person.owner)


def _draw_details(visit: Visit, person: PersonView) -> None:
    account = person.account
    with ui.element("section").classes("panel"):
        Words("h2", "Details")
        if account is None:
            ui.label("A guest is known by a random id only. Who it is, the shop does not know.").classes("panel-note")
            facts([("Id", person.owner)])
            return
        facts(
            [
                ("Account", account.id),
                ("E-mail", f"{account.email} ({_proved(account.email_verified)})" if account.email else "–"),
                ("Phone", f"{account.phone} ({_proved(account.phone_verified)})" if account.phone else "–"),
                ("Language", account.language or "–"),
                ("Year of birth", str(account.birth_year) if account.birth_year else "–"),
                ("Second factor", yes_no(account.has_second_factor)),
                ("State", "closed" if account.disabled else "open"),
                ("Since", day_and_time(account.created_at)),
                ("Last sign-in", day_and_time(account.signed_in_at)),
            ]
        )
        if visit.may(Right.PEOPLE_EDIT):
            _draw_switch(visit, account)


def _draw_switch(visit: Visit, account: Account) -> None:
    people = visit.desk.works.people

    async def close() -> None:
        await people.disable(visit.token, account.id)
        _again(account.id)

    async def reopen() -> None:
        await people.enable(visit.token, account.id)
        _again(account.id)

    async def asked() -> None:
        ask(visit, "Close this account? The customer is signed out everywhere.", "Close it", close, Right.PEOPLE_EDIT)

    with ui.element("div").classes("card-actions"):
        if account.disabled:
            button(
                "Open the account again", kind="secondary", test_id="desk-enable",
                on_click=visit.guarded(reopen, Right.PEOPLE_EDIT),
            )  # fmt: skip
        else:
            button(
                "Close the account", kind="secondary", test_id="desk-disable",
                on_click=visit.guarded(asked, Right.PEOPLE_EDIT),
            )  # fmt: skip


def _draw_editing(visit: Visit, account: Account) -> None:
    with ui.element("section").classes("panel"):
        Words("h2", "Correct the details")
        ui.label(
            "On the customer's own request. E-mail and phone are changed by the customer, who proves them."
        ).classes("panel-note")
        name = field("Name", "desk-edit-name", account.name)
        language = field("Language (such as en)", "desk-edit-language", account.language or "")
        born = field("Year of birth", "desk-edit-born", str(account.birth_year or ""))

        async def save() -> None:
            await visit.desk.works.people.edit(
                visit.token,
                account.id,
                name=str(name.value or "").strip(),
                language=str(language.value or "").strip() or None,
                birth_year=_year(str(born.value or "")),
            )
            _again(account.id)

        button("Save", kind="primary", test_id="desk-edit-save", on_click=visit.guarded(save, Right.PEOPLE_EDIT))


def _draw_engagement(person: PersonView) -> None:
    with ui.element("section").classes("panel").props('data-testid="desk-engagement"'):
        Words("h2", "How they use the service")
        one = person.engagement
        if one is None:
            ui.label("No conversation yet.").classes("panel-note")
            return
        facts(
            [
                ("Engagement", engagement_words(one.conversations, one.messages)),
                ("Conversations", str(one.conversations)),
                ("Messages written", str(one.messages)),
                ("First seen", day_and_time(one.first_seen)),
                ("Last seen", day_and_time(one.last_seen)),
                ("Passed on to a person", str(one.hand_overs)),
                ("Suggestions", f"{one.helpful} helpful, {one.not_helpful} not helpful, {one.not_for_me} not for them"),
            ]
        )


def engagement_words(conversations: int, messages: int) -> str:
    """How much somebody uses the service, in a word: by conversations and messages alone."""
    if messages == 0:
        return "none"
    if conversations >= 5 or messages >= 40:
        return "regular"
    return "occasional" if conversations >= 2 or messages >= 8 else "new"


def _called(account: Account) -> str:
    return account.name or account.email or account.phone or "Customer without a name"


def _proved(proved: bool) -> str:
    return "proved" if proved else "not proved"


def _year(text: str) -> int | None:
    """Raises: Refused for what is no year."""
    text = text.strip()
    if not text:
        return None
    if not text.isdecimal() or not 1900 <= int(text) <= 2100:
        raise Refused("birth_year", "The year of birth has four digits, such as 1984. Leave it empty if unknown.")
    return int(text)


def _again(owner: str) -> None:
    ui.navigate.to(f"/people/{owner}")
