"""The mail with a trial code: one dagdeel for nothing."""

from django.core.mail import EmailMultiAlternatives

from bookings.mails.letter import written
from bookings.models import TrialCode
from bookings.trial import code_of, groups_of, trial_link
from portal.base import clock
from portal.base.models import OutboxMail


def trial(mail: OutboxMail) -> EmailMultiAlternatives | None:
    """The link with the code; None when it was used or withdrawn, or is past its end."""
    number = int(mail.subject.removeprefix("trial:"))
    rows = TrialCode.objects.open_on(clock.today()).select_related("dorpshuis__village")
    row = rows.filter(pk=number).first()
    if row is None:
        return None
    code = " ".join(groups_of(code_of(row)))
    context = {"house": row.dorpshuis, "link": trial_link(row), "code": code, "until": row.valid_until}
    return written("trial", context, reply_to=row.dorpshuis.email)
