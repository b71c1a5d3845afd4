"""The day book of a site: what was served, by count; what was otherwise, by name."""

from collections.abc import Mapping
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.staff.models import Site, Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.bureau.welfare.models import DayPage, Difference
from wayhome.bureau.welfare.rules import Differed, Meal, why_not_differ, why_not_keep_day
from wayhome.lib.refusal import refuse_if


def held_at(site: Site) -> int:
    """How many men are in custody at this site."""
    return Captive.objects.in_custody().filter(site=site, same_as=None).count()


@transaction.atomic
def keep_day(*, on: date, counts: Mapping[Meal, int | None], by: Staff) -> DayPage:
    """Keep what was served on this day at their own site.

    A page that says otherwise than the one that stands supersedes it; the same again adds none.
    Raises Refused, with nothing written, if a rule in welfare.rules forbids it.
    """
    by.must(Permission.KEEP_WELFARE)
    refuse_if(why_not_keep_day(counts, on=on, today=timezone.localdate()))
    # Locked, so that two who write the same day at once make two versions, in order.
    site = Site.objects.select_for_update().get(pk=by.site_id)
    pages = DayPage.objects.filter(site=site, on=on)
    said = {meal.value: count for meal, count in counts.items() if count is not None}
    standing = pages.standing().first()
    if standing and standing.counts == said:
        return standing
    last = pages.aggregate(last=Max("version"))["last"] or 0
    pages.standing().update(is_last=False)
    page = DayPage.objects.create(
        site=site, on=on, version=last + 1, held=held_at(site), counts=said, by=by
    )
    journal.record("day book kept", subject=page, by=by, purpose=on.isoformat(), facts=said)
    return page


@transaction.atomic
def note_difference(
    *, captive: Captive, on: date, meal: Meal, how: Differed, words: str, by: Staff
) -> Difference:
    """Note what was otherwise for this man at this meal. The same again adds nothing."""
    by.must(Permission.KEEP_WELFARE)
    refuse_if(why_not_differ(on=on, today=timezone.localdate()))
    same = captive.differences.filter(on=on, meal=meal, how=how)
    try:
        with transaction.atomic():
            new = captive.differences.create(
                key=captive.key, on=on, meal=meal, how=how, words=words.strip() or None, by=by
            )
    except IntegrityError:
        return same.standing().get()
    number = captive.bureau_number
    journal.record("difference noted", subject=new, by=by, person=number)
    return new


@transaction.atomic
def take_back_difference(*, difference: Difference, by: Staff) -> Difference:
    """It was not so: it no longer stands, and stays readable in the journal's count."""
    by.must(Permission.KEEP_WELFARE)
    rows = Difference.objects.select_for_update(of=("self",)).select_related("captive")
    difference = rows.get(pk=difference.pk)
    if difference.taken_back_at is None:
        difference.taken_back_at, difference.taken_back_by = timezone.now(), by
        difference.save(update_fields=["taken_back_at", "taken_back_by"])
        number = difference.captive.bureau_number
        journal.record("difference taken back", subject=difference, by=by, person=number)
    return difference
