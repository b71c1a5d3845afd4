"""What an enquiry's page shows to whom: each part only to those whose work needs it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import Channel
from wayhome.bureau.matches.models import Candidate, Match
from wayhome.bureau.matches.same_sought import others_who_seek
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import ROLE_NAMES, Permission, Role
from wayhome.web.console.captive_page import day
from wayhome.web.console.wording_enquiries import (
    CHANNELS,
    CORRECTED,
    LANGUAGES,
    NAMES,
    PARTIES,
    RELATIONS,
    SOUGHT_FIELDS,
    SOURCES,
    STATES,
    YES_NO,
)


def key_facts(enquiry: Enquiry, language: str) -> dict[str, Any]:
    """One line of the list, and the head of the page."""
    record = shown(enquiry, "file")
    return {
        "enquiry": record,
        "state": STATES[record.state],
        "relation": RELATIONS[record.relation],
        "source": SOURCES[record.source],
        "born": day(record.born, language),
    }


def sought_rows(enquiry: Enquiry, language: str) -> list[dict[str, Any]]:
    """The person sought, as it stands now."""
    record = shown(enquiry, "file")
    return [_row(name, str(getattr(record, name)), language) for name in SOUGHT_FIELDS]


def _row(name: str, text: str, language: str) -> dict[str, Any]:
    return {
        "key": SOUGHT_FIELDS[name],
        "value": day(text, language) if name == "born" else text,
        "name": name in NAMES,
        "empty": _("Not told"),
    }


def asking_rows(enquiry: Enquiry, person: Staff) -> Iterator[dict[str, Any]]:
    """Who asks; the name and the way to her only for whoever must reach her."""
    record, family = shown(enquiry, "file"), shown(enquiry.enquirer, "work")
    party = PARTIES.get(record.as_received.get("party", ""), "")
    yield {"key": CORRECTED["relation"], "value": RELATIONS[record.relation]}
    yield {"key": _("The person sought is"), "value": party}
    yield {"key": _("Language"), "value": LANGUAGES.get(family.language, family.language)}
    yield {
        "key": CORRECTED["may_tell_him"],
        "value": YES_NO["yes" if record.may_tell_him else "no"],
    }
    if person.may(Permission.TELL_FAMILY):
        yield from _contact_rows(enquiry)


def _contact_rows(enquiry: Enquiry) -> Iterator[dict[str, Any]]:
    family = shown(enquiry.enquirer, "contact")
    contact = family.contact or {}
    yield {"key": _("Name of who asks"), "value": family.name or "", "name": True}
    yield {
        "key": _("How she may be reached"),
        "value": CHANNELS[contact.get("channel", Channel.NONE)],
    }
    told = (
        (_("Number or e-mail address"), "to"),
        (_("At which hours"), "hours"),
        (_("Code word"), "code_word"),
    )
    yield from ({"key": key, "value": contact[name]} for key, name in told if contact.get(name))
    if contact.get("society_route"):
        yield {"key": _("Her own Red Cross society"), "value": _("It may bring her news too.")}


@dataclass(frozen=True)
class Correction:
    """What was corrected, when, and by a person of which role."""

    at: datetime
    by: Any
    rows: list[dict[str, Any]]


def corrections(enquiry: Enquiry, language: str) -> list[Correction]:
    """The newest first. What was first received stands at the end and is kept."""
    received = shown(enquiry, "file").as_received
    return [
        Correction(
            at=datetime.fromisoformat(one["at"]),
            by=ROLE_NAMES[Role(one["by"])],
            rows=list(_changed(one["changed"], language)),
        )
        for one in reversed(received.get("corrections", []))
    ]


def _changed(changed: Mapping[str, str], language: str) -> Iterator[dict[str, Any]]:
    words = {"may_tell_him": YES_NO, "relation": RELATIONS}
    for name, text in changed.items():
        value: Any = words[name].get(text, text) if name in words else text
        if name == "born":
            value = day(text, language)
        empty = _("changed") if name == "three_things" else _("Not told")
        yield {"key": CORRECTED.get(name, name), "value": value, "name": name in NAMES,
               "empty": empty}  # fmt: skip


def first_received(enquiry: Enquiry, language: str) -> list[dict[str, Any]]:
    """What was told at first, if anything of it was corrected since."""
    received = shown(enquiry, "file").as_received
    if not received.get("corrections"):
        return []
    sought = received.get("sought", {})
    return [_row(name, sought.get(name) or "", language) for name in SOUGHT_FIELDS]


def things(enquiry: Enquiry, person: Staff) -> list[dict[str, str]] | None:
    """The three things, for the kinship verifier alone; None for everybody else."""
    if not person.may(Permission.VERIFY_KINSHIP):
        return None
    return shown(enquiry, "things").three_things or []


@dataclass(frozen=True)
class Link:
    """Where the work on this enquiry goes on."""

    words: Any
    url: str


def links(enquiry: Enquiry, person: Staff) -> Iterator[Link]:
    """Candidates, the match, her kinship, the first news: each for those whose work it is."""
    candidates = Candidate.objects.visible_to(person).filter(enquiry=enquiry).order_by("rank")
    for one in candidates:
        yield Link(
            _("Candidate %(rank)s") % {"rank": one.rank},
            reverse("console:candidate", args=[one.pk]),
        )
    if person.may(Permission.JUDGE_SAME_SOUGHT):
        for each in others_who_seek(enquiry):
            yield Link(
                _("Another enquiry for the same man, %(number)s") % {"number": each.bureau_number},
                reverse("console:enquiry", args=[each.bureau_number]),
            )
    if person.may(Permission.SEE_COMRADES):
        yield Link(
            _("His comrades, and what they said"),
            reverse("console:comrades", args=[enquiry.bureau_number]),
        )
    if person.may(Permission.WRITE_APPLICATION):
        yield Link(
            _("Write down a wish to bring him home"),
            reverse("console:enquiry_wish", args=[enquiry.bureau_number]),
        )
    if person.may(Permission.TAKE_ANTEMORTEM):
        yield Link(
            _("What the family tells"), reverse("console:antemortem", args=[enquiry.bureau_number])
        )
    if person.may(Permission.KEEP_REFERENCES):
        number = enquiry.bureau_number
        yield Link(_("Note a sample"), f"{reverse('console:reference_new')}?enquiry={number}")
    match = Match.objects.visible_to(person).standing().filter(enquiry=enquiry).first()
    if match is None:
        return
    yield Link(_("The match, confirmed by two"), reverse("console:match", args=[match.pk]))
    if person.may(Permission.VERIFY_KINSHIP):
        yield Link(_("Her kinship"), reverse("console:claim", args=[match.pk]))
