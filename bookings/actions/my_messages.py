"""Which mails somebody of a team chose for herself."""

from django.db import transaction

from bookings.actions.lock import lock
from portal.base.accounts.models import User
from portal.base.log import Actor, record
from villages.models import TeamMessages


def choose_messages(
    dorpshuis_id: int,
    user: User,
    by: Actor,
    *,
    day_list_hour: int | None,
    nudge: bool,
    weekly_line: bool | None,
    monthly: bool | None,
) -> None:
    """Keep what she chose in this house: the hour (6 to 20) of the list of the day or None, and whether she gets the
    others; None for the line of the week or the figures of the month leaves that as it is. What stands already is not
    written again.
    """
    wanted = {"day_list_hour": day_list_hour, "nudge": nudge}
    wanted |= {} if weekly_line is None else {"weekly_line": weekly_line}
    wanted |= {} if monthly is None else {"monthly": monthly}
    with transaction.atomic():
        house = lock(dorpshuis_id)
        mine = TeamMessages.objects.filter(dorpshuis=house, user=user)
        if mine.filter(**wanted).exists():
            return
        TeamMessages.objects.update_or_create(dorpshuis=house, user=user, defaults=wanted)
        record(by, "choose_messages", f"user:{user.pk}", dorpshuis_id=house.pk)
