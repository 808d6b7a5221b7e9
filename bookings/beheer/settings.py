"""The settings of a house: one subject a page, each with what it does for a guest."""

from dataclasses import dataclass
from http import HTTPStatus

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from bookings import refusals
from bookings.actions.settings import Values, change_settings, values_of
from bookings.beheer import setting_forms as forms
from bookings.beheer.message_forms import MessagesForm
from bookings.beheer.seen import seen_of
from bookings.visit import Visit, enter
from portal.base.accounts.http import LoggedInRequest
from villages.models import Dorpshuis

CHANGED = gettext_lazy(
    "Iemand anders heeft dit net veranderd. Er is niets van jou bewaard. Wat jij typte, staat er nog: "
    "kijk het na en tik nog een keer op de knop."
)
WRONG = gettext_lazy("Dit is nog niet gelukt. Kijk na wat er bij het veld staat.")


@dataclass(frozen=True)
class Subject:
    """Something that a house sets: its name in the address, its words, what it does for a guest, and its form."""

    name: str
    words: str | Promise
    does: str | Promise
    form: type[forms.SettingForm]


# In the order of the page.
SUBJECTS = (
    Subject(
        "teksten",
        gettext_lazy("Teksten"),
        gettext_lazy("Wat gasten bovenaan de pagina van je huis lezen."),
        forms.TextsForm,
    ),
    Subject(
        "voorzieningen",
        gettext_lazy("Voorzieningen"),
        gettext_lazy("Wat er in huis is, zoals koffie en een printer. Leeg is weg."),
        forms.FacilitiesForm,
    ),
    Subject(
        "internet",
        gettext_lazy("Internet"),
        gettext_lazy("Hoe snel de wifi is. Gasten zoeken hierop. Meet aan een bureau."),
        forms.InternetForm,
    ),
    Subject(
        "binnenkomen",
        gettext_lazy("Binnenkomen"),
        gettext_lazy("Hoe een gast de deur open krijgt. Een code ziet alleen wie geboekt heeft."),
        forms.WaysInForm,
    ),
    Subject(
        "huisregels",
        gettext_lazy("Huisregels"),
        gettext_lazy("Wat gasten lezen voor ze boeken. Een nieuwe tekst geldt meteen. Wie al boekte, houdt de oude."),
        forms.RulesForm,
    ),
    Subject(
        "betalen",
        gettext_lazy("Betalen"),
        gettext_lazy("Hoe een gast bij jullie betaalt. Dit staat bij de prijs en in de mail."),
        forms.PayForm,
    ),
    Subject(
        "annuleren",
        gettext_lazy("Annuleren"),
        gettext_lazy("Tot wanneer annuleren gratis is. Wie al boekte, houdt de tijd die toen gold."),
        forms.CancelForm,
    ),
    Subject(
        "vooruit",
        gettext_lazy("Hoe ver vooruit"),
        gettext_lazy("Hoe vroeg en hoe laat een gast zelf kan boeken. Boekingen die er zijn, blijven."),
        forms.AheadForm,
    ),
    Subject(
        "grenzen",
        gettext_lazy("Hoeveel dagdelen"),
        gettext_lazy("Hoeveel dagdelen een gast kan boeken. Wie meer wil, belt. Boekingen die er zijn, blijven."),
        forms.LimitsForm,
    ),
    Subject(
        "eerste-keer",
        gettext_lazy("De eerste keer"),
        gettext_lazy(
            "Of een nieuwe gast alleen komt als er iemand in huis is. Op andere dagdelen moet die dan bellen."
        ),
        forms.FirstTimeForm,
    ),
    Subject(
        "berichten",
        gettext_lazy("Berichten"),
        gettext_lazy(
            "Welke mails er vanzelf uitgaan. Een gast zonder e-mail komt op de bellijst. "
            "Wat een gast boekt of annuleert, hoort die altijd: dat staat hier niet bij."
        ),
        MessagesForm,
    ),
    Subject(
        "bokd",
        gettext_lazy("Wat BOKD ziet"),
        gettext_lazy(
            "BOKD ziet nooit een naam. Hoeveel bureaus bezet waren, ziet BOKD altijd. "
            "Cijfers over personen, zoals hoeveel gasten nieuw zijn, alleen als je dit aanzet. "
            "In de totalen van maanden die al zijn afgesloten, verandert er niets."
        ),
        forms.BokdForm,
    ),
)
_BY_NAME = {subject.name: subject for subject in SUBJECTS}


@dataclass(frozen=True)
class Difference:
    """A field that says something else now than what she typed."""

    label: str
    now: str


@login_required
@require_safe
def settings(request: LoggedInRequest, slug: str) -> HttpResponse:
    """All subjects, each with one sentence."""
    visit = enter(request, slug, "instellingen")
    done = _BY_NAME.get(request.GET.get("bewaard", ""))
    return visit.show(request, "beheer/settings/settings.html", {"subjects": SUBJECTS, "done": done})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def setting(request: LoggedInRequest, slug: str, subject: str) -> HttpResponse:
    """One subject and its form. POST sets it, unless somebody else did so since the form was opened."""
    visit = enter(request, slug, "instellingen")
    if subject not in _BY_NAME:
        raise Http404
    about = _BY_NAME[subject]
    if request.method != "POST":
        return _page(request, visit, about)
    form = about.form(request.POST)
    seen = request.POST.get("gezien", "")
    if not form.is_valid():
        return _page(request, visit, about, form, WRONG, 422, seen=seen)
    try:
        change_settings(visit.dorpshuis.pk, subject, form.values(), visit.actor, seen)
    except refusals.NotAsShown:
        return _page(request, visit, about, form, CHANGED, HTTPStatus.CONFLICT)
    except refusals.NothingChanges:
        pass  # a second tap, or what the other set is what she typed
    return redirect(f"{reverse('settings', args=[slug])}?bewaard={subject}")


def _page(
    request: LoggedInRequest,
    visit: Visit,
    about: Subject,
    form: forms.SettingForm | None = None,
    problem: str | Promise = "",
    status: int = 200,
    *,
    seen: str = "",
) -> HttpResponse:
    """The form as it stands, or with what was typed and with what stands now; after a mistake as it was opened."""
    now = values_of(Dorpshuis.objects.get(pk=visit.dorpshuis.pk) if form else visit.dorpshuis, about.name)
    context = {
        "about": about,
        "groups": (form or about.form.of(now)).groups(),
        "seen": seen or seen_of(now),
        "problem": problem,
        "differences": _differences(about, form, now) if status == HTTPStatus.CONFLICT and form else [],
    }
    return visit.show(request, "beheer/settings/setting.html", context, status)


def _differences(about: Subject, form: forms.SettingForm, now: Values) -> list[Difference]:
    """What stands now where she typed something else, in the words of the page."""
    found = []
    other = about.form.of(now)
    for group in other.groups():
        for field in group.fields:
            stands, typed = field.value(), forms.plain(form.cleaned_data.get(field.name))
            if (stands or "") != (typed or ""):
                label = f"{group.words}, {field.label}" if group.words else str(field.label)
                found.append(Difference(label, _shown(field.field, stands)))
    return found


def _shown(field: object, value: object) -> str:
    """A value as a page says it."""
    if isinstance(value, bool):
        return str(forms.YES if value else forms.NO)
    choices = dict(getattr(field, "choices", ()))
    return str(choices.get(value, value)) if value not in (None, "") else str(forms.EMPTY)
