"""Paths that lead out of the folders that are served, over a real connection: no client tidies them up."""

import asyncio
from pathlib import Path

from tests.attacks.conftest import MARKER
from tests.service.served import served
from tests.service.talk import talking

FOLDERS = ("/static/", "/account/", "/chat/", "/desk/static/", "/desk/_nicegui/", "/", "/static/chat/")
CLIMBS = (
    "../service/settings.py",
    "..%2fservice%2fsettings.py",
    "%2e%2e/service/settings.py",
    "%2e%2e%2fservice%2fsettings.py",
    "..%252fservice%252fsettings.py",
    "..\\service\\settings.py",
    "..%5cservice%5csettings.py",
    "....//....//service/settings.py",
    "../" * 12 + "etc/passwd",
    "%2e%2e/" * 12 + "etc/passwd",
    "..%c0%af..%c0%afetc/passwd",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "//etc/passwd",
    "settings.py%00.js",
    "../../var/secrets.json",
    "..%2f..%2f..%2fsecrets.json",
    ".git/config",
    f"{MARKER}/../../settings.py",
)


async def test_no_path_leads_out_of_what_is_served(tmp_path: Path) -> None:
    async with talking(tmp_path, desk=True) as talk, served(talk.app) as address:
        host, _, port = address.partition(":")
        secrets = (tmp_path / "secrets.json").read_bytes()

        async def get(path: str) -> bytes:
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n".encode("latin-1"))
            answer = await reader.read()
            writer.close()
            return answer

        assert b" 200 " in (await get("/static/chat/index.html")).split(b"\r\n")[0]
        for folder in FOLDERS:
            for climb in CLIMBS:
                answer = await get(folder + climb)
                status = answer[9:12]
                assert status in (b"303", b"307", b"400", b"404", b"405") or folder == "/", (folder, climb, status)
                for leak in (b"root:x:", b"class Settings", secrets, b"[core]"):
                    assert leak not in answer, (folder, climb)
