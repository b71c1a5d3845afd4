"""A death is told by people: whom, in which words, on which way; later what a family wishes."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import path
from django.utils import translation
from django.utils.safestring import SafeString

from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.identifications import telling
from wayhome.bureau.identifications.comparing import same_sought
from wayhome.bureau.identifications.models import DeathTold, Identification
from wayhome.bureau.identifications.printing import certificate_of_death
from wayhome.bureau.identifications.rules.telling import (
    BELONGINGS_NAMES,
    RETURN_NAMES,
    WAY_NAMES,
    Belongings,
    Return,
    Way,
    why_not_invite_to_it,
)
from wayhome.bureau.identifications.telling import Family
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.forms.telling import DeathToldForm, WishForm
from wayhome.web.console.listing import ROWS_A_PAGE, asked, page_of, sorted_by
from wayhome.web.console.views.custody import show_on
from wayhome.web.console.wording_enquiries import LANGUAGES, RELATIONS
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, press, see_other
from wayhome.web.papers import to_read

TELL = Permission.TELL_FAMILY
TO_CORRECT = "to_correct"


@allowed(TELL, methods=("GET",))
def deaths(request: StaffRequest) -> HttpResponse:
    """Families of those whom a board named, who were not told yet; the longest first."""
    families = telling.families_to_tell()
    text = asked(request, "q").casefold()
    if text:
        families = [one for one in families if _fits(one.enquiry, text)]
    page = Paginator(families, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(one) for one in page.object_list],
        "to_correct": DeathTold.objects.visible_to(request.user).to_correct().count(),
        "filtered": bool(text),
    }
    return render(request, "console/telling/deaths.html", context)


def _fits(enquiry: Enquiry, text: str) -> bool:
    return text in enquiry.bureau_number.casefold() or text in enquiry.name.casefold()


def _row(family: Family) -> dict[str, Any]:
    return {
        "identification": shown(family.identification, "work"),
        "enquiry": shown(family.enquiry, "file"),
        "relation": RELATIONS[family.enquiry.relation],
        "invited": family.invitation is not None,
    }


def _family(request: StaffRequest, identification_id: Any, enquiry_number: str) -> Family:
    rows = Identification.objects.exclude(rounds=None).select_related(
        "remains__key", "enquiry__enquirer__key", "captive", "key"
    )
    identification = get_object_or_404(rows.distinct(), pk=identification_id)
    seen = Enquiry.objects.visible_to(request.user).select_related("enquirer__key", "key")
    theirs = seen.filter(pk__in=[one.pk for one in same_sought(identification)])
    enquiry = get_object_or_404(theirs, bureau_number=enquiry_number)
    return telling.family_of(identification, enquiry)


def _page(request: StaffRequest, family: Family, **more: Any) -> HttpResponse:
    told, enquiry = family.told, family.enquiry
    language = enquiry.enquirer.language
    context = {
        **_row(family),
        "enquirer": shown(enquiry.enquirer, "contact"),
        "languages": list(LANGUAGES.items()),
        "language": language,
        "script": _script(family, language),
        "invitation": family.invitation,
        "against": why_not_invite_to_it(family.case) if family.invitation is None else [],
        "told": _told(told) if told else None,
        "why_not_wish": telling.why_not_wish(told),
        "press": IdempotentForm(auto_id=False),
        "form": DeathToldForm(),
        **more,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/telling/family.html", context, status=status)


def _script(family: Family, language: str) -> SafeString:
    """What is said to her, in her language, as her page will have it afterwards."""
    with translation.override(language):
        said = telling.what_to_say(family.identification)
        name = family.enquiry.name
        return render_to_string("answers/script_of_death.html", {"said": said, "name": name})


def _told(told: DeathTold) -> dict[str, Any]:
    return {
        "told": shown(told, "contact"),
        "enquiry": shown(told.enquiry, "file"),
        "way": WAY_NAMES[Way(told.way)],
        "talk": told.talk or {},  # nothing is left once the key is destroyed
        "wishes": [
            {
                "wish": shown(one, "contact"),
                "return": RETURN_NAMES[Return(one.wishes["return"])] if one.wishes else "",
                "belongings": BELONGINGS_NAMES[Belongings(one.wishes["belongings"])]
                if one.wishes
                else "",
            }
            for one in told.wishes.select_related("key", "by").order_by("-number")
        ],
    }


@allowed(TELL, methods=("GET",))
def death(request: StaffRequest, identification_id: Any, enquiry_number: str) -> HttpResponse:
    """One family: what is said in her language, how she is reached, what she wished."""
    family = _family(request, identification_id, enquiry_number)
    number = family.enquiry.bureau_number
    journal.looked(subject=family.enquiry, by=request.user, person=number, purpose="identification")
    return _page(request, family)


@allowed(TELL, methods=("POST",), form_at="console:death")
@once
def death_invite(
    request: StaffRequest, identification_id: Any, enquiry_number: str
) -> HttpResponse:
    """Invite her in the same words as for every kind of news."""
    family = _family(request, identification_id, enquiry_number)
    refusals = press(
        request,
        lambda: telling.invite_to_talk(
            identification=family.identification, enquiry=family.enquiry, by=request.user
        ),
    )
    if not refusals:
        return see_other("console:death", identification_id, enquiry_number)
    return _page(request, family, refusals=refusals)


@allowed(TELL, methods=("POST",), form_at="console:death")
@once
def death_told(request: StaffRequest, identification_id: Any, enquiry_number: str) -> HttpResponse:
    """Note that it was told, and how."""
    family = _family(request, identification_id, enquiry_number)
    form = DeathToldForm(request.POST)
    if form.is_valid():
        try:
            telling.note_told_of_death(
                identification=family.identification,
                enquiry=family.enquiry,
                talk=form.talk(),
                by=request.user,
            )
            return see_other("console:death", identification_id, enquiry_number)
        except Refused as refused:
            show_on(form, refused)
    return _page(request, family, form=form)


@allowed(TELL)
@once
def death_wish(request: StaffRequest, death_told_id: Any) -> HttpResponse:
    """Note what she wishes, on a later day than the first talk."""
    rows = DeathTold.objects.visible_to(request.user).select_related("enquiry__key", "key")
    told = get_object_or_404(rows, pk=death_told_id)
    form = WishForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            telling.note_wish(told=told, wishes=form.wishes(), by=request.user)
            return see_other("console:death", told.identification_id, told.enquiry.bureau_number)
        except Refused as refused:
            show_on(form, refused)
    context = {
        "form": form,
        "told": shown(told, "contact"),
        "enquiry": shown(told.enquiry, "file"),
        "why_not_wish": telling.why_not_wish(told),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/telling/wish.html", context, status=status)


@allowed(TELL, methods=("GET",))
def death_paper(request: StaffRequest, death_told_id: Any) -> HttpResponse:
    """The certificate for her, in her language; only after people told her."""
    rows = DeathTold.objects.visible_to(request.user).filter(withdrawn_at=None)
    joined = rows.select_related(
        "identification__remains__key", "identification__enquiry", "identification__captive",
        "enquiry__enquirer",
    )  # fmt: skip
    told = get_object_or_404(joined, pk=death_told_id)
    number = told.enquiry.bureau_number
    journal.looked(subject=told, by=request.user, person=number, purpose="document")
    return to_read(certificate_of_death(told), "certificate.pdf")


@allowed(TELL, methods=("GET",))
def deaths_told(request: StaffRequest) -> HttpResponse:
    """Everyone who was told of a death; of a doubted one until a person has told them so."""
    rows = DeathTold.objects.visible_to(request.user)
    if asked(request, "state") == TO_CORRECT:
        rows = rows.to_correct()
    if text := asked(request, "q"):
        rows = rows.filter(enquiry__bureau_number__iexact=text)
    joined = rows.select_related("enquiry", "by", "second", "withdrawal_told_by", "key")
    page = page_of(request, sorted_by(request, joined, {"at": "at"}, "-at"))
    return _list_of_told(request, page)


def _list_of_told(request: StaffRequest, page: Any, **more: Any) -> HttpResponse:
    context = {
        "page": page,
        "rows": [_told(one) for one in page.object_list],
        "press": IdempotentForm(auto_id=False),
        "to_correct": TO_CORRECT,
        **more,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/telling/told.html", context, status=status)


@allowed(TELL, methods=("POST",), form_at="console:deaths_told")
@once
def death_error_told(request: StaffRequest, death_told_id: Any) -> HttpResponse:
    """Note that a person told her that it is doubted."""
    rows = DeathTold.objects.visible_to(request.user)
    told = get_object_or_404(rows, pk=death_told_id)
    refusals = press(request, lambda: telling.note_error_told(told=told, by=request.user))
    if not refusals:
        return see_other("console:deaths_told")
    joined = rows.to_correct().select_related(
        "enquiry", "by", "second", "withdrawal_told_by", "key"
    )
    return _list_of_told(request, page_of(request, joined.order_by("-at")), refusals=refusals)


urlpatterns = [
    path("deaths/", deaths, name="deaths"),
    path("deaths/told/", deaths_told, name="deaths_told"),
    path("deaths/told/<uuid:death_told_id>/wish/", death_wish, name="death_wish"),
    path("deaths/told/<uuid:death_told_id>/certificate/", death_paper, name="death_paper"),
    path("deaths/told/<uuid:death_told_id>/error/", death_error_told, name="death_error_told"),
    path("deaths/<uuid:identification_id>/<str:enquiry_number>/", death, name="death"),
    path(
        "deaths/<uuid:identification_id>/<str:enquiry_number>/invitation/",
        death_invite,
        name="death_invite",
    ),
    path(
        "deaths/<uuid:identification_id>/<str:enquiry_number>/told/",
        death_told,
        name="death_told",
    ),
]
