"""Families of a demo and their dead on real frequencies: kits, profiles, pairs, what is told.

Drawn from a seed, so that every demo has the same: with the demo's own files four hundred families
and three hundred remains, with a small cut of them a handful. The rest gave no sample yet.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from wayhome.bureau.comparisons import actions, bridge
from wayhome.bureau.comparisons.actions.antemortem import Part
from wayhome.bureau.comparisons.actions.samples import Gift
from wayhome.bureau.comparisons.models import Hit, ReferenceSample, Run
from wayhome.bureau.comparisons.rules.samples import Kin, Scope, State, Way
from wayhome.bureau.comparisons.searching import search_all
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import Relation
from wayhome.bureau.remains import actions as the_dead
from wayhome.bureau.remains.actions import FirstHands
from wayhome.bureau.remains.models import Sample
from wayhome.bureau.remains.rules.findings import SampleKind
from wayhome.bureau.remains.rules.register import Found, RemainsKind
from wayhome.bureau.remains.rules.teeth import Tooth
from wayhome.bureau.staff.permissions import Role
from wayhome.config.demo.people import staff_of
from wayhome.config.folder import Folder
from wayhome.lib.sheet_codes import in_groups

Genotypes = dict[str, list[str]]
SEED = 2022
MOST_FAMILIES, ONE_IN = 160, 18  # of the open enquiries
# Where so many gave, as many more of whom one relative could come, a quarter of them still on the
# way; and of some of these somebody lies with the bureau.
MORE_FAMILIES, MORE_BODIES = 240, 112
FOUND = Found(
    "2022-04", "поле за висотою (вигадано)", "", "48.5602", "37.9101", "команда 4", "", ""
)
# Who of a family gave a sample; the next family the next line.
GAVE: tuple[tuple[Kin, ...], ...] = (
    (Kin.MOTHER,),
    (Kin.MOTHER, Kin.FATHER),
    (Kin.FATHER,),
    (Kin.MOTHER, Kin.SISTER),
    (Kin.BROTHER,),
    (Kin.PARENT_OF_CHILD, Kin.SON),
    (Kin.MOTHER, Kin.BROTHER, Kin.SISTER),
    (Kin.DAUGHTER,),
)
ON_THE_WAY = (State.ASKED, State.SENT, State.CAME, State.AT_LABORATORY, State.FAILED)
PATH = {
    State.ASKED: (),
    State.SENT: (State.SENT,),
    State.CAME: (State.SENT, State.CAME),
    State.AT_LABORATORY: (State.SENT, State.CAME, State.AT_LABORATORY),
    State.FAILED: (State.SENT, State.CAME, State.AT_LABORATORY, State.FAILED),
}
TOLD = {
    "physical": {"height": "178, за паспортом", "hair": "русяве, коротке",
                 "marks": "шрам над лівою бровою, з дитинства"},
    "clothing": {"shoes": "43", "worn": "хрестик на шкіряній нитці"},
}  # fmt: skip


class Drawn:
    """Draws people from the bureau's frequency table: the same seed gives the same."""

    def __init__(self, seed: int = 1) -> None:
        self.random = random.Random(seed)

    def stranger(self) -> Genotypes:
        return {
            one.name: self.random.choices(one.alleles, weights=one.freqs, k=2)
            for one in bridge.markers()
        }

    def child(self, father: Genotypes, mother: Genotypes) -> Genotypes:
        return {
            name: [self.random.choice(father[name]), self.random.choice(mother[name])]
            for name in father
        }


@dataclass
class Household:
    """A family as it was drawn: the person sought, and everybody who may give a sample."""

    sought: Genotypes
    kin: dict[Kin, Genotypes]

    @classmethod
    def of(cls, drawn: Drawn) -> "Household":
        father, mother, wife = drawn.stranger(), drawn.stranger(), drawn.stranger()
        his = drawn.child(father, mother)
        kin = {Kin.FATHER: father, Kin.MOTHER: mother, Kin.PARENT_OF_CHILD: wife}
        kin |= {one: drawn.child(father, mother) for one in (Kin.BROTHER, Kin.SISTER)}
        return cls(his, kin | {one: drawn.child(his, wife) for one in (Kin.SON, Kin.DAUGHTER)})


def as_csv(profiles: Iterable[tuple[str, str, Genotypes]]) -> bytes:
    """A laboratory's table: code, sex and profile of each; a row a sample and marker."""
    lines = ["sample,marker,allele1,allele2"]
    for code, sex, genotypes in profiles:
        lines.append(f"{code},AMEL,X,{'Y' if sex == 'M' else 'X'}")
        lines += [f"{code},{name},{one},{other}" for name, (one, other) in genotypes.items()]
    return "\n".join(lines).encode()


def make(folder: Folder, bar: Callable[[int, int], None]) -> dict[str, int | float]:
    """Whole or not at all; what stands already, after a kill at the wrong moment, is left."""
    with transaction.atomic():
        if not Run.objects.exists():
            _everything(bar)
    run = Run.objects.first()
    return {
        "reference samples": ReferenceSample.objects.count(),
        "pairs": Hit.objects.standing().count(),
        "seconds of the search": round(run.seconds, 1) if run else 0.0,
    }


def _everything(bar: Callable[[int, int], None]) -> None:
    drawn = Drawn(SEED)
    asked = Enquiry.objects.open().filter(reference_samples=None).exclude(relation=Relation.FRIEND)
    asked = asked.order_by("-received_at", "pk")
    count = min(MOST_FAMILIES, max(asked.count() // ONE_IN, len(GAVE)))
    more = MORE_FAMILIES if count == MOST_FAMILIES else 0
    enquiries = list(asked.select_related("key")[: count + more + len(ON_THE_WAY) + 1])
    typed: list[tuple[str, str, Genotypes]] = []
    for number, enquiry in enumerate(enquiries[:count]):
        typed += _family(drawn, enquiry, number)
        bar(number, count + more + 1)
    for number, enquiry in enumerate(enquiries[count : count + more]):
        typed += _one_alone(drawn, enquiry, number)
        bar(count + number, count + more + 1)
    _on_the_way(enquiries[count + more :])
    _lab_files(drawn, typed)
    _told(enquiries[:3])
    actions.count_missing(
        number=max(Enquiry.objects.open().count(), 2),
        grounds="Відкриті звернення на сьогодні (вигадано).",
        by=staff_of(Role.FORENSIC),
    )
    search_all()
    _nothing_left_to_search()
    bar(count + more + 1, count + more + 1)


def _family(drawn: Drawn, enquiry: Enquiry, number: int) -> list[tuple[str, str, Genotypes]]:
    """A family that gave samples; of three families in five somebody lies with the bureau."""
    house, typed = Household.of(drawn), []
    for kin in GAVE[number % len(GAVE)]:
        sample = _given(enquiry, kin)
        # One father is none: what becomes of it only the bench may learn.
        stranger = number == 1 and kin == Kin.FATHER
        profile = drawn.stranger() if stranger else house.kin[kin]
        male = kin in (Kin.FATHER, Kin.BROTHER, Kin.SON)
        typed.append((sample.code, "M" if male else "F", profile))
    if number % 5 < 3:
        typed.append((_body(number).code, "M", house.sought))
    else:
        typed.append((_body(number).code, "M", drawn.stranger()))
    if number == 2:  # a second sample, of another body, with the same profile
        typed.append((_body(number + MOST_FAMILIES).code, "M", house.sought))
    return typed


def _one_alone(drawn: Drawn, enquiry: Enquiry, number: int) -> list[tuple[str, str, Genotypes]]:
    """A family of whom one could come: typed or on the way; its dead may lie here, or another's."""
    kin, male = ((Kin.MOTHER, "F"), (Kin.FATHER, "M"))[number % 2]
    if number % 4 == 3:
        _on_the_way_to(ON_THE_WAY[number // 4 % len(ON_THE_WAY)], _given(enquiry, kin))
        return []
    parent, other = drawn.stranger(), drawn.stranger()
    typed = [(_given(enquiry, kin).code, male, parent)]
    if number < 2 * MORE_BODIES and number % 4 != 1:
        his = drawn.child(parent, other) if number % 4 == 0 else drawn.stranger()
        typed.append((_body(3 * MOST_FAMILIES + number).code, "M", his))
    return typed


def _given(enquiry: Enquiry, kin: Kin) -> ReferenceSample:
    contact = staff_of(Role.CONTACT)
    gift = Gift(
        name="Вигадана рідня", kin=kin, way=Way.POST, to="Місто, вулиця Вигадана, 3",
        scope=Scope.THIS_BUREAU, allowed=True, adult=True,
    )  # fmt: skip
    return actions.give_sample(enquiry=enquiry, gift=gift, by=contact)


def _body(number: int) -> Sample:
    expert, now = staff_of(Role.FORENSIC), timezone.now()
    one = the_dead.register_remains(
        kind=RemainsKind.WHOLE, bag=f"Д-{number + 1}", found=FOUND, hands=FirstHands(now, now),
        by=expert,
    )  # fmt: skip
    return the_dead.take_sample(
        remains=one, kind=SampleKind.BONE, what="стегно, середина", taken_at=now, by=expert
    )


def _on_the_way(enquiries: Iterable[Enquiry]) -> None:
    """A kit at each place of its way, and one that was withdrawn."""
    contact = staff_of(Role.CONTACT)
    for enquiry, state in zip(enquiries, (*ON_THE_WAY, State.WITHDRAWN), strict=False):
        sample = _on_the_way_to(state, _given(enquiry, Kin.MOTHER))
        if state == State.WITHDRAWN:
            actions.withdraw_sample(sample=sample, by=contact)


def _on_the_way_to(state: State, sample: ReferenceSample) -> ReferenceSample:
    for to in PATH.get(state, ()):
        sample = actions.note_step(sample=sample, to=to, by=staff_of(Role.CONTACT))
    return sample


def _lab_files(drawn: Drawn, typed: list[tuple[str, str, Genotypes]]) -> None:
    """One file of everything with a control of the laboratory, a faulty one, somebody's touch."""
    expert = staff_of(Role.FORENSIC)
    own = actions.register_elimination(staff=staff_of(Role.REGISTRAR), by=expert)
    touched, hers = _body(2 * MOST_FAMILIES), drawn.stranger()
    typed += [(own.code, "F", hers), (touched.code, "F", hers)]
    rows = [(in_groups(code), sex, profile) for code, sex, profile in typed]
    content = as_csv([*rows, ("CONTROL-2800M", "M", drawn.stranger())])
    actions.import_profiles(content=content, laboratory="Лабораторія 1 (вигадана)", by=expert)
    faulty = (
        f"sample,marker,allele1,allele2\n{rows[0][0]},D3S1358,15,OL\n{rows[0][0]},vWA,17,18,19\n"
    )
    actions.import_profiles(
        content=faulty.encode(), laboratory="Лабораторія 2 (вигадана)", by=expert
    )


def _told(enquiries: Iterable[Enquiry]) -> None:
    """Three families told something; the first brought a dentist's chart too."""
    contact = staff_of(Role.CONTACT)
    for number, enquiry in enumerate(enquiries):
        for group, said in TOLD.items():
            actions.keep_talk(enquiry=enquiry, part=Part(group, "мати", said, {}), by=contact)
        if number == 0:
            chart = {**dict.fromkeys((11, 12, 21, 22), Tooth.SOUND), 36: Tooth.FILLED}
            part = Part("teeth", "мати", {"bite": "щілина між передніми"}, chart, "2021-05")
            actions.keep_talk(enquiry=enquiry, part=part, by=contact)


def _nothing_left_to_search() -> None:
    """The search that the worker would make was made."""
    for job in app.job_manager.list_jobs(status="todo", task="comparisons.search"):
        app.job_manager.cancel_job_by_id(job.id or 0, delete_job=True)
