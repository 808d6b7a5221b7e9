"""People who log in: members, volunteers, coordinators, administrators. Guests are not users."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.sessions.models import Session
from django.db import models
from django.utils.translation import gettext
from phonenumber_field.modelfields import PhoneNumberField

from portal.base import clock


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user with this e-mail address; without a password she can't log in with one."""
        if not email:
            raise ValueError("Een gebruiker heeft een e-mailadres nodig.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An administrator, for `manage.py createsuperuser`."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField("e-mailadres", unique=True)
    name = models.CharField("naam", max_length=120, blank=True)
    phone = PhoneNumberField("telefoon", region="NL", blank=True)
    # In which we mail her what she did not ask for at that moment: the one in which she last read these pages.
    language = models.CharField("taal", max_length=5, default="nl", db_default="nl", editable=False)
    is_coordinator = models.BooleanField(
        "BOKD-medewerker", default=False, help_text="Ziet de cijfers van alle huizen, nooit de naam van een gast."
    )
    is_staff = models.BooleanField("mag in het beheer van de site", default=False)
    is_active = models.BooleanField("actief", default=True)
    date_joined = models.DateTimeField("sinds", default=clock.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "gebruiker"
        verbose_name_plural = "gebruikers"

    def __str__(self) -> str:
        return self.name or self.email

    def keep_details(self, name: str, phone: str) -> None:
        """Keep this name and number in place of what was there; the number in the form +31…, or empty."""
        self.name, self.phone = name, phone
        self.save(update_fields=["name", "phone"])

    def reads(self, language: str) -> None:
        """From now on she is mailed in this language (`nl`, `en`)."""
        if language != self.language:
            self.language = language
            self.save(update_fields=["language"])

    def learn_details(self, name: str, phone: str) -> None:
        """Keep these where nothing is known yet: what she chose herself is never overwritten."""
        if (name and not self.name) or (phone and not self.phone):
            self.keep_details(self.name or name, str(self.phone or phone))


class LoginCode(models.Model):
    """A code that somebody asked for. Of the code itself only a keyed hash is kept, and only until it is used.

    The number of this row is in the session of the browser that asked: in another browser a code is nothing.
    """

    email = models.EmailField("e-mailadres")
    digest = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField("gemaakt", default=clock.now)
    tries = models.PositiveSmallIntegerField("pogingen", default=0)

    class Meta:
        indexes = (models.Index(fields=["made_at"], name="login_code_by_age"),)

    def __str__(self) -> str:
        return f"code:{self.pk}"


class Browser(models.Model):
    """A browser in which somebody is logged in: this row goes with its session. Of the network nothing is kept."""

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="browser")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="browsers")
    browser = models.CharField("browser", max_length=20, blank=True)
    system = models.CharField("apparaat", max_length=20, blank=True)
    since = models.DateTimeField("sinds", default=clock.now)
    seen_on = models.DateField("laatst gezien", default=clock.today)

    def __str__(self) -> str:
        if self.browser and self.system:
            return gettext("%(browser)s op %(system)s") % {"browser": self.browser, "system": self.system}
        return self.browser or self.system or gettext("Een andere browser")
