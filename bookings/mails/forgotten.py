"""The last mail to a guest who was deleted. Of her the portal knows nothing any more but this address."""

from collections.abc import Collection
from datetime import timedelta

from django.core.mail import EmailMultiAlternatives

from bookings.mails.letter import written
from bookings.models import Booking, Guest
from bookings.wording import moment_words
from portal.base import clock
from portal.base.models import OutboxMail
from portal.base.outbox import Ready

# What was given back so shortly before may have been told by a mail that went with the rest.
JUST_BEFORE = timedelta(hours=1)
WORTH_READING = timedelta(days=2)


def forgotten(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """What was deleted, which dagdelen do not go on, and that this is the last she hears; None if she is not."""
    guest = Guest.objects.select_related("dorpshuis").filter(pk=int(mail.subject.removeprefix("guest:"))).first()
    if guest is None or guest.emptied_at is None:
        return None
    rows = Booking.objects.of_guest(guest).given_back_since(guest.emptied_at - JUST_BEFORE)
    gone = [moment_words(row.moment) for row in rows.in_order() if row.date >= clock.local(guest.emptied_at).date()]
    return written("forgotten", {"house": guest.dorpshuis, "gone": gone}, reply_to=guest.dorpshuis.email)


def forgotten_everywhere(rows: Collection[Booking], houses: Collection[str]) -> Ready:
    """The last mail to a member who deleted her account, of one piece: what does not go on, and where she may still
    have to ask. `rows` with their houses.
    """
    gone = [f"{moment_words(row.moment)}, {row.dorpshuis}" for row in rows]
    message = written("forgotten_everywhere", {"gone": gone, "houses": sorted(set(houses))})
    html = str(message.alternatives[0][0])
    return Ready(str(message.subject), str(message.body), html, clock.now() + WORTH_READING)
