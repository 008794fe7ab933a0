"""What every route has in common, asked of every route there is."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.service.conftest import customer, talk
from tests.service.routes import routes_of
from tests.service.talk import Customer, Talk, until

__all__ = ["customer", "talk"]

SECRET_NAMES = re.compile(r"token|password|secret|code|key|session|cookie", re.IGNORECASE)
# What an identity provider sends back by the rules of OpenID Connect: a code of one use, worth nothing without the
# verifier that stays in the browser's own cookie.
SENT_BY_PROVIDERS = {"code", "state"}
PAGES = ("/chat", "/account", "/", "/health", "/openapi.json", "/widget.js", "/static/chat/main.js", "/nowhere")


def parameters(schema: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] in ("query", "path"):
                    yield method, path, parameter["name"]


async def test_no_route_takes_a_secret_in_its_address(talk: Talk) -> None:
    found = list(parameters(talk.app.openapi()))
    assert ("get", "/api/conversations/{conversation_id}", "conversation_id") in found
    wrong = [one for one in found if SECRET_NAMES.search(one[2]) and one[2] not in SENT_BY_PROVIDERS | {"session_id"}]
    assert wrong == []


async def test_no_route_takes_hints_or_secret_answers(talk: Talk) -> None:
    text = str(talk.app.openapi()["components"]["schemas"]).lower()
    assert "password" in text
    assert not re.search(r"password_?hint|secret_?question|secret_?answer|security_?question|mother", text)


async def test_every_answer_has_a_declared_shape(talk: Talk) -> None:
    """A route of the API that answers JSON names its shape, so that nothing else leaves."""
    schema = talk.app.openapi()
    loose = []
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                shape = answer.get("content", {}).get("application/json", {}).get("schema")
                anything = shape == {} or (shape and shape.get("type") == "object" and "properties" not in shape)
                if status.startswith("2") and anything:
                    loose.append((method, path))
    assert loose == []


async def test_reading_methods_change_nothing(talk: Talk, customer: Customer) -> None:
    """Every GET of the API and every page, called by a guest: the database is the same afterwards."""
    await customer.say("hello")
    calls = [found.call.removeprefix("GET ") for found in routes_of(talk.app) if found.call.startswith("GET ")]
    assert len(calls) > 10
    await until(lambda: first_purge_is_over(talk))
    before, answered = contents(talk), 0
    for path in calls:
        filled = path.replace("{conversation_id}", customer.id).replace("{provider_id}", "none")
        filled = re.sub(r"\{[^}]+\}", "m-none", filled)
        query = {"conversation": customer.id}
        answer = await talk.client.get(filled, params=query, headers=customer.headers, follow_redirects=False)
        answered += answer.status_code == 200
    assert answered > 10
    assert contents(talk) == before


def first_purge_is_over(talk: Talk) -> bool:
    """It begins with the process; the next one is minutes away."""
    rows = "\n".join(contents(talk))
    return 'INSERT INTO "retention_runs"' in rows and 'INSERT INTO "leases"' not in rows


def contents(talk: Talk) -> list[str]:
    connection = sqlite3.connect(Path(talk.services.settings.home) / "attune.db")
    dumped = list(connection.iterdump())
    connection.close()
    return dumped


async def test_answers_name_their_type_and_character_set(talk: Talk) -> None:
    for path in PAGES:
        answer = await talk.client.get(path, follow_redirects=False)
        if answer.content:
            kind = answer.headers["content-type"]
            assert kind == "application/json" or "charset=utf-8" in kind, (path, kind)
            assert answer.headers["x-content-type-options"] == "nosniff"


async def test_nothing_of_the_repository_is_served(talk: Talk) -> None:
    for path in (
        "/.git/config",
        "/static/.git/config",
        "/static/../../.git/config",
        "/static/%2e%2e/%2e%2e/pyproject.toml",
        "/static/..%2f..%2fpyproject.toml",
        "/static/chat/..%5c..%5c..%5cpyproject.toml",
        "/desk/../pyproject.toml",
        "/var/keys.json",
        "/.env",
        "/static/account/%00",
    ):
        answer = await talk.client.get(path, follow_redirects=False)
        assert answer.status_code in (303, 307, 400, 404, 405), (path, answer.status_code)
        assert b"[project]" not in answer.content and b"repositoryformatversion" not in answer.content
