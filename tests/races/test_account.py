"""Log-in codes, addresses and deletion, at the same instant from several sides."""

from functools import partial

import pytest

from bookings.actions.member import forget_member
from bookings.models import Booking
from bookings.person import as_shown, coming_of_address
from portal.base.accounts import codes, members
from portal.base.accounts.models import LoginCode, User
from portal.base.log import GUEST
from portal.base.models import OutboxMail
from tests.factories import make_booking, make_house, morning
from tests.mailed import code_for, wrong
from tests.races.crowd import at_once, outcome

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database, pytest.mark.race]

EMAIL = "anna@voorbeeld.example"


def test_who_guesses_sixteen_times_at_once_has_five_tries() -> None:
    number = codes.ask(EMAIL).pk
    guesses = [outcome(partial(codes.redeem, number, wrong(code_for(EMAIL)))) for _ in range(16)]
    refused = [result.left for result in at_once(guesses) if isinstance(result, codes.Refused)]
    assert (len(refused), LoginCode.objects.get().tries) == (16, codes.TRIES)
    with pytest.raises(codes.Refused):
        codes.redeem(number, code_for(EMAIL))


def test_a_right_code_typed_eight_times_at_once_lets_one_in() -> None:
    number, code = codes.ask(EMAIL).pk, code_for(EMAIL)
    given = at_once([outcome(partial(codes.redeem, number, code)) for _ in range(8)])
    assert [result for result in given if not isinstance(result, codes.Refused)] == [EMAIL]


def test_of_two_accounts_that_move_to_one_address_one_has_it_and_the_other_keeps_hers() -> None:
    one, other = (members.member_of(f"{name}@voorbeeld.example") for name in ("bea", "cor"))
    given = at_once([outcome(partial(members.move, user, EMAIL)) for user in (one, other)])
    assert [type(result) for result in given if result is not None] == [members.Taken]
    addresses = {members.verified_address(user) for user in User.objects.all()}
    assert len(addresses) == 2
    assert EMAIL in addresses
    assert OutboxMail.objects.count() == 1


def test_eight_first_log_ins_at_once_make_one_member() -> None:
    at_once([partial(members.member_of, EMAIL)] * 8)
    assert [members.verified_address(user) for user in User.objects.all()] == [EMAIL]


def test_four_taps_on_deletion_give_back_once_and_leave_one_last_mail() -> None:
    booked, number = make_booking(make_house(), morning(), email=EMAIL), members.member_of(EMAIL).pk
    shown, taps = as_shown(coming_of_address(EMAIL)), [User.objects.get(pk=number) for _ in range(4)]
    given = at_once([outcome(partial(forget_member, user, shown, GUEST)) for user in taps])
    assert given == [None] * 4
    assert [row.state for row in booked.bookings.all()] == [Booking.State.CANCELLED]
    assert (User.objects.count(), OutboxMail.objects.filter(recipient=EMAIL).count()) == (0, 1)
