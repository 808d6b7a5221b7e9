"""What somebody asks for, as a plain value: from a form, from a volunteer, from a test."""

from dataclasses import dataclass

from bookings.domain.dagdelen import Moment


@dataclass(frozen=True)
class Order:
    """What somebody asks for. `key` is the form's key, already checked against her browser.

    `series`: what the orders of one weekly series have in common; empty for an order by itself.
    `trial`: the code with which one dagdeel of it is free.
    """

    dorpshuis_id: int
    moments: tuple[Moment, ...]
    name: str
    email: str = ""
    phone: str = ""
    key: str = ""
    desk_id: int | None = None
    tariff: str = ""
    promised_cents: int | None = None
    known_guest: bool = False
    postcode: str = ""
    source: str = ""
    target_group: str = ""
    messages_offered: bool = False
    no_messages: bool = False
    remark: str = ""
    language: str = "nl"
    series: str = ""
    trial: str = ""
