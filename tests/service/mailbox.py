"""A mail server in this process (aiosmtpd), over real sockets and, if wished, TLS."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

USER, PASSWORD = "shop", "p@ss word"


@dataclass
class Mailbox:
    """What arrived. answer: what the server says to a message; over_tls: whether the last one came through TLS."""

    port: int = 0
    answer: str = "250 taken"
    recipient_answer: str = "250 fine"
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    over_tls: bool = False
    login: bool = False

    # The names that aiosmtpd looks for.
    async def handle_RCPT(self, *args: Any) -> str:  # noqa: N802
        session, envelope, address = args[1:4]
        if self.login and not session.authenticated:
            return "530 sign in first"
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            parsed = message_from_bytes(cast(bytes, envelope.content), policy=policy.default)
            self.mails.append(parsed)
            self.recipients.append(list(envelope.rcpt_tos))
            self.over_tls = session.ssl is not None or server.transport.get_extra_info("ssl_object") is not None
        return self.answer


@contextmanager
def mail_server(
    tls: str = "none", certificate: tuple[Any, Any] | None = None, login: bool = False
) -> Iterator[Mailbox]:
    """tls: none, starttls or whole. login: whether USER and PASSWORD are asked for."""
    mailbox = Mailbox(login=login)
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)

    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and data == LoginPassword(USER.encode(), PASSWORD.encode())
        return AuthResult(success=good, handled=False)

    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=0,
        ready_timeout=10,
        ssl_context=context if tls == "whole" else None,
        tls_context=context if tls == "starttls" else None,
        require_starttls=tls == "starttls",
        authenticator=check if login else None,
        auth_require_tls=tls == "starttls",
    )
    _bind_any_port(controller)
    controller.start()
    try:
        mailbox.port = cast(Any, controller).server.sockets[0].getsockname()[1]
        yield mailbox
    finally:
        controller.stop()


def _bind_any_port(controller: Controller) -> None:
    """aiosmtpd probes its port after the start by number: it has to know the one it got."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        controller.port = probe.getsockname()[1]
