"""The first news: composed by the rules, told by a person, noted; and what had to be withdrawn."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.answers import actions
from wayhome.bureau.answers.composing import compose
from wayhome.bureau.answers.mail import configured
from wayhome.bureau.answers.models import Freeze, Invitation, OutgoingMessage, Told
from wayhome.bureau.answers.rules import (
    MESSAGE_STATE_NAMES,
    OUTCOME_NAMES,
    InvitationState,
    MessageState,
    ReachOutcome,
)
from wayhome.bureau.captives.queries import names_his_place
from wayhome.bureau.consents.models import PersonToTell
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.models import Match
from wayhome.bureau.matches.search import captives_named, sought_named
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.wording_enquiries import LANGUAGES
from wayhome.web.forms import IdempotentForm, Radios
from wayhome.web.once import once, press, see_other, why_not_press

TELL = Permission.TELL_FAMILY


class ToldForm(IdempotentForm):
    talked = forms.BooleanField(
        label=_("I told her this in a talk, and nothing more"),
        error_messages={"required": _("Tell her first. Then confirm it here.")},
    )


class ReachForm(IdempotentForm):
    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=[
            (ReachOutcome.TOLD.value, _("The answer was right. I told this person.")),
            (ReachOutcome.NOT_REACHED.value, _("I did not reach this person.")),
            (ReachOutcome.WRONG_ANSWER.value, _("The answer was wrong. I told nothing.")),
        ],
        widget=Radios,
        error_messages={"required": _("Please choose what came of it.")},
    )


class SettleForm(IdempotentForm):
    again = forms.ChoiceField(
        label=_("What shall happen"),
        choices=[("no", _("Count it as sent")), ("yes", _("Try it once more"))],
    )


@allowed(TELL, methods=("GET",))
def first_news(request: StaffRequest) -> HttpResponse:
    """Families who may be told something, and those invited who wait for their talk."""
    matches = actions.matches_to_tell()
    if text := asked(request, "q"):
        matches = matches.filter(enquiry__in=sought_named(text))
    page = page_of(request, sorted_by(request, matches, {"match": "confirmed_at"}, "match"))
    invited = {
        each.enquiry_id: each
        for each in Invitation.objects.visible_to(request.user).filter(
            enquiry__in=[match.enquiry_id for match in page.object_list],
            state=InvitationState.OPEN,
        )
    }
    context = {
        "page": page,
        "rows": [(match, invited.get(match.enquiry_id)) for match in page.object_list],
        "frozen": Freeze.objects.visible_to(request.user).open().count(),
        "to_correct": _to_correct(request).count(),
        "to_settle": _to_settle(request).count(),
    }
    return render(request, "console/answers/first_news.html", context)


@allowed(TELL, methods=("GET",))
def named(request: StaffRequest) -> HttpResponse:
    """Whom the men themselves want told; where telling could do harm they are not listed."""
    people = _named(request)
    if asked(request, "state") != ALL:
        people = actions.named_to_reach(people)
    if text := asked(request, "q"):
        people = people.filter(captive__in=captives_named(text))
    page = page_of(request, sorted_by(request, people, {"at": "at"}, "at"))
    seen = [one for one in page.object_list if not one.captive.under_harm_flag()]
    looks = [(one, one.captive.bureau_number) for one in seen]
    journal.record_many("looked at", subjects=looks, by=request.user, purpose="first news")
    context = {"page": page, "rows": [_facts_of(one) for one in seen], "all": ALL}
    return render(request, "console/answers/named.html", context)


ALL = "all"


def _named(request: StaffRequest) -> "QuerySet[PersonToTell]":
    people = PersonToTell.objects.visible_to(request.user)
    return people.select_related("captive__key", "captive__same_as", "key", "sitting")


def _facts_of(one: PersonToTell) -> dict[str, Any]:
    """One person, without words that name a place (P4)."""
    told = shown(one, "consent")
    words = told.who.get("words", "")
    held_back = names_his_place(one.captive, words)
    last = one.attempts.order_by("-at").first()
    return {
        "id": one.pk,
        "at": told.at,
        "captive": shown(one.captive, "file"),
        "who": told.who,
        "words": "" if held_back else words,
        "held_back": held_back,
        "state": OUTCOME_NAMES[ReachOutcome(last.outcome)] if last else _("not tried yet"),
    }


@allowed(TELL)
@once
def reach(request: StaffRequest, named_id: Any) -> HttpResponse:
    """One person whom he named: how to reach them, what to ask first, what came of it."""
    one = get_object_or_404(_named(request), pk=named_id)
    form = ReachForm(request.POST or None)
    refusals: list[Any] = []
    if request.method == "POST" and form.is_valid():
        outcome = ReachOutcome(form.cleaned_data["outcome"])
        try:
            actions.note_reached(named=one, outcome=outcome, by=request.user)
            return see_other("console:named")
        except Refused as refused:
            refusals = list(refused.refusals)
    if request.method == "GET":
        number = one.captive.bureau_number
        journal.looked(subject=one, by=request.user, person=number, purpose="first news")
    context = {
        **_facts_of(one),
        "form": form,
        "refusals": refusals,
        "against": actions.why_not_reach_for(one),
        "attempts": [
            (OUTCOME_NAMES[ReachOutcome(each.outcome)], shown(each, "contact"))
            for each in one.attempts.select_related("by").order_by("at")
        ],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/answers/reach.html", context, status=status)


def _match(request: StaffRequest, match_id: Any) -> Match:
    return get_object_or_404(actions.matches_to_tell(), pk=match_id)


def _page(request: StaffRequest, match: Match, **more: Any) -> dict[str, Any]:
    invitation = (
        Invitation.objects.visible_to(request.user)
        .filter(match=match, state=InvitationState.OPEN)
        .first()
    )
    return {
        "match": match,
        "enquiry": shown(match.enquiry, "file"),
        "enquirer": shown(match.enquiry.enquirer, "contact"),
        "news": compose(match),
        "against": actions.why_not_invite_for(match) if invitation is None else [],
        "invitation": invitation,
        # Not `messages`: that is what base.html shows on top of every page.
        "letters": invitation.messages.all() if invitation else [],
        "message_states": [(state.value, name) for state, name in MESSAGE_STATE_NAMES.items()],
        "mail_is_set": configured() is not None,
        "languages": list(LANGUAGES.items()),
        **more,
    }


@allowed(TELL, methods=("GET",))
def news(request: StaffRequest, match_id: Any) -> HttpResponse:
    match = _match(request, match_id)
    journal.looked(
        subject=match,
        by=request.user,
        person=match.enquiry.bureau_number,
        purpose="first news",
    )
    context = _page(request, match, form=IdempotentForm(), told_form=ToldForm())
    return render(request, "console/answers/news.html", context)


@allowed(TELL, methods=("POST",), form_at="console:news")
@once
def invite(request: StaffRequest, match_id: Any) -> HttpResponse:
    match = _match(request, match_id)
    form = IdempotentForm(request.POST)
    refusals: list[Any] = why_not_press(request)
    if form.is_valid() and not refusals:
        try:
            actions.invite(match=match, by=request.user)
            return see_other("console:news", match.pk)
        except Refused as refused:
            refusals = list(refused.refusals)
    context = _page(request, match, form=form, told_form=ToldForm(), refusals=refusals)
    return render(request, "console/answers/news.html", context, status=422)


@allowed(TELL, methods=("POST",), form_at="console:first_news")
@once
def told(request: StaffRequest, invitation_id: Any) -> HttpResponse:
    rows = Invitation.objects.visible_to(request.user).select_related("match")
    invitation = get_object_or_404(rows, pk=invitation_id, match__isnull=False)
    form = ToldForm(request.POST)
    refusals: list[Any] = []
    if form.is_valid():
        try:
            actions.note_told(invitation=invitation, by=request.user)
            return see_other("console:first_news")
        except Refused as refused:
            refusals = list(refused.refusals)
    assert invitation.match_id is not None
    match = Match.objects.select_related(
        "enquiry__enquirer__key", "enquiry__key", "captive__key", "key"
    ).get(pk=invitation.match_id)
    context = _page(request, match, form=IdempotentForm(), told_form=form, refusals=refusals)
    return render(request, "console/answers/news.html", context, status=422)


def _to_correct(request: StaffRequest) -> "QuerySet[Told]":
    rows = Told.objects.visible_to(request.user)
    return rows.filter(withdrawn_at__isnull=False, withdrawal_told_at=None)


@allowed(TELL, methods=("GET",))
def withdrawn(request: StaffRequest) -> HttpResponse:
    """Everyone who was told something that was wrong, and whether a person has told them so."""
    rows = Told.objects.visible_to(request.user).filter(withdrawn_at__isnull=False)
    rows = rows.select_related("invitation__enquiry__enquirer__key", "withdrawal_told_by")
    page = page_of(request, sorted_by(request, rows, {"at": "withdrawn_at"}, "-at"))
    return render(
        request, "console/answers/withdrawn.html", {"page": page, "form": IdempotentForm()}
    )


@allowed(TELL, methods=("POST",), form_at="console:withdrawn")
@once
def withdrawal_told(request: StaffRequest, invitation_id: Any) -> HttpResponse:
    one = get_object_or_404(_to_correct(request), invitation=invitation_id)
    refusals = press(request, lambda: actions.note_withdrawal_told(told=one, by=request.user))
    if not refusals:
        return see_other("console:withdrawn")
    context = {
        "page": page_of(request, _to_correct(request).order_by("pk")),
        "form": IdempotentForm(),
        "refusals": refusals,
    }
    return render(request, "console/answers/withdrawn.html", context, status=422)


def _to_settle(request: StaffRequest) -> "QuerySet[OutgoingMessage]":
    return OutgoingMessage.objects.visible_to(request.user).filter(
        state__in=[MessageState.UNKNOWN, MessageState.REFUSED]
    )


@allowed(Permission.RESOLVE_MESSAGE, methods=("GET",))
def messages(request: StaffRequest) -> HttpResponse:
    rows = OutgoingMessage.objects.visible_to(request.user)
    rows = rows.select_related("invitation__enquiry", "asked__enquiry", "page_of", "key")
    if state := asked(request, "state"):
        rows = rows.filter(state=state)
    columns = {"at": "at", "state": "state"}
    context = {
        "page": page_of(request, sorted_by(request, rows, columns, "-at")),
        "states": [(state.value, name) for state, name in MESSAGE_STATE_NAMES.items()],
        "mail_is_set": configured() is not None,
    }
    return render(request, "console/answers/messages.html", context)


@allowed(Permission.RESOLVE_MESSAGE)
@once
def message(request: StaffRequest, message_id: Any) -> HttpResponse:
    rows = OutgoingMessage.objects.visible_to(request.user)
    rows = rows.select_related("invitation__enquiry", "asked__enquiry", "page_of", "key")
    one = get_object_or_404(rows, pk=message_id)
    form = SettleForm(request.POST or None)
    refusals: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            actions.settle_message(
                message=one, again=form.cleaned_data["again"] == "yes", by=request.user
            )
            return see_other("console:messages")
        except Refused as refused:
            refusals = list(refused.refusals)
    states = [(state.value, name) for state, name in MESSAGE_STATE_NAMES.items()]
    context = {"message": one, "form": form, "refusals": refusals, "states": states}
    status = 422 if request.method == "POST" else 200
    return render(request, "console/answers/message.html", context, status=status)


urlpatterns = [
    path("first-news/", first_news, name="first_news"),
    path("first-news/named/", named, name="named"),
    path("first-news/named/<uuid:named_id>/", reach, name="reach"),
    path("first-news/<uuid:match_id>/", news, name="news"),
    path("first-news/<uuid:match_id>/invitation/", invite, name="invite"),
    path("invitations/<uuid:invitation_id>/told/", told, name="told"),
    path("withdrawn/", withdrawn, name="withdrawn"),
    path("withdrawn/<uuid:invitation_id>/told/", withdrawal_told, name="withdrawal_told"),
    path("messages/", messages, name="messages"),
    path("messages/<uuid:message_id>/", message, name="message"),
]
