"""The mail to a member who has not been here for two years, before her account goes."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from bookings.actions.idle import goes_on, is_idle
from bookings.mails.letter import greeting_name, written
from portal.base.accounts.models import User
from portal.base.models import OutboxMail


def idle(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """From which day on her account is gone, and what she does to keep it; None when she was here meanwhile."""
    user = User.objects.filter(pk=int(mail.subject.removeprefix("user:")), email=mail.recipient).first()
    if user is None or not is_idle(user):
        return None
    link = settings.PUBLIC_URL + reverse("login")
    return written("idle", {"name": greeting_name(user.name), "link": link, "day": goes_on(mail.created_at)})
