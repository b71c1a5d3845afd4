"""What families tell of the person they seek, in parts, over several talks."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from wayhome.bureau.comparisons import actions, queries
from wayhome.bureau.comparisons.models import Talk
from wayhome.bureau.comparisons.rules.antemortem import GROUP_NAMES, GROUPS, group_of
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import EnquiryState
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.dates import PartialDate, display
from wayhome.lib.numbers import parse
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.forms.comparisons import TalkForm
from wayhome.web.console.listing import asked, page_of
from wayhome.web.console.remains_found_page import chart
from wayhome.web.console.views.custody import show_on
from wayhome.web.once import once, see_other

SEE, TAKE = Permission.SEE_ANTEMORTEM, Permission.TAKE_ANTEMORTEM


@allowed(SEE, methods=("GET",))
def antemortem_list(request: StaffRequest) -> HttpResponse:
    """Families that told something, by number; who takes data may begin with any other."""
    told = Talk.objects.visible_to(request.user).exclude(enquiry__state=EnquiryState.FORGOTTEN)
    text = asked(request, "q")
    if number := parse(text):
        told = told.filter(enquiry__bureau_number=str(number))
    numbers = told.order_by("enquiry__bureau_number").values_list(
        "enquiry__bureau_number", flat=True
    )
    page = page_of(request, numbers.distinct())
    groups: dict[str, set[str]] = {}
    of_page = told.filter(enquiry__bureau_number__in=list(page.object_list))
    for each, group in of_page.values_list("enquiry__bureau_number", "group"):
        groups.setdefault(each, set()).add(group)
    listed = [
        {"number": each, "parts": [w for name, w in GROUP_NAMES.items() if name in groups[each]]}
        for each in page.object_list
    ]
    begin = _to_begin(request, str(number)) if number and not listed else None
    context = {"page": page, "rows": listed, "filtered": bool(text), "begin": begin}
    return render(request, "console/antemortem/list.html", context)


def _to_begin(request: StaffRequest, number: str) -> str | None:
    """The number of an enquiry with whose family nobody has begun yet, for who takes data."""
    if not request.user.may(TAKE):
        return None
    rows = Enquiry.objects.visible_to(request.user).exclude(state=EnquiryState.FORGOTTEN)
    return rows.filter(bureau_number=number).values_list("bureau_number", flat=True).first()


def _one(request: StaffRequest, enquiry_number: str) -> Enquiry:
    """For who takes data any enquiry; for who compares those whose family told something."""
    if request.user.may(TAKE):
        rows = Enquiry.objects.visible_to(request.user).exclude(state=EnquiryState.FORGOTTEN)
        return get_object_or_404(rows.select_related("key"), bureau_number=enquiry_number)
    talks = Talk.objects.visible_to(request.user).exclude(enquiry__state=EnquiryState.FORGOTTEN)
    told = talks.filter(enquiry__bureau_number=enquiry_number).select_related("enquiry__key")
    talk = told.first()
    if talk is None:
        raise Http404
    return talk.enquiry


@allowed(SEE, methods=("GET",))
def antemortem(request: StaffRequest, enquiry_number: str) -> HttpResponse:
    """All that a family told, put together, and each talk as it was."""
    enquiry = _one(request, enquiry_number)
    journal.looked(
        subject=enquiry, by=request.user, person=enquiry.bureau_number, purpose="ante-mortem"
    )
    may_take = request.user.may(TAKE)
    told = queries.ante_mortem_of(enquiry)
    talks = Talk.objects.visible_to(request.user).filter(enquiry=enquiry)
    context = {
        "number": enquiry.bureau_number,
        "groups": _groups(told.fields if told else {}),
        "chart": chart(told.chart()) if told else [],
        "chart_on": display(PartialDate(told.chart_on), request.LANGUAGE_CODE) if told else "",
        "parts": [(group.name, group.words) for group in GROUPS] if may_take else [],
        "talks": [
            {
                "talk": shown(each, "antemortem"),
                "group": GROUP_NAMES.get(each.group, each.group),
                # Who told it is a name at times: for who speaks with families alone.
                "who": shown(each, "contact").who if may_take else "",
            }
            for each in talks.select_related("key", "by").order_by("-at")
        ],
    }
    return render(request, "console/antemortem/one.html", context)


def _groups(fields: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    return [
        {
            "words": group.words,
            "rows": [
                {"key": words, "value": fields[group.name][name], "name": True}
                for name, words in group.fields.items()
                if name in fields[group.name]
            ],
        }
        for group in GROUPS
        if group.name in fields
    ]


@allowed(TAKE)
@once
def antemortem_talk(request: StaffRequest, enquiry_number: str, group: str) -> HttpResponse:
    """Write down one part of a talk. What she does not know stays empty."""
    enquiry, asked_of = _one(request, enquiry_number), group_of(group)
    if asked_of is None:
        raise Http404
    form = TalkForm(request.POST if request.method == "POST" else None, group=asked_of)
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep_talk(enquiry=enquiry, part=form.part(), by=request.user)
            return see_other("console:antemortem", enquiry.bureau_number)
        except Refused as refused:
            show_on(form, refused)
    context = {"form": form, "number": enquiry.bureau_number, "group": asked_of}
    status = 422 if request.method == "POST" else 200
    return render(request, "console/antemortem/talk.html", context, status=status)


urlpatterns = [
    path("antemortem/", antemortem_list, name="antemortem_list"),
    path("antemortem/<str:enquiry_number>/", antemortem, name="antemortem"),
    path("antemortem/<str:enquiry_number>/<str:group>/", antemortem_talk, name="antemortem_talk"),
]
