"""A real mail server in a thread, whose answers a test chooses, and what it received; and a broker that is dead."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Event
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from celery import current_app
from pytest_django import Settings

TAKEN = "250 OK"
# What a server does that gives no answer: it keeps silent, hangs up, or takes the mail and then hangs up.
SILENT, HANGS_UP, TAKEN_UNSAID = "silent", "hangs up", "taken, unsaid"
SILENCE = 1.0  # seconds, longer than the portal waits in such a test
PATIENCE = 30  # seconds that a busy machine may take where a test is about something else


@dataclass
class Post:
    """The mail server. `answer` is what it says to a mail, and `to_us` to whoever sends; `answers` come before
    `answer`, one each.
    """

    answer: str = TAKEN
    to_us: str = TAKEN
    answers: list[str] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    lines: set[object] = field(default_factory=set)  # the connections that brought a mail
    has_one: Event = field(default_factory=Event)  # set when it has a whole mail, before it says anything of it

    async def handle_MAIL(  # noqa: N802 - its name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_us == TAKEN:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return self.to_us

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        self.lines.add(session)  # not its port, which another may have after it
        self.has_one.set()
        answer = self.answers.pop(0) if self.answers else self.answer
        if answer == SILENT:
            await asyncio.sleep(SILENCE)
        if answer in (TAKEN, TAKEN_UNSAID):
            self.mails.append(message_from_bytes(envelope.content or b"", policy=policy.default))  # type: ignore[arg-type]
            self.recipients += envelope.rcpt_tos
        if answer in (HANGS_UP, TAKEN_UNSAID) and server.transport:
            server.transport.close()
        return answer


class Office(Controller):
    """Listens from the first on a port that the kernel gave: one that is only known to be free may be taken by then.

    It has a name, since it would ask the network for one; and patience with a busy machine.
    """

    def __init__(self, handler: object) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        port = int(self.listening.getsockname()[1])
        super().__init__(
            handler, hostname="127.0.0.1", port=port, server_hostname="post.example", ready_timeout=PATIENCE
        )

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self.listening)


@pytest.fixture
def post(settings: Settings) -> Iterator[Post]:
    """A mail server on a free port, that the portal sends by."""
    server = Post()
    controller = Office(server)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.EMAIL_TIMEOUT = PATIENCE
    yield server
    controller.stop()


@pytest.fixture
def dead_broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing can be queued: nobody listens at the broker's address. On SQLite, whose broker is a folder, too."""
    conf: Any = current_app.conf
    before = conf.broker_url, conf.broker_transport_options
    conf.broker_url = "redis://127.0.0.1:1/0"
    conf.broker_transport_options = {"max_retries": 0} | conf.broker_transport_options
    monkeypatch.setattr(current_app.amqp, "_producer_pool", None)
    yield
    conf.broker_url, conf.broker_transport_options = before
