"""Who signs in: accounts, their sessions, codes that work once, second factors, and logins of outside providers."""

from store.accounts.account import Account, Details
from store.accounts.codes import CodeKind, OneTimeCodes, Taken
from store.accounts.people import Accounts
from store.accounts.second_factor import SecondFactor
from store.accounts.sessions import SESSION_LENGTHS, Sessions, SignedIn, SignedInBrowser
from store.accounts.social import SocialLogins

__all__ = [
    "SESSION_LENGTHS",
    "Account",
    "Accounts",
    "CodeKind",
    "Details",
    "OneTimeCodes",
    "SecondFactor",
    "Sessions",
    "SignedIn",
    "SignedInBrowser",
    "SocialLogins",
    "Taken",
]
