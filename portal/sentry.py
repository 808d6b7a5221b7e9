"""Errors to Sentry (or GlitchTip), only where SENTRY_DSN is set: without it this module is not even imported."""

from typing import Any

import sentry_sdk

from portal.logs import mask


def report_to(dsn: str, environment: str) -> None:
    """Send what goes wrong there: without what people typed, without addresses, cookies or local variables."""
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        traces_sample_rate=0,
        auto_session_tracking=False,
        max_breadcrumbs=0,
        before_send=without_people,
    )


def without_people(event: Any, _hint: Any) -> Any:
    """The event without the request but for its method, and with every text masked as in the log."""
    request = event.pop("request", {})
    event.pop("user", None)
    event["request"] = {"method": request.get("method", "")}
    return _masked(event)


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {key: _masked(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner) for inner in value]
    return value
