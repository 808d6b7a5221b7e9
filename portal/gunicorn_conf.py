"""Gunicorn, in `make demo`, `make serve` and the container alike; all of it by environment."""

import logging
import os
import sys
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger

from portal.logs import lines_of_json


class Lines(Logger):  # type: ignore[misc]
    """What gunicorn itself says is a line of the log like all others: where it names an address, that is masked."""

    def setup(self, cfg: Any) -> None:
        """Set up by gunicorn, at the start and when it reads its settings anew."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(sys.stdout)
            handler.setFormatter(lines_of_json())


def _number(name: str, usual: int) -> int:
    """A setting that counts something; one that doesn't stops the start with a sentence."""
    given = os.environ.get(name) or str(usual)
    if not given.isdecimal() or not int(given):
        raise SystemExit(f"{name}={given} is geen aantal: geef een getal vanaf 1.")
    return int(given)


bind = f"{os.environ.get('BIND') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
worker_class = "gthread"
workers = _number("WEB_WORKERS", 2)
threads = _number("WEB_THREADS", 4)
timeout = 30
graceful_timeout = 10
# Longer than the proxy keeps a connection (Caddyfile): else one is closed here while a booking is being sent on it.
keepalive = 75
# A worker is renewed now and then, not all at once, so that no leak ever counts.
max_requests = 10_000
max_requests_jitter = 1_000
# As long as it allows: a choice of many dagdelen stands in the address.
limit_request_line = 8190
logger_class = Lines
# No access log: addresses of private pages would be in it. The portal logs requests itself, masked.
accesslog = None
loglevel = os.environ.get("WEB_LOG_LEVEL", "warning")
# Who may say that a request came over https: the proxies that we trust, and nobody by default.
forwarded_allow_ips = os.environ.get("TRUSTED_PROXIES", "")
# Its control socket would live in the home folder of whoever runs the portal.
control_socket_disable = True

# What the workers count for /metrics, in files that each of them reads (portal/base/metrics.py).
_counts = Path(os.environ.get("DATA_DIR") or "var") / "metrics"
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(_counts.resolve()))


def on_starting(_server: Any) -> None:
    """Counting begins anew with the server."""
    folder = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():  # the folder itself may be a volume
        old.unlink()
