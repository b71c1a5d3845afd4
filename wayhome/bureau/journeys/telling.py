"""Tell a family that a day was set, or set no longer: neutral words, or a person's voice."""

from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from wayhome.bureau.answers.actions import write_reminder
from wayhome.bureau.answers.freezing import is_frozen
from wayhome.bureau.enquiries.rules import Channel
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journeys.models import Journey, JourneyNews
from wayhome.bureau.journeys.rules.telling import why_not_note_told
from wayhome.bureau.returns.rules import looked_at_again_on
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refusal, refuse_if


def tell(journey: Journey, *, is_set: bool) -> None:
    """An e-mail that only says to open her page; else somebody calls.

    What was not told yet and holds no more is told nobody. With whom a person must speak first,
    hears it from that person.
    """
    enquiry = journey.application.enquiry
    assert enquiry is not None
    of_hers = JourneyNews.objects.filter(journey__application=journey.application)
    of_hers.untold().delete()
    last = of_hers.order_by("-at").first()
    if not is_set and not (last and last.is_set) and not journey.under_way:
        return
    # Who is on the way reads no e-mail: somebody calls.
    waits = journey.under_way or is_frozen(enquiry)
    waits = waits or enquiry.enquirer.reachable_by() == Channel.TELEPHONE
    if not waits:
        write_reminder(enquiry)  # who wants no message finds it on her page
    now = timezone.now()
    JourneyNews.objects.create(
        journey=journey, is_set=is_set, at=now, told_at=None if waits else now
    )


def words_of(news: JourneyNews, language: str) -> str:
    """What is read to her, in her language. Nothing in it says why."""
    with translation.override(language):
        if news.is_set:
            day = date_format(news.journey.on, "DATE_FORMAT")
            text = gettext(
                "A day is set for your journey: %(day)s. Please do not travel before we have"
                " talked about everything. We call you again."
            )
            return text % {"day": day}
        again = date_format(looked_at_again_on(timezone.localdate()), "DATE_FORMAT")
        if news.journey.under_way:
            text = gettext(
                "Your journey cannot go on at present. We look again on %(day)s. Please tell the"
                " escort, or stay where you are safe. We bring you back, and it is free."
            )
            return text % {"day": again}
        text = gettext(
            "The day of your journey is not possible at present. We look again on %(day)s."
            " Please do not travel now."
        )
        return text % {"day": again}


def why_not_note_told_now(news: JourneyNews) -> Refusal | None:
    """Asked by the page and by the action."""
    enquiry = news.journey.application.enquiry
    assert enquiry is not None
    stands = JourneyNews.objects.filter(pk=news.pk).that_hold().exists()
    return why_not_note_told(
        told=news.told_at is not None, frozen=is_frozen(enquiry), stands=stands
    )


@transaction.atomic
def note_told(*, news: JourneyNews, by: Staff) -> JourneyNews:
    """Somebody has called her."""
    by.must(Permission.TELL_FAMILY)
    rows = JourneyNews.objects.select_for_update(of=("self",))
    news = rows.select_related("journey__application__enquiry").get(pk=news.pk)
    enquiry = news.journey.application.enquiry
    assert enquiry is not None
    refuse_if(why_not_note_told_now(news))
    news.told_at, news.told_by = timezone.now(), by
    news.save(update_fields=["told_at", "told_by"])
    journal.record("journey told", subject=news, by=by, person=enquiry.bureau_number)
    return news
