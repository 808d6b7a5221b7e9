"""Mails that never arrived and are about no booking, so that nobody can be phoned for them: the house reads of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bookings.models import TrialCode
from bookings.tell import LEFT_TEAM, TRIAL
from portal.base import clock, outbox
from portal.base.accounts.models import User
from portal.base.models import OutboxMail
from villages.models import Dorpshuis, Membership

NOTED = (TRIAL, LEFT_TEAM)
SHOWN = timedelta(days=14)


@dataclass(frozen=True)
class Note:
    """Such a mail of this house, by its number in the outbox: with a trial code to this `recipient`, or that somebody
    (`who`) left the team.
    """

    number: int
    house: int
    day: date
    recipient: str
    who: User | None = None


def notes_of(house: Dorpshuis) -> list[Note]:
    """What this house should know of now, oldest first. Four queries at most."""
    return [note for note in all_notes() if note.house == house.pk]


def all_notes() -> list[Note]:
    """The same of all houses: a code that still works, somebody who is not back in the team."""
    mails = outbox.failed(NOTED, clock.now() - SHOWN)
    codes = TrialCode.objects.open_on(clock.today()).filter(pk__in=_numbers(mails, TRIAL, 1))
    house_of = dict(codes.values_list("pk", "dorpshuis_id"))
    users = User.objects.in_bulk(_numbers(mails, LEFT_TEAM, 2))
    back = set(Membership.objects.filter(user__in=users).values_list("dorpshuis_id", "user_id"))
    notes = []
    for mail in mails:
        day, numbers = clock.local(mail.next_try).date(), [int(part) for part in mail.subject.split(":")[1:]]
        if mail.kind == TRIAL and numbers[0] in house_of:
            notes.append(Note(mail.pk, house_of[numbers[0]], day, mail.recipient))
        elif mail.kind == LEFT_TEAM and numbers[1] in users and tuple(numbers) not in back:
            notes.append(Note(mail.pk, numbers[0], day, mail.recipient, users[numbers[1]]))
    return notes


def forget_note(note: Note) -> None:
    """Take this note away, with the address that the mail was for; that the mail failed stays."""
    outbox.forget_numbers([note.number])


def _numbers(mails: Iterable[OutboxMail], kind: str, place: int) -> set[int]:
    return {int(mail.subject.split(":")[place]) for mail in mails if mail.kind == kind}
