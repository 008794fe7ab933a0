"""What admins can do about the accounts of members of staff. Every change is in the audit record first."""

from collections.abc import Sequence

from privacy import rights_of
from service.desk.gate import Gate
from service.desk.refusals import told
from service.errors import Refused
from service.hub import Hub
from service.owners import announce_owner
from service.sign_outs import SignOuts
from store import Account, Database, Transaction
from vocabulary import STAFF_ROLES, Right, Role

_PURPOSE = "running the installation"


class StaffWork:
    """Accounts of staff, for the desk. Nobody changes their own, and one admin always stays."""

    def __init__(self, db: Database, gate: Gate, hub: Hub, sign_outs: SignOuts) -> None:
        self._db = db
        self._gate = gate
        self._hub = hub
        self._sign_outs = sign_outs

    async def list(self, token: str) -> Sequence[Account]:
        """Every member of staff, by name. Raises: NotAllowed."""
        async with self._db.reading() as tx:
            await self._gate.require(tx, token, Right.STAFF_MANAGE)
            return await tx.accounts.list(roles=STAFF_ROLES, limit=1000)

    async def create(self, token: str, name: str, email: str, role: Role) -> Account:
        """Make an account without a password; its owner chooses one by "Forgot your password?".

        Raises: NotAllowed, Refused (409, the address has an account), StoreError.
        """
        if role not in STAFF_ROLES:
            raise Refused("role_invalid", f"{role} is no role of staff; choose {', '.join(sorted(STAFF_ROLES))}.")
        if not name.strip():
            raise Refused("name_invalid", "Write the name that customers will see.")
        async with self._db.transaction() as tx:
            member = await self._gate.require(tx, token, Right.STAFF_MANAGE)
            # An administrator vouches for the address; the first link that is sent there proves it.
            with told():
                account = await tx.accounts.create(role, name=name.strip(), email=email.strip())
            await tx.audit.add(
                member.id, "staff.create", subject=account.id, purpose=_PURPOSE, details={"role": role.value}
            )
            return account

    async def set_role(self, token: str, account_id: str, role: Role) -> None:
        """Change what a colleague may do; their sessions end. Raises: NotAllowed, Refused."""
        async with self._db.transaction() as tx:
            member, colleague = await self._colleague(tx, token, account_id)
            if colleague.role is Role.ADMIN and role is not Role.ADMIN:
                await self._keep_an_admin(tx, colleague)
            await tx.audit.add(
                member.id, "staff.role", subject=account_id, purpose=_PURPOSE,
                details={"from": colleague.role.value, "to": role.value},
            )  # fmt: skip
            await tx.accounts.set_role(account_id, role)
            left = [] if Right.CASE_ANSWER in rights_of(role) else await tx.escalations.release(account_id)
        self._sign_outs.publish(account_id)
        await self._back_in_queue(left)

    async def disable(self, token: str, account_id: str) -> None:
        """Close a colleague's account and end their sessions; their customers wait for somebody else.

        Raises: NotAllowed, Refused.
        """
        async with self._db.transaction() as tx:
            member, colleague = await self._colleague(tx, token, account_id)
            await self._keep_an_admin(tx, colleague)
            await tx.audit.add(member.id, "staff.disable", subject=account_id, purpose=_PURPOSE)
            await tx.accounts.disable(account_id)
            left = await tx.escalations.release(account_id)
        self._sign_outs.publish(account_id)
        await self._back_in_queue(left)

    async def enable(self, token: str, account_id: str) -> None:
        """Open it again. Raises: NotAllowed, Refused."""
        async with self._db.transaction() as tx:
            member, _ = await self._colleague(tx, token, account_id)
            await tx.audit.add(member.id, "staff.enable", subject=account_id, purpose=_PURPOSE)
            await tx.accounts.enable(account_id)

    async def reset_second_factor(self, token: str, account_id: str) -> None:
        """Remove a colleague's lost second factor and end their sessions. Raises: NotAllowed, Refused."""
        async with self._db.transaction() as tx:
            member, _ = await self._colleague(tx, token, account_id)
            await tx.audit.add(member.id, "staff.second_factor", subject=account_id, purpose=_PURPOSE)
            await tx.second_factor.remove(account_id)
            await tx.sessions.end_all(account_id)
        self._sign_outs.publish(account_id)

    async def _back_in_queue(self, conversations: Sequence[str]) -> None:
        for conversation_id in conversations:
            await announce_owner(self._db, self._hub, conversation_id)

    async def _colleague(self, tx: Transaction, token: str, account_id: str) -> tuple[Account, Account]:
        member = await self._gate.require(tx, token, Right.STAFF_MANAGE)
        colleague = await tx.accounts.get(account_id)
        if colleague is None or colleague.role not in STAFF_ROLES:
            raise Refused("unknown_staff", "There is no such member of staff.", status=404)
        if colleague.id == member.id:
            raise Refused("own_account", "Nobody changes their own rights. Ask another administrator.", status=409)
        return member, colleague

    @staticmethod
    async def _keep_an_admin(tx: Transaction, colleague: Account) -> None:
        if colleague.role is not Role.ADMIN or colleague.disabled:
            return
        admins = await tx.accounts.list(roles=(Role.ADMIN,), limit=1000)
        if not any(one.id != colleague.id and not one.disabled for one in admins):
            raise Refused("last_admin", "This is the last administrator. Make another one first.", status=409)
