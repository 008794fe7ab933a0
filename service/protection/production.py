"""What an installation lacks that real people's data may go through it."""

import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url

from service.addresses import LOOPBACK
from service.channels import CONSOLE, describe_senders
from service.settings import Settings

# Words that stand in examples until somebody replaces them.
_PLACEHOLDER: Final = re.compile(
    r"change.?me|replace.?me|placeholder|example\.(com|org|net)\b|\.example\b|your[-_.]|:(password|secret|admin)@|<.+>",
    re.IGNORECASE,
)
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def production_problems(settings: Settings) -> list[str]:
    """What has to be put right before production, a line each, with what to do; empty if nothing.

    Values are not repeated: they may hold passwords.
    """
    return [*_placeholders(settings), *_transport(settings), *_voice(settings), *_senders(settings), *_files(settings)]


def _placeholders(settings: Settings) -> Iterator[str]:
    for name in ("public_url", "mail_from", "push_contact", "database_url"):
        # The sender of mail is "Name <address>": only what is in the brackets can be a placeholder.
        value = str(getattr(settings, name)).replace("<", " ").replace(">", " ")
        if _PLACEHOLDER.search(value):
            yield f"ATTUNE_{name.upper()} still holds a placeholder; expected this installation's own value."
    if _PLACEHOLDER.search(settings.smtp_url.get_secret_value()):
        yield "ATTUNE_SMTP_URL still holds a placeholder; expected your mail server, user and password."
    for name in ("twilio_auth_token", "metrics_token"):
        if _PLACEHOLDER.search(getattr(settings, name).get_secret_value()):
            yield f"ATTUNE_{name.upper()} still holds a placeholder; expected a secret that nobody can guess."


def _transport(settings: Settings) -> Iterator[str]:
    if not settings.public_url.startswith("https://"):
        yield (
            "ATTUNE_PUBLIC_URL is not an https:// address; expected the one that customers use, such as "
            "https://help.your-shop.com. Links in mail lead there."
        )
    if settings.tls_cert is None and not settings.behind_proxy:
        yield (
            "nothing encrypts the way to this server: set ATTUNE_TLS_CERT and ATTUNE_TLS_KEY, or put a proxy with TLS "
            "on this machine in front of it and set ATTUNE_BEHIND_PROXY=true."
        )
    if any(origin.startswith("http://") for origin in (*settings.allowed_origins, *settings.push_services)):
        yield "ATTUNE_ALLOWED_ORIGINS or ATTUNE_PUSH_SERVICES name an http:// address; expected https:// only."


def _voice(settings: Settings) -> Iterator[str]:
    if settings.voice_host not in LOOPBACK:
        yield (
            "ATTUNE_VOICE_HOST lets other machines reach the voice process, which speaks without TLS; expected "
            "127.0.0.1, with a proxy that speaks TLS in front of it where the web process is on another machine."
        )
    for url in settings.voice_urls:
        parts = urlsplit(url)
        if parts.scheme == "http" and (parts.hostname or "") not in LOOPBACK:
            yield (
                f"ATTUNE_VOICE_URLS names {parts.hostname} by http://: what customers say would travel in the clear; "
                "expected https:// for processes on other machines."
            )


def _senders(settings: Settings) -> Iterator[str]:
    for sender in describe_senders(settings):
        if sender.name == CONSOLE:
            setting = "ATTUNE_SMTP_URL and ATTUNE_MAIL_FROM" if sender.channel == "mail" else "ATTUNE_PHONE_SENDER"
            without = "" if sender.channel == "mail" else ", or set it to none to do without codes by phone"
            yield f"{sender.channel}: codes and links are shown on the console; set {setting}{without}."


def _files(settings: Settings) -> Iterator[str]:
    for path in _private_files(settings):
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
        except OSError:
            continue
        if mode & _OTHERS:
            right = "700" if path.is_dir() else "600"
            yield f"{path} has mode {mode:04o}, so that others on this machine can use it. Run: chmod {right} {path}"


def _private_files(settings: Settings) -> Iterator[Path]:
    yield settings.home
    yield from (settings.key_file, settings.secrets_file, settings.media_dir)
    database = make_url(settings.database_url)
    if database.drivername.startswith("sqlite") and database.database:
        here = Path(database.database)
        # The log and the shared memory lie beside it.
        yield from sorted(here.parent.glob(f"{here.name}*"))
    yield from sorted(settings.home.glob("tracker.db*"))
    if settings.tls_key is not None:
        yield settings.tls_key
