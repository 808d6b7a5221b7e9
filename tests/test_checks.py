"""Wrong settings are caught before the portal starts."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from environs import ValidationError

from portal import values
from portal.checks import DEFAULT_KEY

ROOT = Path(__file__).resolve().parent.parent


def found() -> list[str | None]:
    """The numbers of our own errors."""
    return [message.id for message in run_checks(tags=["security"]) if str(message.id).startswith("portal.")]


def test_the_tests_run_with_sound_settings() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("demo", "local", "errors"), [(True, True, []), (True, False, ["portal.E001"]), (False, False, [])]
)
def test_the_demo_runs_only_on_this_machine(settings: Any, demo: bool, local: bool, errors: list[str]) -> None:
    settings.DEMO, settings.IS_LOCAL, settings.IS_HTTPS = demo, local, True
    assert found() == errors


@pytest.mark.parametrize(("local", "errors"), [(True, []), (False, ["portal.E002"])])
def test_a_public_address_needs_a_key_of_its_own(settings: Any, local: bool, errors: list[str]) -> None:
    settings.SECRET_KEY, settings.IS_LOCAL, settings.IS_HTTPS = DEFAULT_KEY, local, True
    assert found() == errors


@pytest.mark.parametrize(("number", "errors"), [(49, ["portal.E002"]), (50, [])])
def test_a_short_key_is_none(settings: Any, number: int, errors: list[str]) -> None:
    settings.SECRET_KEY, settings.IS_LOCAL, settings.IS_HTTPS = "x" * number, False, True
    assert found() == errors


@pytest.mark.parametrize(("https", "errors"), [(True, []), (False, ["portal.E003"])])
def test_a_public_address_is_https(settings: Any, https: bool, errors: list[str]) -> None:
    settings.IS_LOCAL, settings.IS_HTTPS = False, https
    assert found() == errors


# --- settings from the environment, in a process of their own ---------------------------------------------

SHOW = "from portal import settings as s; print(s.IS_LOCAL, s.IS_HTTPS, s.PUBLIC_HOST, s.SESSION_COOKIE_SECURE)"


def start(**environment: str) -> "subprocess.CompletedProcess[str]":
    given = {"PATH": os.environ["PATH"], "DATA_DIR": os.environ["DATA_DIR"], **environment}
    return subprocess.run(
        [sys.executable, "-c", SHOW], cwd=ROOT, env=given, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("public_url", "shown"),
    [
        ("http://localhost:8123", "True False localhost False"),
        ("http://127.0.0.1:8000/", "True False 127.0.0.1 False"),
        ("https://naoberplek.example", "False True naoberplek.example True"),
        ("http://localhost.kwaad.example", "False False localhost.kwaad.example False"),
    ],
)
def test_what_needs_tls_follows_the_public_address(public_url: str, shown: str) -> None:
    assert start(PUBLIC_URL=public_url).stdout.strip() == shown


@pytest.mark.parametrize(("name", "value"), [("DEMO", "misschien"), ("DATABASE_URL", "zomaar")])
def test_a_value_that_can_not_be_read_stops_the_start_and_is_named(name: str, value: str) -> None:
    done = start(**{name: value})
    assert done.returncode != 0
    assert name in done.stderr


WRONG = {
    "DATABASE_URL": "zomaar",
    "EMAIL_URL": "smpt://mail.example:587",
    "LOG_LEVEL": "veel",
    "MAIL_FROM": "Naoberplek <post@naoberplek.example>",
    "METRICS_FROM": "10.1.0.1/16",
    "PUBLIC_URL": "naoberplek.example",
    "REDIS_URL": "localhost:6379",
    "SENTRY_DSN": "https://sentry.example/1",
    "TRUSTED_PROXIES": "127.0.0.1, proxy",
}


def test_all_that_can_not_be_read_is_said_at_once_a_line_each(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **WRONG}
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert sorted(line.split(":")[0] for line in done.stderr.splitlines()) == list(WRONG)


@pytest.mark.parametrize(
    ("valid", "good", "bad"),
    [
        (values.web_address, ["http://localhost:8000", "https://x.example/"], ["https://", "https://x.example/a/"]),
        (
            values.mail_server,
            ["", "smtp://mail:1025", "submission://u:p%40@mail.example", "console:"],
            ["smtps://mail.example:465", "smtp://", "mail.example", "smtp://mail:poort"],
        ),
        (values.redis_server, ["", "redis://redis:6379/0", "unix:///run/redis.sock"], ["redis://", "http://redis"]),
        (values.networks, [[], ["127.0.0.1", "::1", "10.0.0.0/8"]], [["web"], ["*"]]),
        (values.proxies, [["*"], ["172.30.0.0/24"]], [[""]]),
        (values.mail_address, ["", "post@naoberplek.example", "post@localhost"], ["post", "a@b.example, c@d.example"]),
        (values.sentry, ["", "https://abc@sentry.example/1"], ["sentry", "https://sentry.example"]),
        (values.log_level, ["INFO", "debug"], ["", "hard"]),
    ],
)
def test_what_can_be_and_what_not(valid: Callable[[Any], None], good: list[Any], bad: list[Any]) -> None:
    for value in good:
        valid(value)
    for value in bad:
        with pytest.raises(ValidationError):
            valid(value)


@pytest.mark.parametrize(("name", "value"), [("EXTRA_HOSTS", ["demo.example"]), ("BIND", "192.0.2.1")])
def test_the_demo_has_no_side_door(settings: Any, name: str, value: Any) -> None:
    settings.DEMO = True
    setattr(settings, name, value)
    assert found() == ["portal.E001"]


@pytest.mark.parametrize(
    ("backend", "warnings"),
    [
        ("django.core.mail.backends.dummy.EmailBackend", ["portal.W004"]),
        ("django.core.mail.backends.smtp.EmailBackend", []),
    ],
)
def test_a_public_address_needs_a_mail_server(settings: Any, backend: str, warnings: list[str]) -> None:
    settings.IS_LOCAL, settings.IS_HTTPS, settings.SECRET_KEY = False, True, "eigen" * 10
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}"
    assert found() == warnings
