"""What somebody saw when she opened a form: so that nobody overwrites unseen what another changed meanwhile."""

from django.utils.crypto import constant_time_compare

from bookings.fingerprint import seen_of

__all__ = ["is_seen", "seen_of"]


def is_seen(typed: str, values: object) -> bool:
    """Whether a form that carries this print was opened with these values."""
    return constant_time_compare(typed, seen_of(values))
