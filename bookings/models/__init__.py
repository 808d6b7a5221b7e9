"""What is taken: guests, reservations (orders) and bookings (one desk, one date, one dagdeel)."""

from bookings.models.booking import Booking
from bookings.models.call_entry import CallAttempt, CallEntry
from bookings.models.guest import Guest
from bookings.models.reservation import Reservation
from bookings.models.standing import StandingPlace
from bookings.models.stayed_away import StayedAway
from bookings.models.summary import ClosedMonth, GuestTrace, PersonSummary, SlotSummary, VolunteerHours, YearKey
from bookings.models.trial import TrialCode
from bookings.models.waiting import Waiting

__all__ = [
    "Booking",
    "CallAttempt",
    "CallEntry",
    "ClosedMonth",
    "Guest",
    "GuestTrace",
    "PersonSummary",
    "Reservation",
    "SlotSummary",
    "StandingPlace",
    "StayedAway",
    "TrialCode",
    "VolunteerHours",
    "Waiting",
    "YearKey",
]
