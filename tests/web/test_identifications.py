"""Names of the dead by HTTP: proposed, weighed side by side, signed apart, doubted."""

import io
import re
from datetime import timedelta

import pypdf
import pytest
from django.test import Client
from django.utils import timezone

from tests.bureau.identifications.dead import BOARD, hit, identified, remains_found
from tests.bureau.identifications.test_contradicting import matched
from tests.factories import EnquiryFactory
from tests.web.desk import Desk
from wayhome.bureau.comparisons.announcements import hits_changed
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.identifications.models import DeathTold, Identification, Wish
from wayhome.bureau.remains.models import Remains
from wayhome.bureau.staff.permissions import Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LIST = "/console/identifications/"


def test_from_a_hit_to_a_name_and_to_a_doubt():
    remains, enquiry = remains_found(), EnquiryFactory(unit="рота Б", service_no="К-417")
    hit(remains, enquiry)
    hits_changed.send(Remains, remains=remains)
    expert, tracer = Desk(Role.FORENSIC), Desk(Role.TRACING)
    path = f"{LIST}{Identification.objects.get().pk}/"

    _by_code_no_name(expert, path, enquiry.surname)
    _weighed(expert, tracer, path)
    expert.send(f"{path}board/", asked="identify")
    members = _signed_apart(path)
    page = members[0].page(path)
    assert "identified" in page
    assert "dissents" in page
    assert enquiry.surname in page
    _doubted(tracer, members[0], path)


def test_who_is_found_alive_after_he_was_named_is_doubted_in_words_without_a_name():
    identification = identified()
    matched(identification.enquiry)

    for role in (Role.TRACING, Role.FORENSIC):
        page = Desk(role).page(f"{LIST}{identification.pk}/")
        assert "a match joins him to the register, where he is not dead" in page
        assert "reopened" in page


def _by_code_no_name(expert: Desk, path: str, surname: str) -> None:
    assert surname not in expert.page(LIST)
    page = expert.page(path)
    assert surname not in page
    assert "10<sup>9.40</sup>" in page
    assert "1 : 400" in page
    assert "No line of evidence speaks for it yet." in page
    assert "Bring it before the board" not in page
    assert "One line stands alone" not in page
    told = expert.refused(f"{path}board/", asked="identify")
    assert "No line of evidence speaks for it yet." in told


def test_a_surprise_among_the_living_is_no_matter_of_the_board():
    remains, enquiry = remains_found(), EnquiryFactory()
    fits = hit(remains, enquiry)
    living = {"marker": "TH01", "persons": {"Ф-1": ["6"], "Ф-2": ["9"]}, "possible": True}
    fits.found = {"against": [living], "left_out": []}
    fits.save()
    hits_changed.send(Remains, remains=remains)
    path = f"{LIST}{Identification.objects.get().pk}/"

    for role in (Role.BOARD, Role.FORENSIC):
        page = Desk(role).page(path)
        assert "One thing is not supported by a reference." in page
        for told in ("TH01", "Ф-1", "Ф-2"):
            assert told not in page


def _weighed(expert: Desk, tracer: Desk, path: str) -> None:
    told = expert.refused(f"{path}evidence/dna/", word="established", reason="")
    assert "why it weighs so much" in told
    expert.send(f"{path}evidence/dna/", word="established", reason="23 маркери, мати й сестра")
    assert "One line stands alone" in expert.page(path)
    assert expert.status(f"{path}names/documents/") == 403
    assert tracer.status(f"{path}evidence/dental/") == 403
    assert tracer.status(f"{path}names/dental/") == 404
    page = tracer.page(f"{path}names/documents/")
    assert page.count("К-417") == 2  # the family's number, and the tag that was found
    assert "10<sup>" not in tracer.page(path)
    tracer.refused(f"{path}names/sight/", word="probable", reason="побратим")
    tracer.send(f"{path}names/documents/", word="probable", reason="жетон той самий")
    page = expert.page(path)
    assert "Nothing is missing. The board decides." in page
    assert "жетон той самий" not in page  # written by whoever reads the name


def _signed_apart(path: str) -> list[Desk]:
    members = []
    for number, profession in enumerate(BOARD):
        member = Desk(Role.BOARD)
        assert "Your profession is not noted." in member.page(path)
        member.staff.profession = profession
        member.staff.save()
        assert re.search(
            r"wait for your word</a></td><td[^>]*>(<span[^>]*>)?1<", member.page("/console/")
        )
        page = member.page(f"{path}sign/")
        assert "переконав" not in page
        assert f"{number} of 3 have signed." in member.page(path)
        word = "probable" if number == 1 else "established"
        assert "Please choose a word." in member.refused(f"{path}sign/", word="", reason="так")
        member.send(f"{path}sign/", word=word, reason=f"переконав {number}")
        members.append(member)
    assert "The board has decided." in members[0].refused(
        f"{path}sign/", word="established", reason="ще раз"
    )
    return members


def _doubted(tracer: Desk, member: Desk, path: str) -> None:
    said = {"cause": "mix-up", "reason": "у мішку дві бирки"}
    assert "A third person must doubt it." in member.refused(f"{path}doubt/", **said)
    tracer.send(f"{path}doubt/", **said)
    page = tracer.page(path)
    assert "reopened" in page
    assert "у мішку дві бирки" in page
    assert "переконав 1" in page
    by_code = Desk(Role.FORENSIC).page(path)  # reasons may hold a name
    assert "reopened" in by_code
    assert "у мішку дві бирки" not in by_code
    assert "переконав 1" not in by_code
    assert re.search(
        r"that are doubted</a></td><td[^>]*>(<span[^>]*>)?1<", tracer.page("/console/")
    )


def test_whom_papers_point_to_is_opened_by_hand_once():
    remains, enquiry, tracer = remains_found(), EnquiryFactory(), Desk(Role.TRACING)
    new = f"{LIST}new/"
    assert "No remains have this number." in tracer.refused(new, number="1", person="2")
    assert "No enquiry and no captive has this number." in tracer.refused(
        new, number=remains.bureau_number, person="2"
    )
    said = {"number": remains.bureau_number, "person": enquiry.bureau_number, "why": "жетон"}
    tracer.send(new, **said)
    assert "held against each other already" in tracer.refused(new, **said)
    assert enquiry.surname in tracer.page(f"{LIST}?q={remains.bureau_number}")
    assert "Nothing fits this search." in tracer.page(f"{LIST}?q=нічого")
    assert Desk(Role.CONTACT).status(LIST) == 403


def test_a_family_is_told_by_people_and_of_a_doubt_too():
    enquiry = EnquiryFactory(surname="Скоробогатько")
    enquiry.enquirer.contact = {"channel": "telephone", "to": "+7 000", "hours": "с 18 до 20"}
    enquiry.enquirer.save()
    identification = identified(enquiry=enquiry)
    contact, her = Desk(Role.CONTACT), _at_home(enquiry)
    path = f"/console/deaths/{identification.pk}/{enquiry.bureau_number}/"

    assert "Скоробогатько" in contact.page("/console/deaths/")
    assert "Человек, которого вы ищете, умер." in contact.page(path)  # in her language
    assert "There is nothing we can tell you today." in _waiting(her)
    assert "Two verifiers have not confirmed" in contact.refused(f"{path}invitation/")
    _kin(enquiry)
    contact.send(f"{path}invitation/")
    assert "This is the same sentence for every kind of news." in _waiting(her)
    _told(contact, path)
    page = _waiting(her)
    assert "The person you seek has died." in page
    assert "a comparison with the family" in page
    assert "Talk with the person you seek" not in page
    told = DeathTold.objects.get()
    _papers(contact, identification, told)
    _wish(contact, told)
    _doubt(contact, identification, told)
    page = _waiting(her)
    assert "There is nothing we can tell you today." in page
    assert "has died" not in page


def _kin(enquiry: Enquiry) -> None:
    """Two verifiers say that she is a relative; who tells her cannot."""
    first, second = Desk(Role.VERIFIER), Desk(Role.VERIFIER)
    path = f"/console/kinship/dead/{enquiry.bureau_number}/"
    assert re.search(
        r"Kinship to be weighed</a></td><td[^>]*>(<span[^>]*>)?1<", first.page("/console/")
    )
    assert enquiry.surname in first.page("/console/kinship/dead/")
    assert Desk(Role.CONTACT).status(path) == 403
    said = {"level": "proven", "reason": "метрика", "check_names": "agrees", "check_dna": "unclear",
            "check_identity": "unclear", "check_relative": "unclear"}  # fmt: skip
    assert "Proven needs a paper" in first.refused(path, **said, check_birth="unclear")
    first.send(path, **said, check_birth="agrees")
    assert "A second person confirms." in first.refused(f"{path}confirmation/")
    assert enquiry.surname in second.page("/console/kinship/dead/?state=second")
    second.send(f"{path}confirmation/")
    assert "confirmed by" in second.page(path)


def _at_home(enquiry: Enquiry) -> Client:
    client = Client(headers={"accept-language": "en"})
    session = client.session
    session["enquirer_id"] = str(enquiry.enquirer.pk)
    session.save()
    return client


def _waiting(her: Client) -> str:
    answer = her.get("/waiting/")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def _told(contact: Desk, path: str) -> None:
    said = {"way": "in person", "talked": "on"}
    assert "In person two of us come." in contact.refused(f"{path}told/", **said)
    assert "Tell her first." in contact.refused(f"{path}told/", **{**said, "talked": ""})
    contact.send(f"{path}told/", **{**said, "way": "telephone", "present": "сестра"})
    assert "сестра" in contact.page(path)


def _papers(contact: Desk, identification: Identification, told: DeathTold) -> None:
    answer = contact.client.get(f"/console/deaths/told/{told.pk}/certificate/")
    text = text_of_pdf(answer.content)
    assert "Справка о смерти" in text
    assert "Скоробогатько" in text
    tracer = Desk(Role.TRACING)
    path = f"{LIST}{identification.pk}/notification/"
    for language, words in (
        ("uk", "Повідомлення про смерть"), ("ru", "Извещение о смерти"),
        ("en", "Notification of death"),
    ):  # fmt: skip
        answer = tracer.client.get(path, headers={"accept-language": language})
        assert words in text_of_pdf(answer.content)
    assert Desk(Role.FORENSIC).status(path) == 403


def text_of_pdf(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def _wish(contact: Desk, told: DeathTold) -> None:
    path = f"/console/deaths/told/{told.pk}/wish/"
    said = {"return_": "home", "belongings": "with him", "rite": "православний"}
    assert "Nothing is asked of her on the day of the first talk." in contact.refused(path, **said)
    DeathTold.objects.filter(pk=told.pk).update(at=timezone.now() - timedelta(days=2))
    contact.send(path, **said)
    assert Wish.objects.get().wishes["rite"] == "православний"


def _doubt(contact: Desk, identification: Identification, told: DeathTold) -> None:
    tracer = Desk(Role.TRACING)
    tracer.send(f"{LIST}{identification.pk}/doubt/", cause="mix-up", reason="дві бирки")
    assert "must be told of the doubt" in tracer.page(f"{LIST}{identification.pk}/")
    page = contact.page("/console/deaths/told/?state=to_correct")
    assert told.enquiry.bureau_number in page
    contact.send(f"/console/deaths/told/{told.pk}/error/")
    assert told.enquiry.bureau_number not in contact.page(
        "/console/deaths/told/?state=to_correct"
    )  # fmt: skip
    assert contact.status(f"/console/deaths/told/{told.pk}/certificate/") == 404
