"""Who runs what: a person's role in a house, or in all houses of an operator."""

from datetime import date
from enum import nonmember
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, When
from django.utils.translation import gettext_lazy

from villages.models.dorpshuis import Dorpshuis, Operator

if TYPE_CHECKING:
    from portal.base.accounts.models import User


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of(self, user: "User", dorpshuis: Dorpshuis) -> Self:
        """The roles of this person in this house: her own, or through its operator."""
        here = Q(dorpshuis=dorpshuis)
        if dorpshuis.operator_id is not None:
            here |= Q(operator=dorpshuis.operator_id)
        return self.filter(here, user=user)

    def own(self, dorpshuis: Dorpshuis) -> Self:
        """The roles that people have in this very house, not through its operator."""
        return self.filter(dorpshuis=dorpshuis)

    def keepers(self, dorpshuis: Dorpshuis) -> Self:
        """On whom the house stands: its own board, or as long as it has none its own treasurers.

        Who comes from the operator doesn't count: the operator may go.
        """
        board = self.own(dorpshuis).filter(role=Membership.Role.BOARD)
        return board if board.exists() else self.own(dorpshuis).filter(role=Membership.Role.TREASURER)

    def in_order(self) -> Self:
        """The board first, then by name."""
        rank = {role: number for number, role in enumerate(reversed(Membership.Role.values))}
        order = Case(*(When(role=role, then=number) for role, number in rank.items()))
        return self.select_related("user", "operator").order_by(order, "user__name", "user__email")


class Membership(models.Model):
    class Role(models.TextChoices):
        HOST = "host", gettext_lazy("gastvrouw of gastheer")
        VOLUNTEER = "volunteer", gettext_lazy("vrijwilliger, beheerder")
        TREASURER = "treasurer", gettext_lazy("penningmeester")
        BOARD = "board", gettext_lazy("bestuur")

        day_list = nonmember(("host", "volunteer", "treasurer", "board"))
        running = nonmember(("volunteer", "treasurer", "board"))
        money = nonmember(("treasurer", "board"))

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name="persoon"
    )
    dorpshuis = models.ForeignKey(
        Dorpshuis, models.CASCADE, null=True, blank=True, related_name="memberships", verbose_name="dorpshuis"
    )
    operator = models.ForeignKey(
        Operator, models.CASCADE, null=True, blank=True, related_name="memberships", verbose_name="welzijnsorganisatie"
    )
    role = models.CharField("rol", max_length=10, choices=Role, default=Role.VOLUNTEER)
    since = models.DateField("sinds", default=date(2020, 1, 1))

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "rol"
        verbose_name_plural = "team"
        constraints = (
            models.CheckConstraint(
                condition=Q(dorpshuis__isnull=False, operator__isnull=True)
                | Q(dorpshuis__isnull=True, operator__isnull=False),
                name="membership_of_house_or_operator",
                violation_error_message="Kies een dorpshuis of een welzijnsorganisatie, niet allebei.",
            ),
            models.UniqueConstraint(fields=["user", "dorpshuis"], name="one_role_per_house"),
            models.UniqueConstraint(fields=["user", "operator"], name="one_role_per_operator"),
        )

    def __str__(self) -> str:
        return self.get_role_display()
