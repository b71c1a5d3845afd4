"""From a kit to the ranked list at the console: who sees names, and who sees profiles."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.bureau.comparisons.test_searching import Bench
from tests.factories import EnquiryFactory, StaffFactory
from tests.families import as_csv
from tests.web.desk import Desk
from wayhome.bureau.comparisons import queries
from wayhome.bureau.comparisons.models import Hit, ProfileFile, ReferenceSample, Talk
from wayhome.bureau.comparisons.searching import search_all
from wayhome.bureau.remains.actions import examine
from wayhome.bureau.remains.rules.teeth import Tooth, Verdict
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Role
from wayhome.lib.sheet_codes import in_groups

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NAME = "Ганна Вигадана"
GIFT = {"way": "here", "scope": "this bureau", "adult": "on", "allowed": "on", "name": NAME}


def test_a_kit_a_file_a_pair_and_who_reads_what():
    contact, expert, bench = Desk(Role.CONTACT), Desk(Role.FORENSIC), Bench()
    enquiry = EnquiryFactory()
    number = enquiry.bureau_number

    mother, father = (_kit(contact, number, kin) for kin in ("mother", "father"))
    _remains, bone = bench.remains()
    drawn = bench.drawn
    dad, mum = drawn.stranger(), drawn.stranger()
    _file(
        expert, (bone.code, "M", drawn.child(dad, mum)), (mother.code, "F", mum),
        (father.code, "M", drawn.stranger()), ("Контроль", "M", drawn.stranger()),
    )  # fmt: skip
    assert "Контроль" in expert.page(f"/console/bench/files/{ProfileFile.objects.get().pk}/")
    _faulty(expert)
    assert "No search was made yet" in expert.page("/console/bench/")
    expert.send("/console/bench/missing/", number="10000", grounds="реєстр зниклих")
    assert "Write on what" in expert.refused("/console/bench/missing/", number="5", grounds="")
    search_all()

    hit = Hit.objects.get()
    page = expert.page("/console/bench/")
    assert f"/console/bench/hits/{hit.pk}/" in page
    assert "a reference left out" in page
    page = expert.page(f"/console/bench/hits/{hit.pk}/")
    assert in_groups(father.code) in page
    assert "Tell it to no family." in page
    page = expert.page(f"/console/bench/families/{number}/")
    assert in_groups(mother.code) in page
    assert NAME not in page
    assert (
        "<svg" in expert.client.get(f"/console/bench/families/{number}/picture/").content.decode()
    )
    assert "Everybody" in expert.page(f"/console/bench/families/{number}/next/") or "FA" in page
    _by_hand(expert, number, mother, father)
    _only_their_own(number, hit)


def _kit(contact: Desk, number: str, kin: str) -> ReferenceSample:
    path = "/console/references/new/"
    assert "No enquiry has this number." in contact.refused(path, enquiry="A-1", kin=kin, **GIFT)
    contact.send(path, enquiry=number, kin=kin, **GIFT)
    sample = ReferenceSample.objects.get(kin=kin)
    page = f"/console/references/{sample.pk}/"
    assert NAME in contact.page(page)
    assert "does not follow" in contact.refused(page, to="laboratory")
    for step in ("came", "laboratory"):
        contact.send(page, to=step)
    assert in_groups(sample.code) in contact.page(f"/console/references/?q={number}")
    return sample


def _file(expert: Desk, *profiles) -> None:
    path = "/console/bench/files/new/"
    assert "Choose a file first." in expert.refused(path, laboratory="Л-1")
    content = SimpleUploadedFile("profiles.csv", as_csv(profiles))
    expert.send(path, laboratory="Л-1", file=content)


def _faulty(expert: Desk) -> None:
    content = SimpleUploadedFile("bad.csv", b"sample,marker,allele1,allele2\nX-1,TH01,6,OL\n")
    expert.send("/console/bench/files/new/", laboratory="", file=content)
    page = expert.page(f"/console/bench/files/{ProfileFile.objects.first().pk}/")
    assert 'role="alert"' in page
    assert re.search(r'wh-num">2</td>.*OL is no allele', page)


def _by_hand(expert: Desk, number: str, *samples: ReferenceSample) -> None:
    """The father is none of his: the geneticist writes another pedigree."""
    path = f"/console/bench/families/{number}/"
    lines = [("XX", "M", "", ""), ("MP", "M", "XX", in_groups(samples[0].code))]
    lines += [
        (in_groups(samples[0].code), "F", "", ""), (in_groups(samples[1].code), "M", "", ""),
    ]  # fmt: skip
    said = {
        f"{name}_{row}": value
        for row, one in enumerate(lines, start=1)
        for name, value in zip(("id", "sex", "father", "mother"), one, strict=True)
    }
    assert "Give your reason." in expert.refused(path, **said)
    expert.send(path, **said, reason="за профілями")
    assert "Written by hand" in expert.page(path)
    search_all()
    assert queries.hits_for(Hit.objects.first().remains)[0].not_supported == []


def _only_their_own(number: str, hit: Hit) -> None:
    """Names and genotypes meet in no role; a surprise is told to the geneticist alone."""
    names, profiles = "/console/references/", f"/console/bench/hits/{hit.pk}/"
    for role in CONSOLE_ROLES:
        client = Desk(role).client
        assert (client.get(names).status_code == 200) == (role == Role.CONTACT), role
        assert (client.get(profiles).status_code == 200) == (role == Role.FORENSIC), role


def test_a_family_tells_in_parts_and_charts_stand_tooth_by_tooth():
    contact, expert, bench = Desk(Role.CONTACT), Desk(Role.FORENSIC), Bench()
    enquiry = EnquiryFactory()
    number = enquiry.bureau_number
    path = f"/console/antemortem/{number}/"
    assert "Begin with this family" in contact.page(f"/console/antemortem/?q={number}")
    assert expert.status(path) == 404

    contact.send(f"{path}physical/", who="мати", height="180", hair="русяве")
    contact.send(f"{path}physical/", who="мати", height="178, за паспортом")
    teeth = {"teeth_filled": "36", "teeth_sound": "11-13 46", "chart_on": "05.2021"}
    assert "teeth change" in contact.refused(f"{path}teeth/", who="мати", teeth_filled="36")
    assert "no tooth" in contact.refused(f"{path}teeth/", who="мати", **teeth, teeth_crown="99")
    contact.send(f"{path}teeth/", who="мати", bite="щербинка", **teeth)
    assert contact.status(f"{path}nothing/") == 404

    page = expert.page(path)
    assert "178, за паспортом" in page
    assert "180" not in page
    assert "мати" not in page
    assert "мати" in contact.page(path)
    assert Talk.objects.count() == 3  # nothing is overwritten
    told = queries.ante_mortem_of(enquiry)
    assert told.fields["physical"]["hair"] == "русяве"
    assert (told.chart_on, told.version) == ("2021-05", 3)

    remains, _ = bench.remains()
    assert queries.teeth_between(remains, enquiry) == ()
    examine(
        remains=remains, said={"condition": "ціле"}, teeth={36: Tooth.SOUND, 11: Tooth.FILLED},
        reason="", by=StaffFactory(role=Role.FORENSIC),
    )  # fmt: skip
    verdicts = {one.number: one.verdict for one in queries.teeth_between(remains, enquiry)}
    assert verdicts[36] == Verdict.CONTRADICTS
    assert verdicts[11] == Verdict.EXPLAINED
