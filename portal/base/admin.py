"""The Django admin of the cellar: its titles, people who log in, and the log."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from portal.base.accounts.models import User
from portal.base.log.models import LogEntry
from portal.base.outbox.models import OutboxMail

admin.site.site_title = "Naoberplek"
admin.site.site_header = "Naoberplek: beheer van de site"
admin.site.index_title = "Wat wil je bekijken of veranderen?"


class ReadOnly:
    """Mix into an admin class: look, and touch nothing."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        return False


class EmailFolded(forms.ModelForm[User]):
    """Addresses are kept in lower case: that is how a person is found when she logs in."""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class UserForm(EmailFolded):
    class Meta:
        model = User
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets say which


# allauth's own pages would show secrets, and let an address be verified by a click.
admin.site.unregister(EmailAddress)
admin.site.unregister(Authenticator)


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    """Without passwords: who has this address logs in with a code."""

    form = UserForm
    filter_horizontal = ("groups", "user_permissions")
    list_display = ("email", "name", "is_coordinator", "is_staff", "is_active")
    list_filter = ("is_coordinator", "is_staff", "is_active")
    search_fields = ("email", "name")
    ordering = ("email",)
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "name", "phone")}),
        (
            "Wat mag deze persoon?",
            {
                "fields": ("is_active", "is_coordinator", "is_staff", "is_superuser"),
                "description": "Wie een huis beheert, heeft hier niets aangevinkt. Geef die een rol in het huis.",
            },
        ),
        ("Losse rechten", {"classes": ("collapse",), "fields": ("groups", "user_permissions")}),
        ("Wanneer", {"fields": ("last_login", "date_joined")}),
    )

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.password = make_password(None)
        super().save_model(request, obj, form, change)


@admin.register(Authenticator)
class FactorAdmin(ReadOnly, admin.ModelAdmin[Authenticator]):
    """Who lost her device and her codes on paper: delete what she lost, and she sets up a new one."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    search_fields = ("user__email", "user__name")
    fields = ("user", "type", "created_at", "last_used_at")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnly, admin.ModelAdmin[LogEntry]):
    list_display = ("at", "actor_kind", "actor", "verb", "subject", "dorpshuis_id")
    list_filter = ("actor_kind", "verb", "at")
    list_select_related = ("actor",)
    search_fields = ("=subject", "=verb")
    search_help_text = "Bijvoorbeeld reservation:123"
    ordering = ("-at", "-id")


@admin.register(OutboxMail)
class OutboxMailAdmin(ReadOnly, admin.ModelAdmin[OutboxMail]):
    # No address and no text: they are the guest's.
    list_display = ("key", "kind", "state", "attempts", "visible_from", "sent_at")
    list_filter = ("state", "kind", "lane")
    search_fields = ("=key", "=subject")
    search_help_text = "Bijvoorbeeld reservation:123"
    ordering = ("-visible_from", "-id")
    fields = (
        "key", "kind", "subject", "language", "lane", "state", "attempts",
        "created_at", "visible_from", "next_try", "claimed_at", "sent_at",
    )  # fmt: skip
