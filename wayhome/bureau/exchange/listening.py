"""What other subjects announce, turned into notices in the same transaction."""

from typing import Any

from wayhome.bureau.bureaus.announcements import fit_forgotten, fit_told
from wayhome.bureau.bureaus.models import Asked
from wayhome.bureau.captives.announcements import (
    card_changed,
    cards_imported,
    custody_changed,
    harm_flag_changed,
)
from wayhome.bureau.captives.models import Captive, CaptureCard, CustodyEvent, HarmFlag
from wayhome.bureau.captives.rules import EventKind
from wayhome.bureau.enquiries.announcements import enquiry_changed, enquiry_forgotten
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import EnquiryState
from wayhome.bureau.exchange.actions import Due, hold_for_lawyer, note_due, note_new
from wayhome.bureau.exchange.models import Notice
from wayhome.bureau.exchange.rules import KIND_OF_EVENT, PARTICULARS, NoticeKind, Route
from wayhome.bureau.handovers.announcements import act_sealed
from wayhome.bureau.handovers.models import Act
from wayhome.bureau.identifications.announcements import identification_reopened, identified
from wayhome.bureau.identifications.models import Identification
from wayhome.bureau.inquests.announcements import inquest_opened, inquest_reported
from wayhome.bureau.inquests.models import Inquest, Report
from wayhome.bureau.repatriations.announcements import consignment_received, offer_sent
from wayhome.bureau.repatriations.facts import travels_with
from wayhome.bureau.repatriations.models import Consignment, Offer
from wayhome.bureau.returns.announcements import finding_kept
from wayhome.bureau.returns.models import Finding
from wayhome.bureau.returns.rules.grounds import HELD_BY_COURT, FindingKind
from wayhome.bureau.welfare.announcements import certificate_issued, weekly_noted
from wayhome.bureau.welfare.models import Certificate, WeeklyNote

ABOUT_ENDS = 12  # letters of a question's reference: enough to find it again


def connect() -> None:
    card_changed.connect(on_card, dispatch_uid="exchange.card")
    cards_imported.connect(on_cards, dispatch_uid="exchange.cards")
    custody_changed.connect(on_custody, dispatch_uid="exchange.custody")
    harm_flag_changed.connect(on_harm_flag, dispatch_uid="exchange.harm")
    enquiry_changed.connect(on_enquiry, dispatch_uid="exchange.enquiry")
    enquiry_forgotten.connect(on_forgotten, dispatch_uid="exchange.forgotten")
    act_sealed.connect(on_act, dispatch_uid="exchange.act")
    weekly_noted.connect(on_weekly_note, dispatch_uid="exchange.weekly_note")
    certificate_issued.connect(on_certificate, dispatch_uid="exchange.certificate")
    identified.connect(on_identified, dispatch_uid="exchange.identified")
    identification_reopened.connect(on_doubt, dispatch_uid="exchange.doubted")
    finding_kept.connect(on_finding, dispatch_uid="exchange.finding")
    offer_sent.connect(on_offer, dispatch_uid="exchange.dead_offered")
    consignment_received.connect(on_consignment, dispatch_uid="exchange.dead_returned")
    fit_told.connect(on_fit, dispatch_uid="exchange.dead_fit")
    fit_forgotten.connect(on_fit_forgotten, dispatch_uid="exchange.dead_fit_forgotten")
    inquest_opened.connect(on_inquest, dispatch_uid="exchange.inquest")
    inquest_reported.connect(on_report, dispatch_uid="exchange.inquest_report")


def _card_due(captive: Captive, card: CaptureCard) -> Due:
    kind = NoticeKind.CAPTURED if card.version == 1 else NoticeKind.CORRECTED
    stated = {name: card.as_received[name] for name in PARTICULARS if card.as_received.get(name)}
    return Due(kind, str(card.pk), {"number": captive.bureau_number, **stated}, captive=captive)


def on_card(sender: Any, captive: Captive, **_: Any) -> None:
    card = captive.last_card()
    if card:
        note_due([_card_due(captive, card)])


def on_cards(sender: Any, captives: list[Captive], cards: list[CaptureCard], **_: Any) -> None:
    pairs = zip(captives, cards, strict=True)
    note_new(_card_due(captive, card) for captive, card in pairs)


def on_custody(sender: Any, captive: Captive, event: CustodyEvent, **_: Any) -> None:
    kind = KIND_OF_EVENT.get(EventKind(event.kind))
    if kind is None:
        return
    happened = event.happened_at.isoformat() if event.happened_at else event.happened_on
    particulars = {"number": captive.bureau_number, "event": event.kind, "happened": happened}
    agency = {**particulars, "place": event.place.name if event.place else ""}
    # Where he is reaches the Central Agency; his Power is told the event (P4).
    note_due(
        [
            Due(kind, str(event.pk), agency, captive=captive, routes=(Route.AGENCY,)),
            Due(kind, str(event.pk), particulars, captive=captive, routes=(Route.POWER,)),
        ]
    )


def on_harm_flag(sender: Any, captive: Captive, flag: HarmFlag, **_: Any) -> None:
    if flag.lifted_at:
        return
    hold_for_lawyer(captive)
    particulars = {"number": captive.bureau_number, "set_by": flag.set_by_role}
    note_due(
        [Due(NoticeKind.HARM, str(flag.pk), particulars, captive=captive, routes=(Route.AGENCY,))]
    )


def on_enquiry(sender: Any, enquiry: Enquiry, **_: Any) -> None:
    if enquiry.state != EnquiryState.FOR_AGENCY:
        return
    particulars = {"number": enquiry.bureau_number, **enquiry.as_received}
    note_due(
        [
            Due(
                NoticeKind.ENQUIRY,
                str(enquiry.pk),
                particulars,
                enquiry=enquiry,
                routes=(Route.AGENCY,),
            )
        ]
    )


def on_forgotten(sender: Any, enquiry: Enquiry, **_: Any) -> None:
    """What has not gone to the agency yet does not go."""
    Notice.objects.filter(enquiry=enquiry, kind=NoticeKind.ENQUIRY).delete()


def on_act(sender: Any, act: Act, **_: Any) -> None:
    particulars = {
        "number": act.captive.bureau_number,
        "road": act.road,
        "sealed_at": act.sealed_at.isoformat() if act.sealed_at else "",
        "sha256": act.sha256,
    }
    note_due([Due(NoticeKind.RETURNED, str(act.pk), particulars, captive=act.captive)])


def on_finding(sender: Any, finding: Finding, **_: Any) -> None:
    """Names of those held back by a court, and a word of honour, are communicated at once."""
    value, number = finding.told["value"], finding.captive.bureau_number
    told = {"number": number, "at": finding.at.isoformat()}
    if finding.kind == FindingKind.COURT and value in HELD_BY_COURT:
        kind, particulars = NoticeKind.COURT, {**told, "ground": value}
    elif finding.kind == FindingKind.WORD and value == "given":
        kind, particulars = NoticeKind.PAROLE, {**told, "promise": finding.told["words"]}
    else:
        return
    note_due([Due(kind, str(finding.pk), particulars, captive=finding.captive)])


def on_inquest(sender: Any, inquest: Inquest, **_: Any) -> None:
    """The Protecting Power is told at once that an enquiry is open, and into what (GC III 121)."""
    captive = inquest.captive
    told = {
        "number": captive.bureau_number,
        "about": inquest.about,
        "opened_at": inquest.opened_at.isoformat(),
    }
    note_due([Due(NoticeKind.INQUEST, str(inquest.pk), told, captive=captive)])


def on_report(sender: Any, inquest: Inquest, report: Report, **_: Any) -> None:
    """What was found; the paper with the statements of all witnesses is printed with it."""
    captive = inquest.captive
    told = {
        "number": captive.bureau_number,
        "about": inquest.about,
        "finding": report.finding,
        "cause": report.told["cause"],
        "measures": report.told["measures"],
        "at": report.at.isoformat(),
    }
    note_due([Due(NoticeKind.INQUEST_REPORT, str(report.pk), told, captive=captive)])


def on_weekly_note(sender: Any, captive: Captive, note: WeeklyNote, **_: Any) -> None:
    """How he is, and nothing of what ails him (GC III 122)."""
    particulars = {
        "number": captive.bureau_number,
        "condition": note.condition,
        "at": note.at.isoformat(),
    }
    note_due([Due(NoticeKind.HEALTH, str(note.pk), particulars, captive=captive)])


def on_certificate(sender: Any, captive: Captive, certificate: Certificate, **_: Any) -> None:
    """The duplicate goes to the Central Agency, to nobody else (GC III 30)."""
    issued = certificate.issued_at.isoformat() if certificate.issued_at else ""
    particulars = {"number": captive.bureau_number, "issued_at": issued, **certificate.content}
    cause = str(certificate.pk)
    routes = (Route.AGENCY,)
    note_due([Due(NoticeKind.CERTIFICATE, cause, particulars, captive=captive, routes=routes)])


def on_identified(sender: Any, identification: Identification, **_: Any) -> None:
    """A board named somebody dead: the Agency is told, and tells his Power (GC I 16)."""
    decided = identification.decision()
    assert decided is not None, "announced when it is decided"
    named = {**(decided.named or {}), "remains": identification.remains.bureau_number}
    note_due([_named_due(NoticeKind.NAMED, identification, str(decided.pk), named)])


def on_doubt(sender: Any, identification: Identification, **_: Any) -> None:
    doubt = identification.doubts.order_by("-at").first()
    assert doubt is not None, "announced when it is doubted"
    about: dict[str, Any] = {"remains": identification.remains.bureau_number}
    if consignment := travels_with(identification.remains):
        about["consignment"] = consignment.number  # whoever has them now is told by the Agency
    note_due([_named_due(NoticeKind.DOUBTED, identification, str(doubt.pk), about)])


def on_offer(sender: Any, offer: Offer, **_: Any) -> None:
    """Remains offered to their country: by number, through the Agency (customary rule 114)."""
    numbers = offer.lines.values_list("remains__bureau_number", flat=True)
    told = {"offer": offer.number, "power": offer.power, "remains": list(numbers)}
    _about_many(NoticeKind.DEAD_OFFERED, offer, told)


def on_consignment(sender: Any, consignment: Consignment, **_: Any) -> None:
    bags = consignment.standing_pieces().bags()
    numbers = bags.values_list("remains__bureau_number", flat=True)
    told = {"consignment": consignment.number, "power": consignment.power, "remains": list(numbers)}
    _about_many(NoticeKind.DEAD_RETURNED, consignment, told)


def on_fit(sender: Any, asked: Asked, **_: Any) -> None:
    """After a yes the Agency brings two bureaus together (decision 0056).

    The outbox shows what both ends call the question, and no number: of whom it is, is sealed.
    """
    whose = asked.remains or asked.enquiry
    assert whose is not None, "a constraint of the database"
    end = "remains" if asked.remains else "enquiry"
    told = {"bureau": asked.agreement.name, "question": asked.reference, end: whose.bureau_number}
    about, to = asked.reference[-ABOUT_ENDS:], (Route.AGENCY,)
    note_due([Due(NoticeKind.DEAD_FIT, str(asked.pk), told, routes=to, about=about, key=whose.key)])


def on_fit_forgotten(sender: Any, asked: Asked, **_: Any) -> None:
    """A sample was taken back: what has not gone to the Agency yet does not go."""
    Notice.objects.filter(kind=NoticeKind.DEAD_FIT, cause=str(asked.pk)).delete()


def _about_many(kind: NoticeKind, listed: Offer | Consignment, told: dict[str, Any]) -> None:
    number, routes, key = str(listed.number), (Route.AGENCY,), listed.key
    note_due([Due(kind, str(listed.pk), told, routes=routes, about=number, key=key)])


def _named_due(
    kind: NoticeKind, identification: Identification, cause: str, particulars: dict[str, Any]
) -> Due:
    captive = identification.captive  # one that has a card is told of by it
    enquiry = identification.enquiry if captive is None else None
    # Whoever asked may have been forgotten, and her key with her: what was decided is of the dead.
    key = None if captive else identification.remains.key
    to = (Route.AGENCY,)
    return Due(kind, cause, particulars, captive=captive, enquiry=enquiry, routes=to, key=key)
