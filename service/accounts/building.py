"""The parts that serve accounts, wired together."""

from dataclasses import dataclass
from typing import Self

from privacy import KeyRing
from service.accounts.guard import Guard
from service.accounts.own import OwnAccount
from service.accounts.pace import Pace
from service.accounts.phone import Phones
from service.accounts.providers import Providers
from service.accounts.registration import Registrations
from service.accounts.second_factors import SecondFactors
from service.accounts.sign_in import SignIn
from service.channels import NONE
from service.consenting import Consenting
from service.limits import RateLimiter
from service.notify import Notifier
from service.settings import Settings
from service.sign_outs import SignOuts
from store import Database


@dataclass(frozen=True)
class AccountServices:
    """Everything about accounts that routes and pages call. limit: requests of one address that prove or ask something
    about an account."""

    sign_in: SignIn
    registrations: Registrations
    phones: Phones
    own: OwnAccount
    second_factors: SecondFactors
    providers: Providers
    limit: RateLimiter

    @classmethod
    def build(
        cls,
        settings: Settings,
        db: Database,
        keyring: KeyRing,
        notifier: Notifier,
        sign_outs: SignOuts,
        consenting: Consenting,
    ) -> Self:
        """Wire them together."""
        pace = Pace(floor_s=settings.account_answer_s)
        guard = Guard(attempts=settings.sign_in_attempts, lock_s=settings.sign_in_lock_s)
        sign_in = SignIn(db, guard, pace, sign_outs, admin_second_factor=settings.admin_second_factor)
        return cls(
            sign_in=sign_in,
            registrations=Registrations(db, notifier, sign_in, pace, sign_outs),
            phones=Phones(
                db,
                notifier,
                sign_in,
                pace,
                sign_outs,
                region=settings.phone_region or None,
                is_on=settings.phone_sender != NONE,
            ),
            own=OwnAccount(db, notifier, sign_in, pace, sign_outs, consenting),
            second_factors=SecondFactors(db, notifier, sign_in, sign_outs),
            providers=Providers(db, keyring, notifier, sign_in, sign_outs, settings.oidc_providers),
            limit=RateLimiter(burst=settings.account_burst, per_s=settings.account_per_s),
        )
