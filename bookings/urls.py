"""Addresses of what is taken: the guest's pages, the house's rooms, BOKD's figures. People read them: Dutch."""

from django.urls import path

from bookings.beheer import (
    booked,
    calls,
    close,
    closure,
    guest_acts,
    guest_data,
    guest_edit,
    guests,
    holidays,
    invitation,
    keeping,
    marks,
    phone,
    prices,
    rooms,
    schedule,
    settings,
    sheet,
    team,
    today,
    trials,
)
from bookings.beheer import (
    standing as standing_room,
)
from bookings.guest import (
    answers,
    apply,
    availability,
    book,
    booking,
    change,
    giving_back,
    home,
    house,
    link,
    mine,
    my_data,
    photo,
    picture,
    places,
    series,
    standing,
)
from bookings.reports import overview, requests

guest_urls = [
    path("", home.home, name="home"),
    path("dorpshuizen/", home.houses, name="houses"),
    path("dorpshuizen/<slug:slug>/", house.house, name="house"),
    path("dorpshuizen/<slug:slug>/boek/", book.book, name="book"),
    path("dorpshuizen/<slug:slug>/beschikbaarheid.json", availability.availability, name="availability"),
    path("dorpshuizen/<slug:slug>/deelplaatje.png", picture.share_picture, name="share-picture"),
    path("dorpen/", places.villages, name="villages"),
    path("dorpen/<slug:slug>/", places.village, name="village"),
    path("gemeenten/<slug:slug>/", places.municipality, name="municipality"),
    path("aanmelden/", apply.apply, name="apply"),
    path("aanmelden/bedankt/", apply.applied, name="applied"),
    path("foto/<slug:name>.webp", photo.photo, name="photo"),
    path("mijn/", mine.mine, name="mine"),
    path("mijn/gegevens/", my_data.details, name="my-details"),
    path("mijn/gegevens/kopie/", my_data.copy, name="my-copy"),
    path("mijn/gegevens/verwijder/", my_data.delete, name="my-deletion"),
    path("mijn/weg/", my_data.gone, name="my-data-gone"),
    path("mijn/elke-week/<slug:reference>/", series.series, name="series"),
    # Before the references: none of those is so short.
    path("boeking/link-kwijt/", link.lost_link, name="lost-link"),
    path("boeking/<slug:reference>/", booking.booking, name="booking"),
    path("boeking/<slug:reference>/wijzig/", change.change_booking, name="change-booking"),
    path("boeking/<slug:reference>/agenda.ics", booking.agenda, name="agenda"),
    path("boeking/<slug:reference>/annuleer/", giving_back.cancel_booking, name="cancel-booking"),
    path("boeking/<slug:reference>/nieuwe-link/", link.new_link, name="new-link"),
    path("boeking/<slug:reference>/vragen/", answers.answers, name="answers"),
    path("boeking/<slug:reference>/herinneringen/", answers.reminders, name="reminders"),
    path("boeking/<slug:reference>/taal/", answers.mail_language, name="mail-language"),
    path("vaste-plek/<slug:reference>/", standing.standing_place, name="standing-place"),
    path("vaste-plek/<slug:reference>/vrij/", standing.release_date, name="release-standing"),
]

beheer_urls = [
    path("beheer/", today.beheer, name="beheer"),
    path("beheer/<slug:slug>/", today.today, name="today"),
    path("beheer/<slug:slug>/dag/<str:day>/", today.today, name="day"),
    path("beheer/<slug:slug>/boek/", phone.phone_booking, name="phone-booking"),
    path("beheer/<slug:slug>/boek/<int:number>/", booked.phone_booked, name="phone-booked"),
    path("beheer/<slug:slug>/boek/<int:number>/briefje/", booked.phone_slip, name="phone-slip"),
    path("beheer/<slug:slug>/boek/<int:number>/zeg-af/", booked.phone_cancel, name="phone-cancel"),
    path("beheer/<slug:slug>/bellijst/", calls.call_list, name="call-list"),
    path("beheer/<slug:slug>/bellijst/<int:number>/", calls.answer, name="answer-call"),
    path("beheer/<slug:slug>/gasten/", guests.guests, name="guests"),
    path("beheer/<slug:slug>/gasten/proefcodes/", trials.trials, name="trials"),
    path("beheer/<slug:slug>/gasten/proefcodes/<int:number>/", trials.trial, name="trial"),
    path("beheer/<slug:slug>/gasten/bewaren/", keeping.keeping, name="keeping"),
    path("beheer/<slug:slug>/gasten/<int:number>/", guests.guest, name="guest"),
    path("beheer/<slug:slug>/gasten/<int:number>/zeg-af/", guest_acts.cancel_one, name="guest-cancel"),
    path("beheer/<slug:slug>/gasten/<int:number>/zeg-alles-af/", guest_acts.cancel_all, name="guest-cancel-all"),
    path("beheer/<slug:slug>/gasten/<int:number>/mail/", guest_acts.mail_again, name="guest-mail"),
    path("beheer/<slug:slug>/gasten/<int:number>/wijzig/", guest_edit.correct_guest, name="guest-correct"),
    path("beheer/<slug:slug>/gasten/<int:number>/samenvoegen/", guest_edit.merge_guest, name="guest-merge"),
    path("beheer/<slug:slug>/gasten/<int:number>/gegevens/", guest_data.copy_guest, name="guest-copy"),
    path("beheer/<slug:slug>/gasten/<int:number>/verwijder/", guest_data.forget_guest, name="guest-forget"),
    path("beheer/<slug:slug>/dag/<str:day>/tik/", marks.mark, name="mark"),
    path("beheer/<slug:slug>/dag/<str:day>/binnen/", marks.walk_in, name="walk-in"),
    path("beheer/<slug:slug>/dag/<str:day>/lijst/", sheet.day_sheet, name="day-sheet"),
    path("beheer/<slug:slug>/dag/<str:day>/invoeren/", sheet.day_entry, name="day-entry"),
    path("beheer/<slug:slug>/dicht/", close.close_house, name="close"),
    path("beheer/<slug:slug>/dicht/<int:number>/", closure.closure, name="closure"),
    path("beheer/<slug:slug>/vaste-plekken/", standing_room.standing_places, name="standing-places"),
    path("beheer/<slug:slug>/vaste-plekken/nieuw/", standing_room.new_standing_place, name="standing-new"),
    path("beheer/<slug:slug>/vaste-plekken/<int:number>/", standing_room.standing_detail, name="standing-detail"),
]

setting_urls = [
    path("beheer/<slug:slug>/prijzen/", prices.prices, name="prices"),
    path("beheer/<slug:slug>/prijzen/<slug:kind>/", prices.price, name="price"),
    path("beheer/<slug:slug>/instellingen/", settings.settings, name="settings"),
    path("beheer/<slug:slug>/instellingen/<slug:subject>/", settings.setting, name="setting"),
    path("beheer/<slug:slug>/rooster/", schedule.schedule, name="schedule"),
    path("beheer/<slug:slug>/rooster/vakanties/", holidays.holidays, name="holidays"),
    path("beheer/<slug:slug>/rooster/<int:number>/", closure.schedule_change, name="schedule-change"),
    path("beheer/<slug:slug>/bureaus/", rooms.desks, name="desks"),
    path("beheer/<slug:slug>/bureaus/<int:number>/", closure.desk_change, name="desk-change"),
    path("beheer/<slug:slug>/bureaus/bureau/<int:number>/", rooms.desk, name="desk"),
    path("beheer/<slug:slug>/bureaus/ruimte/<int:number>/", rooms.room, name="room"),
]

team_urls = [
    path("beheer/<slug:slug>/team/", team.team, name="team"),
    path("beheer/<slug:slug>/team/uitnodigen/", team.invite, name="team-invite"),
    path("beheer/<slug:slug>/team/uitnodiging/<int:number>/", team.act_on_invitation, name="team-invitation"),
    path("beheer/<slug:slug>/team/<int:number>/", team.member, name="team-member"),
    path("beheer/<slug:slug>/team/<int:number>/weg/", team.leave, name="team-leave"),
    path("uitnodiging/", invitation.by_code, name="invitation-code"),
    path("uitnodiging/<slug:token>/", invitation.by_link, name="invitation"),
]

report_urls = [
    path("bokd/", overview.overview, name="bokd"),
    path("bokd/aanmelding/<int:number>/afgehandeld/", requests.handle_request, name="handle-request"),
]

urlpatterns = [*guest_urls, *beheer_urls, *setting_urls, *team_urls, *report_urls]
