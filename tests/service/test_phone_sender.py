"""The sender of the how-to, word for word, as an installed package."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI, Request, Response

from privacy import KeyRing, Secrets
from service import Settings
from service.notify import SenderInvalid, Senders, SendFailed
from store import Database
from tests.service.served import served
from tests.service.test_mail import DELIVERY

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "howto" / "notifications.md"


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of installed packages; `attune_carrier` is in it."""
    page = HOW_TO.read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    entry = re.search(r'\[project.entry-points."(.+?)"\]\n(.+?)\n', page)
    assert code and entry
    folder = tmp_path / "packages"
    info = folder / "attune_carrier-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "attune_carrier.py").write_text(code[1], encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: attune-carrier\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{entry[1]}]\n{entry[2].replace(chr(34), '')}\nbroken = builtins:object\n")
    monkeypatch.syspath_prepend(folder)
    yield folder


def senders(home: Path, name: str) -> Senders:
    settings = Settings(home=home, phone_sender=name)
    db = Database(settings, KeyRing.load_or_create(settings.key_file))
    return Senders.of(settings, Secrets.load_or_create(settings.secrets_file), db)


async def test_the_how_to_s_sender_hands_messages_to_its_carrier(tmp_path: Path, packages: Path) -> None:
    arrived: list[object] = []
    status = [202]
    app = FastAPI()

    @app.post("/messages")
    async def take(request: Request) -> Response:
        arrived.append(await request.json())
        return Response(status_code=status[0])

    chosen = senders(tmp_path, "carrier")
    delivery = replace(DELIVERY, channel="phone", address="+441632960000", text="Your code is 424242.")
    with pytest.raises(SendFailed) as failed:
        await chosen.send(delivery)
    assert failed.value.code == "carrier_unreachable" and failed.value.retryable
    async with served(app) as address:
        chosen._by_channel["phone"].http.base_url = f"http://{address}"  # type: ignore[attr-defined]
        await chosen.send(delivery)
        assert arrived == [{"to": "+441632960000", "text": "Your code is 424242."}]
        status[0] = 400
        with pytest.raises(SendFailed) as failed:
            await chosen.send(delivery)
        assert not failed.value.retryable
    await chosen.close()


@pytest.mark.parametrize(
    ("name", "words"), [("pigeon", "expected one of console, none"), ("broken", "expected an object")]
)
def test_a_sender_that_is_none_stops_the_start(tmp_path: Path, packages: Path, name: str, words: str) -> None:
    with pytest.raises(SenderInvalid, match=words):
        senders(tmp_path, name)


async def test_none_sends_nothing_and_the_console_shows_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    delivery = replace(DELIVERY, channel="phone", address="+441632960000")
    with pytest.raises(SendFailed):
        await senders(tmp_path, "none").send(delivery)
    assert capsys.readouterr().out == ""
    await senders(tmp_path, "console").send(delivery)
    shown = capsys.readouterr().out
    assert "not sent, because no sender is set" in shown and DELIVERY.text in shown and DELIVERY.link in shown
