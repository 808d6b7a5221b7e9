"""A mail server in a thread, for workers that are processes of their own: what arrived, when, and what it answers."""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.post import Office

TAKEN = "250 OK"
_NUMBER = re.compile(rb"^Message-ID: <(\w+)@", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True)
class Arrival:
    """A mail that was taken: its Message-ID, to whom, and when (monotonic seconds)."""

    number: str
    to: str
    at: float


@dataclass
class Inbox:
    """`answer` gives what is said to the mail for this address; it may wait, kill somebody, or hang up (None)."""

    answer: Callable[[str], str | None] = lambda _to: TAKEN
    arrived: list[Arrival] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        """As EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def times(self) -> Counter[str]:
        """How often each address got a mail."""
        return Counter(one.to for one in list(self.arrived))

    @property
    def twice(self) -> int:
        """How many mails too many came, by their numbers."""
        numbers = [one.number for one in list(self.arrived)]
        return len(numbers) - len(set(numbers))

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        (to,) = envelope.rcpt_tos
        answer = self.answer(to)
        if answer in (TAKEN, None):
            found = _NUMBER.search(envelope.original_content or b"")
            self.arrived.append(Arrival(found[1].decode() if found else "", to, time.monotonic()))
        if answer is None and server.transport:
            server.transport.close()
        return answer or TAKEN


@contextmanager
def inbox() -> Iterator[Inbox]:
    """An inbox that listens on a free port of 127.0.0.1."""
    mine = Inbox()
    controller = Office(mine)
    mine.port = controller.port
    controller.start()
    try:
        yield mine
    finally:
        controller.stop()
