"""From a sample to a ranked list: profiles by code, the blind search, what it suspects."""

import hashlib

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.at_once import beside
from tests.factories import EnquiryFactory, StaffFactory
from tests.families import Drawn, as_csv
from wayhome.bureau.comparisons import actions, bridge, queries
from wayhome.bureau.comparisons.actions.samples import Gift
from wayhome.bureau.comparisons.announcements import hit_fell
from wayhome.bureau.comparisons.models import (
    FamilyPedigree,
    Hit,
    Profile,
    ReferenceSample,
    Run,
)
from wayhome.bureau.comparisons.rules.pedigrees import Member
from wayhome.bureau.comparisons.rules.profiles import Holder
from wayhome.bureau.comparisons.rules.samples import Kin, Scope, State, Way
from wayhome.bureau.comparisons.searching import family_of, search_all
from wayhome.bureau.remains import actions as remains_actions
from wayhome.bureau.remains.actions import FirstHands
from wayhome.bureau.remains.models import Remains, Sample
from wayhome.bureau.remains.rules.findings import SampleKind
from wayhome.bureau.remains.rules.register import Found, RemainsKind
from wayhome.bureau.staff.permissions import Forbidden, Role
from wayhome.lib.refusal import Refused
from wayhome.lib.sheet_codes import in_groups

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def gift(kin=Kin.MOTHER, **more) -> Gift:
    told = {
        "name": "Ганна Вигадана", "kin": kin, "way": Way.HERE, "to": "",
        "scope": Scope.THIS_BUREAU, "allowed": True, "adult": True,
    }  # fmt: skip
    return Gift(**{**told, **more})


class Bench:
    """A geneticist, a family contact, and what comes in to them."""

    def __init__(self) -> None:
        self.expert = StaffFactory(role=Role.FORENSIC)
        self.contact = StaffFactory(role=Role.CONTACT)
        self.drawn = Drawn(7)

    def sample(self, enquiry, kin) -> ReferenceSample:
        made = actions.give_sample(enquiry=enquiry, gift=gift(kin), by=self.contact)
        for to in (State.CAME, State.AT_LABORATORY):
            actions.note_step(sample=made, to=to, by=self.contact)
        return made

    def remains(self, bag="М-1") -> tuple[Remains, Sample]:
        now = timezone.now()
        one = remains_actions.register_remains(
            kind=RemainsKind.WHOLE, bag=bag, found=Found(on="2022-05-03", scene="поле"),
            hands=FirstHands(now, now), by=self.expert,
        )  # fmt: skip
        sample = remains_actions.take_sample(
            remains=one, kind=SampleKind.BONE, what="стегно", taken_at=now, by=self.expert
        )
        return one, sample

    def typed(self, *profiles):
        """A laboratory's file of (sample, sex, genotypes)."""
        content = as_csv((in_groups(of.code), sex, profile) for of, sex, profile in profiles)
        return actions.import_profiles(content=content, laboratory="Л-1", by=self.expert)

    @staticmethod
    def suspected() -> dict[str, list[str]]:
        return {one["kind"]: one["codes"] for one in Run.objects.first().suspicions}


@pytest.fixture
def bench(db) -> Bench:
    return Bench()


def test_a_family_meets_its_dead_and_a_withdrawal_undoes_it(bench):
    """Blind: by codes alone; and with the key of a sample all falls that rested on it."""
    drawn, enquiry, other = bench.drawn, EnquiryFactory(), EnquiryFactory()
    father, mother = drawn.stranger(), drawn.stranger()
    his, sister = drawn.child(father, mother), drawn.child(father, mother)
    one, bone = bench.remains()
    _two, tooth = bench.remains("М-2")
    of_mother, of_sister = bench.sample(enquiry, Kin.MOTHER), bench.sample(enquiry, Kin.SISTER)
    of_other = bench.sample(other, Kin.FATHER)
    file = bench.typed(
        (bone, "M", his), (tooth, "M", drawn.stranger()), (of_mother, "F", mother),
        (of_sister, "F", sister), (of_other, "M", drawn.stranger()),
    )  # fmt: skip
    assert (file.taken, file.faults, file.unknown) == (5, [], [])
    actions.count_missing(number=10_000, grounds="реєстр зниклих", by=bench.expert)

    run = search_all()

    assert (run.remains, run.families, run.missing) == (2, 2, 10_000)
    hit = queries.hits_between(one, enquiry)
    assert [each.pk for each in queries.hits_for(one)] == [hit.pk]
    assert hit.log10_lr > 7
    assert hit.posterior > 0.999
    assert (hit.prior, hit.rank) == (1e-4, 1)
    assert hit.chance_matches < 1e-5
    assert (hit.contradictions, hit.not_supported) == ([], [])
    assert bench.suspected() == {}

    search_all()  # again: what stands stays, so that whoever signed may keep its id
    assert queries.hits_between(one, enquiry).pk == hit.pk

    fell = []
    hit_fell.connect(lambda sender, hit, **_: fell.append(hit.pk), weak=False, dispatch_uid="t")
    actions.withdraw_sample(sample=of_mother, by=enquiry.enquirer)
    hit_fell.disconnect(dispatch_uid="t")
    assert fell == [hit.pk]
    assert queries.hits_between(one, enquiry) is None
    gone = Profile.objects.get(reference=of_mother)
    assert gone.typed is None
    assert ReferenceSample.objects.get(pk=of_mother.pk).giver is None
    with pytest.raises(Refused, match=r"sample\.withdrawn"):
        actions.withdraw_sample(sample=of_mother, by=enquiry.enquirer)


def test_after_a_withdrawal_nothing_of_that_person_can_be_read(bench):
    """Profile, pairs that stand and that fell, pedigrees, what was suspected, the file."""
    drawn, enquiry = bench.drawn, EnquiryFactory()
    father, mother = drawn.stranger(), drawn.stranger()
    _one, bone = bench.remains()
    sample = bench.sample(enquiry, Kin.MOTHER)
    bench.typed((bone, "M", drawn.child(father, mother)), (sample, "M", mother))
    search_all()
    actions.count_missing(number=900, grounds="реєстр", by=bench.expert)
    members = [Member("FA", "M"), Member(sample.code, "F"), Member("MP", "M", "FA", sample.code)]
    actions.draw_pedigree(enquiry=enquiry, members=members, reason="так", by=bench.expert)
    search_all()
    assert Hit.objects.visible_to(bench.expert).count() == 2  # one of them fell
    assert bench.suspected() == {"other sex": [sample.code]}
    assert Run.objects.earliest("at").suspicions is None  # only the last is read

    actions.withdraw_sample(sample=sample, by=enquiry.enquirer)

    assert Hit.objects.count() == 2
    assert [hit.found for hit in Hit.objects.all()] == [None, None]
    assert not Hit.objects.visible_to(bench.expert).exists()
    assert Profile.objects.get(reference=sample).typed is None
    assert FamilyPedigree.objects.get().members is None
    assert bench.suspected() == {}
    assert not (settings.FOLDER.media / "comparisons").exists()
    assert family_of(enquiry).members
    search_all()


def test_a_sample_that_is_taken_back_while_the_search_runs_is_in_no_pair(bench, monkeypatch):
    drawn, enquiry, other = bench.drawn, EnquiryFactory(), EnquiryFactory()
    mother, hers = drawn.stranger(), drawn.stranger()
    one, bone = bench.remains()
    _two, rib = bench.remains("М-2")
    sample, kept = bench.sample(enquiry, Kin.MOTHER), bench.sample(other, Kin.MOTHER)
    bench.typed(
        (bone, "M", drawn.child(drawn.stranger(), mother)), (sample, "M", mother),
        (rib, "M", drawn.child(drawn.stranger(), hers)), (kept, "F", hers),
    )  # fmt: skip
    compare_all = bridge.compare_all

    def meanwhile(*args):
        found = compare_all(*args)
        actions.withdraw_sample(sample=sample, by=enquiry.enquirer)
        return found

    monkeypatch.setattr(bridge, "compare_all", meanwhile)
    search_all()

    assert [hit.enquiry for hit in Hit.objects.all()] == [other]
    assert bench.suspected() == {}
    assert queries.hits_between(one, enquiry) is None


@pytest.mark.django_db(transaction=True)
def test_a_profile_that_comes_while_its_sample_is_taken_back_is_not_kept():
    bench, enquiry = Bench(), EnquiryFactory()
    sample = bench.sample(enquiry, Kin.MOTHER)
    content, taken = as_csv([(sample.code, "F", bench.drawn.stranger())]), []

    def comes() -> None:
        made = actions.import_profiles(content=content, laboratory="Л", by=bench.expert)
        taken.append(made.taken)

    with beside(comes):
        actions.withdraw_sample(sample=sample, by=enquiry.enquirer)

    assert taken == [0]
    assert not Profile.objects.exists()


def test_what_does_not_fit_among_the_living_is_told_to_the_bench_alone(bench):
    """A brother of another father: nothing of the remains, and nobody's business (LAW 69)."""
    drawn, enquiry = bench.drawn, EnquiryFactory()
    father, mother = drawn.stranger(), drawn.stranger()
    one, bone = bench.remains()
    given = {kin: bench.sample(enquiry, kin) for kin in (Kin.MOTHER, Kin.FATHER, Kin.BROTHER)}
    bench.typed(
        (bone, "M", drawn.child(father, mother)), (given[Kin.MOTHER], "F", mother),
        (given[Kin.FATHER], "M", father),
        (given[Kin.BROTHER], "M", drawn.child(drawn.stranger(), mother)),
    )  # fmt: skip

    search_all()

    hit = queries.hits_between(one, enquiry)
    living = [one for one in hit.against if "MP" not in one["persons"]]
    assert living
    assert hit.surprises
    assert hit.contradictions == []
    told = repr(queries.evidence_for(one, enquiry))
    assert given[Kin.BROTHER].code not in told.replace(repr(tuple(hit.not_supported)), "")


def test_a_relative_is_held_against_no_other_family(bench):
    """So stands on the page on which the sample was given; in her own family twins are seen."""
    enquiry, other = EnquiryFactory(), EnquiryFactory()
    hers = bench.drawn.stranger()
    first, twin = bench.sample(enquiry, Kin.SISTER), bench.sample(enquiry, Kin.SISTER)
    stranger = bench.sample(other, Kin.SISTER)
    bench.typed((first, "F", hers), (stranger, "F", hers))
    search_all()
    assert bench.suspected() == {}

    bench.typed((twin, "F", hers))
    search_all()
    assert set(bench.suspected()["same reference"]) == {first.code, twin.code}


def test_more_remains_more_strangers_among_them(bench):
    drawn, enquiry = bench.drawn, EnquiryFactory()
    father, mother = drawn.stranger(), drawn.stranger()
    actions.count_missing(number=100, grounds="реєстр", by=bench.expert)
    one, bone = bench.remains()
    sample = bench.sample(enquiry, Kin.MOTHER)
    bench.typed((bone, "M", drawn.child(father, mother)), (sample, "F", mother))
    search_all()
    before = queries.hits_between(one, enquiry)
    bench.typed((bench.remains("М-2")[1], "M", drawn.stranger()))
    search_all()

    after = queries.hits_between(one, enquiry)
    assert after.pk == before.pk
    assert after.chance_matches == pytest.approx(2 * before.chance_matches)


def test_a_father_who_is_none_hides_no_son_and_only_the_bench_learns_why(bench):
    """LAW 69: the pair is found without him; to others his reference is "not supported"."""
    drawn, enquiry = bench.drawn, EnquiryFactory()
    father, mother = drawn.stranger(), drawn.stranger()
    one, bone = bench.remains()
    of_mother, of_father = bench.sample(enquiry, Kin.MOTHER), bench.sample(enquiry, Kin.FATHER)
    of_brother = bench.sample(enquiry, Kin.BROTHER)
    bench.typed(
        (bone, "M", drawn.child(father, mother)), (of_mother, "F", mother),
        (of_father, "M", drawn.stranger()), (of_brother, "M", drawn.child(father, mother)),
    )  # fmt: skip

    search_all()

    hit = queries.hits_between(one, enquiry)
    assert hit.log10_lr > 4
    assert hit.not_supported == [of_father.code]
    assert queries.evidence_for(one, enquiry).not_supported == (of_father.code,)
    assert of_father.code in bench.suspected()["excluded"]
    # What others are given holds no allele and no word of why.
    assert not {"found", "typed"} & set(Hit.Disclosure.weighing)


def test_mix_ups_are_suspected(bench):
    drawn, enquiry = bench.drawn, EnquiryFactory()
    same, staffs, hers = drawn.stranger(), drawn.stranger(), drawn.stranger()
    (_, bone), (_, tooth), (_, nail) = (bench.remains(f"М-{n}") for n in range(3))
    (_, rib) = bench.remains("М-9")
    of_mother, of_sister = bench.sample(enquiry, Kin.MOTHER), bench.sample(enquiry, Kin.SISTER)
    code = actions.register_elimination(staff=bench.contact, by=bench.expert)
    bench.typed(
        (bone, "M", same), (tooth, "M", same), (nail, "M", staffs), (code, "F", staffs),
        (of_mother, "M", hers), (of_sister, "F", drawn.stranger()), (rib, "F", hers),
    )  # fmt: skip
    changed = {**same, "TH01": ["6", "9.3"] if same["TH01"] != ["6", "9.3"] else ["7", "8"]}
    bench.typed((tooth, "M", changed))
    search_all()

    suspected = bench.suspected()

    assert set(suspected["elimination"]) == {nail.code, code.code}
    assert set(suspected["remains as reference"]) == {rib.code, of_mother.code}
    assert suspected["other sex"] == [of_mother.code]
    assert suspected["typed anew"] == [tooth.code]
    assert "same remains" not in suspected  # typed anew, the tooth is another's
    actions.import_profiles(
        content=as_csv([(tooth.code, "M", same)]), laboratory="Л-1", by=bench.expert
    )
    search_all()
    assert set(bench.suspected()["same remains"]) == {bone.code, tooth.code}


def test_a_faulty_file_is_told_with_every_fault_by_line_and_nothing_is_taken(bench):
    _, bone = bench.remains()
    content = (
        f"sample,marker,allele1,allele2\n{bone.code},D3S1358,14,OL\n{bone.code},vWA,17,18\n"
        f",TH01,6,7\nЧУЖИЙ,TH01,6,7\n"
    ).encode()

    file = actions.import_profiles(content=content, laboratory="Л-2", by=bench.expert)

    assert [one["line"] for one in file.faults] == [2, 4]
    assert file.taken == 0
    assert file.unknown == ["ЧУЖИЙ"]
    assert not Profile.objects.exists()
    assert file.digest == hashlib.sha256(content).hexdigest()
    assert actions.import_profiles(content=b"\x00\xff", laboratory="", by=bench.expert).faults


def test_a_pedigree_by_hand_counts_and_the_core_says_what_it_cannot_be(bench):
    enquiry = EnquiryFactory()
    sample = bench.sample(enquiry, Kin.OTHER)
    cycle = [Member("MP", "M", sample.code, "MO"), Member("MO", "F"),
             Member(sample.code, "M", "MP", "MO")]  # fmt: skip
    with pytest.raises(Refused, match=r"pedigree\.core"):
        actions.draw_pedigree(enquiry=enquiry, members=cycle, reason="так", by=bench.expert)
    uncle = [
        Member("GF", "M"), Member("GM", "F"), Member("MO", "F"), Member("FA", "M", "GF", "GM"),
        Member(sample.code, "M", "GF", "GM"), Member("MP", "M", "FA", "MO"),
    ]  # fmt: skip
    actions.draw_pedigree(enquiry=enquiry, members=uncle, reason="дядько", by=bench.expert)

    assert list(family_of(enquiry).members) == uncle


def test_only_the_bench_sees_profiles_and_only_a_giver_or_the_contact_gives(bench):
    enquiry, stranger = EnquiryFactory(), EnquiryFactory()
    with pytest.raises(Forbidden):
        actions.give_sample(enquiry=enquiry, gift=gift(), by=stranger.enquirer)
    sample = actions.give_sample(enquiry=enquiry, gift=gift(), by=enquiry.enquirer)
    with pytest.raises(Forbidden):
        actions.withdraw_sample(sample=sample, by=stranger.enquirer)
    with pytest.raises(Forbidden):
        actions.import_profiles(content=b"", laboratory="", by=bench.contact)
    for role in Role:
        if role not in ("nobody", "family", "captive"):
            seen = Hit.objects.visible_to(StaffFactory(role=role)).query.is_empty()
            assert seen == (role != Role.FORENSIC), role


def test_the_database_knows_no_profile_of_anybody_else(bench):
    _, bone = bench.remains()
    bench.typed((bone, "M", bench.drawn.stranger()))
    profile = Profile.objects.get()
    for wrong in ({"holder": Holder.REFERENCE}, {"sample": None}):
        with pytest.raises(IntegrityError, match="one_holder"), transaction.atomic():
            Profile.objects.filter(pk=profile.pk).update(**wrong)
