"""What the compose file promises; that it is one at all says `make check`."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from portal.serve import WORKER

ROOT = Path(__file__).resolve().parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
STAYING = sorted(SERVICES.keys() - {"migrate"})


def test_the_services_are_those_of_production_and_one_to_develop_with() -> None:
    assert STAYING == ["beat", "mail", "postgres", "proxy", "redis", "web", "worker"]
    assert [name for name in STAYING if "profiles" in SERVICES[name]] == ["mail"]


@pytest.mark.parametrize("name", STAYING)
def test_each_is_looked_after(name: str) -> None:
    """Its health is asked, it comes back, and it can't take the whole machine or its disk."""
    service = SERVICES[name]
    assert service["healthcheck"]["test"]
    assert service["restart"] == "unless-stopped"
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory"}
    assert service["logging"]["options"]["max-size"]


def test_only_the_proxy_is_open_to_the_outside() -> None:
    open_ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert open_ports.pop("proxy")
    assert [port for ports in open_ports.values() for port in ports if not port.startswith("127.0.0.1:")] == []
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert SERVICES["postgres"]["networks"] == SERVICES["redis"]["networks"] == ["inside"]


def test_no_secret_stands_in_the_file() -> None:
    given = {key: value for service in SERVICES.values() for key, value in service.get("environment", {}).items()}
    secrets = [key for key in given if re.search(r"SECRET|PASSWORD|KEY|DSN|EMAIL_URL|IDENTITY", key)]
    assert len(secrets) > 4
    assert [key for key in secrets if not given[key].startswith("${")] == []


def test_one_image_for_web_worker_and_beat_that_is_not_root_and_writes_only_where_it_must() -> None:
    ours = [SERVICES[name] for name in ("migrate", "web", "worker", "beat")]
    assert {service["image"] for service in ours} == {"naoberplek"}
    assert all(service["read_only"] and service["cap_drop"] == ["ALL"] for service in ours)
    assert re.search(r"^USER 10001$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)


def test_what_the_image_copies_is_not_ignored() -> None:
    copied = re.findall(r"^COPY (\S+) ", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    kept = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert sorted(copied) == sorted(kept)
    assert all((ROOT / name).exists() for name in copied)


def test_pictures_are_of_no_registry_and_never_just_the_latest() -> None:
    images = [service["image"] for service in SERVICES.values() if "build" not in service]
    assert [image for image in images if not re.fullmatch(r"([a-z]+/)?[a-z]+:v?\d[\d.]*", image)] == []


def test_what_the_administrator_sets_reaches_the_portal() -> None:
    """Every setting of the table, but those that compose itself sets, and those of one command (`run -e`)."""
    table = (ROOT / "docs" / "operate.md").read_text().split("## Settings")[1].split("\n## ")[0]
    settings = set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))
    own = {"DATA_DIR", "BACKUP_DIR", "BIND", "DEMO", "TEST_DATABASE_FILE"}
    of_one_command = {"OVER_NEWER", "WITHOUT_LIST", "YES"}
    of_compose_alone = {"POSTGRES_PASSWORD", "BACKUPS", "PORT"}
    given = set(SERVICES["web"]["environment"])
    assert given == settings - own - of_one_command - of_compose_alone


def test_a_database_that_is_still_being_made_is_not_healthy() -> None:
    """The image's own server of that moment answers on the socket only; `migrate` would come too early."""
    assert "-h 127.0.0.1" in SERVICES["postgres"]["healthcheck"]["test"][1]


CADDY = (ROOT / "Caddyfile").read_text()


@pytest.mark.parametrize(
    "line",
    ["read_header 10s", "read_body 2m", "max_size 512KB", "max_size 12MB", "request_buffers 512KB"],
)
def test_who_sends_slowly_or_much_holds_no_thread_of_the_portal(line: str) -> None:
    """The proxy reads a form whole before it passes it on (docs/operate.md says how that was tried)."""
    assert re.search(rf"^\t+{line}$", CADDY, re.MULTILINE)


@pytest.mark.parametrize("field", ["uri", "headers", "remote_ip", "client_ip"])
def test_the_log_of_the_proxy_tells_nobody_who_asked_for_what(field: str) -> None:
    assert re.search(rf"^\t+request>{field} delete$", CADDY, re.MULTILINE)


def test_the_proxy_passes_no_figures_on() -> None:
    assert re.search(r"^\trespond /metrics 404$", CADDY, re.MULTILINE)


def test_the_proxy_lets_a_connection_go_before_the_portal_does() -> None:
    """What it sends on one that the portal closes at that moment is lost, and an order is not sent twice."""
    found = [
        re.search(pattern, text, re.MULTILINE)
        for pattern, text in (
            (r"^\t+keepalive (\d+)s$", CADDY),
            (r"^keepalive = (\d+)$", (ROOT / "portal" / "gunicorn_conf.py").read_text()),
        )
    ]
    proxy, portal = (int(one[1]) for one in found if one)
    assert proxy < portal


def test_the_worker_starts_as_with_make_serve() -> None:
    assert SERVICES["worker"]["command"][3 : 3 + len(WORKER)] == list(WORKER)
