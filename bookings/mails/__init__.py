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


# Who composes what.
COMPOSERS = {
    Kind.CONFIRMATION: confirmation,
    SERIES: series,
    Kind.CHANGE: change,
    Kind.CANCELLATION: cancellation,
    Kind.CALLED_OFF: called_off,
    Kind.UNDONE: undone,
    Kind.REOPENED: reopened,
    Kind.STANDING: standing,
    Kind.STANDING_END: standing_end,
    Kind.REMINDER: reminder,
    Kind.WAY_IN: way_in,
    Kind.LONGER: longer,
    Kind.STOPPED: stopped,
    Kind.TIMES: times,
    LINK: link,
    LOST_LINK: lost_link,
    INVITATION: invitation,
    ROLE_CHANGED: role_changed,
    LEFT_TEAM: left_team,
    NOT_ARRIVED: not_arrived,
    DAY_LIST: day_list,
    NUDGE: nudge,
    WEEKLY_LINE: weekly_line,
    MONTH: month,
    HOUSE_MONTH: house_month,
    TRIAL: trial,
    ON_THE_LIST: on_the_list,
    PLACE: place,
    TURN_PASSED: turn_passed,
    FORGOTTEN: forgotten,
    IDLE: idle,
    MISS_YOU: miss_you,
}
# They let somebody in, or name guests: of what was sent no copy is kept.
SECRET = (INVITATION, DAY_LIST, TRIAL)


def register_all() -> None:
    """Let the outbox know who composes what."""
    for kind, compose in COMPOSERS.items():
        outbox.register(kind, compose, secret=kind in SECRET)
