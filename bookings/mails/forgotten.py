"""The last mail to a guest who was deleted. Of her the portal knows nothing any more but this address."""

from datetime import timedelta

from django.core.mail import EmailMultiAlternatives

from bookings.mails.letter import written
from bookings.models import Booking, Guest
from bookings.wording import moment_words
from portal.base import clock
from portal.base.models import OutboxMail

# What was given back so shortly before may have been told by a mail that went with the rest.
JUST_BEFORE = timedelta(hours=1)


def forgotten(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """What was deleted, which dagdelen do not go on, and that this is the last she hears; None if she is not."""
    guest = Guest.objects.select_related("dorpshuis").filter(pk=int(mail.subject.removeprefix("guest:"))).first()
    if guest is None or guest.emptied_at is None:
        return None
    rows = Booking.objects.of_guest(guest).given_back_since(guest.emptied_at - JUST_BEFORE)
    gone = [moment_words(row.moment) for row in rows.in_order() if row.date >= clock.local(guest.emptied_at).date()]
    return written("forgotten", {"house": guest.dorpshuis, "gone": gone}, reply_to=guest.dorpshuis.email)
