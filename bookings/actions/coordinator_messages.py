"""Which mails a coordinator of BOKD chose for herself."""

from django.db import transaction

from portal.base.accounts.models import User
from portal.base.log import Actor, record
from villages.models import CoordinatorMessages


def choose_figures(user: User, by: Actor, *, monthly: bool, region: str, language: str) -> None:
    """Keep whether she gets the figures of each month, of which region (empty: all), in which language. What stands
    already is not written again.
    """
    wanted = {"monthly": monthly, "region": region, "language": language}
    with transaction.atomic():
        if CoordinatorMessages.objects.filter(user=user, **wanted).exists():
            return
        CoordinatorMessages.objects.update_or_create(user=user, defaults=wanted)
        record(by, "choose_figures", f"user:{user.pk}")
