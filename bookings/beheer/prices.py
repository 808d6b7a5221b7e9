"""What a dagdeel costs: each kind now, coming and past; a new price from a day on, and the end of one."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from bookings import refusals
from bookings.actions.prices import PricePlan, plan_price, set_price, spans_of
from bookings.beheer.close_form import STRANGE, DayField
from bookings.beheer.money import cents_of, typed_euros
from bookings.domain.prices import TariffSpan, tariff_on
from bookings.domain.pricing import PriceChange
from bookings.visit import Visit, enter
from bookings.wording import tariff_words
from portal.base import clock
from portal.base.accounts.http import LoggedInRequest
from villages.models import Tariff

Kind, Chooser = Tariff.Kind, Tariff.Chooser
NO_DAY = gettext_lazy("Kies vanaf welke dag.")
NO_SUM = gettext_lazy("Vul in wat een dagdeel kost, bijvoorbeeld 7,50.")
NO_CHOOSER = gettext_lazy("Kies wie deze prijs mag kiezen.")
UNKNOWN_BUTTON = gettext_lazy("Deze knop kennen we niet. Er is niets veranderd.")
CHANGED = gettext_lazy(
    "Iemand anders heeft net een prijs veranderd. Er is nu niets veranderd. Kijk hieronder of het zo nog klopt."
)
WHO = {"guest": gettext_lazy("gasten zelf"), "house": gettext_lazy("alleen het huis")}
DONE = {
    "prijs": gettext_lazy("De nieuwe prijs staat erin. Boekingen die al gemaakt zijn houden hun prijs."),
    "stop": gettext_lazy("De prijs stopt op die dag. Boekingen die al gemaakt zijn houden hun prijs."),
}
SENTENCES: dict[type[refusals.Refused], str | Promise] = {
    refusals.InThePast: gettext_lazy("Deze dag is al voorbij. Kies vandaag of later. Wat was, blijft zoals het was."),
    refusals.TooFarAhead: gettext_lazy("Dit is te ver vooruit. Kies een dag in de komende twee jaar."),
    refusals.NothingChanges: gettext_lazy("Zo is het al. Er verandert niets."),
    refusals.NoPriceLeft: gettext_lazy("Zet eerst het vinkje: gasten moeten vanaf dan bellen om te boeken."),
}


@dataclass(frozen=True)
class KindView:
    """A kind of price with what it costs now, and the rows that come and that are over."""

    kind: str
    now: TariffSpan | None
    coming: list[TariffSpan]
    past: list[TariffSpan]

    @property
    def words(self) -> str:
        return tariff_words(self.kind)


class EndForm(forms.Form):
    """From which day."""

    van = DayField()

    def clean_van(self) -> date:
        day = self.cleaned_data["van"]
        if day is None:
            raise forms.ValidationError(NO_DAY)
        return day  # type: ignore[no-any-return]


class PriceForm(EndForm):
    """From which day, how much, and who may choose it."""

    bedrag = forms.CharField(
        required=False,
        max_length=40,
        error_messages={"max_length": NO_SUM, "null_characters_not_allowed": STRANGE},
    )
    wie = forms.ChoiceField(
        choices=Chooser.choices, error_messages={"required": NO_CHOOSER, "invalid_choice": NO_CHOOSER}
    )
    field_order = ("bedrag", "van", "wie")

    def __init__(self, *args: Any, free: bool = False, **fields: Any) -> None:
        super().__init__(*args, **fields)
        self.free = free

    def clean_bedrag(self) -> int:
        if self.free:
            return 0
        text = self.cleaned_data["bedrag"]
        if not text:
            raise forms.ValidationError(NO_SUM)
        try:
            return cents_of(text)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


@login_required
@require_safe
def prices(request: LoggedInRequest, slug: str) -> HttpResponse:
    """All kinds of prices of the house, with what each costs now, later and before."""
    visit = enter(request, slug, "prijzen")
    kinds = kinds_of(spans_of(visit.dorpshuis))
    context = {
        "kinds": [kind for kind in kinds if kind.now or kind.coming or kind.past],
        "unused": [kind for kind in kinds if not (kind.now or kind.coming or kind.past)],
        "done": DONE.get(request.GET.get("gedaan", ""), ""),
    }
    return visit.show(request, "beheer/prices/prices.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def price(request: LoggedInRequest, slug: str, kind: str) -> HttpResponse:
    """One kind: ask for a new price (`doe=prijs`) or its end (`doe=stop`), show what that hits; POST does it."""
    visit = enter(request, slug, "prijzen")
    if kind not in Kind.values:
        raise Http404
    data = request.POST if request.method == "POST" else request.GET
    wanted = data.get("doe", "")
    if not wanted and request.method != "POST":
        return _ask(request, visit, kind)
    if wanted not in DONE:
        return _ask(request, visit, kind, problem=UNKNOWN_BUTTON, status=422)
    form = PriceForm(data, free=kind == Kind.GRATIS) if wanted == "prijs" else EndForm(data)
    if not form.is_valid():
        return _ask(request, visit, kind, form, status=422)
    change = _change(kind, form)
    if request.method == "POST":
        return _do(request, visit, change, form)
    return _preview(request, visit, change, form)


def kinds_of(spans: list[TariffSpan]) -> list[KindView]:
    """Each kind in its order, with its rows; a row that another one took over before it ended is past too."""
    today = clock.today()
    views = []
    for kind in Kind.values:
        own = sorted((span for span in spans if span.kind == kind), key=lambda span: span.first_day)
        now = tariff_on(own, kind, today)
        coming = [span for span in own if span.first_day > today]
        past = [span for span in own if span.first_day <= today and span != now]
        views.append(KindView(kind, now, coming, past[::-1]))
    return views


def first_of_next_month(today: date) -> date:
    """The day from which a new price holds unless another is chosen."""
    return date(today.year + today.month // 12, today.month % 12 + 1, 1)


def _change(kind: str, form: EndForm) -> PriceChange:
    data = form.cleaned_data
    if "bedrag" not in data:
        return PriceChange(kind, data["van"])
    return PriceChange(kind, data["van"], data["bedrag"], data["wie"] in Chooser.by_guests)


def _preview(
    request: LoggedInRequest,
    visit: Visit,
    change: PriceChange,
    form: EndForm,
    problem: str | Promise = "",
    status: int = 200,
) -> HttpResponse:
    try:
        plan = plan_price(visit.dorpshuis, change)
    except refusals.Refused as refusal:
        return _ask(request, visit, change.kind, form, SENTENCES[type(refusal)], 422)
    return _show(request, visit, plan, problem, status)


def _do(request: LoggedInRequest, visit: Visit, change: PriceChange, form: EndForm) -> HttpResponse:
    """Under the lock, if what was shown still holds; else the fresh preview."""
    seen, by_phone = request.POST.get("afdruk", ""), request.POST.get("bellen") == "ja"
    try:
        set_price(visit.dorpshuis.pk, change, visit.actor, seen, by_phone=by_phone)
    except refusals.NotAsShown:
        return _preview(request, visit, change, form, CHANGED, 409)
    except refusals.NoPriceLeft as refusal:
        return _preview(request, visit, change, form, SENTENCES[type(refusal)], 422)
    except refusals.Refused as refusal:
        return _ask(request, visit, change.kind, form, SENTENCES[type(refusal)], 422)
    return redirect(f"{reverse('prices', args=[visit.dorpshuis.slug])}?gedaan={'stop' if change.is_end else 'prijs'}")


def _show(
    request: LoggedInRequest, visit: Visit, plan: PricePlan, problem: str | Promise = "", status: int = 200
) -> HttpResponse:
    change = plan.change
    context = {
        "plan": plan,
        "words": tariff_words(change.kind),
        "usual_words": tariff_words(plan.other_usual) if plan.other_usual else "",
        "typed": "" if change.cents is None else typed_euros(change.cents),
        "who": Chooser.GUEST if change.by_guests else Chooser.HOUSE,
        "who_words": WHO[Chooser.GUEST if change.by_guests else Chooser.HOUSE],
        "problem": problem,
    }
    return visit.show(request, "beheer/prices/preview.html", context, status)


def _ask(
    request: LoggedInRequest,
    visit: Visit,
    kind: str,
    form: EndForm | None = None,
    problem: str | Promise = "",
    status: int = 200,
) -> HttpResponse:
    """The kind with its two forms; the one that was sent holds what was typed."""
    view = next(view for view in kinds_of(spans_of(visit.dorpshuis)) if view.kind == kind)
    is_price = isinstance(form, PriceForm)
    context = {
        "view": view,
        "form": form if is_price else PriceForm(initial=_initial(view)),
        "end_form": form if form and not is_price else EndForm(initial={"van": first_of_next_month(clock.today())}),
        "who": WHO.items(),
        "problem": problem,
        "is_free": kind == Kind.GRATIS,
    }
    return visit.show(request, "beheer/prices/price.html", context, status)


def _initial(view: KindView) -> dict[str, object]:
    who = Chooser.HOUSE if view.now and not view.now.by_guests else Chooser.GUEST
    return {"van": first_of_next_month(clock.today()), "wie": who}
