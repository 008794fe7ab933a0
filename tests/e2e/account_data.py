"""What the fake service knows of its one customer at the beginning of a test."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

EMAIL: Final = "anna.weber@example.com"
SIGNALS: Final = ("text", "voice", "face", "behaviour")
USES: Final = ("assist", "personalise", "improve")
CATEGORIES: Final = ["Headphones", "Kettles", "Lamps", "Vacuum cleaners", "Washing machines"]
NOW: Final = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)
QR: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29" width="290" height="290">'
    '<path stroke="#000" d="M4 4.5h7m2 0h3m2 0h7M4 5.5h1m5 0h1m3 0h2m1 0h1m5 0h1"/></svg>'
)
NOTICE: Final = {"version": "fake-3", "text": "You decide.\n\nEach signal is off until you turn it on.", "minor": ""}


def account() -> dict[str, Any]:
    return {
        "id": "a_1",
        "role": "customer",
        "name": "Anna",
        "email": EMAIL,
        "phone": None,
        "language": "en",
        "birth_year": 1988,
        "email_verified": True,
        "phone_verified": False,
        "has_password": True,
        "has_second_factor": False,
        "second_factor_required": False,
        "password_required": False,
    }


def sessions() -> list[dict[str, Any]]:
    times = {"since": NOW.isoformat(), "seen_at": NOW.isoformat()}
    return [
        {"id": "1", "device": "Firefox on Linux", "current": True} | times,
        {"id": "2", "device": "Safari on iPhone", "current": False} | times,
    ]


def notifications() -> dict[str, Any]:
    kinds = ("answer_waiting", "data_request", "follow_up")
    return {
        "mail": dict.fromkeys(kinds, True) | {"follow_up": False},
        "push": dict.fromkeys(kinds, False),
        "push_key": None,
        "mail_address": True,
    }


def trend() -> list[dict[str, Any]]:
    """Two conversations, of six and four estimates; the fourth was contested."""
    levels = (12, 31, 58, 74, 63, 22, 18, 40, 35, 20)
    return [
        {
            "at": (NOW - timedelta(days=20 - 15 * (n > 5), minutes=-3 * n)).isoformat(),
            "frustration": float(level),
            "name": "frustrated" if level > 55 else "stressed" if level > 30 else "calm",
            "label": "anger" if level > 30 else "neutral",
            "conversation": "c_old" if n <= 5 else "c_new",
            "message": f"m-{n}",
            "words": f"Words of message {n}",
            "verdict": "less_upset" if n == 3 else None,
            "verdict_label": None,
            "explanation": ["Mainly from your words, we noticed signs that something may be wrong."],
        }
        for n, level in enumerate(levels)
    ]


def suggestion() -> dict[str, Any]:
    return {
        "item_id": "kettle-1",
        "title": "Vessel Quiet kettle, sand",
        "price": 49.0,
        "reason": "Quiet, and under 60 euros.",
        "at": NOW.isoformat(),
        "conversation": "c_new",
        "message": "m-2",
        "verdict": None,
    }


def conversations() -> list[dict[str, Any]]:
    times = {"started_at": NOW.isoformat(), "last_at": NOW.isoformat()}
    return [
        {"id": "c_new", "messages": 2, "owner": "bot", "preview": "Please recommend a kettle"} | times,
        {"id": "c_old", "messages": 1, "owner": "agent", "preview": "Where is my order?"} | times,
    ]


def messages() -> list[dict[str, Any]]:
    said = (
        ("customer", "Please recommend a kettle <b>now</b>", []),
        ("bot", "This one is quiet.", [suggestion() | {"id": "kettle-1"}]),
    )
    at = NOW.isoformat()
    return [
        {"seq": seq, "id": f"m-{seq}", "author": author, "text": text, "suggestions": items} | {"created_at": at}
        for seq, (author, text, items) in enumerate(said, 1)
    ]


def erasure() -> dict[str, Any]:
    kept = "Amounts stay for accounting, without your name."
    return {
        "stores": [
            {"name": "messages", "title": "Messages", "purpose": "talk", "count": 3, "outcome": "deleted", "note": ""},
            {"name": "orders", "title": "Orders", "purpose": "tax", "count": 1, "outcome": "stripped", "note": kept},
        ],
        "backups": [{"name": "monday", "at": NOW.isoformat()}],
    }


def certificate() -> dict[str, Any]:
    search = {"files": 12, "bytes": 1000, "values": 940, "needles": 4, "unchanged": 0, "unreadable": 0}
    return {"id": "e_77", "at": NOW.isoformat(), "ok": True, "residual": [], "search": search}


def requests() -> list[dict[str, Any]]:
    due = (NOW + timedelta(days=30)).isoformat()
    times = {"received_at": NOW.isoformat(), "due_at": due, "done_at": NOW.isoformat()}
    return [{"id": "r_1", "kind": "access", "state": "done", "words": "", "answer": ""} | times]
