"""Addresses about logging in: the second step, and the member's own room. People read them: Dutch."""

from django.urls import path

from portal.security import address, again, app, log_in, passkeys, room

urlpatterns = [
    path("inloggen/apparaat/", log_in.with_device, name="login-device"),
    path("inloggen/code-app/", log_in.with_app, name="login-app"),
    path("mijn/inloggen/", room.room, name="my-keys"),
    path("mijn/inloggen/browsers/", room.log_out_elsewhere, name="my-browsers"),
    path("mijn/inloggen/nog-een-keer/", again.again, name="log-in-again"),
    path("mijn/inloggen/tweede-stap/", again.second_step, name="second-step"),
    path("mijn/inloggen/apparaat/", passkeys.add, name="add-passkey"),
    path("mijn/inloggen/apparaat/<int:number>/", passkeys.passkey, name="passkey"),
    path("mijn/inloggen/code-app/", app.app, name="code-app"),
    path("mijn/inloggen/code-app/noodcodes/", app.paper, name="paper-codes"),
    path("mijn/adres/", address.address, name="my-address"),
    path("mijn/adres/code/", address.code, name="my-address-code"),
]
