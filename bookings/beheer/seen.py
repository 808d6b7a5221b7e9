"""What somebody saw when she opened a form: so that nobody overwrites unseen what another changed meanwhile."""

from bookings.fingerprint import seen_of

__all__ = ["seen_of"]
