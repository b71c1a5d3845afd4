"""One invented man and his family, brought as far as a story goes by the bureau's own actions."""

import io
import math
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

import pypdfium2 as pdfium
from django.utils import timezone
from PIL import Image, ImageDraw

from wayhome.bureau.answers import actions as answers
from wayhome.bureau.captives import actions as captives
from wayhome.bureau.captives.actions.same_man import propose_same_men
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import Captor, DutyKind, EventKind
from wayhome.bureau.comparisons.actions.samples import Gift, give_sample
from wayhome.bureau.comparisons.rules.samples import Kin, Scope, Way
from wayhome.bureau.concerns import actions as concerns
from wayhome.bureau.consents import actions as consents
from wayhome.bureau.consents import in_his_place, sittings
from wayhome.bureau.consents.models import Sitting
from wayhome.bureau.consents.rules import Answer, Danger, Fear, Kind, Unable
from wayhome.bureau.contact import actions as contact
from wayhome.bureau.contact import paper
from wayhome.bureau.contact.actions import Addressee
from wayhome.bureau.contact.rules import Health, LetterKind
from wayhome.bureau.contact.sheets import blank
from wayhome.bureau.enquiries.actions import MadeEnquiry, forget_enquiry, make_enquiries
from wayhome.bureau.enquiries.models import Enquirer, Enquiry
from wayhome.bureau.enquiries.rules import (
    Channel,
    Contact,
    NewEnquiry,
    Party,
    Relation,
    Sought,
    Source,
    Thing,
)
from wayhome.bureau.handovers import actions as handovers
from wayhome.bureau.handovers.effects import Belonging, item_of
from wayhome.bureau.handovers.models import Act
from wayhome.bureau.handovers.rules import MedicalFile, Onward
from wayhome.bureau.inquests import actions as inquests
from wayhome.bureau.inquests.rules import Finding, Reported, Said
from wayhome.bureau.inquests.rules import Source as SaidBy
from wayhome.bureau.matches import actions as matches
from wayhome.bureau.matches.models import Candidate, Match
from wayhome.bureau.matches.rules import Verdict
from wayhome.bureau.matches.same_sought import propose_same_sought
from wayhome.bureau.press import actions as press
from wayhome.bureau.press.rules import Asked
from wayhome.bureau.relations import actions as relations
from wayhome.bureau.relations.models import KinshipVerdict, Paper
from wayhome.bureau.relations.rules import Check, Level, PaperFor, Rung
from wayhome.bureau.returns import actions as returns
from wayhome.bureau.returns import boards, guarantees
from wayhome.bureau.returns.facts import she_comes
from wayhome.bureau.returns.grounds import (
    Found,
    LawfulAct,
    check_ground,
    keep_finding,
    record_ground,
)
from wayhome.bureau.returns.models import Application, Appointment, Board, Ground, Guarantee
from wayhome.bureau.returns.rules import Road, looked_at_again_on
from wayhome.bureau.returns.rules.grounds import FindingKind, GroundKind
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Role
from wayhome.bureau.statements import actions as statements
from wayhome.bureau.statements.actions import Account, Comrade
from wayhome.bureau.statements.rules import Seen
from wayhome.bureau.welfare import actions as welfare
from wayhome.bureau.welfare.models import Entry, Parcel
from wayhome.bureau.welfare.rules import (
    Before,
    Condition,
    Differed,
    EntryKind,
    Issuer,
    Line,
    Meal,
    TakenOut,
    Treated,
)
from wayhome.config.demo.calls import HIS_SECRET, Calls
from wayhome.config.demo.people import board_of, staff_of
from wayhome.lib.scans import sides_of

THINGS = (
    Thing("Як звали нашого собаку?", "Жучка"),
    Thing("Що росло біля хати?", "Верба"),
    Thing("Яку пісню співав дід?", "Про дорогу"),
)
NAMED = ("surname", "given", "patronymic")
IN_PERSON = Contact()
BY_EMAIL = Contact(Channel.EMAIL, "mother@example.org", "після шостої", "соняшник")
BY_TELEPHONE = Contact(Channel.TELEPHONE, "+380 00 000 00 00", "вранці", "соняшник")
HIS_WAY_OUT = {
    "destination": "Вільнюс",
    "papers": "паспорт, дозвіл на в'їзд",
    "shelter": "притулок «Берег» (вигаданий)",
    "legs": "автобус до кордону, далі потяг",
}
VOTES = {
    True: "Умови дороги виконано, перешкод не бачу.",
    False: "Поки немає місця, де його чекатимуть.",
}
DAYS_TO_MEETING = 7
DOTS_TO_A_POINT = 2.8  # about 200 to an inch, as an office's scanner


@dataclass(frozen=True)
class Man:
    """Whom somebody seeks, as his card has him and as the family writes him."""

    card: str  # surname, given name, patronymic
    sought: str
    born: str
    birthplace: str
    mother: str
    relation: Relation = Relation.MOTHER
    language: str = "ru"


@dataclass
class Case(Calls):
    """A story's man and family. Ask for the step you need: what leads to it is done too."""

    man: Man
    mark: bytes  # in the rows of his card and her enquiry
    pin_hash: str
    second_pin_hash: str
    contact: Contact = IN_PERSON
    party: Party = Party.ADVERSE
    source: Source = Source.PORTAL
    in_days: int = DAYS_TO_MEETING
    _staff: dict[tuple[Role, str], Staff] = field(default_factory=dict)

    def staff(self, role: Role, site: str = "A") -> Staff:
        if (role, site) not in self._staff:
            self._staff[role, site] = staff_of(role, site)
        return self._staff[role, site]

    # His card, and what happens to him.

    @cached_property
    def captive(self) -> Captive:
        surname, given, patronymic = self.man.card.split()
        card = {
            "surname": surname,
            "given": given,
            "patronymic": patronymic,
            "born": self.man.born,
            "birthplace": self.man.birthplace,
            "mother_name": self.man.mother,
            "rank": "рядовой",
            "health": "здоров",
        }
        captured = captives.Captured(
            on="2022-04-16", captor=Captor.UNIT, by="патруль", where="біля лісу",
            given_to="збірний пункт", given_on="2022-04-16",
        )  # fmt: skip
        received = captives.Received(card, captured, languages="ru", line_digest=self.mark)
        return captives.register_captive(received=received, by=self.staff(Role.REGISTRAR))

    @cached_property
    def cared_for(self) -> None:
        """A place, a note of the physician, his rights told, and a card that was corrected."""
        custody, now = self.staff(Role.CUSTODY), timezone.now()
        place = captives.find_or_make_place(site=custody.site, name="Об'єкт 3", by=custody)
        arrived = captives.Happening(EventKind.ARRIVED, at=now, place=place)
        captives.record_custody_event(captive=self.captive, happened=arrived, by=custody)
        told = captives.DutyDone(DutyKind.RIGHTS, now, language="ru")
        captives.note_duty(captive=self.captive, done=told, by=custody)
        physician = self.staff(Role.PHYSICIAN)
        captives.note_health(captive=self.captive, note="Рана на руці загоюється.", by=physician)
        captives.correct_card(
            captive=self.captive,
            card={"rank": "ефрейтор"},
            reason="Помилка в званні",
            by=self.staff(Role.REGISTRAR),
        )

    @cached_property
    def kept(self) -> None:
        """His things in keeping, signed by two; a parcel opened before him, a meal of his own."""
        welfare_officer, custody = self.staff(Role.WELFARE), self.staff(Role.CUSTODY)
        entry = self._taken((Line("годинник", Decimal(1)), Line("", Decimal(500), "RUB")))
        welfare.sign_entry(entry=entry, by=custody)
        self._taken((Line("ніж складаний", Decimal(1)),))
        now, yesterday = timezone.now(), timezone.localdate() - timedelta(days=1)
        for sender in ("Громада міста", "Червоний Хрест"):
            welfare.note_parcel(
                captive=self.captive, sender=sender, arrived_at=now, by=welfare_officer
            )
        welfare.open_parcel(
            parcel=Parcel.objects.filter(captive=self.captive).earliest("pk"),
            before=Before.HIMSELF,
            comrade="",
            removed=[("телефон", TakenOut.CONNECTED.value)],
            by=welfare_officer,
        )
        counts: dict[Meal, int | None] = dict.fromkeys(Meal, welfare.held_at(welfare_officer.site))
        welfare.keep_day(on=yesterday, counts=counts, by=welfare_officer)
        welfare.note_difference(
            captive=self.captive, on=yesterday, meal=Meal.DINNER, how=Differed.DIET,
            words="без солі", by=welfare_officer,
        )  # fmt: skip

    def _taken(self, lines: tuple[Line, ...]) -> Entry:
        issuer = Issuer("майор Рожков", "сержант Лагода, рота охорони")
        written = welfare.Written(
            EntryKind.TAKEN, lines, issuer, self.man.language, "на зберігання"
        )
        return welfare.enter_effects(
            captive=self.captive, written=written, by=self.staff(Role.WELFARE)
        )

    @cached_property
    def ill(self) -> None:
        """Seriously ill, with weights, a weekly note, and two certificates that he asked for."""
        physician = self.staff(Role.PHYSICIAN)
        captives.note_health(captive=self.captive, note="", weight_kg=68.5, by=physician)
        welfare.call_seriously_ill(captive=self.captive, by=physician)
        welfare.note_week(
            captive=self.captive, condition=Condition.BETTER, note="Температура впала.",
            by=physician,
        )  # fmt: skip
        first = welfare.ask_certificate(captive=self.captive, language="ru", by=physician)
        today = timezone.localdate()
        treated = Treated("Осколочное ранение руки", "Операция, перевязки", today)
        welfare.issue_certificate(certificate=first, treated=treated, by=physician)
        welfare.ask_certificate(captive=self.captive, language="ru", by=self.staff(Role.WELFARE))

    @cached_property
    def found_grave(self) -> None:
        """A commission found him among those who go home; a certificate says until when he can."""
        physician, today = self.staff(Role.PHYSICIAN), timezone.localdate()
        found = (
            Found(FindingKind.PROPOSED, "representative"),
            Found(FindingKind.MEDICAL, "over a year", "Висновок комісії № 4 (вигаданий)"),
            Found(FindingKind.FIT, "fit", until=today + timedelta(days=20)),
        )
        for each in found:
            keep_finding(captive=self.captive, found=each, by=physician)

    @cached_property
    def held_by_court(self) -> None:
        """Proceedings for an indictable offence: read by the legal officer and nobody else."""
        found = Found(FindingKind.COURT, "proceedings", "Суд № 3, провадження 12 (вигадане)")
        keep_finding(captive=self.captive, found=found, by=self.staff(Role.LEGAL))

    @cached_property
    def second_card(self) -> Captive:
        """Another clerk has written the same man down: the machine asks whether it is he."""
        surname, given, patronymic = self.man.sought.split()
        card = {
            "surname": surname,
            "given": given,
            "patronymic": patronymic,
            "born": self.man.born,
            "birthplace": self.man.birthplace,
        }
        received = captives.Received(card, captives.Captured(on="2022-04"))
        found = captives.register_captive(received=received, by=self.staff(Role.REGISTRAR))
        propose_same_men([self.captive, found])
        return found

    @cached_property
    def flagged(self) -> None:
        """Somebody fears that telling could harm him or his family."""
        reason = "Його родину вже розпитували про нього."
        captives.set_harm_flag(captive=self.captive, reason=reason, by=self.staff(Role.NEUTRAL))

    @cached_property
    def press_asked(self) -> None:
        """Somebody writes for a paper and asks about him by name."""
        press.refuse_request(
            asked=Asked.NAMED, who="Вигаданий Кореспондент", outlet="«Вигадана газета»",
            words=f"Чи правда, що {self.man.card} у полоні? Просимо світлину.",
            by=self.staff(Role.OPERATOR),
        )  # fmt: skip

    # Her enquiry, and what people make of it.

    @cached_property
    def made(self) -> MadeEnquiry:
        told = NewEnquiry(
            self._sought,
            self.man.relation,
            party=self.party,
            enquirer_name=self.man.mother,
            language=self.man.language,
            contact=self.contact,
            three_things=THINGS,
            source=self.source,
            pin_hash=self.pin_hash,
            second_pin_hash=self.second_pin_hash,
            line_digest=self.mark,
        )
        return make_enquiries(particulars=[told], by=None)[0]

    @property
    def _sought(self) -> Sought:
        return Sought(
            **dict(zip(NAMED, self.man.sought.split(), strict=True)),
            born=self.man.born,
            birthplace=self.man.birthplace,
            mother_name=self.man.mother,
        )

    @cached_property
    def second_enquiry(self) -> Enquiry:
        """His aunt abroad asks for him too, in her own spelling; neither learns of the other."""
        told = NewEnquiry(
            replace(self._sought, **dict(zip(NAMED, self.man.card.split(), strict=True))),
            Relation.OTHER_RELATIVE,
            language="en",
            three_things=THINGS[:1],
            source=Source.ABROAD,
        )
        made = make_enquiries(particulars=[told], by=None)[0].enquiry
        propose_same_sought([self.enquiry, made])
        return made

    @property
    def enquiry(self) -> Enquiry:
        return self.made.enquiry

    @property
    def enquirer(self) -> Enquirer:
        return self.made.enquirer

    @cached_property
    def forgotten(self) -> None:
        forget_enquiry(enquiry=self.enquiry, by=self.enquirer)

    @cached_property
    def paper(self) -> Paper:
        note = "Свідоцтво про народження (вигадане)"
        return relations.send_paper(
            enquiry=self.enquiry, content=picture(600, 400), note=note, by=self.enquirer
        )

    @cached_property
    def sample(self) -> None:
        """She offers a sample of her own, so that he is looked for among the dead too."""
        gift = Gift(
            name=self.man.mother, kin=Kin.MOTHER, way=Way.POST, to="Місто, вулиця Вигадана, 3",
            scope=Scope.THIS_BUREAU, allowed=True, adult=True,
        )  # fmt: skip
        give_sample(enquiry=self.enquiry, gift=gift, by=self.enquirer)

    @cached_property
    def candidate(self) -> Candidate:
        _ = self.captive
        matches.rematch_enquiry(self.enquiry)
        return Candidate.objects.get(enquiry=self.enquiry, captive=self.captive)

    @cached_property
    def half_judged(self) -> None:
        self._judge("A")

    @cached_property
    def match(self) -> Match:
        _ = self.half_judged
        found = self._judge("B")
        assert found, "two verdicts confirm a match"
        return found

    def _judge(self, site: str) -> Match | None:
        same = matches.Judged(Verdict.SAME, "Ім'я, дата й місце народження та мати збігаються.")
        officer = self.staff(Role.TRACING, site)
        return matches.judge_candidate(candidate=self.candidate, judged=same, by=officer)

    @cached_property
    def withdrawn(self) -> None:
        reason = "Родина надіслала знімок: це інша людина."
        first, second = self.staff(Role.TRACING), self.staff(Role.TRACING, "B")
        matches.ask_withdrawal(match=self.match, reason=reason, by=first)
        matches.withdraw_match(match=self.match, by=second)

    # What he says, alone with a neutral.

    @cached_property
    def sitting(self) -> Sitting:
        neutral = self.staff(Role.NEUTRAL)
        opened = sittings.open_sitting(captive=self.captive, language="ru", by=neutral)
        return sittings.set_secret(secret=HIS_SECRET, again=HIS_SECRET, by=opened)

    @cached_property
    def said_yes(self) -> None:
        self._say(Answer.YES, Fear.NO)

    @cached_property
    def said_no(self) -> None:
        self._say(Answer.NO, Fear.NO)

    @cached_property
    def fears(self) -> None:
        self._say(Answer.YES, Fear.YES)

    def _say(self, said: Answer, fear: Fear) -> None:
        match, sitting = self.match, self.sitting
        consents.keep_rights_given(language="ru", by=sitting)
        known = [thing.answer for thing in THINGS]
        consents.answer_things(match=match, answers=known, by=sitting)
        for kind in Kind:
            consents.answer(match=match, kind=kind, answer=said, by=sitting)
        consents.answer_fear(fear=fear, words="", by=sitting)
        sittings.close_sitting(sitting=sitting, by=sitting)

    @cached_property
    def applied_himself(self) -> Application:
        """He has nobody who asks for him, and wants to go."""
        consents.answer(match=None, kind=Kind.GO_HOME, answer=Answer.YES, by=self.sitting)
        application = returns.apply_himself(wish={"words": "Хочу домой."}, by=self.sitting)
        sittings.close_sitting(sitting=self.sitting, by=self.sitting)
        return application

    @cached_property
    def objected(self) -> None:
        """He heard his card, and a line of it is wrong."""
        concerns.object_to_line(line="birthplace", words="Родился в Тотьме.", by=self.sitting)

    @cached_property
    def complained(self) -> None:
        concerns.complain(text="Третью неделю не дают бумаги для писем.", by=self.sitting)

    @cached_property
    def spoke(self) -> None:
        """What he says of a comrade whom a family seeks."""
        about = Comrade("Остроглазов", "Фадей", "Лукич", birthplace="Кологрив")
        account = Account(
            about=about,
            words="Фадей был со мной до конца марта. Его ранило в руку, он шёл сам.",
            seen=Seen.WOUNDED,
            seen_on="2022-03-28",
            told_on=timezone.localdate(),
            language="ru",
            free=True,
            how_asked="Наедине, с напоминанием, что он может молчать.",
        )
        neutral = self.staff(Role.NEUTRAL)
        statements.take_statement(captive=self.captive, account=account, by=neutral)

    @cached_property
    def unable(self) -> None:
        """He lies unconscious: the neutral has proposed that his family may know that he lives."""
        _, physician = self.match, self.staff(Role.PHYSICIAN)
        captives.note_health(
            captive=self.captive, note="Без свідомості.", cannot_decide=True, by=physician
        )
        in_his_place.decide_for_him(
            match=self.match, kind=Kind.LIVES, why=Unable.ILL,
            grounds="Мати має знати, що він живий.", by=self.staff(Role.NEUTRAL),
        )  # fmt: skip

    # Letters, and whom he wants told.

    @cached_property
    def wrote(self) -> None:
        """His capture card, a card on its way, a letter to be read, somebody to be told."""
        sister = Addressee("Одинцовська Марфа Кирилівна", "Варнавин, вул. Садова, 3")
        contact.write_capture_card(health=Health.GOOD, to=sister, by=self.sitting)
        card, _ = (
            contact.write_from_him(kind=kind, to=sister, text=text, by=self.sitting)
            for kind, text in (
                (LetterKind.CARD, "Жив, здоров. Обнимаю всех. Пишите."),
                (LetterKind.LETTER, "Марфа, со мной всё хорошо. Кормят, чай дают. Мы тут в "
                                    "лагере № 5. Поцелуй от меня Аню и деда."),
            )
        )  # fmt: skip
        reader = self.staff(Role.SUPERVISOR)
        contact.pass_letter(letter=card, black_out=frozenset(), by=reader)
        who = {"name": sister.name, "reach": "+7 000 000 00 00", "question": "Кличка нашего кота?",
               "right_answer": "Дымок", "words": "Марфа, я жив."}  # fmt: skip
        consents.name_person_to_tell(who=who, by=self.sitting)

    @cached_property
    def wrote_home(self) -> None:
        """A letter of his that waits to be read; the conversation is over."""
        father = Addressee("Подлесний Карпо", "Солигалич, вул. Річкова, 7")
        text = "Батя, я жив и здоров. Береги мать. Собаку не продавай."
        contact.write_from_him(kind=LetterKind.LETTER, to=father, text=text, by=self.sitting)
        sittings.close_sitting(sitting=self.sitting, by=self.sitting)

    @cached_property
    def by_hand(self) -> None:
        """A card that he wrote by hand and a scanner brought; and a side that nobody could file."""
        officer = self.staff(Role.WELFARE)
        (card,) = paper.print_for_him(
            captive=self.captive, kind=LetterKind.CARD, copies=1, language="ru", by=officer
        )
        front, back = written_by_hand(blank([card]))
        cut_off = back.crop((0, back.height // 2, back.width, back.height))
        for number, picture in enumerate((front, back, cut_off), start=1):
            content = as_jpeg(picture)
            (side,) = sides_of(content)
            # Each on its own, as a scanner gives them; the last one through the console.
            by = officer if number == len((front, back, cut_off)) else None
            paper.take_in(digest=paper.digest_of(content), sides=[side], by=by)

    @cached_property
    def she_wrote(self) -> None:
        """A letter of hers: it waits to be read where he allows it, and is kept where not."""
        text = "Мы тебя ждём. Аня пошла в школу. Дед посадил яблоню."
        contact.write_to_him(enquiry=self.enquiry, text=text, by=self.enquirer)

    # Kinship, the first news, and the road home.

    @cached_property
    def weighed(self) -> KinshipVerdict:
        _ = self.said_yes
        agreeing: dict[str, str] = {Rung.THINGS: Check.AGREES, Rung.HIS_WORD: Check.AGREES}
        weighed = relations.Weighed(Level.PROVEN, agreeing, "Усі три відповіді збігаються.")
        officer = self.staff(Role.VERIFIER, "B")
        return relations.give_verdict(match=self.match, weighed=weighed, by=officer)

    @cached_property
    def proven(self) -> None:
        relations.confirm_verdict(verdict=self.weighed, by=self.staff(Role.VERIFIER))

    @cached_property
    def invitation(self) -> Any:
        _ = self.proven
        return answers.invite(match=self.match, by=self.staff(Role.CONTACT))

    @cached_property
    def told(self) -> None:
        answers.note_told(invitation=self.invitation, by=self.staff(Role.CONTACT))

    @cached_property
    def exchanged(self) -> None:
        self._happens(EventKind.EXCHANGED)

    @cached_property
    def died(self) -> None:
        self._happens(EventKind.DIED)

    @cached_property
    def looked_into(self) -> None:
        """How he died, asked by a legal officer of another site: a witness, the body, a report."""
        _ = self.died
        (inquest,) = self.captive.inquests.select_related("captive")
        outside, now = self.staff(Role.LEGAL, "B"), timezone.now()
        inquests.lead(inquest=inquest, by=outside)
        for said in (
            Said(SaidBy.PRISONER, "Сусід по нарах, A-17", "Він кашляв тиждень. Уночі просив води, "
                 "вранці вже не дихав.", now, "перекладач"),
            Said(SaidBy.PHYSICIAN, "Лікарка обласної лікарні (вигадана)", "Двобічне запалення "
                 "легень. Слідів насильства на тілі немає.", now),
        ):  # fmt: skip
            inquests.hear(inquest=inquest, said=said, by=outside)
        found = Reported(Finding.NATURAL, "Запалення легень; лікаря покликали запізно.")
        inquests.report(inquest=inquest, reported=found, by=outside)

    @cached_property
    def injured(self) -> None:
        """The physician saw what nobody explains; nobody leads it yet."""
        inquests.ask_for_inquest(
            captive=self.captive, what="Перелом двох ребер. Каже, що впав; двоє сусідів мовчать.",
            by=self.staff(Role.PHYSICIAN),
        )  # fmt: skip

    def _happens(self, kind: EventKind) -> None:
        """What freezes every message to his family until a person has spoken."""
        happened = captives.Happening(kind, on=timezone.localdate().isoformat())
        officer = self.staff(Role.CUSTODY)
        captives.record_custody_event(captive=self.captive, happened=happened, by=officer)

    @cached_property
    def application(self) -> Application:
        _ = self.told
        wish = {"words": "Хочу його забрати."}
        return returns.apply_for_him(enquiry=self.enquiry, wish=wish, by=self.enquirer)

    @cached_property
    def assessed(self) -> None:
        reasons = "Нічого не відомо, що загрожувало б йому."
        consents.assess_danger(
            captive=self.captive, danger=Danger.NONE_KNOWN, reasons=reasons,
            by=self.staff(Role.LEGAL),
        )  # fmt: skip

    @cached_property
    def agreement(self) -> Ground:
        """The exchange on which these roads rest: recorded by one legal officer, checked by two."""
        reference = "Домовленість про обмін № 1 (вигадана)"
        if kept := Ground.objects.filter(reference=reference).first():
            return kept
        act = LawfulAct(GroundKind.AGREEMENT, reference, "headquarters", timezone.localdate())
        kept = record_ground(act=act, by=self.staff(Role.LEGAL))
        return check_ground(ground=kept, only_improves=True, by=self.staff(Role.LEGAL, "B"))

    @cached_property
    def granted(self) -> Application:
        _ = self.application, self.assessed, self.agreement
        return self._decided((True, True, True), "Умови виконано.")

    @cached_property
    def before_board(self) -> Board:
        """Three members are asked: nobody has said anything yet."""
        _ = self.application, self.assessed, self.agreement
        return boards.convene_board(
            application=self.application,
            road=Road.EXCHANGE,
            members=board_of(),
            by=self.staff(Role.DECISION),
        )

    @cached_property
    def half_voted(self) -> Board:
        """One member reads the file, one has voted; the votes are sealed."""
        seats = self.before_board.seats_standing()
        for seat in seats[:2]:
            boards.declare_free(seat=seat, by=seat.member)
        words = "Умови дороги виконано, перешкод не бачу."
        boards.cast_vote(seat=seats[1], votes_for=True, words=words, by=seats[1].member)
        return self.before_board

    @cached_property
    def refused(self) -> Application:
        """A majority does not open the road; one dissents. It is looked at again on its day."""
        reason = "Місце в колоні ще не визначене."
        return self._decided((False, True, False), reason)

    def _decided(self, votes: tuple[bool, ...], reason: str) -> Application:
        board = self.before_board
        for seat, votes_for in zip(board.seats_standing(), votes, strict=True):
            boards.declare_free(seat=seat, by=seat.member)
            words = VOTES[votes_for]
            boards.cast_vote(seat=seat, votes_for=votes_for, words=words, by=seat.member)
        again_on = looked_at_again_on(timezone.localdate())
        return boards.decide_application(
            application=self.application,
            decision=boards.Decision(reason, again_on),
            by=self.staff(Role.DECISION),
        )

    @cached_property
    def travel_paper(self) -> Paper:
        """Her passport, photographed with her phone, for the journey alone."""
        return relations.send_paper(
            enquiry=self.enquiry, content=picture(600, 400), note="Закордонний паспорт (вигаданий)",
            by=self.enquirer, serves=PaperFor.JOURNEY,
        )  # fmt: skip

    @cached_property
    def guaranteed(self) -> Guarantee:
        """The word of an authority for her journey, signed on paper and recorded."""
        coordinator = self.staff(Role.COORDINATOR)
        made = guarantees.make_guarantee(
            application=self.granted, authority="headquarters", by=coordinator
        )
        return guarantees.record_signature(
            guarantee=made, signed_by="полковник Вигаданий, заступник керівника",
            signed_on=timezone.localdate(), by=coordinator,
        )  # fmt: skip

    @cached_property
    def appointment(self) -> Appointment:
        if she_comes(self.granted):
            _ = self.guaranteed
        on = timezone.localdate() + timedelta(days=self.in_days)
        meeting = returns.Meeting(on, "Шегині", HIS_WAY_OUT, HIS_WAY_OUT)
        coordinator = self.staff(Role.COORDINATOR)
        return returns.set_appointment(application=self.granted, meeting=meeting, by=coordinator)

    @cached_property
    def act(self) -> Act:
        _ = self.appointment
        return handovers.prepare_act(application=self.granted, by=self.staff(Role.COORDINATOR))

    @cached_property
    def ready(self) -> Act:
        """The whole day of the meeting, but for the seal."""
        act, clerk, neutral = self.act, self.staff(Role.COORDINATOR), self.staff(Role.NEUTRAL)
        for who in ("he", "she"):
            handovers.note_identified(act=act, who=who, how="паспорт", by=clerk)
        taken = self._taken((Line("годинник", Decimal(1)), Line("", Decimal(400), "RUB")))
        welfare.sign_entry(entry=taken, by=self.staff(Role.CUSTODY))
        welfare.hand_receipt(entry=taken, by=self.staff(Role.WELFARE))
        held = welfare.held_for_man(act.captive)
        listed = [Belonging(item_of(each.line), "", each, returned=True) for each in held]
        handovers.note_belongings(act=act, belongings=listed, by=clerk)
        handovers.note_onward(act=act, onward=Onward(MedicalFile.NONE), by=clerk)
        handovers.ask_last_question(act=act, wants_to_go=True, by=neutral)
        for who, by in (("he", clerk), ("she", clerk), ("witness", neutral)):
            handovers.sign(act=act, who=who, picture=picture(240, 80), by=by)
        return act

    @cached_property
    def sealed(self) -> Act:
        return handovers.seal_act(act=self.ready, by=self.staff(Role.COORDINATOR))


def written_by_hand(pdf: bytes) -> list[Image.Image]:
    """The sides of a sheet with lines of nobody's hand, as a scanner sees them."""
    source, pages = pdfium.PdfDocument(pdf), []
    for page in source:
        drawn = page.render(scale=DOTS_TO_A_POINT).to_pil().convert("RGB")
        pen = ImageDraw.Draw(drawn)
        for y in range(drawn.height // 2, drawn.height * 4 // 5, 66):
            wave = [(x, y + 9 * math.sin(x / 6) + 5 * math.sin(x / 2.3)) for x in range(70, 940, 3)]
            pen.line(wave, fill=(35, 35, 110), width=4)
        pages.append(drawn)
    source.close()
    return pages


def as_jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def picture(width: int, height: int) -> bytes:
    """A few lines drawn by nobody's hand, as PNG."""
    image = Image.new("RGB", (width, height), "white")
    line = [
        (width // 10, height * 3 // 4),
        (width // 3, height // 5),
        (width * 9 // 10, height // 2),
    ]
    ImageDraw.Draw(image).line(line, fill="black", width=3)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
