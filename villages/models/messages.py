"""Which messages go out by themselves: a switch per house, and what somebody of its team chose for herself."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from villages.models.dorpshuis import Dorpshuis

# A list of the day is of use between these hours.
FIRST_HOUR, LAST_HOUR = 6, 20
_HOURS = (MinValueValidator(FIRST_HOUR), MaxValueValidator(LAST_HOUR))


class HouseMessages(models.Model):
    """The switches of a house. A house without a row has what stands here as default: read it by `messages_of`."""

    dorpshuis = models.OneToOneField(
        Dorpshuis, models.CASCADE, primary_key=True, related_name="messages", verbose_name="dorpshuis"
    )
    reminders = models.BooleanField("herinnering aan gasten", default=True)
    way_in = models.BooleanField("de avond ervoor hoe je binnenkomt", default=True)
    day_list_hour = models.PositiveSmallIntegerField(
        "wie er komt, aan het team: om", null=True, blank=True, validators=_HOURS
    )
    weekly_line = models.BooleanField("elke maandag een regel aan het bestuur", default=True)
    nudge = models.BooleanField("wie is niet aangevinkt", default=True)
    monthly = models.BooleanField("cijfers van de maand, aan het bestuur", default=True)
    standing_end = models.BooleanField("vaste plek loopt af", default=True)
    waiting_list = models.BooleanField("wachtlijst", default=True)
    # Off until the house says so: only from a house to its own customers (art. 11.7 Tw).
    miss_you = models.BooleanField("we missen je", default=False)

    class Meta:
        verbose_name = "berichten"
        verbose_name_plural = "berichten"
        constraints = (
            models.CheckConstraint(
                condition=Q(day_list_hour__isnull=True) | Q(day_list_hour__range=(FIRST_HOUR, LAST_HOUR)),
                name="house_day_list_by_day",
            ),
        )

    def __str__(self) -> str:
        return f"dorpshuis:{self.dorpshuis_id}"


class TeamMessages(models.Model):
    """What somebody of a team chose for herself in a house; without a row what the house chose for all holds."""

    dorpshuis = models.ForeignKey(Dorpshuis, models.CASCADE, related_name="team_messages", verbose_name="dorpshuis")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="team_messages", verbose_name="persoon"
    )
    day_list_hour = models.PositiveSmallIntegerField(
        "wie er komt: om", null=True, blank=True, validators=_HOURS, help_text="Leeg: geen mail."
    )
    nudge = models.BooleanField("wie is niet aangevinkt", default=False)
    weekly_line = models.BooleanField("elke maandag een regel", default=True)
    monthly = models.BooleanField("cijfers van de maand", default=True)

    class Meta:
        verbose_name = "berichten van iemand"
        verbose_name_plural = "berichten van het team"
        constraints = (
            models.UniqueConstraint(fields=["dorpshuis", "user"], name="one_choice_of_messages_per_house"),
            models.CheckConstraint(
                condition=Q(day_list_hour__isnull=True) | Q(day_list_hour__range=(FIRST_HOUR, LAST_HOUR)),
                name="team_day_list_by_day",
            ),
        )

    def __str__(self) -> str:
        return f"dorpshuis:{self.dorpshuis_id}:{self.user_id}"


class CoordinatorMessages(models.Model):
    """What a coordinator of BOKD chose: the figures of the month of which region, in which language, or none.

    Without a row: of all regions, in Dutch.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="coordinator_messages",
        verbose_name="persoon",
    )
    monthly = models.BooleanField("cijfers van de maand", default=True)
    region = models.CharField("regio", max_length=40, blank=True, help_text="Leeg: alle regio's.")
    language = models.CharField("taal", max_length=2, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)

    class Meta:
        verbose_name = "berichten van een BOKD-medewerker"
        verbose_name_plural = "berichten van BOKD-medewerkers"

    def __str__(self) -> str:
        return f"user:{self.user_id}"


def messages_of(house: Dorpshuis) -> HouseMessages:
    """The switches of this house; with the defaults, not written, as long as it chose nothing. One query at most."""
    try:
        return house.messages
    except HouseMessages.DoesNotExist:
        return HouseMessages(dorpshuis=house)


def switched_on(switch: str, through: str = "") -> Q:
    """The houses whose switch of this name is on, also those that never chose: as a filter on Dorpshuis, or on a table
    that leads to it `through` a column (`dorpshuis__`).
    """
    on = Q(**{f"{through}messages__{switch}": True})
    return on | Q(**{f"{through}messages__isnull": True}) if getattr(HouseMessages(), switch) else on
