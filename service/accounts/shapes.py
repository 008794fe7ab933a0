"""What the account routes take and give."""

from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field, field_validator

from service.shapes import In
from store import Account, SignedInBrowser

# As long as an address can be, and longer than any password that is taken: the rest is refused unread.
Address = Annotated[str, Field(min_length=1, max_length=254)]
Password = Annotated[str, Field(min_length=1, max_length=1024)]
Code = Annotated[str, Field(min_length=1, max_length=40)]


def _on_one_line(name: str) -> str:
    if not name.isprintable():
        raise ValueError("expected one line of text")
    return name.strip()


Name = Annotated[str, Field(max_length=120), AfterValidator(_on_one_line)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2}$", description="ISO 639-1")]
_OLDEST = 1900


class _Details(In):
    language: Language | None = None
    birth_year: int | None = Field(default=None, ge=_OLDEST)

    @field_validator("birth_year")
    @classmethod
    def _not_to_come(cls, value: int | None) -> int | None:
        if value is not None and value > datetime.now(UTC).year:
            raise ValueError("expected a year that has begun")
        return value


class RegisterIn(_Details):
    """Somebody wants an account."""

    email: Address
    password: Password
    name: Name = ""


class DetailsIn(_Details):
    """Somebody changes their details; what is not sent stays, null removes."""

    name: Name | None = None


class TokenIn(In):
    """The token of a link in a mail."""

    token: Annotated[str, Field(min_length=1, max_length=200)]


class VerifyIn(TokenIn):
    """password: the one that was chosen, where another browser opens the link than the one that registered."""

    password: Password | None = None


class LoginIn(In):
    """code: of the second factor, or a recovery code, where the account has one."""

    email: Address
    password: Password
    code: Code | None = None


class PhoneIn(In):
    """A telephone number with its country code."""

    phone: Annotated[str, Field(min_length=3, max_length=40)]


class PhoneCodeIn(PhoneIn):
    """second_factor: the code of the app, where the account has one."""

    code: Code
    second_factor: Code | None = None


class EmailIn(In):
    """An e-mail address."""

    email: Address


class NewPasswordIn(TokenIn):
    """After a reset."""

    password: Password


class PasswordIn(In):
    """current: not needed where there is no password yet."""

    current: Password | None = None
    new: Password


class NewEmailIn(EmailIn):
    """password: not needed where there is none."""

    password: Password | None = None


class ProofIn(In):
    """The password, asked for again."""

    password: Password


class CodeIn(In):
    """A code of the authenticator app."""

    code: Code


class StateOut(BaseModel):
    """What happens next: check_mail, check_phone, changed or signed_out."""

    state: str


class AccountOut(BaseModel):
    """Who is signed in. second_factor_required, password_required: nothing else is open before it is set up, or before
    another password is chosen in place of the printed one."""

    id: str
    role: str
    name: str
    email: str | None
    phone: str | None
    language: str | None
    birth_year: int | None
    email_verified: bool
    phone_verified: bool
    has_password: bool
    has_second_factor: bool
    second_factor_required: bool
    password_required: bool

    @classmethod
    def of(cls, account: Account, *, second_factor_required: bool) -> Self:
        """The account as its owner sees it."""
        return cls(
            id=account.id,
            role=account.role.value,
            name=account.name,
            email=account.email,
            phone=account.phone,
            language=account.language,
            birth_year=account.birth_year,
            email_verified=account.email_verified,
            phone_verified=account.phone_verified,
            has_password=account.has_password,
            has_second_factor=account.has_second_factor,
            second_factor_required=second_factor_required,
            password_required=account.has_first_password,
        )


class SessionOut(BaseModel):
    """One signed-in browser. current: the one that asks."""

    id: str
    device: str
    since: datetime
    seen_at: datetime
    current: bool

    @classmethod
    def of(cls, session: SignedInBrowser, current_id: str) -> Self:
        """The session as its owner sees it."""
        return cls(
            id=session.id,
            device=session.device,
            since=session.since,
            seen_at=session.seen_at,
            current=session.id == current_id,
        )


class SessionsOut(BaseModel):
    """Every signed-in browser, latest first."""

    sessions: list[SessionOut]


class EnrolmentOut(BaseModel):
    """What an authenticator app needs. qr_svg: a picture of uri."""

    secret: str
    uri: str
    qr_svg: str


class RecoveryOut(BaseModel):
    """Codes for when the app is lost; they are shown this once."""

    recovery_codes: list[str]


class LoginsOut(BaseModel):
    """The ids of the providers that open the account."""

    providers: list[str]


class ProviderOut(BaseModel):
    """A way to sign in by somebody else's account."""

    id: str
    name: str
