"""The whole portal in processes of its own, with servers that can be stopped, and a mail server that says what came."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote, urlsplit

from celery import current_app
from django.core.management import call_command
from django.db import connections
from django.db.models import F

from portal import serve, servers
from portal.base.models import Heartbeat, OutboxMail
from portal.base.outbox import delivery
from portal.base.tasks import heartbeat, sweep_outbox
from tests.faults.deadly import Step
from tests.faults.inbox import Inbox, inbox
from tests.faults.servers import Broker, Database, broker, database
from tests.running import free_port

State = OutboxMail.State
PATIENCE = 240.0


@dataclass
class World:
    """`live` is what `tests.races.crowd` takes for a live server."""

    portal: serve.Stack
    database: Database
    broker: Broker
    inbox: Inbox
    live: Any

    def start_worker(self, name: str, *, die_at: Step | None = None) -> None:
        """One worker with one child; `die_at`: the first child that gets there is killed."""
        env = {"DIE_AT": die_at.value, "DIE_FLAG": str(self.flag(die_at))} if die_at else {}
        self._celery(name, *serve.WORKER, "--concurrency=1", "-n", f"{name}@%h", **env)

    def start_beat(self, name: str) -> None:
        self._celery(name, "beat", "-s", f"{self.portal.env['DATA_DIR']}/{name}")

    def flag(self, step: Step) -> Path:
        """Is there once the worker died at this step."""
        return Path(self.portal.env["DATA_DIR"]) / step.name

    def until_at_work(self) -> None:
        """Return when a worker takes what is asked."""
        heartbeat.delay()
        assert until(Heartbeat.objects.filter(name=Heartbeat.WORKER).exists), "no worker came"

    def end(self, name: str) -> None:
        servers.stop(self.portal.processes.pop(name))

    def died(self) -> list[str]:
        """The processes that ended by themselves."""
        return [name for name, process in self.portal.processes.items() if process.poll() is not None]

    def _celery(self, name: str, *arguments: str, **env: str) -> None:
        command = ["-m", "celery", "-A", "tests.faults.deadly", "--quiet", *arguments]
        self.portal.processes[name] = self.portal._spawn(command, self.portal.env | env)


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """Database, broker and mail server, and this process looks at the same database. No web or worker yet."""
    with ExitStack() as parts:
        db, redis = parts.enter_context(database()), parts.enter_context(broker())
        post = parts.enter_context(inbox())
        env = dict(os.environ) | {"DATA_DIR": str(folder), "PORT": str(free_port()), "LOG_LEVEL": "CRITICAL"}
        env |= {"DATABASE_URL": db.url, "REDIS_URL": f"unix://{redis.socket}", "EMAIL_URL": post.url}
        env |= {"PYTHONWARNINGS": "ignore"}
        env.pop("TEST_DATABASE_FILE", None)
        portal = parts.enter_context(serve.stack(env))
        (folder / "static").symlink_to(Path(os.environ["DATA_DIR"]) / "static")
        parts.enter_context(_looking_at(db.url, redis))
        call_command("migrate", verbosity=0)
        yield World(portal, db, redis, post, SimpleNamespace(url=portal.env["PUBLIC_URL"]))


@contextmanager
def _looking_at(url: str, redis: Broker) -> Iterator[None]:
    """Let the connections and the queue of this process be those of the world."""
    settings: dict[str, Any] = connections.settings["default"]
    app: Any = current_app
    conf = app.conf
    before, queue = dict(settings), (conf.broker_url, conf.broker_transport_options)
    parts = urlsplit(url)
    connections.close_all()
    settings |= {"HOST": unquote(parts.hostname or ""), "NAME": servers.NAME, "USER": servers.NAME, "PORT": "5432"}
    conf.broker_url, conf.broker_transport_options = f"redis+socket://{redis.socket}", {"max_retries": 0}
    app.amqp._producer_pool = None
    yield
    connections.close_all()
    settings.clear()
    settings.update(before)
    conf.broker_url, conf.broker_transport_options = queue
    app.amqp._producer_pool = None


def until(true: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Whether this becomes true in time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def all_sent() -> bool:
    """Whether nothing waits, nor is being sent."""
    return not OutboxMail.objects.exclude(state=State.SENT).exists()


def let_all_leave(dead: Callable[[], datetime] | None = None) -> bool:
    """Let time run for what waits, ask for sweeps, and say whether all was sent.

    `dead`: until when those claimed who do not live now; for what they claimed time runs too. Of who lives no claim is
    freed, however slow the machine: that mail would come twice.
    """

    def hurry() -> bool:
        rows = OutboxMail.objects.exclude(state=State.SENT)
        if not rows.exists():
            return True
        if dead:
            left = rows.filter(state=State.CLAIMED, claimed_at__lt=dead())
            left.update(claimed_at=F("claimed_at") - delivery.CLAIM_HOLDS)
        rows.waiting().update(next_try=F("visible_from"))
        sweep_outbox.delay()
        time.sleep(2)
        return False

    return until(hurry)
