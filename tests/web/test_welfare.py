"""A month of one man's welfare, by HTTP: what he eats, what is his, a parcel, an illness."""

import io
from datetime import timedelta

import pypdf
import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import CaptiveFactory, SiteFactory, StaffFactory
from tests.web.desk import Desk
from tests.web.tablet.walking import unlocked
from wayhome.bureau.captives.models import Captive, DutyNote
from wayhome.bureau.captives.rules import HEAVIEST_KG, LIGHTEST_KG
from wayhome.bureau.exchange.models import Notice
from wayhome.bureau.journal.models import Entry as JournalEntry
from wayhome.bureau.oversight import actions as oversight
from wayhome.bureau.staff.permissions import Role
from wayhome.bureau.welfare.models import Certificate, Entry, Parcel
from wayhome.web.console.charts import LEFT, SIZE, TOP, WIDE, weight_chart

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
weighings = st.lists(st.floats(LIGHTEST_KG, HEAVIEST_KG), min_size=2, max_size=24)
RECEIPT = {"officer": "майор Рожков", "reason": "на зберігання", "language": "ru",
           "issued_by": "сержант Лагода, рота охорони"}  # fmt: skip


def test_a_month_of_one_mans_welfare():
    officer, custody = Desk(Role.WELFARE), Desk(Role.CUSTODY)
    physician, auditor = Desk(Role.PHYSICIAN), Desk(Role.AUDITOR)
    neutral = StaffFactory(role=Role.NEUTRAL)
    man = CaptiveFactory(languages="ru")
    path = f"/console/captives/{man.bureau_number}"

    _the_day_book(officer, path)
    _his_things(officer, custody, man, path)
    his_page = _at_the_tablet(man, neutral)
    _a_parcel(officer, path)
    _an_illness(officer, physician, man, path, his_page)
    _what_was_late(auditor)
    _another_site_meets_nothing(man, path)


def _the_day_book(officer: Desk, path: str) -> None:
    today = timezone.localdate().isoformat()
    assert "This is in the future." in officer.refused(
        "/console/welfare/keep/", on="2999-01-01", tea="1"
    )
    officer.send("/console/welfare/keep/", on=today, breakfast="1", dinner="0", tea="1")
    officer.send(f"{path}/meals/", on=today, meal="dinner", how="refused", words="")
    page = officer.page("/console/welfare/")
    assert "he refuses food" in page
    assert "version 1" in page
    officer.send("/console/welfare/keep/", on=today, breakfast="1", dinner="0", tea="2")
    assert "version 2" in officer.page(f"/console/welfare/?on={today}")
    SiteFactory(code="B", name="Second")
    assert "No day is written yet" in Desk(Role.NEUTRAL).page("/console/welfare/?site=B")


def _his_things(officer: Desk, custody: Desk, man: Captive, path: str) -> None:
    no_order = officer.refused(
        f"{path}/effects/taken/", what_1="годинник", **RECEIPT | {"officer": ""}
    )
    assert "Write on which officer" in no_order
    officer.send(
        f"{path}/effects/taken/", what_1="годинник", pieces_1="1", what_2="перстень", pieces_2="2",
        amount_1="1500.50", currency_1="RUB", **RECEIPT,
    )  # fmt: skip
    first = Entry.objects.get()
    signature = f"/console/effects/{first.pk}/signature/"
    assert "A second person must sign this" in officer.refused(signature)
    custody.send(signature)
    paper = officer.client.get(f"/console/effects/{first.pk}/receipt/")
    text = pypdf.PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()
    assert "сержант Лагода, рота охорони" in text
    assert "перстень" in text
    assert "500,50" in text
    assert man.site.name not in text
    officer.send(f"/console/effects/{first.pk}/handed/")

    officer.send(f"/console/effects/{first.pk}/correction/", reason="перстень один", issued_by="Л.")
    officer.send(
        f"{path}/effects/taken/", what_1="годинник", what_2="перстень", amount_1="1500.50",
        currency_1="RUB", **RECEIPT,
    )  # fmt: skip
    said = {"kind": "spent", "issued_by": "Л.", "language": "ru", "reason": "тютюн"}
    refused = officer.refused(f"{path}/effects/given/", give_3="1500.51", **said)
    assert "More than is held for him cannot be given." in refused
    officer.send(f"{path}/effects/given/", give_3="200", **said)
    page = officer.page(f"{path}/welfare/")
    assert "taken back by entry 2" in page
    assert "1,300.50 RUB" in page or "1300.50 RUB" in page
    for entry in Entry.objects.filter(second_at=None):
        custody.send(f"/console/effects/{entry.pk}/signature/")


def _at_the_tablet(man: Captive, neutral) -> Client:
    """He reads his register; what he has read is in his hands. His rights are kept as given."""
    him = unlocked(man, neutral)
    page = him.get("/tablet/belongings/").content.decode()
    assert "перстень один" in page
    assert not Entry.objects.without_receipt().exists()
    him.post("/tablet/rights/", {"go_on": "1"})
    told = DutyNote.objects.get(captive=man)
    assert (told.kind, told.version, told.noted_by) == ("rights", 1, neutral)
    assert told.language in ("ru", "uk", "en")
    return him


def _a_parcel(officer: Desk, path: str) -> None:
    four_days_ago = (timezone.localdate() - timedelta(days=4)).isoformat()
    officer.send(f"{path}/parcels/new/", sender="мати", arrived_on=four_days_ago)
    oversight.tell_overdue(timezone.now())
    parcel = Parcel.objects.get()
    due = officer.page(f"{path}/welfare/")
    assert "A parcel must be opened before him" in due
    assert "overdue" in due
    nobody = officer.refused(f"/console/parcels/{parcel.pk}/", what_1="ніж", why_1="weapon")
    assert "before him, or before a comrade" in nobody
    no_reason = officer.refused(f"/console/parcels/{parcel.pk}/", before="himself", what_1="ніж")
    assert "Choose why it was taken out." in no_reason
    officer.send(f"/console/parcels/{parcel.pk}/", before="himself", what_1="ніж", why_1="weapon")
    assert "A parcel must be opened before him" not in officer.page(f"{path}/welfare/")
    assert "ніж" in officer.page("/console/parcels/?state=opened&q=&sort=-arrived")


def _an_illness(officer: Desk, physician: Desk, man: Captive, path: str, his_page: Client) -> None:
    for kg in ("70", "62.5"):
        physician.send(f"{path}/health/", weight_kg=kg)
    physician.send(f"{path}/ill/")
    physician.send(f"{path}/week/", condition="worse", note="Сепсис.")
    page = physician.page(f"{path}/his-health/")
    assert "He has lost 11 % of his weight" in page
    assert "<polyline" in page
    assert man.bureau_number in physician.page("/console/ill/")
    assert officer.status(f"{path}/his-health/") == 403

    asked = his_page.post("/tablet/belongings/certificate/", {"idempotency_key": "7" * 32})
    assert asked.status_code == 303
    one = Certificate.objects.get()
    today = timezone.localdate().isoformat()
    said = {"illness": "Рана ноги", "treatment": "Операция", "since": today}
    physician.send(f"/console/certificates/{one.pk}/", **said)
    paper = physician.client.get(f"/console/certificates/{one.pk}/paper/")
    text = pypdf.PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()
    assert "Рана ноги" in text
    assert "Рана ноги" in his_page.get("/tablet/belongings/").content.decode()
    assert officer.status(f"/console/certificates/{one.pk}/paper/") == 403
    routes = {(notice.kind, notice.route) for notice in Notice.objects.filter(captive=man)}
    assert {("health", "agency"), ("health", "power"), ("certificate", "agency")} <= routes
    assert ("certificate", "power") not in routes


def _what_was_late(auditor: Desk) -> None:
    """Nobody reported it: the parcel that waited four days, met since."""
    oversight.tell_overdue(timezone.now())
    page = auditor.page("/console/overdue/?state=met&kind=parcel")
    assert "A parcel must be opened before him" in page
    assert "GC III 76" in page
    assert JournalEntry.objects.filter(action="deadline passed", purpose="parcel: 1").exists()


def _another_site_meets_nothing(man: Captive, path: str) -> None:
    other = Desk(Role.WELFARE, "B")
    assert other.status(f"{path}/welfare/") == 404
    for listed in ("effects", "parcels", "certificates", "welfare/by-name"):
        assert man.bureau_number not in other.page(f"/console/{listed}/")
    assert other.status(f"/console/effects/{Entry.objects.earliest('number').pk}/receipt/") == 404


@given(weighings)
def test_a_line_of_weights_stays_in_its_field_and_one_weight_is_no_line(weights):
    begin = timezone.now()
    series = [(begin + timedelta(days=31 * at), kg) for at, kg in enumerate(weights)]

    chart = weight_chart(series)

    assert weight_chart(series[:1]) is None
    assert chart is not None
    assert chart.least <= min(weights) <= max(weights) <= chart.most
    for point in chart.points:
        assert LEFT <= point.x <= LEFT + WIDE
        assert TOP <= point.y <= TOP + SIZE
    assert [point.x for point in chart.points] == sorted(point.x for point in chart.points)
