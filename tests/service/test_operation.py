"""What operators and browsers rely on: health, headers, limits, logs."""

import json
import logging
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from privacy import ContentFreeFormatter
from service import Settings
from service.errors import Refused
from service.limits import RateLimiter
from store import StoreError
from tests.service.talk import Customer, Talk, make_settings, talking

MARKER = "zebra-marker-7319"


async def test_health_names_the_engines(talk: Talk) -> None:
    body = (await talk.client.get("/health")).json()
    assert body["status"] == "ok"
    assert body["engines"] == {"speech to text": "fake", "text to speech": "none"}
    assert body["better"] == {"speech to text": "real ears: run: attune run"}
    assert body["listening"] == {"workers": 1, "ready": 1, "hearing": 0, "waiting": 0, "places": 1}


async def test_ready_says_which_part_is_missing(talk: Talk) -> None:
    response = await talk.client.get("/ready")
    assert response.status_code == 200
    assert response.json() == {"ready": True, "database": True, "rasa": True, "actions": True}
    talk.rasa.state, talk.actions.up = "down", False
    response = await talk.client.get("/ready")
    assert response.status_code == 503
    assert response.json() == {"ready": False, "database": True, "rasa": False, "actions": False}


async def test_the_openapi_description_is_complete(talk: Talk) -> None:
    schema = (await talk.client.get("/openapi.json")).json()
    paths = schema["paths"]
    assert {
        "/api/conversations",
        "/api/conversations/{conversation_id}",
        "/api/conversations/{conversation_id}/consent",
        "/api/conversations/{conversation_id}/messages",
        "/api/conversations/{conversation_id}/buttons",
        "/api/conversations/{conversation_id}/person",
        "/api/conversations/{conversation_id}/audio",
        "/api/conversations/{conversation_id}/turns/{message_id}",
        "/api/events",
        "/health",
        "/ready",
    } <= set(paths)
    for path, operations in paths.items():
        for method, operation in operations.items():
            assert operation.get("summary") or operation.get("description"), (method, path)


async def test_customer_pages_carry_a_strict_policy(talk: Talk) -> None:
    for path in ("/", "/chat", "/health", "/api/nothing"):
        headers = (await talk.client.get(path)).headers
        policy = headers["content-security-policy"]
        assert "'unsafe" not in policy and "default-src 'none'" in policy, path
        assert headers["x-content-type-options"] == "nosniff"


async def test_only_allowed_sites_may_frame_the_chat(tmp_path: Path) -> None:
    async with talking(tmp_path, allowed_origins="https://shop.example, http://localhost:8080") as talk:
        policy = (await talk.client.get("/chat")).headers["content-security-policy"]
        assert policy.endswith("frame-ancestors 'self' https://shop.example http://localhost:8080")
        policy = (await talk.client.get("/health")).headers["content-security-policy"]
        assert policy.endswith("frame-ancestors 'none'")


@pytest.mark.parametrize("origin", ["shop.example", "https://a; script-src *", "*", "javascript:alert(1)"])
def test_an_origin_that_could_widen_the_policy_is_refused(tmp_path: Path, origin: str) -> None:
    with pytest.raises(ValueError, match="is no origin"):
        Settings(home=tmp_path, allowed_origins=origin)  # type: ignore[arg-type]


async def test_the_static_chat_page_is_served(talk: Talk) -> None:
    page = await talk.client.get("/chat")
    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
    for path in re.findall(r'(?:src|href)="(static/[^"]+)"', page.text):
        assert (await talk.client.get(f"/{path}")).status_code == 200, path
    assert (await talk.client.get("/static/../settings.py")).status_code == 404


@pytest.mark.parametrize("kind", ["storefront.view", "storefront.click", "storefront.cart", "storefront.purchase"])
async def test_shop_events_are_recorded(talk: Talk, kind: str) -> None:
    event = {"type": kind, "item_id": "kettle-1", "session": "session-0001"}
    assert (await talk.client.post("/api/events", json=event)).status_code == 204
    async with talk.services.db.reading() as tx:
        (stored,) = await tx.events.recent(type=kind)
    assert dict(stored.payload) == {"item_id": "kettle-1", "session": "session-0001"}


@pytest.mark.parametrize(
    "change", [{"type": "turn.answered"}, {"item_id": "<script>"}, {"session": "x"}, {"email": "a@example.org"}]
)
async def test_shop_events_of_another_shape_are_refused(talk: Talk, change: dict[str, str]) -> None:
    event = {"type": "storefront.view", "item_id": "kettle-1", "session": "session-0001", **change}
    assert (await talk.client.post("/api/events", json=event)).status_code == 422


def test_a_bucket_refills_with_time() -> None:
    now = [0.0]
    limiter = RateLimiter(burst=2, per_s=0.5, clock=lambda: now[0])
    limiter.check("a")
    limiter.check("a")
    limiter.check("b")
    with pytest.raises(Refused) as refusal:
        limiter.check("a")
    assert refusal.value.status_code == 429 and refusal.value.headers == {"Retry-After": "2"}
    now[0] = 2.0
    limiter.check("a")
    with pytest.raises(Refused):
        limiter.check("a")


async def test_the_operator_is_not_limited(tmp_path: Path) -> None:
    async with talking(tmp_path, message_burst=2, messages_per_s=0.01) as talk:
        customer = await talk.start()
        customer.token = talk.services.secrets.operator_token
        for _ in range(5):
            await customer.write("measured")
        await customer.settled()


class Lines(logging.Handler):
    """Every record of the test, as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.marks = ContentFreeFormatter()
        self.setFormatter(self.marks)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


async def test_no_content_is_logged_whatever_happens(
    talk: Talk, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = Lines()
    root = logging.getLogger()
    root.addHandler(lines)
    level = root.level
    root.setLevel(logging.DEBUG)
    logging.getLogger("service").setLevel(logging.DEBUG)
    try:
        await customer.say(MARKER)
        talk.rasa.state = "refusing"
        await customer.say(MARKER)
        talk.rasa.state = "broken"
        message_id = await customer.write(MARKER)
        await customer.post("audio", params={"id": str(uuid4())}, content=f"say:{MARKER}".encode())
        await customer.post("messages", json={"id": str(uuid4()), "text": {"text": MARKER}})
        await customer.post("messages", content=f'{{"text": "{MARKER}'.encode())
        talk.rasa.state = "up"
        await customer.settled()

        async def explode(*args: Any, **kwargs: Any) -> None:
            raise RuntimeError(MARKER)

        monkeypatch.setattr(talk.services.intake, "text", explode)
        assert (await customer.post("messages", json={"id": str(uuid4()), "text": MARKER})).status_code == 500
    finally:
        root.removeHandler(lines)
        root.setLevel(level)
        logging.getLogger("service").setLevel(logging.NOTSET)
    ours = [line for line in lines.lines if '"logger": "service' in line]
    assert any("turn finished" in line for line in ours) and any("request failed" in line for line in ours)
    assert any(lines.marks.mark(message_id) in line for line in ours), "which message it was can be told"
    assert not [line for line in lines.lines if message_id in line or customer.id in line]
    assert all(json.loads(line) for line in lines.lines)
    assert not [line for line in lines.lines if MARKER in line]
    assert not [line for line in lines.lines if talk.services.secrets.rasa_token in line]


async def test_no_content_is_stored_in_the_clear(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        customer = await talk.start()
        await customer.say(MARKER)
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert MARKER.encode() not in file.read_bytes(), file


async def test_a_busy_database_is_told_and_can_be_tried_again(
    talk: Talk, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from store import StoreBusy

    async def busy(*args: Any, **kwargs: Any) -> None:
        raise StoreBusy("the database was busy")

    monkeypatch.setattr(talk.services.intake, "text", busy)
    response = await customer.post("messages", json={"id": str(uuid4()), "text": "hello"})
    assert response.status_code == 503
    assert response.json()["error"]["code"] == "busy" and response.json()["error"]["retryable"] is True


def test_settings_have_the_documented_defaults(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    assert (settings.web_host, settings.web_port) == ("127.0.0.1", 8000)
    assert settings.max_message_chars == 4000


async def test_an_address_cannot_start_conversations_without_end_but_the_operator_can(tmp_path: Path) -> None:
    async with talking(tmp_path, conversation_burst=2, conversations_per_s=0.01) as talk:
        statuses = [(await talk.client.post("/api/conversations")).status_code for _ in range(3)]
        assert statuses == [201, 201, 429]
        operator = {"Authorization": f"Bearer {talk.services.secrets.operator_token}"}
        assert (await talk.client.post("/api/conversations", headers=operator)).status_code == 201


async def test_a_database_that_cannot_be_read_is_named_at_the_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "attune.db").write_bytes(b"no database at all" * 1000)
    with pytest.raises(StoreError):
        async with talking(tmp_path):
            pass
    assert "attune.db" in capsys.readouterr().err


async def test_a_full_disk_is_not_ready(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=0))
    response = await talk.client.get("/ready")
    assert response.status_code == 503 and response.json()["database"] is False
