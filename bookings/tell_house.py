"""What those who run a house must hear: that a mail to a guest never arrived, and she must be phoned."""

from collections.abc import Iterable
from datetime import date

from portal.base import clock, outbox
from portal.base.models import OutboxMail
from villages.models import Dorpshuis, Membership

NOT_ARRIVED = "not_arrived"
Role = Membership.Role


def tell_not_arrived(dorpshuis_ids: Iterable[int], day: date | None = None) -> None:
    """Mail the volunteers and the board of these houses, each at most once for this day (None: today)."""
    now = clock.now()
    mails = []
    for house in Dorpshuis.objects.filter(pk__in=set(dorpshuis_ids)).order_by("pk"):
        for membership in _who_runs(house):
            user = membership.user
            mails.append(
                OutboxMail(
                    key=f"{NOT_ARRIVED}:{house.pk}:{user.pk}:{day or now.date()}",
                    kind=NOT_ARRIVED,
                    subject=f"team:{house.pk}:{user.pk}",
                    recipient=user.email,
                    language=user.language,
                    lane=OutboxMail.Lane.BULK,
                    visible_from=now,
                )
            )
    outbox.put_all(mails)


def _who_runs(house: Dorpshuis) -> list[Membership]:
    """Of the house itself; of its operator only when the house has nobody of its own."""
    running = Membership.objects.filter(role__in=(Role.VOLUNTEER, Role.BOARD)).select_related("user").order_by("pk")
    own = list(running.filter(dorpshuis=house))
    if own or house.operator_id is None:
        return own
    return list(running.filter(operator=house.operator_id))
