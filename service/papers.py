"""Gathers what is in force in this installation and makes the governance papers of it."""

import tomllib
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from journey import relief_rules
from privacy import (
    STRANGERS,
    InForce,
    Measure,
    Paper,
    UseCase,
    notice,
    papers,
    places,
    plugin_signals,
    rights_of,
)
from service.channels import describe_senders
from service.settings import Settings
from shop import pricing_rules
from vocabulary import Role

_USE_CASES: Final = Path(__file__).resolve().parent.parent / "data" / "use_cases.toml"
# Shown as they are; none of them can hold a secret.
_TOLD: Final = (
    "retention",
    "request_days",
    "media_ttl_s",
    "statistics_budget",
    "statistics_min_group",
    "admin_second_factor",
    "production",
    "behind_proxy",
    "allowed_origins",
    "push_services",
    "max_audio_seconds",
    "speech_language",
)


def papers_in_force(settings: Settings, *, on: date | None = None) -> tuple[Paper, ...]:
    """The papers of this installation as it is set now. on: the day that they name; today by default."""
    return papers(in_force(settings, on=on))


def in_force(settings: Settings, *, on: date | None = None) -> InForce:
    """The settings, rules and lists that the papers are made of."""
    cases = tomllib.loads(_USE_CASES.read_text(encoding="utf-8"))
    return InForce(
        on=on or datetime.now(UTC).date(),
        version=_version(),
        shop=settings.controller,
        contact=settings.privacy_contact,
        places=places(),
        periods=settings.periods,
        notice=notice(),
        use_cases=[UseCase(name=name, **case) for name, case in cases.items()],
        measures=_measures(settings),
        settings=_settings(settings),
        engines=_engines(settings),
        rights={who: sorted(right.value for right in rights_of(who)) for who in (*STRANGERS, *Role)},
        prices=[rule.words for rule in pricing_rules()],
        relief=[words for _, words in relief_rules()],
        request_days=settings.request_days,
        statistics_budget=settings.statistics_budget,
        statistics_min_group=settings.statistics_min_group,
    )


def _measures(settings: Settings) -> list[Measure]:
    if settings.key_command:
        keys = "the command ATTUNE_KEY_COMMAND"
    elif settings.keys.get_secret_value():
        keys = "the environment (ATTUNE_KEYS)"
    else:
        keys = "a file that its owner alone may read"
    tls = "by this server" if settings.tls_cert else "by the proxy on this machine" if settings.behind_proxy else ""
    second = settings.admin_second_factor
    found = [
        Measure("Encryption at rest", True, f"AES-256-GCM, one key for each person; the outer keys come from {keys}"),
        Measure("Encryption on the way", bool(tls), tls or "set ATTUNE_TLS_CERT and ATTUNE_TLS_KEY, or use a proxy"),
        Measure("Personal data taken out of transcripts", True, "originals are sealed apart and need a right"),
        Measure("Audit chain", True, f"head outside the database in {settings.audit_head_file.name}"),
        Measure("Rights", True, "one table, asked in one place, tested for every route"),
        Measure("Second factor for admins", second, "demanded" if second else "offered; ATTUNE_ADMIN_SECOND_FACTOR"),
        Measure("Production mode", settings.production, "refuses placeholders, console senders and open files"),
    ]
    for sender in describe_senders(settings):
        name = f"Sending outside: {sender.channel}"
        found.append(Measure(name, sender.real, " ".join((sender.name, sender.note)) if sender.real else "not sent"))
    return found


def _settings(settings: Settings) -> list[tuple[str, str, str]]:
    fields = type(settings).model_fields
    return [
        (f"ATTUNE_{name.upper()}", _shown(getattr(settings, name)), fields[name].description or "–") for name in _TOLD
    ]


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in value) or "none"
    return "none" if value in ("", None) else str(value)


def _engines(settings: Settings) -> list[tuple[str, str]]:
    own = "the model that ships, on this machine"
    plugins = sorted(signal.value for signal in plugin_signals())
    return [
        ("Words", "a model of the operator's choice" if settings.text_emotion_model else own),
        ("Voice", "a model of the operator's choice" if settings.voice_emotion_model else own),
        ("Signs of a synthetic voice", own),
        ("Face", "weights of the operator's choice" if settings.face_weights else own),
        ("Behaviour", own),
        ("Packages", ", ".join(plugins) or "none"),
    ]


def _version() -> str:
    try:
        return version("attune")
    except PackageNotFoundError:
        return "unknown"
