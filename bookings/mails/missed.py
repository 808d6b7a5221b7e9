"""The one mail to a guest who stayed away, from the house itself."""

from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from bookings.domain.missed import may_send
from bookings.mails.letter import greeting_name, written
from bookings.missed import stop_link, to_ask, why_link, with_last_visit
from portal.base import clock
from portal.base.models import OutboxMail


def miss_you(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """Why she stays away. None when she is not to be asked any more, or when it would come at night or in a weekend."""
    if not may_send(clock.now()):
        return None
    number = int(mail.subject.removeprefix("guest:"))
    rows = with_last_visit(to_ask()).filter(pk=number, email=mail.recipient)
    guest = rows.select_related("dorpshuis__village").first()
    if guest is None:
        return None
    house = guest.dorpshuis
    context = {
        "name": greeting_name(guest.name),
        "house": house,
        "last": guest.last_visit,  # type: ignore[attr-defined]  # with_last_visit
        "link": why_link(guest),
        "stop": stop_link(guest),
        "house_link": settings.PUBLIC_URL + reverse("house", args=[house.slug]),
    }
    message = written("miss_you", context, reply_to=house.email)
    message.from_email = formataddr((" ".join(str(house.name).split()), parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
    message.extra_headers |= {
        "List-Unsubscribe": f"<{context['stop']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
    }
    return message
