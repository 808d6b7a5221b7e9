"""Six invented houses, each with its own way: no two villages are the same."""

from datetime import time

from portal.demo.data.spec import (
    AVOND,
    FRI,
    MIDDAG,
    MON,
    OCHTEND,
    SAT,
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

CHRISTMAS = YearlyClosure((12, 21), (1, 3), "kerstvakantie", "Fijne feestdagen. Tot in januari.")
SHORT_CHRISTMAS = YearlyClosure((12, 24), (1, 1), "kerstvakantie", "Fijne feestdagen. Tot in januari.")

DE_SCHAPENDRIFT = HouseSpec(
    slug="de-schapendrift",
    village="ruinen",
    settings={
        "name": "De Schapendrift",
        "phone": "+31522123456",
        "street": "Verzonnen Brink 4",
        "postcode": "7963 XX",
        "intro": "Twee bureaus in de oude schoolkamer, rustig op de brink.",
        "why": "Stilte\nUitzicht op de brink\nOm de hoek een bakker",
        "internet_down": 100,
        "internet_up": 30,
        "cancel_days_before": 1,
        "pay_pin": False,
    },
    rooms=(
        RoomSpec(
            "Schoolkamer",
            (DeskSpec("Bureau bij het raam", ("daylight",)), DeskSpec("Bureau bij de kast", (), since=180)),
            "Heel rustig.",
        ),
    ),
    schedule=(
        LineSpec((MON, TUE, THU, FRI), OCHTEND, time(9), time(13), staffed=False),
        LineSpec((MON, TUE, THU, FRI), MIDDAG, time(13), time(17), staffed=False),
    ),
    prices=(PriceSpec("standaard", 700, then=750), PriceSpec("dorpsgenoot", 600)),
    rules=(RulesSpec(("Doe het licht uit als je gaat.", "Leg de sleutel terug in de kluis.")),),
    ways_in=(
        WayInSpec(
            "key_safe",
            "Je opent de deur zelf. De code krijg je de avond ervoor.",
            "De sleutelkluis hangt links naast de achterdeur. De code is 4 7 1 9.",
        ),
    ),
    facilities=(
        ("volume-x", "Rustig", "Geen bar, geen muziek"),
        ("coffee", "Koffie en thee", "Zet het zelf, 50 cent in het blik"),
        ("utensils", "Lunch in de buurt", "De bakker is om de hoek"),
    ),
    crowd=Crowd(2, (0.8, 2.2), 40, ("7963", "7963", "7961", "7921", "7991"), "522"),
    people=(
        Person("buiter", "Mevrouw Buiter", "", "+31522131415", "7963", "dorpsgenoot", weekdays=(TUE,), chance=0.5),
    ),
    closures=(
        YearlyClosure((6, 12), (6, 14), "dorpsfeest", "Het hele dorp viert feest. Kom ook!"),
        YearlyClosure((7, 20), (8, 2), "zomervakantie"),
        SHORT_CHRISTMAS,
    ),
    incidents=(Incident(140, "schoorsteen wordt geveegd", "De kamer is dan niet schoon."),),
    measured_days_ago=120,
)

T_BRINKHUUS = HouseSpec(
    slug="t-brinkhuus",
    village="vledder",
    settings={
        "name": "’t Brinkhuus",
        "kind": "kulturhus",
        "phone": "+31521145678",
        "street": "Verzonnen Plein 1",
        "postcode": "8381 XX",
        "intro": "Eén bureau in de bibliotheek. Met boeken om je heen en een vrijwilliger bij de balie.",
        "why": "Werken tussen de boeken\nDe laagste prijs van Westerveld\nEr is altijd iemand",
        "window_days": 30,
        "order_limit": 4,
        "guest_limit": 8,
        "staffed_only_for_new": True,
        "pay_pin": False,
    },
    rooms=(RoomSpec("Bibliotheek", (DeskSpec("Leestafel", ("daylight", "wheelchair")),), "Fluisteren mag."),),
    schedule=(
        LineSpec((TUE, WED, THU, FRI), MIDDAG, time(13, 30), time(17)),
        LineSpec((WED, SAT), OCHTEND, time(10), time(12, 30)),
    ),
    prices=(PriceSpec("standaard", 500), PriceSpec("gratis", 0, only_house=True)),
    rules=(RulesSpec(("Bellen doe je buiten.", "Eten doe je in de gang.")),),
    ways_in=(WayInSpec("staffed", "De bibliotheek is open en er is iemand bij de balie."),),
    facilities=(
        ("volume-x", "Rustig", "Het is een bibliotheek"),
        ("coffee", "Koffie uit de automaat", "€ 0,50 per kop"),
        ("accessibility", "Zonder drempels", "Met een lift"),
    ),
    crowd=Crowd(1, (0.5, 1.2), 25, ("8381", "8381", "8385", "7981"), "521", unticked=0.03),
    closures=(YearlyClosure((7, 13), (8, 2), "zomervakantie"), CHRISTMAS),
)

DE_VOORHOF = HouseSpec(
    slug="de-voorhof",
    village="westerbork",
    settings={
        "name": "De Voorhof",
        "kind": "mfc",
        "phone": "+31593123456",
        "street": "Verzonnen Hof 12",
        "postcode": "9431 XX",
        "intro": "Drie bureaus, een printer en een laadpaal voor de deur. Op woensdag ook ’s avonds.",
        "why": "Midden in het dorp\nLaden terwijl je werkt\nOp woensdagavond open",
        "internet_down": 210,
        "internet_up": 190,
        "cancel_days_before": 2,
        "cancel_time": time(12),
        "pay_link": "https://betalen.example/de-voorhof",
    },
    rooms=(
        RoomSpec(
            "Achterzaal",
            (
                DeskSpec("Bureau A", ("monitor", "calls")),
                DeskSpec("Bureau B", ("monitor", "calls")),
                DeskSpec("Bureau C", ("height_adjustable",)),
                DeskSpec("Bureau D", (), until=170),
            ),
        ),
    ),
    schedule=(
        LineSpec(WEEKDAYS, OCHTEND, time(8, 30), time(12, 30)),
        LineSpec((MON, TUE, WED, THU), MIDDAG, time(13), time(17)),
        LineSpec((FRI,), MIDDAG, time(13), time(17), staffed=False, by_appointment=True),
        LineSpec((WED,), AVOND, time(18, 30), time(22), since=90),
    ),
    prices=(
        PriceSpec("standaard", 750),
        PriceSpec("dorpsgenoot", 600),
        PriceSpec("maatschappelijk", 500),
        PriceSpec("commercieel", 1500, only_house=True),
    ),
    rules=(RulesSpec(("Eten en drinken koop je in het huis.", "Zet je auto aan de achterkant.")),),
    ways_in=(
        WayInSpec("staffed", "Er is iemand in huis."),
        WayInSpec(
            "fetch_key",
            "’s Avonds haal je de sleutel op in het dorp. Waar hoor je de avond ervoor.",
            "De sleutel ligt klaar bij de kassa van de winkel aan de overkant, tot 19.00 uur.",
            AVOND,
        ),
    ),
    facilities=(
        ("printer", "Printer", "Zit bij de prijs"),
        ("car", "Laadpaal", "Twee plekken voor de deur"),
        ("coffee", "Koffie en thee", "Zit bij de prijs"),
        ("users-round", "Overlegtafel", "Voor 8 mensen, € 5,00 per dagdeel"),
    ),
    crowd=Crowd(4, (1.8, 4.0), 70, ("9431", "9431", "9431", "9433", "9411", "9442"), "593"),
    people=(
        Person(
            "garmt", "Garmt Oosterloo", "", "+31593141516", "9431", "maatschappelijk", "vereniging", "dorpshuis",
            weekdays=(FRI,), dagdelen=(MIDDAG,), chance=0.3, since=40, lead=(2, 10),
        ),
    ),
    closures=(
        YearlyClosure((9, 10), (9, 12), "feestweek", "Het huis is nodig voor de feestweek."),
        YearlyClosure((12, 23), (12, 31), "kerstvakantie"),
    ),
    incidents=(Incident(205, "stemlokaal", "Vandaag kun je hier stemmen."),),
    measured_days_ago=30,
)  # fmt: skip

DE_ZWERFKEI = HouseSpec(
    slug="de-zwerfkei",
    village="rolde",
    settings={
        "name": "De Zwerfkei",
        "kind": "dorpscentrum",
        "phone": "+31592123456",
        "street": "Verzonnen Es 7",
        "postcode": "9451 XX",
        "intro": "Twee bureaus en een belplek. Handig als je veel moet bellen.",
        "why": "Een eigen hokje om te bellen\nSnelle wifi\nMaandagavond open",
        "internet_down": 300,
        "internet_up": 300,
        # The one house that does not agree to joint reporting.
        "joint_reporting": False,
        "commercial_use": "ask",
        "window_days": 45,
    },
    rooms=(
        RoomSpec(
            "Kantoor",
            (DeskSpec("Bureau links", ("monitor", "calls")), DeskSpec("Bureau rechts", ("monitor", "calls"))),
            "Er is een belplek met een deur.",
        ),
    ),
    schedule=(
        LineSpec((MON, TUE, WED, THU), OCHTEND, time(8), time(12)),
        LineSpec((MON, TUE, WED, THU), MIDDAG, time(12, 30), time(17), staffed=False),
        LineSpec((MON,), AVOND, time(18), time(21), staffed=False),
    ),
    prices=(
        PriceSpec("standaard", 700, then=800),
        PriceSpec("maatschappelijk", 500),
        PriceSpec("commercieel", 1500),
    ),
    rules=(RulesSpec(("Bel in de belplek.", "Roken mag niet, ook niet bij de deur.")),),
    ways_in=(
        WayInSpec("staffed", "Er is iemand in huis.", dagdeel=OCHTEND),
        WayInSpec(
            "key_safe",
            "Je opent de deur zelf met de sleutel uit de kluis.",
            "De kluis hangt onder de brievenbus. De code is 3 8 6 2.",
        ),
    ),
    facilities=(
        ("phone", "Belplek", "Met een deur die dicht kan"),
        ("coffee", "Koffie en thee", "Zit bij de prijs"),
        ("bike", "Fietsen", "Binnen stallen en laden"),
    ),
    crowd=Crowd(3, (1.0, 2.2), 40, ("9451", "9451", "9453", "9401", "9405"), "592", unticked=0.15),
    closures=(YearlyClosure((7, 20), (8, 9), "zomervakantie"), SHORT_CHRISTMAS),
    measured_days_ago=200,
)

DE_WIEKSLAG = HouseSpec(
    slug="de-wiekslag",
    village="norg",
    settings={
        "name": "De Wiekslag",
        "phone": "+31592134567",
        "street": "Verzonnen Molenweg 2",
        "postcode": "9331 XX",
        "intro": "Drie bureaus in twee kamers. De bus stopt voor de deur. Ook op zaterdagochtend.",
        "why": "Bus voor de deur\nOok op zaterdag\nJe mag je hond meenemen",
        "internet_down": 95,
        "internet_up": 95,
        "lead_minutes": 720,
        "cancel_days_before": 2,
        "order_limit": 20,
        "guest_limit": 40,
    },
    rooms=(
        RoomSpec("Voorkamer", (DeskSpec("Bureau 1", ("daylight",)), DeskSpec("Bureau 2", ("daylight",)))),
        RoomSpec("Zolder", (DeskSpec("Bureau 3", ("calls",), since=150),), "Alleen met een trap."),
    ),
    schedule=(
        LineSpec(WEEKDAYS, OCHTEND, time(8, 30), time(12)),
        LineSpec(WEEKDAYS, MIDDAG, time(12, 30), time(16, 30)),
        LineSpec((SAT,), OCHTEND, time(9), time(12), rooms=("Voorkamer",)),
    ),
    prices=(PriceSpec("standaard", 1000), PriceSpec("dorpsgenoot", 750), PriceSpec("gratis", 0, only_house=True)),
    rules=(
        RulesSpec(("Eigen eten mag.", "Ruim je kopje op.")),
        RulesSpec(("Eigen eten mag.", "Ruim je kopje op.", "Je hond blijft aan de lijn."), since=240),
    ),
    ways_in=(WayInSpec("staffed", "Kom binnen door de serre. Er is iemand in huis."),),
    facilities=(
        ("bike", "Bus voor de deur", "Elk half uur naar Assen"),
        ("coffee", "Koffie en thee", "Zit bij de prijs"),
        ("info", "Honden mogen", "Aan de lijn"),
    ),
    crowd=Crowd(4, (1.6, 4.0), 60, ("9331", "9331", "9331", "9334", "9403", "9301"), "592"),
    closures=(
        YearlyClosure((6, 26), (6, 28), "dorpsfeest", "Het is feest in Norg."),
        CHRISTMAS,
    ),
    incidents=(Incident(310, "geen water", "De waterleiding is stuk."),),
    measured_days_ago=15,
)

DE_HEIDEHOF = HouseSpec(
    slug="de-heidehof",
    village="exloo",
    settings={
        "name": "De Heidehof",
        "kind": "buurthuis",
        "phone": "+31591123456",
        "street": "Verzonnen Zuideinde 30",
        "postcode": "7875 XX",
        "intro": "Twee bureaus, en lunch bij de bakker aan de overkant. Wij zijn net begonnen.",
        "why": "Lunch aan de overkant\nNieuw en fris\nOp dinsdag samen koffie",
        "internet_down": 480,
        "internet_up": 90,
        "window_days": 42,
    },
    rooms=(RoomSpec("Huiskamer", (DeskSpec("Bureau 1", ("daylight",)), DeskSpec("Bureau 2", ("wheelchair",)))),),
    schedule=(
        LineSpec((TUE, WED, THU), OCHTEND, time(9), time(12, 30)),
        LineSpec((TUE, WED, THU), MIDDAG, time(13), time(17)),
        LineSpec((TUE, THU), AVOND, time(19), time(22), staffed=False, by_appointment=True),
    ),
    prices=(PriceSpec("standaard", 600), PriceSpec("maatschappelijk", 400)),
    rules=(RulesSpec(("Schoenen uit in de huiskamer.", "Bellen mag in de gang.")),),
    ways_in=(
        WayInSpec("staffed", "Er is iemand in huis."),
        WayInSpec(
            "own_key",
            "’s Avonds kom je alleen op afspraak. Je krijgt dan een eigen sleutel.",
            "Bel het huis. We spreken af waar je de sleutel krijgt.",
            AVOND,
        ),
    ),
    facilities=(
        ("utensils", "Lunch bij de bakker", "Aan de overkant, tot 14.00 uur"),
        ("coffee", "Koffie en thee", "Zit bij de prijs"),
    ),
    crowd=Crowd(2, (1.8, 3.5), 30, ("7875", "7875", "7873", "9531", "7871"), "591"),
    closures=(YearlyClosure((8, 10), (8, 16), "feestweek", "Heel Exloo viert feest."), CHRISTMAS),
    joined=200,
    measured_days_ago=100,
)

EXAMPLES = (DE_SCHAPENDRIFT, T_BRINKHUUS, DE_VOORHOF, DE_ZWERFKEI, DE_WIEKSLAG, DE_HEIDEHOF)
