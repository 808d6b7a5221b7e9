"""Ask for a desk in the house of one's own village, and say that it was dealt with.

There is no house yet, so there is none to lock.
"""

from dataclasses import dataclass

from django.db import transaction

from portal.base import clock
from portal.base.log import Actor, record
from villages.models import HouseRequest

MOST_OPEN = 3


@dataclass(frozen=True)
class Application:
    """Who asks, for which house. E-mail, else phone; `village_id` is None for a place that is not in the list."""

    place: str
    house_name: str
    name: str
    village_id: int | None = None
    email: str = ""
    phone: str = ""
    remark: str = ""


def apply(application: Application, by: Actor) -> HouseRequest | None:
    """Write the request down. None when this contact has asked the same, or has three requests open.

    Two at the very same moment may both pass that limit: that costs BOKD a line to read, and nobody a desk.
    """
    with transaction.atomic():
        standing = list(HouseRequest.objects.open().of_contact(application.email, application.phone))
        if len(standing) >= MOST_OPEN or any(_is_same(application, row) for row in standing):
            return None
        row = HouseRequest.objects.create(
            place=application.place,
            village_id=application.village_id,
            house_name=application.house_name,
            name=application.name,
            email=application.email,
            phone=application.phone,
            remark=application.remark,
        )
        record(by, "apply", f"houserequest:{row.pk}")
    return row


def _is_same(application: Application, row: HouseRequest) -> bool:
    """A second tap, or the same asked again."""
    asked = (application.place.casefold(), application.house_name.casefold())
    return asked == (row.place.casefold(), row.house_name.casefold())


def mark_handled(number: int, by: Actor) -> bool:
    """Say that BOKD dealt with this request. False when that was said before, or there is no such request."""
    with transaction.atomic():
        handled = HouseRequest.objects.open().filter(pk=number).order_by()
        if not handled.update(handled_at=clock.now(), handled_by=by.user):
            return False
        record(by, "mark_handled", f"houserequest:{number}")
    return True
