"""One function per mail, named after it; its words are in `templates/bookings/mail/<name>_….txt` and `.html`.

Called when the mail is sent, not when it is put in the outbox: it tells what is true then, or nothing.
"""

from bookings.mails.booked import confirmation
from bookings.mails.changed import change
from bookings.mails.forgotten import forgotten
from bookings.mails.gone import called_off, cancellation
from bookings.mails.idle import idle
from bookings.mails.link import link, lost_link
from bookings.mails.missed import miss_you
from bookings.mails.month import house_month, month
from bookings.mails.of_a_day import reminder, way_in
from bookings.mails.of_the_house import day_list, nudge, weekly_line
from bookings.mails.open_again import reopened, undone
from bookings.mails.series import series
from bookings.mails.standing import longer, standing, standing_end, stopped
from bookings.mails.team import invitation, left_team, not_arrived, role_changed
from bookings.mails.times import times
from bookings.mails.trial import trial
from bookings.mails.waiting import on_the_list, place, turn_passed
from bookings.models.call_entry import CallEntry
from bookings.tell import FORGOTTEN, INVITATION, LEFT_TEAM, LINK, LOST_LINK, ROLE_CHANGED, SERIES, TRIAL
from bookings.tell_away import IDLE, MISS_YOU
from bookings.tell_house import NOT_ARRIVED
from bookings.tell_timed import DAY_LIST, HOUSE_MONTH, MONTH, NUDGE, WEEKLY_LINE
from bookings.tell_waiting import ON_THE_LIST, PLACE, TURN_PASSED
from portal.base import outbox

Kind = CallEntry.Kind


def register_all() -> None:
    """Let the outbox know who composes what."""
    outbox.register(Kind.CONFIRMATION, confirmation)
    outbox.register(SERIES, series)
    outbox.register(Kind.CHANGE, change)
    outbox.register(Kind.CANCELLATION, cancellation)
    outbox.register(Kind.CALLED_OFF, called_off)
    outbox.register(Kind.UNDONE, undone)
    outbox.register(Kind.REOPENED, reopened)
    outbox.register(Kind.STANDING, standing)
    outbox.register(Kind.STANDING_END, standing_end)
    outbox.register(Kind.REMINDER, reminder)
    outbox.register(Kind.WAY_IN, way_in)
    outbox.register(Kind.LONGER, longer)
    outbox.register(Kind.STOPPED, stopped)
    outbox.register(Kind.TIMES, times)
    outbox.register(LINK, link)
    outbox.register(LOST_LINK, lost_link)
    outbox.register(INVITATION, invitation, secret=True)
    outbox.register(ROLE_CHANGED, role_changed)
    outbox.register(LEFT_TEAM, left_team)
    outbox.register(NOT_ARRIVED, not_arrived)
    # It names guests: of what was sent to a volunteer no copy is kept.
    outbox.register(DAY_LIST, day_list, secret=True)
    outbox.register(NUDGE, nudge)
    outbox.register(WEEKLY_LINE, weekly_line)
    outbox.register(MONTH, month)
    outbox.register(HOUSE_MONTH, house_month)
    outbox.register(TRIAL, trial, secret=True)
    outbox.register(ON_THE_LIST, on_the_list)
    outbox.register(PLACE, place)
    outbox.register(TURN_PASSED, turn_passed)
    outbox.register(FORGOTTEN, forgotten)
    outbox.register(IDLE, idle)
    outbox.register(MISS_YOU, miss_you)
