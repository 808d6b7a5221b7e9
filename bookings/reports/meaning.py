"""What each figure means, for everybody: one sentence and its formula. The version is that of `domain/figures.py`."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from bookings.domain.figures import VERSION

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Meaning:
    """A figure: its name, what it means, and how it is worked out; `column` is its name in the CSV, if it is there."""

    name: "_StrPromise"
    sentence: "_StrPromise"
    formula: "_StrPromise"
    column: str = ""


SLOTS = (
    Meaning(
        _("Aangeboden"),
        _("Zo veel plekken kon je boeken: één bureau in één dagdeel telt als één."),
        _("Bureaus × open dagdelen − gesloten. Wie binnenloopt buiten de openingstijd, telt als één plek erbij."),
        "aangeboden",
    ),
    Meaning(
        _("Geboekt"),
        _("Zo veel plekken waren bezet of te laat geannuleerd."),
        _("Gebruikt + niet gekomen + laat geannuleerd."),
        "geboekt",
    ),
    Meaning(
        _("Gebruikt"),
        _("Zo vaak zat er iemand."),
        _("Aangevinkt als “Is er” + aangenomen."),
        "gebruikt",
    ),
    Meaning(
        _("Aangenomen"),
        _("Zo vaak vinkte niemand aan of de gast kwam, en rekenen we erop dat hij er was."),
        _("Een deel van gebruikt: geboekt, en niet aangevinkt voor de maand werd afgesloten."),
        "aangenomen",
    ),
    Meaning(
        _("Niet gekomen"),
        _("Zo vaak bleef de gast weg zonder af te zeggen."),
        _("Aangevinkt als “Kwam niet”."),
        "niet_gekomen",
    ),
    Meaning(
        _("Laat geannuleerd"),
        _("Zo vaak zei de gast te laat af, en kwam er niemand anders."),
        _("Te laat geannuleerd − daarna weer bezet. Een plek die weer bezet is, telt één keer mee: als gebruikt."),
        "laat_geannuleerd",
    ),
    Meaning(
        _("Gesloten"),
        _("Zo veel plekken vielen weg omdat het huis dicht was; ze tellen nergens anders mee."),
        _("Bureaus × dagdelen in het rooster waarop het huis, de ruimte of het bureau dicht was."),
        "gesloten",
    ),
    Meaning(
        _("Bezettingsgraad"),
        _("Dit deel van de plekken is echt gebruikt."),
        _("Gebruikt ÷ aangeboden × 100. Bij minder dan 20 aangeboden plekken geven we geen percentage."),
        "bezettingsgraad",
    ),
    Meaning(
        _("Reserveringsgraad"),
        _("Dit deel van de plekken is geboekt."),
        _("Geboekt ÷ aangeboden × 100. Bij minder dan 20 aangeboden plekken geven we geen percentage."),
    ),
    Meaning(
        _("Vaste plekken"),
        _("Zo vaak zat er iemand met een vaste plek, zoals de wijkagent."),
        _("Een deel van gebruikt: de boekingen die bij een vaste plek horen."),
        "vaste_plekken",
    ),
    Meaning(
        _("Maatschappelijk gebruik"),
        _("Zo vaak zat er iemand voor een vereniging of zorg."),
        _("Een deel van gebruikt: het tarief “maatschappelijk”, wie zegt daarvoor te komen, of een gratis vaste plek."),
        "maatschappelijk",
    ),
    Meaning(
        _("Volle dagdelen"),
        _("Zo vaak was elk bureau bezet."),
        _("Dagdelen met gebruikt + niet gekomen = aangeboden."),
    ),
    Meaning(
        _("Samen aan het werk"),
        _("Zo vaak werkten er twee of meer mensen tegelijk."),
        _("Dagdelen met twee of meer gebruikte plekken."),
    ),
    Meaning(
        _("Inkomsten"),
        _("Zo veel geld hoort bij de geboekte plekken, ook als het nog niet betaald is."),
        _("De prijs van elke geboekte plek, zonder wat is kwijtgescholden. Ook per tarief, en per manier van betalen."),
        "inkomsten_cent",
    ),
    Meaning(
        _("Uren van vrijwilligers"),
        _("Zo veel uur werkten de vrijwilligers, zegt het huis zelf."),
        _("Wat het huis zelf invult. Na het afsluiten komt er een nieuwe versie naast de oude."),
    ),
)

PEOPLE = (
    Meaning(
        _("Unieke gasten"),
        _("Zo veel verschillende mensen waren er."),
        _("Wie minstens één keer een plek gebruikte. Wie zonder adres of nummer binnenloopt, telt niet mee als gast."),
        "unieke_gasten",
    ),
    Meaning(
        _("Nieuwe gasten"),
        _("Zo veel mensen waren er voor het eerst."),
        _("Unieke gasten die nooit eerder in dit huis waren. Over meer huizen samen: niet eerder in dat jaar."),
        "nieuwe_gasten",
    ),
    Meaning(
        _("Terugkerende gasten"),
        _("Zo veel mensen kwamen terug."),
        _("Unieke gasten die er op minstens 2 dagen waren binnen 90 dagen."),
        "terugkerende_gasten",
    ),
    Meaning(
        _("Vaste gasten"),
        _("Zo veel mensen komen vaak."),
        _("Unieke gasten die er op minstens 4 dagen waren binnen 90 dagen."),
    ),
    Meaning(
        _("Postcode"),
        _("Zo veel gasten komen uit dit postcodegebied van vier cijfers."),
        _("Unieke gasten van een kwartaal of jaar; hun laatste postcode telt. Een postcode staat er vanaf 5 gasten."),
    ),
    Meaning(
        _("Afstand"),
        _("Zo ver wonen gasten van het dorpshuis dat ze gebruiken, in een rechte lijn."),
        _("We weten waar een postcode ligt als er een dorpshuis van ons staat. Anders is de afstand onbekend."),
    ),
    Meaning(
        _("Wat gasten doen"),
        _("Zo veel gasten zeggen dat ze voor zichzelf werken, voor een baas, studeren of iets anders doen."),
        _("Unieke gasten van een kwartaal of jaar; hun laatste antwoord telt. Een antwoord staat er vanaf 5 gasten."),
    ),
)


@require_safe
def meaning(request: HttpRequest) -> HttpResponse:
    """The page for everybody. Asks the database nothing."""
    return render(request, "texts/meaning.html", {"slots": SLOTS, "people": PEOPLE, "version": VERSION})
