"""Her own enquiry as its pages show and change it; in the decoy's world nothing is changed."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import get_language

from wayhome.bureau.enquiries.actions import correct_enquiry, set_contact
from wayhome.bureau.enquiries.models import Enquirer, Enquiry
from wayhome.bureau.enquiries.rules import Channel, Relation, Source
from wayhome.web.access import FamilyRequest
from wayhome.web.portal import decoy
from wayhome.web.portal.forms import contact_of
from wayhome.web.portal.questions import (
    Answers,
    in_her_words,
    sought_in,
    things_as_answer,
    things_in,
)

OF_HERSELF = frozenset({"contact", "your-name"})  # her own, not about the person she seeks


def own_enquiry(request: FamilyRequest) -> Enquiry:
    """The enquiry she came in for."""
    enquiries = Enquiry.objects.visible_to(request.family).select_related("key")
    enquiry = enquiries.order_by("received_at", "pk").first()
    if enquiry is None:
        raise Http404
    return enquiry


def answers_in(request: FamilyRequest, enquiry: Enquiry) -> Answers:
    """What she told, by question, as it stands now."""
    answers = _kept(request, enquiry)
    born = in_her_words(answers["born"]["born"], get_language() or "uk")
    return {**answers, "born": {"born": born}}


def _kept(request: FamilyRequest, enquiry: Enquiry) -> Answers:
    return {**_stored(request.family, enquiry), **decoy.recall(request, "answers", {})}


def _stored(family: Enquirer, enquiry: Enquiry) -> Answers:
    def part(*columns: str) -> Answers:
        return {column: getattr(enquiry, column) for column in columns}

    return {
        "who": {"relation": enquiry.relation, "abroad": enquiry.source == Source.ABROAD},
        "name": part("surname", "given", "patronymic", "full_name"),
        "born": part("born"),
        "birthplace": part("birthplace"),
        "mother": part("mother_name"),
        "your-name": {"your_name": family.name or ""},
        "three-things": things_as_answer(enquiry.three_things),
        "may-tell": {"may_tell": "yes" if enquiry.may_tell_him else "no"},
        "contact": _contact_answer(family.contact or {}),
        "unit": part("unit", "rank", "service_no"),
    }


def _contact_answer(contact: dict[str, Any]) -> Answers:
    channel, to = contact.get("channel", Channel.NONE), contact.get("to", "")
    return {
        "channel": channel,
        "number": to if channel == Channel.TELEPHONE else "",
        "hours": contact.get("hours", ""),
        "code_word": contact.get("code_word", ""),
        "email": to if channel == Channel.EMAIL else "",
        "society_route": bool(contact.get("society_route")),
    }


@transaction.atomic
def change(request: FamilyRequest, enquiry: Enquiry, slug: str, answer: Answers) -> None:
    """Take one changed answer: into the enquiry, or only into the decoy's memory."""
    if decoy.is_decoy(request):
        _remember(request, enquiry, slug, answer)
    elif slug == "contact":
        set_contact(enquirer=request.family, contact=contact_of(answer), by=request.family)
    elif slug == "your-name":
        set_contact(enquirer=request.family, name=answer["your_name"], by=request.family)
    else:
        correct_enquiry(enquiry=enquiry, by=request.family, **_correction(slug, answer))


def _remember(request: FamilyRequest, enquiry: Enquiry, slug: str, answer: Answers) -> None:
    now = _kept(request, enquiry)
    new = _as_stored(slug, answer, now[slug])
    decoy.remember(request, "answers", {**decoy.recall(request, "answers", {}), slug: new})
    if slug not in OF_HERSELF and new != now[slug]:
        decoy.add(request, "added_on", {})


def _as_stored(slug: str, answer: Answers, now: Answers) -> Answers:
    """The answer as it would be read back after a real change."""
    if slug == "contact":
        return _contact_answer(contact_of(answer).as_json())
    if slug == "three-things":
        return things_as_answer([asdict(thing) for thing in things_in(answer)])
    if slug == "who":
        return {**answer, "abroad": now["abroad"]}
    return {**answer, **sought_in({slug: answer})}


def _correction(slug: str, answer: Answers) -> dict[str, Any]:
    if slug == "who":
        return {"relation": Relation(answer["relation"])}
    if slug == "three-things":
        return {"three_things": things_in(answer)}
    if slug == "may-tell":
        return {"may_tell_him": answer["may_tell"] == "yes"}
    return {"sought": sought_in({slug: answer})}


def moments(entries: list[dict[str, Any]]) -> list[datetime]:
    """The moments of a decoy's remembered entries."""
    return [timezone.localtime(datetime.fromisoformat(each["at"])) for each in entries]
