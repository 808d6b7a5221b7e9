"""What a house sets for itself, subject by subject. None of it hits a booking: each keeps what held then."""

from typing import Any

from django.db import transaction

from bookings.actions.lock import lock
from bookings.fingerprint import seen_of
from bookings.refusals import NotAsShown, NothingChanges
from portal.base import clock
from portal.base.log import Actor, record
from villages.models import AccessWay, Dorpshuis, Facility, HouseMessages, HouseRules, messages_of

# The columns of the house that each of these subjects is about.
COLUMNS: dict[str, tuple[str, ...]] = {
    "teksten": ("intro", "why"),
    "internet": ("internet_down", "internet_up", "internet_measured_on"),
    "betalen": ("pay_pin", "pay_cash", "pay_link", "pay_account"),
    "annuleren": ("cancel_days_before", "cancel_time"),
    "vooruit": ("window_days", "lead_minutes"),
    "grenzen": ("order_limit", "guest_limit"),
    "eerste-keer": ("staffed_only_for_new",),
    "bokd": ("joint_reporting",),
}
# Those that have rows of their own: the table, and its columns.
ROWS: dict[str, tuple[type[Facility | AccessWay], tuple[str, ...]]] = {
    "voorzieningen": (Facility, ("kind", "title", "text")),
    "binnenkomen": (AccessWay, ("dagdeel", "method", "public_text", "private_text")),
}
RULES = "huisregels"
MESSAGES = "berichten"
SWITCHES = (
    *("reminders", "way_in", "standing_end", "waiting_list", "miss_you"),
    *("day_list_hour", "nudge", "weekly_line", "monthly"),
)

# Of a subject: its columns by name; of one with rows a list of those under "rows".
Values = dict[str, Any]


def values_of(house: Dorpshuis, subject: str) -> Values:
    """What the house has set for this subject now. KeyError for a subject that there is not."""
    if subject == RULES:
        rules = HouseRules.objects.filter(pk=house.current_rules_id or 0).first()
        return {"bullets": rules.bullets, "text": rules.text} if rules else {"bullets": "", "text": ""}
    if subject == MESSAGES:
        messages = messages_of(house)
        return {switch: getattr(messages, switch) for switch in SWITCHES}
    if subject in ROWS:
        table, columns = ROWS[subject]
        return {"rows": list(table.objects.filter(dorpshuis=house).values(*columns))}
    return {column: getattr(house, column) for column in COLUMNS[subject]}


def change_settings(dorpshuis_id: int, subject: str, values: Values, by: Actor, seen: str) -> None:
    """Set this subject. `seen`: the hash (`seen_of`) of the values that the form was opened with.

    Raises NotAsShown when somebody changed them since, and then writes nothing; NothingChanges when they stand
    so already, as after a second tap.
    """
    with transaction.atomic():
        house = lock(dorpshuis_id)
        now = values_of(house, subject)
        if now == values:
            raise NothingChanges
        if seen_of(now) != seen:
            raise NotAsShown
        if subject == RULES:
            _new_rules(house, values)
        elif subject == MESSAGES:
            HouseMessages.objects.update_or_create(dorpshuis=house, defaults=values)
        elif subject in ROWS:
            _new_rows(house, subject, values)
        else:
            Dorpshuis.objects.filter(pk=house.pk).update(**values)
        record(by, "change_settings", f"dorpshuis:{house.pk}", dorpshuis_id=house.pk)


def _new_rules(house: Dorpshuis, values: Values) -> None:
    """A new version, from now on; a booking keeps the version that its guest accepted."""
    newest = HouseRules.objects.filter(dorpshuis=house).order_by("-version").first()
    version = newest.version + 1 if newest else 1
    rules = HouseRules.objects.create(dorpshuis=house, version=version, valid_from=clock.today(), **values)
    Dorpshuis.objects.filter(pk=house.pk).update(current_rules=rules)


def _new_rows(house: Dorpshuis, subject: str, values: Values) -> None:
    """These in place of what stood there: nothing points to such a row."""
    table, _ = ROWS[subject]
    table.objects.filter(dorpshuis=house).delete()
    for number, row in enumerate(values["rows"], 1):
        order = {"position": number} if subject == "voorzieningen" else {}
        table.objects.create(dorpshuis=house, **row, **order)
