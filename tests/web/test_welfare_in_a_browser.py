"""Pages of welfare with something on them, narrow and wide: whole for a screen reader."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser

from tests.browser import (
    WIDTHS,
    axe_violations,
    by_rotation,
    describe,
    new_context,
    screenshot,
    scrolls_sideways,
    small_targets,
    watch,
)
from tests.factories import CaptiveFactory, CustodyEventFactory, StaffFactory
from tests.web.tablet.walking import unlocked
from wayhome.bureau.captives.actions import note_health
from wayhome.bureau.captives.models import Captive, HealthNote
from wayhome.bureau.captives.rules import EventKind
from wayhome.bureau.oversight import actions as oversight
from wayhome.bureau.staff.permissions import Role
from wayhome.bureau.welfare import actions
from wayhome.bureau.welfare.models import Certificate, Entry, Parcel
from wayhome.bureau.welfare.rules import (
    Condition,
    Differed,
    EntryKind,
    Issuer,
    Line,
    Meal,
    TakenOut,
    Treated,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LONG = "годинник наручний механічний із потертим ремінцем"


def told(man: Captive, language: str) -> None:
    """Something of each kind, so that no page is empty."""
    officer, custody = StaffFactory(role=Role.WELFARE), StaffFactory(role=Role.CUSTODY)
    physician, now, today = StaffFactory(role=Role.PHYSICIAN), timezone.now(), timezone.localdate()
    CustodyEventFactory(captive=man)
    CustodyEventFactory(captive=man, kind=EventKind.HOSPITAL, happened_at=now - timedelta(days=9))
    things = (Line(LONG, Decimal(1)), Line("", Decimal("1500.50"), "RUB"))
    issuer = Issuer("майор Рожков", "сержант Лагода, рота охорони")
    taken = actions.Written(EntryKind.TAKEN, things, issuer, language, "на зберігання")
    first = actions.enter_effects(captive=man, written=taken, by=officer)
    actions.correct_entry(entry=first, reason="два годинники", issued_by="Л.", by=officer)
    second = actions.enter_effects(captive=man, written=taken, by=officer)
    actions.sign_entry(entry=second, by=custody)
    for sender in ("Громада міста", "Червоний Хрест"):
        actions.note_parcel(
            captive=man, sender=sender, arrived_at=now - timedelta(days=4), by=officer
        )
    removed = [("телефон", TakenOut.CONNECTED.value), ("пігулки", TakenOut.MEDICINE.value)]
    one = Parcel.objects.earliest("pk")
    actions.open_parcel(parcel=one, before="himself", comrade="", removed=removed, by=officer)
    counts = {**dict.fromkeys(Meal, 1), Meal.TEA: None}
    actions.keep_day(on=today, counts=counts, by=officer)
    actions.keep_day(on=today - timedelta(days=1), counts=dict.fromkeys(Meal, 0), by=officer)
    actions.note_difference(
        captive=man, on=today, meal=Meal.DINNER, how=Differed.CUSTOM, words="без м’яса", by=officer
    )
    for ago, kg in ((60, 74.0), (31, 71.5), (0, 66.0)):
        note = note_health(captive=man, note="Кашель.", weight_kg=kg, by=physician)
        HealthNote.objects.filter(pk=note.pk).update(at=now - timedelta(days=ago))
    actions.call_seriously_ill(captive=man, by=physician)
    actions.note_week(captive=man, condition=Condition.WORSE, note="", by=physician)
    asked = actions.ask_certificate(captive=man, language=language, by=officer)
    treated = Treated("Поранення руки", "Операція", today)
    actions.issue_certificate(certificate=asked, treated=treated, by=physician)
    actions.ask_certificate(captive=man, language=language, by=officer)
    oversight.tell_overdue(now)


def pages(man: Captive) -> Iterator[tuple[Role, str]]:
    """Those that show what was written; plain forms are looked at with every other page."""
    his = f"/console/captives/{man.bureau_number}"
    yield Role.WELFARE, "/console/welfare/"
    yield Role.WELFARE, "/console/welfare/by-name/"
    yield Role.WELFARE, f"{his}/welfare/"
    yield Role.WELFARE, f"{his}/effects/taken/"
    yield Role.WELFARE, f"{his}/effects/given/"
    yield Role.WELFARE, f"/console/effects/{Entry.objects.latest('number').pk}/correction/"
    yield Role.CUSTODY, "/console/effects/"
    yield Role.WELFARE, "/console/parcels/"
    yield Role.WELFARE, f"/console/parcels/{Parcel.objects.to_open().get().pk}/"
    yield Role.PHYSICIAN, f"{his}/his-health/"
    yield Role.PHYSICIAN, "/console/ill/"
    yield Role.PHYSICIAN, "/console/certificates/"
    yield Role.PHYSICIAN, f"/console/certificates/{Certificate.objects.to_write().get().pk}/"
    yield Role.AUDITOR, "/console/overdue/"
    yield Role.CAPTIVE, "/tablet/belongings/"


@by_rotation
def test_pages_of_welfare_are_whole(browser: Browser, live_server, monkeypatch, language):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    man = CaptiveFactory(languages=language)
    told(man, language)
    clients = {}
    for role in (Role.WELFARE, Role.CUSTODY, Role.PHYSICIAN, Role.AUDITOR):
        clients[role] = Client()
        clients[role].force_login(StaffFactory(role=role))
    clients[Role.CAPTIVE] = unlocked(man, StaffFactory(role=Role.NEUTRAL))
    faults: list[str] = []
    for number, (role, path) in enumerate(pages(man)):
        context = new_context(browser, language=language)
        session = clients[role].cookies["sessionid"].value
        cookies = {"sessionid": session, "language": language}
        for name, value in cookies.items():
            context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        page = context.new_page()
        watcher = watch(page)
        answer = page.goto(f"{live_server.url}{path}")
        assert answer.status == 200, path
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            faults += [f"{path} {width}: sideways"] if scrolls_sideways(page) else []
        found = axe_violations(page)
        if role == Role.CAPTIVE:  # he has a finger, not a mouse
            found += [f"small: {one}" for one in small_targets(page)]
        faults += [f"{path}: {one}" for one in found + watcher.faults]
        screenshot(page, f"welfare-{language}-{number:02}-{path.strip('/').split('/')[-1]}")
        context.close()
    assert not faults, describe(faults)
