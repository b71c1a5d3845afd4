"""His calls: whom he wants to talk with, yes or no to each, a time, the way in, how it was."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.consents.actions import matches_of
from wayhome.bureau.consents.models import PersonToTell
from wayhome.bureau.consents.rules import Answer
from wayhome.bureau.consents.sittings import touch
from wayhome.bureau.contact.calls import actions, facts, rules
from wayhome.bureau.contact.calls.models import Call, CallOffer, CallParty
from wayhome.bureau.contact.calls.rules import HOW_NAMES, CallState, How, Reason, Side
from wayhome.bureau.contact.calls.seeing import may_say_how
from wayhome.bureau.matches.models import Match
from wayhome.lib.refusal import Refused
from wayhome.lib.text import clean_text
from wayhome.web.access import CaptiveRequest, captive
from wayhome.web.forms import Checkboxes, IdempotentForm, Radios
from wayhome.web.once import once, see_other
from wayhome.web.tablet.forms import LONGEST_WORDS, WANT, one_of, show_on
from wayhome.web.tablet.steps import asker_of
from wayhome.web.times import TimesForm, in_words

HERE = settings.TIME_ZONE  # he reads the clock of where he is
STATES = {
    CallState.ASKED: _("Times are being sought."),
    CallState.OFFERED: _("You have said which times suit you. Now this person chooses."),
    CallState.AGREED: _("Agreed."),
    CallState.OPEN: _("The call is open."),
    CallState.ENDED: _("This call is over."),
    CallState.CANCELLED: _("This call does not take place."),
}
WAITS_FOR_HIM = _("This person would like to talk with you. Your answer is awaited.")
HIS_NO = {Answer.NO: _("You said no."), Answer.NOT_NOW: _("You said: not now.")}


class AskForm(TimesForm):
    to = forms.ChoiceField(
        label=_("With whom do you want to talk?"),
        widget=Radios,
        error_messages={"required": _("Please choose an answer.")},
    )
    field_order = ("to", "days", "parts", "language", "idempotency_key")

    def __init__(self, *args: Any, people: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = people  # type: ignore[attr-defined]


class AnswerForm(IdempotentForm):
    answer = one_of(WANT)
    times = forms.MultipleChoiceField(
        label=_("Which of these times suit you?"),
        help_text=_("Tick as many as you like. If none suits, leave all empty: others are sought."),
        widget=Checkboxes,
        required=False,
    )

    def __init__(self, *args: Any, offers: list[CallOffer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if offers:
            shown = [(str(one.pk), in_words(one.starts_at, HERE)) for one in offers]
            self.fields["times"].choices = shown  # type: ignore[attr-defined]
        else:
            del self.fields["times"]


class OwnTimesForm(TimesForm):
    """When else he can; the language stays."""

    go_on = forms.CharField(
        widget=forms.HiddenInput,
        initial="1",
        label="",
        error_messages={"required": _("This page is out of date. Open it again.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["language"]


class HowForm(IdempotentForm):
    how = forms.ChoiceField(
        label=_("How was the call?"),
        choices=[(how.value, HOW_NAMES[how]) for how in How],
        widget=Radios,
        error_messages={"required": _("Please choose an answer.")},
    )
    worry = forms.CharField(
        label=_("Did something worry you?"),
        help_text=_("Only the neutral person and the auditor read it. Nobody in this camp does."),
        widget=forms.Textarea({"rows": 5, "autocomplete": "off"}),
        max_length=LONGEST_WORDS,
        required=False,
    )

    def clean_worry(self) -> str:
        return clean_text(self.cleaned_data["worry"])


@captive()
def calls(request: CaptiveRequest) -> HttpResponse:
    """All his calls, those to come first."""
    touch(request.sitting)
    rows = Call.objects.visible_to(request.sitting).select_related(*SHOWN)
    live = [_row(request, call) for call in rows.live().order_by("-asked_at")]
    over = rows.filter(AGREED_OR_HIS_WISH, state__in=rules.OVER).order_by("-over_at")[:10]
    context = {
        "live": live,
        "over": [_row(request, call) for call in over],
        "back_url": reverse("tablet:allowed"),
        "stop_url": reverse("tablet:end"),
    }
    return render(request, "tablet/calls.html", context)


# What both had agreed to, and what he said yes to before somebody else called it off.
AGREED_OR_HIS_WISH = Q(her_yes_at__isnull=False) | Q(
    his_answer=Answer.YES, reason__in=[*rules.TO_CANCEL, Reason.FAMILY_CANNOT]
)
SHOWN = ("match__enquiry__enquirer__key", "match__enquiry__key", "named__key", "captive")


def _row(request: CaptiveRequest, call: Call) -> dict[str, Any]:
    now = timezone.now()
    row: dict[str, Any] = {
        "call": call.pk,
        "who": _who(call),
        "when": in_words(call.starts_at, HERE) if call.starts_at else "",
        "state": _state(call),
        "waits": _waits(call),
        "may_say_how": may_say_how(call, Side.CAPTIVE, now),
    }
    if rules.is_way_open(call.state, call.starts_at, now):
        party = CallParty.objects.of(request.sitting).get(call=call)
        row["token"] = actions.link_for(party)
    return row


def _who(call: Call) -> dict[str, Any]:
    if call.named is not None:
        return {"name": call.named.who["name"], "relation": ""}
    assert call.match is not None, "he sees calls of his matches alone"
    asker = asker_of(call.match)
    return {"name": asker.name, "relation": asker.relation}


def _waits(call: Call) -> bool:
    """Whether his answer is awaited: to the call, or to the times that were offered."""
    if call.state == CallState.ASKED:
        return call.his_answer == ""
    return (
        call.state == CallState.OFFERED
        and not call.offers.filter(closed_at=None, suits_him=True).exists()
    )


def _state(call: Call) -> Any:
    if call.state == CallState.ASKED and call.his_answer in HIS_NO:
        return HIS_NO[Answer(call.his_answer)]
    return WAITS_FOR_HIM if _waits(call) else STATES[CallState(call.state)]


def _people(request: CaptiveRequest) -> dict[str, Match | PersonToTell]:
    """With whom he can ask to talk now."""
    sitting = request.sitting
    taken = Call.objects.visible_to(sitting).live().exclude(his_answer="")
    people: dict[str, Match | PersonToTell] = {
        f"match-{match.pk}": match
        for match in matches_of(sitting.captive)
        if facts.allows_calls(match) and not taken.filter(enquiry=match.enquiry).exists()
    }
    named = PersonToTell.objects.visible_to(sitting).select_related("key", "sitting")
    people |= {
        f"named-{one.pk}": one
        for one in named
        if facts.may_be_called(one) and not taken.filter(named=one).exists()
    }
    return people


def _name(person: Match | PersonToTell) -> Any:
    if isinstance(person, PersonToTell):
        return person.who["name"]
    asker = asker_of(person)
    return f"{asker.relation}, {asker.name}" if asker.name else asker.relation


@captive(methods=("GET", "POST"))
@once
def call_ask(request: CaptiveRequest) -> HttpResponse:
    """He wants to talk with somebody."""
    touch(request.sitting)
    people = _people(request)
    sent = request.POST if request.method == "POST" else None
    names = [(key, _name(person)) for key, person in people.items()]
    form = AskForm(sent, people=names, initial={"language": request.sitting.language})
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_for_call_himself(
                to=people[form.cleaned_data["to"]],
                times=form.times(HERE),
                language=form.cleaned_data["language"],
                by=request.sitting,
            )
            return see_other("tablet:calls")
        except Refused as refused:
            show_on(form, refused)
    return _page(request, "tablet/call_ask.html", {"form": form, "nobody": not people})


def _page(request: CaptiveRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    ways = {"back_url": reverse("tablet:calls"), "stop_url": reverse("tablet:end")}
    status = 422 if request.method == "POST" else 200
    return render(request, template, {**ways, **context}, status=status)


def _own(request: CaptiveRequest, call_id: Any) -> Call:
    rows = Call.objects.visible_to(request.sitting).select_related(*SHOWN)
    return get_object_or_404(rows, pk=call_id)


@captive(methods=("GET", "POST"))
@once
def call(request: CaptiveRequest, call_id: Any) -> HttpResponse:
    """His answer to this very call: yes before a neutral, no needs nobody."""
    touch(request.sitting)
    one = _own(request, call_id)
    offers = list(CallOffer.objects.filter(call=one, closed_at=None, chosen=False))
    offers = sorted(offers, key=lambda offer: offer.starts_at)
    sent = request.POST if request.method == "POST" else None
    form = AnswerForm(sent, offers=offers)
    if request.method == "POST" and form.is_valid():
        try:
            return _answered(request, one, form.cleaned_data, offered=bool(offers))
        except Refused as refused:
            show_on(form, refused)
    context = {"form": form, "who": _who(one), "state": _state(one), "row": _row(request, one)}
    return _page(request, "tablet/call.html", context)


def _answered(
    request: CaptiveRequest, one: Call, given: dict[str, Any], *, offered: bool
) -> HttpResponse:
    answer, sitting = Answer(given["answer"]), request.sitting
    if answer != Answer.YES:
        actions.say_no(call=one, answer=answer, by=sitting)
        return see_other("tablet:calls")
    times = given.get("times", [])
    if one.state in rules.TO_COME:
        actions.say_yes(call=one, offers=times, times=None, by=sitting)
    if one.state == CallState.ASKED or (offered and not times):
        return see_other("tablet:call_times", one.pk)
    return see_other("tablet:calls")


@captive(methods=("GET", "POST"))
@once
def call_times(request: CaptiveRequest, call_id: Any) -> HttpResponse:
    """When he can talk."""
    touch(request.sitting)
    one = _own(request, call_id)
    form = OwnTimesForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.say_yes(call=one, offers=[], times=form.times(HERE), by=request.sitting)
            return see_other("tablet:calls")
        except Refused as refused:
            show_on(form, refused)
    return _page(request, "tablet/call_times.html", {"form": form, "who": _who(one)})


@captive(methods=("GET", "POST"))
@once
def call_how(request: CaptiveRequest, call_id: Any) -> HttpResponse:
    """He is asked apart how it was."""
    touch(request.sitting)
    one = _own(request, call_id)
    form = HowForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        how, worry = How(form.cleaned_data["how"]), form.cleaned_data["worry"]
        try:
            actions.say_how_it_was(call=one, how=how, worry=worry, by=request.sitting)
            return see_other("tablet:calls")
        except Refused as refused:
            show_on(form, refused)
    return _page(request, "tablet/call_how.html", {"form": form, "who": _who(one)})


urlpatterns = [
    path("calls/", calls, name="calls"),
    path("calls/ask/", call_ask, name="call_ask"),
    path("calls/<uuid:call_id>/", call, name="call"),
    path("calls/<uuid:call_id>/times/", call_times, name="call_times"),
    path("calls/<uuid:call_id>/how/", call_how, name="call_how"),
]
