"""Structured logging: one JSON line per event, with the request's id and without personal data."""

import logging.config
import re
from typing import Any

import structlog

# References of private pages, e-mail addresses and phone numbers, should one slip into a message.
_PRIVATE = re.compile(
    r"(?P<reference>(?<=/boeking/)[^/\s?\"']+)"
    r"|(?<=/vaste-plek/)[^/\s?\"']+"
    r"|(?<=/wachtlijst/)[^/\s?\"']+"
    r"|(?<=/gemist/)[^/\s?\"']+"
    r"|(?<=/uitnodiging/)[^/\s?\"']+"
    r"|[\w.+-]+@[\w-]+\.[\w.-]+"
    r"|(?<![\w.:-])(?:\+|00|0)[1-9](?:[ -]?\d){8,12}(?![\w-])"
)
MASK = "•••"


def mask(text: str) -> str:
    """The text without references, e-mail addresses and phone numbers."""
    return _PRIVATE.sub(MASK, text)


def _mask_event(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    return {
        key: mask(value) if isinstance(value, str) and key != "timestamp" else value for key, value in event.items()
    }


_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    _mask_event,
]


def lines_of_json() -> structlog.stdlib.ProcessorFormatter:
    """What makes a line of the log of whatever somebody says, also who knows nothing of structlog."""
    return structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        foreign_pre_chain=_PROCESSORS,
    )


def logging_config(level: str) -> None:
    """Send Django's, Celery's and our own logging through structlog to standard output."""
    structlog.configure(
        processors=[*_PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": {"()": lines_of_json}},
            "handlers": {
                "stdout": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stdout"}
            },
            "root": {"handlers": ["stdout"], "level": level},
            # Our own request line says it without the path; Django's would say it again.
            "loggers": {
                "django.request": {"level": "ERROR"},
                "django.security": {"level": "ERROR"},
                "gunicorn.http.wsgi": {"level": "ERROR"},  # it warns of each HEAD, which watchers send every minute
            },
        }
    )
