"""Other sites, headers, TLS, and what production demands."""

import asyncio
import os
import socket
import ssl
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from service import Settings, production_problems
from tests.certificates import make_certificate
from tests.service.served import served
from tests.service.talk import Talk, make_settings, talking

ROOT = Path(__file__).resolve().parents[2]
OWN = "http://attune.test"


FOREIGN = (
    {"Origin": "https://evil.example"},
    {"Origin": "https://attune.test"},
    {"Origin": "http://attune.test:8001"},
    {"Origin": "http://shop.attune.test"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://attune.test.evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
)
OURS: tuple[dict[str, str], ...] = (
    {},
    {"Origin": OWN},
    {"Origin": OWN.upper()},
    {"Origin": OWN, "Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
)


async def test_what_another_site_sends_is_refused(talk: Talk) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for headers in FOREIGN:
            answer = await talk.client.request(method, "/api/conversations", headers=headers)
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "cross_site"), (method, headers)


async def test_own_pages_and_programs_are_served(talk: Talk) -> None:
    for headers in OURS:
        assert (await talk.client.post("/api/conversations", headers=headers)).status_code == 201, headers


async def test_reading_a_page_from_another_site_is_allowed(talk: Talk) -> None:
    headers = {"Origin": "https://shop.example", "Sec-Fetch-Site": "cross-site"}
    for path in ("/chat", "/widget.js"):
        answer = await talk.client.get(path, headers=headers)
        assert answer.status_code == 200 and "access-control-allow-origin" not in answer.headers


async def test_with_a_public_address_another_host_name_is_another_site(tmp_path: Path) -> None:
    async with talking(tmp_path, public_url="https://help.shop.test") as talk:
        for origin, host, status in (
            ("https://help.shop.test", "help.shop.test", 201),
            ("https://help.shop.test", "127.0.0.1:8000", 201),
            ("http://127.0.0.1:8000", "127.0.0.1:8000", 201),
            ("http://rebound.example", "rebound.example", 403),
        ):
            headers = {"Origin": origin, "Host": host}
            assert (await talk.client.post("/api/conversations", headers=headers)).status_code == status, origin


@pytest.mark.parametrize(
    "path", ["/api/conversations/c_x/socket", "/desk/_nicegui_ws/socket.io/?EIO=4&transport=websocket"]
)
async def test_no_socket_opens_for_another_site(tmp_path: Path, path: str) -> None:
    async with talking(tmp_path, desk=True) as talk, served(talk.app) as address:
        for origin in ("https://evil.example", "null", f"https://{address}"):
            with pytest.raises(InvalidStatus) as refused:
                async with connect(f"ws://{address}{path}", origin=origin):  # type: ignore[arg-type]
                    pass
            assert refused.value.response.status_code == 403
        async with connect(f"ws://{address}{path}", origin=f"http://{address}"):  # type: ignore[arg-type]
            pass
        async with connect(f"ws://{address}{path}"):
            pass


async def test_pages_say_what_browsers_must_not_do(talk: Talk) -> None:
    for path in ("/", "/chat", "/api/nothing", "/static/nothing", "/account"):
        headers = (await talk.client.get(path)).headers
        policy = headers["content-security-policy"]
        assert policy.split("; ").count("default-src 'none'") == 1 and "unsafe" not in policy, path
        assert "object-src" not in policy and "*" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "server" not in headers and "strict-transport-security" not in headers
    assert (await talk.client.get("/widget.js")).headers["cross-origin-resource-policy"] == "cross-origin"
    assert "worker-src 'self'" in (await talk.client.get("/account")).headers["content-security-policy"]


async def test_behind_a_proxy_with_tls_browsers_are_told_to_stay_with_it(tmp_path: Path) -> None:
    async with talking(tmp_path, behind_proxy=True) as talk, served(talk.app) as address, httpx.AsyncClient() as client:
        plain = await client.get(f"http://{address}/chat")
        proxied = await client.get(f"http://{address}/chat", headers={"X-Forwarded-Proto": "https"})
    assert "strict-transport-security" not in plain.headers
    assert proxied.headers["strict-transport-security"] == "max-age=31536000"


async def test_without_a_proxy_forwarded_headers_are_ignored(tmp_path: Path) -> None:
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
    async with talking(tmp_path) as talk, served(talk.app) as address, httpx.AsyncClient() as client:
        answer = await client.get(f"http://{address}/chat", headers=headers)
    assert "strict-transport-security" not in answer.headers


async def test_with_a_certificate_the_server_speaks_tls_alone(tmp_path: Path) -> None:
    authority, certificate, key = make_certificate(tmp_path)
    async with talking(tmp_path / "home", tls_cert=certificate, tls_key=key) as talk, served(talk.app) as address:
        port = int(address.rpartition(":")[2])
        context = ssl.create_default_context(cafile=authority)
        async with httpx.AsyncClient(base_url=f"https://localhost:{port}", verify=context) as client:
            answer = await client.get("/chat")
            assert answer.status_code == 200 and "strict-transport-security" in answer.headers
            own = await client.post("/api/conversations", headers={"Origin": f"https://localhost:{port}"})
            assert own.status_code == 201
            other = await client.post("/api/conversations", headers={"Origin": f"http://localhost:{port}"})
            assert other.status_code == 403
        async with connect(f"wss://localhost:{port}/api/conversations/c_x/socket", ssl=context):
            pass
        with pytest.raises(httpx.HTTPError):
            async with httpx.AsyncClient() as client:
                await client.get(f"http://{address}/chat")
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        old.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings(action="ignore"):
            old.maximum_version = ssl.TLSVersion.TLSv1_1
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await asyncio.open_connection("127.0.0.1", port, ssl=old)


def ready_settings(home: Path, **changes: Any) -> Settings:
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    values: dict[str, Any] = {
        "public_url": "https://help.shop.test",
        "behind_proxy": True,
        "smtp_url": "smtps://shop:Zu9-long@mail.shop.test",
        "mail_from": "Shop <service@shop.test>",
        "phone_sender": "none",
        "production": True,
    }
    return Settings(home=home, **{**values, **changes})


def test_a_complete_installation_has_no_problems(tmp_path: Path) -> None:
    assert production_problems(ready_settings(tmp_path / "home")) == []


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"public_url": ""}, "ATTUNE_PUBLIC_URL"),
        ({"public_url": "http://help.shop.test"}, "ATTUNE_PUBLIC_URL"),
        ({"public_url": "https://shop.example"}, "placeholder"),
        ({"behind_proxy": False}, "ATTUNE_TLS_CERT"),
        ({"smtp_url": "", "mail_from": ""}, "ATTUNE_SMTP_URL"),
        ({"smtp_url": "smtps://shop:changeme@mail.shop.test"}, "placeholder"),
        ({"smtp_url": "smtps://shop:password@mail.shop.test"}, "placeholder"),
        ({"mail_from": "service@example.com"}, "placeholder"),
        ({"phone_sender": "console"}, "ATTUNE_PHONE_SENDER"),
        ({"allowed_origins": "http://shop.test"}, "ATTUNE_ALLOWED_ORIGINS"),
        ({"voice_urls": "http://127.0.0.1:8010,http://10.0.0.7:8010"}, "10.0.0.7"),
        ({"voice_host": "0.0.0.0"}, "ATTUNE_VOICE_HOST"),
        ({"twilio_account_sid": f"AC{0:032}", "twilio_auth_token": "changeme"}, "ATTUNE_TWILIO_AUTH_TOKEN"),
        ({"metrics_token": "changeme" * 4}, "ATTUNE_METRICS_TOKEN"),
        ({"database_url": "postgresql+asyncpg://attune:secret@db/attune"}, "placeholder"),
    ],
)
def test_what_is_missing_is_named_without_its_value(tmp_path: Path, changes: dict[str, Any], named: str) -> None:
    (problem,) = production_problems(ready_settings(tmp_path / "home", **changes))
    assert named in problem and "changeme" not in problem and ":secret" not in problem


@pytest.mark.parametrize("name", ["keys.json", "secrets.json", "attune.db", "attune.db-wal", "tracker.db", "."])
def test_files_that_others_can_read_are_named(tmp_path: Path, name: str) -> None:
    settings = ready_settings(tmp_path / "home")
    path = (settings.home / name).resolve()
    if name != ".":
        path.touch(mode=0o600)
    assert production_problems(settings) == []
    path.chmod(path.stat().st_mode | 0o040)
    (problem,) = production_problems(settings)
    assert f"chmod {'700' if path.is_dir() else '600'} {path}" in problem


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "service"],
        cwd=ROOT,
        env={**os.environ, "ATTUNE_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_production_refuses_to_start_and_says_each_reason(tmp_path: Path) -> None:
    ended = start(tmp_path / "home", ATTUNE_PRODUCTION="true")
    assert ended.returncode == 2 and ended.stdout == ""
    lines = ended.stderr.splitlines()
    assert "not ready" in lines[0] and len(lines) == 5 and all(line.startswith("- ") for line in lines[1:])
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"ATTUNE_TLS_CERT": "/nowhere.pem"}, "expected both, or none"),
        ({"ATTUNE_TLS_CERT": "/nowhere.pem", "ATTUNE_TLS_KEY": "/nowhere.pem"}, "cannot be read"),
        ({"ATTUNE_TLS_CERT": str(ROOT / "README.md"), "ATTUNE_TLS_KEY": str(ROOT / "README.md")}, "chain and its key"),
        ({"ATTUNE_PHONE_SENDER": "pigeon"}, "expected one of console, none"),
        ({"ATTUNE_SMTP_URL": "smtps://x:zebra-7319@h", "ATTUNE_MAIL_FROM": ""}, "is no sender"),
    ],
)
def test_settings_that_cannot_work_end_the_start_with_what_to_do(
    tmp_path: Path, environment: dict[str, str], words: str
) -> None:
    ended = start(tmp_path / "home", ATTUNE_WEB_PORT=str(free_port()), **environment)
    assert ended.returncode == 2 and words in ended.stderr and "Traceback" not in ended.stderr
    assert "zebra-7319" not in ended.stderr


def test_settings_of_tests_are_not_production(tmp_path: Path) -> None:
    assert production_problems(make_settings(tmp_path)) != []
