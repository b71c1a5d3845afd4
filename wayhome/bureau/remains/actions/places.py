"""Where the dead lie: stores, plots, and the burial that waits for the minimum set."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from wayhome.bureau.inquests.queries import body_is_needed
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.remains.actions.registering import locked
from wayhome.bureau.remains.models import Burial, NoSample, Plot, Remains, Stay, Store
from wayhome.bureau.remains.rules.burial import (
    Minimum,
    StoreKind,
    why_not_bury,
    why_not_lay_out,
    why_not_open_store,
    why_not_put,
    why_not_this_grave,
)
from wayhome.bureau.remains.rules.custody import why_not_hold
from wayhome.bureau.remains.rules.findings import OF_THE_REMAINS
from wayhome.bureau.remains.rules.register import State, why_not_coordinates
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refusal, refuse_if


@transaction.atomic
def open_store(*, name: str, kind: StoreKind, by: Staff) -> Store:
    """Open a room or container for remains at one's own site."""
    by.must(Permission.RECORD_REMAINS)
    taken = Store.objects.filter(site=by.site, name=name).exists()
    refuse_if(why_not_open_store(name=name, taken=taken))
    store = Store.objects.create(site=by.site, name=name, kind=kind)
    journal.record("store opened", subject=store, by=by)
    return store


@transaction.atomic
def put_into(*, remains: Remains, store: Store, shelf: str, by: Staff) -> Stay:
    """Put them into a store; where they were before stays written."""
    by.must(Permission.RECORD_REMAINS)
    remains = locked(remains)
    refuse_if(
        why_not_put(
            holds=_holds(remains, by),
            buried=remains.state == State.BURIED,
            own_site=store.site_id == by.site_id,
        )
    )
    now = timezone.now()
    remains.stays.filter(ended_at=None).update(ended_at=now)
    stay = Stay.objects.create(remains=remains, store=store, shelf=shelf, since=now, by=by)
    number = remains.bureau_number
    journal.record("remains put into a store", subject=stay, by=by, person=number)
    return stay


@dataclass(frozen=True)
class Ground:
    """A plot as it is laid out: rows of graves, and the place of its first one."""

    name: str
    rows: int
    in_row: int
    latitude: str
    longitude: str
    words: str = ""


@transaction.atomic
def lay_out_plot(*, ground: Ground, by: Staff) -> Plot:
    """Lay a plot out at one's own site."""
    by.must(Permission.RECORD_REMAINS)
    refuse_if(
        why_not_lay_out(
            name=ground.name,
            taken=Plot.objects.filter(site=by.site, name=ground.name).exists(),
            rows=ground.rows,
            in_row=ground.in_row,
            latitude=ground.latitude,
            longitude=ground.longitude,
        )
    )
    plot = Plot.objects.create(
        site=by.site,
        key=PersonKey.make(),
        name=ground.name,
        rows=ground.rows,
        in_row=ground.in_row,
        place={
            "latitude": ground.latitude,
            "longitude": ground.longitude,
            "words": ground.words,
        },
        by=by,
    )
    journal.record("plot laid out", subject=plot, by=by)
    return plot


@dataclass(frozen=True)
class Grave:
    """A grave of its own: which one, where, with which marker; what was done with them."""

    plot: Plot
    row: int
    number: int
    buried_at: datetime
    latitude: str = ""
    longitude: str = ""
    marker: str = ""
    rite: str = ""
    disc_on_body: bool = False

    @property
    def is_located(self) -> bool:
        return bool(self.latitude and self.longitude)

    def details(self) -> dict[str, str]:
        told = {
            "latitude": self.latitude,
            "longitude": self.longitude,
            "marker": self.marker,
            "rite": self.rite,
        }
        return {name: text.strip() for name, text in told.items() if text.strip()}


def minimum_of(remains: Remains, *, located: bool) -> Minimum:
    """What was done of the minimum set before a burial; a list signed by one is none."""
    lists = list(remains.effects_lists.all())
    sampled = remains.samples.exists() or NoSample.objects.filter(remains=remains).exists()
    return Minimum(
        photographed=remains.photographs.filter(view__in=OF_THE_REMAINS).exists(),
        effects_signed=bool(lists) and all(one.second_at for one in lists),
        sampled=sampled,
        located=located,
        examined=remains.examinations.exists(),
        waits=remains.waiting() is not None,
        buried=remains.state == State.BURIED,
        needed=remains.captive is not None and body_is_needed(remains.captive),
    )


def why_not_bury_now(remains: Remains) -> list[Refusal]:
    """What stands against burying these remains, before any grave is chosen."""
    return list(why_not_bury(minimum_of(remains, located=True)))


@transaction.atomic
def bury(*, remains: Remains, grave: Grave, by: Staff) -> Burial:
    """Bury them in a grave of their own. Raises Refused with all that is missing before it."""
    by.must(Permission.RECORD_REMAINS)
    remains = locked(remains)
    # Locked, so that two burials at once cannot be in one grave.
    plot = Plot.objects.select_for_update(of=("self",)).select_related("key").get(pk=grave.plot.pk)
    refuse_if(_why_not(remains, plot, grave, by))
    burial = Burial.objects.create(
        remains=remains, key=remains.key, plot=plot, row=grave.row, number=grave.number,
        details=grave.details(), disc_on_body=grave.disc_on_body, buried_at=grave.buried_at,
        by=by,
    )  # fmt: skip
    remains.state = State.BURIED
    remains.save(update_fields=["state"])
    remains.stays.filter(ended_at=None).update(ended_at=grave.buried_at)
    number = remains.bureau_number
    journal.record("remains buried", subject=burial, by=by, person=number)
    return burial


def _why_not(remains: Remains, plot: Plot, grave: Grave, by: Staff) -> "list[Refusal | None]":
    minimum = minimum_of(remains, located=grave.is_located)
    taken = plot.burials.filter(row=grave.row, number=grave.number, opened_at=None).exists()
    return [
        *why_not_bury(minimum),
        None
        if minimum.buried or minimum.waits
        else why_not_hold(holds=_holds(remains, by), waits=False, buried=False),
        why_not_coordinates(grave.latitude, grave.longitude),
        *why_not_this_grave(
            row=grave.row,
            number=grave.number,
            rows=plot.rows,
            in_row=plot.in_row,
            taken=taken,
            buried_at=grave.buried_at,
            now=timezone.now(),
        ),
    ]


def _holds(remains: Remains, by: Staff) -> bool:
    return remains.changes.filter(is_last=True, receiver=by).exists()
