"""Programmes: what is published, by whom, what is refused, who hears of a withdrawal."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pypdfium2 as pdfium
import pytest
import zxingcpp
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.cases import Case
from tests.factories import StaffFactory
from tests.traces import nothing_written
from wayhome.bureau.answers.models import OutgoingMessage
from wayhome.bureau.captives import actions as captives
from wayhome.bureau.captives.rules import EventKind
from wayhome.bureau.returns import telling
from wayhome.bureau.returns.facts import facts_of, facts_of_man
from wayhome.bureau.returns.genuine import is_genuine
from wayhome.bureau.returns.leaflets import leaflet_of
from wayhome.bureau.returns.models import Programme
from wayhome.bureau.returns.programmes import (
    change_draft,
    draft_programme,
    end_programme,
    publish_programme,
)
from wayhome.bureau.returns.rules import Road, by_when, reasons_against, rows_of
from wayhome.bureau.returns.rules.programmes import (
    MAY_BECOME,
    PARTS,
    Comes,
    Condition,
    ProgrammeState,
    Told,
    faults_of,
    why_not_end,
    why_not_publish,
)
from wayhome.bureau.returns.telling import tell_next
from wayhome.bureau.staff.permissions import Forbidden, Role
from wayhome.config.demo.programmes import FIRST, told_in
from wayhome.lib.jurisdiction import (
    LANGUAGES,
    Profile,
    ProfileUnreadable,
    path_of,
    profile,
    read,
)
from wayhome.lib.refusal import Refused
from wayhome.web.voice import forbidden_in, long_sentences

S = ProgrammeState
ELSEWHERE = Path(__file__).with_name("elsewhere.toml")
PROFILES = [path_of("ua"), ELSEWHERE]
by_profile = pytest.mark.parametrize("path", PROFILES, ids=["ua", "elsewhere"])


def whole(country: Profile) -> Told:
    """A programme of this country that lacks nothing."""
    return replace(
        told_in(FIRST),
        signed_by=country.authorities[0].code,
        crossings=(country.crossings[0].code,),
        baggage_kg=country.baggage_kg,
    )


WRONG = {
    "no act of law": ({"legal_act": " "}, "programmes.act"),
    "signed by nobody": ({"signed_by": "a king"}, "programmes.signed"),
    "no road": ({"roads": ()}, "programmes.roads"),
    "an unlawful road": ({"roads": ("ransom", "agreed exchange")}, "programmes.roads"),
    "nothing for whom nobody comes for": ({"alone": ""}, "programmes.alone"),
    "a road that it does not use": ({"alone": Road.PAROLE.value}, "programmes.alone"),
    "a price": ({"conditions": (*Condition, "gives an interview")}, "programmes.price"),
    "20 kilograms": ({"baggage_kg": 20}, "programmes.baggage"),
    "over before it begins": ({"closes_on": timezone.localdate().replace(year=2021)},
                              "programmes.days"),
    "nobody may come": ({"comes": ()}, "programmes.comes"),
    "somebody who pays": ({"comes": (Comes.MOTHER, "who pays")}, "programmes.comes"),
    "no crossing": ({"crossings": ()}, "programmes.crossings"),
    "a crossing of another country": ({"crossings": ("moon",)}, "programmes.crossings"),
    "no telephone": ({"phones": ()}, "programmes.phones"),
}  # fmt: skip


@by_profile
@pytest.mark.parametrize("what", WRONG)
def test_what_may_not_be_published_is_said_at_its_field(path, what):
    country = read(path)
    changed, code = WRONG[what]
    fine = whole(country)

    assert list(faults_of(fine, country)) == []
    found = list(faults_of(replace(fine, **changed), country))
    assert code in {refusal.code for refusal in found}
    assert all(refusal.field for refusal in found)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_every_part_is_said_in_every_language(language, part):
    country = read(ELSEWHERE)
    told = whole(country)
    texts = {**told.texts, language: {**told.texts[language], part: " "}}

    (missing,) = faults_of(replace(told, texts=texts), country)

    assert (missing.code, missing.field) == ("programmes.text", f"{language}_{part}")


def test_a_second_person_publishes_and_nothing_is_published_twice():
    country = read(ELSEWHERE)
    asked = {"state": S.DRAFT, "drafted_by_me": False, "profile": country}
    told = whole(country)

    assert why_not_publish(told, **asked) == []
    for changed, code in (
        ({"drafted_by_me": True}, "programmes.second"),
        *(({"state": state}, "programmes.state") for state in S if state != S.DRAFT),
    ):
        assert [one.code for one in why_not_publish(told, **{**asked, **changed})] == [code]


def test_every_state_says_what_may_follow_and_an_end_needs_a_reason():
    assert set(MAY_BECOME) == set(S)
    for state in S:
        for to in (S.CLOSED, S.WITHDRAWN):
            refused = why_not_end(state, to, reason="строк минув")
            assert (refused is None) == (state == S.PUBLISHED)
    no_reason = why_not_end(S.PUBLISHED, S.CLOSED, reason=" ")
    assert no_reason
    assert no_reason.field == "reason"


def test_the_announcement_of_march_2022_says_what_was_said_and_nothing_we_do_not_say():
    told = told_in(FIRST)
    assert len(told.phones) == 3
    assert told.opens_on.isoformat() == "2022-03-02"
    for language in LANGUAGES:
        for part, text in told.texts[language].items():
            assert not forbidden_in(text, language), (language, part)
            assert not long_sentences(text), (language, part)
    way = told.texts["en"]["way"]
    assert all(word in way for word in ("Kaliningrad", "Minsk", "Poland", "Kyiv"))
    assert "безкоштовно" in told.texts["uk"]["message"]


# Profiles.


@by_profile
def test_a_profile_has_a_day_for_everybody_who_can_change_a_reason(path):
    country, today = read(path), timezone.localdate()
    for road in Road:
        days = [by_when(row.reason, today, country.within) for row in rows_of(road)]
        assert all(day is None or day > today for day in days)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("baggage_kg = 25", "baggage_kg = 24"),
        ('"registrar" = 1', '"registrar" = 0'),
        ('"physician" = 2', ""),
        ("[crossings.bridge]", "[other.bridge]"),
        ('en = "Lakeland"', ""),
        ("[policy]", "[policy"),
    ],
)
def test_a_profile_that_lacks_something_says_what(tmp_path, old, new):
    path = tmp_path / f"{abs(hash((old, new)))}.toml"
    path.write_text(ELSEWHERE.read_text("utf-8").replace(old, new), "utf-8")

    with pytest.raises(ProfileUnreadable):
        read(path)
    with pytest.raises(ProfileUnreadable):
        read(tmp_path / "nowhere.toml")


# What is kept and done.


def published(case: Case, **changed: object) -> Programme:
    told = replace(whole(profile()), **changed)
    draft = draft_programme(told=told, by=case.staff(Role.LEGAL))
    return publish_programme(programme=draft, by=case.staff(Role.LEGAL, 2))


@pytest.mark.slow
@pytest.mark.django_db
@by_profile
def test_a_programme_is_written_by_one_published_by_another_and_changed_by_nobody(path, settings):
    settings.PROFILE = str(path)
    case = Case()
    first, second = case.staff(Role.LEGAL), case.staff(Role.LEGAL, 2)
    told = whole(profile())
    draft = draft_programme(told=replace(told, alone=""), by=first)
    with nothing_written(), pytest.raises(Refused) as refused:
        publish_programme(programme=draft, by=first)
    codes = [one.code for one in refused.value.refusals]
    assert codes == ["programmes.alone", "programmes.second"]

    change_draft(programme=draft, told=told, by=second)
    with nothing_written(), pytest.raises(Refused, match=r"programmes\.second"):
        publish_programme(programme=draft, by=second)
    done = publish_programme(programme=draft, by=first)

    assert (done.state, done.number, done.profile) == (S.PUBLISHED, 1, read(path).code)
    with nothing_written(), pytest.raises(Refused, match=r"programmes\.published"):
        change_draft(programme=done, told=told, by=second)
    for role in (Role.DECISION, Role.COORDINATOR, Role.OPERATOR, Role.ADMINISTRATOR):
        other = StaffFactory(role=role)
        with nothing_written(), pytest.raises(Forbidden):
            draft_programme(told=told, by=other)
    assert all(is_genuine(code) for code in done.codes.values())
    assert len(set(done.codes.values())) == len(LANGUAGES)


@pytest.mark.slow
@pytest.mark.django_db
def test_the_database_wants_a_second_person_a_road_for_the_lonely_and_no_price():
    one = published(Case())

    for change in (
        {"published_by": one.drafted_by},
        {"published_at": None},
        {"alone": ""},
        {"conditions": ["gives an interview"]},
        {"state": S.WITHDRAWN},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Programme.objects.filter(pk=one.pk).update(**change)


@pytest.mark.slow
@pytest.mark.django_db
def test_an_open_programme_opens_the_invitation_and_a_withdrawn_one_honours_journeys_begun():
    case, other = Case(road=Road.INVITATION), Case()
    _ = other.application, other.verdict, other.consented, other.assessed
    assert "returns.no_programme" in against(other)
    one = published(case)
    assert against(other) == []
    _ = case.appointment  # a journey begins

    by = case.staff(Role.LEGAL)
    with nothing_written(), pytest.raises(Refused, match=r"programmes\.reason"):
        end_programme(programme=one, to=S.WITHDRAWN, reason=" ", by=by)
    end_programme(programme=one, to=S.WITHDRAWN, reason="скасовано", by=by)

    assert against(other) == ["returns.no_programme"]
    assert against(case) == []
    no_family = facts_of_man(other.captive, Road.INVITATION)
    assert "returns.no_programme" in [one.code for one in reasons_against(no_family)]


def against(case: Case) -> list[str]:
    return [one.code for one in reasons_against(facts_of(case.application, Road.INVITATION))]


@pytest.mark.slow
@pytest.mark.django_db
def test_of_a_withdrawal_every_family_that_allowed_it_hears_once_and_frozen_ones_from_a_person(
    monkeypatch,
):
    monkeypatch.setattr(telling, "SLICE", 2)
    waiting, known, told = Case(), Case(), Case()
    _ = waiting.made, known.match, told.told
    died = captives.Happening(EventKind.DIED, on="2022-05-01")
    captives.record_custody_event(
        captive=told.captive, happened=died, by=told.staff(Role.REGISTRAR)
    )
    one = published(waiting)
    end_programme(programme=one, to=S.WITHDRAWN, reason="скасовано", by=waiting.staff(Role.LEGAL))
    before = OutgoingMessage.objects.count()

    while tell_next(one):
        pass
    assert not tell_next(one)  # run again it writes to nobody

    written = OutgoingMessage.objects.exclude(page_of=None)
    assert OutgoingMessage.objects.count() - before == 2
    assert {message.page_of_id for message in written} == {waiting.enquiry.pk, known.enquiry.pk}


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_leaflet_is_a5_in_its_language_with_a_picture_that_leads_to_its_page(language):
    one = published(Case())
    address = f"https://example.org/programmes/{one.number}/"

    pdf = pdfium.PdfDocument(leaflet_of(one, language, address))

    assert len(pdf) <= 2
    width, height = pdf[0].get_size()
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (148, 210)
    text = " ".join(page.get_textpage().get_text_range() for page in pdf)
    text = re.sub(r"\s+", " ", text)
    assert one.texts[language]["title"] in text
    assert one.codes[language] in text
    assert all(phone in text for phone in one.phones)
    read_off = [
        found.text
        for page in pdf
        for found in zxingcpp.read_barcodes(page.render(scale=3).to_pil().convert("L"))
    ]
    assert read_off == [address]
    pdf.close()


@pytest.mark.slow
@pytest.mark.django_db
def test_a_code_is_genuine_in_any_writing_and_another_is_not():
    one = published(Case(), closes_on=timezone.localdate() + timedelta(days=30))
    code = one.codes["uk"]

    for typed in (code, code.lower(), code.replace("-", " "), f"  {code.replace('-', '')} "):
        assert is_genuine(typed)
    for typed in ("", "0000-0000-0000", code[:-1], f"{code}0", "код", code[::-1]):
        assert not is_genuine(typed)
