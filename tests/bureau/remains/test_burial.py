"""What is done before a burial, by action: refused without a sample, and each lies alone."""

import io

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from PIL import Image

from tests.at_once import DONE, all_at_once
from tests.bureau.remains.test_actions import registered, seen
from tests.factories import StaffFactory
from tests.traces import nothing_written
from wayhome.bureau.remains import actions, store
from wayhome.bureau.remains.actions import Grave, Ground
from wayhome.bureau.remains.models import Burial, EffectsList, Examination, Photograph, Sample
from wayhome.bureau.remains.rules.burial import StoreKind
from wayhome.bureau.remains.rules.findings import Piece, SampleKind, View
from wayhome.bureau.remains.rules.register import State
from wayhome.bureau.remains.rules.teeth import Tooth
from wayhome.bureau.staff.permissions import Forbidden, Role
from wayhome.lib.refusal import Refused

pytestmark = pytest.mark.django_db
SAID = {"condition": "скелетовані", "sex": "чоловік, за тазом"}


@pytest.fixture
def officer(db):
    return StaffFactory(role=Role.CUSTODY)


@pytest.fixture
def expert(db):
    return StaffFactory(role=Role.FORENSIC)


@pytest.fixture
def remains(officer):
    return registered(officer)


def picture(shade=90) -> bytes:
    image = Image.new("RGB", (60, 40), (shade, 80, 70))
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "камера на складі"
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def plot_of(by):
    ground = Ground("Східна", 2, 2, "48.5", "37.9", "за огорожею")
    return actions.lay_out_plot(ground=ground, by=by)


def grave(plot, row=1, number=1, **more) -> Grave:
    told = {"latitude": "48.50001", "longitude": "37.90001", **more}
    return Grave(plot, row, number, timezone.now(), **told)


def all_but_the_sample(remains, officer, expert):
    actions.take_photograph(
        remains=remains, view=View.WHOLE, content=picture(), words="", by=officer
    )
    listed = actions.list_effects(
        remains=remains, pieces=[Piece("годинник")], nothing=False, packet="П 1", by=officer
    )
    actions.sign_effects(effects=listed, by=expert)
    actions.examine(remains=remains, said=SAID, teeth={}, reason="", by=expert)


def sampled(remains, by) -> Sample:
    return actions.take_sample(
        remains=remains, kind=SampleKind.TOOTH, what="36, зліва", taken_at=timezone.now(), by=by
    )


def codes(remains) -> list[str]:
    return [one.code for one in actions.why_not_bury_now(remains)]


def test_nobody_is_buried_without_a_sample(remains, officer, expert):
    plot = plot_of(officer)
    all_but_the_sample(remains, officer, expert)
    assert codes(remains) == ["burial.no_sample"]
    with pytest.raises(Refused, match=r"^burial\.no_sample$"), nothing_written():
        actions.bury(remains=remains, grave=grave(plot), by=officer)

    sampled(remains, expert)
    actions.bury(remains=remains, grave=grave(plot), by=officer)

    remains.refresh_from_db()
    assert remains.state == State.BURIED
    assert remains.burials.get().details["latitude"] == "48.50001"
    with pytest.raises(Refused, match=r"custody\.buried"):
        actions.hand_over(remains=remains, receiver=expert, seen=seen(), by=officer)


def test_where_no_sample_can_be_taken_the_reason_stands_in_its_place(remains, officer, expert):
    all_but_the_sample(remains, officer, expert)
    with pytest.raises(Refused, match=r"sample\.no_reason"):
        actions.say_no_sample(remains=remains, reason=" ", by=expert)

    actions.say_no_sample(remains=remains, reason="Згоріли до попелу.", by=expert)

    assert codes(remains) == []


def test_a_burial_is_refused_with_all_that_is_missing_at_once(remains, officer):
    with pytest.raises(Refused) as refused, nothing_written(besides=["remains_plot"]):
        actions.bury(
            remains=remains, grave=grave(plot_of(officer), latitude="", longitude=""), by=officer
        )

    assert [one.code for one in refused.value.refusals] == [
        "burial.no_examination", "burial.no_photograph", "burial.no_effects",
        "burial.no_sample", "burial.no_coordinates",
    ]  # fmt: skip


def test_a_list_that_one_signed_counts_for_nothing(remains, officer, expert):
    listed = actions.list_effects(remains=remains, pieces=[], nothing=True, packet="", by=officer)
    assert "burial.no_effects" in codes(remains)
    with pytest.raises(Refused, match=r"effects\.own"), nothing_written():
        actions.sign_effects(effects=listed, by=officer)

    actions.sign_effects(effects=listed, by=expert)

    assert "burial.no_effects" not in codes(remains)
    with pytest.raises(Refused, match=r"effects\.signed"):
        actions.sign_effects(effects=listed, by=StaffFactory(role=Role.FORENSIC))
    with pytest.raises(IntegrityError, match="signed_by_two"), transaction.atomic():
        EffectsList.objects.filter(pk=listed.pk).update(second_by=officer)


def test_only_who_has_them_buries_them_and_each_lies_alone(remains, officer, expert):
    plot = plot_of(officer)
    other = registered(officer, bag="П-2")
    for number, each in enumerate((remains, other)):
        actions.take_photograph(
            remains=each, view=View.FACE, content=picture(number), words="", by=officer
        )
        actions.sign_effects(
            effects=actions.list_effects(
                remains=each, pieces=[], nothing=True, packet="", by=officer
            ),
            by=expert,
        )
        actions.examine(remains=each, said=SAID, teeth={}, reason="", by=expert)
        sampled(each, expert)
    with pytest.raises(Refused, match=r"custody\.not_yours"), nothing_written():
        actions.bury(remains=remains, grave=grave(plot), by=expert)
    actions.bury(remains=remains, grave=grave(plot), by=officer)

    with pytest.raises(Refused, match=r"burial\.taken"), nothing_written():
        actions.bury(remains=other, grave=grave(plot), by=officer)
    with pytest.raises(IntegrityError, match="each_lies_alone"), transaction.atomic():
        Burial.objects.create(
            remains=other, key=other.key, plot=plot, row=1, number=1, details={},
            disc_on_body=False, buried_at=timezone.now(), by=officer,
        )  # fmt: skip


def test_a_photograph_loses_its_camera_is_encrypted_and_seen_by_the_expert_alone(
    remains, officer, expert
):
    content = picture()
    kept = actions.take_photograph(
        remains=remains, view=View.FACE, content=content, words="шрам", by=officer
    )
    on_disk = store.path(kept.pk).read_bytes()
    drawn = actions.open_photograph(photograph=kept, by=expert)

    assert not on_disk.startswith(b"\xff\xd8")
    assert drawn.startswith(b"\xff\xd8")
    assert not Image.open(io.BytesIO(drawn)).getexif()
    assert not Photograph.objects.visible_to(officer).exists()
    with pytest.raises(Forbidden):
        actions.open_photograph(photograph=kept, by=officer)
    with pytest.raises(Refused, match=r"photograph\.known"), nothing_written():
        actions.take_photograph(
            remains=remains, view=View.FACE, content=content, words="", by=officer
        )
    with pytest.raises(Refused, match=r"photograph\.not_a_picture"), nothing_written():
        actions.take_photograph(
            remains=remains, view=View.FACE, content=b"no picture", words="", by=officer
        )


def test_a_sample_has_a_code_that_tells_nothing_of_its_number(remains, officer, expert):
    sample = sampled(remains, expert)

    assert len(sample.code) == 12
    assert remains.bureau_number.replace("-", "")[1:7] not in sample.code
    with pytest.raises(Forbidden):
        sampled(remains, officer)


def test_an_examination_is_superseded_with_a_reason_and_reads_nowhere_in_the_clear(
    remains, officer, expert
):
    teeth = {36: Tooth.FILLED, 11: Tooth.SOUND}
    actions.examine(remains=remains, said=SAID, teeth=teeth, reason="", by=expert)
    with pytest.raises(Refused, match=r"examination\.no_reason"), nothing_written():
        actions.examine(remains=remains, said=SAID, teeth=teeth, reason="", by=expert)

    actions.examine(remains=remains, said=SAID, teeth={}, reason="зуби іншого", by=expert)

    first, second = Examination.objects.order_by("version")
    assert (first.chart(), second.chart()) == (teeth, {})
    assert not Examination.objects.visible_to(officer).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT said, teeth FROM remains_examination")
        assert not any("скелетовані".encode() in bytes(said) for said, _ in cursor.fetchall())


def test_they_are_in_one_store_at_a_time_and_where_they_were_stays_written(remains, officer):
    cold = actions.open_store(name="Камера 1", kind=StoreKind.COLD, by=officer)
    with pytest.raises(Refused, match=r"store\.taken"):
        actions.open_store(name="Камера 1", kind=StoreKind.DRY, by=officer)
    actions.put_into(remains=remains, store=cold, shelf="3", by=officer)
    actions.put_into(remains=remains, store=cold, shelf="4", by=officer)

    assert [(stay.shelf, stay.ended_at is None) for stay in remains.stays.all()] == [
        ("3", False), ("4", True),
    ]  # fmt: skip
    with pytest.raises(Refused, match=r"store\.not_yours"):
        actions.put_into(remains=remains, store=cold, shelf="5", by=StaffFactory(role=Role.CUSTODY))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_buried_in_the_same_grave_at_once_are_one():
    officer, expert = StaffFactory(role=Role.CUSTODY), StaffFactory(role=Role.FORENSIC)
    plot, both = plot_of(officer), [registered(officer, bag=f"П-{n}") for n in range(2)]
    for number, each in enumerate(both):
        actions.take_photograph(
            remains=each, view=View.WHOLE, content=picture(number), words="", by=officer
        )
        effects = actions.list_effects(remains=each, pieces=[], nothing=True, packet="", by=officer)
        actions.sign_effects(effects=effects, by=expert)
        actions.examine(remains=each, said=SAID, teeth={}, reason="", by=expert)
        sampled(each, expert)

    came = all_at_once(
        [
            lambda each=each: actions.bury(remains=each, grave=grave(plot), by=officer)
            for each in both
        ],
        "bury in the same grave",
    )

    assert came == {DONE: 1, "burial.taken": 1}
