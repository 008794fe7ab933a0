"""The accounts of members of staff, for admins."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from service.desk.element import Words, button
from service.desk.frame import page_frame
from service.desk.parts import ask, day, field, page_head, table, yes_no
from service.desk.visit import Visit
from store import Account
from vocabulary import STAFF_ROLES, Right, Role

_ROLES = {role.value: role.value for role in Role if role in STAFF_ROLES}


async def draw_staff(visit: Visit) -> None:
    """Build the page."""
    page = StaffPage(visit)
    with page_frame(visit, current="/admin"):
        page_head("Staff", "A change of role ends that colleague's sessions. Nobody changes their own.")
        page.shown = ui.element("div")
        page.draw_form()
    await page.draw()


class StaffPage:
    """The list of accounts, and a form for a new one."""

    shown: ui.element

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._staff = visit.desk.works.staff

    async def draw(self) -> None:
        """Read the accounts and show them."""
        members = await self._staff.list(self._visit.token)
        self.shown.clear()
        with self.shown:
            table(
                ("Name", "E-mail", "Role", "Second factor", "State", "Last sign-in", "Change"),
                [
                    (
                        member.name,
                        member.email or "–",
                        self._role_cell(member),
                        yes_no(member.has_second_factor),
                        "closed" if member.disabled else "open",
                        day(member.signed_in_at),
                        self._acts_cell(member),
                    )
                    for member in members
                ],
                label="Members of staff",
                test_id="desk-staff",
            )

    def draw_form(self) -> None:
        """The form for a new account."""
        with ui.element("section").classes("panel"):
            Words("h2", "A new colleague")
            ui.label(
                "The account has no password yet: they choose one with “Forgot your password?” on the sign-in page, "
                "by a link that is sent to this address."
            ).classes("panel-note")
            name = field("Name, as customers see it", "desk-staff-name")
            email = field("E-mail", "desk-staff-email")
            role = (
                ui.select(_ROLES, value=Role.AGENT.value)
                .props('outlined dense options-dense aria-label="Role" data-testid="desk-staff-role"')
                .classes("field")
            )

            async def create() -> None:
                made = await self._staff.create(
                    self._visit.token, str(name.value or ""), str(email.value or ""), Role(str(role.value))
                )
                ui.notify(f"{made.name} can sign in after choosing a password.", type="positive")
                name.set_value("")
                email.set_value("")
                await self.draw()

            self._button("Make the account", "desk-staff-create", create, kind="primary")

    def _role_cell(self, member: Account) -> Callable[[], None] | str:
        if member.id == self._visit.member.id:
            return f"{member.role.value} (you)"

        def draw() -> None:
            choice = (
                ui.select(_ROLES, value=member.role.value)
                .props('outlined dense options-dense aria-label="Role"')
                .classes("role-choice")
            )

            async def change() -> None:
                await self._staff.set_role(self._visit.token, member.id, Role(str(choice.value)))
                await self.draw()

            self._button("Set", "desk-staff-set-role", change, kind="quiet")

        return draw

    def _acts_cell(self, member: Account) -> Callable[[], None] | str:
        if member.id == self._visit.member.id:
            return "–"

        def draw() -> None:
            with ui.element("div").classes("card-actions"):
                if member.disabled:
                    self._button("Open again", "desk-staff-enable", self._doing(self._staff.enable, member))
                else:
                    question = f"Close the account of {member.name}? They are signed out everywhere."
                    self._asking("Close", "desk-staff-disable", question, self._staff.disable, member)
                if member.has_second_factor:
                    question = f"Remove the second factor of {member.name}? Be sure that it is they who asked."
                    self._asking(
                        "Reset second factor", "desk-staff-reset", question, self._staff.reset_second_factor, member
                    )

        return draw

    def _doing(self, act: Callable[[str, str], Awaitable[None]], member: Account) -> Callable[[], Awaitable[None]]:
        async def do() -> None:
            await act(self._visit.token, member.id)
            await self.draw()

        return do

    def _asking(
        self, text: str, test_id: str, question: str, act: Callable[[str, str], Awaitable[None]], member: Account
    ) -> None:
        async def asked() -> None:
            ask(self._visit, question, text, self._doing(act, member), Right.STAFF_MANAGE)

        self._button(text, test_id, asked)

    def _button(self, text: str, test_id: str, act: Callable[[], Awaitable[None]], *, kind: str = "secondary") -> None:
        button(text, kind=kind, test_id=test_id, on_click=self._visit.guarded(act, Right.STAFF_MANAGE))
