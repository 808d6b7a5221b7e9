"""The log: who did what. `record` is the only way to write it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps

if TYPE_CHECKING:
    from portal.base.accounts.models import User


@dataclass(frozen=True)
class Actor:
    """Who acts: a guest with her private link, somebody of the house, of BOKD, or the portal itself."""

    kind: str
    user: "User | None" = None

    @property
    def is_house(self) -> bool:
        return self.kind == "house"


GUEST = Actor("guest")
SYSTEM = Actor("system")


def house(user: "User") -> Actor:
    """Somebody who runs the house and is logged in."""
    return Actor("house", user)


def coordinator(user: "User") -> Actor:
    """Somebody of BOKD who is logged in."""
    return Actor("bokd", user)


def record(actor: Actor, verb: str, subject: str, *, dorpshuis_id: int | None = None) -> None:
    """Write one entry, in the caller's transaction. `subject` is `<model>:<number>`, never a name."""
    apps.get_model("base", "LogEntry").objects.create(
        actor_kind=actor.kind, actor=actor.user, verb=verb, subject=subject, dorpshuis_id=dorpshuis_id
    )
