"""The one place where the desk asks whether a session may do something."""

from service.caller import rights_now
from service.errors import NotAllowed
from store import Account, SignedIn, Transaction
from vocabulary import STAFF_ROLES, Right


class Gate:
    """Checks a session's right in the transaction that acts, so that nothing changes in between.

    admin_second_factor: admins without a second factor may do nothing but set one up.
    """

    def __init__(self, *, admin_second_factor: bool) -> None:
        self._admin_second_factor = admin_second_factor

    async def session(self, tx: Transaction, token: str) -> SignedIn:
        """The session of a member of staff. Raises: NotAllowed (401 without one, 403 for a customer)."""
        signed_in = await tx.sessions.of_token(token)
        if signed_in is None:
            raise NotAllowed("signed_out", "Your session has ended. Please sign in again.")
        if signed_in.account.role not in STAFF_ROLES:
            raise NotAllowed("not_staff", "These pages are for members of staff.", status=403)
        return signed_in

    async def require(self, tx: Transaction, token: str, right: Right) -> Account:
        """The member of staff, if they have this right. Raises: NotAllowed (401, or 403 without the right)."""
        member = (await self.session(tx, token)).account
        if right not in self.rights(member):
            raise NotAllowed(
                "not_permitted", "This is not open to you. Ask an administrator if you need it.", status=403
            )
        return member

    def rights(self, member: Account) -> frozenset[Right]:
        """What this member may do now."""
        return rights_now(member, admin_second_factor=self._admin_second_factor)
