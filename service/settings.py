"""Settings of the web process."""

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from privacy import SMALLEST_GROUP
from service.accounts.oidc import OidcProvider
from service.calls.wire import IceServer
from service.mail_server import MailServer, sender_address
from speech import AUTO, ENGINES, VOICES, DiarizationSetup, SpeechSetup, VoiceSetup, phrases_in_use
from store import StoreSettings

# A source expression of the Content-Security-Policy; anything else could end the header early.
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.*-]+(:\d{1,5})?")


_LEAST_TOKEN = 32
# Those of Chrome and its relatives, Firefox, Safari, and Edge.
_PUSH_SERVICES = (
    "https://fcm.googleapis.com",
    "https://updates.push.services.mozilla.com",
    "https://*.push.apple.com",
    "https://*.notify.windows.com",
)


class Settings(StoreSettings):
    """Read from the environment, prefix ATTUNE_."""

    # A value may hold a password: an error names the setting and the rule only.
    model_config = SettingsConfigDict(hide_input_in_errors=True)

    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8000, ge=1, le=65535)
    rasa_url: str = "http://127.0.0.1:5005"
    actions_url: str = "http://127.0.0.1:5055"
    voice_host: str = "127.0.0.1"
    voice_port: int = Field(default=8010, ge=1, le=65535)
    voice_urls: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="voice processes that calls are shared among, as http://127.0.0.1:8010, separated by commas; "
        "empty: the one at voice_host and voice_port",
    )
    voice_calls: int = Field(default=12, ge=1, le=200, description="calls that one voice process takes at once")
    voice_warm: bool = Field(
        default=True, description="a voice process loads its recogniser when it starts, not with the first call"
    )
    turn_strategy: Literal["smart", "timeout"] = Field(
        default="smart", description="what ends a customer's turn in a call: smart-turn, or silence alone"
    )
    turn_silence_s: float = Field(default=0.7, ge=0.2, le=5, description="silence that ends a turn in a call")
    call_seconds: float = Field(default=3600.0, ge=60, description="longest call")
    calls_of_address: int = Field(default=6, ge=1, description="calls that one address may have at once")
    hold_every_s: float = Field(
        default=45.0, ge=5, description="how often a caller who waits for a person is told that they wait"
    )
    ice_servers: tuple[IceServer, ...] = Field(
        default=(),
        description="STUN and TURN servers of calls: a JSON list of urls, username, credential. Empty: none is asked, "
        "which is enough inside one network and for calls by WebSocket",
    )
    metrics_token: SecretStr = Field(
        default=SecretStr(""),
        description="opens /metrics, 32 characters or more; empty: the one that attune metrics --token prints",
    )
    otlp_endpoint: str = Field(
        default="",
        pattern=r"^(https?://\S+)?$",
        description="where spans of turns go (OTLP over HTTP), as http://127.0.0.1:4318/v1/traces; empty: nowhere",
    )
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="sites that may show /chat in a frame, beside this one; separated by commas"
    )
    behind_proxy: bool = Field(
        default=False,
        description="a reverse proxy on this machine sets X-Forwarded-For and -Proto; otherwise these are ignored, "
        "because anyone can send them",
    )
    tls_cert: Path | None = Field(default=None, description="certificate chain (PEM); with it, the server speaks TLS")
    tls_key: Path | None = Field(default=None, description="the certificate's private key (PEM), mode 0600")
    production: bool = Field(
        default=False, description="refuse to start while anything is missing that real people's data needs"
    )
    max_connections: int = Field(default=1000, ge=10, description="open at once")
    max_connections_of_address: int = Field(
        default=200, ge=4, description="open at once of one address; not looked at behind a proxy"
    )
    log_level: str = "INFO"

    max_message_chars: int = Field(default=4000, ge=1)
    # 4,000 characters as JSON escapes of surrogate pairs are 48 kB.
    max_json_bytes: int = Field(default=64 * 1024, ge=1024)
    max_audio_bytes: int = Field(default=25 * 1024 * 1024, ge=1024)
    max_audio_seconds: float = Field(default=600.0, gt=0)
    transcriber_workers: int = Field(default=1, ge=1, le=8)
    transcriber_queue: int = Field(
        default=32, ge=0, description="recordings that may arrive or wait; more are refused as busy"
    )
    speech_engine: str = Field(default=AUTO, description=f"{AUTO}, or one of {', '.join(ENGINES)}")
    speech_model: str = Field(default="", description="name or folder of a Whisper model; empty: the best that is here")
    speech_language: str = Field(default="en", description="what customers speak (ISO 639-1), or auto to detect it")
    speech_voice: str = Field(
        default="",
        description="who reads answers out: empty for the best voice that is here, none for text only, "
        f"{', '.join(VOICES)}, or a Piper voice by name or path",
    )
    diarization_pipeline: str = Field(
        default="", description="folder of a pyannote.audio pipeline; empty: speech/diarization in the home folder"
    )
    diarization_budget_s: float = Field(
        default=8.0, gt=0, le=60, description="longest wait for who speaks; later the voice is left out of the turn"
    )
    max_catalogue_bytes: int = Field(
        default=64 * 1024 * 1024, ge=1024, description="largest catalogue file that the API and the desk take"
    )
    max_wait_s: float = Field(default=120.0, gt=0, description="longest ?wait= of a turn")

    notice_after_s: float = Field(default=1.8, gt=0, description="when the customer is told that a turn is late")
    # Rasa's channel waits up to 10 s for another turn and gives one turn 20 s.
    rasa_timeout_s: float = Field(default=32.0, gt=0)
    retry_first_s: float = Field(default=0.5, gt=0)
    retry_longest_s: float = Field(default=10.0, gt=0)
    give_up_after: int = Field(
        default=30, ge=1, description="failed attempts at one message, all parts up, before an apology"
    )

    message_burst: int = Field(default=60, ge=1, description="messages of one conversation at once")
    messages_per_s: float = Field(default=3.0, gt=0)
    address_burst: int = Field(default=1000, ge=1, description="requests of one address at once")
    requests_per_s: float = Field(default=200.0, gt=0)

    conversation_burst: int = Field(default=120, ge=1, description="new conversations of one address at once")
    conversations_per_s: float = Field(default=2.0, gt=0)

    steps_burst: int = Field(default=20, ge=1, description="batches of steps of one conversation at once")
    steps_per_s: float = Field(default=1.0, gt=0)

    program_burst: int = Field(default=300, ge=1, description="requests of one program's key at once")
    programs_per_s: float = Field(default=20.0, gt=0)
    search_burst: int = Field(default=120, ge=1, description="searches of one address in the storefront at once")
    searches_per_s: float = Field(default=10.0, gt=0)
    events_burst: int = Field(default=60, ge=1, description="shop events of one address at once")
    events_per_s: float = Field(default=5.0, gt=0)
    visit_events: int = Field(
        default=300, ge=1, description="shop events of one visit in an hour; more are no person's"
    )
    learn_at: str = Field(
        default="03:30",
        pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$",
        description="time of day (UTC) at which suggestions learn from the day before; empty: only after erasures",
    )

    public_url: str = Field(
        default="",
        description="where customers reach this installation, such as https://shop.example; links in mail "
        "lead there. Empty: the address that the web process listens at",
    )
    smtp_url: SecretStr = Field(
        default=SecretStr(""),
        description="the mail server: smtps://user:password@host:465, or smtp://user:password@host:587 (STARTTLS); "
        "smtp+clear:// for a server on this machine. Empty: mail is written to the console",
    )
    smtp_ca_file: Path | None = Field(default=None, description="certificates that the mail server's must lead to")
    mail_from: str = Field(default="", description="the sender of mail, such as Shop <service@shop.example>")
    phone_sender: str = Field(
        default="console", description="name of the package that sends codes to phones (attune.phone_senders)"
    )
    push_contact: str = Field(
        default="", description="whom push services may write to, such as mailto:service@shop.example; empty: mail_from"
    )
    push_services: Annotated[tuple[str, ...], NoDecode] = Field(
        default=_PUSH_SERVICES,
        description="addresses of the push services that browsers may name, separated by commas; * stands for names",
    )

    controller: str = Field(
        default="",
        max_length=200,
        description="who answers for the data, with address; stands in the governance papers",
    )
    privacy_contact: str = Field(
        default="", max_length=200, description="whom people ask about their data; stands in the governance papers"
    )
    statistics_budget: float = Field(
        default=5.0,
        ge=1.0,
        le=20.0,
        description="what a month's private statistics may cost in all (epsilon): a week's figures cost 1",
    )
    statistics_min_group: int = Field(
        default=SMALLEST_GROUP,
        ge=SMALLEST_GROUP,
        description="private statistics say nothing about fewer customers than this",
    )

    sign_in_attempts: int = Field(default=5, ge=1, description="wrong tries at an account from one address in a row")
    sign_in_lock_s: float = Field(default=900.0, gt=0, description="how long the account is closed to it then")
    account_answer_s: float = Field(
        default=0.3, ge=0, le=5, description="shortest answer to whoever signs in or registers: it hides what is known"
    )
    account_burst: int = Field(default=40, ge=1, description="sign-ins, codes and links of one address at once")
    account_per_s: float = Field(default=0.2, gt=0)
    admin_second_factor: bool = Field(
        default=False, description="admins may do nothing before they have set up a second factor"
    )
    twilio_account_sid: str = Field(
        default="",
        pattern=r"^(AC[0-9a-f]{32})?$",
        description="account of the telephone provider Twilio, AC…; empty: no calls by telephone",
    )
    twilio_auth_token: SecretStr = Field(
        default=SecretStr(""), description="the account's auth token, which signs what the provider sends"
    )
    phone_region: str = Field(
        default="", pattern=r"^([A-Z]{2})?$", description="country of telephone numbers without a country code, as DE"
    )
    oidc_providers: tuple[OidcProvider, ...] = Field(
        default=(), description="providers that customers may sign in by: a JSON list of id, name, issuer, client_id, …"
    )

    @field_validator("allowed_origins", "push_services", "voice_urls", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("allowed_origins", "push_services")
    @classmethod
    def _check(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(
                    f"{origin!r} is no origin; expected one such as https://shop.example or http://localhost:8080"
                )
        return value

    @field_validator("metrics_token")
    @classmethod
    def _check_metrics_token(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < _LEAST_TOKEN:
            raise ValueError(f"expected {_LEAST_TOKEN} characters or more, or nothing")
        return value

    @field_validator("voice_urls")
    @classmethod
    def _check_voice_urls(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for url in value:
            if "*" in url or not _ORIGIN.fullmatch(url.rstrip("/")):
                raise ValueError(f"{url!r} is no address; expected one such as http://127.0.0.1:8010, without a path")
        return tuple(url.rstrip("/") for url in value)

    @field_validator("rasa_url", "actions_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @model_validator(mode="after")
    def _check_tls(self) -> Self:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("one of ATTUNE_TLS_CERT and ATTUNE_TLS_KEY is set; expected both, or none")
        for path in (self.tls_cert, self.tls_key):
            if path is not None and not os.access(path, os.R_OK):
                raise ValueError(f"{path} cannot be read; expected a PEM file that this user may read")
        return self

    @model_validator(mode="after")
    def _check_mail(self) -> Self:
        url = self.smtp_url.get_secret_value()
        if url:
            MailServer.parse(url)
        if url or self.mail_from:
            sender_address(self.mail_from)
        if self.push_contact and not self.push_contact.startswith(("mailto:", "https://")):
            raise ValueError(f"push_contact is {self.push_contact!r}; expected mailto:… or https://…")
        return self

    @field_validator("public_url")
    @classmethod
    def _check_public_url(cls, value: str) -> str:
        value = value.rstrip("/")
        if value and ("*" in value or not _ORIGIN.fullmatch(value)):
            raise ValueError(f"{value!r} is no address; expected one such as https://shop.example, without a path")
        return value

    @model_validator(mode="after")
    def _check_telephone(self) -> Self:
        token = self.twilio_auth_token.get_secret_value()
        if bool(self.twilio_account_sid) != bool(token):
            raise ValueError(
                "one of ATTUNE_TWILIO_ACCOUNT_SID and ATTUNE_TWILIO_AUTH_TOKEN is set; expected both, or none"
            )
        if token and not self.public_url.startswith("https://"):
            raise ValueError(
                "ATTUNE_TWILIO_AUTH_TOKEN is set and ATTUNE_PUBLIC_URL is no https:// address; expected the one that "
                "the provider reaches: what it signs begins with it"
            )
        return self

    @property
    def site(self) -> str:
        """The address that links lead to, without a slash at the end. Never taken from a request's Host header."""
        return self.public_url or self.local_url

    @property
    def local_url(self) -> str:
        """Where commands on this machine reach the web process."""
        host = f"[{self.web_host}]" if ":" in self.web_host else self.web_host
        return f"{'http' if self.tls_cert is None else 'https'}://{host}:{self.web_port}"

    @property
    def voice(self) -> VoiceSetup:
        """What answers are read out with."""
        return VoiceSetup(voice=self.speech_voice, shelf=self.home / "speech" / "voices")

    @property
    def diarization(self) -> DiarizationSetup:
        """Where who speaks is asked."""
        folder = Path(self.diarization_pipeline).expanduser() if self.diarization_pipeline else None
        return DiarizationSetup(
            pipeline=folder.resolve() if folder else self.home / "speech" / "diarization",
            budget_s=self.diarization_budget_s,
        )

    @property
    def speech(self) -> SpeechSetup:
        """What the recogniser is opened with. The processor is shared between the workers."""
        return SpeechSetup(
            engine=self.speech_engine,
            model=self.speech_model,
            shelf=self.home / "speech",
            language_model=phrases_in_use(self.home),
            language=None if self.speech_language == AUTO else self.speech_language,
            threads=max(1, (os.cpu_count() or 1) // self.transcriber_workers),
        )
