"""Mail reaches a real server over TLS, and goes nowhere else."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from service import Settings
from service.mail_server import MailServer
from service.notify import SendFailed
from service.notify.mail import MailSender
from store import Delivery
from tests.certificates import make_certificate
from tests.service.mailbox import PASSWORD, USER, mail_server

DELIVERY = Delivery(
    id="n_one",
    account_id=None,
    kind="account",
    channel="mail",
    address="ana@example.org",
    subject="Please confirm your address, señora",
    text="Open this link to confirm — it works once.",
    link="http://127.0.0.1:8000/account#verify=abc",
    attempt=1,
    created_at=datetime(2026, 5, 1, tzinfo=UTC),
)


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("tls"))


def sender(url: str, ca_file: Path | None = None) -> MailSender:
    return MailSender(MailServer.parse(url, ca_file), "Shop <service@shop.example>")


LOGIN = f"{USER}:{quote(PASSWORD, safe='')}@"


@pytest.mark.parametrize(("scheme", "mode"), [("smtps", "whole"), ("smtp", "starttls")])
async def test_a_mail_arrives_over_tls_with_a_login(tls: tuple[Path, Path, Path], scheme: str, mode: str) -> None:
    authority, certificate, key = tls
    with mail_server(mode, (certificate, key), login=True) as mailbox:
        await sender(f"{scheme}://{LOGIN}localhost:{mailbox.port}", authority).send(DELIVERY)
    (mail,) = mailbox.mails
    assert mailbox.over_tls and mailbox.recipients == [["ana@example.org"]]
    assert mail["From"] == "Shop <service@shop.example>" and mail["To"] == "ana@example.org"
    assert mail["Subject"] == "Please confirm your address, señora"
    assert mail["Message-ID"] == "<n_one@shop.example>" and mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().splitlines() == [DELIVERY.text, "", DELIVERY.link]


async def test_a_server_without_starttls_gets_nothing() -> None:
    with mail_server() as mailbox, pytest.raises(SendFailed):
        await sender(f"smtp://localhost:{mailbox.port}").send(DELIVERY)
    assert mailbox.mails == []


@pytest.mark.parametrize(("scheme", "mode"), [("smtps", "whole"), ("smtp", "starttls")])
async def test_a_certificate_of_nobody_s_is_refused(tls: tuple[Path, Path, Path], scheme: str, mode: str) -> None:
    with mail_server(mode, tls[1:]) as mailbox, pytest.raises(SendFailed) as failed:
        await sender(f"{scheme}://localhost:{mailbox.port}").send(DELIVERY)
    assert failed.value.code == "smtp_unreachable" and failed.value.retryable and mailbox.mails == []


async def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    authority, certificate, key = make_certificate(tmp_path, "mail.example")
    with mail_server("whole", (certificate, key)) as mailbox, pytest.raises(SendFailed):
        await sender(f"smtps://localhost:{mailbox.port}", authority).send(DELIVERY)
    assert mailbox.mails == []


async def test_a_wrong_password_is_tried_again_later(tls: tuple[Path, Path, Path]) -> None:
    with mail_server("whole", tls[1:], login=True) as mailbox, pytest.raises(SendFailed) as failed:
        await sender(f"smtps://{USER}:wrong@localhost:{mailbox.port}", tls[0]).send(DELIVERY)
    assert (failed.value.code, failed.value.retryable) == ("smtp_login", True)
    assert "wrong" not in repr(MailServer.parse(f"smtps://{USER}:wrong@localhost:1"))


@pytest.mark.parametrize(("answer", "retryable"), [("451 later", True), ("550 never", False)])
async def test_the_server_s_answer_decides_whether_it_is_tried_again(answer: str, retryable: bool) -> None:
    with mail_server() as mailbox:
        mailbox.answer = answer
        with pytest.raises(SendFailed) as failed:
            await sender(f"smtp+clear://127.0.0.1:{mailbox.port}").send(DELIVERY)
        assert failed.value.retryable is retryable
        mailbox.answer, mailbox.recipient_answer = "250 fine", answer
        with pytest.raises(SendFailed) as failed:
            await sender(f"smtp+clear://127.0.0.1:{mailbox.port}").send(DELIVERY)
        assert (failed.value.code, failed.value.retryable) == ("recipient_refused", retryable)


async def test_a_server_that_is_away_is_tried_again() -> None:
    with mail_server() as mailbox:
        pass
    with pytest.raises(SendFailed) as failed:
        await sender(f"smtp+clear://127.0.0.1:{mailbox.port}").send(DELIVERY)
    assert (failed.value.code, failed.value.retryable) == ("smtp_unreachable", True)


@pytest.mark.parametrize("address", ["a@example.org, b@example.org", "a@example.org\nBcc: b@example.org", "", "nobody"])
async def test_one_address_is_one_person(replaced: Callable[..., Delivery], address: str) -> None:
    with mail_server() as mailbox, pytest.raises(SendFailed) as failed:
        await sender(f"smtp+clear://127.0.0.1:{mailbox.port}").send(replaced(address=address))
    assert not failed.value.retryable and mailbox.mails == []


@pytest.fixture
def replaced() -> Callable[..., Delivery]:
    from dataclasses import replace

    return lambda **changes: replace(DELIVERY, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"smtp_url": "smtp+clear://secret-word@mail.example:25", "mail_from": "a@b.example"},
        {"smtp_url": "https://secret-word@mail.example", "mail_from": "a@b.example"},
        {"smtp_url": "smtps://secret-word@mail.example:port", "mail_from": "a@b.example"},
        {"smtp_url": "smtps://:secret-word@", "mail_from": "a@b.example"},
        {"smtp_url": "smtps://x:secret-word@mail.example"},
        {"smtp_url": "smtps://x:secret-word@mail.example", "mail_from": "nobody"},
        {"mail_from": "a@b.example\nBcc: c@d.example"},
        {"push_contact": "me"},
        {"public_url": "https://*.example"},
        {"public_url": "https://shop.example/path"},
        {"push_services": "ftp://push.example"},
    ],
)
def test_settings_that_would_leak_or_fail_later_are_refused_without_the_password(
    tmp_path: Path, changes: dict[str, str]
) -> None:
    with pytest.raises(ValueError, match="expected") as refused:
        Settings(home=tmp_path, **changes)  # type: ignore[arg-type]
    assert "secret-word" not in str(refused.value)
