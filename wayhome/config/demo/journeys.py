"""Journeys of a demo: what they are made of, who travels, plans, and journeys that stopped."""

import secrets
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from wayhome.bureau.captives.actions import set_harm_flag
from wayhome.bureau.enquiries.rules import Relation
from wayhome.bureau.journeys.bridge import Days
from wayhome.bureau.journeys.models import Crossing, Journey, Plan, Resource
from wayhome.bureau.journeys.parties import Told, keep_party, travellers
from wayhome.bureau.journeys.passes import make_pass
from wayhome.bureau.journeys.phones import Told as Entry
from wayhome.bureau.journeys.phones import keep_events, load_day
from wayhome.bureau.journeys.plans import make_plan
from wayhome.bureau.journeys.publishing import publish_plan
from wayhome.bureau.journeys.resources import keep_resource
from wayhome.bureau.journeys.rules.convoy import EventKind
from wayhome.bureau.journeys.rules.plans import Urgent
from wayhome.bureau.journeys.rules.resources import ResourceKind as K
from wayhome.bureau.journeys.rules.way_out import Out, TravelPaper, Whose
from wayhome.bureau.journeys.ways_out import (
    LegOut,
    confirm_journey,
    keep_leg_out,
    keep_way_out,
)
from wayhome.bureau.returns.guarantees import end_guarantee
from wayhome.bureau.returns.models import Application
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Role
from wayhome.config.demo.cases import BY_EMAIL, BY_TELEPHONE, Man
from wayhome.config.demo.people import staff_of
from wayhome.config.demo.stories import Story, bring, enquirer_of
from wayhome.config.folder import Folder
from wayhome.lib.refusal import Refused

KYIV, WARSAW = "Europe/Kyiv", "Europe/Warsaw"
OF_WARSAW, OF_CRACOW = "Варшава (вигаданий пункт)", "Краків (вигаданий пункт)"
MARSH = "Болотний ліс (вигаданий)"
DAYS = 14


# Families whose road was opened: who travels is known of all but the last.
TRAVELLERS = (
    Story("travels", Man("Мезенцев Ераст Пахомович", "Мезенцев Ераст Пахомович", "1998-04-11",
                         "Кадників", "Мезенцева Олімпіада Юхимівна", language="uk"),
          ("granted", "guaranteed", "told"), (("contact", BY_EMAIL),)),
    Story("travels with a child", Man("Скоробогатов Пров Вуколович", "Скоробогатов Пров Вуколович",
                                      "1996-10-02", "Юрьевец", "Скоробогатова Инна Тихоновна",
                                      relation=Relation.WIFE),
          ("granted", "told"), (("contact", BY_TELEPHONE),)),
    Story("may travel", Man("Чернопятов Лавр Аникеевич", "Чернопятов Лавр Аникеевич", "2000-12-19",
                            "Пучеж", "Чернопятова Зоя Карповна"),
          ("granted",), (("contact", BY_TELEPHONE),)),
)  # fmt: skip
# Whose day fell: one is on the way already and is brought back, one has not set out.
STOPPED = (
    Story("brought back", Man("Полуэктов Дормидонт Саввич", "Полуектов Дормідонт Савич",
                              "1997-05-30", "Грязовец", "Полуэктова Фаина Ардалионовна"),
          ("granted", "guaranteed", "told"), (("contact", BY_TELEPHONE),)),
    Story("stopped", Man("Кривошеев Никандр Гаврилович", "Кривошеєв Никандр Гаврилович",
                         "1999-01-08", "Судогда", "Кривошеева Пелагея Фроловна"),
          ("granted", "told"), (("contact", BY_TELEPHONE),)),
)  # fmt: skip


@transaction.atomic
def tell(folder: Folder, bar: Any) -> dict[str, int]:
    """Crossings, ways, vehicles, escorts, beds; families who travel; a published plan."""
    if not Crossing.objects.exists():
        _make_resources(timezone.localdate())
    bar(1, 3)
    bring(TRAVELLERS, folder)
    bar(2, 3)
    if not Plan.objects.exists():
        _plan(timezone.localdate())
    bar(3, 3)
    return {"crossings": Crossing.objects.count(), "journeys": Journey.objects.count()}


@transaction.atomic
def stop(folder: Folder, bar: Any) -> dict[str, int]:
    """Two more families are given a day, which falls; and a draft that can be published."""
    bring(STOPPED, folder)
    bar(1, 2)
    if not Journey.objects.filter(application=_application_of(STOPPED[0].name)).exists():
        # Whoever has closed every way in an older demo keeps it closed.
        with suppress(Refused), transaction.atomic():
            _stop(timezone.localdate())
    bar(2, 2)
    return {"stopped": Journey.objects.stopped().count()}


def _stop(today: date) -> None:
    coordinator = staff_of(Role.COORDINATOR)
    first, second = (_application_of(story.name) for story in STOPPED)
    for application, days in ((first, 1), (second, 5)):
        from_on = today + timedelta(days=days)
        told = Told(OF_WARSAW, 1, ("uk", "ru"), False, from_on, None, ())
        keep_party(application=application, told=told, by=coordinator)
    publish_plan(plan=make_plan(first_on=today, days=DAYS, by=coordinator), by=coordinator)
    journey = first.journeys.standing().first()
    if journey is None:
        return
    _confirm(journey, coordinator)
    # On the way: the authority takes its word back, so that somebody brings her home.
    end_guarantee(guarantee=first.guarantees.get(), by=coordinator)
    # Not begun yet: her page says what it says to every family whose day falls.
    assert second.captive is not None
    reason = "Його родину розпитували, куди вона їде."
    set_harm_flag(captive=second.captive, reason=reason, by=staff_of(Role.NEUTRAL))
    if travellers(Days(today, DAYS)):
        make_plan(first_on=today, days=DAYS, by=coordinator)


def _plan(first_on: date) -> None:
    """One that is published."""
    coordinator = staff_of(Role.COORDINATOR)
    one, other, _not_asked = (_application_of(story.name) for story in TRAVELLERS)
    alone = Told(OF_WARSAW, 1, ("uk", "ru"), True, None, None, ())
    with_child = Told(OF_CRACOW, 2, ("ru",), False, None, None, (Urgent.CHILDREN.value,))
    keep_party(application=one, told=alone, by=coordinator)
    keep_party(application=other, told=with_child, by=coordinator)
    made = make_plan(first_on=first_on, days=DAYS, by=coordinator)
    publish_plan(plan=made, by=coordinator)

    journey = _confirm(one.journeys.standing().get(), coordinator)
    if journey.on == timezone.localdate():
        _set_out(journey)


def _set_out(journey: Journey) -> None:
    """The escort's phone told that they set out, and of an alarm; an entry between is missing."""
    token, knock = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    phone = load_day(token=token, knock=knock, by=journey.escort.staff)
    now, one = timezone.now(), journey.pk
    told = [
        Entry(one, 1, EventKind.PASS, None, now),
        Entry(one, 2, EventKind.CHECK_IN, 1, now),
        Entry(one, 4, EventKind.STOP_WORD, None, now),
    ]
    keep_events(phone=phone, told=told)


def _confirm(journey: Journey, coordinator: Staff) -> Journey:
    """The way out of both is there: it is confirmed, and its pass is made."""
    until = journey.leaves_on + timedelta(days=365)
    phone, exits = "+370 000 00 00 (вигаданий)", (str(journey.exit_id),)
    out = Out("Вільнюс", TravelPaper.ICRC, until, journey.exit.states, phone, exits)
    for whose in Whose:
        keep_way_out(journey=journey, whose=whose, out=out, by=coordinator)
    departs = timezone.make_aware(datetime.combine(journey.leaves_on, time(9)))
    keep_leg_out(journey=journey, leg=LegOut(departs, journey.escort), by=coordinator)
    journey = confirm_journey(journey=journey, by=coordinator)
    make_pass(journey=journey, by=coordinator)
    return journey


def _application_of(story: str) -> Application:
    return Application.objects.get(enquiry__enquirer=enquirer_of(story))


def _keep(kind: K, **told: Any) -> Any:
    kept: Resource = keep_resource(kind=kind, told=told, by=staff_of(Role.COORDINATOR))
    return kept


def _crossing(name: str, places_in: int, places_out: int, areas: list[str]) -> Any:
    return _keep(
        K.CROSSING, name=name, zone=KYIV, opens=time(6), closes=time(21), places_in=places_in,
        places_out=places_out, baggage_kg=30, areas=areas, states=["Польща"],
    )  # fmt: skip


def _way(name: str, region: str, crossing: Any, hours: tuple[int, int, int], *areas: str) -> Any:
    leaves, crosses, arrives = (time(hour) for hour in hours)
    return _keep(
        K.WAY, name=name, region=region, crossing=crossing, zone=WARSAW, leaves=leaves,
        crosses=crosses, arrives=arrives, areas=list(areas),
    )  # fmt: skip


def _make_resources(today: date) -> None:
    first = _crossing("Шегині – Медика", 12, 12, [])
    second = _crossing("Ягодин – Дорогуськ", 8, 0, [MARSH])
    _way("Варшава – Ягодин", OF_WARSAW, second, (5, 10, 19), MARSH)
    around = _way("Варшава – Шегині", OF_WARSAW, first, (5, 12, 20))
    _way("Краків – Шегині", OF_CRACOW, first, (6, 11, 19))
    days = {"from_on": today, "until_on": None}
    _keep(K.VEHICLE, name="Автобус 1", region=OF_WARSAW, seats=8, **days)
    _keep(K.VEHICLE, name="Мікроавтобус 2", region=OF_CRACOW, seats=6, **days)
    for site, sex, languages in (("A", "F", ["ru", "uk"]), ("B", "M", ["ru", "uk", "en"])):
        someone = staff_of(Role.ESCORT, site)
        _keep(K.ESCORT, name=someone.number, staff=someone, languages=languages, sex=sex, hours=15,
              **days)  # fmt: skip
    _keep(K.SHELTER, name="Будинок 1", places=24, areas=[])
    _keep(K.DANGER, name="Обстріли; від обласної ради", area=MARSH,
          from_on=today + timedelta(days=3), until_on=today + timedelta(days=6))  # fmt: skip
    _keep(K.CLOSURE, name="Ремонт дороги", what="way", way=around,
          from_on=today + timedelta(days=10), until_on=today + timedelta(days=11))  # fmt: skip
