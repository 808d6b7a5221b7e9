"""One function per mail, named after it; its words are in `templates/bookings/mail/<name>_….txt` and `.html`.

Called when the mail is sent, not when it is put in the outbox: it tells what is true then, or nothing.
"""

from bookings.mails.booked import confirmation
from bookings.mails.changed import change
from bookings.mails.gone import called_off, cancellation
from bookings.mails.link import link, lost_link
from bookings.mails.open_again import reopened, undone
from bookings.models.call_entry import CallEntry
from bookings.tell import LINK, LOST_LINK
from portal.base import outbox

Kind = CallEntry.Kind


def register_all() -> None:
    """Let the outbox know who composes what."""
    outbox.register(Kind.CONFIRMATION, confirmation)
    outbox.register(Kind.CHANGE, change)
    outbox.register(Kind.CANCELLATION, cancellation)
    outbox.register(Kind.CALLED_OFF, called_off)
    outbox.register(Kind.UNDONE, undone)
    outbox.register(Kind.REOPENED, reopened)
    outbox.register(LINK, link)
    outbox.register(LOST_LINK, lost_link)
