"""One family and one man, brought as far as a test needs by the bureau's own actions."""

import functools
import io
import itertools
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils import timezone
from PIL import Image, ImageDraw

from tests.boards import decided
from tests.factories import CandidateFactory, StaffFactory
from wayhome.bureau.answers import actions as answers
from wayhome.bureau.answers.models import Invitation, OutgoingMessage, Told
from wayhome.bureau.captives import actions as captives
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import EventKind
from wayhome.bureau.consents import actions as consents
from wayhome.bureau.consents import sittings
from wayhome.bureau.consents.models import Sitting
from wayhome.bureau.consents.rules import Answer, Danger, Fear, Kind
from wayhome.bureau.enquiries.actions import MadeEnquiry, hash_pin, make_enquiry
from wayhome.bureau.enquiries.models import Enquirer, Enquiry
from wayhome.bureau.enquiries.rules import (
    Channel,
    Contact,
    NewEnquiry,
    Relation,
    Sought,
    Thing,
)
from wayhome.bureau.handovers import actions as handovers
from wayhome.bureau.handovers.effects import Belonging
from wayhome.bureau.handovers.models import Act
from wayhome.bureau.handovers.rules import MedicalFile, Onward
from wayhome.bureau.matches.actions import Judged, judge_candidate
from wayhome.bureau.matches.models import Match
from wayhome.bureau.matches.rules import Verdict
from wayhome.bureau.relations import actions as relations
from wayhome.bureau.relations.models import KinshipVerdict
from wayhome.bureau.relations.rules import Check, Level, Rung
from wayhome.bureau.returns import actions as returns
from wayhome.bureau.returns import guarantees
from wayhome.bureau.returns.facts import she_comes
from wayhome.bureau.returns.grounds import LawfulAct, check_ground, record_ground
from wayhome.bureau.returns.models import Application, Appointment, Ground, Guarantee
from wayhome.bureau.returns.rules import Road
from wayhome.bureau.returns.rules.grounds import GroundKind
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Role

PIN, SECOND_PIN, SECRET = "481516", "230815", "жимолость7"
MOTHER = "mother@example.org"
BY_EMAIL = Contact(Channel.EMAIL, MOTHER, "after six", "подсолнух")
THINGS = (Thing("Как звали собаку?", "Жучка"), Thing("Что росло у дома?", "Ива"))
WAY_OUT = {"destination": "Вильнюс", "papers": "паспорт", "shelter": "гостиница", "legs": "поезд"}
GROUND_OF = {
    Road.EXCHANGE: GroundKind.AGREEMENT,
    Road.NEUTRAL: GroundKind.NEUTRAL,
    Road.PAROLE: GroundKind.PAROLE_LAW,
    Road.END_OF_HOSTILITIES: GroundKind.HOSTILITIES_ENDED,
}
_serial = itertools.count(1)
_hashed = functools.cache(hash_pin)  # Argon2 is slow on purpose


def signature() -> bytes:
    """A line drawn by hand, as PNG."""
    picture = Image.new("RGB", (120, 40), "white")
    ImageDraw.Draw(picture).line([(5, 30), (40, 8), (110, 32)], fill="black", width=2)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@dataclass
class Case:
    """A mother, her son, and the bureau's people between them; each step is done once.

    Ask for the step you need: what leads to it is done too.
    """

    road: Road = Road.EXCHANGE
    contact: Contact = BY_EMAIL
    language: str = "ru"
    wish: dict[str, str] = field(default_factory=lambda: {"words": "Хочу его забрать"})
    signers: tuple[str, ...] = ("he", "she")  # beside the witness
    card: dict[str, str] = field(default_factory=dict)
    captured: captives.Captured = field(
        default_factory=lambda: captives.Captured(on="2022-04-16", by="патруль")
    )
    _staff: dict[tuple[Role, int], Staff] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.surname = f"Ознобихин{next(_serial)}"

    def staff(self, role: Role, number: int = 1) -> Staff:
        """The first, or a second, of this role."""
        if (role, number) not in self._staff:
            self._staff[role, number] = StaffFactory(role=role)
        return self._staff[role, number]

    @cached_property
    def captive(self) -> Captive:
        card = {"surname": self.surname, "given": "Прохор", "born": "2001-05-03", **self.card}
        received = captives.Received(card, self.captured)
        return captives.register_captive(received=received, by=self.staff(Role.REGISTRAR))

    def brought_to(self, place: str, note: str = "") -> Any:
        clerk = self.staff(Role.REGISTRAR)
        found = captives.find_or_make_place(site=clerk.site, name=place, by=clerk)
        happened = captives.Happening(EventKind.ARRIVED, at=timezone.now(), place=found, note=note)
        return captives.record_custody_event(captive=self.captive, happened=happened, by=clerk)

    @property
    def told_at_first(self) -> NewEnquiry:
        return NewEnquiry(
            Sought(self.surname, "Прохор", born="2001-05-03"),
            Relation.MOTHER,
            enquirer_name="Ознобихина Агафья",
            language=self.language,
            contact=self.contact,
            three_things=THINGS,
            pin_hash=_hashed(PIN),
            second_pin_hash=_hashed(SECOND_PIN),
        )

    @cached_property
    def made(self) -> MadeEnquiry:
        return make_enquiry(particulars=self.told_at_first, by=None)

    @property
    def enquiry(self) -> Enquiry:
        return self.made.enquiry

    @property
    def enquirer(self) -> Enquirer:
        return self.made.enquirer

    @cached_property
    def candidate(self) -> Any:
        return CandidateFactory(enquiry=self.enquiry, captive=self.captive)

    @cached_property
    def match(self) -> Match:
        same = Judged(Verdict.SAME, "имя и день рождения")
        judge_candidate(candidate=self.candidate, judged=same, by=self.staff(Role.TRACING))
        found = judge_candidate(
            candidate=self.candidate, judged=same, by=self.staff(Role.TRACING, 2)
        )
        assert found
        return found

    @cached_property
    def sitting(self) -> Sitting:
        opened = sittings.open_sitting(
            captive=self.captive, language="ru", by=self.staff(Role.NEUTRAL)
        )
        return sittings.set_secret(secret=SECRET, again=SECRET, by=opened)

    @cached_property
    def consented(self) -> None:
        """His yes to everything, before the neutral, and no fear."""
        consents.answer_things(match=self.match, answers=["Жучка", "Ива"], by=self.sitting)
        for kind in Kind:
            consents.answer(match=self.match, kind=kind, answer=Answer.YES, by=self.sitting)
        consents.answer_fear(fear=Fear.NO, words="", by=self.sitting)

    @cached_property
    def verdict(self) -> KinshipVerdict:
        weighed = relations.Weighed(Level.PROVEN, {Rung.THINGS: Check.AGREES}, "ответы те же")
        given = relations.give_verdict(
            match=self.match, weighed=weighed, by=self.staff(Role.VERIFIER)
        )
        return relations.confirm_verdict(verdict=given, by=self.staff(Role.VERIFIER, 2))

    @cached_property
    def invitation(self) -> Invitation:
        _ = self.verdict, self.consented
        return answers.invite(match=self.match, by=self.staff(Role.CONTACT))

    @property
    def message(self) -> OutgoingMessage:
        return OutgoingMessage.objects.select_related("key").get(invitation=self.invitation)

    @cached_property
    def told(self) -> Told:
        return answers.note_told(invitation=self.invitation, by=self.staff(Role.CONTACT))

    @cached_property
    def application(self) -> Application:
        _ = self.match
        return returns.apply_for_him(enquiry=self.enquiry, wish=self.wish, by=self.enquirer)

    @cached_property
    def assessed(self) -> Any:
        return consents.assess_danger(
            captive=self.captive,
            danger=Danger.NONE_KNOWN,
            reasons="ничего не известно",
            by=self.staff(Role.LEGAL),
        )

    @cached_property
    def ground(self) -> Ground | None:
        """The act of law on which this road rests, checked by a second legal officer."""
        kind = GROUND_OF.get(self.road)
        if kind is None:
            return None
        if standing := Ground.objects.in_force(timezone.localdate()).filter(kind=kind).first():
            return standing
        act = LawfulAct(kind, "Договорённость № 1 (вымышленная)", "", timezone.localdate())
        kept = record_ground(act=act, by=self.staff(Role.LEGAL))
        return check_ground(ground=kept, only_improves=True, by=self.staff(Role.LEGAL, 2))

    @cached_property
    def granted(self) -> Application:
        _ = self.verdict, self.consented, self.assessed, self.ground
        return decided(self.application, self.road, self.staff(Role.DECISION))

    @cached_property
    def meeting(self) -> returns.Meeting:
        return returns.Meeting(timezone.localdate(), "Шегини", WAY_OUT, WAY_OUT)

    @cached_property
    def guaranteed(self) -> Guarantee:
        """The word of an authority for her journey, signed."""
        coordinator = self.staff(Role.COORDINATOR)
        made = guarantees.make_guarantee(
            application=self.granted, authority="defence", by=coordinator
        )
        return guarantees.record_signature(
            guarantee=made, signed_by="Полковник Вигаданий, заступник міністра",
            signed_on=timezone.localdate(), by=coordinator,
        )  # fmt: skip

    @cached_property
    def appointment(self) -> Appointment:
        if she_comes(self.granted):
            _ = self.guaranteed
        return returns.set_appointment(
            application=self.granted, meeting=self.meeting, by=self.staff(Role.COORDINATOR)
        )

    @cached_property
    def act(self) -> Act:
        """The act, prepared."""
        _ = self.appointment
        return handovers.prepare_act(application=self.granted, by=self.staff(Role.COORDINATOR))

    @cached_property
    def ready(self) -> Act:
        """The act with everything but the seal."""
        act, clerk, neutral = self.act, self.staff(Role.COORDINATOR), self.staff(Role.NEUTRAL)
        for who in self.signers:
            handovers.note_identified(act=act, who=who, how="паспорт", by=clerk)
        listed = [Belonging("часы", "возвращены")]
        handovers.note_belongings(act=act, belongings=listed, by=clerk)
        handovers.note_onward(act=act, onward=Onward(MedicalFile.NONE), by=clerk)
        handovers.ask_last_question(act=act, wants_to_go=True, by=neutral)
        for who, by in (*((who, clerk) for who in self.signers), ("witness", neutral)):
            handovers.sign(act=act, who=who, picture=signature(), by=by)
        return Act.objects.get(pk=act.pk)

    @cached_property
    def sealed(self) -> Act:
        return handovers.seal_act(act=self.ready, by=self.staff(Role.COORDINATOR))
