"""The two houses of the excursion, as BOKD described them. Numbers, codes and prices are invented."""

from datetime import time

from portal.demo.data.examples import EXAMPLES
from portal.demo.data.spec import (
    AVOND,
    MIDDAG,
    MON,
    OCHTEND,
    THU,
    TUE,
    WED,
    WEEKDAYS,
    Crowd,
    DeskSpec,
    HouseSpec,
    Incident,
    LineSpec,
    Person,
    PriceSpec,
    RoomSpec,
    RulesSpec,
    WayInSpec,
    YearlyClosure,
)

OVER_ENTINGHE = HouseSpec(
    slug="over-entinghe",
    village="dwingeloo",
    settings={
        "name": "Over Entinghe",
        "postcode": "7991",
        "phone": "+31521123456",
        "email": "over-entinghe@voorbeeld.example",
        "intro": "Vier bureaus in een eigen kamer, met daglicht en kunst uit het dorp aan de muur. "
        "Koffie staat klaar. Om 10.00 uur drinken we die samen.",
        "why": "Een eigen kamer om te werken\nGoede wifi en een printer\nKoffie en mensen om je heen",
        "sponsor": "Univé",
        "internet_down": 480,
        "internet_up": 450,
        "window_days": 60,
        "lead_minutes": 0,
        "order_limit": 10,
        "guest_limit": 20,
        "staffed_only_for_new": False,
        "pay_account": True,
    },
    rooms=(
        RoomSpec(
            "Werkkamer",
            (
                DeskSpec("Bureau 1", ("monitor", "daylight", "calls")),
                DeskSpec("Bureau 2", ("monitor", "daylight", "calls")),
                DeskSpec("Bureau 3", ("monitor", "calls")),
                DeskSpec("Bureau 4", ("wheelchair", "calls")),
            ),
            "Rustig. Op donderdagmiddag oefent het koor in de grote zaal.",
        ),
    ),
    schedule=(
        LineSpec(WEEKDAYS, OCHTEND, time(8, 30), time(12, 30)),
        LineSpec(WEEKDAYS, MIDDAG, time(13), time(17)),
    ),
    prices=(
        PriceSpec("standaard", 750),
        PriceSpec("dorpsgenoot", 600),
        PriceSpec("maatschappelijk", 500),
        PriceSpec("gratis", 0, only_house=True),
    ),
    rules=(
        RulesSpec(
            (
                "Eten en drinken koop je in het huis.",
                "Bellen mag aan je bureau. Lang overleg? Neem de overlegtafel.",
                "Laat je bureau leeg achter.",
            )
        ),
        RulesSpec(
            (
                "Eten en drinken koop je in het huis. Een boterham aan je bureau mag.",
                "Bellen mag aan je bureau. Lang overleg? Neem de overlegtafel.",
                "Laat je bureau leeg achter.",
            ),
            since=230,
        ),
    ),
    ways_in=(
        WayInSpec(
            "staffed",
            "Er is altijd iemand in huis. Kom binnen door de hoofdingang.",
            "Meld je bij de bar. Daar wijst iemand je de werkkamer. Je hebt geen sleutel nodig.",
        ),
    ),
    facilities=(
        ("users-round", "Overlegtafel", "Voor 6 mensen, gratis erbij"),
        ("coffee", "Koffie en thee", "Zit bij de prijs"),
        ("printer", "Printer", "€ 0,10 per bladzijde"),
        ("palette", "Kunst uit het dorp", "Kleurig werk van kunstenaars uit de buurt"),
        ("accessibility", "Zonder drempels", "De deur gaat vanzelf open"),
        ("bike", "Fiets en bus", "Stalling bij de deur, bushalte op 200 meter"),
        ("car", "Parkeren", "Gratis, op het plein naast het huis"),
    ),
    photos=(
        ("room-with-art", "Tekening: een kamer met twee bureaus bij het raam. Aan de muur hangt kunst."),
        ("coffee-corner", "Tekening: een lange tafel met drie stoelen en koffiekopjes onder een lamp."),
    ),
    crowd=Crowd(
        regulars=6,
        visits=(2.2, 4.4),
        pool=90,
        postcodes=("7991", "7991", "7991", "7981", "7971", "9411", "7963", "8351"),
        area="521",
        coming_at_most=1,
    ),
    people=(
        Person(
            "marieke", "Marieke Jansen", "marieke@voorbeeld.example", "", "7991",
            target_group="thuiswerker", source="buren", weekdays=(WED,), dagdelen=(OCHTEND, MIDDAG), since=120,
            sure=True, lead=(15, 20),
        ),
        Person(
            "de-vries", "Mevrouw De Vries", "", "+31521121314", "7991", "dorpsgenoot",
            target_group="vereniging", weekdays=(THU,), chance=0.6, since=60, lead=(3, 12),
        ),
        Person(
            "t-hoen", "Roelof 't Hoen-d'Anloop", "roelof.t.hoen@voorbeeld.example", "", "7981",
            target_group="zzp", source="dorpsblad", weekdays=(MON, TUE), chance=0.5, since=30, lead=(0, 6),
        ),
    ),
    closures=(YearlyClosure((7, 27), (8, 7), "zomervakantie", "In augustus zijn we er weer."),),
    incidents=(
        Incident(95, "verwarming stuk", "Het is te koud om te werken. Het spijt ons."),
        Incident(276, "condoleance", "Er is een afscheid in het huis."),
    ),
    stays_open=True,
    on_stage=True,
    measured_days_ago=50,
)  # fmt: skip

DE_VELDKEI = HouseSpec(
    slug="de-veldkei",
    village="havelte",
    on_stage=True,
    settings={
        "name": "De Veldkei",
        "postcode": "7971",
        "phone": "+31521134567",
        "email": "de-veldkei@voorbeeld.example",
        "intro": "Zes zit-stabureaus en supersnel internet, midden in Havelte. "
        "De wijkagent werkt hier, en jij kunt er ook werken.",
        "why": "Een bureau dat omhoog en omlaag kan\nHet snelste internet van het dorp\nOok ’s avonds open",
        "internet_down": 940,
        "internet_up": 930,
        "window_days": 90,
        "pay_account": True,
        "pay_cash": False,
        "guest_limit": 30,
        "order_limit": 15,
    },
    rooms=(
        RoomSpec(
            "Werkzaal",
            (
                DeskSpec("Bureau 1", ("height_adjustable", "monitor", "daylight")),
                DeskSpec("Bureau 2", ("height_adjustable", "monitor", "daylight")),
                DeskSpec("Bureau 3", ("height_adjustable", "monitor", "wheelchair")),
                DeskSpec("Bureau 4", ("height_adjustable", "monitor")),
            ),
            "Hier mag je zacht praten.",
        ),
        RoomSpec(
            "Spreekkamer",
            (
                DeskSpec("Bureau 5", ("height_adjustable", "calls")),
                DeskSpec("Bureau 6", ("height_adjustable", "calls", "daylight")),
            ),
            "Met de deur dicht kun je hier rustig bellen.",
        ),
    ),
    schedule=(
        LineSpec(WEEKDAYS, OCHTEND, time(8, 30), time(12, 30), until=199),
        LineSpec(WEEKDAYS, OCHTEND, time(8), time(12, 30), since=200),
        LineSpec(WEEKDAYS, MIDDAG, time(13), time(17, 30)),
        LineSpec((TUE, THU), AVOND, time(18, 30), time(21, 30), staffed=False, rooms=("Werkzaal",)),
    ),
    prices=(
        PriceSpec("standaard", 750),
        PriceSpec("maatschappelijk", 500),
        PriceSpec("commercieel", 1250),
        PriceSpec("gratis", 0, only_house=True),
    ),
    rules=(
        RulesSpec(("Bel in de spreekkamer, niet in de werkzaal.", "Zet je bureau weer laag als je weggaat.")),
        RulesSpec(
            (
                "Bel in de spreekkamer, niet in de werkzaal.",
                "Zet je bureau weer laag als je weggaat.",
                "Ben je de laatste? Doe het licht uit en de ramen dicht.",
            ),
            since=150,
        ),
    ),
    ways_in=(
        WayInSpec("staffed", "Overdag is er iemand aan de balie."),
        WayInSpec(
            "electronic",
            "’s Avonds gaat de zijdeur open met een code.",
            "Toets bij de zijdeur 2 7 0 8 en dan het hekje. De deur is tien tellen open.",
            AVOND,
        ),
    ),
    facilities=(
        ("phone", "Spreekkamer", "Om te bellen of samen te praten"),
        ("coffee", "Koffie en thee", "€ 1,00 per kop, aan de balie"),
        ("printer", "Printer", "Vraag het aan de balie"),
        ("accessibility", "Zonder drempels", "Met een toilet voor een rolstoel"),
        ("bike", "Fiets en bus", "Stalling achter het huis, bushalte voor de deur"),
        ("car", "Parkeren en laden", "Achter het huis, met een laadpaal"),
    ),
    photos=(
        ("standing-desks", "Tekening: twee bureaus, een hoog en een laag. Buiten ligt een grote kei."),
        ("coffee-corner", "Tekening: een lange tafel met drie stoelen en koffiekopjes onder een lamp."),
    ),
    crowd=Crowd(
        regulars=9,
        visits=(2.5, 5.0),
        pool=80,
        postcodes=("7971", "7971", "7971", "7975", "7991", "8351", "7941", "7943"),
        area="521",
        unticked=0.22,
    ),
    people=(
        Person(
            "sanne", "Sanne Kuipers", "sanne@voorbeeld.example", "", "", "maatschappelijk",
            target_group="vereniging", weekdays=(TUE,), dagdelen=(MIDDAG,), chance=0.95, lead=(20, 28),
        ),
        Person(
            "ozlem", "Özlem Yıldız", "ozlem.yildiz@voorbeeld.example", "+31521141516", "7971",
            target_group="zzp", source="internet", weekdays=(MON, WED), dagdelen=(MIDDAG,), chance=0.55, since=80,
        ),
        Person(
            "pinkster", "Meneer Pinkster", "", "+31521171819", "7975", "maatschappelijk",
            target_group="vereniging", weekdays=(WED,), chance=0.5, since=20, lead=(2, 14),
        ),
    ),
    closures=(
        YearlyClosure((8, 3), (8, 14), "zomervakantie", "Vanaf half augustus zijn we weer open."),
        YearlyClosure((12, 24), (1, 1), "kerstvakantie", "Fijne feestdagen. In januari staat de koffie weer klaar."),
    ),
    incidents=(
        Incident(61, "stroom weg", "Er is geen stroom in de straat."),
        Incident(331, "lekkage", "Er is water in de werkzaal gekomen."),
    ),
    operator="WelzijnMensenWerk",
    measured_days_ago=80,
)  # fmt: skip

HOUSES = (OVER_ENTINGHE, DE_VELDKEI, *EXAMPLES)
