"""The log tells what happened, and never to whom."""

import json
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import structlog
from django.test import Client

from bookings.guest import booking
from portal.logs import MASK, mask
from tests.factories import make_booking, make_house
from tests.guest import MARIEKE, WEDNESDAY, Guest, on_monday

PHONE = "06 12345678"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Any:
    """A function that gives what was logged, as it is written: JSON, a line each. Of this thread: the server of a
    browser test may still have something to say.
    """
    caplog.set_level(logging.INFO)
    handlers = [h for h in logging.getLogger().handlers if isinstance(h.formatter, structlog.stdlib.ProcessorFormatter)]
    mine = threading.get_ident()
    return lambda: [json.loads(handlers[0].format(one)) for one in caplog.records if one.thread == mine]


@pytest.mark.django_db
@on_monday
def test_a_request_is_logged_by_its_route_and_not_by_its_address(client: Client, lines: Any) -> None:
    reference = make_booking(make_house(), WEDNESDAY).reference
    answer = client.get(f"/boeking/{reference}/?geheim=1")
    (line,) = lines()
    assert (line["event"], line["method"], line["route"], line["status"]) == (
        "request",
        "GET",
        "boeking/<slug:reference>/",
        200,
    )
    assert line["request_id"] == answer["X-Request-ID"]
    assert reference not in json.dumps(line)
    assert "geheim" not in json.dumps(line)


@pytest.mark.django_db
@on_monday
def test_a_booking_leaves_no_personal_data_in_the_log(lines: Any) -> None:
    guest, house = Guest(), make_house()
    answer = guest.book(house, WEDNESDAY, telefoon=PHONE)
    guest.get(answer.response["Location"])
    guest.book(house, WEDNESDAY, naam="<Marieke>", telefoon=PHONE)
    text = json.dumps(lines())
    assert [line["status"] for line in lines()] == [200, 302, 200, 200, 422]
    for secret in ("Marieke", MARIEKE["email"], "12345678", answer.response["Location"]):
        assert secret not in text


@pytest.mark.django_db
@on_monday
def test_a_failure_on_a_private_page_is_logged_without_the_guest(lines: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = make_booking(make_house(), WEDNESDAY).reference

    def fail(*args: Any) -> None:
        raise ValueError(f"kan {MARIEKE['email']} op {PHONE} niet lezen")

    monkeypatch.setattr(booking, "answer", fail)
    answer = Client(raise_request_exception=False).get(f"/boeking/{reference}/")
    text = json.dumps(lines(), ensure_ascii=False)
    assert answer.status_code == 500
    assert f"ValueError: kan {MASK} op {MASK} niet lezen" in text
    for secret in (reference, MARIEKE["email"], PHONE):
        assert secret not in text


def test_an_address_that_is_not_there_is_logged_without_it(client: Client, lines: Any) -> None:
    client.get("/geheim/pad/")
    assert [(line["route"], line["status"]) for line in lines()] == [("-", 404)]


def test_each_request_has_an_id_of_its_own(client: Client) -> None:
    ids = [client.get("/healthz")["X-Request-ID"] for _ in range(3)]
    assert len(set(ids)) == 3


def test_a_visitor_can_not_choose_the_id(client: Client) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "van mij"})["X-Request-ID"] != "van mij"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("GET /boeking/abc234/annuleer/?x=1", "GET /boeking/•••/annuleer/?x=1"),
        ("GET /wachtlijst/abc234/weg/", "GET /wachtlijst/•••/weg/"),
        ("GET /uitnodiging/12-abcdef/", "GET /uitnodiging/•••/"),
        ("aan marieke.jansen+x@voorbeeld.example gestuurd", "aan ••• gestuurd"),
        ("bel 06 12345678 of 0521-591000", "bel ••• of •••"),
        ("bel +31612345678 of 0049 30 901820", "bel ••• of •••"),
        ("reservation:1234567890", "reservation:1234567890"),
        ("2026-11-25T08:30:00 in 0.0123456789 s", "2026-11-25T08:30:00 in 0.0123456789 s"),
        ("dorpshuizen/<slug:slug>/boek/", "dorpshuizen/<slug:slug>/boek/"),
    ],
)
def test_what_is_masked_and_what_is_not(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.long
def test_what_celery_says_is_a_line_of_the_log_on_standard_output(tmp_path: Path) -> None:
    """It says first that the queue does not answer."""
    here = {"DATABASE_URL": "sqlite://", "DATA_DIR": str(tmp_path), "REDIS_URL": "redis://127.0.0.1:1/0"}
    command = [sys.executable, "-m", "celery", "-A", "portal", "--quiet", "worker", "--concurrency=1"]
    with subprocess.Popen(
        command, env=dict(os.environ) | here, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as worker:
        assert worker.stdout is not None
        line = json.loads(worker.stdout.readline())
        worker.kill()
    assert (line["logger"], line["level"]) == ("celery.worker.consumer.consumer", "error")


WEB_SERVER = """
from gunicorn.config import Config
from portal import gunicorn_conf
gunicorn_conf.logger_class(Config()).error("Error handling request %s", "/boeking/geheim/")
"""


def test_what_the_web_server_says_is_a_line_of_the_log_and_names_no_guest(tmp_path: Path) -> None:
    """In a process of its own, since its settings change the environment."""
    here = dict(os.environ) | {"DATA_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", WEB_SERVER], env=here, capture_output=True, text=True, check=True)
    line = json.loads(done.stdout)
    assert (line["logger"], line["event"]) == ("gunicorn.error", f"Error handling request /boeking/{MASK}/")
    assert done.stderr == ""
