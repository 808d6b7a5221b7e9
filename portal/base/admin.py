"""The Django admin of the cellar: its titles, people who log in, and the log."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
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


class UserAddForm(EmailFolded, AdminUserCreationForm[User]):
    class Meta:
        model = User
        fields = ("email", "name")


class UserForm(EmailFolded, UserChangeForm[User]):
    class Meta:
        model = User
        fields = "__all__"  # noqa: DJ007 - the admin's fieldsets say which


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User]):
    form = UserForm
    add_form = UserAddForm
    list_display = ("email", "name", "is_coordinator", "is_staff", "is_active")
    list_filter = ("is_coordinator", "is_staff", "is_active")
    search_fields = ("email", "name")
    ordering = ("email",)
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "name", "phone", "password")}),
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
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email", "name", "usable_password", "password1", "password2"),
                "description": "Sla eerst op. Daarna kies je wat deze persoon mag.",
            },
        ),
    )


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
