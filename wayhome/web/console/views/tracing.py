"""The tracing officer's queue, the candidate with its evidence, the matches."""

from typing import Any

from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.answers.actions import everyone_told
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.actions import (
    Judged,
    ask_withdrawal,
    judge_candidate,
    withdraw_match,
)
from wayhome.bureau.matches.bridge import facts_worth_asking
from wayhome.bureau.matches.models import Candidate, Judgement, Match, Outlook
from wayhome.bureau.matches.queue import figures
from wayhome.bureau.matches.rules import NEEDS_A_NEW_FACT, CandidateState, Verdict
from wayhome.bureau.matches.same_sought import others_who_seek
from wayhome.bureau.matches.search import captives_named, sought_named
from wayhome.bureau.matches.wording import chance_words, field_words
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.captive_page import day
from wayhome.web.console.chances import Share, of_so_many, percent
from wayhome.web.console.evidence import Row, side_by_side, together
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.forms import IdempotentForm, Radios
from wayhome.web.once import once, see_other, why_not_press

JUDGE, SEE = Permission.JUDGE_CANDIDATE, Permission.SEE_MATCH
COLUMNS = {
    "probability": "probability",
    "bits": "bits",
    "computed": "computed_at",
    "queued": "queued_at",
}
# One list for what waits, whether somebody else has judged or not: the second officer is blind.
WAITING = [CandidateState.PROPOSED, CandidateState.HALF_JUDGED]
LISTS = {
    "waiting": (_("Waits for a judgement"), WAITING),
    "below": (_("Below the threshold"), [CandidateState.PROPOSED]),
    "disagreed": (_("Waits for a new fact"), [*sorted(NEEDS_A_NEW_FACT)]),
    "confirmed": (_("Confirmed"), [CandidateState.CONFIRMED]),
}
VERDICTS = [
    (Verdict.SAME.value, _("The same person")),
    (Verdict.DIFFERENT.value, _("Different persons")),
    (Verdict.UNDECIDED.value, _("I cannot decide")),
    (Verdict.ONE_OF_TWO.value, _("One of these two")),
]
NEARLY = 0.2  # another candidate fits nearly as well from this share of the probability on


class OtherMan(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Another candidate of the same enquiry, by his name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.captive.name)


class JudgementForm(IdempotentForm):
    verdict = forms.ChoiceField(
        label=_("Your judgement"),
        choices=VERDICTS,
        widget=Radios,
        error_messages={"required": _("Choose a judgement.")},
    )
    or_else = OtherMan(Candidate.objects.none(), label=_("The other man"), required=False)
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )
    new_fact = forms.CharField(
        label=_("What is new since the last round"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        required=False,
    )

    def __init__(self, *args: Any, candidate: Candidate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = _others(candidate)
        other = self.fields["or_else"]
        assert isinstance(other, OtherMan)
        other.queryset = others
        if not others:
            self.fields.pop("or_else")
        if candidate.state not in NEEDS_A_NEW_FACT:
            self.fields.pop("new_fact")

    def judged(self) -> Judged:
        said = self.cleaned_data
        return Judged(
            Verdict(said["verdict"]), said["reason"], said.get("new_fact", ""), said.get("or_else")
        )


class ReasonForm(IdempotentForm):
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )


@allowed(JUDGE, methods=("GET",))
def queue(request: StaffRequest) -> HttpResponse:
    name = asked(request, "list")
    name = name if name in LISTS else "waiting"
    text = asked(request, "q")
    rows = _listed(request, name, looked_for=bool(text))
    if text:
        men = captives_named(text, numbers=False)  # no number of a card is shown here
        rows = rows.filter(Q(enquiry__in=sought_named(text)) | Q(captive__in=men))
    rows = rows.select_related("enquiry", "captive")
    page = page_of(request, sorted_by(request, rows, COLUMNS, "-probability"))
    context = {
        "page": page,
        "rows": [(each, percent(each.probability)) for each in page.object_list],
        **_room(),
        "lists": [(key, words) for key, (words, _states) in LISTS.items()],
        "list": name,
    }
    return render(request, "console/tracing/queue.html", context)


def _listed(request: StaffRequest, name: str, *, looked_for: bool) -> "QuerySet[Candidate]":
    """The pairs of one list. Who looks for a name finds it on either side of the threshold."""
    rows = Candidate.objects.visible_to(request.user).filter(state__in=LISTS[name][1])
    mine = Judgement.objects.filter(
        candidate=OuterRef("pk"), round=OuterRef("round"), by=request.user
    )
    if name == "below":
        return rows.below_threshold()
    if name == "waiting":
        rows = rows.filter(~Exists(mine))
        return rows if looked_for else rows.in_queue()
    return rows


def _room() -> dict[str, Any]:
    """How many pairs reach people, from which probability on, and what is expected below it."""
    now = figures()
    return {
        "room": now,
        "threshold": percent(now.threshold) if now.threshold else "",
        "true_below": round(now.true_below + now.true_unshown, 1),
        "recall_of_queue": _share_or_none(now.recall_of_queue),
        "recall_of_kept": _share_or_none(now.recall_of_kept),
    }


def _share_or_none(share: float | None) -> str:
    return "" if share is None else percent(share)


def _one(request: StaffRequest, candidate_id: Any) -> Candidate:
    rows = Candidate.objects.visible_to(request.user).exclude(state=CandidateState.GONE)
    return get_object_or_404(
        rows.select_related("enquiry__key", "captive__key", "record"), pk=candidate_id
    )


def _others(candidate: Candidate) -> "QuerySet[Candidate]":
    """Other candidates of the enquiry that fit nearly as well."""
    rows = Candidate.objects.filter(
        enquiry=candidate.enquiry, probability__gte=candidate.probability * NEARLY
    )
    rows = rows.exclude(pk=candidate.pk).exclude(state=CandidateState.GONE)
    return rows.select_related("captive").order_by("rank")


def _evidence(candidate: Candidate, language: str) -> list[Row]:
    sought, found = shown(candidate.enquiry, "file"), shown(candidate.compared, "evidence")
    return side_by_side(candidate.evidence, sought, found, language)


def _page(request: StaffRequest, candidate: Candidate, **more: Any) -> dict[str, Any]:
    rows = _evidence(candidate, request.LANGUAGE_CODE)
    return {
        "candidate": candidate,
        "enquiry": shown(candidate.enquiry, "file"),
        "rows": rows,
        "total": together(rows),
        "percent": percent(candidate.probability),
        "chance": chance_words(candidate.probability),
        "of_so_many": of_so_many(candidate.probability),
        "cards": _cards(candidate, request.LANGUAGE_CODE),
        "shares": _shares(candidate, request.LANGUAGE_CODE),
        "others": _others(candidate),
        "also_sought": _also_sought(request, candidate),
        "telling": _telling(candidate),
        "past": _past_rounds(candidate),
        "verdicts": VERDICTS,
        "judged_by_me": candidate.state in WAITING and _mine(candidate, request).exists(),
        "is_confirmed": candidate.state == CandidateState.CONFIRMED,
        **more,
    }


def _cards(candidate: Candidate, language: str) -> list[dict[str, Any]]:
    """The records that people linked as this one man's; nothing if he has one."""
    records = candidate.captive.all_records().order_by("registered_at", "pk")
    cards = [
        {
            "card": shown(each, "evidence"),
            "born": day(each.born, language),
            "is_compared": each.pk == candidate.compared.pk,
        }
        for each in records
    ]
    return cards if len(cards) > 1 else []


def _shares(candidate: Candidate, language: str) -> list[Share]:
    """Everybody who could be meant by this enquiry, and nobody: shares of one whole."""
    rows = candidate.enquiry.candidates.exclude(state=CandidateState.GONE)
    rows = rows.select_related("captive").order_by("rank", "pk")
    shares = [_share(each, language, is_here=each.pk == candidate.pk) for each in rows]
    outlook = Outlook.objects.filter(enquiry=candidate.enquiry).first()
    if outlook is None:  # compared before this was kept
        return shares
    return [
        *shares,
        Share(_("Others on the register, each less likely"), outlook.unshown),
        Share(_("Not on the register"), outlook.absent),
    ]


def _telling(candidate: Candidate) -> list[dict[str, Any]]:
    """Which fact more would decide it; the most telling is the whole bar."""
    facts = facts_worth_asking(candidate.enquiry)
    most = max((each.bits for each in facts), default=1.0)
    return [
        {
            "field": field_words(each.field),
            "bits": each.bits,
            "share": percent(min(1.0, each.bits / each.doubt)),
            "width": round(100.0 * each.bits / most, 1),
        }
        for each in facts
    ]


def _also_sought(request: StaffRequest, candidate: Candidate) -> list[dict[str, Any]]:
    """Linked enquiries for the same man, each with its own candidate for this captive."""
    if not request.user.may(Permission.JUDGE_SAME_SOUGHT):
        return []
    others = others_who_seek(candidate.enquiry)
    rows = Candidate.objects.visible_to(request.user).exclude(state=CandidateState.GONE)
    theirs = rows.filter(enquiry__in=others, captive=candidate.captive)
    of_each = dict(theirs.values_list("enquiry_id", "pk"))
    return [{"enquiry": shown(each, "file"), "candidate": of_each.get(each.pk)} for each in others]


def _share(candidate: Candidate, language: str, *, is_here: bool) -> Share:
    man = shown(candidate.captive, "evidence")
    return Share(
        man.name or man.service_no,
        candidate.probability,
        is_name=True,
        url=reverse("console:candidate", args=[candidate.pk]),
        born=day(man.born, language),
        is_here=is_here,
        is_counted=candidate.likely_same_id is not None,
    )


def _mine(candidate: Candidate, request: StaffRequest) -> "QuerySet[Judgement]":
    """What this person said in the round that is open."""
    return candidate.judgements.filter(round=candidate.round, by=request.user)


def _past_rounds(candidate: Candidate) -> "QuerySet[Judgement]":
    """Verdicts of rounds that ended; never those of the round that is open."""
    rows = candidate.judgements.select_related("by", "key").order_by("round", "at")
    if candidate.state in {*NEEDS_A_NEW_FACT, CandidateState.CONFIRMED}:
        return rows
    return rows.filter(round__lt=F("candidate__round"))


@allowed(JUDGE)
@once
def candidate(request: StaffRequest, candidate_id: Any) -> HttpResponse:
    one = _one(request, candidate_id)
    form = JudgementForm(request.POST or None, candidate=one)
    refusals: list[Any] = []
    if request.method == "GET":
        journal.looked(
            subject=one, by=request.user, person=one.enquiry.bureau_number, purpose="judge"
        )
    elif form.is_valid():
        try:
            match = judge_candidate(candidate=one, judged=form.judged(), by=request.user)
            if match:
                return see_other("console:match", match.pk)
            return see_other("console:tracing")
        except Refused as refused:
            refusals = list(refused.refusals)
    status = 422 if request.method == "POST" else 200
    context = _page(request, one, form=form, refusals=refusals)
    return render(request, "console/tracing/candidate.html", context, status=status)


@allowed(SEE, methods=("GET",))
def matches(request: StaffRequest) -> HttpResponse:
    rows = Match.objects.visible_to(request.user).select_related("enquiry", "first_judge")
    state = asked(request, "state")
    if state == "withdrawn":
        rows = rows.filter(withdrawn_at__isnull=False)
    elif state == "asked":
        rows = rows.filter(withdrawn_at=None, withdrawal_asked_by__isnull=False)
    elif state == "standing":
        rows = rows.standing()
    if text := asked(request, "q"):
        rows = rows.filter(enquiry__in=sought_named(text))
    context = {
        "page": page_of(
            request, sorted_by(request, rows, {"confirmed": "confirmed_at"}, "-confirmed")
        ),
        "states": [
            ("standing", _("Stands")),
            ("asked", _("Withdrawal asked")),
            ("withdrawn", _("Withdrawn")),
        ],
    }
    return render(request, "console/tracing/matches.html", context)


@allowed(SEE)
@once
def match(request: StaffRequest, match_id: Any) -> HttpResponse:
    """A confirmed match; asking to withdraw it, and the second person who does."""
    rows = Match.objects.visible_to(request.user).select_related(
        "enquiry__key", "captive", "candidate", "key", "first_judge", "second_judge",
        "withdrawal_asked_by", "withdrawn_by",
    )  # fmt: skip
    one = get_object_or_404(rows, pk=match_id)
    asking = one.withdrawal_asked_by is None
    form: forms.Form = (ReasonForm if asking else IdempotentForm)(request.POST or None)
    refusals: list[Any] = []
    if request.method == "GET":
        journal.looked(
            subject=one, by=request.user, person=one.enquiry.bureau_number, purpose="match"
        )
    elif not asking and why_not_press(request):
        refusals = [*why_not_press(request)]
    elif form.is_valid():
        try:
            if asking:
                ask_withdrawal(match=one, reason=form.cleaned_data["reason"], by=request.user)
            else:
                withdraw_match(match=one, by=request.user)
            return see_other("console:match", one.pk)
        except Refused as refused:
            refusals = list(refused.refusals)
    status = 422 if request.method == "POST" else 200
    context = {
        "match": one,
        "enquiry": shown(one.enquiry, "file"),
        "captive": shown(one.captive, "evidence"),
        "form": form,
        "asking": asking,
        "told": everyone_told(one),
        "may_withdraw": request.user.may(Permission.WITHDRAW_MATCH),
        "asked_by_me": one.withdrawal_asked_by_id == request.user.pk,
        "refusals": refusals,
    }
    return render(request, "console/tracing/match.html", context, status=status)


urlpatterns = [
    path("tracing/", queue, name="tracing"),
    path("tracing/<uuid:candidate_id>/", candidate, name="candidate"),
    path("matches/", matches, name="matches"),
    path("matches/<uuid:match_id>/", match, name="match"),
]
