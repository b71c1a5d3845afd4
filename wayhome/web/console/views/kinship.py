"""The kinship verifier: her three things against his answers, her papers, the verdict."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.consents.models import ThingsAnswer
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.identifications.comparing import names_of
from wayhome.bureau.identifications.rules.evidence import Kind
from wayhome.bureau.identifications.telling import kinship_to_weigh, what_to_say
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.models import Match
from wayhome.bureau.matches.search import sought_named
from wayhome.bureau.persons.vault import CannotOpen
from wayhome.bureau.relations import actions
from wayhome.bureau.relations.models import KinshipVerdict, Paper
from wayhome.bureau.relations.rules import (
    CHECK_NAMES,
    LEVEL_NAMES,
    OF_THE_DEAD,
    OF_THE_LIVING,
    RUNG_NAMES,
    Check,
    Level,
    Rung,
    why_not_confirm,
)
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.wording_enquiries import RELATIONS
from wayhome.web.forms import IdempotentForm, Radios
from wayhome.web.once import once, see_other, why_not_press
from wayhome.web.papers import to_read

VERIFY = Permission.VERIFY_KINSHIP
STATES = [
    ("open", _("To be weighed")),
    ("second", _("Waits for a second person")),
    ("done", _("Confirmed")),
]
CHECKS = [(check.value, name) for check, name in CHECK_NAMES.items()]


class VerdictForm(IdempotentForm):
    level = forms.ChoiceField(
        label=_("How far is it proven"),
        choices=[(level.value, name) for level, name in LEVEL_NAMES.items()],
        widget=Radios,
    )
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )

    def __init__(self, *args: Any, rungs: Iterable[Rung] = OF_THE_LIVING, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rungs = tuple(rungs)
        verdict = {name: self.fields.pop(name) for name in ("level", "reason")}
        for rung in self.rungs:
            self.fields[f"check_{rung.name.lower()}"] = forms.ChoiceField(
                label=RUNG_NAMES[rung],
                choices=CHECKS,
                initial=Check.UNCLEAR.value,
                widget=Radios(inline=True),
            )
        self.fields.update(verdict)

    def weighed(self) -> actions.Weighed:
        said = self.cleaned_data
        checks = {rung.value: said[f"check_{rung.name.lower()}"] for rung in self.rungs}
        return actions.Weighed(Level(said["level"]), checks, said["reason"])


def _matches(request: StaffRequest) -> "QuerySet[Match]":
    rows = Match.objects.visible_to(request.user).standing()
    return rows.select_related("enquiry__key", "enquiry__enquirer__key", "captive__key", "key")


@allowed(VERIFY, methods=("GET",))
def kinship(request: StaffRequest) -> HttpResponse:
    """Families who say whose kin they are, with whom they were matched."""
    rows = _searched(request, _matches(request), verdict="match", enquiry="enquiry__")
    page = page_of(request, sorted_by(request, rows, {"since": "confirmed_at"}, "since"))
    listed = [(one.enquiry, reverse("console:claim", args=(one.pk,)), one.confirmed_at)
              for one in page.object_list]  # fmt: skip
    return _listed(request, page, listed, "living", _("Since"))


@allowed(VERIFY, methods=("GET",))
def kinship_of_dead(request: StaffRequest) -> HttpResponse:
    """Families of the dead who are to be told: whose kinship rests on no match."""
    rows = _searched(request, _enquiries(request), verdict="enquiry", enquiry="")
    page = page_of(request, sorted_by(request, rows, {"since": "received_at"}, "since"))
    listed = [(one, reverse("console:claim_of_dead", args=(one.bureau_number,)), one.received_at)
              for one in page.object_list]  # fmt: skip
    return _listed(request, page, listed, "dead", _("Asks since"))


def _searched(request: StaffRequest, rows: Any, *, verdict: str, enquiry: str) -> Any:
    """Rows in the state that is asked for, by a standing `verdict` on each, and by a text."""
    state = _state(request)
    standing = KinshipVerdict.objects.standing()
    confirmed, given = (
        Exists(standing.filter(confirmed_at__isnull=not done, **{verdict: OuterRef("pk")}))
        for done in (True, False)
    )
    if state == "open":
        rows = rows.exclude(confirmed).exclude(given)
    else:
        rows = rows.filter(given if state == "second" else confirmed)
    if text := asked(request, "q"):
        rows = rows.filter(**{f"{enquiry}pk__in": sought_named(text).values("pk")})
    return rows


def _state(request: StaffRequest) -> str:
    return asked(request, "state") or "open"


def _listed(
    request: StaffRequest,
    page: Any,
    listed: list[tuple[Enquiry, str, datetime]],
    tab: str,
    since: Any,
) -> HttpResponse:
    context = {
        "page": page,
        "rows": [{"enquiry": one, "url": url, "since": at} for one, url, at in listed],
        "states": STATES,
        "state": _state(request),
        "tab": tab,
        "since": since,
    }
    return render(request, "console/kinship/kinship.html", context)


def _enquiries(request: StaffRequest) -> "QuerySet[Enquiry]":
    """Of whom a board has named the person they seek, and who were not told; no others here."""
    seen = Enquiry.objects.visible_to(request.user).filter(pk__in=kinship_to_weigh())
    return seen.select_related("enquirer__key", "key")


def _page_of_dead(request: StaffRequest, enquiry: Enquiry, **more: Any) -> dict[str, Any]:
    verdict = (
        KinshipVerdict.objects.visible_to(request.user)
        .standing()
        .filter(enquiry=enquiry)
        .select_related("key", "by", "confirmed_by")
        .first()
    )
    return {
        "is_of_dead": True,
        "relation": RELATIONS[enquiry.relation],
        "rests_on_samples": any(Kind.DNA in told for told in _rests_on(enquiry)),
        "claim_url": reverse("console:claim_of_dead", args=[enquiry.bureau_number]),
        "confirm_url": reverse("console:claim_of_dead_confirm", args=[enquiry.bureau_number]),
        **_weighed(request, enquiry, verdict, OF_THE_DEAD),
        **more,
    }


def _rests_on(enquiry: Enquiry) -> list[list[str]]:
    return [what_to_say(one)["known_by"] for one in names_of(enquiry)]


@allowed(VERIFY)
@once
def claim_of_dead(request: StaffRequest, enquiry_number: str) -> HttpResponse:
    """Whether she is kin to one of the dead: weighed before anybody tells her."""
    enquiry = get_object_or_404(_enquiries(request), bureau_number=enquiry_number)
    form = VerdictForm(request.POST or None, rungs=OF_THE_DEAD)
    refusals: list[Any] = []
    if request.method == "GET":
        journal.looked(
            subject=enquiry, by=request.user, person=enquiry_number, purpose="verify kinship"
        )
    elif form.is_valid():
        try:
            actions.give_verdict_of_the_dead(
                enquiry=enquiry, weighed=form.weighed(), by=request.user
            )
            return see_other("console:claim_of_dead", enquiry_number)
        except Refused as refused:
            refusals = list(refused.refusals)
    status = 422 if request.method == "POST" else 200
    more = {"form": form, "refusals": refusals, "confirm_form": IdempotentForm()}
    context = _page_of_dead(request, enquiry, **more)
    return render(request, "console/kinship/claim.html", context, status=status)


@allowed(VERIFY, methods=("POST",), form_at="console:claim_of_dead")
@once
def claim_of_dead_confirm(request: StaffRequest, enquiry_number: str) -> HttpResponse:
    enquiry = get_object_or_404(_enquiries(request), bureau_number=enquiry_number)
    standing = KinshipVerdict.objects.visible_to(request.user).standing()
    refusals = _why_not_confirmed(request, standing.filter(enquiry=enquiry).first())
    if not refusals:
        return see_other("console:claim_of_dead", enquiry_number)
    form = VerdictForm(rungs=OF_THE_DEAD)
    more = {"form": form, "refusals": refusals, "confirm_form": IdempotentForm(request.POST)}
    context = _page_of_dead(request, enquiry, **more)
    return render(request, "console/kinship/claim.html", context, status=422)


def _why_not_confirmed(request: StaffRequest, verdict: KinshipVerdict | None) -> list[Any]:
    """Confirm as the second person; what stood against it."""
    refusals: list[Any] = why_not_press(request)
    if verdict is None:
        refusals += [why_not_confirm(own=False, confirmed=False, stopped=True)]
    if verdict and IdempotentForm(request.POST).is_valid() and not refusals:
        try:
            actions.confirm_verdict(verdict=verdict, by=request.user)
        except Refused as refused:
            refusals = list(refused.refusals)
    return refusals


def _page(request: StaffRequest, match: Match, **more: Any) -> dict[str, Any]:
    answers = ThingsAnswer.objects.filter(match=match, stopped_at=None).select_related("key")
    latest = answers.order_by("-at").first()
    things = match.enquiry.three_things or []
    his = (latest.answers if latest else []) + [""] * len(things)
    verdict = (
        KinshipVerdict.objects.visible_to(request.user)
        .standing()
        .filter(match=match)
        .select_related("key", "by", "confirmed_by")
        .first()
    )
    return {
        "things": [
            (thing.get("question", ""), thing.get("answer", ""), answer)
            for thing, answer in zip(things, his, strict=False)
        ],
        "answered_at": latest.at if latest else None,
        "claim_url": reverse("console:claim", args=[match.pk]),
        "confirm_url": reverse("console:claim_confirm", args=[match.pk]),
        **_weighed(request, match.enquiry, verdict, OF_THE_LIVING),
        **more,
    }


def _weighed(
    request: StaffRequest, enquiry: Enquiry, verdict: KinshipVerdict | None, rungs: Iterable[Rung]
) -> dict[str, Any]:
    """Who asks, her papers, and the verdict as it stands."""
    return {
        "enquiry": enquiry,
        "enquirer": enquiry.enquirer,
        "papers": Paper.objects.visible_to(request.user)
        .filter(enquiry=enquiry)
        .select_related("key")
        .order_by("sent_at"),
        "verdict": verdict,
        "checks": [
            (RUNG_NAMES[rung], CHECK_NAMES[Check(verdict.checklist.get(rung.value, "unclear"))])
            for rung in rungs
        ]
        if verdict
        else [],
        "level_name": LEVEL_NAMES[Level(verdict.level)] if verdict else "",
        "may_confirm": bool(
            verdict and verdict.confirmed_at is None and verdict.by_id != request.user.pk
        ),
    }


@allowed(VERIFY)
@once
def claim(request: StaffRequest, match_id: Any) -> HttpResponse:
    match = get_object_or_404(_matches(request), pk=match_id)
    form = VerdictForm(request.POST or None)
    refusals: list[Any] = []
    if request.method == "GET":
        journal.looked(
            subject=match,
            by=request.user,
            person=match.enquiry.bureau_number,
            purpose="verify kinship",
        )
    elif form.is_valid():
        try:
            actions.give_verdict(match=match, weighed=form.weighed(), by=request.user)
            return see_other("console:claim", match.pk)
        except Refused as refused:
            refusals = list(refused.refusals)
    status = 422 if request.method == "POST" else 200
    context = _page(request, match, form=form, refusals=refusals, confirm_form=IdempotentForm())
    return render(request, "console/kinship/claim.html", context, status=status)


@allowed(VERIFY, methods=("POST",), form_at="console:claim")
@once
def confirm(request: StaffRequest, match_id: Any) -> HttpResponse:
    match = get_object_or_404(_matches(request), pk=match_id)
    verdict = KinshipVerdict.objects.visible_to(request.user).standing().filter(match=match).first()
    refusals = _why_not_confirmed(request, verdict)
    if not refusals:
        return see_other("console:claim", match.pk)
    form = IdempotentForm(request.POST)
    context = _page(request, match, form=VerdictForm(), refusals=refusals, confirm_form=form)
    return render(request, "console/kinship/claim.html", context, status=422)


@allowed(VERIFY, Permission.SET_APPOINTMENT, methods=("GET",))
def paper(request: StaffRequest, paper_id: Any) -> HttpResponse:
    rows = Paper.objects.visible_to(request.user).select_related("key", "enquiry")
    one = get_object_or_404(rows, pk=paper_id)
    try:
        content = actions.open_paper(paper=one, by=request.user)
    except (FileNotFoundError, CannotOpen):
        raise Http404 from None
    ending = "pdf" if one.media_type == "application/pdf" else "jpg"
    return to_read(content, f"paper.{ending}", one.media_type)


urlpatterns = [
    path("kinship/", kinship, name="kinship"),
    path("kinship/dead/", kinship_of_dead, name="kinship_of_dead"),
    path("kinship/dead/<str:enquiry_number>/", claim_of_dead, name="claim_of_dead"),
    path(
        "kinship/dead/<str:enquiry_number>/confirmation/",
        claim_of_dead_confirm,
        name="claim_of_dead_confirm",
    ),
    path("kinship/<uuid:match_id>/", claim, name="claim"),
    path("kinship/<uuid:match_id>/confirmation/", confirm, name="claim_confirm"),
    path("papers/<uuid:paper_id>/", paper, name="paper"),
]
