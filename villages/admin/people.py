"""Who runs what: roles, in lists of their own and with the person and the house."""

from django.contrib import admin

from portal.base.accounts.models import User
from portal.base.admin import UserAdmin
from villages.models import Dorpshuis, Membership


class RoleInline(admin.TabularInline[Membership, User]):
    """The roles of one person."""

    model = Membership
    extra = 0
    autocomplete_fields = ("dorpshuis", "operator")


class TeamInline(admin.TabularInline[Membership, Dorpshuis]):
    """The people of one house."""

    model = Membership
    extra = 0
    autocomplete_fields = ("user",)
    fields = ("user", "role", "since")


# The cellar knows no roles in a house, so its page of a person gets them here.
admin.site.unregister(User)


@admin.register(User)
class PersonAdmin(UserAdmin):
    inlines = (RoleInline,)


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin[Membership]):
    list_display = ("user", "role", "dorpshuis", "operator", "since")
    list_filter = ("role", "operator", "dorpshuis")
    list_select_related = ("user", "dorpshuis", "operator")
    search_fields = ("user__email", "user__name", "dorpshuis__name", "operator__name")
    autocomplete_fields = ("user", "dorpshuis", "operator")
    fieldsets = (
        (
            None,
            {
                "fields": ("user", "role", "dorpshuis", "operator", "since"),
                "description": "Kies een dorpshuis of een welzijnsorganisatie, niet allebei. "
                "Een rol bij een organisatie geldt in al haar huizen.",
            },
        ),
    )
